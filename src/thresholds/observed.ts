import { tidy } from '../core/round.ts';
import { DAY, HOUR } from '../core/time.ts';
import type { Reading } from '../core/types.ts';
import { type Column, coverageOf, highestOf, indexBeyond, lowestOf, type Part } from '../processors/column.ts';
import { validValue, WANDER } from '../processors/hourly.ts';
import { FALLEN, type Fallen, ROLLING_HOURS, type Rolling } from '../processors/rain.ts';
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
class OpenAbove implements Observed {
  readonly station: string | undefined;
  readonly least: number;
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly #upper: () => number;
  #most: number | undefined;

  constructor({ least, station, from, to }: Omit<Observed, 'most'>, upper: () => number) {
    this.station = station;
    this.least = least;
    this.from = from;
    this.to = to;
    this.#upper = upper;
  }

  get most(): number {
    this.#most ??= this.#upper();
    return this.#most;
  }
}

const NOTHING_KNOWN: Observed = { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY };

/** A gauge as a world has it: asked for many conditions, it is looked up once. */
export class Gauge {
  readonly id: string;
  /** How often it reports, ms. */
  readonly interval: number;
  /** Valid values by quantity. */
  readonly measured: (quantity: string) => Column;
  readonly #world: World;
  #until: number | undefined;
  readonly #fallen = new Map<Fallen, Rolling | undefined>();

  constructor(world: World, id: string) {
    this.id = id;
    this.interval = world.catalog.stations.get(id)?.feeds.weather?.interval ?? HOUR;
    this.measured = world.measured(id);
    this.#world = world;
  }

  /** The time of its newest reading, or now once its next one is overdue. */
  get until(): number {
    this.#until ??= this.#untilNow();
    return this.#until;
  }

  #untilNow(): number {
    const { now } = this.#world;
    const readings = this.#world.weather(this.id);
    const last = readings[indexAfter(readings, now) - 1];
    return last !== undefined && last.time + this.interval > now ? last.time : now;
  }

  fallen(what: Fallen): Rolling | undefined {
    if (!this.#fallen.has(what)) this.#fallen.set(what, this.#world.fallen(this.id, what));
    return this.#fallen.get(what);
  }
}

