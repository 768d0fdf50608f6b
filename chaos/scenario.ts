// What a scenario is: a fault that is done to the real pipeline again and again, and what it cost.
import type { Bilingual } from '../src/core/types.ts';
import type { Size } from './sizes.ts';

/** What a fault cost, beside a pipeline that nobody disturbed. */
export interface Costs {
  /** Messages, readings, rows or signals that the undisturbed pipeline has and this one has not. */
  readonly lost: number;
  /** Those that it has and the undisturbed one has not. */
  readonly duplicated: number;
  /** Those that both have, with other contents. */
  readonly wrong: number;
}

/** One line of the table. */
export interface Row extends Costs {
  readonly what: Bilingual;
  /** How often the fault was done; for payloads and loads the number of messages. */
  readonly times: number;
  /** What was measured besides, by name; units are in the names. */
  readonly measured: Readonly<Record<string, number | string>>;
  /** What else did not hold; empty when all did. */
  readonly broken: readonly string[];
}

/** A fault that the harness makes itself, to see that it would be found. */
export type Planted = 'loss' | 'duplicate' | 'change';

export interface Context {
  readonly size: Size;
  readonly seed: number;
  /** Tells what is done now, and how far it is. */
  say(text: string): void;
  readonly planted?: Planted;
}

export interface Scenario {
  readonly name: string;
  readonly about: Bilingual;
  run(context: Context): Promise<readonly Row[]>;
}

export const held = ({ lost, duplicated, wrong, broken }: Row): boolean =>
  lost + duplicated + wrong === 0 && broken.length === 0;
