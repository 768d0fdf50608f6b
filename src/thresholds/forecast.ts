import { HOUR } from '../core/time.ts';
import type { Reading } from '../core/types.ts';
import { type Column, indexBeyond } from '../processors/column.ts';

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
const UNKNOWN: Readonly<Record<keyof typeof WHOLES, Bounds>> = {
  sum: unknownOf(WHOLES.sum),
  highest: unknownOf(WHOLES.highest),
};

/** The hours that are asked for. */
interface Asked {
  readonly begin: number;
  readonly end: number;
  readonly play: number;
}

interface Expected {
  readonly from: number;
  readonly to: number;
  readonly value: number;
}

/** What a forecast's value says of the question, the higher the worse. */
export type Worth = (value: number, reading: Reading) => number;

/** Wholes of windows that join without a gap from an instant on: where they end, and the highest of those that end there. */
interface Wholes {
  readonly from: number;
  readonly ends: readonly number[];
  readonly values: readonly number[];
}

/** One issue's windows, values from index `first` to before `next` of the column; the rest is made when it is looked at. */
interface Issue {
  readonly first: number;
  readonly next: number;
  windows?: readonly Expected[];
  /** From the instants at which windows begin, the first ones first. */
  wholes?: Wholes[];
}

/** What the forecasts of the last `maxAge` say of one thing: asked for many spans of hours, it is looked up once. */
export interface Told {
  /** A quantity's valid values in a township's forecasts, in order of issue. */
  readonly column: Column;
  readonly worth: Worth;
  /** Whether windows add up, or the highest counts. */
  readonly of: keyof typeof WHOLES;
  readonly now: number;
  /** The oldest issue that counts. */
  readonly since: number;
  /** Those that say anything of it, the newest first, as far as they were asked for. */
  readonly issues: Issue[];
}

export const toldOf = (column: Column, worth: Worth, of: Told['of'], now: number, maxAge: number): Told => ({
  column,
  worth,
  of,
  now,
  since: now - maxAge,
  issues: [],
});

/** The newest issue but so many. */
const issueAt = ({ column, now, since, issues }: Told, at: number): Issue | undefined => {
  const known = issues[at];
  if (known !== undefined) return known;
  const { times } = column;
  const next = at === 0 ? indexBeyond(column, now) : issues[at - 1]!.first;
  if (next === 0 || times[next - 1]! < since) return undefined;
  let first = next - 1;
  while (first > 0 && times[first - 1] === times[first]) first -= 1;
  issues.push({ first, next });
  return issues[at];
};

const byBegin = (a: Expected, b: Expected): number => a.from - b.from || a.to - b.to;

/** An issue's windows that are not over, by their begin. */
const windowsOf = ({ column, worth, now }: Told, issue: Issue): readonly Expected[] => {
  if (issue.windows !== undefined) return issue.windows;
  const windows: Expected[] = [];
  for (let i = issue.first; i < issue.next; i++) {
    const reading = column.readings[i]!;
    const { from, to } = reading;
    if (from === undefined || to === undefined || to <= now) continue;
    windows.push({ from, to, value: worth(column.values[i]!, reading) });
  }
  // Most are issued in their order.
  for (let i = 1; i < windows.length; i++)
    if (byBegin(windows[i - 1]!, windows[i]!) > 0) {
      windows.sort(byBegin);
      break;
    }
  issue.windows = windows;
  return windows;
};

/** The highest whole of windows that lie between two instants and do not overlap; of equal ones the first. */
const provable = (windows: readonly Expected[], begin: number, end: number, { join }: Whole): Expected | undefined => {
  const wholes: Expected[] = [];
  let highest: Expected | undefined;
  for (const window of windows) {
    const { from, to, value } = window;
    if (from < begin || to > end) continue;
    let best = window;
    for (const one of wholes) {
      if (one.to > from) continue;
      const joined = join(one.value, value);
      if (joined > best.value) best = { from: one.from, to, value: joined };
    }
    wholes.push(best);
    if (highest === undefined || best.value > highest.value) highest = best;
  }
  return highest;
};

const wholesFrom = (windows: readonly Expected[], begin: number, { nothing, join }: Whole): Wholes => {
  const ends = [begin];
  const values: number[] = [nothing];
  for (const { from, to, value } of windows) {
    // Windows are in order: the one before ends most likely where this one begins.
    const before = ends.lastIndexOf(from);
    if (before < 0) continue;
    const joined = join(values[before]!, value);
    const at = ends.lastIndexOf(to);
    if (at < 0) {
      ends.push(to);
      values.push(Math.max(nothing, joined));
    } else values[at] = Math.max(values[at]!, joined);
  }
  return { from: begin, ends, values };
};

