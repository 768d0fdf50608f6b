import type { Goal, Row } from './case.ts';

/** NaN of nothing. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};

/** The value that so large a share of the sorted values lie below. */
export const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;

/** Three digits that count, however small: a ratio of thousandths is worth as much as one of tenths. */
export const significant = (value: number): number => Number(value.toPrecision(3));

export const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

/** What one round measured of one side. */
export interface Measured {
  readonly figure: number;
  /** Microseconds of processor time a message. */
  readonly cpu?: number;
}

/** Both sides of a round. */
export interface Turn {
  readonly ours: Measured;
  readonly beside: Measured;
}

const cpuOf = (turns: readonly Turn[]): Pick<Row, 'cpu'> => {
  const of = (side: keyof Turn) => turns.flatMap((turn) => turn[side].cpu ?? []);
  const [ours, beside] = [of('ours'), of('beside')];
  if (ours.length === 0) return {};
  return {
    cpu: {
      figure: rounded(median(ours), 1),
      ...(beside.length === 0 ? {} : { beside: rounded(median(beside), 1) }),
    },
  };
};

/** A row of rounds in which both sides took turns. Its ratio is the median of the rounds' own, as both sides of a round met the same machine. */
export const compared = (about: Pick<Row, 'name' | 'what' | 'unit'>, turns: readonly Turn[], goal?: Goal): Row => ({
  ...about,
  figure: rounded(median(turns.map(({ ours }) => ours.figure)), 0),
  beside: rounded(median(turns.map(({ beside }) => beside.figure)), 0),
  ratio: significant(median(turns.map(({ ours, beside }) => ours.figure / beside.figure))),
  ...(goal === undefined ? {} : { goal }),
  ...cpuOf(turns),
  rounds: turns.map(({ ours, beside }) => [rounded(ours.figure, 0), rounded(beside.figure, 0)]),
});
