import type { Settings } from '../config/schema.ts';
import { tidy } from '../core/round.ts';
import { DAY, isoBeijing, monthName, monthStart } from '../core/time.ts';
import type { FieldValue, Figure, Span } from '../core/types.ts';
import { primaryText } from '../standards/hj633.ts';
import { goodDays } from '../standards/hj663.ts';
import { type DayValue, type Evaluation, evaluate, PERCENTILES, type Statistics } from '../standards/hj663-periods.ts';
import { type CompositeIndex, compositeIndex, RANKED_ITEMS, rankedValue } from '../standards/ranking-2014.ts';

// 环境空气的月与年: what the days of a station, or of the county, say of a month and of the year so far: means and percentiles (HJ 663),
// composite index (环办〔2014〕64号), good days; each with and without the dust days of the catalog. Minimum of data: GB 3095 Table 4.

type Item = (typeof RANKED_ITEMS)[number];
export type AirPeriod = 'air_month' | 'air_year';

/** What a Beijing day has: valid daily means (o3: MDA8), and its AQI. */
export interface AirDay {
  readonly start: number;
  readonly values: Readonly<Partial<Record<Item, number>>>;
  readonly aqi?: number | undefined;
  readonly level?: number | undefined;
}

export interface AirPeriodOf {
  readonly station: string;
  readonly settings: Settings;
  /** Dates of dust days, YYYY-MM-DD. */
  readonly dustDays: ReadonlySet<string>;
}

const LEVELS = [1, 2, 3, 4, 5, 6] as const;
const NO_DUST = '_no_dust';

/** The name of an item's percentile: `pm25_p95`. */
export const percentileName = (item: Item): string => `${item}_p${PERCENTILES[item]}`;

const monthOf = (instant: number): Span => ({ start: monthStart(instant), end: monthStart(instant, 1) });

const yearOf = (instant: number): Span => {
  const start = monthStart(instant, 1 - Number(monthName(instant).slice(5)));
  return { start, end: monthStart(start, 12) };
};

/** The period that holds an instant. */
export const AIR_PERIODS: Readonly<Record<AirPeriod, (instant: number) => Span>> = {
  air_month: monthOf,
  air_year: yearOf,
};

const dateOf = ({ start }: AirDay): string => isoBeijing(start).slice(0, 10);

const valuesOf = (item: Item, days: readonly AirDay[]): DayValue[] =>
  days.map((day) => ({ date: dateOf(day), value: day.values[item] }));

type Evaluations = ReadonlyMap<Item, Evaluation>;

const evaluateAll = (
  days: readonly AirDay[],
  { start, end }: Span,
  dust: ReadonlySet<string>,
  { air }: Settings,
): Evaluations => {
  const period = { from: monthName(start), to: monthName(end - 1) };
  const least = { month: air.month_days, february: air.month_days_february, year: air.year_days };
  const options = dust.size > 0 ? { dust, least } : { least };
  return new Map(RANKED_ITEMS.map((item) => [item, evaluate(item, valuesOf(item, days), period, options)]));
};

const statisticFields = (item: Item, { mean, percentile }: Statistics, suffix = ''): Record<string, number> => ({
  ...(mean === undefined ? {} : { [`${item}${suffix}`]: tidy(mean) }),
  ...(percentile === undefined ? {} : { [`${percentileName(item)}${suffix}`]: tidy(percentile) }),
});

const indexOf = (
  evaluations: Evaluations,
  pick: (one: Evaluation) => Statistics | undefined,
  { air }: Settings,
): CompositeIndex => {
  const values = [...evaluations].map(([item, one]) => {
    const statistics = pick(one);
    return [item, statistics && rankedValue(item, statistics)];
  });
  return compositeIndex(Object.fromEntries(values), air.ranking_limits, air.rounding);
};

const indexFields = ({ single, composite, primary }: CompositeIndex): Record<string, FieldValue> => ({
  ...Object.fromEntries(Object.entries(single).map(([item, index]) => [`single_${item}`, index])),
  ...(composite === undefined ? {} : { composite }),
  ...(primary.length === 0 ? {} : { primary: primaryText(primary) }),
});

