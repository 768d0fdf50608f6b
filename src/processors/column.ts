import type { Reading } from '../core/types.ts';
import { coveredBy, piecesOf, validValue } from './hourly.ts';
import type { Window } from './window.ts';

/**
 * The valid values of one quantity in a window's readings, in their order. What rules ask of hours and days is asked again at each
 * reading: numbers side by side are walked many times faster than readings whose values are looked up by name.
 */
export interface Column {
  readonly readings: Reading[];
  readonly times: number[];
  readonly starts: number[];
  readonly values: number[];
  /** Readings of the window that were looked through. */
  through: number;
}

export const emptyColumn = (): Column => ({ readings: [], times: [], starts: [], values: [], through: 0 });

const extend = (column: Column, readings: readonly Reading[], quantity: string): void => {
  for (; column.through < readings.length; column.through++) {
    const reading = readings[column.through]!;
    const value = validValue(reading, quantity);
    if (value === undefined) continue;
    column.readings.push(reading);
    column.times.push(reading.time);
    column.starts.push(reading.start);
    column.values.push(value);
  }
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
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Time that the values from index `begin` to before `end` cover, ms; as `coveredBy` their pieces has it. */
export const coverageOf = (
  { readings, times, starts }: Column,
  { begin, end }: { readonly begin: number; readonly end: number },
  quantity: string,
  interval: number,
): number => {
  let covered = 0;
  let reached = Number.NEGATIVE_INFINITY;
  for (let i = begin; i < end; i++) {
    const [start, time] = [starts[i]!, times[i]!];
    // Instants, whose neighbours tell how long they count, and what overlaps are left to those who sort it out.
    if (start >= time || start < reached) return coveredBy(piecesOf(readings.slice(begin, end), quantity, interval));
    covered += time - start;
    reached = time;
  }
  return covered;
};
