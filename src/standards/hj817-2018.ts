// HJ 817-2018: running of monitors of particles. Only the drift below zero within which a value is used is here, and it is from memory.

import type { Edition } from './edition.ts';

export const EDITION = {
  document: 'HJ 817-2018',
  title: {
    zh: '环境空气颗粒物（PM10和PM2.5）连续自动监测系统运行和质控技术规范',
    en: 'Technical specifications for operation and quality control of continuous automated monitoring systems for particulate matter (PM10 and PM2.5) in ambient air',
  },
  from: null,
  to: null,
  doubts: [
    'the text was not at hand: the drift of zero is from memory (quality.drift_pm)',
    'that data of a system that runs normally must be used is from memory (quality.exclude)',
    'first day in force is not known; no setting: the rule is held to for data of any day',
  ],
} as const satisfies Edition;

/** 零点漂移: a value below zero by no more than this is used, µg/m³. */
export const DRIFT = { pm: 2 } as const;
