// HJ 818-2018: running of monitors of gases. Only the drift below zero within which a value is used is here, and it is from memory.

import type { Edition } from './edition.ts';

export const EDITION = {
  document: 'HJ 818-2018',
  title: {
    zh: '环境空气气态污染物（SO2、NO2、O3、CO）连续自动监测系统运行和质控技术规范',
    en: 'Technical specifications for operation and quality control of continuous automated monitoring systems for gaseous pollutants (SO2, NO2, O3, CO) in ambient air',
  },
  from: null,
  to: null,
  doubts: [
    'the text was not at hand: the drifts of zero are from memory (quality.drift_so2, quality.drift_no2, quality.drift_o3, quality.drift_co)',
    'first day in force is not known; no setting: the rule is held to for data of any day',
  ],
} as const satisfies Edition;

/** 零点漂移: a value below zero by no more than this is used, µg/m³, CO in mg/m³. */
export const DRIFT = { so2: 3, no2: 2, o3: 2, co: 0.3 } as const;
