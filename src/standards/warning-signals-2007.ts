// 中国气象局令第16号 气象灾害预警信号发布与传播办法, 附件 气象灾害预警信号及防御指南, in force since 2007-06-12: the 14 signals and their 44 levels.
// A level speaks of the place that is warned and counts none: one township in which it holds is enough. 以上 and 以下 include the number,
// 小于 does not. 或已达到并可能持续 is what the gauges show while it goes on.

import type { Clause, Condition, Question } from './conditions.ts';
import type { Edition } from './edition.ts';
import { EXTREME_DROUGHT, SEVERE_DROUGHT } from './gbt20481-2017.ts';
import { speedOf } from './gbt28591-2012.ts';
import { type WarningLevel, type WarningSignals, warningEdition } from './warning-signals.ts';

export const EDITION = {
  document: '中国气象局令第16号',
  title: {
    zh: '气象灾害预警信号发布与传播办法',
    en: 'Measures for issuing and spreading warning signals for meteorological disasters',
  },
  from: '2007-06-12',
  to: null,
  doubts: [
    'the text was not at hand: levels were read in public copies, most in two or more that agree; sandstorm yellow, haze and lightning red in one (warning_signals.file)',
    'whether Shanxi has levels of its own is not known; the county bureau says (warning_signals.file)',
    'haze: a revision of 2013 that also asks for humidity and PM2.5 is used in practice and was read second-hand; the text of 2007 is what is here (warning_signals.file)',
    '可能持续: rain or snow goes on while it falls in the last hour, or any is forecast; the rest as the weather plan has it (response.going_on)',
    'how many places make a signal is not said; no setting: one township, unless a file of a province says more',
    '最低气温下降: the lowest of the hours against the lowest of the day before them; no setting: a reading of the text',
    '对农业有影响 of frost has no dates: those of the weather plan (response.frost_seasons)',
    'first day in force from memory; no setting: it is older than any data',
  ],
} as const satisfies Edition;

const anyOf = (...any: Question[]): Question => ({ any });
const allOf = (...all: Question[]): Question => ({ all });
/** One township is enough. */
const level = (lead: number, each: Question): WarningLevel => ({
  lead,
  clauses: [[{ townships: 1, each }]] satisfies Clause[],
});
const ofPeople = (lead: number): WarningLevel => ({ lead, clauses: [] });

const toReach = (quantity: string, hours: number, atLeast: number): Condition => ({
  when: 'forecast',
  quantity,
  hours,
  of: 'highest',
  atLeast,
});
const blew = (quantity: string, hours: number, force: number): Condition => ({
  when: 'observed',
  quantity,
  hours,
  of: 'highest',
  atLeast: speedOf(force),
});

/** 二, 三: mm within the hours, expected, or fallen while more falls or is expected. */
const fall = (quantity: 'rain' | 'snow', hours: number, atLeast: number): WarningLevel => {
  const sum = { quantity, hours, of: 'sum' } as const;
  const goesOn = anyOf(
    { when: 'observed', quantity, hours: 1, of: 'sum', above: 0, goingOn: true },
    { ...sum, when: 'forecast', above: 0 },
  );
  return level(
    hours,
    anyOf({ ...sum, when: 'forecast', atLeast }, allOf({ ...sum, when: 'observed', atLeast }, goesOn)),
  );
};

/** 四: fall of the lowest temperature and the lowest itself, °C, and mean wind, Beaufort. */
const cold = (hours: number, drop: number, atMost: number, force: number): WarningLevel => {
  const was = { when: 'observed', quantity: 'temperature', hours } as const;
  return level(
    hours,
    anyOf(
      allOf(
        toReach('temperature_min_drop', hours, drop),
        { when: 'forecast', quantity: 'temperature_min', hours, of: 'lowest', atMost },
        toReach('wind_force', hours, force),
      ),
      allOf(
        { ...was, of: 'fall', atLeast: drop, goingOn: true },
        { ...was, of: 'lowest', atMost },
        blew('wind_speed', hours, force),
      ),
    ),
  );
};

/** 五: mean wind or gusts, Beaufort. */
const gale = (hours: number, force: number): WarningLevel =>
  level(
    hours,
    anyOf(
      toReach('wind_force', hours, force),
      toReach('gust_force', hours, force + 1),
      { ...blew('wind_speed', 1, force), goingOn: true },
      { ...blew('gust', 1, force + 1), goingOn: true },
    ),
  );

/** 六, 十二, 十三: visibility, m. */
const dim = (during: 'sandstorm' | 'fog' | 'haze', hours: number, below: number): WarningLevel =>
  level(
    hours,
    anyOf(
      { when: 'forecast', quantity: 'visibility', hours, of: 'lowest', below, during },
      { when: 'observed', quantity: 'visibility', hours: 1, of: 'lowest', below, during, goingOn: true },
    ),
  );

/** 八: MCI as it is, while the forecast has it developing. */
const drought = (atMost: number): WarningLevel =>
  level(
    168,
    allOf({ when: 'observed', quantity: 'drought_index', hours: 48, of: 'newest', atMost }, { trend: 'developing' }),
  );

