// 国发〔2018〕22号 打赢蓝天保卫战三年行动计划: dustfall of the Beijing-Tianjin-Hebei surroundings and the Fenwei plain, as the ministry's
// bulletins of 2020-07 and 2020-11 quote it. Shanxi's own plan of 2018 puts Changzhi, the county's city, among the former.

import type { Edition } from './edition.ts';

export const EDITION = {
  document: '国发〔2018〕22号',
  title: { zh: '打赢蓝天保卫战三年行动计划', en: 'Three-year action plan to win the battle for a blue sky' },
  from: '2018-07-01',
  to: '2021-09-30',
  doubts: ['dates in force for dustfall: held to be in use until the plan of autumn 2021 (dustfall.assessment_*)'],
} as const satisfies Edition;

/** Monthly mean of an area's points, t/(km²·30d): at or below complies. */
export const DUSTFALL_LIMIT = 9;
