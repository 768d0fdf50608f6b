import type { Settings } from '../config/schema.ts';
import type { Catalog, Station } from '../core/catalog.ts';
import type { Feed, Signal } from '../core/types.ts';
import type { Place } from '../processors/cadence.ts';
import { hasValid } from '../processors/hourly.ts';
import { processors } from '../processors/index.ts';
import type { Member } from '../processors/processor.ts';
import type { Rolling } from '../processors/rain.ts';
import type { RainDays } from '../processors/rain-days.ts';
import type { Window } from '../processors/window.ts';
import type { Rule, Verdict } from '../thresholds/rule.ts';

// What the middle remembers between events, and what it knows from the start.

export interface MiddleState {
  /** By windowKey. */
  readonly windows: Map<string, Window>;
  /** Event time of the last tick. */
  tick: number;
  /** Event time of the first tick ever: stations never heard of are silent since then. */
  since: number | undefined;
  listeningSince: number;
  readonly due: DueFigures;
  /** Rolling rain and snow by kind and station, up to its newest reading. */
  readonly fallen: Map<string, Rolling>;
  /** Days of rain, as far back as effective rain looks; the shell keeps them on disk and hands them in at the start. */
  readonly rainDays: RainDays;
  /** Current and ended signals by kind/subject. */
  readonly signals: Map<string, Signal>;
  /** When each unit last reported on a signal that is up, by the signal's id. */
  readonly reports: Map<string, Map<string, number>>;
  /** Signals by kind/subject that a person closed for good: a late revision does not raise them again. */
  readonly closed: Set<string>;
  /** What each rule said last, by kind/subject. */
  readonly verdicts: Map<string, { rule: Rule; verdict: Verdict }>;
}

/**
 * Periods of county figures that readings changed since they were written, by measurement and start; `true`: an edition may have been
 * written before. With the clock's tick it is all that is not a cache of the archive.
 */
export type DueFigures = Map<string, Map<number, boolean>>;

export const createState = (signals: readonly Signal[] = [], rainDays: RainDays = new Map()): MiddleState => ({
  windows: new Map(),
  tick: Number.NEGATIVE_INFINITY,
  since: undefined,
  listeningSince: Number.NEGATIVE_INFINITY,
  due: new Map(),
  fallen: new Map(),
  rainDays,
  signals: new Map(signals.map((signal) => [`${signal.kind}/${signal.subject}`, signal])),
  reports: new Map(),
  closed: new Set(),
  verdicts: new Map(),
});

export const windowKey = (feed: Feed, station: string): string => `${feed}/${station}`;

/** What does not change from event to event. */
export interface Known {
  readonly catalog: Catalog;
  readonly settings: Settings;
}

/** A township's forecasts have no station of their own in the catalog. */
const forecastStation = (id: string): Station => ({
  id,
  name: { zh: id, en: id },
  feeds: {},
  active: true,
  assessed: false,
  example: false,
});

export const placeOf = ({ catalog, settings }: Known, id: string): Place => ({
  station: catalog.stations.get(id) ?? forecastStation(id),
  settings,
});

/** All stations of a feed with their windows. */
export const membersOf = (state: MiddleState, { catalog }: Known, feed: Feed): Member[] =>
  [...catalog.stations.values()].flatMap((station) => {
    const window = station.feeds[feed] ? state.windows.get(windowKey(feed, station.id)) : undefined;
    return window === undefined ? [] : [{ station, window }];
  });

/**
 * When a station last sent anything valid, as far back behind its newest reading as memory reaches for certain; undefined:
 * never, or before. Looked up each time, so that revisions, late readings and a crash cannot make it differ.
 */
export const lastValidOf = (state: MiddleState, { catalog }: Known, station: string): number | undefined => {
  let last: number | undefined;
  const feeds = catalog.stations.get(station)?.feeds;
  for (const name in feeds) {
    const feed = name as Feed;
    const readings = state.windows.get(windowKey(feed, station))?.readings;
    if (readings === undefined || readings.length === 0) continue;
    const oldest = readings.at(-1)!.time - processors[feed].keep;
    const found = readings.findLast((one) => one.time <= oldest || hasValid(one));
    if (found !== undefined && found.time > oldest) last = Math.max(last ?? found.time, found.time);
  }
  return last;
};
