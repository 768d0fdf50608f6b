// 沁政办发〔2021〕19号, 附件5: whom its tables name, and how a table of measures is written. The measures are short items in the project's
// own words, not the annex's. Where cells span levels the copy at hand does not show the rules between them: a row with two texts is
// read by the width of its lines, and where that does not tell either, the middle level has both.

import type { Level } from './weather-plan-2021.ts';

export interface Words {
  readonly zh: string;
  readonly en: string;
}

/** What a department does at some of the levels. */
export interface Duty extends Words {
  readonly levels: readonly Level[];
}

/** A row of a table: who, and what of them. */
export interface Row {
  readonly department: Words;
  readonly duties: readonly Duty[];
}

/** A table of the annex: its clause, and the lowest level that it has a column for. */
export interface MeasureTable {
  readonly clause: string;
  readonly lowest: Level;
  readonly rows: readonly Row[];
}

/** Columns: Ⅳ and Ⅲ together, Ⅱ, Ⅰ; and cells that span them. */
export const LOW: readonly Level[] = ['IV', 'III'];
export const MIDDLE: readonly Level[] = ['II'];
export const TOP: readonly Level[] = ['I'];
export const TO_MIDDLE: readonly Level[] = ['IV', 'III', 'II'];
export const FROM_MIDDLE: readonly Level[] = ['II', 'I'];
export const ALL: readonly Level[] = ['IV', 'III', 'II', 'I'];

export const on = (levels: readonly Level[], zh: string, en: string): Duty => ({ levels, zh, en });

export const row = (department: Words, ...duties: Duty[]): Row => ({ department, duties });

const named = (zh: string, en: string): Words => ({ zh, en });

export const POLICE = named('公安部门', 'Police');
export const POLICE_AND_FIRE = named('公安消防部门', 'Police and fire service');
export const SCHOOLS_BUREAU = named('教育部门', 'Education');
export const HOUSING = named('住建部门', 'Housing and construction');
export const PARKS = named('园林部门', 'Parks');
export const CITY = named('城管部门', 'City management');
export const MUNICIPAL = named('市政部门', 'Municipal works');
export const FARMING = named('农业部门', 'Agriculture');
export const FARMS_WOODS_FISH = named('农林渔业部门', 'Farming, forestry and fishery');
export const WATER = named('水利部门', 'Water resources');
export const EMERGENCY = named('应急部门', 'Emergency management');
export const WORK_SAFETY = named('安监部门', 'Work safety');
export const ROADS = named('公路部门', 'Highways');
export const HEALTH = named('卫生部门', 'Health');
export const HEALTH_AND_SPORT = named('卫体部门', 'Health and sport');
export const TRANSPORT = named('交通部门', 'Transport');
export const TOURISM = named('旅游部门', 'Tourism');
export const CIVIL_AFFAIRS = named('民政部门', 'Civil affairs');
export const MARKET = named('市场部门', 'Market supervision');
export const LABOUR = named('人社部门', 'Labour and social security');
export const POWER = named('电力部门', 'Power');
export const POWER_AND_TELECOM = named('电力、通信部门', 'Power and telecommunications');
export const GOVERNMENTS = named('各级政府', 'Governments at every level');
export const LOCAL_GOVERNMENT = named('事发地政府', 'Government where it happened');
export const TOWNSHIPS = named('各乡镇、街道、村', 'Townships, streets and villages');
export const ARMED_POLICE = named('武警部队', 'Armed police');
export const MEDIA = named('宣传媒体', 'Media');
export const PUBLIC = named('市民', 'The public');
export const SCHOOLS = named('学校', 'Schools');
export const COMMUNITIES = named('社区', 'Communities');
export const SITES = named('建筑工地', 'Building sites');
export const UTILITIES = named('供电、供水、燃气等基础设施单位', 'Power, water, gas and other utilities');
