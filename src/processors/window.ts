import { dayStart, floorTo, HOUR } from '../core/time.ts';
import type { Figure, Reading, Span } from '../core/types.ts';
import type { Column } from './column.ts';
import type { Hourly } from './hourly.ts';
import { Memo } from './memo.ts';

// A window is what the middle remembers of one station and feed: its readings from `from` onwards, complete and in order.
// It is a cache of the archive: dropping it and loading it again changes nothing. `hours` memoises the hourly figures of
// those readings and is emptied hour by hour as readings arrive.

/** Mean of each quantity of a day, and how many readings it is of. */
export type DayMeans = ReadonlyMap<string, { readonly value: number; readonly count: number }>;

export interface Window {
  from: number;
  readonly readings: Reading[];
  readonly hours: Memo<Hourly | undefined>;
  /** Whole figures of hours, where more is made of them; forgotten as `hours` are. */
  readonly hourFigures: Memo<Figure | undefined>;
  /** Means of Beijing days by quantity, where a feed makes its days of readings; a day is forgotten when a reading of it arrives. */
  readonly days: Memo<DayMeans>;
  /** Whole figures of Beijing days, where more is made of them; forgotten as `days` are. */
  readonly dayFigures: Memo<Figure | undefined>;
  /** Valid values by quantity, of those that were asked for, see `columnOf`. */
  readonly columns: Map<string, Column>;
  /** The instant up to which figures were written, at or after the newest reading; it falls back to that when readings come. */
  clock: number;
  /** Figures that a tick wrote for periods that the station's own readings have not passed: they may yet change. */
  readonly provisional: Map<string, Figure>;
  /** Newest reading when it was loaded from the archive: of periods open then, earlier provisional figures are not known. */
  readonly loadedTo: number | undefined;
}

export type Arrival = 'stored' | 'revised' | 'duplicate';

export const createWindow = (from: number, readings: readonly Reading[] = []): Window => ({
  from,
  readings: [...readings],
  hours: new Memo(),
  hourFigures: new Memo(),
  days: new Memo(),
  dayFigures: new Memo(),
  columns: new Map(),
  clock: readings.at(-1)?.time ?? Number.NEGATIVE_INFINITY,
  provisional: new Map(),
  loadedTo: readings.at(-1)?.time,
});

/** Time of the newest reading. */
export const newestOf = (window: Window): number | undefined => window.readings.at(-1)?.time;

/** The order of readings everywhere: time, then start (the longer period first), then the forecast's window. */
export const compareReadings = (a: Reading, b: Reading): number =>
  a.time - b.time || a.start - b.start || (a.from ?? 0) - (b.from ?? 0) || (a.to ?? 0) - (b.to ?? 0);

/** The instant by which a reading belongs to an hour, day or month: the middle of its span; an instant is its own. */
export const anchorOf = (reading: Reading): number => (reading.time + reading.start) / 2;

/** First index whose reading has a time after `time`. */
export const indexAfter = (readings: readonly Reading[], time: number): number => {
  let low = 0;
  let high = readings.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (readings[middle]!.time <= time) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Readings whose anchor may lie in the span: all with a time from its start to its end plus `longest`, the longest period. */
export const readingsAround = (readings: readonly Reading[], span: Span, longest: number): Reading[] => {
  const first = indexAfter(readings, span.start - 1);
  let last = first;
  while (last < readings.length && readings[last]!.time <= span.end + longest) last++;
  return readings.slice(first, last);
};

const sameRecord = (a: Readonly<Record<string, unknown>> = {}, b: Readonly<Record<string, unknown>> = {}): boolean => {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.is(a[key], b[key]));
};

/** Whether two readings of the same station, time and period say the same; the sender's sequence number does not count. */
export const sameContent = (a: Reading, b: Reading): boolean =>
  sameRecord(a.values, b.values) &&
  sameRecord(a.flags, b.flags) &&
  a.trend === b.trend &&
  a.status === b.status &&
  (a.phenomena ?? []).join() === (b.phenomena ?? []).join();

/** What `insert` would do, without doing it. */
export const arrivalOf = (window: Window, reading: Reading): { arrival: Arrival; index: number } => {
  const { readings } = window;
  let index = indexAfter(readings, reading.time);
  while (index > 0 && compareReadings(readings[index - 1]!, reading) > 0) index--;
  const before = readings[index - 1];
  if (before === undefined || compareReadings(before, reading) !== 0) return { arrival: 'stored', index };
  return { arrival: sameContent(before, reading) ? 'duplicate' : 'revised', index: index - 1 };
};

const forgetHours = (window: Window, reading: Reading): void => {
  // What is longer than an hour belongs to none.
  if (reading.time - reading.start > HOUR) return;
  for (let hour = floorTo(reading.start, HOUR); hour <= reading.time; hour += HOUR) {
    window.hours.forget(hour);
    window.hourFigures.forget(hour);
  }
};

const forgetDay = (window: Window, day: number): void => {
  window.days.forget(day);
  window.dayFigures.forget(day);
};

/** Put a reading in its place; a later arrival for the same time and period takes the place of the earlier. */
export const insert = (window: Window, reading: Reading, at: { arrival: Arrival; index: number }): void => {
  if (at.arrival === 'duplicate') return;
  if (at.index < window.readings.length) window.columns.clear();
  if (at.index === window.readings.length) window.readings.push(reading);
  else window.readings.splice(at.index, at.arrival === 'revised' ? 1 : 0, reading);
  forgetHours(window, reading);
  forgetDay(window, dayStart(anchorOf(reading)));
};

/** Put readings before all others of the window, which then is complete from `from` on. */
export const prepend = (window: Window, from: number, readings: readonly Reading[]): void => {
  const newer = window.readings.splice(0);
  // One by one: as arguments of one call they may be too many.
  for (const one of readings) window.readings.push(one);
  for (const one of newer) window.readings.push(one);
  window.hours.forgetAll();
  window.hourFigures.forgetAll();
  window.days.forgetAll();
  window.dayFigures.forgetAll();
  window.columns.clear();
  window.from = from;
};

/** Forget readings with a time at or before `before`. */
export const trim = (window: Window, before: number): void => {
  if (before <= window.from) return;
  const gone = indexAfter(window.readings, before);
  window.readings.splice(0, gone);
  // Not trimmed in place: verdicts that stand look into the columns that they were made of when their evidence is asked for.
  window.columns.clear();
  for (const memo of [window.hours, window.hourFigures, window.days, window.dayFigures]) memo.forgetBefore(before);
  window.from = before;
};
