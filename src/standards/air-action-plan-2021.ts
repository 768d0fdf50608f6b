// 沁政办发〔2021〕16号 沁县空气质量巩固提升2021年行动计划, 2021-07-07. Only its rule of dustfall has a number.

import type { Edition } from './edition.ts';

export const EDITION = {
  document: '沁政办发〔2021〕16号',
  title: {
    zh: '沁县空气质量巩固提升2021年行动计划',
    en: 'Action plan of Qinxian County for better air in 2021',
  },
  from: '2021-07-07',
  to: null,
  doubts: ['a plan of one year, which does not say when its rule of dustfall ends (dustfall.rectification_above)'],
} as const satisfies Edition;

/** 二(五)17: when the month's highest dustfall is above this, a rectification campaign is held; t/(km²·30d), above, not at. */
export const RECTIFICATION_ABOVE = 9;

export const RECTIFICATION_CLAUSE = '二（五）17';
