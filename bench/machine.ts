import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { findProgram } from '../tests/support/servers.ts';

/** What a result was found on, as it is kept beside it. */
export type Machine = Readonly<Record<string, string | number>>;

/** Words of a program on its version; some tell them and then end with an error. */
const saidBy = (binary: string, debianPackage: string, ...args: string[]): string => {
  try {
    return execFileSync(findProgram(binary, debianPackage), args, { encoding: 'utf8' });
  } catch (thrown) {
    return String((thrown as { stdout?: string }).stdout ?? '');
  }
};

const versionIn = (text: string): string => /\d+\.\d+\.\d+/.exec(text)?.[0] ?? 'unknown';

export const processor = (): string => cpus()[0]?.model.trim() ?? 'unknown';

/** This machine, and the programs that it runs beside ours. */
export const machine = (): Machine => ({
  cpu: processor(),
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 1024 ** 3),
  platform: `${process.platform} ${process.arch}`,
  node: process.version,
  mosquitto: versionIn(saidBy('mosquitto', 'mosquitto', '-h')),
  influxdb: versionIn(saidBy('influxd', 'influxdb', 'version')),
});
