import type { Reading } from '../core/types.ts';
import { coveredBy, piecesOf, validValue } from './hourly.ts';
import type { Window } from './window.ts';

/**
 * The valid values of one quantity in a window's readings, in their order. What rules ask of hours and days is asked again at each
 * reading: numbers side by side are walked many times faster than readings whose values are looked up by name, and sums and extremes that
 * are kept beside them spare most of the walk.
 */
export interface Column {
  readonly readings: Reading[];
  readonly times: number[];
  readonly starts: number[];
  readonly values: number[];
  /** Time covered by the values before each index, and by all, ms; as if each began where the one before it ended, or later. */
  readonly covered: number[];
  /** How many of those before each index, and of all, are instants or overlap the one before. */
  readonly uneven: number[];
  /** Highest and lowest of each whole block of `BLOCK` values. */
  readonly highest: number[];
  readonly lowest: number[];
  /** Readings of the window that were looked through. */
  through: number;
}

const BLOCK = 32;

export const emptyColumn = (): Column => ({
  readings: [],
  times: [],
  starts: [],
  values: [],
  covered: [0],
  uneven: [0],
  highest: [],
  lowest: [],
  through: 0,
});

/** Blocks that became whole. */
const extendBlocks = ({ values, highest, lowest }: Column): void => {
  while ((highest.length + 1) * BLOCK <= values.length) {
    const block = values.slice(highest.length * BLOCK, (highest.length + 1) * BLOCK);
    highest.push(Math.max(...block));
    lowest.push(Math.min(...block));
  }
};

const append = (column: Column, reading: Reading, value: number): void => {
  const { time, start } = reading;
  const before = column.times.at(-1) ?? Number.NEGATIVE_INFINITY;
  column.readings.push(reading);
  column.times.push(time);
  column.starts.push(start);
  column.values.push(value);
  column.covered.push(column.covered.at(-1)! + (time - start));
  column.uneven.push(column.uneven.at(-1)! + (start >= time || start < before ? 1 : 0));
};

const extend = (column: Column, readings: readonly Reading[], quantity: string): void => {
  if (column.through === readings.length) return;
  for (; column.through < readings.length; column.through++) {
    const reading = readings[column.through]!;
    const value = validValue(reading, quantity);
    if (value !== undefined) append(column, reading, value);
  }
  extendBlocks(column);
};

/** The column of a quantity, remembered in the window: readings at its end join it, anything else begins it anew. */
export const columnOf = ({ readings, columns }: Pick<Window, 'readings' | 'columns'>, quantity: string): Column => {
  let column = columns.get(quantity);
  if (column === undefined) {
    column = emptyColumn();
    columns.set(quantity, column);
  }
  extend(column, readings, quantity);
  return column;
};

/** First index of a column whose time is after `time`. */
export const indexBeyond = ({ times }: Column, time: number): number => {
  let low = 0;
  let high = times.length;
  // The newest are asked for most.
  if (high === 0 || times[high - 1]! <= time) return high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Values of a column from index `begin` to before `end`. */
export interface Part {
  readonly begin: number;
  readonly end: number;
}

/** Time that a part's values cover, ms; as `coveredBy` their pieces has it. */
export const coverageOf = (column: Column, { begin, end }: Part, quantity: string, interval: number): number => {
  if (begin === end) return 0;
  const { readings, times, starts, covered, uneven } = column;
  // Instants, whose neighbours tell how long they count, and what overlaps are left to those who sort it out.
  const isEven = starts[begin]! < times[begin]! && uneven[end] === uneven[begin + 1];
  if (isEven) return covered[end]! - covered[begin]!;
  return coveredBy(piecesOf(readings.slice(begin, end), quantity, interval));
};

/** Whether a block lies within a part from an index on, where it begins. */
const isBlockAt = ({ highest }: Column, at: number, end: number): boolean =>
  at % BLOCK === 0 && at + BLOCK <= end && at / BLOCK < highest.length;

/** The highest of a part's values; −∞: it has none. */
export const highestOf = (column: Column, { begin, end }: Part): number => {
  const { values, highest } = column;
  let most = Number.NEGATIVE_INFINITY;
  for (let at = begin; at < end; ) {
    const isBlock = isBlockAt(column, at, end);
    const value = isBlock ? highest[at / BLOCK]! : values[at]!;
    if (value > most) most = value;
    at += isBlock ? BLOCK : 1;
  }
  return most;
};

/** The lowest of a part's values; ∞: it has none. */
export const lowestOf = (column: Column, { begin, end }: Part): number => {
  const { values, lowest } = column;
  let least = Number.POSITIVE_INFINITY;
  for (let at = begin; at < end; ) {
    const isBlock = isBlockAt(column, at, end);
    const value = isBlock ? lowest[at / BLOCK]! : values[at]!;
    if (value < least) least = value;
    at += isBlock ? BLOCK : 1;
  }
  return least;
};
