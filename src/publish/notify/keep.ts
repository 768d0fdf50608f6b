// What notifying remembers, on disk: one JSON file, written whole beside the old one, synced, then put in its place, and the folder
// synced. So the file is always one whole state, and the newest that `save` has returned for.

import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { State } from './state.ts';

const synced = (path: string, flags: string, work: (fd: number) => void): void => {
  const fd = openSync(path, flags, 0o600);
  try {
    work(fd);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
};

/** @throws where the disk does not take it; the file is then as it was */
export const saveState = (file: string, state: State): void => {
  const bytes = Buffer.from(JSON.stringify(state));
  synced(`${file}.new`, 'w', (fd) => {
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
  });
  renameSync(`${file}.new`, file);
  synced(dirname(file), 'r', () => {});
};

const isState = (found: unknown): found is State =>
  typeof found === 'object' &&
  found !== null &&
  (found as State).format === 1 &&
  typeof (found as State).watches === 'object';

/**
 * The state of a file; undefined: there is none.
 * @param damaged told where what was there is no state; it stays beside as `.damaged`
 */
export const loadState = (file: string, damaged: (aside: string) => void): State | undefined => {
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, 'utf8');
  try {
    const found: unknown = JSON.parse(text);
    if (isState(found)) return found;
  } catch {
    // Told below, as what is JSON and no state is.
  }
  const aside = `${file}.damaged`;
  renameSync(file, aside);
  damaged(aside);
  return undefined;
};
