import { tidy } from '../core/round.ts';
import { floorTo, HOUR } from '../core/time.ts';
import type { Figure, Reading } from '../core/types.ts';
import { type Place, revise, type Slot, settleFigure } from './cadence.ts';
import { type Column, columnOf, indexBeyond } from './column.ts';
import { type Piece, WANDER, withoutOverlap } from './hourly.ts';
import type { RollingChange } from './processor.ts';
import { newestOf, type Window } from './window.ts';

// Rolling rain: the sum over (t − N h, t] from readings that do not overlap (the shorter win). With a gap in the window the
// sum is unknown and `min`, what is known to have fallen, is a lower bound. A reading that reaches beyond the window's
// start cannot be split: it leaves a gap. Stamps that wander by some seconds (WANDER) make neither a gap nor an overlap.

export const ROLLING_HOURS = [1, 3, 6, 12, 24] as const;
const LONGEST = 24 * HOUR;
const NAMES = ROLLING_HOURS.flatMap((hours) => [`h${hours}`, `h${hours}_min`]);

export interface RollingSum {
  /** mm; undefined where any of the window is not known. */
  readonly sum: number | undefined;
  /** mm known to have fallen. */
  readonly min: number;
}

export interface Rolling {
  /** End of the windows. */
  readonly time: number;
  /** By ROLLING_HOURS. */
  readonly sums: readonly RollingSum[];
  /** Whether the windows hold any valid reading. */
  readonly known: boolean;
}

/** What falls: rain, and snow as water. */
export const FALLEN = ['rain', 'snow'] as const;
export type Fallen = (typeof FALLEN)[number];

type Columned = Pick<Window, 'readings' | 'columns'>;

/** Time of the newest reading that measured it, as far back as a rolling sum looks, and how long it measured. An instant measures nothing. */
export const newestFallen = (window: Columned, what: Fallen): { time: number; start: number } | undefined => {
  const { times, starts } = columnOf(window, what);
  const newest = window.readings.at(-1)?.time ?? Number.NEGATIVE_INFINITY;
  for (let i = times.length - 1; i >= 0 && times[i]! > newest - LONGEST; i--)
    if (starts[i]! < times[i]!) return { time: times[i]!, start: starts[i]! };
  return undefined;
};

/** Whether a value was measured over a period that lies in (t − 24 h, t]; those after it are not asked for. */
const isInside = (start: number, end: number, time: number): boolean => start < end && start >= time - LONGEST - WANDER;

/** Pieces of what fell within (t − 24 h, t], in order, where readings overlap: the shorter win. */
const piecesApart = (column: Column, time: number): Piece[] => {
  const [begin, end] = [indexBeyond(column, time - LONGEST), indexBeyond(column, time + WANDER)];
  const pieces = column.readings.slice(begin, end).flatMap((reading, i) => {
    const { start, time: last } = reading;
    const value = column.values[begin + i]!;
    return isInside(start, last, time) ? [{ reading, value, start, end: last, weight: last - start }] : [];
  });
  return withoutOverlap(pieces.reverse(), WANDER);
};

type Measured = Pick<Column, 'times' | 'starts' | 'values'>;

const beginOf = (time: number, window: number): number => time - ROLLING_HOURS[window]! * HOUR;

/** `edge` is how far back everything is known without a gap. */
const sumOf = (min: number, edge: number, begin: number): RollingSum => {
  const least = tidy(min);
  return { sum: edge <= begin + WANDER ? least : undefined, min: least };
};

