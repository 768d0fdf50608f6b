// Daily AQI by HJ 633-2012 worked out from CSV text with plain loops and a table of its own. Nothing of src/ is used here on purpose.
import { type CsvRow, HOUR_MS } from './prsa.ts';

/** IAQI 0 50 100 150 200 300 400 500 stand at these concentrations, µg/m³, co in mg/m³. */
const TABLE: Readonly<Record<string, readonly number[]>> = {
  pm25: [0, 35, 75, 115, 150, 250, 350, 500],
  pm10: [0, 50, 150, 250, 350, 420, 500, 600],
  so2: [0, 50, 150, 475, 800, 1600, 2100, 2620],
  no2: [0, 40, 80, 180, 280, 565, 750, 940],
  co: [0, 2, 4, 14, 24, 36, 48, 60],
  o3: [0, 100, 160, 215, 265, 800],
};
const STEPS = [0, 50, 100, 150, 200, 300, 400, 500];

const iaqi = (item: string, concentration: number): number | undefined => {
  const column = TABLE[item]!;
  for (let i = 1; i < column.length; i++) {
    const [low, high] = [column[i - 1]!, column[i]!];
    if (concentration > high) continue;
    const exact = STEPS[i - 1]! + ((STEPS[i]! - STEPS[i - 1]!) * (concentration - low)) / (high - low);
    return Math.ceil(exact - 1e-7);
  }
  return item === 'o3' ? undefined : 500;
};

/** Hours of a Beijing day, the one from 00 to 01 first. */
type Hours = (number | undefined)[];

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const known = (hours: Hours): number[] => hours.filter((value) => value !== undefined);

/** The day's value and whether it counts; undefined: there is none. */
const dayValue = (item: string, hours: Hours): { value: number; valid: boolean } | undefined => {
  if (item !== 'o3') return { value: mean(known(hours)), valid: known(hours).length >= 20 };
  const windows = [];
  for (let end = 8; end <= 24; end++) {
    const eight = known(hours.slice(end - 8, end));
    if (eight.length >= 6) windows.push(mean(eight));
  }
  if (windows.length === 0) return undefined;
  const value = Math.max(...windows);
  return { value, valid: windows.length >= 14 || value > 160 };
};

export interface AqiDay {
  readonly station: string;
  /** Start of the Beijing day. */
  readonly day: number;
  /** undefined: nothing valid. */
  readonly aqi: number | undefined;
  readonly primary: readonly string[];
  /** Valid daily means, o3: the MDA8; µg/m³, co in mg/m³. */
  readonly values: Readonly<Record<string, number>>;
  /** Items that were measured but not often enough. */
  readonly invalid: readonly string[];
}

/** Every station's days that are over by `end`. */
export const aqiDays = (rows: readonly CsvRow[], end: number): AqiDay[] => {
  const days = new Map<string, { station: string; day: number; items: Record<string, Hours> }>();
  for (const row of rows) {
    const beijing = Date.parse(row['time']!) - HOUR_MS + 8 * HOUR_MS;
    const day = beijing - (beijing % (24 * HOUR_MS)) - 8 * HOUR_MS;
    const key = `${row['station']} ${day}`;
    const one = days.get(key) ?? { station: row['station']!, day, items: {} };
    days.set(key, one);
    for (const item of Object.keys(TABLE)) {
      if (row[item] === '') continue;
      one.items[item] ??= Array<number | undefined>(24).fill(undefined);
      one.items[item][(beijing % (24 * HOUR_MS)) / HOUR_MS] = Number(row[item]) / (item === 'co' ? 1000 : 1);
    }
  }
  return [...days.values()]
    .filter(({ day }) => day + 24 * HOUR_MS <= end)
    .map(({ station, day, items }) => {
      const values = Object.entries(items).flatMap(([item, hours]) => {
        const found = dayValue(item, hours);
        return found === undefined ? [] : [{ item, ...found }];
      });
      const parts = values.filter(({ valid }) => valid).map(({ item, value }) => ({ item, part: iaqi(item, value) }));
      const highest = Math.max(...parts.flatMap(({ part }) => part ?? []));
      return {
        station,
        day,
        aqi: Number.isFinite(highest) ? highest : undefined,
        primary: highest > 50 ? parts.filter(({ part }) => part === highest).map(({ item }) => item) : [],
        values: Object.fromEntries(values.filter(({ valid }) => valid).map(({ item, value }) => [item, value])),
        invalid: values.filter(({ valid }) => !valid).map(({ item }) => item),
      };
    });
};

/** The value below which so many percent of the values lie, between two of them in proportion (HJ 663 Annex A). */
export const percentileOf = (values: readonly number[], percent: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const k = 1 + ((sorted.length - 1) * percent) / 100;
  const s = Math.floor(k);
  const low = sorted[s - 1]!;
  return low + ((sorted[s] ?? low) - low) * (k - s);
};

/** 单项指数 C/S by GB 3095-2012 class 2: the mean, of CO the 95th, of O3 the 90th percentile. */
export const singleIndices = (days: readonly AqiDay[]): Record<string, number> => {
  const of = (item: string) => days.flatMap(({ values }) => values[item] ?? []);
  return {
    so2: mean(of('so2')) / 60,
    no2: mean(of('no2')) / 40,
    pm10: mean(of('pm10')) / 70,
    pm25: mean(of('pm25')) / 35,
    co: percentileOf(of('co'), 95) / 4,
    o3: percentileOf(of('o3'), 90) / 160,
  };
};
