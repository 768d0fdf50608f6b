// What runs found, as JSON: of every processor, case and size the last run. A ratio says how much dearer our work is than that of the program
// beside it, and processors differ in what is dear: one takes the bare subscriber's system calls in its stride, another our memory.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Row, Size } from './case.ts';
import { type Machine, processor } from './machine.ts';

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

const FOLDER = join(import.meta.dirname, 'results');

/** The folder of a processor's results: `Intel(R) Xeon(R) Processor` is `intel-xeon-processor`. */
const folderOf = (cpu: string): string =>
  cpu
    .toLowerCase()
    .replace(/\((r|tm)\)/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** Results that are not kept: git ignores them. */
const OWN = 'own';

/** This machine's. */
const ownFolder = (): string => folderOf(processor());

/** Processors that results are kept of, by their folders. */
export const keptFolders = (): string[] =>
  readdirSync(FOLDER, { withFileTypes: true })
    .filter((one) => one.isDirectory() && one.name !== OWN)
    .map(({ name }) => name)
    .sort();

/** Ratios of a quick run are those of small sizes: they are kept apart. */
const resultFile = (folder: string, size: Size, name: string): string =>
  join(FOLDER, folder, size === 'full' ? '' : size, `${name}.json`);

export const readResult = (folder: string, size: Size, name: string): Result | undefined => {
  const file = resultFile(folder, size, name);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Result) : undefined;
};

/** What later runs are held against: this processor's kept results; where there are none, those of all others. */
export const yardsticks = (size: Size, name: string): Result[] => {
  const own = readResult(ownFolder(), size, name);
  return own === undefined ? keptFolders().flatMap((folder) => readResult(folder, size, name) ?? []) : [own];
};

/**
 * Write a result: as this processor's kept one, or beside them.
 * @returns the file that was written
 */
export const writeResult = (result: Result, keep: boolean): string => {
  const file = resultFile(keep ? ownFolder() : OWN, result.size, result.name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
  return file;
};