/** What fell, newest first, window by window; undefined where readings overlap and `apart` does not say that they may. */
const sumUp = ({ times, starts, values }: Measured, last: number, time: number, apart = false): Rolling | undefined => {
  const sums: RollingSum[] = [];
  let edge = time;
  let min = 0;
  let known = false;
  let reached = Number.POSITIVE_INFINITY;
  for (let i = last; i >= 0 && times[i]! > time - LONGEST; i--) {
    const start = starts[i]!;
    const end = times[i]!;
    if (!isInside(start, end, time)) continue;
    if (end > reached && !apart) return undefined;
    reached = start;
    known = true;
    while (sums.length < ROLLING_HOURS.length && start < beginOf(time, sums.length) - WANDER)
      sums.push(sumOf(min, edge, beginOf(time, sums.length)));
    min += values[i]!;
    if (Math.abs(end - edge) <= WANDER) edge = start;
  }
  while (sums.length < ROLLING_HOURS.length) sums.push(sumOf(min, edge, beginOf(time, sums.length)));
  return { time, sums, known };
};

const rollingApart = (column: Column, time: number): Rolling => {
  const pieces = piecesApart(column, time);
  const measured: Measured = {
    times: pieces.map(({ end }) => end),
    starts: pieces.map(({ start }) => start),
    values: pieces.map(({ value }) => value),
  };
  return sumUp(measured, pieces.length - 1, time, true)!;
};

/** Rolling rain, or snow, of a station's window at an instant. */
export const rollingRain = (window: Columned, time: number, what: Fallen = 'rain'): Rolling => {
  const column = columnOf(window, what);
  return sumUp(column, indexBeyond(column, time + WANDER) - 1, time) ?? rollingApart(column, time);
};

/** The figure as the series keeps it, its time the windows' END. */
export const rollingFigure = (rolling: Rolling, station: string): Figure | undefined => {
  if (!rolling.known) return undefined;
  const fields: Record<string, number> = {};
  rolling.sums.forEach(({ sum, min }, i) => {
    if (sum !== undefined) fields[`h${ROLLING_HOURS[i]}`] = sum;
    fields[`h${ROLLING_HOURS[i]}_min`] = min;
  });
  return { measurement: 'rain_rolling', station, start: rolling.time, end: rolling.time, fields };
};

const figureAt = (window: Window, time: number, place: Place): Figure | undefined =>
  rollingFigure(rollingRain(window, time), place.station.id);

/** Whole hours up to the newest reading whose window a reading falls into. */
const hoursTouched = (changed: Reading, newest: number): number[] => {
  const hours: number[] = [];
  const first = floorTo(changed.time + HOUR - 1, HOUR);
  for (let hour = first; hour < changed.time + LONGEST && hour <= newest; hour += HOUR) hours.push(hour);
  return hours;
};

export const rainBeforehand = (window: Window, changed: Reading, newest: number, place: Place): Figure[] =>
  hoursTouched(changed, newest).flatMap((hour) => figureAt(window, hour, place) ?? []);

const lateRain = (
  window: Window,
  changed: Reading,
  before: readonly Figure[],
  newest: number,
  place: Place,
): Figure[] => {
  const earlier = new Map(before.map((figure) => [figure.end, figure]));
  return hoursTouched(changed, newest).flatMap(
    (hour) => revise(earlier.get(hour), figureAt(window, hour, place)) ?? [],
  );
};

const slotAt = (hour: number, { station }: Place): Slot => ({
  measurement: 'rain_rolling',
  station: station.id,
  start: hour,
  end: hour,
  names: NAMES,
  reach: LONGEST,
});

export const rainFigures = (window: Window, change: RollingChange, place: Place): Figure[] => {
  const { changed, before, from, to } = change;
  const figures = changed === undefined ? [] : lateRain(window, changed, before, from, place);
  // A day beyond the newest reading nothing is known any more.
  const last = Math.min(to, (newestOf(window) ?? Number.NEGATIVE_INFINITY) + LONGEST);
  for (let hour = floorTo(from, HOUR) + HOUR; hour <= last; hour += HOUR) {
    const settled = settleFigure(window, slotAt(hour, place), figureAt(window, hour, place), changed === undefined);
    if (settled !== undefined) figures.push(settled);
  }
  return figures;
};
