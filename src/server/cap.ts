import type { FastifyInstance, FastifyReply } from 'fastify';
import { atomOf } from '../publish/atom.ts';
import { capOf, type Publisher } from '../publish/cap.ts';
import { newisOf } from '../publish/newis.ts';
import { type Warning, warningOf } from '../publish/warning.ts';
import type { Version } from '../signals/history.ts';
import type { ServerParts } from './parts.ts';
import { Problem } from './problems.ts';
import { documentAnswers, query } from './schemas.ts';

// Warnings as messages: {id}.xml is the newest of a signal, {id}/{version}.xml the one of a version.

/** Entries of the feed. */
const ENTRIES = 100;

const unknown = (id: string): Problem =>
  new Problem(
    'no-such-signal',
    `no warning '${id}' is kept; GET /api/v1/cap.atom?status=all lists them, each ends in .xml`,
    `没有保留中的预警 '${id}'；见 GET /api/v1/cap.atom?status=all，路径以 .xml 结尾`,
  );

/** Versions of the signal that a path names, up to the one that it names. */
const versionsAt = ({ history }: ServerParts, path: string): readonly Version[] => {
  const name = /^(.+)\.xml$/.exec(path)?.[1] ?? '';
  const whole = history.of(name);
  if (whole.length > 0) return whole;
  const [, id = '', version] = /^(.+)\/(\d{1,9})$/.exec(name) ?? [];
  const upTo = history.of(id).filter(({ signal }) => signal.version <= Number(version));
  return upTo.at(-1)?.signal.version === Number(version) ? upTo : [];
};

const warningAt = (parts: ServerParts, path: string): Warning => {
  const warning = warningOf(versionsAt(parts, path));
  if (warning === undefined) throw unknown(path);
  return warning;
};

const publisherOf = ({ catalog, settings, simulated }: ServerParts): Publisher => ({
  catalog: catalog(),
  settings,
  simulated: simulated(),
});

/** The newest version of a path that was signed; of one that names its version, that. */
const signedAt = (parts: ServerParts, path: string): Warning => {
  const versions = versionsAt(parts, path);
  const last = versions.findLastIndex(({ signs }) => signs);
  return warningOf(versions.slice(0, last + 1)) ?? warningAt(parts, path);
};

const notForNewis = ({ signal }: Warning): Problem =>
  new Problem(
    'not-for-newis',
    `'${signal.id}' is no message for the national platform: nothing of it was signed, or the platform's list has no code for it`,
    `'${signal.id}' 不能报送国家预警发布平台：尚未签发，或平台没有该灾种的编码`,
  );

const send = (reply: FastifyReply, type: string, xml: string) => reply.type(type).send(xml);

const params = { type: 'object', properties: { '*': { type: 'string', description: '信号 id，可再加 /版本号' } } };

const schemas = {
  cap: {
    summary: 'CAP 1.2 预警 a CAP alert',
    description:
      '信号最新版本的 CAP 1.2 报文；{id}/{版本}.xml 为指定版本。已签发的为 Actual，其余为 Draft。' +
      'The CAP 1.2 message of a signal’s newest version, or of {id}/{version}.xml. Actual is what was signed, all else is a draft.',
    tags: ['signals'],
    params,
    querystring: query(),
    response: documentAnswers('application/cap+xml', 'bad-request', 'no-such-signal'),
  },
  newis: {
    summary: '国家预警发布平台报文 a message for the national platform',
    description:
      '最近一次签发的内容，按国家突发事件预警信息发布系统的格式。What was signed last, in the dialect of the national release platform.',
    tags: ['signals'],
    params,
    querystring: query(),
    response: documentAnswers('application/xml', 'bad-request', 'no-such-signal', 'not-for-newis'),
  },
  atom: {
    summary: 'CAP 预警订阅 a feed of CAP alerts',
    description:
      `最新 ${ENTRIES} 条 CAP 报文的 Atom 订阅，新的在前；默认只含已签发的。` +
      `Atom feed of the newest ${ENTRIES} CAP messages, newest first; those that were signed, unless asked otherwise.`,
    tags: ['signals'],
    querystring: query({
      status: {
        type: 'string',
        enum: ['actual', 'draft', 'all'],
        description: '已签发、草稿或全部 signed, drafts or all; default actual',
      },
    }),
    response: documentAnswers('application/atom+xml', 'bad-request'),
  },
};

interface Route {
  Params: { '*': string };
}
interface Feed {
  Querystring: { status?: 'actual' | 'draft' | 'all' };
}

const SIGNS = { actual: true, draft: false, all: undefined } as const;

/** The newest messages; each needs the versions before it. */
const newestOf = ({ history }: ServerParts, status: keyof typeof SIGNS): Warning[] =>
  history
    .newest(ENTRIES, SIGNS[status])
    .flatMap(
      ({ signal }) => warningOf(history.of(signal.id).filter((one) => one.signal.version <= signal.version)) ?? [],
    );

export const capRoutes = (app: FastifyInstance, parts: ServerParts): void => {
  app.get<Route>('/api/v1/cap/*', { schema: schemas.cap }, ({ params: asked }, reply) =>
    send(reply, 'application/cap+xml; charset=utf-8', capOf(warningAt(parts, asked['*']), publisherOf(parts))),
  );
  app.get<Route>('/api/v1/newis/*', { schema: schemas.newis }, ({ params: asked }, reply) => {
    const warning = signedAt(parts, asked['*']);
    const xml = newisOf(warning, publisherOf(parts));
    if (xml === undefined) throw notForNewis(warning);
    return send(reply, 'application/xml; charset=utf-8', xml);
  });
  app.get<Feed>('/api/v1/cap.atom', { schema: schemas.atom }, ({ query: { status = 'actual' }, url }, reply) =>
    send(
      reply,
      'application/atom+xml; charset=utf-8',
      atomOf(newestOf(parts, status), publisherOf(parts), url, parts.now()),
    ),
  );
};
