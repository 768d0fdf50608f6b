// 2021—2022年秋冬季大气污染综合治理攻坚方案: dustfall of Shanxi's cities and counties, as the bureau of Shuozhou quotes it on 2022-03-28.

import type { Edition } from './edition.ts';

export const EDITION = {
  document: '2021—2022年秋冬季大气污染综合治理攻坚方案',
  title: {
    zh: '2021—2022年秋冬季大气污染综合治理攻坚方案',
    en: 'Plan against air pollution in autumn and winter 2021-2022',
  },
  from: '2021-10-01',
  to: '2022-03-31',
  doubts: ['quoted second-hand; its number and its days in force (dustfall.assessment_*)'],
} as const satisfies Edition;

/** Monthly mean of an area's points, t/(km²·30d): at or below (不大于) complies. */
export const DUSTFALL_LIMIT = 7;
