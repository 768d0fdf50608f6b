import { tidy } from '../core/round.ts';
import { DAY, HOUR } from '../core/time.ts';
import type { Reading } from '../core/types.ts';
import { type Column, coverageOf, indexBeyond } from '../processors/column.ts';
import { validValue, WANDER } from '../processors/hourly.ts';
import { FALLEN, type Fallen, ROLLING_HOURS } from '../processors/rain.ts';
import { indexAfter } from '../processors/window.ts';
import type { Condition } from '../standards/conditions.ts';
import type { Bounds } from './forecast.ts';
import type { World } from './rule.ts';

// What the gauges of a township prove of the hours before: the worst of its stations counts, and it is known while any of them knows the
// whole window. A gap leaves the other end open: what was seen can raise a level, what was not cannot lower one.

/** Bounds, and the station that is worst. */
export interface Observed extends Bounds {
  readonly station?: string | undefined;
}

/** Bounds whose upper end is worked out when it is asked for: what can raise a level is answered by the lower one alone. */
const openAbove = ({ least, station, from, to }: Omit<Observed, 'most'>, upper: () => number): Observed => {
  let most: number | undefined;
  return {
    station,
    least,
    get most() {
      most ??= upper();
      return most;
    },
    from,
    to,
  };
};

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

/** Values of a station between two instants: those of the column from index `begin` to before `end`. */
interface Within {
  readonly from: number;
  readonly to: number;
  readonly column: Column;
  readonly begin: number;
  readonly end: number;
}

const within = (column: Column, from: number, to: number): Within => ({
  from,
  to,
  column,
  begin: indexBeyond(column, from),
  end: indexBeyond(column, to),
});

const intervalOf = (world: World, station: string): number =>
  world.catalog.stations.get(station)?.feeds.weather?.interval ?? HOUR;

/** Values of a station within the hours before its newest reading, or before now once its next reading is overdue. */
const windowOf = (world: World, station: string, { quantity, hours }: Condition): Within => {
  const readings = world.weather(station);
  const last = readings[indexAfter(readings, world.now) - 1];
  const to = last !== undefined && last.time + intervalOf(world, station) > world.now ? last.time : world.now;
  return within(world.measured(station, quantity), to - hours * HOUR, to);
};

/** Whether valid values of a quantity cover the window. */
const isCovered = (world: World, station: string, { quantity, hours }: Condition, window: Within): boolean => {
  const interval = intervalOf(world, station);
  return coverageOf(window.column, window, quantity, interval) >= hours * HOUR - interval - WANDER;
};

/** The highest of the window's values times `sign`, of those that may go with the phenomenon, or that do; undefined: it has no value. */
const highestIn = (
  { column: { values, readings }, begin, end }: Within,
  condition: Condition,
  sign: number,
  goes: 'may' | 'does',
): number | undefined => {
  if (begin === end) return undefined;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = begin; i < end; i++) {
    const value = sign * values[i]!;
    if (value > highest && (goesWith(condition, readings[i]!) ?? goes === 'may')) highest = value;
  }
  return highest;
};

/** The highest (`lowest`: the lowest, turned round) value of a station in the window. */
const extremeAt = (world: World, station: string, condition: Condition): Observed | undefined => {
  const window = windowOf(world, station, condition);
  const sign = condition.of === 'lowest' ? -1 : 1;
  const least = highestIn(window, condition, sign, 'does');
  if (least === undefined) return undefined;
  const { from, to } = window;
  return openAbove({ station, least, from, to }, () =>
    isCovered(world, station, condition, window)
      ? highestIn(window, condition, sign, 'may')!
      : Number.POSITIVE_INFINITY,
  );
};

/** The newest value of the hours before. */
const newestAt = (world: World, station: string, condition: Condition): Observed | undefined => {
  const { column, begin, end } = windowOf(world, station, condition);
  if (begin === end) return undefined;
  const { start, time } = column.readings[end - 1]!;
  // Turned round: the lower an index, the drier.
  const turned = -column.values[end - 1]!;
  return { station, least: turned, most: turned, from: start, to: time };
};

/** By how much the lowest of the hours lies below the lowest of the day before them. */
const fallAt = (world: World, station: string, condition: Condition): Observed | undefined => {
  const asked = { ...condition, of: 'lowest' } as const;
  const window = windowOf(world, station, condition);
  const is = highestIn(window, asked, -1, 'does');
  if (is === undefined) return undefined;
  const before = within(window.column, window.from - DAY, window.from);
  const was = highestIn(before, asked, -1, 'does');
  if (was === undefined) return undefined;
  const fall = tidy(is - was);
  // What is not covered may have been lower still.
  const least = isCovered(world, station, { ...asked, hours: 24 }, before) ? fall : Number.NEGATIVE_INFINITY;
  const { from, to } = window;
  return openAbove({ station, least, from, to }, () =>
    isCovered(world, station, asked, window) ? fall : Number.POSITIVE_INFINITY,
  );
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
  return openAbove(worst, () => {
    const known = found.filter(({ most }) => most < Number.POSITIVE_INFINITY);
    return known.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...known.map((one) => one.most), worst.least);
  });
};

/**
 * What a township's gauges prove, the higher the worse: values of `lowest` and `newest` are turned round (negative).
 */
export const observedBounds = (world: World, township: string, condition: Condition): Observed =>
  worstOf((world.weatherStations.get(township) ?? []).flatMap(({ id }) => atStation(world, id, condition) ?? []));
