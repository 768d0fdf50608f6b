// 环大气〔2024〕6号 关于进一步优化重污染天气应对机制的指导意见: levels of heavy pollution as plans since 2024 have them. Not read in the document
// itself: one public implementation of Chengdu's plan and a text of Yangzhou of 2026 agree with memory. The plan of Shanxi in force
// was not at hand.

import type { Edition } from './edition.ts';
import type { HeavyPollutionPlan } from './heavy-pollution-2018.ts';

export const EDITION = {
  document: '环大气〔2024〕6号',
  title: {
    zh: '关于进一步优化重污染天气应对机制的指导意见',
    en: 'Guidance on improving the response to heavy pollution',
  },
  from: null,
  to: null,
  doubts: [
    'levels quoted from plans of cities (heavy_pollution.plan)',
    'the plan of Shanxi in force was not at hand (heavy_pollution.plan)',
    'first day in force (heavy_pollution.plan)',
  ],
} as const satisfies Edition;

/** 预警分级: a day above 200, or 2 above 150; 2 days above 200, or 3 above 150; 3 days above 200 of which one above 300. */
export const LEVELS: HeavyPollutionPlan = {
  yellow: [[{ aqi: 200, days: 1 }], [{ aqi: 150, days: 2 }]],
  orange: [[{ aqi: 200, days: 2 }], [{ aqi: 150, days: 3 }]],
  red: [
    [
      { aqi: 200, days: 3 },
      { aqi: 300, days: 1 },
    ],
  ],
};
