// 环境空气质量评价 HJ 663: what its editions share (hj663-2013.ts, hj663-2026.ts, with their doubts; hj663-periods.ts: months and years). The full texts were not at hand: what
// is doubtful comes in as a parameter, from settings of the pipeline (`air.*`).

import { roundHalfEven } from './gbt8170.ts';
import { ROUNDING, type Rounding } from './hj663-2026.ts';
import type { EvaluatedItem } from './hj663-periods.ts';

export interface OzoneRule {
  /** Hourly means that an 8-hour mean needs (GB 3095 Table 4: 6). */
  readonly hoursLeast: number;
  /** Valid 8-hour means that a day needs of its 17 (14). */
  readonly windowsLeast: number;
  /** With fewer the day still counts when its maximum is above this limit, µg/m³ (160). */
  readonly limit: number;
}

export interface Maximum8h {
  readonly value: number;
  readonly valid: boolean;
}

/**
 * The day's maximum of the 8-hour means that end at 08:00 to 24:00 (17 of them), O3.
 * @param hours the day's 24 hourly means in µg/m³, hour 00-01 first; undefined where there is no valid mean
 * @returns undefined where no 8-hour mean is valid
 */
export const maximum8h = (hours: readonly (number | undefined)[], rule: OzoneRule): Maximum8h | undefined => {
  const means: number[] = [];
  for (let end = 8; end <= 24; end++) {
    const known = hours.slice(end - 8, end).filter((value) => value !== undefined);
    if (known.length >= rule.hoursLeast) means.push(known.reduce((sum, value) => sum + value, 0) / known.length);
  }
  if (means.length === 0) return undefined;
  const value = Math.max(...means);
  return { value, valid: means.length >= rule.windowsLeast || value > rule.limit };
};

/** Sums of doubles carry noise beyond the twelfth digit. */
const plain = (value: number): number => Number(value.toPrecision(12));

/**
 * Annex A: in ascending order k = 1 + (n − 1) · p, s its whole part, X(s) + (X(s+1) − X(s)) · (k − s).
 * @param percent 0 to 100; the position is worked out in whole hundredths, so that it is exact
 * @returns undefined of no values
 * @throws RangeError where percent is outside 0 to 100
 */
export const percentile = (values: readonly number[], percent: number): number | undefined => {
  if (!(percent >= 0 && percent <= 100)) throw new RangeError(`a percentile is 0 to 100, not ${percent}`);
  const sorted = values.toSorted((a, b) => a - b);
  const hundredths = plain((sorted.length - 1) * percent);
  const [at, part] = [Math.floor(hundredths / 100), (hundredths % 100) / 100];
  const [low, high] = [sorted[at], sorted[at + 1]];
  if (low === undefined) return undefined;
  return high === undefined ? low : plain(low + (high - low) * part);
};

/** Of values that are all known; undefined of none. */
export const meanOf = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : plain(values.reduce((sum, value) => sum + value, 0) / values.length);

/** A mean or percentile of an item as it is given (`statistic`), or held against a limit (`evaluation`). */
export const roundStatistic = (
  item: EvaluatedItem,
  value: number,
  use: 'statistic' | 'evaluation' = 'statistic',
  rounding: Rounding = ROUNDING,
): number => roundHalfEven(value, item === 'co' ? rounding[`${use}_co`] : rounding[use]);

/**
 * 超标倍数 (C − S) / S.
 * @returns undefined where the value is not above the limit
 * @throws RangeError where the limit is not above zero
 */
export const exceedanceMultiple = (value: number, limit: number, rounding: Rounding = ROUNDING): number | undefined => {
  if (!(limit > 0)) throw new RangeError(`a limit is above zero, not ${limit}`);
  return value > limit ? roundHalfEven((value - limit) / limit, rounding.multiple) : undefined;
};

/** 优良天数: days with an AQI of 100 or less. */
export interface GoodDays {
  readonly good: number;
  /** Days that have an AQI. */
  readonly days: number;
  /** 优良天数比例, percent of the days that have an AQI; absent where none has. */
  readonly ratio?: number;
}

/** @param indices a day's AQI each; undefined where it has none */
export const goodDays = (indices: readonly (number | undefined)[], rounding: Rounding = ROUNDING): GoodDays => {
  const known = indices.filter((index) => index !== undefined);
  const good = known.filter((index) => index <= 100).length;
  const ratio = roundHalfEven((100 * good) / known.length, rounding.rate);
  return { good, days: known.length, ...(known.length === 0 ? {} : { ratio }) };
};

/** How many of an area's stations must have a value. */
export interface StationsRule {
  /** Share of its stations (0.75), and where it has fewer than `few` (4) of them (0.5). */
  readonly share: number;
  readonly shareFew: number;
  readonly few: number;
}

/**
 * The value of an area: the mean over its stations.
 * @param values one each station; undefined where it has no valid value
 * @returns undefined where no station has one; invalid where too few have
 */
export const areaValue = (
  values: readonly (number | undefined)[],
  rule: StationsRule,
): { readonly value: number; readonly valid: boolean } | undefined => {
  const known = values.filter((value) => value !== undefined);
  const value = meanOf(known);
  const share = values.length < rule.few ? rule.shareFew : rule.share;
  return value === undefined ? undefined : { value, valid: known.length / values.length >= share };
};
