import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LantianError, reasonOf } from '../core/errors.ts';
import { makeFolder } from '../core/folder.ts';

// One pipeline for each data folder. The lock is SQLite's own on a file of ours, so the system lets go of it however the
// process ends.

/**
 * Take the data folder for this process; the function gives it back.
 * @throws LantianError data-unwritable, data-in-use
 */
export const holdFolder = (folder: string): (() => void) => {
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK);
  } catch (thrown) {
    const words = `the data folder ${folder} cannot be written (${reasonOf(thrown)}); set data.folder (LANTIAN_DATA_FOLDER)`;
    throw new LantianError('data-unwritable', words, { cause: thrown });
  }
  const lock = new DatabaseSync(join(folder, 'lock'));
  try {
    lock.exec('PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;');
  } catch (thrown) {
    lock.close();
    if (((thrown as { errcode?: number }).errcode ?? 0) !== 5)
      throw new LantianError('data-unwritable', `${folder}: ${reasonOf(thrown)}`);
    throw new LantianError(
      'data-in-use',
      `another lantian uses the data folder ${folder}; stop it, or set data.folder`,
    );
  }
  return () => lock.close();
};
