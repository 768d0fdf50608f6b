// HJ 212-2017, Appendix D: how readings of a stack become means and converted concentrations. Read in the document.
// In force until 2025-12-31; HJ 212-2025 took its place.

import type { Edition } from './edition.ts';

export const EDITION = {
  document: 'HJ 212-2017',
  title: {
    zh: '污染物在线监控（监测）系统数据传输标准',
    en: 'Data transmission standard for online pollution monitoring systems',
  },
  from: '2017-05-01',
  to: '2025-12-31',
  doubts: [
    'HJ 212-2025, in force since 2026-01-01, was not at hand: minima and conversion of 2017 are used for later data too (emission.hour_minutes, emission.day_hours)',
    'whether readings are converted and then averaged, or the other way round, is not said (emission.convert)',
  ],
} as const satisfies Edition;

/** Minutes of valid data that an hourly mean needs (D, eq. 24). */
export const HOUR_MINUTES = 45;

/** Valid hours that a daily mean needs (D, eq. 25). */
export const DAY_HOURS = 20;

/** Oxygen of air as the conversion takes it, %. */
export const AIR_OXYGEN = 21;

/**
 * Concentration converted to the reference oxygen of the permit, C · (21 − O₂ref) / (21 − O₂) (D, eq. 26-28), not rounded.
 * @param concentration as measured, dry, 273 K, 101.325 kPa, mg/m³
 * @param oxygen as measured, dry, %
 * @param reference reference oxygen, %
 * @throws RangeError where either oxygen is 21 % or more: air, of which nothing can be converted
 */
export const convertedConcentration = (concentration: number, oxygen: number, reference: number): number => {
  if (!(oxygen < AIR_OXYGEN) || !(reference < AIR_OXYGEN))
    throw new RangeError(`oxygen of ${oxygen} % cannot be converted to ${reference} %: both must be below 21 %`);
  return (concentration * (AIR_OXYGEN - reference)) / (AIR_OXYGEN - oxygen);
};
