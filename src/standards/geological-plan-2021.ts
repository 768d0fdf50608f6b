// 沁政办发〔2021〕18号 沁县2021年度地质灾害防治方案, 一: the seasons to watch. Its hazard points are in the county's catalog. It gives no rain:
// how much of it is a risk is the bureau of natural resources' to say.

import type { Edition } from './edition.ts';

export const EDITION = {
  document: '沁政办发〔2021〕18号',
  title: { zh: '沁县2021年度地质灾害防治方案', en: 'Plan of Qinxian County against geological hazards in 2021' },
  from: '2021-07-19',
  to: null,
  doubts: [
    'a plan of one year: whether later plans have the same seasons and points is not known; no setting: the seasons cover the whole year and raise nothing by themselves',
    'no rain is named, and no curve of Shanxi was found: the bureau signs one off (geological.curve, geological.signed_by, geological.document)',
    'share of rain that is left a day later, and days that count: in no document at hand, second-hand from public systems that differ (geological.k, geological.days)',
    'some versions of effective rain leave the day under way out (geological.today)',
  ],
} as const satisfies Edition;

export interface Season {
  readonly name: { readonly zh: string; readonly en: string };
  readonly clause: string;
  /** Months, the first and the last in it. */
  readonly months: readonly [from: number, to: number];
}

/** 一: the three seasons; the last runs over the turn of the year. */
export const SEASONS: readonly Season[] = [
  { name: { zh: '春季融雪期', en: 'thaw in spring' }, clause: '一（一）春季融雪期 3-4月', months: [3, 4] },
  { name: { zh: '夏秋季汛期', en: 'flood season' }, clause: '一（二）夏秋季汛期 5-10月', months: [5, 10] },
  {
    name: { zh: '冬季冰雪期', en: 'ice and snow in winter' },
    clause: '一（三）冬季冰雪期 11-次年2月',
    months: [11, 2],
  },
];

/** @param month 1 to 12 */
export const seasonOf = (month: number): Season =>
  SEASONS.find(({ months: [from, to] }) => (from <= to ? month >= from && month <= to : month >= from || month <= to))!;
