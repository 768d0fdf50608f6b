// The middle: (state, event) → figures and signals. Pure: it reads no clock, no disk and no environment; the state is handed
// in, belongs to the caller and is changed in place. A reading for a time that memory no longer holds makes the middle ask
// for that range (`need`); the shell loads it, hands it in and calls again.
//
// The state but for `tick`, `since`, the days of rain and the signals is a cache of the archive. A window may be dropped at any time: `missing`
// names it until it is provided again, which the shell does before the next event, as rules look at all windows.

import type { Feed, Figure, Reading, Signal } from './core/types.ts';
import { nextOfCounty } from './middle/county.ts';
import { closeAll, forgetOld, lastFigures, takeIn } from './middle/figures.ts';
import { createJudge, dustfallPoints, type Judging } from './middle/judging.ts';
import { missingOf, type Need, needFor, windowsOf } from './middle/needs.ts';
import { type Known, type MiddleState, windowKey } from './middle/state.ts';
import { processors } from './processors/index.ts';
import { FALLEN } from './processors/rain.ts';
import { takeRainDays } from './processors/rain-days.ts';
import { statusFigures } from './processors/status.ts';
import { type Arrival, createWindow, newestOf, prepend, type Window } from './processors/window.ts';
import type { Source, Verdict } from './thresholds/rule.ts';

export type { Need } from './middle/needs.ts';
export { createState, type MiddleState } from './middle/state.ts';

export interface Result {
  readonly need?: undefined;
  readonly arrival: Arrival;
  /** The earlier reading that a revision took the place of. */
  readonly replaced?: Reading | undefined;
  readonly late: boolean;
  readonly figures: readonly Figure[];
  readonly signals: readonly Signal[];
}

export interface MiddleOptions extends Known, Judging {
  /** Write station_status. */
  readonly status: boolean;
  /** Stations never heard of are silent since the first tick; a replay ignores them, its file holds a part of the county. */
  readonly ignoreUnheard?: boolean;
}

export interface Wanting {
  readonly need: Need;
}

/** Work out at most so many of the county's figures that are due; `load` answers what is asked for. */
export const settleCounty = (
  middle: Middle,
  state: MiddleState,
  load: (need: Need) => Window | undefined,
  most = Number.POSITIVE_INFINITY,
): Figure[] => {
  const figures: Figure[] = [];
  const lent = new Map<string, Window>();
  for (let done = 0; done < most; ) {
    const step = middle.county(state, lent);
    if (step === undefined) break;
    if ('need' in step) {
      const loan = load(step.need);
      if (loan !== undefined) lent.set(step.need.station, loan);
      continue;
    }
    figures.push(...step.figures);
    done++;
  }
  return figures;
};

export interface Middle {
  reading(state: MiddleState, reading: Reading, loan?: Window): Result | Wanting;
  tick(state: MiddleState, time: number, how: { settled: boolean; listeningSince: number }): Result;
  /**
   * The next figure of the county whose period is over and whose readings changed since it was written; undefined: none is left. Asks to
   * be lent what memory does not hold; `lent` is by station.
   */
  county(
    state: MiddleState,
    lent: ReadonlyMap<string, Window>,
  ): { readonly figures: readonly Figure[] } | Wanting | undefined;
  /** What a rule says of a subject as of the last tick, or of `at` before the first; undefined: nothing. */
  verdict(state: MiddleState, kind: string, subject: string, at: number): Verdict | undefined;
  /** Figures of a month of every dustfall point that has one in memory. */
  dustfallPoints(state: MiddleState, monthStart: number): readonly Figure[];
  /** Windows that memory should hold and does not: at the start, or after they were dropped. */
  missing(state: MiddleState): Iterable<Need>;
  /** The last figure of each kind that a station's own readings have closed: for those who look in after a start. */
  lastFigures(state: MiddleState): Figure[];
  /** Put readings that were asked for, or that are the newest of a station, into its window. */
  provide(state: MiddleState, feed: Feed, station: string, from: number, readings: readonly Reading[]): void;
}

const NONE: readonly Source[] = [];

const NOTHING: Result = { arrival: 'duplicate', late: false, figures: [], signals: [] };

export const createMiddle = (options: MiddleOptions): Middle => {
  const { catalog, settings, status } = options;
  const known: Known = { catalog, settings };
  const judge = createJudge(known, options);
  const windows = windowsOf(known);
  // A gauge may be a few days ahead of another, and the day under way has no figure yet.
  const rainDaysKept = settings.geological.days + 7;

  const reading: Middle['reading'] = (state, given, loan) => {
    const processor = processors[given.feed];
    const need = needFor(state, known, processor, given, loan);
    if (need !== undefined) return { need };
    const window = state.windows.get(windowKey(given.feed, given.station))!;
    // A station's very first reading has none before it: its own start is taken.
    const newest = newestOf(window) ?? given.start;
    const { figures, late, closed, arrival, replaced } = takeIn(state, known, given, loan ?? window, newest);
    if (arrival === 'duplicate') return NOTHING;
    takeRainDays(state.rainDays, figures, rainDaysKept);
    if (given.feed === 'weather') for (const what of FALLEN) state.fallen.delete(`${what}/${given.station}`);
    // Nothing that is judged now looks as far back as what had to be lent, or would have to be if memory held no more than is kept.
    const isFar = processor.county === undefined && given.time <= newest - processor.keep;
    if (loan !== undefined || isFar) return { arrival, replaced, late, figures, signals: [] };
    forgetOld(window, processor.keep);
    const trigger = { kind: 'reading', reading: given, figures, closed: closed ? [given] : NONE } as const;
    const signals = judge(state, trigger, Math.max(state.tick, given.time));
    return { arrival, replaced, late, figures, signals };
  };

  const tick: Middle['tick'] = (state, time, { settled, listeningSince }) => {
    const from = state.tick;
    const { figures, closed } = closeAll(state, known, time);
    takeRainDays(state.rainDays, figures, rainDaysKept);
    state.tick = Math.max(from, time);
    if (!options.ignoreUnheard) state.since ??= time;
    state.listeningSince = listeningSince;
    const signals = judge(state, { kind: 'tick', settled, figures, closed }, state.tick);
    if (status) figures.push(...statusFigures(state, catalog, from, state.tick, settings));
    return { arrival: 'stored', late: false, figures, signals };
  };

  const provide: Middle['provide'] = (state, feed, station, from, readings) => {
    const key = windowKey(feed, station);
    const window = state.windows.get(key);
    if (window === undefined) state.windows.set(key, createWindow(from, readings));
    else prepend(window, from, readings);
  };

  return {
    reading,
    tick,
    county: (state, lent) => nextOfCounty(state, known, lent),
    missing: (state) => missingOf(state, windows),
    lastFigures: (state) => lastFigures(state, known),
    verdict: judge.verdict,
    dustfallPoints: (state, start) => dustfallPoints(state, known, start),
    provide,
  };
};
