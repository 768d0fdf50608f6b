import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LantianError, reasonOf } from './errors.ts';
import { makeFolder } from './folder.ts';

/** Whether SQLite ended with one of these primary codes. */
const hasCode = (thrown: unknown, ...codes: number[]): boolean => {
  const code = (thrown as { errcode?: number }).errcode;
  return code !== undefined && codes.includes(code & 0xff);
};

const CORRUPT = 11;

/** Whether SQLite says that a file is damaged (SQLITE_CORRUPT 11, SQLITE_NOTADB 26). */
export const isDamage = (thrown: unknown): boolean => hasCode(thrown, CORRUPT, 26);

/** An error that says of a row what SQLite says of a page: `isDamage` holds of it. */
export const damagedRow = (what: string, cause: unknown): Error =>
  Object.assign(new Error(`${what} is damaged: ${reasonOf(cause)}`, { cause }), { errcode: CORRUPT });

/** Whether SQLite could not write for want of room (SQLITE_FULL 13, SQLITE_IOERR 10) or permission (SQLITE_READONLY 8). */
export const isWriteTrouble = (thrown: unknown): boolean => hasCode(thrown, 8, 10, 13);

/** Whether another process held the database for longer than was waited (SQLITE_BUSY 5, SQLITE_LOCKED 6). */
export const isBusy = (thrown: unknown): boolean => hasCode(thrown, 5, 6);

const connect = (file: string): DatabaseSync => {
  const database = new DatabaseSync(file);
  try {
    // FULL makes every commit survive a power cut; the busy timeout lets a command look in while the pipeline runs.
    database.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    database.exec('PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 8000;');
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
};

/** Move a damaged file aside; its new name. */
export const setAside = (file: string): string => {
  const aside = `${file}.damaged-${new Date().toISOString().replace(/[:.]/g, '-')}`;
  // The write-ahead log goes along, and first: it may hold the newest rows, and SQLite would remove it from beside a new file.
  for (const suffix of ['-wal', '']) if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  rmSync(`${file}-shm`, { force: true });
  return aside;
};

/** Open a database file that is there, and leave it as it is when it is damaged: the error then says so (`isDamage`). */
export const openExisting = connect;

/**
 * Open a database file of the data folder, durable to the last commit.
 * A file that is no longer a database is moved aside, told to `damaged`, and a new one is begun: damage never stops the start.
 * @throws LantianError data-unwritable
 */
export const openDatabase = (file: string, damaged: (aside: string, why: string) => void): DatabaseSync => {
  try {
    if (file !== ':memory:') makeFolder(dirname(file));
    return connect(file);
  } catch (thrown) {
    if (!isDamage(thrown))
      throw new LantianError('data-unwritable', `cannot write ${file}: ${reasonOf(thrown)}`, { cause: thrown });
    damaged(setAside(file), reasonOf(thrown));
    return connect(file);
  }
};

/** Do some work in a transaction of its own; where it throws, nothing of it stays. */
export const inTransaction = <T>(database: DatabaseSync, work: () => T): T => {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (thrown) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw thrown;
  }
};

/** Do some work within the transaction under way; where it throws, all that it wrote is undone and the rest stays. */
export const inSavepoint = <T>(database: DatabaseSync, work: () => T): T => {
  database.exec('SAVEPOINT work');
  try {
    return work();
  } catch (thrown) {
    if (database.isTransaction) database.exec('ROLLBACK TO work');
    throw thrown;
  } finally {
    if (database.isTransaction) database.exec('RELEASE work');
  }
};
