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
    'the text was not at hand; first and last day are from memory',
    '6.1.2 (14 of 17 means, and the exception above the limit) is second-hand (air.ozone_windows, air.ozone_limit)',
    'shares of stations for an area are from memory (air.county_share, air.county_share_few, air.county_few)',
    'percentiles and their formula are from memory; two public implementations agree',
    'its single index of a year (the larger of mean and percentile) is not confirmed and not worked out',
  ],
} as const satisfies Edition;
