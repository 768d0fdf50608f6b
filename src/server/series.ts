// Series over HTTP. Rows are labelled by the END of their period, so a span asked for, from..to, holds the periods in it:
// of figures (stored by START) those that start in [from, to), of readings (stored by END) those in (from, to].
// Pages: rows come in order of time and tags; `after` = {stored time}.{rows of that time already given}, because
// many stations share a time and a page may end between two of them.
import type { FastifyInstance } from 'fastify';
import { didYouMean } from '../config/nearest.ts';
import { reasonOf } from '../core/errors.ts';
import { isoBeijing, parseTime } from '../core/time.ts';
import type { Row, SeriesQuery, Store } from '../store/port.ts';
import { SERIES } from '../store/series.ts';
import { labelOf, type Period, periodOf, placeTag, storedByEnd, usualSpan } from './measurements.ts';
import type { ServerParts } from './parts.ts';
import { Problem } from './problems.ts';
import { answers, named, query, seriesSchema } from './schemas.ts';
import { isPlace, noStation } from './stations.ts';

type Label = NonNullable<ReturnType<typeof labelOf>>;

interface Asked {
  readonly station?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
  readonly after?: string;
}

/** @throws Problem no-such-measurement */
export const checkedLabel = (measurement: string): Label => {
  const label = labelOf(measurement);
  if (label !== undefined) return label;
  const names = Object.keys(SERIES);
  const en = `no series is named '${measurement}'${didYouMean(measurement, names)}; there are: ${names.join(', ')}`;
  throw new Problem('no-such-measurement', en, `没有名为 '${measurement}' 的序列；可用：${names.join('、')}`);
};

const badTime = (place: string, text: string): Problem =>
  new Problem(
    'bad-request',
    `query: ${place} '${text}' is not a time; give ISO 8601 (2016-07-20T08:00:00+08:00) or epoch milliseconds (13 digits)`,
    `查询参数：${place} '${text}' 不是时间；请用 ISO 8601（2016-07-20T08:00:00+08:00）或 13 位毫秒时间戳`,
  );

/** Epoch ms of a time in a query. A date alone is its Beijing midnight; a `+` that the query turned into a blank is put back. */
const timeOf = (place: string, text: string): number => {
  if (/^(0|\d{11,14})$/.test(text)) return Number(text);
  const mended = text.replace(/^(.*\d:\d.*) (\d{2}:?\d{2})$/, '$1+$2');
  const time = parseTime(/^\d{4}-\d{2}-\d{2}$/.test(mended) ? `${mended}T00:00` : mended);
  if (time === undefined) throw badTime(place, text);
  return time;
};

const spanOf = (asked: Asked, label: Label, now: number): { from: number; to: number } => {
  const to = asked.to === undefined ? now : timeOf('to', asked.to);
  const from = asked.from === undefined ? to - usualSpan(label) : timeOf('from', asked.from);
  if (from < to) return { from, to };
  const en = 'query: from is not before to; a span is from < to';
  throw new Problem('bad-request', en, '查询参数：from 不早于 to；须 from < to');
};

interface Cursor {
  readonly time: number;
  readonly skip: number;
}

const cursorOf = (after: string | undefined): Cursor | undefined => {
  if (after === undefined) return undefined;
  const [time, skip] = after.split('.').map(Number) as [number, number];
  return { time, skip };
};

const nextCursor = (rows: readonly Row[], before: Cursor | undefined): string => {
  const time = rows.at(-1)?.time ?? 0;
  const given = rows.filter((row) => row.time === time).length;
  return `${time}.${given + (before?.time === time ? before.skip : 0)}`;
};

const readable = (parts: ServerParts): Store => {
  if (parts.store !== undefined) return parts.store;
  throw new Problem(
    'no-readable-store',
    'no store that can be read is set up; set store.embedded: true or influx.url',
    '没有可读的时序库；请设置 store.embedded: true 或 influx.url',
  );
};

