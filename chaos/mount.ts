// A disk that can be filled or made read-only: a small one in memory where we are root, else a limit on the size of files.
import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, tempFolder } from '../tests/support/servers.ts';

export const MEBIBYTE = 1024 ** 2;
const SIZE = 256;

export interface Disk {
  readonly folder: string;
  /** What it is, in words. */
  readonly kind: string;
  /** Leave so much room from now on, bytes; `pid` is the process that writes. */
  fill(room: number, pid: number): void;
  free(pid: number | undefined): void;
  readOnly(yes: boolean): void;
  end(): void;
}

const mount = (...args: string[]): void => void execFileSync(findProgram('mount', 'mount'), args);

const smallDisk = (folder: string): Disk => {
  mount('-t', 'tmpfs', '-o', `size=${SIZE}m`, 'tmpfs', folder);
  const filler = join(folder, 'filler');
  return {
    folder,
    kind: `tmpfs ${SIZE} MiB`,
    fill: (room) => {
      const { bavail, bsize } = statfsSync(folder);
      writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - room)));
    },
    free: () => rmSync(filler, { force: true }),
    readOnly: (yes) => mount('-o', `remount,${yes ? 'ro' : 'rw'}`, folder),
    end: () => void execFileSync(findProgram('umount', 'mount'), [folder]),
  };
};

const largest = (folder: string): number =>
  Math.max(
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath, entry.name)).size),
  );

const limit = (pid: number, bytes: string): void =>
  void execFileSync(findProgram('prlimit', 'util-linux'), ['--pid', String(pid), `--fsize=${bytes}:`]);

/** Files may not grow beyond a limit: SQLite sees the same trouble as on a full disk. */
export const limitedDisk = (folder: string): Disk => ({
  folder,
  kind: 'prlimit --fsize',
  fill: (room, pid) => limit(pid, String(largest(folder) + room)),
  free: (pid) => pid !== undefined && limit(pid, 'unlimited'),
  readOnly: (yes) => chmodSync(join(folder, 'data'), yes ? 0o555 : 0o755),
  end: () => {},
});

export const isRoot = (): boolean => process.getuid?.() === 0;

/** The disk that is filled: in memory where it may be mounted. */
export const createDisk = (): Disk => {
  const folder = tempFolder('chaos-disk');
  return isRoot() ? smallDisk(folder) : limitedDisk(folder);
};
