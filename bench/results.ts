// What runs found, as JSON: of every case and size its last run.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { findProgram } from '../tests/support/servers.ts';
import type { Row, Size } from './case.ts';

export interface Result {
  readonly name: string;
  readonly date: string;
  readonly seconds: number;
  readonly machine: Readonly<Record<string, string | number>>;
  readonly size: Size;
  /** What that size is in this case. */
  readonly of: Readonly<Record<string, unknown>>;
  readonly rows: readonly Row[];
}

/** Words of a program on its version; some tell them and then end with an error. */
const saidBy = (binary: string, debianPackage: string, ...args: string[]): string => {
  try {
    return execFileSync(findProgram(binary, debianPackage), args, { encoding: 'utf8' });
  } catch (thrown) {
    return String((thrown as { stdout?: string }).stdout ?? '');
  }
};

const versionIn = (text: string): string => /\d+\.\d+\.\d+/.exec(text)?.[0] ?? 'unknown';

export const machine = (): Result['machine'] => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 1024 ** 3),
  platform: `${process.platform} ${process.arch}`,
  node: process.version,
  mosquitto: versionIn(saidBy('mosquitto', 'mosquitto', '-h')),
  influxdb: versionIn(saidBy('influxd', 'influxdb', 'version')),
});

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
