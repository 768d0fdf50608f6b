import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { LantianError, reasonOf } from './errors.ts';

/**
 * Write a file that its owner alone may read (mode 0600). It appears under its name only when it is whole and on disk, whatever
 * was there before keeps its content until then.
 * @throws LantianError data-unwritable
 */
export const writeSecretFile = (path: string, text: string): void => {
  const temporary = `${path}.${process.pid}.part`;
  try {
    rmSync(temporary, { force: true });
    const file = openSync(temporary, 'wx', 0o600);
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (thrown) {
    rmSync(temporary, { force: true });
    throw new LantianError('data-unwritable', `写不了 cannot write ${path}: ${reasonOf(thrown)}`, { cause: thrown });
  }
};
