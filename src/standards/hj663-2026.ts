// HJ 663-2026 环境空气质量评价技术规范. What it shares with HJ 663-2013 is in hj663.ts; the text was not at hand.

import type { Edition } from './edition.ts';

export const EDITION = {
  document: 'HJ 663-2026',
  title: { zh: '环境空气质量评价技术规范', en: 'Technical regulation for ambient air quality assessment' },
  from: '2026-03-01',
  to: null,
  doubts: [
    'the text was not at hand; no setting: what it shares with HJ 663-2013 has the doubts of that',
    'decimals are second-hand (air.rounding.*)',
    'exceptional events and means over three years, which it is said to have; no setting: not worked out',
  ],
} as const satisfies Edition;

/** Decimals to which figures are rounded. */
export interface Rounding {
  /** Means and percentiles of a month, a quarter, a year; of CO. */
  readonly statistic: number;
  readonly statistic_co: number;
  /** The same where they are held against a limit; of CO. */
  readonly evaluation: number;
  readonly evaluation_co: number;
  /** 超标倍数. */
  readonly multiple: number;
  /** Rates in percent. */
  readonly rate: number;
  readonly single_index: number;
  readonly composite_index: number;
}

/** As quoted second-hand: the defaults of `air.rounding`. */
export const ROUNDING: Rounding = {
  statistic: 1,
  statistic_co: 2,
  evaluation: 0,
  evaluation_co: 1,
  multiple: 2,
  rate: 1,
  single_index: 3,
  composite_index: 2,
};
