// HJ 663-2013 环境空气质量评价技术规范（试行）. What it shares with HJ 663-2026 is in hj663.ts; neither text was at hand.

import type { Edition } from './edition.ts';
import { EIGHT_HOURS_LEAST } from './gb3095.ts';
import { LIMITS } from './gb3095-2012.ts';
import type { OzoneRule, StationsRule } from './hj663.ts';

export const EDITION = {
  document: 'HJ 663-2013',
  title: {
    zh: '环境空气质量评价技术规范（试行）',
    en: 'Technical regulation for ambient air quality assessment (on trial)',
  },
  from: '2013-10-01',
  to: '2026-02-28',
  doubts: [
    'the text was not at hand; no setting: each of its numbers has one of its own, or stands below',
    'first and last day are from memory; no setting: both editions are worked out alike',
    '6.1.2 (14 of 17 means, and the exception above the limit) is second-hand (air.ozone_windows, air.ozone_limit)',
    'that the 17 means are those ending at 08:00 to 24:00 is from memory and public code; no setting: they are those within one natural day, as GB 3095-2026 (3.9) has it',
    'shares of stations for an area are from memory (air.county_share, air.county_share_few, air.county_few)',
    'percentiles are from memory; no setting: they name fields of series, and the bulletins’ index confirms 95 for CO and 90 for O3',
    'the formula of percentiles is from memory; no setting: two public implementations agree with it',
    'its single index of a year (the larger of mean and percentile) is not confirmed; no setting: not worked out',
  ],
} as const satisfies Edition;

/** 6.1.2, second-hand; the hours of a mean are GB 3095's. The limit is that of the MDA8, class 2, µg/m³. */
export const OZONE: OzoneRule = { hoursLeast: EIGHT_HOURS_LEAST, windowsLeast: 14, limit: LIMITS.o3.mda8![1] };

/** Stations that the value of an area needs; from memory. */
export const STATIONS: StationsRule = { share: 0.75, shareFew: 0.5, few: 4 };
