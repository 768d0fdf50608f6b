// What notifying remembers, on disk: one JSON file, written whole beside the old one, synced, then put in its place, and the folder
// synced. So the file is always one whole state, and the newest that `save` has returned for.

import { existsSync, readFileSync, renameSync } from 'node:fs';
import { writeSecretFile } from '../../core/secret-file.ts';
import type { State } from './state.ts';

/** @throws LantianError data-unwritable where the disk does not take it; the file is then as it was */
export const saveState = (file: string, state: State): void => writeSecretFile(file, JSON.stringify(state));

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
