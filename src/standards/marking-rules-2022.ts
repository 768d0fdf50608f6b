// 生态环境部公告2022年第21号, 污染物排放自动监测设备标记规则: what a plant marks while it starts, stops, stands or has trouble is
// not valid data, and no exceedance is judged from it.

import type { Edition } from './edition.ts';

export const EDITION = {
  document: '生态环境部公告2022年第21号',
  title: {
    zh: '污染物排放自动监测设备标记规则',
    en: 'Rules for marking data of automatic pollutant monitoring equipment',
  },
  from: '2023-01-01',
  to: null,
  doubts: [
    'binds four trades (TRADES); coking and brick works are not among them, others follow local decisions, which the catalog may name for an enterprise or outlet (emission.exempt_statuses)',
    'which states may be marked is from one second-hand text (emission.exempt_statuses)',
    'that before it only a plant that stands is exempt is this project’s reading; no setting: data before 2023 are past',
    'for how many hours a year a state may be marked is not known; no setting: no cap is counted',
  ],
} as const satisfies Edition;

/** Trades that it binds by itself. */
export const TRADES = [
  { zh: '生活垃圾焚烧', en: 'incineration of household waste' },
  { zh: '火电', en: 'thermal power' },
  { zh: '水泥', en: 'cement' },
  { zh: '造纸', en: 'paper' },
] as const;

/** States of a plant that may be marked. Fault and calibration of the analyser are no valid data under any rule. */
export const MARKABLE = ['starting', 'stopping', 'stopped'] as const;

const IN_FORCE = Date.parse(`${EDITION.from}T00:00:00+08:00`);

/**
 * States whose data is exempt from judgement. Before the rules were in force only a plant that stands is.
 * @param time epoch ms of the data
 * @param decided states that apply to the plant, by its trade or by a local decision
 */
export const exemptStatuses = (time: number, decided: readonly string[]): readonly string[] =>
  time >= IN_FORCE ? decided : decided.filter((status) => status === 'stopped');
