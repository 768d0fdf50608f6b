import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../core/log.ts';

/** Every error of the HTTP side; docs/http.md describes each, and a test compares the two both ways. */
export const PROBLEMS = {
  'bad-request': 400,
  'bad-step': 400,
  'no-token': 401,
  'bad-token': 401,
  'not-your-step': 403,
  'no-such-route': 404,
  'no-such-station': 404,
  'no-such-signal': 404,
  'no-such-measurement': 404,
  'no-such-month': 404,
  'not-for-newis': 404,
  'read-only': 405,
  'out-of-order': 409,
  'signal-moved': 409,
  internal: 500,
  'no-readable-store': 503,
  'store-unavailable': 503,
  undecided: 503,
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** An answer that is an error: a code, and in both languages what is wrong and what to do. */
export class Problem extends Error {
  readonly problem: ProblemCode;
  readonly zh: string;

  constructor(problem: ProblemCode, en: string, zh: string, cause?: unknown) {
    super(en, cause === undefined ? {} : { cause });
    this.name = 'Problem';
    this.problem = problem;
    this.zh = zh;
  }
}

const bodyOf = (problem: ProblemCode, en: string, zh: string) => ({ error: problem, message: en, message_zh: zh });

const send = (reply: FastifyReply, problem: ProblemCode, en: string, zh: string) =>
  reply
    .status(PROBLEMS[problem])
    .type('application/json; charset=utf-8')
    .send(bodyOf(problem, en, zh));

const PLACES: Readonly<Record<string, string>> = { querystring: 'query', body: 'body', params: 'path' };

const unknownKey = (context: string, key: string, known: readonly string[]): Problem => {
  const list = known.length === 0 ? 'none' : known.join(', ');
  const listZh = known.length === 0 ? '无' : known.join('、');
  return new Problem(
    'bad-request',
    `${PLACES[context] ?? context}: unknown key '${key}'; this route takes: ${list}`,
    `${context === 'body' ? '请求体' : '查询参数'}：不认识 '${key}'；本接口可用：${listZh}`,
  );
};

interface Flaw {
  readonly instancePath: string;
  readonly keyword: string;
  readonly message?: string | undefined;
  readonly params: Readonly<Record<string, unknown>>;
}

const knownOf = (context: string, { routeOptions }: FastifyRequest): string[] => {
  const { body, querystring } = routeOptions.schema ?? {};
  const schema = (context === 'body' ? body : querystring) as { properties?: object } | undefined;
  return Object.keys(schema?.properties ?? {});
};

const invalid = (flaw: Flaw, context: string, request: FastifyRequest): Problem => {
  if (flaw.keyword === 'additionalProperties')
    return unknownKey(context, String(flaw.params['additionalProperty']), knownOf(context, request));
  const place = `${PLACES[context] ?? context}: ${flaw.instancePath.slice(1)}`;
  const allowed = flaw.params['allowedValues'];
  const choice = Array.isArray(allowed) ? `: ${allowed.join(', ')}` : '';
  const words = `${flaw.message ?? 'is wrong'}${choice}`;
  return new Problem('bad-request', `${place} ${words}`, `参数有误：${place}：${words}`);
};

const problemOf = (error: FastifyError, request: FastifyRequest): Problem | undefined => {
  const flaw = error.validation?.[0];
  if (flaw !== undefined) return invalid(flaw, error.validationContext ?? '', request);
  if (error.statusCode === undefined || error.statusCode >= 500) return undefined;
  return new Problem('bad-request', error.message, `请求有误：${error.message}`);
};

const unexpected = (error: Error, request: FastifyRequest, reply: FastifyReply, log: Log) => {
  log.error({ url: request.url, err: error }, 'HTTP request failed');
  const en = 'something failed inside; the log on stderr tells what: please report it';
  return send(reply, 'internal', en, '内部错误，详情见 stderr 日志，请反馈');
};

const missing = (request: FastifyRequest, reply: FastifyReply) => {
  if (!['GET', 'HEAD'].includes(request.method)) {
    void reply.header('allow', 'GET, HEAD');
    const en = 'only GET is answered here; a step is POST /api/v1/signals/{id}/steps';
    return send(reply, 'read-only', en, '此处只能 GET；处置步骤为 POST /api/v1/signals/{id}/steps');
  }
  const path = request.url.split('?')[0] ?? '';
  const en = `nothing at ${path}; GET / lists what is here`;
  return send(reply, 'no-such-route', en, `没有 ${path}；GET / 列出全部接口`);
};

/** What Fastify refuses before any route or handler is found, such as a path whose % escapes are broken. */
export const answerBadPath = (error: Error, _request: FastifyRequest, reply: FastifyReply): void => {
  const en = `path: ${error.message}; write a % sign as %25`;
  void send(reply, 'bad-request', en, `路径有误：${error.message}；百分号请写作 %25`);
};

/** Make every error of the server JSON of one form: {error, message, message_zh}. */
export const answerProblems = (app: FastifyInstance, log: Log): void => {
  app.setNotFoundHandler(missing);
  app.setErrorHandler<FastifyError | Problem>((error, request, reply) => {
    const problem = error instanceof Problem ? error : problemOf(error, request);
    if (problem === undefined) return unexpected(error, request, reply, log);
    return send(reply, problem.problem, problem.message, problem.zh);
  });
};
