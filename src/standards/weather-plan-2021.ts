// 沁政办发〔2021〕19号 沁县气象灾害应急预案, 附件6 县级气象灾害应急响应标准, in force since 2021-07-19.
// A clause counts the townships (the zone is one) in which every condition it names holds; 以上 includes the number itself.
// The clauses of a level are alternatives.

import type { Edition } from './edition.ts';

export const EDITION = {
  document: '沁政办发〔2021〕19号',
  title: { zh: '沁县气象灾害应急预案', en: 'Emergency plan of Qinxian County for meteorological disasters' },
  from: '2021-07-19',
  to: null,
  doubts: ['较强降雨 of level IV has no number; GB/T 28592 calls 25 mm in 24 h heavy rain (rainstorm.strong_rain)'],
} as const satisfies Edition;

/** Levels from the lowest to the highest. */
export const LEVELS = ['IV', 'III', 'II', 'I'] as const;
export type Level = (typeof LEVELS)[number];

/** mm over the hours before (observed) or ahead (forecast). `strong` is 较强降雨, which the annex leaves without a number. */
export interface RainCondition {
  readonly hours: number;
  readonly atLeast: number | 'strong';
}

export interface RainClause {
  readonly townships: number;
  readonly observed?: RainCondition;
  readonly forecast?: RainCondition;
}

/** 较强降雨, mm in 24 h, unless a setting says otherwise: 大雨 of GB/T 28592. */
export const STRONG_RAIN = 25;

const rain = (atLeast: number | 'strong'): RainCondition => ({ hours: 24, atLeast });

/** (1) 暴雨: 24 h rain, mm. */
export const RAINSTORM: Readonly<Record<Level, readonly RainClause[]>> = {
  IV: [
    { townships: 6, forecast: rain(50) },
    { townships: 4, observed: rain(50), forecast: rain('strong') },
  ],
  III: [
    { townships: 3, forecast: rain(100) },
    { townships: 6, observed: rain(50), forecast: rain(50) },
  ],
  II: [
    { townships: 6, forecast: rain(100) },
    { townships: 2, observed: rain(150) },
    { townships: 3, observed: rain(100), forecast: rain(50) },
  ],
  I: [{ townships: 3, observed: rain(150), forecast: rain(50) }],
};

export const RAINSTORM_CLAUSE = '附件6 (1) 暴雨';
