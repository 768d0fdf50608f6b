// HJ 633-2012 环境空气质量指数（AQI）技术规定（试行）, Table 1. For data before 2026-03-01, Beijing time.

import type { Edition } from './edition.ts';
import type { AqiEdition } from './hj633.ts';

export const EDITION = {
  document: 'HJ 633-2012',
  title: {
    zh: '环境空气质量指数（AQI）技术规定（试行）',
    en: 'Technical regulation on ambient air quality index (on trial)',
  },
  from: '2016-01-01',
  to: '2026-02-28',
  doubts: [
    'the text is silent on rounding concentrations first: as they are by default (air.aqi_rounds_2012)',
    'above the 500 row the text is silent; no setting: 500 by convention, which HJ 633-2026 prints (4.1.1)',
    'the text names running means of O3 and PM beside the six 1 h values; no setting: the 886 AQIs of 2017 at hand are of the six alone',
    'the text has the day’s greatest 1 h mean of O3 beside its MDA8; it counts where it is given; no setting: figures of days and the calculator have the MDA8 alone',
  ],
} as const satisfies Edition;

/** µg/m³, CO in mg/m³, at the IAQI of 0, 50, 100, 150, 200, 300, 400 and 500. */
export const HJ633_2012: AqiEdition = {
  standard: 'HJ 633-2012',
  columns: {
    so2_24h: [0, 50, 150, 475, 800, 1600, 2100, 2620],
    so2_1h: [0, 150, 500, 650, 800],
    no2_24h: [0, 40, 80, 180, 280, 565, 750, 940],
    no2_1h: [0, 100, 200, 700, 1200, 2340, 3090, 3840],
    pm10_24h: [0, 50, 150, 250, 350, 420, 500, 600],
    co_24h: [0, 2, 4, 14, 24, 36, 48, 60],
    co_1h: [0, 5, 10, 35, 60, 90, 120, 150],
    o3_1h: [0, 160, 200, 300, 400, 800, 1000, 1200],
    o3_8h: [0, 100, 160, 215, 265, 800],
    pm25_24h: [0, 35, 75, 115, 150, 250, 350, 500],
  },
  least: 0,
  roundsFirst: false,
  // Notes to Table 1: above 800 there is no SO2 1 h index but that of the 24 h mean, no O3 8 h index but that of the 1 h mean.
  endsWithIndex: false,
  // 日报 names the day's greatest 1 h mean of O3 beside the 8 h one.
  ozone1hInDay: true,
  needsAll: false,
};
