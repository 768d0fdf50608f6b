// 降尘监测结果通报: how the bureaus of Shanxi report dustfall month by month. Read: Changzhi's of October 2021 (published 2022-01-11), the
// province's of January 2022 and of February 2025. The figures of October 2021 come out of the functions below to the digit.

import type { Edition } from './edition.ts';
import { roundHalfEven } from './gbt8170.ts';
import { roundDustfall } from './hj1221.ts';

export const EDITION = {
  document: '山西省降尘监测结果通报',
  title: { zh: '山西省降尘监测结果通报', en: 'Monthly bulletin of dustfall of the province of Shanxi' },
  from: '2022-04-01',
  to: null,
  doubts: [
    'which document sets the 7.0 that the bulletin of February 2025 compares with is not known (dustfall.assessment_*)',
    'taken to be in use since the plan of 2021-2022 ended (dustfall.assessment_*)',
  ],
} as const satisfies Edition;

/** Monthly mean of a county's points, t/(km²·30d). The bulletin lists below, at and above it apart; at it complies, as in 2022 (不大于). */
export const DUSTFALL_LIMIT = 7;

/** An area's month, t/(km²·30d) to 0.1. */
export interface CountyDustfall {
  readonly max: number;
  readonly min: number;
  readonly mean: number;
}

/**
 * 最大值, 最小值, 平均值 of an area from its points (of a city: its counties), each as reported to 0.1 t/(km²·30d).
 * @returns undefined where there is no point
 */
export const countyDustfall = (values: readonly number[]): CountyDustfall | undefined => {
  if (values.length === 0) return undefined;
  const points = values.map(roundDustfall);
  const mean = points.reduce((sum, value) => sum + value, 0) / points.length;
  return { max: Math.max(...points), min: Math.min(...points), mean: roundDustfall(mean) };
};

/**
 * 同比: the change in percent, to 0.1, between two figures as they were reported, each already rounded.
 * @returns undefined without a base, or where the base is not above zero
 */
export const changePercent = (now: number, base: number | undefined): number | undefined =>
  base === undefined || !(base > 0) ? undefined : roundHalfEven(((now - base) / base) * 100, 1);
