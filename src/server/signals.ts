import type { FastifyInstance } from 'fastify';
import type { Signal, SignalState } from '../core/types.ts';
import { deliveredOf } from '../signals/delivered.ts';
import { isEnded } from '../signals/life.ts';
import type { ServerParts, VerdictView } from './parts.ts';
import { Problem } from './problems.ts';
import { answers, arrayOf, deliveredSchema, named, query, signalSchema, verdictSchema } from './schemas.ts';

const STATES: readonly SignalState[] = ['proposed', 'agreed', 'active', 'lift-proposed', 'lifted', 'lapsed'];

const inState = (signal: Signal, state: string | undefined): boolean => {
  if (state === 'in-force') return !isEnded(signal);
  if (state === 'ended') return isEnded(signal);
  return state === undefined || signal.state === state;
};

const ofKind = (one: { readonly kind: string }, kind: string | undefined): boolean =>
  kind === undefined || one.kind === kind;

const withSignal = (verdict: VerdictView, signals: readonly Signal[]) => {
  const up = (one: Signal) => one.kind === verdict.kind && one.subject === verdict.subject && !isEnded(one);
  const { kind, subject, title, level, possible, evidence, lacking, basis } = verdict;
  return { kind, subject, title, level, possible, evidence, lacking, basis, signal: signals.find(up)?.id ?? null };
};

const noSignal = (id: string): Problem =>
  new Problem(
    'no-such-signal',
    `no signal '${id}' is retained; GET /api/v1/signals lists their ids`,
    `没有保留中的信号 '${id}'；见 GET /api/v1/signals`,
  );

const kind = named('种类 kind, such as weather-response');

const schemas = {
  list: {
    summary: '信号列表 signals',
    description:
      '生效中与保留期内已结束的信号，不含部门措施。Signals in force and lately ended, without the measures of departments.',
    tags: ['signals'],
    querystring: query({
      state: {
        type: 'string',
        enum: [...STATES, 'in-force', 'ended'],
        description: '状态；in-force 为未结束的全部，ended 为已结束的全部 state, or all that are in force or ended',
      },
      kind,
    }),
    response: answers(arrayOf(signalSchema), 'bad-request'),
  },
  one: {
    summary: '单个信号 one signal',
    description:
      '与 MQTT 上发布的一致，含部门措施。id 含斜杠，可直接写在路径中，也可编码为 %2F。' +
      'As published on MQTT, with the measures of departments. The id holds slashes: as they are, or as %2F.',
    tags: ['signals'],
    params: { type: 'object', properties: { '*': { type: 'string', description: '信号 id' } } },
    querystring: query(),
    response: answers(deliveredSchema, 'bad-request', 'no-such-signal'),
  },
  thresholds: {
    summary: '阈值现状 what each threshold says now',
    description:
      '每条阈值当前的结论，没有信号时也列出，并说明缺少什么数据。Each threshold, also where no signal is up, and what it lacks.',
    tags: ['signals'],
    querystring: query({ kind }),
    response: answers(arrayOf(verdictSchema), 'bad-request'),
  },
};

interface Choice {
  Querystring: { state?: string; kind?: string };
}

export const signalRoutes = (app: FastifyInstance, parts: ServerParts): void => {
  app.get<Choice>('/api/v1/signals', { schema: schemas.list }, ({ query: asked }) =>
    parts.signals().filter((signal) => inState(signal, asked.state) && ofKind(signal, asked.kind)),
  );
  app.get<{ Params: { '*': string } }>('/api/v1/signals/*', { schema: schemas.one }, ({ params }) => {
    const signal = parts.signals().find((one) => one.id === params['*']);
    if (signal === undefined) throw noSignal(params['*']);
    return deliveredOf(signal);
  });
  app.get<Choice>('/api/v1/thresholds', { schema: schemas.thresholds }, ({ query: asked }) => {
    const signals = parts.signals();
    const verdicts = parts.verdicts().filter((verdict) => ofKind(verdict, asked.kind));
    return verdicts.map((verdict) => withSignal(verdict, signals));
  });
};
