import type { Station } from '../../core/catalog.ts';
import { DAY, dayStart, floorTo, HOUR } from '../../core/time.ts';
import type { Span } from '../../core/types.ts';
import {
  CONCENTRATIONS,
  type Compliance,
  complianceOf,
  minutesOfRows,
  outcomeOf,
  type Row,
} from '../../processors/compliance-rows.ts';
import type { Row as StoredRow } from '../../store/port.ts';
import type { Months } from './months.ts';
import { type Held, rowsOf, type Source, type Told } from './source.ts';

// Hours of outlets, and what they say together of a month and of the year so far. An hour without a row is due and was not received; but
// none is due before the first hour that the store has of the outlet: nothing is known of that time.

/** An outlet's hours, in order of time. */
export interface Hours {
  readonly outlet: Station;
  readonly rows: readonly StoredRow[];
  /** Start of the first hour that the store has of it; undefined: it has none. */
  readonly first: number | undefined;
}

/** What hours of one outlet or of several say of a period. */
export interface Summary extends Compliance {
  /** Minutes in each state, `minutes_running` and so on. */
  readonly minutes: Readonly<Record<string, number>>;
  /** By quantity; those that are limited. */
  readonly items: ReadonlyMap<string, ItemHours>;
  /** The period is not over, or began before the first hour that the store has of an outlet. */
  readonly doubtful: boolean;
}

/** Hours of one quantity. */
export interface ItemHours {
  /** Hours above the limit. */
  readonly exceeded: number;
  /** The highest exceedance multiple; undefined: none was above. */
  readonly most: number | undefined;
  /** Of the last hour; mg/m³. */
  readonly limit: number;
}

const firstHour = ({ reader, catalog }: Source, outlet: string): number | undefined =>
  reader.read({
    measurement: 'emission_compliance',
    tags: { county: catalog.county.code, outlet },
    from: 0,
    to: Number.MAX_SAFE_INTEGER,
    limit: 1,
  })[0]?.time;

/** All that the report's months need of an outlet. */
export const hoursOf = (source: Source, outlet: Station): Hours => {
  const { year, yearBefore, before } = source.months;
  const tags = { outlet: outlet.id };
  const older = { start: yearBefore.start, end: yearBefore.end };
  const newer = { start: Math.min(year.start, before.start), end: year.end };
  const rows = [older, newer].flatMap((span) => rowsOf(source, 'emission_compliance', span, tags));
  return { outlet, rows, first: firstHour(source, outlet.id) };
};

const hoursDue = ({ first }: Hours, { start, end }: Span, now: number): number =>
  first === undefined ? 0 : Math.max(0, Math.min(end, floorTo(now, HOUR)) - Math.max(start, first)) / HOUR;

const itemHours = (rows: readonly Row[], quantity: string): ItemHours | undefined => {
  const limit = rows.findLast((row) => row[`limit_${quantity}`] !== undefined)?.[`limit_${quantity}`];
  if (typeof limit !== 'number') return undefined;
  const multiples = rows
    .filter((row) => outcomeOf(row, quantity) === 'exceeded')
    .map((row) => row[`multiple_${quantity}`] as number);
  const most = multiples.reduce<number | undefined>((high, one) => Math.max(high ?? one, one), undefined);
  return { exceeded: multiples.length, most, limit };
};

const itemsOf = (rows: readonly Row[]): ReadonlyMap<string, ItemHours> =>
  new Map(
    CONCENTRATIONS.flatMap((quantity) => {
      const hours = itemHours(rows, quantity);
      return hours === undefined ? [] : [[quantity, hours] as const];
    }),
  );

/** What hours of a period say; undefined: none was due in it. */
const summaryOf = (all: readonly Hours[], span: Span, now: number): Summary | undefined => {
  const due = all.reduce((sum, hours) => sum + hoursDue(hours, span, now), 0);
  const rows = all.flatMap((hours) => hours.rows).filter(({ time }) => time >= span.start && time < span.end);
  if (due === 0 && rows.length === 0) return undefined;
  const fields = rows.map((row) => row.fields);
  const doubtful = span.end > now || all.some(({ first }) => first === undefined || first > span.start);
  const compliance = complianceOf(fields, Math.max(due, rows.length));
  return { ...compliance, minutes: minutesOfRows(fields), items: itemsOf(fields), doubtful };
};

export const heldHours = ({ months, now }: Source, all: readonly Hours[]): Held<Summary> => {
  const held = Object.entries(months).map(([period, span]) => [period, summaryOf(all, span as Span, now)]);
  return Object.fromEntries(held) as { [period in keyof Months]?: Summary | undefined };
};

/** 达标率 of each day of the month that has judged hours, by the day's start, 0 to 1. */
export const dailyCompliance = ({ months, now }: Source, all: readonly Hours[]): ReadonlyMap<number, Told> => {
  const byDay = Map.groupBy(
    all.flatMap((hours) => hours.rows).filter(({ time }) => time >= months.month.start && time < months.month.end),
    ({ time }) => dayStart(time),
  );
  return new Map(
    [...byDay].flatMap(([day, rows]) => {
      const fields = rows.map((row) => row.fields);
      const { compliance } = complianceOf(fields, fields.length);
      return compliance === undefined ? [] : [[day, { value: compliance, doubtful: day + DAY > now }] as const];
    }),
  );
};
