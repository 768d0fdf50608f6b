// 环办〔2011〕22号 地表水环境质量评价办法（试行）, 2011-03-09: what class a section is of, and what a river. Averages first, then class: a
// class is never averaged.

import type { Edition } from './edition.ts';
import {
  itemClass,
  limitsOf,
  type OxygenConditions,
  type WaterBody,
  type WaterClass,
  type WaterItem,
} from './gb3838-2002.ts';
import { meanOf, type PhMean } from './water-statistics-2020.ts';

export const EDITION = {
  document: '环办〔2011〕22号',
  title: {
    zh: '地表水环境质量评价办法（试行）',
    en: 'Measures for evaluating surface water environmental quality (trial)',
  },
  from: '2011-03-09',
  to: null,
  doubts: [
    'grades and shares of rivers, and that five sections are enough for shares: one public source and memory; no setting: source and memory agree, and no threshold looks at rivers',
    'at exactly 60 % of I-III and 40 % worse than V sources differ; no setting: here it is heavy, as Shenzhen prints it',
    'colours are from memory; no setting: they are words',
    'number and order of main pollutants: one public source and memory; no setting: a reading of words',
    'which of the 21 items are the heavy metals that come first is this project’s reading; no setting: the text says “such as lead and chromium”',
    'the months that a year needs where ice keeps from sampling are from memory (water.year_months)',
    'which items a class needs at least is not said; automatic stations measure few of the 21 (water.required_items)',
  ],
} as const satisfies Edition;

/** The 21 items that take part: those of GB 3838-2002 Table 1 but for water temperature, total nitrogen and faecal coliform. */
export const ITEMS = [
  'ph',
  'dissolved_oxygen',
  'permanganate_index',
  'cod',
  'bod5',
  'ammonia_nitrogen',
  'total_phosphorus',
  'copper',
  'zinc',
  'fluoride',
  'selenium',
  'arsenic',
  'mercury',
  'cadmium',
  'chromium_vi',
  'lead',
  'cyanide',
  'volatile_phenol',
  'petroleum',
  'anionic_surfactant',
  'sulfide',
] as const satisfies readonly WaterItem[];
export type EvaluatedItem = (typeof ITEMS)[number];

/** Among main pollutants these come first when they exceed: 氰化物，铅、铬等重金属. */
const FIRST: readonly EvaluatedItem[] = [
  'cyanide',
  'copper',
  'zinc',
  'arsenic',
  'mercury',
  'cadmium',
  'chromium_vi',
  'lead',
];

/** Monthly values that a year needs at least, where ice keeps from sampling; from memory. */
export const YEAR_MONTHS = 8;

/** Main pollutants are at most so many. */
const MAIN_MOST = 3;
const CLASS_III = 3;

export interface Grade {
  readonly zh: string;
  readonly en: string;
  readonly colour: { readonly zh: string; readonly en: string };
}

const [EXCELLENT, GOOD, LIGHT, MEDIUM, HEAVY]: readonly [Grade, Grade, Grade, Grade, Grade] = [
  { zh: '优', en: 'excellent', colour: { zh: '蓝', en: 'blue' } },
  { zh: '良好', en: 'good', colour: { zh: '绿', en: 'green' } },
  { zh: '轻度污染', en: 'lightly polluted', colour: { zh: '黄', en: 'yellow' } },
  { zh: '中度污染', en: 'moderately polluted', colour: { zh: '橙', en: 'orange' } },
  { zh: '重度污染', en: 'heavily polluted', colour: { zh: '红', en: 'red' } },
];

/** The classes I to V and worse than V as tables write them. */
export const CLASS_NUMERALS = ['Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ', 'Ⅴ', '劣Ⅴ'] as const;
/** Colours of the classes as of the grades, from memory. */
export const CLASS_COLOURS = ['#CCFFFF', '#00CCFF', '#00FF00', '#FFFF00', '#FF9900', '#FF0000'] as const;

