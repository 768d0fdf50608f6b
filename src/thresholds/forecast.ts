import { HOUR } from '../core/time.ts';
import type { Reading } from '../core/types.ts';
import { validValue } from '../processors/hourly.ts';
import { indexAfter } from '../processors/window.ts';

// What a forecast proves of the sum over the next N hours. Of one issue, windows that lie within the hours prove "at least"; windows
// that join to cover them say "at most"; ones that join and fit, with an hour's play at either end, say both. The newest issue speaks;
// where it does not fit (a nowcast of few hours), the newest that fits fills in what it leaves open.

export interface Bounds {
  readonly least: number;
  readonly most: number;
  /** The windows that prove `least`, for the evidence. */
  readonly from?: number;
  readonly to?: number;
}

export const UNKNOWN: Bounds = { least: 0, most: Number.POSITIVE_INFINITY };

interface Limits {
  readonly maxAge: number;
  readonly tolerance: number;
}

/** The hours that are asked for. */
interface Asked {
  readonly now: number;
  readonly end: number;
  readonly play: number;
}

interface Expected {
  readonly from: number;
  readonly to: number;
  readonly value: number;
}

/** A forecast's windows of a quantity that are not over, by their begin. */
const expectedOf = (issue: readonly Reading[], quantity: string, now: number): Expected[] =>
  issue
    .flatMap((reading) => {
      const { from, to } = reading;
      const value = validValue(reading, quantity);
      return from === undefined || to === undefined || to <= now || value === undefined ? [] : [{ from, to, value }];
    })
    .sort((a, b) => a.from - b.from || a.to - b.to);

/** The highest sum of windows that lie between two instants and do not overlap. */
const provable = (windows: readonly Expected[], begin: number, end: number): Expected | undefined => {
  const sums: Expected[] = [];
  for (const { from, to, value } of windows) {
    if (from < begin || to > end) continue;
    let best: Expected = { from, to, value };
    for (const one of sums)
      if (one.to <= from && one.value + value > best.value) best = { from: one.from, to, value: one.value + value };
    sums.push(best);
  }
  return sums.reduce<Expected | undefined>((a, b) => (a === undefined || b.value > a.value ? b : a), undefined);
};

/** Sums of windows that join without a gap from an instant on, by where they end; the highest where there are several. */
const sumsFrom = (windows: readonly Expected[], begin: number): Map<number, number> => {
  const sums = new Map([[begin, 0]]);
  for (const { from, to, value } of windows) {
    const before = sums.get(from);
    if (before !== undefined) sums.set(to, Math.max(sums.get(to) ?? 0, before + value));
  }
  return sums;
};

/** Windows that join from about now to about the end. */
const joinedOf = (windows: readonly Expected[], { now, end, play }: Asked): Expected[] =>
  [...new Set(windows.map(({ from }) => from))]
    .filter((from) => from <= now + play)
    .flatMap((from) => [...sumsFrom(windows, from)].map(([to, value]) => ({ from, to, value })))
    .filter(({ to }) => to >= end - play);

/** The ones that fit best, if any fit with the play at either end; of equal ones the highest. */
const fittest = (joined: readonly Expected[], { now, end, play }: Asked): Expected | undefined => {
  const off = ({ from, to }: Expected): number =>
    Math.abs(from - now) + Math.abs(to - end) + Math.abs(to - from - (end - now));
  return joined
    .filter(({ from, to }) => from >= now - play && to <= end + play)
    .sort((a, b) => off(a) - off(b) || b.value - a.value)[0];
};

/** What one issue says; undefined where none of its windows begins by about now. */
const boundsOf = (windows: readonly Expected[], asked: Asked): (Bounds & { fits: boolean }) | undefined => {
  const { now, end, play } = asked;
  if (!windows.some(({ from }) => from <= now + play)) return undefined;
  const joined = joinedOf(windows, asked);
  const fit = fittest(joined, asked);
  const proved = fit ? provable(windows, now, end) : provable(windows, now - play, end + play);
  const best = fit !== undefined && fit.value >= (proved?.value ?? 0) ? fit : proved;
  const most = fit?.value ?? Math.min(Number.POSITIVE_INFINITY, ...joined.map(({ value }) => value));
  const least = best?.value ?? 0;
  const span = best === undefined ? {} : { from: best.from, to: best.to };
  return { least, most: Math.max(least, most), fits: fit !== undefined, ...span };
};

/** The bounds of the newer issue, narrowed by the older as far as they do not contradict it. */
const narrowed = (newer: Bounds, older: Bounds): Bounds => {
  const most = Math.min(newer.most, Math.max(newer.least, older.most));
  if (older.least <= newer.least) return { ...newer, most };
  return { ...older, least: Math.min(older.least, newer.most), most };
};

/** Issues of the last `maxAge`, the newest first. */
function* issuesOf(forecasts: readonly Reading[], now: number, maxAge: number): Generator<readonly Reading[]> {
  for (let end = indexAfter(forecasts, now); end > 0; ) {
    const { time } = forecasts[end - 1]!;
    if (time < now - maxAge) return;
    const begin = indexAfter(forecasts, time - 1);
    yield forecasts.slice(begin, end);
    end = begin;
  }
}

/**
 * Bounds of the sum of a quantity over the next `hours`, from a township's forecasts (in order of issue).
 * UNKNOWN: no issue of the last `maxAge` says anything of it.
 */
export const forecastSum = (
  forecasts: readonly Reading[],
  quantity: string,
  hours: number,
  now: number,
  { maxAge, tolerance }: Limits,
): Bounds => {
  const asked = { now, end: now + hours * HOUR, play: tolerance };
  let newest: Bounds | undefined;
  for (const issue of issuesOf(forecasts, now, maxAge)) {
    const found = boundsOf(expectedOf(issue, quantity, now), asked);
    if (found === undefined) continue;
    const { fits, ...bounds } = found;
    if (fits) return newest === undefined ? bounds : narrowed(newest, bounds);
    newest ??= bounds;
  }
  return newest ?? UNKNOWN;
};