/** 十一: ground temperature, °C. */
const frost = (hours: number, atMost: number): WarningLevel =>
  level(
    hours,
    anyOf(
      { when: 'forecast', quantity: 'ground_temperature_min', hours, of: 'lowest', atMost },
      { when: 'observed', quantity: 'ground_temperature', hours: 1, of: 'lowest', atMost, goingOn: true },
    ),
  );

const SIGNALS: WarningSignals = {
  typhoon: {
    name: { zh: '台风', en: 'Typhoon' },
    clause: '附件 一、台风预警信号',
    levels: { blue: ofPeople(24), yellow: ofPeople(24), orange: ofPeople(12), red: ofPeople(6) },
    unmeasured: { zh: '热带气旋的影响', en: 'that the wind is of a tropical cyclone' },
  },
  rainstorm: {
    name: { zh: '暴雨', en: 'Rainstorm' },
    clause: '附件 二、暴雨预警信号',
    levels: {
      blue: fall('rain', 12, 50),
      yellow: fall('rain', 6, 50),
      orange: fall('rain', 3, 50),
      red: fall('rain', 3, 100),
    },
  },
  snowstorm: {
    name: { zh: '暴雪', en: 'Snowstorm' },
    clause: '附件 三、暴雪预警信号',
    levels: {
      blue: fall('snow', 12, 4),
      yellow: fall('snow', 12, 6),
      orange: fall('snow', 6, 10),
      red: fall('snow', 6, 15),
    },
    judged: { zh: '对交通或者农牧业有影响', en: 'effect on traffic, farming or herding' },
  },
  'cold-wave': {
    name: { zh: '寒潮', en: 'Cold wave' },
    clause: '附件 四、寒潮预警信号',
    levels: {
      blue: cold(48, 8, 4, 5),
      yellow: cold(24, 10, 4, 6),
      orange: cold(24, 12, 0, 6),
      red: cold(24, 16, 0, 6),
    },
  },
  gale: {
    name: { zh: '大风', en: 'Gale' },
    clause: '附件 五、大风预警信号',
    levels: { blue: gale(24, 6), yellow: gale(12, 8), orange: gale(6, 10), red: gale(6, 12) },
  },
  sandstorm: {
    name: { zh: '沙尘暴', en: 'Sandstorm' },
    clause: '附件 六、沙尘暴预警信号',
    levels: { yellow: dim('sandstorm', 12, 1000), orange: dim('sandstorm', 6, 500), red: dim('sandstorm', 6, 50) },
  },
  'high-temperature': {
    name: { zh: '高温', en: 'High temperature' },
    clause: '附件 七、高温预警信号',
    levels: {
      yellow: level(72, { days: 3, each: toReach('temperature_max', 24, 35), seen: 'temperature' }),
      orange: level(24, toReach('temperature_max', 24, 37)),
      red: level(24, toReach('temperature_max', 24, 40)),
    },
  },
  drought: {
    name: { zh: '干旱', en: 'Drought' },
    clause: '附件 八、干旱预警信号',
    levels: { orange: drought(SEVERE_DROUGHT), red: drought(EXTREME_DROUGHT) },
    judged: { zh: '40%、60%以上的农作物受旱', en: 'share of crops that drought harms (40 %, 60 %)' },
  },
  lightning: {
    name: { zh: '雷电', en: 'Lightning' },
    clause: '附件 九、雷电预警信号',
    levels: { yellow: ofPeople(6), orange: ofPeople(2), red: ofPeople(2) },
    unmeasured: { zh: '雷电的可能性（无数值标准）', en: 'how likely lightning is (the levels have no number)' },
  },
  hail: {
    name: { zh: '冰雹', en: 'Hail' },
    clause: '附件 十、冰雹预警信号',
    levels: { orange: ofPeople(6), red: ofPeople(2) },
    unmeasured: { zh: '冰雹的可能性（无数值标准）', en: 'how likely hail is (the levels have no number)' },
  },
  frost: {
    name: { zh: '霜冻', en: 'Frost' },
    clause: '附件 十一、霜冻预警信号',
    levels: { blue: frost(48, 0), yellow: frost(24, -3), orange: frost(24, -5) },
    season: 'frost',
    judged: { zh: '对农业的影响', en: 'effect on farming' },
  },
  fog: {
    name: { zh: '大雾', en: 'Fog' },
    clause: '附件 十二、大雾预警信号',
    levels: { yellow: dim('fog', 12, 500), orange: dim('fog', 6, 200), red: dim('fog', 2, 50) },
  },
  haze: {
    name: { zh: '霾', en: 'Haze' },
    clause: '附件 十三、霾预警信号',
    levels: { yellow: dim('haze', 12, 3000), orange: dim('haze', 6, 2000) },
  },
  'road-icing': {
    name: { zh: '道路结冰', en: 'Road icing' },
    clause: '附件 十四、道路结冰预警信号',
    levels: { yellow: ofPeople(12), orange: ofPeople(6), red: ofPeople(2) },
    unmeasured: { zh: '路表温度与对交通的影响', en: 'temperature of road surfaces, and effect on traffic' },
  },
};

export const CMA_2007 = warningEdition(EDITION.document, SIGNALS);
