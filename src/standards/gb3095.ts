// 环境空气质量标准 GB 3095: what both editions share, and the choice between their limits. The tables are in gb3095-2012.ts and
// gb3095-2026.ts. Limits and concentrations in µg/m³, CO in mg/m³; since the amendment of 2018 gases at 298.15 K and 1013.25 hPa,
// particles at the conditions of the air sampled.

import { LIMITS as LIMITS_2012 } from './gb3095-2012.ts';
import { LIMITS as LIMITS_2031, TRANSITION_LIMITS } from './gb3095-2026.ts';

export type AirItem = 'so2' | 'no2' | 'co' | 'o3' | 'pm10' | 'pm25' | 'tsp' | 'nox' | 'pb' | 'bap';
/** mda8: the day's maximum 8-hour mean. */
export type LimitPeriod = 'annual' | 'quarter' | '24h' | 'mda8' | '1h';
/** 一类区 1: nature reserves and the like; 二类区 2: where people live, work and farm. */
export type AirClass = 1 | 2;

type ByPeriod<T> = Readonly<Partial<Record<LimitPeriod, T>>>;
/** [class 1, class 2]. */
export type LimitTable = Readonly<Record<AirItem, ByPeriod<readonly [number, number]>>>;
export type Limits = Readonly<Record<AirItem, ByPeriod<number>>>;

export interface LimitsInForce {
  readonly document: 'GB 3095-2012' | 'GB 3095-2026';
  /** GB 3095-2026 has limits for the transition to the end of 2030, and its own after it. */
  readonly stage: 'transition' | 'full';
  readonly limits: Limits;
}

const BEIJING = 8 * 3_600_000;
const beijing = (year: number, month: number, day: number): number => Date.UTC(year, month - 1, day) - BEIJING;

const STAGES = [
  { from: beijing(2031, 1, 1), document: 'GB 3095-2026', stage: 'full', table: LIMITS_2031 },
  { from: beijing(2026, 3, 1), document: 'GB 3095-2026', stage: 'transition', table: TRANSITION_LIMITS },
] as const;
const EARLIEST = { document: 'GB 3095-2012', stage: 'full', table: LIMITS_2012 } as const;

const ofClass = (table: LimitTable, airClass: AirClass): Limits =>
  Object.fromEntries(
    Object.entries(table).map(([item, periods]) => [
      item,
      Object.fromEntries(Object.entries(periods).map(([period, pair]) => [period, pair[airClass - 1]])),
    ]),
  ) as Limits;

/** Limits in force for data whose period starts at an instant (epoch ms; Beijing days decide). Data older than 2016 are held against GB 3095-2012 too. */
export const limitsAt = (start: number, airClass: AirClass): LimitsInForce => {
  const { document, stage, table } = STAGES.find(({ from }) => start >= from) ?? EARLIEST;
  return { document, stage, limits: ofClass(table, airClass) };
};

// Table 4, minimum of data; the same in both editions. 6.4: what has less is invalid, and all valid data must be used.

/** Minutes of sampling of a 1 h mean of SO2, NO2, CO, O3, NOx. */
export const HOUR_MINUTES_LEAST = 45;
/** Hourly means of an 8 h mean of O3. */
export const EIGHT_HOURS_LEAST = 6;
/** Hourly means of a daily mean of SO2, NO2, CO, PM10, PM2.5, NOx. */
export const DAY_HOURS_LEAST = 20;
/** Daily means that an annual mean of SO2, NO2, PM10, PM2.5, NOx needs. */
export interface DaysLeast {
  /** Of each month within it. */
  readonly month: number;
  /** Of its February. */
  readonly february: number;
  /** Of the year. */
  readonly year: number;
}
export const DAYS_LEAST: DaysLeast = { month: 27, february: 25, year: 324 };
/** TSP, BaP, Pb: evenly spread daily means of a month, of a quarter (Pb), of a year. */
export const SAMPLED_MONTH_DAYS_LEAST = 5;
export const SAMPLED_QUARTER_DAYS_LEAST = 15;
export const SAMPLED_YEAR_DAYS_LEAST = 60;

const FEBRUARY = 2;

export const isHourValid = (minutes: number): boolean => minutes >= HOUR_MINUTES_LEAST;
export const isEightHourValid = (hours: number): boolean => hours >= EIGHT_HOURS_LEAST;
export const isDayValid = (hours: number): boolean => hours >= DAY_HOURS_LEAST;

/** @param month 1 to 12 */
export const isMonthValid = (days: number, month: number, least: DaysLeast = DAYS_LEAST): boolean =>
  days >= (month === FEBRUARY ? least.february : least.month);

/** @param daysByMonth daily means of each month, January first; twelve */
export const isYearValid = (daysByMonth: readonly number[], least: DaysLeast = DAYS_LEAST): boolean =>
  daysByMonth.length === 12 &&
  daysByMonth.every((days, index) => isMonthValid(days, index + 1, least)) &&
  daysByMonth.reduce((sum, days) => sum + days, 0) >= least.year;

/** TSP, BaP, Pb in a year. @param daysByMonth as above */
export const isSampledYearValid = (daysByMonth: readonly number[]): boolean =>
  isSampledValid(daysByMonth, 12, SAMPLED_YEAR_DAYS_LEAST);

/** Pb in a quarter. @param daysByMonth daily means of each of its three months */
export const isSampledQuarterValid = (daysByMonth: readonly number[]): boolean =>
  isSampledValid(daysByMonth, 3, SAMPLED_QUARTER_DAYS_LEAST);

const isSampledValid = (daysByMonth: readonly number[], months: number, least: number): boolean =>
  daysByMonth.length === months &&
  daysByMonth.every((days) => days >= SAMPLED_MONTH_DAYS_LEAST) &&
  daysByMonth.reduce((sum, days) => sum + days, 0) >= least;
