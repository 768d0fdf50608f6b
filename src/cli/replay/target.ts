import { DatabaseSync } from 'node:sqlite';
import type { Figure, Reading } from '../../core/types.ts';
import { createAirPeriods } from '../../effects/air-periods.ts';
import { createMiddle, createState, type MiddleOptions, type Need, type Result, settleCounty } from '../../middle.ts';
import { compareReadings, createWindow, type Window } from '../../processors/window.ts';
import { getOr } from './maps.ts';
import type { ReplayTarget } from './run.ts';

/** What a replay passed so far, by station: the archive that the middle asks when its memory does not reach. */
interface Past {
  add(reading: Reading): void;
  /** Readings with `from` < time <= `to`, in order, the last edition of each. */
  between(feed: string, station: string, from: number, to: number): Reading[];
}

const createPast = (): Past => {
  const passed = new Map<string, Reading[]>();
  const keyOf = (feed: string, station: string): string => `${feed}/${station}`;
  return {
    add: (reading) => {
      getOr(passed, keyOf(reading.feed, reading.station), (): Reading[] => []).push(reading);
    },
    between: (feed, station, from, to) => {
      const all = passed.get(keyOf(feed, station)) ?? [];
      const sorted = all.filter(({ time }) => time > from && time <= to).sort(compareReadings);
      return sorted.filter((reading, i) => i + 1 === sorted.length || compareReadings(reading, sorted[i + 1]!) !== 0);
    },
  };
};

/** The middle from an empty beginning, judged at each instant's end. */
export const createReplayTarget = (options: Omit<MiddleOptions, 'judge' | 'status'>): ReplayTarget => {
  const middle = createMiddle({ ...options, judge: 'tick', status: false, ignoreUnheard: true });
  const state = createState();
  const past = createPast();
  const periods = createAirPeriods(new DatabaseSync(':memory:'));
  const noted = (figures: readonly Figure[]): readonly Figure[] => {
    for (const figure of figures) periods.take(figure);
    return figures;
  };
  const supply = ({ feed, station, range, into }: Need): Window | undefined => {
    const [from, to] =
      range === 'newest' ? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] : [range.from, range.to];
    const readings = past.between(feed, station, from, to);
    if (into === 'loan') return createWindow(from, readings);
    middle.provide(state, feed, station, from, readings);
    return undefined;
  };
  const take = (reading: Reading): Result => {
    let loan: Window | undefined;
    for (;;) {
      const result = middle.reading(state, reading, loan);
      if (result.need === undefined) return result;
      loan = supply(result.need);
    }
  };
  return {
    reading: (reading) => {
      const result = take(reading);
      past.add(reading);
      noted(result.figures);
      return result;
    },
    tick: (time) => {
      const { figures, signals } = middle.tick(state, time, {
        settled: true,
        listeningSince: Number.NEGATIVE_INFINITY,
      });
      return { figures: noted([...figures, ...settleCounty(middle, state, supply)]), signals };
    },
    // Only the last edition of a month is written, so they wait for it.
    end: () => ({ figures: periods.settle(options.catalog, options.settings), signals: [] }),
  };
};
