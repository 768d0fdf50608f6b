// HJ 76-2017: what a monitoring system of a stack must do. Its hour of 45 minutes and day of 20 hours are those of HJ 212-2017.

import type { Edition } from './edition.ts';

export const EDITION = {
  document: 'HJ 76-2017',
  title: {
    zh: '固定污染源烟气（SO2、NOX、颗粒物）排放连续监测系统技术要求及检测方法',
    en: 'Specifications and test procedures for continuous emission monitoring systems for SO2, NOX and particulate matter in flue gas from stationary sources',
  },
  from: '2018-03-01',
  to: null,
  doubts: [
    'days of a month (25, February 23) are from one second-hand text (emission.month_days, emission.month_days_february)',
    'that the hourly mean of the converted concentration is what is held against the limit is from one second-hand text; no setting: no source names another',
    'first day in force from memory; no setting: the minima hold for data of any day',
  ],
} as const satisfies Edition;

/** Valid days that a monthly mean needs; second-hand. */
export const MONTH_DAYS = 25;

/** The same in February; second-hand. */
export const FEBRUARY_DAYS = 23;

/**
 * Valid days that the mean of a month needs.
 * @param month 1 to 12
 */
export const daysLeast = (month: number, least = { other: MONTH_DAYS, february: FEBRUARY_DAYS }): number =>
  month === 2 ? least.february : least.other;
