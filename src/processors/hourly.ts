import type { Aggregate, Quantity } from '../../sensors/feeds/definition.ts';
import { detectionLimit } from '../../sensors/feeds/water.ts';
import { tidy } from '../core/round.ts';
import { HOUR, MINUTE, SECOND } from '../core/time.ts';
import type { Reading } from '../core/types.ts';
import { anchorOf, readingsAround, type Window } from './window.ts';

// The hour is the atom of every longer figure. A reading belongs to the hour that holds the middle of its span; one that
// is longer than an hour belongs to no hour. Where readings of different periods overlap, the shorter win.

/** One quantity of one hour. */
export interface HourValue {
  readonly value: number;
  /** Time covered by its readings, ms. */
  readonly covered: number;
  /** Smallest and greatest single value in the hour. */
  readonly least: number;
  readonly most: number;
}

export interface Hourly {
  /** Readings with anything valid. */
  readonly count: number;
  readonly values: ReadonlyMap<string, HourValue>;
  /** Quantities of which some reading was not valid data. */
  readonly flagged: readonly string[];
}

/** A reading's share of a figure: what it covers, and how long it counts for in a mean. */
export interface Piece {
  readonly reading: Reading;
  readonly value: number;
  readonly start: number;
  end: number;
  /** ms: the length of its period; for an instant the station's interval. */
  readonly weight: number;
}

const DISCARDED = new Set(['fault', 'calibration']);

/** Whether a value of water is its method's detection limit, of which less was found: its flag says so, `0.004L`. */
export const isBelowDetection = ({ feed, values, flags }: Reading, quantity: string): boolean => {
  const flag = flags?.[quantity];
  return feed === 'water' && flag !== undefined && detectionLimit(quantity, flag) === values[quantity];
};

/**
 * The value of a quantity if it is valid data: measured, flagged N or not at all, not taken in fault or calibration. Where less than
 * the detection limit was found (`isBelowDetection`) it is that limit.
 */
export const validValue = (reading: Reading, quantity: string): number | undefined => {
  const value = reading.values[quantity];
  if (value === undefined) return undefined;
  const isValid = (reading.flags?.[quantity] ?? 'N') === 'N' || isBelowDetection(reading, quantity);
  if (!isValid) return undefined;
  if (reading.status !== undefined && DISCARDED.has(reading.status)) return undefined;
  return value;
};

/** Whether a reading holds any valid value. */
export const hasValid = (reading: Reading): boolean => {
  for (const quantity in reading.values) if (validValue(reading, quantity) !== undefined) return true;
  return false;
};

/** Clocks of loggers wander: readings that overlap, or leave a gap, by no more than this follow each other, ms. */
export const WANDER = 30 * SECOND;

/**
 * The pieces of readings (in order of time) that have a value. An instant stands for one interval from its time on, or until the
 * next instant.
 */
export const piecesBy = (
  readings: readonly Reading[],
  valueIn: (reading: Reading) => number | undefined,
  interval: number,
): Piece[] => {
  const pieces: Piece[] = [];
  let instant: Piece | undefined;
  for (const reading of readings) {
    const value = valueIn(reading);
    if (value === undefined) continue;
    const { start, time } = reading;
    const length = time - start;
    const piece = { reading, value, start, end: length === 0 ? time + interval : time, weight: length || interval };
    pieces.push(piece);
    if (length > 0) continue;
    if (instant !== undefined) instant.end = Math.min(instant.end, time);
    instant = piece;
  }
  return overlaps(pieces) ? withoutOverlap(pieces, WANDER) : pieces;
};

/** The pieces of readings that have a valid value of a quantity. */
export const piecesOf = (readings: readonly Reading[], quantity: string, interval: number): Piece[] =>
  piecesBy(readings, (reading) => validValue(reading, quantity), interval);

const overlaps = (pieces: readonly Piece[]): boolean => {
  for (let i = 1; i < pieces.length; i++) if (pieces[i]!.start < pieces[i - 1]!.end) return true;
  return false;
};

/** Whether two pieces overlap by more than the slack, or by more than half of the shorter. */
const clash = (a: Piece, b: Piece, slack: number): boolean => {
  const shared = Math.min(a.end, b.end) - Math.max(a.start, b.start);
  return shared > Math.min(slack, (a.end - a.start) / 2, (b.end - b.start) / 2);
};

/** Of pieces that overlap the shorter stay, of equal ones the earlier; in order of time. */
export const withoutOverlap = (pieces: readonly Piece[], slack: number): Piece[] => {
  const chosen: Piece[] = [];
  for (const piece of [...pieces].sort((a, b) => a.weight - b.weight || a.start - b.start))
    if (!chosen.some((other) => clash(piece, other, slack))) chosen.push(piece);
  return chosen.sort((a, b) => a.start - b.start);
};

const weighted = (pieces: readonly Piece[]): number => {
  const first = pieces[0]!.weight;
  if (pieces.every((piece) => piece.weight === first))
    return pieces.reduce((sum, piece) => sum + piece.value, 0) / pieces.length;
  const total = pieces.reduce((sum, piece) => sum + piece.weight, 0);
  return pieces.reduce((sum, piece) => sum + piece.value * piece.weight, 0) / total;
};

const RADIAN = Math.PI / 180;

/** Mean direction of wind vectors, degrees 0-360; vectors of length 1 where the speed is not known, undefined where they cancel out. */
const direction = (pieces: readonly Piece[]): number | undefined => {
  let east = 0;
  let north = 0;
  for (const { reading, value } of pieces) {
    const speed = validValue(reading, 'wind_speed') ?? 1;
    east += speed * Math.sin(value * RADIAN);
    north += speed * Math.cos(value * RADIAN);
  }
  if (Math.hypot(east, north) < 1e-9) return undefined;
  return (Math.atan2(east, north) / RADIAN + 360) % 360;
};

