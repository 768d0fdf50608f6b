// 环境空气质量指数 AQI: what both editions of HJ 633 share. The tables and what differs are in hj633-2012.ts and hj633-2026.ts.
// Real-time AQI is of six 1 h means (PM2.5 and PM10 against the 24 h column), a day's of 24 h means and the MDA8 of O3.

import { AQI_LEVELS, type AqiLevel } from './aqi-levels.ts';
import { ceilOf, ceilSmall, decimalOf, roundDecimal, roundPlain, roundSmall, smallOf } from './decimal.ts';
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
const isGiven = (value: Concentration): value is number | string =>
  typeof value === 'number' || !(isNone(value) || isUnmonitored(value));

/** A column of Table 1 as indices are read from it. */
interface Scale {
  /** Concentrations at the steps of IAQI. */
  readonly limits: readonly number[];
  /** Above the 500 row: 500. Above a column that ends early: its last index, or none. */
  readonly above: number | undefined;
  /** Decimals that are kept where concentrations are rounded first. */
  readonly decimals: 0 | 1;
}

const scaleOf = ({ columns, endsWithIndex }: AqiEdition, column: AqiColumn): Scale => {
  const limits = columns[column];
  const { length } = limits;
  const above = length === STEPS.length || endsWithIndex ? STEPS[length - 1] : undefined;
  return { limits, above, decimals: column.startsWith('co') ? 1 : 0 };
};

/** Of so many parts of 1 / unit, in whole numbers that doubles hold exactly. */
const indexOfParts = ({ limits, above }: Scale, parts: number, unit: number): number | undefined => {
  let high = 0;
  while (high < limits.length && parts > limits[high]! * unit) high++;
  if (high === 0) return 0;
  if (high === limits.length) return above;
  const [low, top] = [limits[high - 1]!, limits[high]!];
  const rise = STEPS[high]! - STEPS[high - 1]!;
  return STEPS[high - 1]! + ceilSmall(rise * (parts - low * unit), (top - low) * unit);
};

const indexOfAny = (scale: Scale, concentration: number | string, rounds: boolean): number | undefined => {
  const given = decimalOf(concentration);
  if (given.coefficient < 0n) throw new RangeError(`小于零 below zero: ${concentration}`);
  const { coefficient, scale: digits } = rounds ? roundDecimal(given, scale.decimals) : given;
  const unit = 10n ** BigInt(digits);
  const { limits, above } = scale;
  const high = limits.findIndex((limit) => coefficient <= BigInt(limit) * unit);
  if (high === 0) return 0;
  if (high < 0) return above;
  const [low, top] = [BigInt(limits[high - 1]!), BigInt(limits[high]!)];
  const rise = BigInt(STEPS[high]! - STEPS[high - 1]!);
  return STEPS[high - 1]! + ceilOf(rise * (coefficient - low * unit), (top - low) * unit);
};

/** Three ways to the same index, from the quick one that most readings go to the one that goes for every decimal. */
const indexOn = (scale: Scale, concentration: number | string, rounds: boolean): number | undefined => {
  if (typeof concentration !== 'number') return indexOfAny(scale, concentration, rounds);
  const parts = rounds ? roundPlain(concentration, scale.decimals) : undefined;
  if (parts !== undefined) return indexOfParts(scale, parts, scale.decimals === 0 ? 1 : 10);
  const small = smallOf(concentration);
  if (small === undefined) return indexOfAny(scale, concentration, rounds);
  const { coefficient, unit } = rounds ? roundSmall(small, scale.decimals) : small;
  return indexOfParts(scale, coefficient, unit);
};

const roundsFirst = (edition: AqiEdition, { rounds2012 = false }: AqiOptions): boolean =>
  edition.roundsFirst || rounds2012;

/**
 * IAQI (分指数) of one concentration, rounded up in exact arithmetic: I = (IHi − ILo) / (BHi − BLo) · (C − BLo) + ILo.
 * @returns undefined above the end of a column that has no index there
 * @throws RangeError where the concentration is negative or no number
 */
export const iaqi = (
  edition: AqiEdition,
  column: AqiColumn,
  concentration: number | string,
  options: AqiOptions = {},
): number | undefined => indexOn(scaleOf(edition, column), concentration, roundsFirst(edition, options));

/** Means that an item's own index is of. */
const COLUMNS: Readonly<Record<AqiPeriod, Readonly<Record<AqiItem, AqiColumn>>>> = {
  hour: { so2: 'so2_1h', no2: 'no2_1h', pm10: 'pm10_24h', pm25: 'pm25_24h', co: 'co_1h', o3: 'o3_1h' },
  day: { so2: 'so2_24h', no2: 'no2_24h', pm10: 'pm10_24h', pm25: 'pm25_24h', co: 'co_24h', o3: 'o3_8h' },
};

type Scales = Readonly<Record<AqiPeriod, Readonly<Record<AqiItem, Scale>>>>;

