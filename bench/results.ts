// What runs found, as JSON: of every case and size its last run.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Row, Size } from './case.ts';
import type { Machine } from './machine.ts';

export interface Result {
  readonly name: string;
  readonly date: string;
  readonly seconds: number;
  readonly machine: Machine;
  readonly size: Size;
  /** What that size is in this case. */
  readonly of: Readonly<Record<string, unknown>>;
  readonly rows: readonly Row[];
}

/** Ratios of a quick run are those of small sizes: they are kept apart. */
export const resultFile = (size: Size, name: string): string =>
  join(import.meta.dirname, 'results', size === 'full' ? '' : size, `${name}.json`);

export const readResult = (size: Size, name: string): Result | undefined => {
  const file = resultFile(size, name);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Result) : undefined;
};

export const writeResult = (result: Result): void => {
  const file = resultFile(result.size, result.name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
};
