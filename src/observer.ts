// What the pipeline writes about itself and its places, beside the middle: nothing here is journalled, and nothing depends on it. The rows go
// the way of all others, through the outbox, so they wait with them while a store is down.

import type { Catalog } from './core/catalog.ts';
import { type Counts, noCounts } from './core/counts.ts';
import { floorTo, HOUR } from './core/time.ts';
import type { Point } from './core/types.ts';
import type { Delays } from './store/delays.ts';
import { type Machine, ownPoints, type StoreNow } from './store/own-series.ts';
import { placePoints } from './store/places.ts';

export interface ObserverParts {
  /** Between two rows about the pipeline, ms. */
  readonly every: number;
  readonly delays: Delays;
  /** Epoch ms. */
  readonly now: () => number;
  readonly catalog: () => Catalog;
  readonly counts: () => Counts;
  readonly stores: () => readonly StoreNow[];
  readonly machine: () => Machine;
  /** Hand rows to the outbox. */
  readonly write: (points: readonly Point[]) => void;
}

export interface Observer {
  /** Write what is due; to be called often. */
  beat(): void;
}

export const createObserver = ({
  every,
  delays,
  now,
  catalog,
  counts,
  stores,
  machine,
  write,
}: ObserverParts): Observer => {
  let before = noCounts();
  let reported = floorTo(now(), every);
  /** The catalog whose places were written last, and the hour. */
  let told: { readonly catalog: Catalog; readonly hour: number } | undefined;

  const tellPlaces = (): void => {
    const [known, hour] = [catalog(), floorTo(now(), HOUR)];
    if (told?.catalog === known && told.hour === hour) return;
    told = { catalog: known, hour };
    write(placePoints(known, hour));
  };

  const report = (): void => {
    const due = floorTo(now(), every);
    // Unequal, not later: a clock that is set back must not silence it.
    if (due === reported) return;
    reported = due;
    const county = catalog().county.code;
    const taken = structuredClone(counts());
    write(ownPoints({ county, time: due, counts: taken, before, stores: stores(), delays, machine: machine() }));
    before = taken;
  };

  return {
    beat: () => {
      tellPlaces();
      report();
    },
  };
};
