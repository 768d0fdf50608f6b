// HJ 663-2013 环境空气质量评价技术规范（试行）. What it shares with HJ 663-2026 is in hj663.ts; neither text was at hand.

import type { Edition } from './edition.ts';

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
