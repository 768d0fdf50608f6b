import type { FastifyInstance } from 'fastify';
import type { Signal } from '../core/types.ts';
import { dustfallBulletin, MEASUREMENT, readerOf } from '../publish/bulletin/dustfall.ts';
import { responseBulletin } from '../publish/bulletin/response.ts';
import { type Months, monthsOf, parseMonth } from '../publish/report/months.ts';
import type { Row } from '../store/port.ts';
import type { ServerParts } from './parts.ts';
import { Problem } from './problems.ts';
import { documentAnswers, named, query } from './schemas.ts';
import { readFrom } from './series.ts';

const HTML = 'text/html; charset=utf-8';

const noMonth = (month: string): Problem =>
  new Problem(
    'no-such-month',
    `no dustfall of '${month}' was reported; give a month such as 2026-10`,
    `没有 '${month}' 的降尘数据；请给出月份，如 2026-10`,
  );

/** Rows of the month and of those it is held against. */
const rowsOf = async (parts: ServerParts, { month, lastYear, before }: Months): Promise<readonly Row[]> => {
  const tags = { county: parts.catalog().county.code };
  const read = ({ start }: { start: number }) =>
    readFrom(parts, { measurement: MEASUREMENT, tags, from: start, to: start + 1 });
  return (await Promise.all([lastYear, before, month].map(read))).flat();
};

const dustfall = async (parts: ServerParts, asked: string): Promise<string> => {
  const span = parseMonth(asked);
  if (span === undefined) throw noMonth(asked);
  const months = monthsOf(span);
  const rows = await rowsOf(parts, months);
  if (!rows.some(({ time }) => time === span.start)) throw noMonth(asked);
  const source = {
    reader: readerOf(rows),
    catalog: parts.catalog(),
    settings: parts.settings,
    months,
    now: parts.now(),
  };
  const signal = parts.signals().find(({ kind, subject }) => kind === 'dustfall-rectification' && subject === asked);
  return dustfallBulletin(source, signal, parts.simulated());
};

const RESPONSES: readonly string[] = ['weather-response', 'warning-signal'];

const found = (parts: ServerParts, id: string): Signal => {
  const signal = parts.signals().find((one) => one.id === id && RESPONSES.includes(one.kind));
  if (signal !== undefined) return signal;
  const en = `no weather response or warning signal '${id}' is retained; GET /api/v1/signals lists their ids`;
  throw new Problem('no-such-signal', en, `没有保留中的气象响应或预警信号 '${id}'；见 GET /api/v1/signals`);
};

const response = (parts: ServerParts, id: string): string => {
  const { settings, history, ledger } = parts;
  const publisher = { catalog: parts.catalog(), settings, simulated: parts.simulated() };
  return responseBulletin(found(parts, id), history.of(id), ledger.of(id), publisher);
};

const schemas = {
  dustfall: {
    summary: '降尘通报 bulletin of dustfall',
    description:
      '某月降尘监测结果通报，供 A4 打印的网页。The bulletin of a month’s dustfall, a page made for print on A4.',
    tags: ['signals'],
    params: { type: 'object', properties: { month: named('月份 month, 2026-10') } },
    querystring: query(),
    response: documentAnswers('text/html', 'bad-request', 'no-such-month', 'no-readable-store', 'store-unavailable'),
  },
  response: {
    summary: '应急响应命令 order of a weather response',
    description:
      '应急响应命令或建议，供 A4 打印的网页。The order of a weather response, or its proposal, a page made for print on A4.',
    tags: ['signals'],
    params: { type: 'object', properties: { '*': { type: 'string', description: '信号 id' } } },
    querystring: query(),
    response: documentAnswers('text/html', 'bad-request', 'no-such-signal'),
  },
};

export const bulletinRoutes = (app: FastifyInstance, parts: ServerParts): void => {
  app.get<{ Params: { month: string } }>(
    '/api/v1/bulletins/dustfall/:month',
    { schema: schemas.dustfall },
    async ({ params }, reply) => reply.type(HTML).send(await dustfall(parts, params.month)),
  );
  app.get<{ Params: { '*': string } }>(
    '/api/v1/bulletins/response/*',
    { schema: schemas.response },
    ({ params }, reply) => reply.type(HTML).send(response(parts, params['*'])),
  );
};
