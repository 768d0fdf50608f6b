// 环境空气质量指数 AQI: what both editions of HJ 633 share. The tables and what differs are in hj633-2012.ts and hj633-2026.ts.
// Real-time AQI is of six 1 h means (PM2.5 and PM10 against the 24 h column), a day's of 24 h means and the MDA8 of O3.

import { AQI_LEVELS, type AqiLevel } from './aqi-levels.ts';
import { ceilOf, ceilSmall, decimalOf, roundDecimal, roundSmall, type Small, smallOf } from './decimal.ts';
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

/** The indices at which Table 1 gives concentrations. */
export const STEPS = [0, 50, 100, 150, 200, 300, 400, 500] as const;
/** 2026-03-01 00:00 Beijing time. */
const FROM_2026 = Date.UTC(2026, 1, 28, 16);

/** The edition for data whose period starts at this instant (epoch ms). Data older than HJ 633-2012 itself are held against it too. */
export const editionAt = (start: number): AqiEdition => (start >= FROM_2026 ? HJ633_2026 : HJ633_2012);

const isNone = (value: Concentration): value is null | undefined | '' =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
const isUnmonitored = (value: Concentration): boolean => typeof value === 'string' && value.trim() === '/';

const decimalsOf = (column: AqiColumn): number => (column.startsWith('co') ? 1 : 0);

/** Above the 500 row: 500. Above a column that ends early: its last index, or none. */
const indexAbove = ({ columns, endsWithIndex }: AqiEdition, column: AqiColumn): number | undefined => {
  const { length } = columns[column];
  return length === STEPS.length || endsWithIndex ? STEPS[length - 1] : undefined;
};

/** Of what has few digits, in whole numbers that doubles hold exactly. */
const iaqiOfSmall = (edition: AqiEdition, column: AqiColumn, { coefficient, unit }: Small): number | undefined => {
  const breaks = edition.columns[column];
  let high = 0;
  while (high < breaks.length && coefficient > breaks[high]! * unit) high++;
  if (high === 0) return 0;
  if (high === breaks.length) return indexAbove(edition, column);
  const [low, top] = [breaks[high - 1]!, breaks[high]!];
  const rise = STEPS[high]! - STEPS[high - 1]!;
  return STEPS[high - 1]! + ceilSmall(rise * (coefficient - low * unit), (top - low) * unit);
};

const iaqiOfAny = (
  edition: AqiEdition,
  column: AqiColumn,
  concentration: number | string,
  rounds: boolean,
): number | undefined => {
  const given = decimalOf(concentration);
  if (given.coefficient < 0n) throw new RangeError(`小于零 below zero: ${concentration}`);
  const { coefficient, scale } = rounds ? roundDecimal(given, decimalsOf(column)) : given;
  const unit = 10n ** BigInt(scale);
  const breaks = edition.columns[column];
  const high = breaks.findIndex((limit) => coefficient <= BigInt(limit) * unit);
  if (high === 0) return 0;
  if (high < 0) return indexAbove(edition, column);
  const [low, top] = [BigInt(breaks[high - 1]!), BigInt(breaks[high]!)];
  const rise = BigInt(STEPS[high]! - STEPS[high - 1]!);
  return STEPS[high - 1]! + ceilOf(rise * (coefficient - low * unit), (top - low) * unit);
};

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
  const rounds = edition.roundsFirst || rounds2012;
  const small = typeof concentration === 'number' ? smallOf(concentration) : undefined;
  if (small === undefined) return iaqiOfAny(edition, column, concentration, rounds);
  return iaqiOfSmall(edition, column, rounds ? roundSmall(small, decimalsOf(column)) : small);
};

/** Means that an item's own index is of. */
const COLUMNS: Readonly<Record<AqiPeriod, Readonly<Record<AqiItem, AqiColumn>>>> = {
  hour: { so2: 'so2_1h', no2: 'no2_1h', pm10: 'pm10_24h', pm25: 'pm25_24h', co: 'co_1h', o3: 'o3_1h' },
  day: { so2: 'so2_24h', no2: 'no2_24h', pm10: 'pm10_24h', pm25: 'pm25_24h', co: 'co_24h', o3: 'o3_8h' },
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
  const own = indexIn(judging, item, COLUMNS[period][item]);
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

type Indices = Partial<Record<AqiItem, number>>;

/** Those that there are. */
const given = (found: Record<AqiItem, number | undefined>): Indices =>
  Object.fromEntries(Object.entries(found).filter(([, index]) => index !== undefined));

/** 首要污染物: every item of the highest index, where that is above 50. */
const primaryOf = (aqi: number, indices: Indices): AqiItem[] => {
  const primary: AqiItem[] = [];
  if (aqi > 50) for (const item of AQI_ITEMS) if (indices[item] === aqi) primary.push(item);
  return primary;
};

/**
 * AQI, level and primary pollutants of an hour or a day. Values below zero that are drift (HJ 817, HJ 818) are the caller's to put to 0.
 * @throws RangeError where a concentration is negative or no number
 */
export const aqi = (edition: AqiEdition, period: AqiPeriod, input: AqiInput, options: AqiOptions = {}): AqiResult => {
  const judging = { edition, period, input, options };
  const found: Record<AqiItem, number | undefined> = {
    so2: indexOf(judging, 'so2'),
    no2: indexOf(judging, 'no2'),
    pm10: indexOf(judging, 'pm10'),
    pm25: indexOf(judging, 'pm25'),
    co: indexOf(judging, 'co'),
    o3: indexOf(judging, 'o3'),
  };
  const missing: AqiItem[] = [];
  const beyond: AqiItem[] = [];
  let highest = edition.least;
  let without = 0;
  for (const item of AQI_ITEMS) {
    const index = found[item];
    if (index !== undefined) {
      if (index > highest) highest = index;
      continue;
    }
    without++;
    if (isNone(input[item])) missing.push(item);
    else if (!isUnmonitored(input[item])) beyond.push(item);
  }
  const indices = without === 0 ? (found as Indices) : given(found);
  const { standard } = edition;
  const blocks = edition.needsAll && missing.some((item) => item !== 'pm10' || options.pm10Blocks === true);
  if (without === AQI_ITEMS.length || (blocks && highest <= 100))
    return { standard, iaqi: indices, missing, beyond, primary: [] };
  const level = levelOf(highest);
  return { standard, iaqi: indices, missing, beyond, aqi: highest, level, primary: primaryOf(highest, indices) };
};

/** Primary pollutants as one text: `PM10;PM2.5`; empty where there is none. */
export const primaryText = (primary: readonly AqiItem[]): string =>
  primary.map((item) => AQI_ITEM_NAMES[item]).join(';');
