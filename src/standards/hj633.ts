// 环境空气质量指数 AQI: what both editions of HJ 633 share. The tables and what differs are in hj633-2012.ts and hj633-2026.ts.
// Real-time AQI is of six 1 h means (PM2.5 and PM10 against the 24 h column), a day's of 24 h means and the MDA8 of O3.

import { AQI_LEVELS, type AqiLevel } from './aqi-levels.ts';
import { ceilOf, decimalOf, roundDecimal } from './decimal.ts';
import { HJ633_2012 } from './hj633-2012.ts';
import { HJ633_2026 } from './hj633-2026.ts';

/** In the order in which tied primary pollutants are named. */
export const AQI_ITEMS = ['so2', 'no2', 'pm10', 'pm25', 'co', 'o3'] as const;
export type AqiItem = (typeof AQI_ITEMS)[number];

/** How an item is written for people. */
export const AQI_ITEM_NAMES: Readonly<Record<AqiItem, string>> = {
  so2: 'SO2',
  no2: 'NO2',
  pm10: 'PM10',
  pm25: 'PM2.5',
  co: 'CO',
  o3: 'O3',
};

export type AqiPeriod = 'hour' | 'day';
export type AqiColumn = `${'so2' | 'no2' | 'co'}_${'1h' | '24h'}` | 'pm10_24h' | 'pm25_24h' | 'o3_1h' | 'o3_8h';

/** One edition: Table 1 and the rules in which the editions differ. */
export interface AqiEdition {
  readonly standard: 'HJ 633-2012' | 'HJ 633-2026';
  /** Concentrations at the steps of IAQI; SO2 1 h and O3 8 h end at 800 µg/m³. */
  readonly columns: Readonly<Record<AqiColumn, readonly number[]>>;
  /** The least AQI there is. */
  readonly least: number;
  /** Concentrations are rounded before the index. */
  readonly roundsFirst: boolean;
  /** Above a column that ends early the index is its last; else there is none. */
  readonly endsWithIndex: boolean;
  /** A day's greatest 1 h mean of O3 counts beside the MDA8. */
  readonly ozone1hInDay: boolean;
  /** With an item missing there is no AQI of 100 or less. */
  readonly needsAll: boolean;
}

/**
 * µg/m³, CO in mg/m³; a text is taken exactly as written, a number to twelve significant digits. null, undefined or a blank text: missing;
 * '/': not monitored.
 */
export type Concentration = number | string | null | undefined;

/** o3 is the hour's mean, or the day's MDA8. */
export type AqiInput = { readonly [item in AqiItem]?: Concentration } & {
  /** The day's greatest 1 h mean of O3; counts under HJ 633-2012 only. */
  readonly o3_1h?: Concentration;
  /** 24 h mean of SO2 up to the hour; under HJ 633-2012 it stands in where the hour's is above 800 µg/m³. */
  readonly so2_24h?: Concentration;
};

export interface AqiOptions {
  /** HJ 633-2026: PM10 alone missing blocks too. It does in the text (5.3.1) and does not in what is published. */
  readonly pm10Blocks?: boolean;
  /** HJ 633-2012: round concentrations first as HJ 633-2026 does. The text is silent; published concentrations are rounded. */
  readonly rounds2012?: boolean;
}

export interface AqiResult {
  readonly standard: AqiEdition['standard'];
  /** Absent: not available (NA), which is a result. */
  readonly aqi?: number;
  readonly level?: AqiLevel;
  /** 首要污染物: every item of the highest index when AQI is above 50. */
  readonly primary: readonly AqiItem[];
  readonly iaqi: Readonly<Partial<Record<AqiItem, number>>>;
  /** Without a value although monitored. */
  readonly missing: readonly AqiItem[];
  /** Above the end of a column that gives no index there (HJ 633-2012), without the other mean that would. */
  readonly beyond: readonly AqiItem[];
}

const STEPS = [0, 50, 100, 150, 200, 300, 400, 500] as const;
/** 2026-03-01 00:00 Beijing time. */
const FROM_2026 = Date.UTC(2026, 1, 28, 16);

/** The edition for data whose period starts at this instant (epoch ms). Data older than HJ 633-2012 itself are held against it too. */
export const editionAt = (start: number): AqiEdition => (start >= FROM_2026 ? HJ633_2026 : HJ633_2012);

const isNone = (value: Concentration): value is null | undefined | '' =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
const isUnmonitored = (value: Concentration): boolean => typeof value === 'string' && value.trim() === '/';

/**
 * IAQI (分指数) of one concentration, rounded up in exact arithmetic: I = (IHi − ILo) / (BHi − BLo) · (C − BLo) + ILo.
 * @returns undefined above the end of a column that has no index there
 * @throws RangeError where the concentration is negative or no number
 */
