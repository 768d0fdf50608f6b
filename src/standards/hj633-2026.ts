// HJ 633-2026 环境空气质量指数（AQI）技术规定, Table 1. For data from 2026-03-01, Beijing time.

import type { Edition } from './edition.ts';
import type { AqiEdition } from './hj633.ts';

export const EDITION = {
  document: 'HJ 633-2026',
  title: { zh: '环境空气质量指数（AQI）技术规定', en: 'Technical regulation on ambient air quality index' },
  from: '2026-03-01',
  to: null,
  doubts: ['5.3.1: PM10 alone missing does not block, as published; not in the text (air.aqi_pm10_blocks)'],
} as const satisfies Edition;

/** µg/m³, CO in mg/m³, at the IAQI of 0, 50, 100, 150, 200, 300, 400 and 500. */
export const HJ633_2026: AqiEdition = {
  standard: 'HJ 633-2026',
  columns: {
    so2_24h: [0, 50, 150, 475, 800, 1600, 2100, 2620],
    so2_1h: [0, 150, 500, 650, 800],
    no2_24h: [0, 40, 80, 180, 280, 565, 750, 940],
    no2_1h: [0, 100, 200, 700, 1200, 2340, 3090, 3840],
    pm10_24h: [0, 50, 120, 250, 350, 420, 500, 600],
    co_24h: [0, 2, 4, 14, 24, 36, 48, 60],
    co_1h: [0, 5, 10, 35, 60, 90, 120, 150],
    o3_1h: [0, 160, 200, 300, 400, 800, 1000, 1200],
    o3_8h: [0, 100, 160, 215, 265, 800],
    pm25_24h: [0, 35, 60, 115, 150, 250, 350, 500],
  },
  // 4.1.1: the index is 1 to 500.
  least: 1,
  // 4.2.2: by GB/T 8170 to integers, CO to one decimal, before the index.
  roundsFirst: true,
  // Notes to Table 1: above 800 the SO2 1 h index is 200, the O3 8 h index 300.
  endsWithIndex: true,
  ozone1hInDay: false,
  // 5.3.1: with an item missing the AQI is published only above 100.
  needsAll: true,
};
