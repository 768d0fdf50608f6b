import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { LantianError, reasonOf } from './errors.ts';

const synced = (path: string, flags: string, work: (file: number) => void): void => {
  const file = openSync(path, flags, 0o600);
  try {
    work(file);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};

/**
 * Write a file that its owner alone may read (mode 0600). It appears under its name only when it is whole and on disk, whatever
 * was there before keeps its content until then; once this returns a power cut does not take it back.
 * @throws LantianError data-unwritable
 */
export const writeSecretFile = (path: string, text: string): void => {
  const temporary = `${path}.${process.pid}.part`;
  try {
    rmSync(temporary, { force: true });
    synced(temporary, 'wx', (file) => writeFileSync(file, text));
    renameSync(temporary, path);
    // Its name, too, is on disk.
    synced(dirname(path), 'r', () => {});
  } catch (thrown) {
    rmSync(temporary, { force: true });
    throw new LantianError('data-unwritable', `写不了 cannot write ${path}: ${reasonOf(thrown)}`, { cause: thrown });
  }
};