export const iaqi = (
  edition: AqiEdition,
  column: AqiColumn,
  concentration: number | string,
  { rounds2012 = false }: AqiOptions = {},
): number | undefined => {
  const given = decimalOf(concentration);
  if (given.coefficient < 0n) throw new RangeError(`小于零 below zero: ${concentration}`);
  const rounds = edition.roundsFirst || rounds2012;
  const { coefficient, scale } = rounds ? roundDecimal(given, column.startsWith('co') ? 1 : 0) : given;
  const unit = 10n ** BigInt(scale);
  const breaks = edition.columns[column];
  const high = breaks.findIndex((limit) => coefficient <= BigInt(limit) * unit);
  if (high === 0) return 0;
  // Above the 500 row: 500. Above a column that ends early: its last index, or none.
  if (high < 0) return breaks.length === STEPS.length || edition.endsWithIndex ? STEPS[breaks.length - 1] : undefined;
  const [low, top] = [BigInt(breaks[high - 1]!), BigInt(breaks[high]!)];
  const rise = BigInt(STEPS[high]! - STEPS[high - 1]!);
  return STEPS[high - 1]! + ceilOf(rise * (coefficient - low * unit), (top - low) * unit);
};

const columnOf = (item: AqiItem, period: AqiPeriod): AqiColumn => {
  if (item === 'pm10' || item === 'pm25') return `${item}_24h`;
  if (item === 'o3') return period === 'hour' ? 'o3_1h' : 'o3_8h';
  return period === 'hour' ? `${item}_1h` : `${item}_24h`;
};

const isGiven = (value: Concentration): value is number | string => !isNone(value) && !isUnmonitored(value);

interface Judging {
  readonly edition: AqiEdition;
  readonly period: AqiPeriod;
  readonly input: AqiInput;
  readonly options: AqiOptions;
}

/** The index of what the input has under a name; undefined: nothing, or beyond its column. */
const indexIn = ({ edition, input, options }: Judging, name: keyof AqiInput, column: AqiColumn): number | undefined => {
  const value = input[name];
  if (!isGiven(value)) return undefined;
  try {
    return iaqi(edition, column, value, options);
  } catch (thrown) {
    throw thrown instanceof RangeError ? new RangeError(`${name}: ${thrown.message}`) : thrown;
  }
};

/**
 * The index of an item. HJ 633-2012 looks at another mean too: beside its own (O3 in a day), or in its place (SO2 above 800 µg/m³
 * in an hour).
 */
const indexOf = (judging: Judging, item: AqiItem): number | undefined => {
  const { edition, period, input } = judging;
  const own = indexIn(judging, item, columnOf(item, period));
  if (item === 'o3' && period === 'day' && edition.ozone1hInDay) {
    const other = indexIn(judging, 'o3_1h', 'o3_1h');
    return own === undefined || (other !== undefined && other > own) ? other : own;
  }
  if (item === 'so2' && period === 'hour' && own === undefined && isGiven(input.so2))
    return indexIn(judging, 'so2_24h', 'so2_24h');
  return own;
};

/** Level 1 to 6 of an AQI. */
export const levelOf = (aqi: number): AqiLevel => AQI_LEVELS.find(({ most }) => aqi <= most)?.level ?? 6;

/** 首要污染物 and level of an AQI. */
const summary = (aqi: number, indices: ReadonlyMap<AqiItem, number>) => ({
  aqi,
  level: levelOf(aqi),
  primary: aqi > 50 ? [...indices].filter(([, index]) => index === aqi).map(([item]) => item) : [],
});

/**
 * AQI, level and primary pollutants of an hour or a day. Values below zero that are drift (HJ 817, HJ 818) are the caller's to put to 0.
 * @throws RangeError where a concentration is negative or no number
 */
export const aqi = (edition: AqiEdition, period: AqiPeriod, input: AqiInput, options: AqiOptions = {}): AqiResult => {
  const indices = new Map<AqiItem, number>();
  for (const item of AQI_ITEMS) {
    const index = indexOf({ edition, period, input, options }, item);
    if (index !== undefined) indices.set(item, index);
  }
  const missing = AQI_ITEMS.filter((item) => isNone(input[item]) && !indices.has(item));
  const beyond = AQI_ITEMS.filter((item) => isGiven(input[item]) && !indices.has(item));
  const rest = { standard: edition.standard, iaqi: Object.fromEntries(indices), missing, beyond };
  const highest = Math.max(edition.least, ...indices.values());
  const blocks = edition.needsAll && missing.some((item) => item !== 'pm10' || options.pm10Blocks === true);
  if (indices.size === 0 || (blocks && highest <= 100)) return { ...rest, primary: [] };
  return { ...rest, ...summary(highest, indices) };
};

/** Primary pollutants as one text: `PM10;PM2.5`; empty where there is none. */
export const primaryText = (primary: readonly AqiItem[]): string =>
  primary.map((item) => AQI_ITEM_NAMES[item]).join(';');
