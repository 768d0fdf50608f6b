import type { FastifyInstance, FastifyRequest } from 'fastify';
import { LantianError, reasonOf } from '../core/errors.ts';
import { isBusy, isWriteTrouble } from '../core/sqlite.ts';
import type { Done } from '../effects/decide.ts';
import type { DeskRow } from '../intake/desk.ts';
import type { Decision, Refusal } from '../signals/decision.ts';
import { deliveredOf } from '../signals/delivered.ts';
import type { Person } from '../signals/roles.ts';
import { isPeoples, neverTaken } from '../signals/steps.ts';
import type { Access } from './access.ts';
import { Problem } from './problems.ts';
import { answers, doneSchema, personSchema, query, stepSchema } from './schemas.ts';

// People's steps. The answer comes when the step is durable: what was answered is never lost, and what was not may be handed in again
// under the same Idempotency-Key, which takes it once.

interface Body extends Pick<Decision, 'level' | 'reason' | 'unit' | 'version'> {
  readonly step: string;
}

const undecided = (why: string): Problem =>
  new Problem(
    'undecided',
    `the step is not done yet (${why}); ask again with the same Idempotency-Key to hear of it`,
    `该步骤尚未办结（${why}）；请以同一 Idempotency-Key 再次查询`,
  );

const within = async (answer: Promise<DeskRow>, patience: number): Promise<DeskRow> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(undecided('the pipeline has not come to it')), patience);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** What keeps a step from being handed in at all. */
const unwritten = (thrown: unknown): unknown =>
  isWriteTrouble(thrown) || isBusy(thrown) || (thrown instanceof LantianError && thrown.code === 'desk-full')
    ? new Problem('undecided', reasonOf(thrown), `未能写入：${reasonOf(thrown)}`, thrown)
    : thrown;

const keyOf = ({ headers }: FastifyRequest): string | undefined => {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && /^[\x21-\x7e]{1,64}$/.test(key)) return key;
  const en = 'header: Idempotency-Key is 1 to 64 visible ASCII characters';
  throw new Problem('bad-request', en, '请求头：Idempotency-Key 须为 1 至 64 个可见 ASCII 字符');
};

/** The path is the signal's, with /steps behind it. */
const signalOf = (path: string): string => {
  const signal = /^(.+)\/steps$/.exec(path)?.[1];
  if (signal !== undefined) return signal;
  throw new Problem(
    'no-such-route',
    'a step is POST /api/v1/signals/{id}/steps',
    '处置步骤为 POST /api/v1/signals/{id}/steps',
  );
};

/** Whether a key was used for this very step. */
const isSame = (row: DeskRow, decision: Decision): boolean => {
  const { key: _, ...before } = JSON.parse(row.payload.toString()) as Decision & { key?: string };
  return JSON.stringify(before) === JSON.stringify(decision);
};

const otherStep = (): Problem =>
  new Problem(
    'bad-request',
    'header: this Idempotency-Key was used for another step',
    '请求头：该 Idempotency-Key 已用于另一步骤',
  );

const problemOf = ({ refused, zh, en }: Refusal): Problem => new Problem(refused, en, zh);

/** What can never be taken is refused before anything is written: no token fills the disk with what is not its own. */
const refuseAtOnce = (decision: Decision): void => {
  const kind = decision.signal.split('/')[1] ?? '';
  const never = isPeoples(kind) ? neverTaken(decision, kind) : undefined;
  if (never !== undefined) throw problemOf(never);
};

const take = async (access: Access, request: FastifyRequest<Route>) => {
  const { parts } = access;
  const key = keyOf(request);
  const { step, level, reason, unit, version } = request.body;
  const asked: Decision = {
    person: access.asker()!,
    signal: signalOf(request.params['*']),
    step,
    level,
    reason,
    unit,
    version,
  };
  const decision = JSON.parse(JSON.stringify(asked)) as Decision;
  refuseAtOnce(decision);
  const answer = parts.decide(decision, key).catch((thrown: unknown) => Promise.reject(unwritten(thrown)));
  const row = await within(answer, parts.settings.http.patience);
  if (!isSame(row, decision)) throw otherStep();
  if (row.state === 'refused') {
    throw problemOf(JSON.parse(row.detail) as Refusal);
  }
  const done = JSON.parse(row.detail) as Done;
  const signal = parts.signals().find(({ id }) => id === done.signal);
  return { ...done, now: signal === undefined ? null : deliveredOf(signal) };
};

const schemas = {
  step: {
    summary: '处置步骤 a step of a person',
    description:
      '由令牌所属角色办理；写入台账后才应答。没有信号时，可对 {county}/{kind}/{subject} 作 judge。' +
      'Taken by the role of the token, and answered once it is in the ledger. Where no signal is up, judge is for {county}/{kind}/{subject}.',
    tags: ['cases'],
    params: { type: 'object', properties: { '*': { type: 'string', description: '信号 id' } } },
    querystring: query(),
    body: stepSchema,
    security: [{ token: [] }],
    response: answers(
      doneSchema,
      ...(['bad-request', 'bad-step', 'no-token', 'bad-token', 'not-your-step', 'no-such-signal'] as const),
      ...(['out-of-order', 'signal-moved', 'undecided'] as const),
    ),
  },
  me: {
    summary: '令牌所属 whose token it is',
    description: '令牌所属的人与角色；未带令牌为 null。The person and role of the token, null without one.',
    tags: ['cases'],
    querystring: query(),
    response: answers(personSchema, 'bad-request', 'bad-token'),
  },
};

interface Route {
  Params: { '*': string };
  Body: Body;
}

const meOf = (person: Person | undefined) =>
  person === undefined
    ? { name: null, role: null, unit: null }
    : { name: person.name, role: person.role, unit: person.unit ?? null };

export const stepRoutes = (app: FastifyInstance, access: Access): void => {
  app.post<Route>('/api/v1/signals/*', { schema: schemas.step, bodyLimit: 16_384 }, (request) => take(access, request));
  app.get('/api/v1/me', { schema: schemas.me }, () => meOf(access.asker()));
};
