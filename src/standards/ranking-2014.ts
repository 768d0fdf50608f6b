// 环办〔2014〕64号 城市环境空气质量排名技术规定: composite index and ranking, as quoted in bulletins that apply it.

import type { Edition } from './edition.ts';
import { LIMITS } from './gb3095-2012.ts';
import { TRANSITION_LIMITS } from './gb3095-2026.ts';
import { roundHalfEven } from './gbt8170.ts';
import { ROUNDING, type Rounding } from './hj663-2026.ts';
import type { EvaluatedItem, Statistics } from './hj663-periods.ts';

export const EDITION = {
  document: '环办〔2014〕64号',
  title: { zh: '城市环境空气质量排名技术规定', en: 'Technical rules for the ranking of cities by ambient air quality' },
  from: null,
  to: null,
  doubts: [
    'the text was not at hand; no setting: the formula is as quoted in bulletins of provinces, and agrees with public code',
    'whether rankings since 2026 use the limits of the transition is not known (air.ranking_limits)',
    'decimals of the indices are second-hand (air.rounding.single_index, air.rounding.composite_index)',
    'an index with weights, claimed since 2026, is not confirmed; no setting: left out',
    'that ties share a rank is how this project ranks; no setting: no rank decides anything',
  ],
} as const satisfies Edition;

/** In the order of the bulletins. */
export const RANKED_ITEMS = ['so2', 'no2', 'pm10', 'pm25', 'co', 'o3'] as const satisfies readonly EvaluatedItem[];

/** Of class 2: annual means, the 24 h mean of CO, the MDA8 of O3. */
const limitsOf = (table: typeof LIMITS): Readonly<Record<EvaluatedItem, number>> => ({
  so2: table.so2.annual![1],
  no2: table.no2.annual![1],
  pm10: table.pm10.annual![1],
  pm25: table.pm25.annual![1],
  co: table.co['24h']![1],
  o3: table.o3.mda8![1],
});

/** S of each item, µg/m³, CO in mg/m³: with the PM limits of GB 3095-2012, or of GB 3095-2026 in its transition. */
export const RANKING_LIMITS = { '2012': limitsOf(LIMITS), transition: limitsOf(TRANSITION_LIMITS) } as const;
export type RankingLimits = keyof typeof RANKING_LIMITS;

/** C of an item: the mean of its daily means; of CO the 95th, of O3 the 90th percentile (HJ 663). */
export const rankedValue = (item: EvaluatedItem, { mean, percentile }: Statistics): number | undefined =>
  item === 'co' || item === 'o3' ? percentile : mean;

export interface CompositeIndex {
  /** 单项指数 C/S. */
  readonly single: Readonly<Partial<Record<EvaluatedItem, number>>>;
  /** 综合指数, the sum of the six before they are rounded; absent where one is missing. */
  readonly composite?: number;
  /** Items with the highest single index; none where there is no composite index. */
  readonly primary: readonly EvaluatedItem[];
  readonly missing: readonly EvaluatedItem[];
}

/**
 * 环境空气质量综合指数 of a month or a year.
 * @param values C of each item, µg/m³, CO in mg/m³
 */
export const compositeIndex = (
  values: Readonly<Partial<Record<EvaluatedItem, number | undefined>>>,
  limits: RankingLimits,
  rounding: Rounding = ROUNDING,
): CompositeIndex => {
  const ratios = RANKED_ITEMS.flatMap((item) => {
    const value = values[item];
    return value === undefined ? [] : [{ item, ratio: value / RANKING_LIMITS[limits][item] }];
  });
  const rounded = ratios.map(({ item, ratio }) => [item, roundHalfEven(ratio, rounding.single_index)] as const);
  const missing = RANKED_ITEMS.filter((item) => values[item] === undefined);
  const single = Object.fromEntries(rounded);
  if (missing.length > 0) return { single, primary: [], missing };
  const highest = Math.max(...rounded.map(([, index]) => index));
  return {
    single,
    composite: roundHalfEven(
      ratios.reduce((sum, { ratio }) => sum + ratio, 0),
      rounding.composite_index,
    ),
    primary: rounded.filter(([, index]) => index === highest).map(([item]) => item),
    missing,
  };
};

export interface Ranked<T> {
  readonly entry: T;
  /** 1 is the best; the next after two of rank 1 is 3. Absent where the entry has no value. */
  readonly rank?: number;
}

/**
 * Stations, townships or counties in the order of a value; those without one come last, unranked, in the order they came.
 * @param best which end is the best: the lowest composite index, the highest ratio of good days
 */
export const ranking = <T>(
  entries: readonly T[],
  measure: (entry: T) => number | undefined,
  best: 'lowest' | 'highest' = 'lowest',
): Ranked<T>[] => {
  const sign = best === 'lowest' ? 1 : -1;
  const valued = entries.flatMap((entry) => {
    const value = measure(entry);
    return value === undefined ? [] : [{ entry, value: sign * value }];
  });
  const sorted = valued.toSorted((a, b) => a.value - b.value);
  const ranked = sorted.map(({ entry, value }) => ({
    entry,
    rank: 1 + sorted.findIndex((one) => one.value === value),
  }));
  return [...ranked, ...entries.filter((entry) => measure(entry) === undefined).map((entry) => ({ entry }))];
};