const fallenAt = (gauge: Gauge, { quantity, hours }: Condition): Observed | undefined => {
  const rolling = gauge.fallen(quantity as Fallen);
  const sum = rolling?.sums[ROLLING_HOURS.indexOf(hours as (typeof ROLLING_HOURS)[number])];
  if (rolling === undefined || sum === undefined) return undefined;
  const most = sum.sum ?? Number.POSITIVE_INFINITY;
  return { station: gauge.id, least: sum.min, most, from: rolling.time - hours * HOUR, to: rolling.time };
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
interface Within extends Part {
  readonly from: number;
  readonly to: number;
  readonly column: Column;
}

const within = (column: Column, from: number, to: number): Within => ({
  from,
  to,
  column,
  begin: indexBeyond(column, from),
  end: indexBeyond(column, to),
});

/** Values of a gauge within the hours before its newest reading, or before now once its next reading is overdue; undefined: it has none. */
const windowOf = (gauge: Gauge, { quantity, hours }: Condition): Within | undefined => {
  const column = gauge.measured(quantity);
  if (column.times.length === 0) return undefined;
  const found = within(column, gauge.until - hours * HOUR, gauge.until);
  return found.begin === found.end ? undefined : found;
};

/** Whether valid values of a quantity cover so many hours. */
const isCovered = ({ interval }: Gauge, quantity: string, hours: number, window: Within): boolean =>
  coverageOf(window.column, window, quantity, interval) >= hours * HOUR - interval - WANDER;

/** The worst of the window's values, lows turned round, of those that may go with the phenomenon, or that do; −∞: there is none. */
const worstIn = (window: Within, condition: Condition, isLow: boolean, goes: 'may' | 'does'): number => {
  const { column, begin, end } = window;
  if (condition.during === undefined) return isLow ? -lowestOf(column, window) : highestOf(column, window);
  let worst = Number.NEGATIVE_INFINITY;
  for (let i = begin; i < end; i++) {
    const value = isLow ? -column.values[i]! : column.values[i]!;
    if (value > worst && (goesWith(condition, column.readings[i]!) ?? goes === 'may')) worst = value;
  }
  return worst;
};

/** The highest (`lowest`: the lowest, turned round) value of a station in the window. */
const extremeAt = (gauge: Gauge, condition: Condition): Observed | undefined => {
  const window = windowOf(gauge, condition);
  if (window === undefined) return undefined;
  const isLow = condition.of === 'lowest';
  const least = worstIn(window, condition, isLow, 'does');
  const { from, to } = window;
  return new OpenAbove({ station: gauge.id, least, from, to }, () =>
    isCovered(gauge, condition.quantity, condition.hours, window)
      ? worstIn(window, condition, isLow, 'may')
      : Number.POSITIVE_INFINITY,
  );
};

/** The newest value of the hours before. */
const newestAt = (gauge: Gauge, condition: Condition): Observed | undefined => {
  const window = windowOf(gauge, condition);
  if (window === undefined) return undefined;
  const { column, end } = window;
  const { start, time } = column.readings[end - 1]!;
  // Turned round: the lower an index, the drier.
  const turned = -column.values[end - 1]!;
  return { station: gauge.id, least: turned, most: turned, from: start, to: time };
};

/** By how much the lowest of the hours lies below the lowest of the day before them. */
const fallAt = (gauge: Gauge, condition: Condition): Observed | undefined => {
  const window = windowOf(gauge, condition);
  if (window === undefined) return undefined;
  const before = within(window.column, window.from - DAY, window.from);
  if (before.begin === before.end) return undefined;
  const is = worstIn(window, condition, true, 'does');
  const was = worstIn(before, condition, true, 'does');
  const fall = tidy(is - was);
  const { quantity, hours } = condition;
  // What is not covered may have been lower still.
  const least = isCovered(gauge, quantity, 24, before) ? fall : Number.NEGATIVE_INFINITY;
  const { from, to } = window;
  return new OpenAbove({ station: gauge.id, least, from, to }, () =>
    isCovered(gauge, quantity, hours, window) ? fall : Number.POSITIVE_INFINITY,
  );
};

const atGauge = (gauge: Gauge, condition: Condition): Observed | undefined => {
  if (condition.of === 'sum' && FALLEN.includes(condition.quantity as Fallen)) return fallenAt(gauge, condition);
  if (condition.of === 'fall') return fallAt(gauge, condition);
  return condition.of === 'newest' ? newestAt(gauge, condition) : extremeAt(gauge, condition);
};

/** The highest upper end of those that know one, and at least `least`; ∞: none does. */
const highestKnown = (found: readonly Observed[], least: number): number => {
  let highest = Number.NEGATIVE_INFINITY;
  let isKnown = false;
  for (const { most } of found) {
    if (!(most < Number.POSITIVE_INFINITY)) continue;
    isKnown = true;
    highest = Math.max(highest, most);
  }
  return isKnown ? Math.max(highest, least) : Number.POSITIVE_INFINITY;
};

/** What a township's stations prove together: the worst counts, and the whole is known while any of them knows it. */
export const worstOf = (found: readonly Observed[]): Observed => {
  let worst: Observed | undefined;
  for (const one of found) if (worst === undefined || one.least > worst.least) worst = one;
  if (worst === undefined) return NOTHING_KNOWN;
  // What a gauge does not rule out is never less than what it proves.
  if (found.length === 1) return worst;
  const { least } = worst;
  return new OpenAbove(worst, () => highestKnown(found, least));
};

/**
 * What a township's gauges prove, the higher the worse: values of `lowest` and `newest` are turned round (negative).
 */
export const observedBounds = (gauges: readonly Gauge[], condition: Condition): Observed => {
  const found: Observed[] = [];
  for (const gauge of gauges) {
    const one = atGauge(gauge, condition);
    if (one !== undefined) found.push(one);
  }
  return worstOf(found);
};
