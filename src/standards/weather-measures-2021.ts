// 沁政办发〔2021〕19号, 附件5 气象灾害的部门联动和社会响应: who does what, by hazard and level. Eight tables; the other hazards of the plan
// (强对流, 沙尘暴, 气象干旱, 霜冻) have none.

import type { MeasureTable, Words } from './weather-departments-2021.ts';
import { HIGH_TEMPERATURE } from './weather-measures-heat.ts';
import { LIGHTNING } from './weather-measures-lightning.ts';
import { RAINSTORM } from './weather-measures-rainstorm.ts';
import { FOG, ICY_ROAD } from './weather-measures-roads.ts';
import { SNOW } from './weather-measures-snow.ts';
import { COLD_WAVE, GALE } from './weather-measures-wind.ts';
import { LEVELS, type Level } from './weather-plan-2021.ts';

/** What a department does, with the clause. */
export interface Measure {
  readonly department: Words;
  readonly items: readonly Words[];
  readonly clause: string;
}

/** By subject of a weather response or of a warning signal. */
export const MEASURES: Readonly<Record<string, MeasureTable>> = {
  rainstorm: RAINSTORM,
  snowstorm: SNOW,
  'cold-wave': COLD_WAVE,
  gale: GALE,
  'high-temperature': HIGH_TEMPERATURE,
  lightning: LIGHTNING,
  fog: FOG,
  'road-icing': ICY_ROAD,
};

/** The colours of warning signals that the tables have beside their levels. */
const BESIDE: Readonly<Record<string, Level>> = { blue: 'IV', yellow: 'III', orange: 'II', red: 'I' };

/** Where the annex has no table, or its table no column so low. */
export const NONE_NAMED: Words = {
  zh: '沁政办发〔2021〕19号附件5未列出该灾种或该级别的部门措施',
  en: 'annex 5 of the plan names no measures for this hazard or level',
};

/**
 * What each department does, in the order of the annex.
 * @param hazard subject of a weather response or a warning signal, `rainstorm`
 * @param level IV to I, or blue to red
 * @returns empty where the plan names none
 */
export const measuresFor = (hazard: string, level: string): readonly Measure[] => {
  const table = Object.hasOwn(MEASURES, hazard) ? MEASURES[hazard] : undefined;
  const named = BESIDE[level] ?? (level as Level);
  const rank = LEVELS.indexOf(named);
  if (table === undefined || rank < LEVELS.indexOf(table.lowest)) return [];
  return table.rows.flatMap(({ department, duties }) => {
    const items = duties.filter(({ levels }) => levels.includes(named)).map(({ zh, en }) => ({ zh, en }));
    return items.length === 0 ? [] : [{ department, items, clause: table.clause }];
  });
};
