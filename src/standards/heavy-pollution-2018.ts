// 环办大气函〔2018〕875号 关于推进重污染天气应急预案修订工作的指导意见: levels of heavy pollution as plans of 2018 to 2023 have them. Not read
// in the document itself: Hohhot's plan of 2019 and Xinzhou's answer of 2021-03-16 (Shanxi, whose plan of 2020-06-09 has no blue) agree.
// The drafts of 2017 asked of orange a day above 300 as well.

import type { Edition } from './edition.ts';

export const EDITION = {
  document: '环办大气函〔2018〕875号',
  title: {
    zh: '关于推进重污染天气应急预案修订工作的指导意见',
    en: 'Guidance on revising the emergency plans for heavy pollution',
  },
  from: null,
  to: null,
  doubts: [
    'levels quoted from plans of cities (heavy_pollution.plan)',
    'days in force (heavy_pollution.plan)',
    'that a level ends once 36 hours are expected below it is quoted from the plan of Taiyuan of 2019 (heavy_pollution.lift_hours)',
    'that days of dust storms do not count is quoted from the same; no setting: a forecast that does not name the sandstorm counts',
  ],
} as const satisfies Edition;

/** Names of the levels from the lowest to the highest: III, II, I. */
export const HEAVY_POLLUTION_LEVELS = ['yellow', 'orange', 'red'] as const;
export type HeavyPollutionLevel = (typeof HEAVY_POLLUTION_LEVELS)[number];

/** Consecutive days whose forecast daily AQI is above a mark, or, `reached`, at or above it. 24 hours of the plans are a day here. */
export interface AqiCondition {
  readonly aqi: number;
  readonly reached?: true;
  readonly days: number;
}

/** All of a clause holds within one run of consecutive days, the one of its first condition. */
export type AqiClause = readonly [AqiCondition, ...AqiCondition[]];

/** The clauses of a level are alternatives. */
export type HeavyPollutionPlan = Readonly<Record<HeavyPollutionLevel, readonly AqiClause[]>>;

/** 预警分级: 2 days above 200; 3 days; 4 days of which 2 above 300, or a day at 500. */
export const LEVELS: HeavyPollutionPlan = {
  yellow: [[{ aqi: 200, days: 2 }]],
  orange: [[{ aqi: 200, days: 3 }]],
  red: [
    [
      { aqi: 200, days: 4 },
      { aqi: 300, days: 2 },
    ],
    [{ aqi: 500, reached: true, days: 1 }],
  ],
};

/** 解除: hours ahead that must be expected below a level before it ends, as the plan of Taiyuan of 2019 has it. */
export const LIFT_HOURS = 36;

/** Whether a day's AQI is what a condition asks of it. */
export const meets = ({ aqi: mark, reached }: AqiCondition, aqi: number): boolean =>
  reached ? aqi >= mark : aqi > mark;

/** The lowest mark of a level: a day at or below it speaks for no clause of the level. */
export const lowestMark = (clauses: readonly AqiClause[]): number =>
  Math.min(...clauses.flatMap((clause) => clause.map(({ aqi }) => aqi)));
