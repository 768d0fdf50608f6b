import type { Settings } from '../../config/schema.ts';
import type { Catalog, Station } from '../../core/catalog.ts';
import type { Bilingual, Feed, FieldValue, Span } from '../../core/types.ts';
import type { SeriesReader } from '../../store/embedded-reader.ts';
import type { Row } from '../../store/port.ts';
import { type Months, monthTitle } from './months.ts';
import { type Cell, figure, type Show, text } from './table.ts';

// What the tables are made from: rows of the store for the months of the report, and what is to be said of each figure in them.

export interface Source {
  readonly reader: SeriesReader;
  readonly catalog: Catalog;
  readonly settings: Settings;
  readonly months: Months;
  /** Epoch ms: what ends after it is provisional. */
  readonly now: number;
}

/** A row of one period. */
export interface Stated {
  readonly span: Span;
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** Its period was not over when the report was made. */
  readonly provisional: boolean;
}

/** A figure as it is given: rounded already. */
export interface Told {
  readonly value: number;
  /** Below its document's minimum of data, or provisional. */
  readonly doubtful: boolean;
}

/** What a place has for the month and for what it is held against. */
export type Held<T> = { readonly [period in keyof Months]?: T | undefined };

/** Rows of a place, in order of time; where a station has moved to another township, each instant once: as the catalog has it now. */
export const rowsOf = (
  { reader, catalog }: Source,
  measurement: string,
  { start, end }: Span,
  tags: Readonly<Record<string, string>>,
): readonly Row[] => {
  const rows = reader.read({ measurement, tags: { county: catalog.county.code, ...tags }, from: start, to: end });
  const home = catalog.stations.get(tags['station'] ?? '')?.township;
  const byTime = new Map<number, Row>();
  for (const row of rows)
    if (byTime.get(row.time)?.tags['township'] !== home || row.tags['township'] === home) byTime.set(row.time, row);
  return [...byTime.values()];
};

/** The row whose period is the span; undefined: there is none. */
export const stated = (
  source: Source,
  measurement: string,
  span: Span,
  tags: Readonly<Record<string, string>>,
): Stated | undefined => {
  const [row] = rowsOf(source, measurement, { start: span.start, end: span.start + 1 }, tags);
  return row && { span, fields: row.fields, provisional: span.end > source.now };
};

/** The rows of a place for the month, the same of last year and the one before. */
export const heldMonths = (
  source: Source,
  measurement: string,
  tags: Readonly<Record<string, string>>,
): Held<Stated> => ({
  month: stated(source, measurement, source.months.month, tags),
  lastYear: stated(source, measurement, source.months.lastYear, tags),
  before: stated(source, measurement, source.months.before, tags),
});

/** Whether a row names a field as below its minimum of data. */
export const isInvalid = ({ fields }: Stated, name: string): boolean =>
  String(fields['invalid'] ?? '')
    .split(',')
    .includes(name);

/** A number of a row, rounded; undefined: it has none. */
export const told = (
  row: Stated | undefined,
  name: string,
  round: (value: number) => number = (value) => value,
): Told | undefined => {
  const value = row?.fields[name];
  if (row === undefined || typeof value !== 'number') return undefined;
  return { value: round(value), doubtful: row.provisional || isInvalid(row, name) };
};

export const wordOf = (row: Stated | undefined, name: string): string | undefined => {
  const value = row?.fields[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

export const toldCell = (one: Told | undefined, show: Show): Cell => figure(one?.value, show, one?.doubtful);

/** Stations that a table has a line for: those in service, and others that have something in the month. */
export const placesOf = ({ catalog }: Source, feed: Feed, hasAny: (station: Station) => boolean): Station[] =>
  [...catalog.stations.values()].filter((one) => one.feeds[feed] !== undefined && (one.active || hasAny(one)));

export const townshipCell = ({ catalog }: Source, id: string | undefined): Cell =>
  text(catalog.townships.find((one) => one.id === id)?.name.zh);

/** 沁县2026年10月…. */
export const titleOf = ({ catalog, months }: Source, zh: string, en: string): Bilingual => ({
  zh: `${catalog.county.name.zh}${monthTitle(months.month)}${zh}`,
  en: `${en}, ${catalog.county.name.en}`,
});
