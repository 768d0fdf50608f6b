import type { Signal } from '../../core/types.ts';
import { getOr } from './maps.ts';

/** Signal changes by kind, then level (`-` where a kind has none). */
export type SignalCounts = Map<string, Map<string, number>>;

export const countSignal = (counts: SignalCounts, { kind, level }: Signal): void => {
  const levels = getOr(counts, kind, () => new Map<string, number>());
  levels.set(level ?? '-', (levels.get(level ?? '-') ?? 0) + 1);
};

export interface Totals {
  readonly rows: number;
  /** Rows, and single readings of rows, that could not be taken. */
  readonly skipped: number;
  readonly readings: number;
  readonly figures: number;
  readonly lines: number;
  readonly signals: SignalCounts;
  readonly seconds: number;
}

const levelsText = (levels: ReadonlyMap<string, number>): string =>
  [...levels]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([level, count]) => (level === '-' ? `${count}` : `${level} ${count}`))
    .join(', ');

const sum = (counts: SignalCounts): number =>
  [...counts.values()].reduce((total, levels) => [...levels.values()].reduce((all, count) => all + count, total), 0);

/** What a replay did, for a person. */
export const summaryOf = (totals: Totals): string => {
  const kinds = [...totals.signals]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, levels]) => `  ${kind}: ${levelsText(levels)}\n`);
  return [
    `rows      ${totals.rows}\n`,
    ...(totals.skipped > 0 ? [`skipped   ${totals.skipped}\n`] : []),
    `readings  ${totals.readings}\n`,
    `figures   ${totals.figures} (${totals.lines} lines)\n`,
    `signals   ${sum(totals.signals)} changes\n`,
    ...kinds,
    `seconds   ${totals.seconds.toFixed(1)} (${Math.round(totals.rows / Math.max(totals.seconds, 0.001))} rows/s)\n`,
  ].join('');
};