/** @throws Problem no-readable-store, store-unavailable */
export const readFrom = async (parts: ServerParts, asked: SeriesQuery): Promise<readonly Row[]> => {
  const store = readable(parts);
  try {
    return await store.read(asked);
  } catch (thrown) {
    parts.log.warn({ store: store.name, err: thrown }, 'a series could not be read');
    const why = `${store.name}: ${reasonOf(thrown)}`;
    const en = `the store cannot be read now (${why}); data is kept in its outbox, try again`;
    throw new Problem('store-unavailable', en, `时序库暂不可读（${why}）；数据已保存在待发队列，请稍后再试`, thrown);
  }
};

const rowOf = (row: Row, label: Label, place: string) => {
  const period: Period = periodOf(label, row.time, row.tags);
  const end = isoBeijing(period.end);
  const start = period.start === null ? null : isoBeijing(period.start);
  return { time: end, start, end, station: row.tags[place] ?? null, tags: row.tags, fields: row.fields };
};

const nextPath = (measurement: string, asked: Asked, span: { from: number; to: number }, after: string): string => {
  const kept = { from: String(span.from), to: String(span.to), limit: String(asked.limit), after };
  const parameters = new URLSearchParams(asked.station === undefined ? kept : { station: asked.station, ...kept });
  return `/api/v1/series/${measurement}?${parameters.toString()}`;
};

/** Stored times are whole milliseconds, so (from, to] is [from + 1, to + 1). */
const storedSpan = (label: Label, span: { from: number; to: number }) =>
  storedByEnd(label) ? { from: span.from + 1, to: span.to + 1 } : span;

/** Nothing found under a name that is not in the catalog either: a slip of the hand, not an empty series. */
const checkPlace = (parts: ServerParts, measurement: string, place: string | undefined): void => {
  if (place === undefined || measurement === 'signal') return;
  if (!isPlace(parts.catalog(), place)) throw noStation(place);
};

const answer = async (parts: ServerParts, measurement: string, asked: Asked) => {
  const label = checkedLabel(measurement);
  const span = spanOf(asked, label, parts.now());
  const cursor = cursorOf(asked.after);
  const stored = storedSpan(label, span);
  const skip = cursor?.skip ?? 0;
  const found = await readFrom(parts, {
    measurement,
    ...(asked.station === undefined ? {} : { tags: { [placeTag(measurement)]: asked.station } }),
    from: Math.max(stored.from, cursor?.time ?? stored.from),
    to: stored.to,
    limit: skip + asked.limit + 1,
  });
  if (found.length === 0) checkPlace(parts, measurement, asked.station);
  const rows = found.slice(skip, skip + asked.limit);
  const more = found.length > skip + asked.limit;
  const next = more ? nextPath(measurement, asked, span, nextCursor(rows, cursor)) : null;
  const place = placeTag(measurement);
  return {
    measurement,
    from: isoBeijing(span.from),
    to: isoBeijing(span.to),
    rows: rows.map((row) => rowOf(row, label, place)),
    next,
  };
};

const schema = {
  summary: '时间序列 a series',
  description:
    '读数或统计值的序列，按时段结束标注。from、to 为 ISO 8601 或毫秒时间戳，无时区者为北京时间；不给 from 时取最近一段。' +
    'Rows are labelled by the end of their period. from and to: ISO 8601 or epoch ms, Beijing time where no offset is given.',
  tags: ['figures'],
  params: { type: 'object', properties: { measurement: named('序列名称 such as air_hour') } },
  querystring: query({
    station: named('站点编码，或 county station id, or county'),
    from: { type: 'string', description: '起 from' },
    to: { type: 'string', description: '止，默认现在 to, default now' },
    limit: { type: 'integer', minimum: 1, maximum: 10000, default: 1000, description: '每页行数 rows a page' },
    after: { type: 'string', pattern: '^\\d{1,15}\\.\\d{1,5}$', description: '由 next 给出 as given by next' },
  }),
  response: answers(
    seriesSchema,
    'bad-request',
    'no-such-measurement',
    'no-such-station',
    'no-readable-store',
    'store-unavailable',
  ),
};

interface Route {
  Params: { measurement: string };
  Querystring: Asked;
}

export const seriesRoutes = (app: FastifyInstance, parts: ServerParts): void => {
  app.get<Route>('/api/v1/series/:measurement', { schema }, ({ params, query: asked }) =>
    answer(parts, params.measurement, asked),
  );
};
