// GB 3095-2012 环境空气质量标准, Tables 1 and 2. For data before 2026-03-01, Beijing time.

import type { Edition } from './edition.ts';
import type { LimitTable } from './gb3095.ts';

export const EDITION = {
  document: 'GB 3095-2012',
  title: { zh: '环境空气质量标准', en: 'Ambient air quality standards' },
  from: '2016-01-01',
  to: '2026-02-28',
  doubts: [
    'Tables 1 and 2 were read in a public reprint; no setting: a table is compared with the print once, and class 2 agrees with two unrelated programs',
    'Table 4 was read in the edition of 2026; that of 2012 has the same minima from memory and in public code (air.hour_minutes, air.day_hours, air.ozone_hours, air.month_days, air.month_days_february, air.year_days)',
    'the amendment of reference conditions is from 2018-09-01 as remembered; no setting: concentrations are taken as they come, none is converted',
  ],
} as const satisfies Edition;

/** [class 1, class 2], µg/m³, CO in mg/m³. */
export const LIMITS: LimitTable = {
  so2: { annual: [20, 60], '24h': [50, 150], '1h': [150, 500] },
  no2: { annual: [40, 40], '24h': [80, 80], '1h': [200, 200] },
  co: { '24h': [4, 4], '1h': [10, 10] },
  o3: { mda8: [100, 160], '1h': [160, 200] },
  pm10: { annual: [40, 70], '24h': [50, 150] },
  pm25: { annual: [15, 35], '24h': [35, 75] },
  tsp: { annual: [80, 200], '24h': [120, 300] },
  nox: { annual: [50, 50], '24h': [100, 100], '1h': [250, 250] },
  pb: { annual: [0.5, 0.5], quarter: [1, 1] },
  bap: { annual: [0.001, 0.001], '24h': [0.0025, 0.0025] },
};