/** Of windows that join from about the begin to about the end: the lowest whole, and the one that fits best with the play at either end. */
interface Joined {
  readonly lowest: number;
  readonly fit: Expected | undefined;
}

/** Wholes from all instants up to one at which windows of an issue begin; later ones may follow. */
const wholesOf = (told: Told, issue: Issue, latest: number): readonly Wholes[] => {
  issue.wholes ??= [];
  const { wholes } = issue;
  const windows = windowsOf(told, issue);
  for (const { from } of windows) {
    if (from > latest) break;
    const last = wholes.at(-1);
    if (last === undefined || last.from < from) wholes.push(wholesFrom(windows, from, WHOLES[told.of]));
  }
  return wholes;
};

const joinedOf = (told: Told, issue: Issue, { begin, end, play }: Asked): Joined => {
  let lowest = Number.POSITIVE_INFINITY;
  let fit: Expected | undefined;
  let off = Number.POSITIVE_INFINITY;
  for (const { from, ends, values } of wholesOf(told, issue, begin + play)) {
    if (from > begin + play) break;
    // The first ends where it begins and has no window: it proves nothing, however short the hours.
    for (let i = 1; i < ends.length; i++) {
      const to = ends[i]!;
      const value = values[i]!;
      if (to < end - play) continue;
      lowest = Math.min(lowest, value);
      if (from < begin - play || to > end + play) continue;
      const by = Math.abs(from - begin) + Math.abs(to - end) + Math.abs(to - from - (end - begin));
      if (by > off || (by === off && value <= fit!.value)) continue;
      off = by;
      fit = { from, to, value };
    }
  }
  return { lowest, fit };
};

/** What one issue says; undefined where none of its windows begins by about the begin. */
const boundsOf = (told: Told, issue: Issue, asked: Asked): (Bounds & { fits: boolean }) | undefined => {
  const { begin, end, play } = asked;
  const whole = WHOLES[told.of];
  const windows = windowsOf(told, issue);
  if (windows.length === 0 || windows[0]!.from > begin + play) return undefined;
  const { lowest, fit } = joinedOf(told, issue, asked);
  const proved = fit ? provable(windows, begin, end, whole) : provable(windows, begin - play, end + play, whole);
  const best = fit !== undefined && fit.value >= (proved?.value ?? whole.nothing) ? fit : proved;
  const most = fit?.value ?? lowest;
  const least = best?.value ?? whole.nothing;
  return { least, most: Math.max(least, most), fits: fit !== undefined, from: best?.from, to: best?.to };
};

/** Whether windows of an issue begin and end where the hours do, so that it is worth while to join them. */
const mayFit = ({ column: { readings } }: Told, { first, next }: Issue, { begin, end, play }: Asked): boolean => {
  let begins = false;
  let ends = false;
  for (let i = first; i < next; i++) {
    const { from, to } = readings[i]!;
    if (from !== undefined && Math.abs(from - begin) <= play) begins = true;
    if (to !== undefined && Math.abs(to - end) <= play) ends = true;
  }
  return begins && ends;
};

/** The bounds of the newer issue, narrowed by the older as far as they do not contradict it. */
const narrowed = (newer: Bounds, older: Bounds): Bounds => {
  const most = Math.min(newer.most, Math.max(newer.least, older.most));
  if (older.least <= newer.least) return { ...newer, most };
  return { ...older, least: Math.min(older.least, newer.most), most };
};

/**
 * Bounds of `hours` from `begin` on, from what was told.
 * @param tolerance how far from the hours' ends windows may begin and end and still fit, ms
 * @returns least 0 (of a highest −∞) and most ∞ where no issue says anything of it
 */
export const boundsFrom = (told: Told, hours: number, begin: number, tolerance: number): Bounds => {
  if (issueAt(told, 0) === undefined) return UNKNOWN[told.of];
  const asked = { begin, end: begin + hours * HOUR, play: tolerance };
  let newest: Bounds | undefined;
  for (let at = 0; ; at++) {
    const issue = issueAt(told, at);
    if (issue === undefined) return newest ?? UNKNOWN[told.of];
    if (newest !== undefined && !mayFit(told, issue, asked)) continue;
    const found = boundsOf(told, issue, asked);
    if (found?.fits) return newest === undefined ? found : narrowed(newest, found);
    newest ??= found;
  }
};
