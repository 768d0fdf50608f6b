import type { DatabaseSync } from 'node:sqlite';
import { LantianError } from './errors.ts';

/** Raised when the tables change in a way that an older program would spoil. */
const VERSION = 3;

/**
 * Mark a new database with the version of its tables, and leave alone one that a newer program wrote.
 * @throws LantianError data-newer
 */
export const meetVersion = (database: DatabaseSync, file: string): void => {
  const found = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
  if (found > VERSION)
    throw new LantianError(
      'data-newer',
      `${file} is of version ${found}, this program knows ${VERSION}; update it, or set data.folder`,
    );
  if (found < VERSION) database.exec(`PRAGMA user_version = ${VERSION}`);
};
