import { tidy } from '../core/round.ts';
import { DAY, HOUR } from '../core/time.ts';
import type { Reading } from '../core/types.ts';
import { coveredBy, piecesBy, validValue, WANDER } from '../processors/hourly.ts';
import { FALLEN, type Fallen, ROLLING_HOURS } from '../processors/rain.ts';
import { indexAfter } from '../processors/window.ts';
import type { Condition } from '../standards/conditions.ts';
import type { Bounds } from './forecast.ts';
import type { World } from './rule.ts';

// What the gauges of a township prove of the hours before: the worst of its stations counts, and it is known while any of them knows the
// whole window. A gap leaves the other end open: what was seen can raise a level, what was not cannot lower one.

/** Bounds, and the station that is worst. */
export interface Observed extends Bounds {
  readonly station?: string;
}

const NOTHING_KNOWN: Observed = { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY };

const fallenAt = (world: World, station: string, { quantity, hours }: Condition): Observed | undefined => {
  const index = ROLLING_HOURS.indexOf(hours as (typeof ROLLING_HOURS)[number]);
  const rolling = world.fallen(station, quantity as Fallen);
  const sum = rolling?.sums[index];
  if (rolling === undefined || sum === undefined) return undefined;
  const most = sum.sum ?? Number.POSITIVE_INFINITY;
  return { station, least: sum.min, most, from: rolling.time - hours * HOUR, to: rolling.time };
};

/** Whether the phenomenon that a condition asks for goes with a reading; undefined: the station does not say. */
const goesWith = ({ during }: Condition, reading: Reading): boolean | undefined => {
  if (during === undefined) return true;
  const strokes = during === 'thunderstorm' ? validValue(reading, 'lightning') : undefined;
  if (strokes !== undefined && strokes > 0) return true;
  if (reading.phenomena === undefined) return strokes === undefined ? undefined : false;
  return reading.phenomena.includes(during);
};

/** Readings of a station within the hours before its newest, or before now once its next reading is overdue. */
const windowOf = (world: World, station: string, hours: number): { from: number; to: number; readings: Reading[] } => {
  const readings = world.weather(station);
  const last = readings[indexAfter(readings, world.now) - 1];
  const interval = world.catalog.stations.get(station)?.feeds.weather?.interval ?? HOUR;
  const to = last !== undefined && last.time + interval > world.now ? last.time : world.now;
  const from = to - hours * HOUR;
  return { from, to, readings: readings.slice(indexAfter(readings, from), indexAfter(readings, to)) };
};

/** Whether valid values of a quantity cover the window. */
const isCovered = (
  world: World,
  station: string,
  condition: Condition,
  window: ReturnType<typeof windowOf>,
): boolean => {
  const interval = world.catalog.stations.get(station)?.feeds.weather?.interval ?? HOUR;
  const pieces = piecesBy(window.readings, (reading) => validValue(reading, condition.quantity), interval);
  return coveredBy(pieces) >= condition.hours * HOUR - interval - WANDER;
};

/** The highest (`lowest`: the lowest, turned round) value of a station in the window. */
const extremeAt = (world: World, station: string, condition: Condition): Observed | undefined => {
  const window = windowOf(world, station, condition.hours);
  const sign = condition.of === 'lowest' ? -1 : 1;
  let [sure, possible] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const reading of window.readings) {
    const value = validValue(reading, condition.quantity);
    const goes = goesWith(condition, reading);
    if (value === undefined || goes === false) continue;
    possible = Math.max(possible, sign * value);
    if (goes) sure = Math.max(sure, sign * value);
  }
  if (!window.readings.some((reading) => validValue(reading, condition.quantity) !== undefined)) return undefined;
  const most = isCovered(world, station, condition, window) ? possible : Number.POSITIVE_INFINITY;
  return { station, least: sure, most, from: window.from, to: window.to };
};

/** The newest value of the hours before. */
const newestAt = (world: World, station: string, condition: Condition): Observed | undefined => {
  const { readings } = windowOf(world, station, condition.hours);
  const found = readings.findLast((reading) => validValue(reading, condition.quantity) !== undefined);
  const value = found && validValue(found, condition.quantity);
  if (found === undefined || value === undefined) return undefined;
  // Turned round: the lower an index, the drier.
  return { station, least: -value, most: -value, from: found.start, to: found.time };
};

/** By how much the lowest of the hours lies below the lowest of the day before them. */
const fallAt = (world: World, station: string, condition: Condition): Observed | undefined => {
  const asked = { ...condition, of: 'lowest' } as const;
  const window = windowOf(world, station, condition.hours);
  const readings = world.weather(station);
  const [begin, end] = [indexAfter(readings, window.from - DAY), indexAfter(readings, window.from)];
  const before = { from: window.from - DAY, to: window.from, readings: readings.slice(begin, end) };
  const lowest = ({ readings: all }: typeof before): number =>
    Math.min(...all.flatMap((reading) => validValue(reading, condition.quantity) ?? []));
  const [was, is] = [lowest(before), lowest(window)];
  if (!Number.isFinite(was) || !Number.isFinite(is)) return undefined;
  // What is not covered may have been lower still.
  const least = isCovered(world, station, { ...asked, hours: 24 }, before) ? tidy(was - is) : Number.NEGATIVE_INFINITY;
  const most = isCovered(world, station, asked, window) ? tidy(was - is) : Number.POSITIVE_INFINITY;
  return { station, least, most, from: window.from, to: window.to };
};

const atStation = (world: World, station: string, condition: Condition): Observed | undefined => {
  if (condition.of === 'sum' && FALLEN.includes(condition.quantity as Fallen))
    return fallenAt(world, station, condition);
  if (condition.of === 'fall') return fallAt(world, station, condition);
  return condition.of === 'newest' ? newestAt(world, station, condition) : extremeAt(world, station, condition);
};

/** What a township's stations prove together: the worst counts, and the whole is known while any of them knows it. */
export const worstOf = (found: readonly Observed[]): Observed => {
  const worst = found.reduce<Observed | undefined>((a, b) => (a === undefined || b.least > a.least ? b : a), undefined);
  if (worst === undefined) return NOTHING_KNOWN;
  const known = found.filter(({ most }) => most < Number.POSITIVE_INFINITY);
  const most = known.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...known.map((one) => one.most), worst.least);
  return { ...worst, most };
};

/**
 * What a township's gauges prove, the higher the worse: values of `lowest` and `newest` are turned round (negative).
 */
export const observedBounds = (world: World, township: string, condition: Condition): Observed =>
  worstOf((world.weatherStations.get(township) ?? []).flatMap(({ id }) => atStation(world, id, condition) ?? []));
