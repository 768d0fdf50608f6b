import type { FastifyInstance } from 'fastify';
import type { Signal } from '../core/types.ts';
import { caseOf } from '../signals/cases.ts';
import { leadingOf } from '../signals/leading.ts';
import { isEnded } from '../signals/life.ts';
import { isPeoples } from '../signals/steps.ts';
import type { Access } from './access.ts';
import type { ServerParts } from './parts.ts';
import { Problem } from './problems.ts';
import { answers, arrayOf, caseSchema, caseWithEntries, entrySchema, query } from './schemas.ts';

/** Signals as cases, for the one who asks. */
const viewsOf = ({ parts, asker }: Access, signals: readonly Signal[]) => {
  const role = asker()?.role;
  const leading = leadingOf(parts.signals())?.id;
  return signals.map((signal) => {
    const found = caseOf(signal, parts.reports(signal.id), parts.now(), parts.settings);
    const next = found.next.map((one) => ({ ...one, yours: role !== undefined && one.roles.includes(role) }));
    return { ...found, leads: signal.id === leading, next };
  });
};

const peoples = (parts: ServerParts): readonly Signal[] => parts.signals().filter(({ kind }) => isPeoples(kind));

const oneOf = (parts: ServerParts, id: string): Signal => {
  const found = peoples(parts).find((signal) => signal.id === id);
  if (found !== undefined) return found;
  const en = `no signal '${id}' that is for people to decide is retained; GET /api/v1/cases lists them`;
  throw new Problem('no-such-signal', en, `没有保留中的、须人处置的信号 '${id}'；见 GET /api/v1/cases`);
};

const schemas = {
  list: {
    summary: '处置列表 cases',
    description:
      '须人处置的信号：下一步由谁办理、应报与逾期的报告、值班与派出。' +
      'Signals that people decide on: who takes which step next, reports due and late, who is on duty and who is sent.',
    tags: ['cases'],
    querystring: query({
      state: { type: 'string', enum: ['open', 'all'], default: 'open', description: '未结束，或全部 open, or all' },
    }),
    response: answers(arrayOf(caseSchema), 'bad-request', 'bad-token', 'no-token'),
  },
  one: {
    summary: '一件处置及其台账 a case with its ledger',
    description: '一个信号的处置与台账全部条目。A case with all entries of the ledger.',
    tags: ['cases'],
    params: { type: 'object', properties: { '*': { type: 'string', description: '信号 id' } } },
    querystring: query(),
    response: answers(caseWithEntries, 'bad-request', 'no-such-signal', 'bad-token', 'no-token'),
  },
  ledger: {
    summary: '台账 the ledger',
    description: '全部处置记录，由新到旧。All that was proposed and decided, the newest first.',
    tags: ['cases'],
    querystring: query({
      limit: { type: 'integer', minimum: 1, maximum: 1000, default: 100, description: '条数 entries' },
      before: { type: 'integer', minimum: 1, description: '早于该编号 before this number' },
    }),
    response: answers(arrayOf(entrySchema), 'bad-request', 'bad-token', 'no-token', 'not-your-step'),
  },
};

export const caseRoutes = (app: FastifyInstance, access: Access): void => {
  const { parts } = access;
  app.get<{ Querystring: { state: 'open' | 'all' } }>('/api/v1/cases', { schema: schemas.list }, ({ query: asked }) =>
    viewsOf(
      access,
      peoples(parts).filter((signal) => asked.state === 'all' || !isEnded(signal)),
    ),
  );
  app.get<{ Params: { '*': string } }>('/api/v1/cases/*', { schema: schemas.one }, ({ params }) => {
    const signal = oneOf(parts, params['*']);
    return { ...viewsOf(access, [signal])[0], entries: parts.ledger.of(signal.id) };
  });
  app.get<{ Querystring: { limit: number; before?: number } }>(
    '/api/v1/ledger',
    { schema: schemas.ledger },
    ({ query: asked }) => parts.ledger.newest(asked.limit, asked.before),
  );
};
