import { floorTo, HOUR } from '../core/time.ts';
import type { Feed, Figure, Reading } from '../core/types.ts';
import { type Admission, admit, closing, revise } from '../processors/cadence.ts';
import { processors } from '../processors/index.ts';
import type { Processor } from '../processors/processor.ts';
import { anchorOf, trim, type Window } from '../processors/window.ts';
import type { Source } from '../thresholds/rule.ts';
import { lastOfCounty, markDue } from './county.ts';
import { type Known, type MiddleState, membersOf, placeOf } from './state.ts';

// readings → figures: when one comes, and when the clock moves without any.

/**
 * Take a reading into a window, the station's own or one on loan, and say which figures it writes or changes.
 * @param newest time of the station's newest reading before this one
 */
export const takeIn = (
  state: MiddleState,
  known: Known,
  reading: Reading,
  window: Window,
  newest: number,
): Admission => {
  const processor: Processor = processors[reading.feed];
  const place = placeOf(known, reading.station);
  const countyFigure = () =>
    processor.county?.figure(membersOf(state, known, reading.feed), anchorOf(reading), state.tick, known.settings);
  const before = processor.rolling?.beforehand(window, reading, newest, place) ?? [];
  const countyBefore = countyFigure();
  const admission = admit(processor.cadences, window, place, reading, newest);
  if (admission.arrival === 'duplicate') return admission;
  const change = { changed: reading, before, from: newest, to: Math.max(newest, reading.time) };
  admission.figures.push(...(processor.rolling?.figures(window, change, place) ?? []));
  markDue(state, known, reading);
  const county = revise(countyBefore, countyFigure());
  if (county !== undefined) admission.figures.push(county);
  return admission;
};

/** Forget readings that are older than a feed keeps. */
export const forgetOld = (window: Window, keep: number): void => {
  const before = (window.readings.at(-1)?.time ?? Number.NEGATIVE_INFINITY) - keep;
  // Now and then, not at each reading: the front of an array is dear to remove.
  if (before > window.from + keep / 4) trim(window, before);
};

/** What the clock's move writes, and of which stations it may have closed periods, whether or not there was anything to write. */
interface Closed {
  readonly figures: Figure[];
  readonly closed: readonly Source[];
}

/** Close what ended by `to` without the stations themselves having gone on. */
const closeStations = (state: MiddleState, known: Known, to: number): Closed => {
  const figures: Figure[] = [];
  const closed: Source[] = [];
  for (const [key, window] of state.windows) {
    const from = window.clock;
    // All periods end at whole hours.
    if (window.readings.length === 0 || floorTo(to, HOUR) <= from) continue;
    const [feed, id] = key.split('/') as [Feed, string];
    const { cadences, rolling } = processors[feed];
    const place = placeOf(known, id);
    for (const cadence of cadences) figures.push(...closing(cadence, window, place, from, to, true));
    figures.push(...(rolling?.figures(window, { before: [], from, to }, place) ?? []));
    window.clock = to;
    closed.push({ feed, station: id });
  }
  return { figures, closed };
};

/** Figures of the county that change because the clock moved. */
const closeCounty = (state: MiddleState, known: Known, from: number, to: number): Figure[] =>
  Object.values(processors).flatMap(({ feed, county }) =>
    (county?.due(from, to, known.settings) ?? []).flatMap((instant) => {
      const members = membersOf(state, known, feed);
      const [before, after] = [from, to].map((clock) => county!.figure(members, instant, clock, known.settings));
      return revise(before, after) ?? [];
    }),
  );

/** What the clock's move from the last tick to `to` writes. */
export const closeAll = (state: MiddleState, known: Known, to: number): Closed => {
  const { figures, closed } = closeStations(state, known, to);
  if (floorTo(to, HOUR) > state.tick) figures.push(...closeCounty(state, known, state.tick, to));
  return { figures, closed };
};

/** The figures of one station that its own newest reading has closed last. */
const lastOfWindow = (window: Window, key: string, known: Known): Figure[] => {
  const newest = window.readings.at(-1);
  if (newest === undefined) return [];
  const [feed, id] = key.split('/') as [Feed, string];
  const place = placeOf(known, id);
  const figures = processors[feed].cadences.flatMap((cadence) => {
    const span = cadence.span(anchorOf(newest), known.settings);
    const closed = span.end <= newest.time ? span : cadence.span(span.start - 1, known.settings);
    return cadence.make(window, closed, place) ?? [];
  });
  const hour = floorTo(newest.time, HOUR);
  const change = { before: [], from: hour - 1, to: hour };
  // The window is only looked at: what a figure would be is not what was written.
  const look = { ...window, provisional: new Map<string, Figure>(), loadedTo: undefined };
  return [...figures, ...(processors[feed].rolling?.figures(look, change, place) ?? [])];
};

/** The last figures of all stations, and of the county, as memory has them. */
export const lastFigures = (state: MiddleState, known: Known): Figure[] => {
  const figures = [...state.windows].flatMap(([key, window]) => lastOfWindow(window, key, known));
  for (const { feed, county } of Object.values(processors)) {
    const members = county === undefined ? [] : membersOf(state, known, feed);
    const newest = members.flatMap(({ window }) => window.readings.at(-1) ?? []).sort((a, b) => a.time - b.time);
    const last = newest.at(-1);
    if (last !== undefined)
      figures.push(...[county!.figure(members, anchorOf(last), state.tick, known.settings) ?? []].flat());
  }
  figures.push(...lastOfCounty(state, known));
  return figures;
};
