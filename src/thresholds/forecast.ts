import { HOUR } from '../core/time.ts';
import type { Reading } from '../core/types.ts';
import { indexAfter } from '../processors/window.ts';

// What a forecast proves of the next N hours: of their sum, or of their highest value. Of one issue, windows that lie within the hours
// prove "at least"; windows that join to cover them say "at most"; ones that join and fit, with an hour's play at either end, say both.
// The newest issue speaks; where it does not fit (a nowcast of few hours), the newest that fits fills in what it leaves open.

export interface Bounds {
  readonly least: number;
  readonly most: number;
  /** The windows that prove `least`, for the evidence. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** How windows make a whole: rain adds up, of gusts the highest counts. */
interface Whole {
  readonly nothing: number;
  join(a: number, b: number): number;
}

const WHOLES = {
  sum: { nothing: 0, join: (a, b) => a + b },
  highest: { nothing: Number.NEGATIVE_INFINITY, join: Math.max },
} as const satisfies Record<string, Whole>;

const unknownOf = ({ nothing }: Whole): Bounds => ({ least: nothing, most: Number.POSITIVE_INFINITY });

/** What is known where no forecast speaks of it: of a sum at least 0, of a highest value nothing. */
export const UNKNOWN: Readonly<Record<keyof typeof WHOLES, Bounds>> = {
  sum: unknownOf(WHOLES.sum),
  highest: unknownOf(WHOLES.highest),
};

interface Limits {
  readonly tolerance: number;
  /** Where the hours that are asked for begin; absent: now. */
  readonly begin?: number;
}

/** The hours that are asked for, from `now` or another begin on. */
interface Asked {
  readonly now: number;
  readonly end: number;
  readonly play: number;
  readonly whole: Whole;
}

interface Expected {
  readonly from: number;
  readonly to: number;
  readonly value: number;
}

/** What a forecast's window says of the question; undefined: nothing. */
export type ValueIn = (reading: Reading) => number | undefined;

/** A forecast's windows that are not over, by their begin. */
const expectedOf = (issue: readonly Reading[], valueIn: ValueIn, now: number): Expected[] =>
  issue
    .flatMap((reading) => {
      const { from, to } = reading;
      const value = valueIn(reading);
      return from === undefined || to === undefined || to <= now || value === undefined ? [] : [{ from, to, value }];
    })
    .sort((a, b) => a.from - b.from || a.to - b.to);

/** The highest whole of windows that lie between two instants and do not overlap. */
const provable = (windows: readonly Expected[], begin: number, end: number, { join }: Whole): Expected | undefined => {
  const sums: Expected[] = [];
  for (const { from, to, value } of windows) {
    if (from < begin || to > end) continue;
    let best: Expected = { from, to, value };
    for (const one of sums) {
      const joined = one.to <= from ? join(one.value, value) : best.value;
      if (joined > best.value) best = { from: one.from, to, value: joined };
    }
    sums.push(best);
  }
  return sums.reduce<Expected | undefined>((a, b) => (a === undefined || b.value > a.value ? b : a), undefined);
};

/** Wholes of windows that join without a gap from an instant on, by where they end; the highest where there are several. */
const wholesFrom = (windows: readonly Expected[], begin: number, { nothing, join }: Whole): Map<number, number> => {
  const wholes = new Map([[begin, nothing]]);
  for (const { from, to, value } of windows) {
    const before = wholes.get(from);
    if (before !== undefined) wholes.set(to, Math.max(wholes.get(to) ?? nothing, join(before, value)));
  }
  return wholes;
};

/** Windows that join from about now to about the end. */
const joinedOf = (windows: readonly Expected[], { now, end, play, whole }: Asked): Expected[] =>
  [...new Set(windows.map(({ from }) => from))]
    .filter((from) => from <= now + play)
    .flatMap((from) => [...wholesFrom(windows, from, whole)].map(([to, value]) => ({ from, to, value })))
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
  const { now, end, play, whole } = asked;
  if (!windows.some(({ from }) => from <= now + play)) return undefined;
  const joined = joinedOf(windows, asked);
  const fit = fittest(joined, asked);
  const proved = fit ? provable(windows, now, end, whole) : provable(windows, now - play, end + play, whole);
  const best = fit !== undefined && fit.value >= (proved?.value ?? whole.nothing) ? fit : proved;
  const most = fit?.value ?? Math.min(Number.POSITIVE_INFINITY, ...joined.map(({ value }) => value));
  const least = best?.value ?? whole.nothing;
  const span = best === undefined ? {} : { from: best.from, to: best.to };
  return { least, most: Math.max(least, most), fits: fit !== undefined, ...span };
};

/** Whether windows of an issue begin and end where the hours do, so that it is worth while to join them. */
const mayFit = (issue: readonly Reading[], { now, end, play }: Asked): boolean => {
  const isNear = (time: number | undefined, edge: number): boolean =>
    time !== undefined && Math.abs(time - edge) <= play;
  return issue.some(({ from }) => isNear(from, now)) && issue.some(({ to }) => isNear(to, end));
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

/** What forecasts of the last `maxAge` say: asked many questions, it is looked up once. */
export interface Heard {
  /** The newest first, each in order of its windows' arrival. */
  readonly issues: readonly (readonly Reading[])[];
  /** Quantities that any of them has: most questions are of others. */
  readonly quantities: ReadonlySet<string>;
}

/** @param forecasts a township's, in order of issue */
export const heardOf = (forecasts: readonly Reading[], now: number, maxAge: number): Heard => {
  const issues = [...issuesOf(forecasts, now, maxAge)];
  const quantities = new Set<string>();
  for (const issue of issues) for (const { values } of issue) for (const name in values) quantities.add(name);
  return { issues, quantities };
};

/**
 * Bounds of `hours` from `begin` on, from what was heard.
 * @param of the sum of the windows' values, or the highest of them
 * @returns least 0 (of a highest −∞) and most ∞ where no issue says anything of it
 */
export const boundsFrom = (
  { issues }: Heard,
  valueIn: ValueIn,
  of: keyof typeof WHOLES,
  hours: number,
  now: number,
  { tolerance, begin = now }: Limits,
): Bounds => {
  const asked = { now: begin, end: begin + hours * HOUR, play: tolerance, whole: WHOLES[of] };
  let newest: Bounds | undefined;
  for (const issue of issues) {
    if (newest !== undefined && !mayFit(issue, asked)) continue;
    const found = boundsOf(expectedOf(issue, valueIn, now), asked);
    if (found === undefined) continue;
    const { fits, ...bounds } = found;
    if (fits) return newest === undefined ? bounds : narrowed(newest, bounds);
    newest ??= bounds;
  }
  return newest ?? UNKNOWN[of];
};

/** The newest issue of the last `maxAge`. */
export const newestIssue = (forecasts: readonly Reading[], now: number, maxAge: number): readonly Reading[] =>
  issuesOf(forecasts, now, maxAge).next().value ?? [];