const combine = (aggregate: Aggregate, pieces: readonly Piece[]): number | undefined => {
  const values = pieces.map((piece) => piece.value);
  if (aggregate === 'sum') return values.reduce((sum, value) => sum + value, 0);
  if (aggregate === 'max') return Math.max(...values);
  if (aggregate === 'min') return Math.min(...values);
  if (aggregate === 'last') return values.at(-1);
  return aggregate === 'direction' ? direction(pieces) : weighted(pieces);
};

/** Time that pieces cover, in order of time; where two share a moment it counts once. */
export const coveredBy = (pieces: readonly Piece[]): number => {
  let covered = 0;
  let reached = Number.NEGATIVE_INFINITY;
  for (const { start, end } of pieces) {
    covered += Math.max(0, end - Math.max(start, reached));
    reached = Math.max(reached, end);
  }
  return covered;
};

/** The figure of some pieces, or undefined where there are none or they cancel out. */
export const summarise = (aggregate: Aggregate, pieces: readonly Piece[]): HourValue | undefined => {
  if (pieces.length === 0) return undefined;
  const value = combine(aggregate, pieces);
  if (value === undefined) return undefined;
  const values = pieces.map((piece) => piece.value);
  return { value: tidy(value), covered: coveredBy(pieces), least: Math.min(...values), most: Math.max(...values) };
};

/** Whether readings of periods of their own follow each other, as nearly all do; then those that have a value do so too. */
const follow = (readings: readonly Reading[]): boolean => {
  let reached = Number.NEGATIVE_INFINITY;
  for (const { start, time } of readings) {
    if (start >= time || start < reached) return false;
    reached = time;
  }
  return true;
};

/** What readings that follow each other say of a quantity, counted up as they are gone through. */
class Tally {
  private count = 0;
  private sum = 0;
  private weighed = 0;
  private last = 0;
  private shortest = Number.POSITIVE_INFINITY;
  private longest = 0;
  covered = 0;
  least = Number.POSITIVE_INFINITY;
  most = Number.NEGATIVE_INFINITY;

  add(value: number, length: number): void {
    this.count++;
    this.sum += value;
    this.weighed += value * length;
    this.last = value;
    this.shortest = Math.min(this.shortest, length);
    this.longest = Math.max(this.longest, length);
    this.covered += length;
    this.least = Math.min(this.least, value);
    this.most = Math.max(this.most, value);
  }

  private combined(aggregate: Exclude<Aggregate, 'direction'>): number {
    if (aggregate === 'sum') return this.sum;
    if (aggregate === 'max') return this.most;
    if (aggregate === 'min') return this.least;
    if (aggregate === 'last') return this.last;
    return this.shortest === this.longest ? this.sum / this.count : this.weighed / this.covered;
  }

  /** As `summarise` has it of their pieces. */
  hour(aggregate: Exclude<Aggregate, 'direction'>): HourValue {
    const { covered, least, most } = this;
    return { value: tidy(this.combined(aggregate)), covered, least, most };
  }
}

/** Looking for what a reading has is many times faster than asking it for each quantity that there is. */
const tallyUp = (readings: readonly Reading[]): Map<string, Tally> => {
  const tallies = new Map<string, Tally>();
  for (const reading of readings)
    for (const name in reading.values) {
      const value = validValue(reading, name);
      if (value === undefined) continue;
      let tally = tallies.get(name);
      if (tally === undefined) {
        tally = new Tally();
        tallies.set(name, tally);
      }
      tally.add(value, reading.time - reading.start);
    }
  return tallies;
};

const NO_FLAGS: readonly string[] = [];

const flaggedIn = (readings: readonly Reading[]): readonly string[] => {
  if (readings.every(({ flags }) => flags === undefined)) return NO_FLAGS;
  const found = readings.flatMap(({ flags }) => Object.entries(flags ?? {}).filter(([, flag]) => flag !== 'N'));
  return [...new Set(found.map(([quantity]) => quantity))];
};

const compute = (
  readings: readonly Reading[],
  quantities: Readonly<Record<string, Quantity>>,
  interval: number,
): Hourly | undefined => {
  const count = readings.filter(hasValid).length;
  if (count === 0) return undefined;
  const values = new Map<string, HourValue>();
  const tallies = follow(readings) ? tallyUp(readings) : undefined;
  for (const name in quantities) {
    const tally = tallies?.get(name);
    if (tallies !== undefined && tally === undefined) continue;
    const { aggregate } = quantities[name]!;
    // Directions are vectors.
    const value =
      tally === undefined || aggregate === 'direction'
        ? summarise(aggregate, piecesOf(readings, name, interval))
        : tally.hour(aggregate);
    if (value !== undefined) values.set(name, value);
  }
  return { count, values, flagged: flaggedIn(readings) };
};

/** Readings that belong to the hour that begins at `start`, valid or not. */
export const readingsOfHour = (window: Window, start: number): Reading[] =>
  readingsAround(window.readings, { start, end: start + HOUR }, HOUR).filter((reading) => {
    const anchor = anchorOf(reading);
    return anchor >= start && anchor < start + HOUR && reading.time - reading.start <= HOUR;
  });

/** The figures of the hour that begins at `start`; undefined: nothing valid in it. Remembered in the window. */
export const hourly = (
  window: Window,
  start: number,
  quantities: Readonly<Record<string, Quantity>>,
  interval: number,
): Hourly | undefined => window.hours.of(start, () => compute(readingsOfHour(window, start), quantities, interval));

/** Whether an hour's value has its minimum of data, in minutes covered. */
export const coveredEnough = (value: HourValue, minutes: number): boolean => value.covered >= minutes * MINUTE;
