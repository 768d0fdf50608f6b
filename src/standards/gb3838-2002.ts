// GB 3838-2002 地表水环境质量标准, Table 1 基本项目标准限值. Rivers, and lakes and reservoirs (湖、库), differ in total phosphorus.
// Items are named as the water feed's quantities. Water temperature (No. 1) has no limits of classes.

import type { Edition } from './edition.ts';
import { saturatedOxygen } from './hj2-3-2018.ts';

export const EDITION = {
  document: 'GB 3838-2002',
  title: { zh: '地表水环境质量标准', en: 'Environmental quality standards for surface water' },
  from: '2002-06-01',
  to: null,
  doubts: [
    'Table 1 was read in public copies, not in the printed standard: items 2 to 9 and 24 in several that agree, 10 to 23 in one, and from memory; no setting: a table is compared with the print once',
    'pH outside 6 to 9 meets no class and counts as worse than V; no setting: Table 1 has one range for all five',
    'whether class I of dissolved oxygen is judged by saturation as well as by 7.5 mg/L differs in practice (water.do_saturation)',
  ],
} as const satisfies Edition;

/** Limits of the classes I to V. */
export type Limits = readonly [number, number, number, number, number];

interface Item {
  /** Row of Table 1. */
  readonly no: number;
  readonly limits: Limits;
  /** Where lakes and reservoirs have their own. */
  readonly lake?: Limits;
  /** The value must be at least the limit; else at most. */
  readonly atLeast?: true;
}

/** Table 1 but for water temperature and pH; mg/L, faecal coliform 1/L. */
const TABLE_1 = {
  dissolved_oxygen: { no: 3, limits: [7.5, 6, 5, 3, 2], atLeast: true },
  permanganate_index: { no: 4, limits: [2, 4, 6, 10, 15] },
  cod: { no: 5, limits: [15, 15, 20, 30, 40] },
  bod5: { no: 6, limits: [3, 3, 4, 6, 10] },
  ammonia_nitrogen: { no: 7, limits: [0.15, 0.5, 1, 1.5, 2] },
  total_phosphorus: { no: 8, limits: [0.02, 0.1, 0.2, 0.3, 0.4], lake: [0.01, 0.025, 0.05, 0.1, 0.2] },
  total_nitrogen: { no: 9, limits: [0.2, 0.5, 1, 1.5, 2] },
  copper: { no: 10, limits: [0.01, 1, 1, 1, 1] },
  zinc: { no: 11, limits: [0.05, 1, 1, 2, 2] },
  fluoride: { no: 12, limits: [1, 1, 1, 1.5, 1.5] },
  selenium: { no: 13, limits: [0.01, 0.01, 0.01, 0.02, 0.02] },
  arsenic: { no: 14, limits: [0.05, 0.05, 0.05, 0.1, 0.1] },
  mercury: { no: 15, limits: [0.00005, 0.00005, 0.0001, 0.001, 0.001] },
  cadmium: { no: 16, limits: [0.001, 0.005, 0.005, 0.005, 0.01] },
  chromium_vi: { no: 17, limits: [0.01, 0.05, 0.05, 0.05, 0.1] },
  lead: { no: 18, limits: [0.01, 0.01, 0.05, 0.05, 0.1] },
  cyanide: { no: 19, limits: [0.005, 0.05, 0.2, 0.2, 0.2] },
  volatile_phenol: { no: 20, limits: [0.002, 0.002, 0.005, 0.01, 0.1] },
  petroleum: { no: 21, limits: [0.05, 0.05, 0.05, 0.5, 1] },
  anionic_surfactant: { no: 22, limits: [0.2, 0.2, 0.2, 0.3, 0.3] },
  sulfide: { no: 23, limits: [0.05, 0.1, 0.2, 0.5, 1] },
  faecal_coliform: { no: 24, limits: [200, 2000, 10_000, 20_000, 40_000] },
} as const satisfies Readonly<Record<string, Item>>;

type LimitedItem = keyof typeof TABLE_1;
export type WaterItem = 'ph' | LimitedItem;

/** pH (No. 2) has the same range in every class, both ends included. */
export const PH_RANGE = [6, 9] as const;

/** Share of saturation from which dissolved oxygen is class I, whatever its mg/L: 饱和率 90 % (或 7.5). */
export const SATURATION_I = 0.9;

export type WaterBody = 'river' | 'lake';

/** 1 to 5 for the classes I to V, 6 for what is worse than V (劣V类). */
export type WaterClass = 1 | 2 | 3 | 4 | 5 | 6;

/** Names of the classes 1 to 6. */
export const CLASS_NAMES = ['I', 'II', 'III', 'IV', 'V', 'worse-than-V'] as const;
export type ClassName = (typeof CLASS_NAMES)[number];

/** The name of a class. */
export const classNameOf = (one: WaterClass): ClassName => CLASS_NAMES[one - 1]!;

/**
 * Limits of an item for the classes I to V, mg/L (faecal coliform 1/L); undefined for pH, which has a range.
 */
export const limitsOf = (item: WaterItem, body: WaterBody): Limits | undefined => {
  if (item === 'ph') return undefined;
  const { limits, lake }: Item = TABLE_1[item];
  return body === 'lake' && lake !== undefined ? lake : limits;
};

/** What the class of dissolved oxygen may be judged by besides its mg/L. */
export interface OxygenConditions {
  /** Water temperature, °C. */
  readonly temperature: number;
  /** Pressure of the air, kPa. */
  readonly pressure: number;
}

const firstMet = (meets: readonly boolean[]): WaterClass => {
  const index = meets.indexOf(true);
  return (index < 0 ? 6 : index + 1) as WaterClass;
};

const isSaturated = (value: number, { temperature, pressure }: OxygenConditions): boolean =>
  value >= SATURATION_I * saturatedOxygen(temperature, pressure);

/**
 * The class of an item: the best class whose limit it meets, limits included (Table 1); of equal limits the better class.
 * @param value mg/L; pH as such; faecal coliform 1/L
 * @param oxygen judges class I of dissolved oxygen by saturation too; absent: by 7.5 mg/L alone
 * @throws RangeError where the value is no number
 */
export const itemClass = (
  item: WaterItem,
  value: number,
  body: WaterBody,
  oxygen?: OxygenConditions | undefined,
): WaterClass => {
  if (!Number.isFinite(value)) throw new RangeError(`${item} has no class: ${value}`);
  if (item === 'ph') return value >= PH_RANGE[0] && value <= PH_RANGE[1] ? 1 : 6;
  if (item === 'dissolved_oxygen' && oxygen !== undefined && isSaturated(value, oxygen)) return 1;
  const { atLeast }: Item = TABLE_1[item];
  return firstMet(limitsOf(item, body)!.map((limit) => (atLeast ? value >= limit : value <= limit)));
};