/** 优良天数 and days of each level. */
const dayFields = (days: readonly AirDay[], { air }: Settings): Record<string, number> => {
  const {
    good,
    days: known,
    ratio,
  } = goodDays(
    days.map(({ aqi }) => aqi),
    air.rounding,
  );
  const levels = LEVELS.map((level) => [`level_${level}`, days.filter((day) => day.level === level).length]);
  return { good, days: known, ...(ratio === undefined ? {} : { good_ratio: ratio }), ...Object.fromEntries(levels) };
};

/** How many good days the county still needs to reach its target, of the days that are left after its last one with an AQI. */
const targetFields = (days: readonly AirDay[], { end }: Span, { air }: Settings): Record<string, number> => {
  const target = air.good_days_target;
  const last = days.findLast(({ aqi }) => aqi !== undefined);
  if (target === undefined || last === undefined) return {};
  const good = days.filter(({ aqi }) => aqi !== undefined && aqi <= 100).length;
  return { target, needed: Math.max(0, target - good), days_left: Math.round((end - last.start) / DAY) - 1 };
};

/** The same without the dust days of the period; none where it has no dust day. */
const dustFields = (
  days: readonly AirDay[],
  evaluations: Evaluations,
  dust: ReadonlySet<string>,
  settings: Settings,
): Record<string, FieldValue> => {
  if (dust.size === 0) return {};
  const clear = days.filter((day) => !dust.has(dateOf(day)));
  const { good, days: known } = goodDays(
    clear.map(({ aqi }) => aqi),
    settings.air.rounding,
  );
  const { composite } = indexOf(evaluations, ({ withoutDust }) => withoutDust, settings);
  return {
    ...Object.assign({}, ...[...evaluations].map(([item, one]) => statisticFields(item, one.withoutDust!, NO_DUST))),
    ...(composite === undefined ? {} : { [`composite${NO_DUST}`]: composite }),
    dust_days: dust.size,
    [`good${NO_DUST}`]: good,
    [`days${NO_DUST}`]: known,
  };
};

/** Names of what stands on an item below its minimum of data; an index stands on all six. */
const invalidOf = (fields: Readonly<Record<string, FieldValue>>, evaluations: Evaluations): string[] => {
  const short = [...evaluations].filter(([, { valid }]) => !valid).map(([item]) => item);
  const named = short.flatMap((item) => [item, percentileName(item), `single_${item}`]);
  const all = [...named, ...(short.length > 0 ? ['composite'] : [])];
  return all.flatMap((name) => [name, `${name}${NO_DUST}`]).filter((name) => name in fields);
};

/**
 * A month, or the year so far: below its minimum of data it is marked invalid, as every month is until its days are there.
 * @param days of the station, in order of time; those outside the period are left out
 * @returns undefined where no day has anything valid
 */
export const airPeriod = (
  measurement: AirPeriod,
  span: Span,
  days: readonly AirDay[],
  { station, settings, dustDays }: AirPeriodOf,
): Figure | undefined => {
  const within = days.filter(({ start }) => start >= span.start && start < span.end);
  const count = within.filter(({ values }) => Object.keys(values).length > 0).length;
  if (count === 0) return undefined;
  const [first, last] = [isoBeijing(span.start).slice(0, 10), isoBeijing(span.end - 1).slice(0, 10)];
  const dust = new Set([...dustDays].filter((date) => date >= first && date <= last));
  const evaluations = evaluateAll(within, span, dust, settings);
  const fields: Record<string, FieldValue> = {
    ...Object.assign({}, ...[...evaluations].map(([item, one]) => statisticFields(item, one))),
    ...indexFields(indexOf(evaluations, (one) => one, settings)),
    ...dayFields(within, settings),
    ...dustFields(within, evaluations, dust, settings),
    ...(measurement === 'air_year' && station === 'county' ? targetFields(within, span, settings) : {}),
  };
  const invalid = invalidOf(fields, evaluations);
  return { measurement, station, ...span, fields: { ...fields, count, valid: invalid.length === 0 }, invalid };
};
