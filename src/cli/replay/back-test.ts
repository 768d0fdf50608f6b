import { HOUR, isoUtc } from '../../core/time.ts';
import type { Bilingual, Signal } from '../../core/types.ts';
import { getOr } from './maps.ts';

// What thresholds would have said over a file: how often each level was up, how long, when. A level is up from the change that takes a signal
// to it until one that takes it to another, ends it or proposes its end; agreeing and signing are not changes of level.

/** One level of a subject over the whole file. */
export interface BackTestRow {
  readonly kind: string;
  readonly subject: string;
  readonly title: Bilingual;
  /** '' where the kind has none. */
  readonly level: string;
  /** How often it was reached, from below or from above. */
  readonly times: number;
  /** Hours at it together, and of the longest time. */
  readonly hours: number;
  readonly longest: number;
  /** Begin of the first time and end of the last, epoch ms; still up: the end of the file. */
  readonly first: number;
  readonly last: number;
}

export interface BackTest {
  /** Changes in the order in which they happened. */
  add(signal: Signal): void;
  /** Rows by kind and subject, of each the highest level first; `end` is the file's, epoch ms. */
  rows(end: number): BackTestRow[];
}

interface Spell {
  readonly level: string;
  readonly from: number;
  to?: number;
}

interface Subject {
  readonly kind: string;
  readonly subject: string;
  readonly title: Bilingual;
  readonly spells: Spell[];
}

/** The level that a signal is up at; undefined: it is not, or about to be lifted. */
const levelUp = ({ state, level }: Signal): string | undefined =>
  state === 'proposed' || state === 'agreed' || state === 'active' ? (level ?? '') : undefined;

const inHours = (ms: number): number => Math.round((ms / HOUR) * 100) / 100;

const rowOf = (
  level: string,
  spells: readonly Spell[],
  end: number,
): Omit<BackTestRow, 'kind' | 'subject' | 'title'> => {
  const lengths = spells.map(({ from, to = end }) => to - from);
  return {
    level,
    times: spells.length,
    hours: inHours(lengths.reduce((sum, length) => sum + length, 0)),
    longest: inHours(Math.max(...lengths)),
    first: spells[0]!.from,
    last: spells.at(-1)!.to ?? end,
  };
};

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The signal as it is now, after how it was. */
const follow = (spells: Spell[], signal: Signal): void => {
  const [up, at, last] = [levelUp(signal), Date.parse(signal.at), spells.at(-1)];
  const isUp = last !== undefined && last.to === undefined;
  if (isUp && last.level === up) return;
  if (isUp) last.to = at;
  if (up !== undefined) spells.push({ level: up, from: at });
};

/** Rows of a subject, the highest level first. */
const rowsOf = ({ spells, ...about }: Subject, levels: readonly string[], end: number): BackTestRow[] =>
  [...new Set(spells.map(({ level }) => level))]
    .sort((a, b) => levels.indexOf(b) - levels.indexOf(a))
    .map((level) => {
      const its = spells.filter((one) => one.level === level);
      return { ...about, ...rowOf(level, its, end) };
    });

/** @param levelsOf names of a kind's levels, the lowest first */
export const createBackTest = (levelsOf: (kind: string) => readonly string[]): BackTest => {
  const subjects = new Map<string, Subject>();
  return {
    add: (signal) => {
      const { kind, subject, title } = signal;
      follow(getOr(subjects, `${kind}/${subject}`, () => ({ kind, subject, title, spells: [] })).spells, signal);
    },
    rows: (end) =>
      [...subjects.values()]
        .sort((a, b) => byText(a.kind, b.kind) || byText(a.subject, b.subject))
        .flatMap((one) => rowsOf(one, levelsOf(one.kind), end)),
  };
};

const HEADER = 'kind,subject,level,times,hours,longest_h,first,last\n';

/** `backtest.csv`; times in UTC as in the files beside it. */
export const backTestCsv = (rows: readonly BackTestRow[]): string =>
  HEADER +
  rows
    .map(({ kind, subject, level, times, hours, longest, first, last }) =>
      [kind, subject, level, times, hours, longest, isoUtc(first), isoUtc(last)].join(','),
    )
    .map((line) => `${line}\n`)
    .join('');
