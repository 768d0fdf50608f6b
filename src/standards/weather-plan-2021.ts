// 沁政办发〔2021〕19号 沁县气象灾害应急预案, 附件6 县级气象灾害应急响应标准, in force since 2021-07-19.
// A clause counts the townships (the zone is one) in which everything it names holds; 以上 and 以下 include the number itself.
// The clauses of a level are alternatives. A level that a hazard's table lacks is reached by rule (11) alone.

import type { Clause, Condition, Question } from './conditions.ts';
import type { Edition } from './edition.ts';
import { EXTREME_DROUGHT, SEVERE_DROUGHT } from './gbt20481-2017.ts';

export const EDITION = {
  document: '沁政办发〔2021〕19号',
  title: { zh: '沁县气象灾害应急预案', en: 'Emergency plan of Qinxian County for meteorological disasters' },
  from: '2021-07-19',
  to: null,
  doubts: [
    '较强降雨 of rainstorm IV has no number; GB/T 28592 calls 25 mm in 24 h heavy rain (response.strong_rain)',
    '降雪仍将持续 of snowstorm IV has no number: any snow that is forecast (response.snow_goes_on)',
    '成片 of fog has no number of townships (response.fog_patch)',
    '初霜冻 and 终霜冻 that harm farming have no dates (response.frost_seasons)',
    '已经出现并可能持续: whether it will go on is not said to be forecast (response.going_on)',
    'snowstorm II prints 4 个以上县, read as townships; gale prints 6-7 级 and 5-6 级, read as 6 and 5; no setting: readings of the text',
    'drought prints the same words for I and II, and for III and IV: it starts at the lower, rule (11) raises it; no setting: a reading of the text',
    'rule (11): how long a response must be in force before it still goes on developing is not said (response.develops_after)',
  ],
} as const satisfies Edition;

/** Levels from the lowest to the highest. */
export const LEVELS = ['IV', 'III', 'II', 'I'] as const;
export type Level = (typeof LEVELS)[number];

/** Words of the annex that have no number of their own. */
export type PlanWord = 'strong_rain' | 'snow_goes_on' | 'fog_patch';

/** 较强降雨, mm in 24 h, unless a setting says otherwise: 大雨 of GB/T 28592. */
export const STRONG_RAIN = 25;

/** 成片 of fog: the project's choice. */
export const FOG_PATCH = 2;

/** Late-spring and early-autumn frost that harms farming, MM-DD: the project's choice. */
export const FROST_SEASONS = ['04-01/05-31', '09-01/10-31'] as const;

type Asked = Question<PlanWord>;
type Ask = Condition<PlanWord>;

export interface Hazard {
  readonly name: { readonly zh: string; readonly en: string };
  readonly clause: string;
  readonly levels: Readonly<Partial<Record<Level, readonly Clause<PlanWord>[]>>>;
  /** Only in seasons that the settings name. */
  readonly season?: 'frost';
}

const fell = (quantity: string, hours: number, atLeast: number): Ask => ({
  when: 'observed',
  quantity,
  hours,
  of: 'sum',
  atLeast,
});
const toFall = (quantity: string, hours: number, atLeast: number | PlanWord): Ask => ({
  when: 'forecast',
  quantity,
  hours,
  of: 'sum',
  atLeast,
});
const toReach = (quantity: string, hours: number, atLeast: number): Ask => ({
  when: 'forecast',
  quantity,
  hours,
  of: 'highest',
  atLeast,
});
/** `townships` of them, in each of which all holds. */
const where = (townships: number | PlanWord, ...all: Asked[]): Clause<PlanWord> => [
  { townships, each: all.length === 1 ? all[0]! : { all } },
];

/** (3) hail in mm of diameter, an hour's rain, a gust of a thunderstorm; forecast within the hours, or there and going on. */
const convection = (hours: number, hail: number): Clause<PlanWord> =>
  where(6, {
    any: [
      toReach('hail', hours, hail),
      toReach('rain_1h_max', hours, 20),
      { ...toReach('gust', hours, 17), during: 'thunderstorm' },
      { when: 'observed', quantity: 'hail', hours: 1, of: 'highest', atLeast: hail, goingOn: true },
      { when: 'observed', quantity: 'rain', hours: 1, of: 'sum', atLeast: 20, goingOn: true },
      {
        when: 'observed',
        quantity: 'gust',
        hours: 1,
        of: 'highest',
        atLeast: 17,
        during: 'thunderstorm',
        goingOn: true,
      },
    ],
  });

/** (4) fall of the night's minimum in °C, and mean wind in Beaufort. */
const cold = (drop: number, force: number): Clause<PlanWord> =>
  where(6, toReach('temperature_min_drop', 48, drop), toReach('wind_force', 48, force));

/** (5) mean wind, or gusts, in Beaufort. */
const gale = (force: number, gust: number): Clause<PlanWord> =>
  where(6, { any: [toReach('wind_force', 24, force), toReach('gust_force', 24, gust)] });

