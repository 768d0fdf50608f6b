import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { LantianError, reasonOf } from '../core/errors.ts';
import { isDamage } from '../core/sqlite.ts';
import { readRows } from './embedded.ts';
import type { Damaged } from './embedded-file.ts';
import type { Row, SeriesQuery } from './port.ts';

/** The embedded store as it stood when it was opened; nothing is written, and a pipeline may go on writing meanwhile. */
export interface SeriesReader {
  read(query: SeriesQuery): readonly Row[];
  close(): void;
}

const told = (thrown: unknown, file: string): LantianError => {
  const words = `${file}: ${reasonOf(thrown)}`;
  return isDamage(thrown)
    ? new LantianError('data-damaged', `${words}; it is left as it is, lantian run keeps what can be read`, {
        cause: thrown,
      })
    : new LantianError('file-unreadable', words, { cause: thrown });
};

/** Work on the file, its troubles told. @throws LantianError file-unreadable, data-damaged */
export const guarded = <T>(file: string, work: () => T): T => {
  try {
    return work();
  } catch (thrown) {
    throw told(thrown, file);
  }
};

const connect = (file: string): DatabaseSync => {
  const db = new DatabaseSync(file, { readOnly: true });
  // One transaction for all that is read: tables of one report are of one moment.
  db.exec('PRAGMA busy_timeout = 5000; PRAGMA cache_size = -16384; BEGIN');
  db.prepare('SELECT count(*) FROM series').get();
  return db;
};

/**
 * Look into the file of an embedded store.
 * @param damaged told of rows that cannot be read, which are left out
 * @throws LantianError file-unreadable, data-damaged
 */
export const openSeriesReader = (file: string, damaged: Damaged): SeriesReader => {
  if (!existsSync(file)) throw new LantianError('file-unreadable', `there is no ${file}: nothing was stored there yet`);
  const db = guarded(file, () => connect(file));
  return {
    read: (query) => guarded(file, () => readRows(db, query, damaged)),
    close: () => db.close(),
  };
};
