// HJ 663: an item over months and years, mean, percentile and validity. See hj663.ts.

import { type DaysLeast, isMonthValid, isYearValid } from './gb3095.ts';
import { meanOf, percentile } from './hj663.ts';

export type EvaluatedItem = 'so2' | 'no2' | 'pm10' | 'pm25' | 'co' | 'o3';

/** Percentiles of a year's daily means (o3: of its MDA8), percent. */
export const PERCENTILES: Readonly<Record<EvaluatedItem, number>> = {
  so2: 98,
  no2: 98,
  pm10: 95,
  pm25: 95,
  co: 95,
  o3: 90,
};

/** One Beijing day of an item; `value`: its daily mean (o3: MDA8) where that is valid. */
export interface DayValue {
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly value?: number | undefined;
}

/** Whole months, both ends in it, YYYY-MM; a calendar year needs its number of days besides. */
export interface Months {
  readonly from: string;
  readonly to: string;
}

export interface Statistics {
  /** Valid days in it. */
  readonly days: number;
  /** Absent for CO and O3, which are judged by their percentile alone. */
  readonly mean?: number;
  readonly percentile?: number;
}

export interface Evaluation extends Statistics {
  /** GB 3095 Table 4, from all valid days, dust or not. */
  readonly valid: boolean;
  /** The same without the dust days; absent where none was given. */
  readonly withoutDust?: Statistics;
}

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

const monthsIn = ({ from, to }: Months): string[] => {
  if (!MONTH.test(from) || !MONTH.test(to)) throw new RangeError(`months are YYYY-MM, not ${from} to ${to}`);
  const months: string[] = [];
  let [year, month] = from.split('-').map(Number) as [number, number];
  for (let name = from; name <= to; ) {
    months.push(name);
    [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1];
    name = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`;
  }
  return months;
};

const isPeriodValid = (days: readonly DayValue[], period: Months, least?: DaysLeast): boolean => {
  const months = monthsIn(period);
  const byMonth = new Map<string, number>();
  for (const { date } of days) byMonth.set(date.slice(0, 7), (byMonth.get(date.slice(0, 7)) ?? 0) + 1);
  const counts = months.map((month) => byMonth.get(month) ?? 0);
  if (months.length === 12 && period.from.endsWith('-01')) return isYearValid(counts, least);
  return months.length > 0 && months.every((month, at) => isMonthValid(counts[at]!, Number(month.slice(5)), least));
};

const statisticsOf = (item: EvaluatedItem, days: readonly DayValue[], percent: number): Statistics => {
  const values = days.flatMap(({ value }) => value ?? []);
  const mean = item === 'co' || item === 'o3' ? undefined : meanOf(values);
  const found = percentile(values, percent);
  return {
    days: values.length,
    ...(mean === undefined ? {} : { mean }),
    ...(found === undefined ? {} : { percentile: found }),
  };
};

export interface EvaluateOptions {
  /** Percentile, 0 to 100. */
  readonly percent?: number;
  /** Dates of dust days (YYYY-MM-DD): the figures are worked out without them too. */
  readonly dust?: ReadonlySet<string>;
  readonly least?: DaysLeast;
}

/**
 * Mean and percentile of an item over months, not rounded.
 * @param days in any order, each once; those outside the months are left out
 * @throws RangeError where a month is none
 */
export const evaluate = (
  item: EvaluatedItem,
  days: readonly DayValue[],
  period: Months,
  { percent = PERCENTILES[item], dust, least }: EvaluateOptions = {},
): Evaluation => {
  const within = ({ date, value }: DayValue): boolean =>
    value !== undefined && date.slice(0, 7) >= period.from && date.slice(0, 7) <= period.to;
  const known = days.filter(within);
  const rest = dust === undefined ? undefined : known.filter(({ date }) => !dust.has(date));
  return {
    ...statisticsOf(item, known, percent),
    valid: isPeriodValid(known, period, least),
    ...(rest === undefined ? {} : { withoutDust: statisticsOf(item, rest, percent) }),
  };
};
