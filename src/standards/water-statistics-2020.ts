// 环办监测函〔2020〕82号 地表水环境质量监测数据统计技术规定（试行）: how values become a mean. The text was not at hand; what is here is
// known second-hand, so each rule is a setting.

import type { Edition } from './edition.ts';

export const EDITION = {
  document: '环办监测函〔2020〕82号',
  title: {
    zh: '地表水环境质量监测数据统计技术规定（试行）',
    en: 'Technical provisions for statistics of surface water quality monitoring data (trial)',
  },
  from: null,
  to: null,
  doubts: [
    'pH is averaged as hydrogen ions: one public implementation and memory (water.ph_mean)',
    'a value below its detection limit counts as half of it: from memory (water.below_detection)',
    'the minimum numbers of values of a day and a month are not known (water.day_readings, water.month_days)',
  ],
} as const satisfies Edition;

export const PH_MEANS = ['hydrogen', 'arithmetic'] as const;
/** hydrogen: the mean of the concentrations of hydrogen ions, as pH; arithmetic: the mean of the pH values. */
export type PhMean = (typeof PH_MEANS)[number];

/** How values of a quantity are averaged: as they are, or as something else. */
export interface Scale {
  /** What is averaged. */
  enter(value: number): number;
  /** What the mean is shown as. */
  leave(mean: number): number;
}

const AS_IS: Scale = { enter: (value) => value, leave: (mean) => mean };

/** In units of 10^-14 mol/L, so that acid and alkaline water alike are numbers of many digits before the point. */
const AS_HYDROGEN: Scale = { enter: (ph) => 10 ** (14 - ph), leave: (mean) => 14 - Math.log10(mean) };

/** How a quantity is averaged. */
export const scaleOf = (quantity: string, ph: PhMean): Scale =>
  quantity === 'ph' && ph === 'hydrogen' ? AS_HYDROGEN : AS_IS;

/** Binary sums leave noise in the last digits (0.1 + 0.2): twelve digits are kept. */
const withoutNoise = (value: number): number => Number(value.toPrecision(12));

/**
 * The mean of a quantity's values, in its own unit.
 * @throws RangeError where there are none
 */
export const meanOf = (quantity: string, values: readonly number[], ph: PhMean): number => {
  if (values.length === 0) throw new RangeError(`no values of ${quantity}`);
  const { enter, leave } = scaleOf(quantity, ph);
  return withoutNoise(leave(values.reduce((sum, value) => sum + enter(value), 0) / values.length));
};

/** Share of its detection limit that a value below it counts as; from memory. */
export const BELOW_DETECTION = 0.5;

/**
 * What a value below its detection limit counts as in means and classes, in the limit's unit.
 * @param limit the detection limit of the method, as reported (0.004L)
 * @param share of the limit; 0.5 is half of it
 */
export const belowDetection = (limit: number, share: number): number => withoutNoise(limit * share);
