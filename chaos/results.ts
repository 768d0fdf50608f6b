// What a run found, as JSON: of every scenario its last run.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Machine } from '../bench/machine.ts';
import type { Row } from './scenario.ts';
import type { Size } from './sizes.ts';

export interface Result {
  readonly date: string;
  readonly size: Size['name'];
  readonly seed: number;
  readonly seconds: number;
  readonly machine: Machine;
  readonly rows: readonly Row[];
}

/** By the scenario's name. */
export type Results = Readonly<Record<string, Result>>;

/** Results that the repository keeps, and docs/reliability.md shows. */
export const KEPT = join(import.meta.dirname, 'results', 'kept.json');

/** Where a run is written that is this machine's own. */
export const ownFile = (size: Size['name']): string => join(import.meta.dirname, 'results', `${size}.json`);

export const readResults = (file: string): Results =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results) : {};

/** Write a scenario's result beside those of the others. */
export const writeResult = (file: string, name: string, result: Result): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ ...readResults(file), [name]: result }, null, 2)}\n`);
};
