import { HOUR } from '../core/time.ts';
import type { Reading } from '../core/types.ts';

// The tag `window` of forecasts: a closed list, so that no message makes a series that was not foreseen. What a message says to
// the minute stands in the fields window_from and window_to; archive and thresholds have it as it came.

/** Lengths, hours: a window is called by the least that holds it, or by the longest. */
const LENGTHS = [1, 3, 6, 12, 24, 48, 72, 120, 168, 240] as const;
/** A window begins at most so many hours before its issue, or after it. */
const [BEFORE, AFTER] = [24, 240];

const lengthOf = (hours: number): number => LENGTHS.find((length) => hours <= length) ?? Math.max(...LENGTHS);

/** Whole lengths between the issue and the window's beginning. */
const leastSteps = (length: number): number => -Math.ceil(BEFORE / length);
const mostSteps = (length: number): number => Math.floor(AFTER / length);

const textOf = (length: number, steps: number): string => {
  const lead = steps === 0 ? '' : `${steps > 0 ? '+' : '-'}PT${Math.abs(steps * length)}H`;
  return `PT${length}H${lead}`;
};

/**
 * The window of a forecast: PT24H; one that does not begin with its issue says by how many whole lengths of its own, to the
 * nearest: PT24H+PT24H, PT3H-PT6H. Consecutive windows of one issue have different names.
 */
export const windowOf = ({ time, from, to }: Pick<Reading, 'time' | 'from' | 'to'>): string => {
  const length = lengthOf(Math.round((to! - from!) / HOUR));
  const steps = Math.round((from! - time) / HOUR / length);
  return textOf(length, Math.min(mostSteps(length), Math.max(leastSteps(length), steps)));
};

/** Every window that there can be. */
export const WINDOWS: readonly string[] = LENGTHS.flatMap((length) => {
  const least = leastSteps(length);
  return Array.from({ length: mostSteps(length) - least + 1 }, (_, i) => textOf(length, least + i));
});