const makeScales = (edition: AqiEdition): Scales => {
  const all = (period: AqiPeriod) => AQI_ITEMS.map((item) => [item, scaleOf(edition, COLUMNS[period][item])]);
  return { hour: Object.fromEntries(all('hour')), day: Object.fromEntries(all('day')) };
};

const SCALES: ReadonlyMap<AqiEdition, Scales> = new Map(
  [HJ633_2012, HJ633_2026].map((edition) => [edition, makeScales(edition)]),
);

/** The index of what the input has under a name; undefined: nothing, or beyond its column. */
const indexIn = (name: keyof AqiInput, value: Concentration, scale: Scale, rounds: boolean): number | undefined => {
  if (!isGiven(value)) return undefined;
  try {
    return indexOn(scale, value, rounds);
  } catch (thrown) {
    throw thrown instanceof RangeError ? new RangeError(`${name}: ${thrown.message}`) : thrown;
  }
};

/** The index of each item, in the order of AQI_ITEMS; undefined: nothing, or beyond its column. */
type Indices = (number | undefined)[];
const [SO2, O3] = [AQI_ITEMS.indexOf('so2'), AQI_ITEMS.indexOf('o3')];

/**
 * HJ 633-2012 looks at another mean too: beside an item's own (O3 in a day), or in its place (SO2 above 800 µg/m³ in an hour).
 * @param indices own indices, which it takes the place of
 */
const lookBeside = (
  indices: Indices,
  edition: AqiEdition,
  period: AqiPeriod,
  input: AqiInput,
  rounds: boolean,
): void => {
  const beside = (name: 'so2_24h' | 'o3_1h') => indexIn(name, input[name], scaleOf(edition, name), rounds);
  if (period === 'hour') {
    if (indices[SO2] === undefined && isGiven(input.so2)) indices[SO2] = beside('so2_24h');
    return;
  }
  const other = edition.ozone1hInDay ? beside('o3_1h') : undefined;
  if (other !== undefined && other > (indices[O3] ?? -1)) indices[O3] = other;
};

const indicesOf = (edition: AqiEdition, period: AqiPeriod, input: AqiInput, options: AqiOptions): Indices => {
  const rounds = roundsFirst(edition, options);
  const scales = (SCALES.get(edition) ?? makeScales(edition))[period];
  const indices = [
    indexIn('so2', input.so2, scales.so2, rounds),
    indexIn('no2', input.no2, scales.no2, rounds),
    indexIn('pm10', input.pm10, scales.pm10, rounds),
    indexIn('pm25', input.pm25, scales.pm25, rounds),
    indexIn('co', input.co, scales.co, rounds),
    indexIn('o3', input.o3, scales.o3, rounds),
  ];
  lookBeside(indices, edition, period, input, rounds);
  return indices;
};

/** Level 1 to 6 of an AQI. */
export const levelOf = (aqi: number): AqiLevel => AQI_LEVELS.find(({ most }) => aqi <= most)?.level ?? 6;

/** Those that there are, by item. */
const byItem = (indices: Indices): AqiResult['iaqi'] =>
  Object.fromEntries(AQI_ITEMS.flatMap((item, i) => (indices[i] === undefined ? [] : [[item, indices[i]]])));

const NONE: readonly AqiItem[] = [];

/**
 * AQI, level and primary pollutants of an hour or a day. Values below zero that are drift (HJ 817, HJ 818) are the caller's to put to 0.
 * @throws RangeError where a concentration is negative or no number
 */
export const aqi = (edition: AqiEdition, period: AqiPeriod, input: AqiInput, options: AqiOptions = {}): AqiResult => {
  const indices = indicesOf(edition, period, input, options);
  let highest = edition.least;
  let known = 0;
  for (const index of indices) {
    if (index === undefined) continue;
    known++;
    if (index > highest) highest = index;
  }
  const { standard } = edition;
  // 首要污染物: every item of the highest index, where that is above 50.
  const primary = highest > 50 ? AQI_ITEMS.filter((_, i) => indices[i] === highest) : NONE;
  if (known === AQI_ITEMS.length) {
    const [so2, no2, pm10, pm25, co, o3] = indices as number[];
    const whole = { so2: so2!, no2: no2!, pm10: pm10!, pm25: pm25!, co: co!, o3: o3! };
    return { standard, iaqi: whole, missing: NONE, beyond: NONE, aqi: highest, level: levelOf(highest), primary };
  }
  const missing = AQI_ITEMS.filter((item, i) => indices[i] === undefined && isNone(input[item]));
  const beyond = AQI_ITEMS.filter((item, i) => indices[i] === undefined && isGiven(input[item]));
  const blocks = edition.needsAll && missing.some((item) => item !== 'pm10' || options.pm10Blocks === true);
  const found = { standard, iaqi: byItem(indices), missing, beyond };
  if (known === 0 || (blocks && highest <= 100)) return { ...found, primary: NONE };
  return { ...found, aqi: highest, level: levelOf(highest), primary };
};

/** Primary pollutants as one text: `PM10;PM2.5`; empty where there is none. */
export const primaryText = (primary: readonly AqiItem[]): string =>
  primary.map((item) => AQI_ITEM_NAMES[item]).join(';');
