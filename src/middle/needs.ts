import type { Feed, Reading } from '../core/types.ts';
import type { Processor } from '../processors/processor.ts';
import type { Window } from '../processors/window.ts';
import { type Known, type MiddleState, windowKey } from './state.ts';

// What the middle has to be lent before it can go on: it reads no disk itself.

/** Readings that must be known: `from` < time <= `to`; `newest`: all since the newest less what the feed keeps. */
export interface Need {
  readonly feed: Feed;
  readonly station: string;
  readonly range: { readonly from: number; readonly to: number } | 'newest';
  /** Where they go: the station's window, or a loan for this call alone. */
  readonly into: 'window' | 'loan';
}

/** Every window of the catalog: figures are closed and rules judged from all of them. */
export const windowsOf = ({ catalog }: Known): (readonly [Feed, string])[] => [
  ...[...catalog.stations.values()].flatMap(({ id, feeds }) =>
    (Object.keys(feeds) as Feed[]).map((feed) => [feed, id] as const),
  ),
  ...[...catalog.townships.map(({ id }) => id), 'county'].map((id) => ['forecast', id] as const),
];

/** Windows that are not in memory, one after the other: each is looked for when it is asked for, in one walk through them all. */
export function* missingOf(
  state: MiddleState,
  windows: readonly (readonly [Feed, string])[],
): Generator<Need, void, undefined> {
  for (const [feed, station] of windows)
    if (!state.windows.has(windowKey(feed, station))) yield { feed, station, range: 'newest', into: 'window' };
}

/** What the county's figure of the reading's period needs of the other stations. */
const memberNeed = (
  state: MiddleState,
  { catalog, settings }: Known,
  { feed, county }: Processor,
  reading: Reading,
): Need | undefined => {
  if (county === undefined) return undefined;
  const { start } = county.reach({ start: reading.start, end: reading.time }, settings);
  for (const { id, feeds } of catalog.stations.values()) {
    if (feeds[feed] === undefined) continue;
    const window = state.windows.get(windowKey(feed, id));
    if (window === undefined) return { feed, station: id, range: 'newest', into: 'window' };
    if (start < window.from) return { feed, station: id, range: { from: start, to: window.from }, into: 'window' };
  }
  return undefined;
};

/** What must be loaded before a reading can be taken in; undefined: all is there. */
export const needFor = (
  state: MiddleState,
  known: Known,
  processor: Processor,
  reading: Reading,
  loan: Window | undefined,
): Need | undefined => {
  const { feed, station } = reading;
  const window = state.windows.get(windowKey(feed, station));
  if (window === undefined) return { feed, station, range: 'newest', into: 'window' };
  const reach = processor.reach({ start: reading.start, end: reading.time }, known.settings);
  if (reach.start >= window.from) return memberNeed(state, known, processor, reading);
  if (reading.time > window.from || processor.county)
    return { feed, station, range: { from: reach.start, to: window.from }, into: 'window' };
  if (loan !== undefined) return undefined;
  return { feed, station, range: { from: reach.start, to: reach.end }, into: 'loan' };
};
