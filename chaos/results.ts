// What a run found, as JSON: of every scenario its last run.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { findProgram } from '../tests/support/servers.ts';
import type { Row } from './scenario.ts';
import type { Size } from './sizes.ts';

export interface Result {
  readonly date: string;
  readonly size: Size['name'];
  readonly seed: number;
  readonly seconds: number;
  readonly machine: Readonly<Record<string, string | number>>;
  readonly rows: readonly Row[];
}

/** By the scenario's name. */
export type Results = Readonly<Record<string, Result>>;

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
