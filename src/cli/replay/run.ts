import type { Figure, Reading, Signal } from '../../core/types.ts';

/** What the middle answers to an event. */
export interface Output {
  readonly figures: readonly Figure[];
  readonly signals: readonly Signal[];
}

/** The middle as a replay drives it: readings and ticks in, figures and signals out. Times are epoch milliseconds. */
export interface ReplayTarget {
  reading(reading: Reading): Output;
  tick(time: number): Output;
  /** What is left to be worked out when all is read. */
  end(): Output;
}

const rank = (reading: Reading): number => (reading.feed === 'forecast' ? 0 : 1);

/** At each instant: forecasts issued then, then readings in the order of their files. */
export const inEventOrder = (readings: readonly Reading[]): Reading[] =>
  readings.toSorted((a, b) => a.time - b.time || rank(a) - rank(b));

/**
 * Give ordered readings to the middle, and one tick after those of each instant.
 * `passed` is told how many readings are done, once an instant.
 */
export const runReplay = (
  ordered: readonly Reading[],
  target: ReplayTarget,
  collect: (output: Output) => void,
  passed: (done: number) => void = () => {},
): void => {
  for (const [index, reading] of ordered.entries()) {
    collect(target.reading(reading));
    if (ordered[index + 1]?.time === reading.time) continue;
    collect(target.tick(reading.time));
    passed(index + 1);
  }
  collect(target.end());
};