/** 水质状况 of a section, by its class. */
export const gradeOf = (one: WaterClass): Grade => {
  if (one <= 2) return EXCELLENT;
  return [GOOD, LIGHT, MEDIUM, HEAVY][one - 3]!;
};

/** Values of a section by item, mg/L, pH as such, `water_temperature` in °C; what is absent was not measured. */
export type WaterValues = Readonly<Record<string, number | undefined>>;

export interface WaterConditions {
  readonly body: WaterBody;
  /** Pressure of the air, kPa: class I of dissolved oxygen is judged by saturation too; absent: by mg/L alone. */
  readonly pressure?: number | undefined;
  /** What a value is rounded to before it is judged; absent: it is judged as it is. */
  readonly rounded?: ((item: EvaluatedItem, value: number) => number) | undefined;
}

export interface ItemResult {
  readonly item: EvaluatedItem;
  /** As it was judged. */
  readonly value: number;
  readonly class: WaterClass;
  /** 超标倍数 over class III; absent where it does not exceed, and for pH and dissolved oxygen. */
  readonly multiple?: number;
}

export interface Evaluation {
  /** The worst class of the items measured (单因子评价法). */
  readonly class: WaterClass;
  /** Items measured, in the order of Table 1. */
  readonly items: readonly ItemResult[];
  /** 定类指标: items whose class is the section's. */
  readonly defining: readonly EvaluatedItem[];
  /** Of the 21 those that were not measured. */
  readonly missing: readonly EvaluatedItem[];
  /** 主要污染指标, at most three, in order; empty for the classes I to III. */
  readonly main: readonly ItemResult[];
}

/**
 * 超标倍数 (C − S) / S over the class III limit; undefined where the value does not exceed it. None for water temperature, pH and
 * dissolved oxygen.
 * @param value mg/L
 */
export const exceedanceMultiple = (item: WaterItem, value: number, body: WaterBody): number | undefined => {
  const limit = item === 'dissolved_oxygen' ? undefined : limitsOf(item, body)?.[CLASS_III - 1];
  // Twelve digits: binary noise must not decide which of two equal multiples comes first.
  return limit === undefined || value <= limit ? undefined : Number(((value - limit) / limit).toPrecision(12));
};

const resultOf = (item: EvaluatedItem, value: number, body: WaterBody, oxygen?: OxygenConditions): ItemResult => {
  const multiple = exceedanceMultiple(item, value, body);
  const judged = { item, value, class: itemClass(item, value, body, oxygen) };
  return multiple === undefined ? judged : { ...judged, multiple };
};

const first = ({ item }: ItemResult): number => (FIRST.includes(item) ? 0 : 1);

/** Cyanide and heavy metals first, then the worse class, then the higher multiple; equal ones in the order of Table 1. */
const byWeight = (a: ItemResult, b: ItemResult): number =>
  first(a) - first(b) || b.class - a.class || (b.multiple ?? 0) - (a.multiple ?? 0);

/** The main pollutants of a section among its items over class III, at most three. */
const mainOf = (items: readonly ItemResult[]): ItemResult[] =>
  items
    .filter((one) => one.class > CLASS_III)
    .sort(byWeight)
    .slice(0, MAIN_MOST);

/**
 * Evaluate a section, or a lake from the means of its points.
 * @param values means of the period, or one sample; quantities that take no part are passed over
 * @returns undefined where none of the 21 items was measured
 * @throws RangeError where a value is no number
 */
export const evaluateSection = (values: WaterValues, conditions: WaterConditions): Evaluation | undefined => {
  const { body, pressure, rounded = (_, value) => value } = conditions;
  const temperature = values['water_temperature'];
  const oxygen = temperature === undefined || pressure === undefined ? undefined : { temperature, pressure };
  const items = ITEMS.flatMap((item) => {
    const value = values[item];
    return value === undefined ? [] : [resultOf(item, rounded(item, value), body, oxygen)];
  });
  if (items.length === 0) return undefined;
  const worst = Math.max(...items.map((one) => one.class)) as WaterClass;
  return {
    class: worst,
    items,
    defining: items.filter((one) => one.class === worst).map(({ item }) => item),
    missing: ITEMS.filter((item) => values[item] === undefined),
    main: mainOf(items),
  };
};

