// GB 3095-2026 环境空气质量标准, Tables 1 and 2. For data from 2026-03-01, Beijing time; Table 1 has limits of its own for the transition
// to 2030-12-31.

import type { Edition } from './edition.ts';
import type { LimitTable } from './gb3095.ts';

export const EDITION = {
  document: 'GB 3095-2026',
  title: { zh: '环境空气质量标准', en: 'Ambient air quality standards' },
  from: '2026-03-01',
  to: null,
  doubts: [
    'which limits the year 2026 as a whole is held against was not read; no setting: no figure of the pipeline is held against an annual limit but the indices (air.ranking_limits)',
  ],
} as const satisfies Edition;

/** Table 2, as in GB 3095-2012. */
const OTHERS = {
  tsp: { annual: [80, 200], '24h': [120, 300] },
  pb: { annual: [0.5, 0.5], quarter: [1, 1] },
  bap: { annual: [0.001, 0.001], '24h': [0.0025, 0.0025] },
} as const;

/** 2026-03-01 to 2030-12-31: [class 1, class 2], µg/m³, CO in mg/m³. */
export const TRANSITION_LIMITS: LimitTable = {
  so2: { annual: [20, 60], '24h': [50, 150], '1h': [150, 500] },
  no2: { annual: [40, 40], '24h': [80, 80], '1h': [200, 200] },
  co: { '24h': [4, 4], '1h': [10, 10] },
  o3: { mda8: [100, 160], '1h': [160, 200] },
  pm10: { annual: [40, 60], '24h': [50, 120] },
  pm25: { annual: [15, 30], '24h': [35, 60] },
  nox: { annual: [50, 50], '24h': [100, 100], '1h': [250, 250] },
  ...OTHERS,
};

/** From 2031-01-01. */
export const LIMITS: LimitTable = {
  so2: { annual: [20, 20], '24h': [50, 50], '1h': [150, 150] },
  no2: { annual: [30, 30], '24h': [50, 50], '1h': [200, 200] },
  co: { '24h': [4, 4], '1h': [10, 10] },
  o3: { mda8: [100, 160], '1h': [160, 200] },
  pm10: { annual: [20, 50], '24h': [50, 100] },
  pm25: { annual: [10, 25], '24h': [25, 50] },
  nox: { annual: [40, 40], '24h': [70, 70], '1h': [250, 250] },
  ...OTHERS,
};
