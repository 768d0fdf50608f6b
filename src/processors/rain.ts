import { tidy } from '../core/round.ts';
import { floorTo, HOUR } from '../core/time.ts';
import type { Figure, Reading } from '../core/types.ts';
import { type Place, revise, type Slot, settleFigure } from './cadence.ts';
import { type Piece, validValue, WANDER, withoutOverlap } from './hourly.ts';
import type { RollingChange } from './processor.ts';
import { indexAfter, newestOf, type Window } from './window.ts';

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

/** Whether a reading says how much fell in its period; an instant cannot. */
const measures = (reading: Reading, what: Fallen): boolean =>
  reading.start < reading.time && validValue(reading, what) !== undefined;

/** The newest reading that measured it, as far back as a rolling sum looks. */
export const newestFallen = (readings: readonly Reading[], what: Fallen): Reading | undefined => {
  const newest = readings.at(-1)?.time ?? Number.NEGATIVE_INFINITY;
  for (let i = readings.length - 1; i >= 0 && readings[i]!.time > newest - LONGEST; i--)
    if (measures(readings[i]!, what)) return readings[i];
  return undefined;
};

/** Pieces of what fell within (t − 24 h, t], newest first. */
const piecesBack = (readings: readonly Reading[], time: number, what: Fallen): Piece[] => {
  const pieces: Piece[] = [];
  let overlapping = false;
  for (let i = indexAfter(readings, time + WANDER) - 1; i >= 0 && readings[i]!.time > time - LONGEST; i--) {
    const reading = readings[i]!;
    if (!measures(reading, what) || reading.start < time - LONGEST - WANDER) continue;
    const next = pieces.at(-1);
    if (next !== undefined && reading.time > next.start) overlapping = true;
    const { start, time: end } = reading;
    pieces.push({ reading, value: reading.values[what]!, start, end, weight: end - start });
  }
  return overlapping ? withoutOverlap(pieces, WANDER).reverse() : pieces;
};

/** Rolling rain, or snow, of a station's readings at an instant. */
export const rollingRain = (readings: readonly Reading[], time: number, what: Fallen = 'rain'): Rolling => {
  const pieces = piecesBack(readings, time, what);
  const sums: RollingSum[] = [];
  let edge = time;
  let min = 0;
  let next = 0;
  for (const hours of ROLLING_HOURS) {
    const begin = time - hours * HOUR;
    // `edge` is how far back everything is known without a gap.
    for (; next < pieces.length && pieces[next]!.start >= begin - WANDER; next++) {
      const piece = pieces[next]!;
      min += piece.value;
      if (Math.abs(piece.end - edge) <= WANDER) edge = piece.start;
    }
    sums.push({ sum: edge <= begin + WANDER ? tidy(min) : undefined, min: tidy(min) });
  }
  return { time, sums, known: pieces.length > 0 };
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
  rollingFigure(rollingRain(window.readings, time), place.station.id);

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