/** Visibility in m: forecast within the hours, or there and going on. */
const dim = (during: 'fog' | 'sandstorm', hours: number, below: number): Asked => ({
  any: [
    { when: 'forecast', quantity: 'visibility', hours, of: 'lowest', below, during },
    { when: 'observed', quantity: 'visibility', hours: 1, of: 'lowest', below, during, goingOn: true },
  ],
});

/** (7) °C, the highest of the 48 h before. */
const hot = (atLeast: number): Ask => ({
  when: 'observed',
  quantity: 'temperature',
  hours: 48,
  of: 'highest',
  atLeast,
});
/** ... and of the 48 h ahead. */
const STAYS_HOT = toReach('temperature_max', 48, 37);

/** (8) composite index MCI: the newest there is of the last two days. */
const drought = (atMost: number): Clause<PlanWord> =>
  where(6, { when: 'observed', quantity: 'drought_index', hours: 48, of: 'newest', atMost }, { trend: 'developing' });

/** (9) °C. */
const frost = (atMost: number): Clause<PlanWord> =>
  where(6, { when: 'forecast', quantity: 'ground_temperature_min', hours: 24, of: 'lowest', atMost });

/** The ten hazards of 3.4, each as its table in the annex has it. */
export const HAZARDS: Readonly<Record<string, Hazard>> = {
  rainstorm: {
    name: { zh: '暴雨', en: 'Rainstorm' },
    clause: '附件6 (1) 暴雨',
    levels: {
      IV: [where(6, toFall('rain', 24, 50)), where(4, fell('rain', 24, 50), toFall('rain', 24, 'strong_rain'))],
      III: [where(3, toFall('rain', 24, 100)), where(6, fell('rain', 24, 50), toFall('rain', 24, 50))],
      II: [
        where(6, toFall('rain', 24, 100)),
        where(2, fell('rain', 24, 150)),
        where(3, fell('rain', 24, 100), toFall('rain', 24, 50)),
      ],
      I: [where(3, fell('rain', 24, 150), toFall('rain', 24, 50))],
    },
  },
  snowstorm: {
    name: { zh: '暴雪', en: 'Snowstorm' },
    clause: '附件6 (2) 暴雪',
    levels: {
      IV: [
        where(8, toFall('snow', 24, 5)),
        where(6, fell('snow', 24, 5), {
          when: 'forecast',
          quantity: 'snow',
          hours: 24,
          of: 'sum',
          above: 'snow_goes_on',
        }),
      ],
      III: [where(8, toFall('snow', 24, 10)), where(6, fell('snow', 24, 10), toFall('snow', 24, 5))],
      II: [where(6, toFall('snow', 24, 20)), where(4, fell('snow', 24, 15), toFall('snow', 24, 5))],
      I: [where(6, fell('snow', 24, 20), toFall('snow', 24, 10))],
    },
  },
  'severe-convection': {
    name: { zh: '强对流', en: 'Severe convection' },
    clause: '附件6 (3) 强对流',
    levels: { IV: [convection(24, 3)], III: [convection(12, 5)] },
  },
  'cold-wave': {
    name: { zh: '寒潮', en: 'Cold wave' },
    clause: '附件6 (4) 寒潮',
    levels: { IV: [cold(10, 5)], III: [cold(12, 5)], II: [cold(16, 6)], I: [cold(20, 6)] },
  },
  gale: {
    name: { zh: '大风', en: 'Gale' },
    clause: '附件6 (5) 大风',
    levels: { IV: [gale(5, 9)], III: [gale(6, 10)], II: [gale(8, 11)] },
  },
  sandstorm: {
    name: { zh: '沙尘暴', en: 'Sandstorm' },
    clause: '附件6 (6) 沙尘暴',
    levels: { IV: [where(6, dim('sandstorm', 24, 1000))], III: [where(6, dim('sandstorm', 12, 500))] },
  },
  'high-temperature': {
    name: { zh: '高温', en: 'High temperature' },
    clause: '附件6 (7) 高温',
    levels: {
      IV: [where(6, hot(37), STAYS_HOT)],
      // 且有 2 个乡镇 40 ℃, 上述地区仍将持续: these two stay hot as well.
      III: [[...where(6, hot(37), STAYS_HOT), ...where(2, hot(40), STAYS_HOT)]],
    },
  },
  drought: {
    name: { zh: '气象干旱', en: 'Drought' },
    clause: '附件6 (8) 气象干旱',
    levels: { IV: [drought(SEVERE_DROUGHT)], II: [drought(EXTREME_DROUGHT)] },
  },
  frost: {
    name: { zh: '霜冻', en: 'Frost' },
    clause: '附件6 (9) 霜冻',
    season: 'frost',
    levels: { IV: [frost(0)], III: [frost(-3)], II: [frost(-5)] },
  },
  fog: {
    name: { zh: '雾', en: 'Fog' },
    clause: '附件6 (10) 雾',
    levels: {
      IV: [[...where(6, dim('fog', 24, 1000)), ...where('fog_patch', dim('fog', 24, 500))]],
      III: [[...where(6, dim('fog', 24, 500)), ...where('fog_patch', dim('fog', 24, 200))]],
    },
  },
};

/** One step up while it goes on developing; the other grounds are a person's to judge. */
export const RULE_11 = '附件6 (11)';