/**
 * 水质优良(Ⅰ~Ⅲ类)断面比例: the share of sections of class I to III, 0 to 1.
 * @throws RangeError where there are none
 */
export const goodShare = (classes: readonly WaterClass[]): number => shareOf(classes, (one) => one <= CLASS_III);

const shareOf = (classes: readonly WaterClass[], counts: (one: WaterClass) => boolean): number => {
  if (classes.length === 0) throw new RangeError('no sections');
  return classes.filter(counts).length / classes.length;
};

/** A river of so many sections or more is judged by shares, one of fewer by the means of its items. */
const SECTIONS_FOR_SHARES = 5;

/** The grade of a river by its sections' classes: shares of I to III, and of worse than V. */
export const gradeByShares = (classes: readonly WaterClass[]): Grade => {
  const good = goodShare(classes);
  const worst = shareOf(classes, (one) => one === 6);
  if (good >= 0.9) return EXCELLENT;
  if (good >= 0.75) return GOOD;
  if (worst < 0.2) return LIGHT;
  return worst < 0.4 ? MEDIUM : HEAVY;
};

/** A river's items over class III by 断面超标率, the share of sections in which they are; at most three. */
const mainByShares = (sections: readonly Evaluation[]): EvaluatedItem[] => {
  const over = (item: EvaluatedItem): number =>
    sections.filter(({ items }) => items.some((one) => one.item === item && one.class > CLASS_III)).length;
  return ITEMS.filter((item) => over(item) > 0)
    .sort((a, b) => over(b) - over(a))
    .slice(0, MAIN_MOST);
};

/**
 * Means of every item, and of water temperature, over those samples or sections that measured it.
 * @param ph how pH is averaged
 */
export const meansOfItems = (samples: readonly WaterValues[], ph: PhMean): WaterValues =>
  Object.fromEntries(
    ['water_temperature', ...ITEMS].flatMap((item) => {
      const values = samples.flatMap((sample) => sample[item] ?? []);
      return values.length === 0 ? [] : [[item, meanOf(item, values, ph)]];
    }),
  );

export interface RiverEvaluation {
  readonly grade: Grade;
  /** Class by the means of the items; absent where the river is judged by shares. */
  readonly class?: WaterClass;
  /** Share of evaluated sections of class I to III, 0 to 1. */
  readonly goodShare: number;
  readonly main: readonly EvaluatedItem[];
}

/**
 * Evaluate a river, or a system of rivers, from its sections: by shares of classes where five or more were evaluated, else by the
 * mean of every item over all of them.
 * @param sections values of each; one of which nothing was measured does not count
 * @param ph how pH is averaged
 * @returns undefined where no section was evaluated
 */
export const evaluateRiver = (
  sections: readonly WaterValues[],
  given: Pick<WaterConditions, 'pressure' | 'rounded'>,
  ph: PhMean,
): RiverEvaluation | undefined => {
  const conditions = { ...given, body: 'river' } as const;
  const evaluations = sections.flatMap((values) => evaluateSection(values, conditions) ?? []);
  if (evaluations.length === 0) return undefined;
  const classes = evaluations.map((one) => one.class);
  const share = goodShare(classes);
  if (evaluations.length >= SECTIONS_FOR_SHARES)
    return { grade: gradeByShares(classes), goodShare: share, main: mainByShares(evaluations) };
  const whole = evaluateSection(meansOfItems(sections, ph), conditions)!;
  return {
    grade: gradeOf(whole.class),
    class: whole.class,
    goodShare: share,
    main: whole.main.map(({ item }) => item),
  };
};
