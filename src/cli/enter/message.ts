import type { FeedDefinition } from '../../../sensors/feeds/definition.ts';
import { feeds } from '../../../sensors/feeds/index.ts';
import { detectionLimit } from '../../../sensors/feeds/water.ts';
import { didYouMean } from '../../config/nearest.ts';
import type { Settings } from '../../config/schema.ts';
import type { Catalog } from '../../core/catalog.ts';
import { LantianError } from '../../core/errors.ts';
import { FEEDS, type Feed, type Reading } from '../../core/types.ts';
import { decode } from '../../intake/decode.ts';
import type { Handed } from '../../intake/desk.ts';
import type { CellsOf } from '../calculator.ts';

// What a person writes, a row of a table or a command line, as the message that a station would have sent; then it is understood as
// one is, by the same rules.

/** What a row may say beside its values. */
const TIMES = ['time', 'start', 'end', 'from', 'to'] as const;
const WORDS = ['period', 'status', 'trend'] as const;
/** All of it, with the station that it is of. */
export const BESIDE = ['station', ...TIMES, ...WORDS, 'phenomena'] as const;

export interface Entering {
  readonly feed: Feed;
  readonly person: string;
  /** When it is entered, epoch ms. */
  readonly now: number;
  readonly settings: Settings;
  readonly catalog: Catalog;
}

/** A reading that was understood, as it is handed in. */
export interface Understood {
  readonly handed: Handed;
  readonly reading: Reading;
}

/** @throws LantianError usage */
export const feedOf = (text: string): Feed => {
  const feed = FEEDS.find((one) => one === text);
  if (feed === undefined)
    throw new LantianError('usage', `${text} is none of ${FEEDS.join(' ')}${didYouMean(text, FEEDS)}`);
  return feed;
};

/** Whether the form of a feed's messages has a key. */
const hasKey = (key: string, { payload }: FeedDefinition): boolean => {
  const { error } = payload.safeParse({ time: 0, values: {}, [key]: null });
  return error === undefined || error.issues.every(({ code }) => code !== 'unrecognized_keys');
};

/** What a table of a feed may have. */
export const columnsOf = (definition: FeedDefinition): string[] => [
  ...BESIDE.filter((name) => name === 'station' || hasKey(name, definition)),
  ...Object.keys(definition.quantities),
];

const SPREADSHEET = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ]+(\d{1,2})(:.*))?$/;

/** A time as spreadsheets write it, `2026/7/1 9:00`, as ISO 8601; a date alone is its 00:00. Others are left for the decoder to judge. */
export const timeText = (text: string): string => {
  const [, year, month, day, hour = '0', rest = ':00'] = SPREADSHEET.exec(text) ?? [];
  if (year === undefined) return text;
  const two = (part: string | undefined): string => String(part).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)}T${two(hour)}${rest}`;
};

const numberOf = (name: string, text: string): number => {
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) throw new RangeError(`${name}: 不是数 not a number "${text}"`);
  return value;
};

/** A value as it is written, with its flag where it has one: less than the detection limit, `0.004L`, is the limit with that text. */
const measured = (name: string, text: string, { feed }: FeedDefinition): { value: number; flag?: string } => {
  const limit = feed === 'water' ? detectionLimit(name, text) : undefined;
  return limit === undefined ? { value: numberOf(name, text) } : { value: limit, flag: text };
};

const filled = (names: readonly string[], cell: CellsOf): [name: string, text: string][] =>
  names.map((name): [string, string] => [name, cell(name)]).filter(([, text]) => text !== '');

const contentOf = (cell: CellsOf, definition: FeedDefinition) => {
  const all = filled(Object.keys(definition.quantities), cell).map(
    ([name, text]) => [name, measured(name, text, definition)] as const,
  );
  const flags = all.filter(([, { flag }]) => flag !== undefined).map(([name, { flag }]) => [name, flag]);
  const values = Object.fromEntries(all.map(([name, { value }]) => [name, value]));
  return { values, ...(flags.length > 0 ? { flags: Object.fromEntries(flags) } : {}) };
};

const payloadOf = (cell: CellsOf, definition: FeedDefinition): object => {
  const times = Object.fromEntries(filled(TIMES, cell).map(([name, text]) => [name, timeText(text)]));
  const phenomena = cell('phenomena')
    .split(/[;\s]+/)
    .filter((word) => word !== '');
  const content = contentOf(cell, definition);
  if (Object.keys(content.values).length === 0 && phenomena.length === 0 && cell('trend') === '')
    throw new RangeError('没有任何监测值 nothing was measured');
  return {
    // A weighing's time is the end of its exposure.
    ...('end' in times ? { time: times['end'] } : {}),
    ...times,
    ...Object.fromEntries(filled(WORDS, cell)),
    ...(phenomena.length > 0 ? { phenomena } : {}),
    ...content,
  };
};

/** @throws RangeError where a message would be quarantined; its words say why */
export const understand = (cell: CellsOf, { feed, person, now, settings, catalog }: Entering): Understood => {
  const topic = `lantian/v1/${catalog.county.code}/${feed}/${cell('station')}`;
  if (cell('station') === '') throw new RangeError('station: 缺 missing');
  const payload = Buffer.from(JSON.stringify(payloadOf(cell, feeds[feed])));
  const decoded = decode({ topic, payload, received: now }, catalog, settings);
  if ('reason' in decoded) throw new RangeError(`${decoded.reason}: ${decoded.detail}`);
  const { reading } = decoded;
  return { handed: { kind: 'entry', asked: now, person, topic, time: reading.time, payload }, reading };
};
