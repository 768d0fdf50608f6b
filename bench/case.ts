import type { Bilingual } from '../src/core/types.ts';
import type { Loads } from './loads.ts';

// What a benchmark measures and how it tells it. A case is one file in cases/ and one line in cases/index.ts.

export const SIZES = ['full', 'quick'] as const;
export type Size = (typeof SIZES)[number];

/** What is wanted of a row's ratio or of its figure itself: so much at least, or at most. */
export interface Goal {
  readonly of: 'ratio' | 'figure';
  readonly least?: number;
  readonly most?: number;
}

/** One figure of a case. */
export interface Row {
  /** Unique within the case; for ever, as kept results are found by it. */
  readonly name: string;
  readonly what: Bilingual;
  readonly unit: string;
  /** Ours, the median of the rounds. */
  readonly figure: number;
  /** What the figure stands beside, in the same unit, from the same run. */
  readonly beside?: number;
  /** Median of figure ÷ beside of each round. */
  readonly ratio?: number;
  readonly goal?: Goal;
  /** Processor time of a message, microseconds: ours, and beside. */
  readonly cpu?: { readonly figure: number; readonly beside?: number };
  /** As measured, in the order of the rounds. */
  readonly rounds?: readonly unknown[];
}

/** What a case is given. */
export interface Context {
  readonly loads: Loads;
  /** CPU profiles go there. */
  readonly profile: string | undefined;
  /** Tell how far it is. */
  say(text: string): void;
}

export interface Case {
  readonly name: string;
  readonly about: Bilingual;
  /** What the figures stand beside. */
  readonly beside: Bilingual;
  /** How much of everything, as it is kept with the result. */
  readonly sizes: Readonly<Record<Size, Readonly<Record<string, unknown>>>>;
  /** @throws Error where anything was lost, refused or repeated: a figure of such a run would be worth nothing */
  run(size: Size, context: Context): Promise<readonly Row[]>;
}

/** A case whose sizes are of a form of its own. */
export const caseOf = <S extends Readonly<Record<string, unknown>>>(given: {
  readonly name: string;
  readonly about: Bilingual;
  readonly beside: Bilingual;
  readonly sizes: Readonly<Record<Size, S>>;
  readonly run: (size: S, context: Context) => Promise<readonly Row[]>;
}): Case => ({ ...given, run: (size, context) => given.run(given.sizes[size], context) });

/** Whether a row's goal is reached; undefined: it has none. */
export const reached = ({ goal, ratio, figure }: Row): boolean | undefined => {
  if (!goal) return undefined;
  const value = goal.of === 'ratio' ? ratio : figure;
  return value !== undefined && value >= (goal.least ?? value) && value <= (goal.most ?? value);
};
