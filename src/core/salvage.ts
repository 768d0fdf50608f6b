// A database with damaged pages is not given up: it is set aside, a new one is begun, and every row that can still be read is
// copied, each table from its front and from its back up to the damage. What lies between is lost, and said.

import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { reasonOf } from './errors.ts';
import { isDamage, openDatabase, setAside } from './sqlite.ts';

export type Damaged = (aside: string, why: string) => void;

/** A check reads every page: larger files are checked only when damage was met while running. */
const CHECKED_BYTES = 256 * 1024 * 1024;

const markOf = (file: string): string => `${file}.damaged`;

/** Remember that damage was met, so that the next start mends it. */
export const markDamaged = (file: string): void => writeFileSync(markOf(file), '');

const isWhole = (database: DatabaseSync): boolean => {
  try {
    return database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'] === 'ok';
  } catch (thrown) {
    if (isDamage(thrown)) return false;
    throw thrown;
  }
};

const copyRows = (from: DatabaseSync, to: DatabaseSync, table: string, order: string): string | undefined => {
  let put: ReturnType<DatabaseSync['prepare']> | undefined;
  try {
    for (const row of from.prepare(`SELECT * FROM "${table}" ${order}`).iterate()) {
      const values = Object.values(row) as SQLInputValue[];
      put ??= to.prepare(`INSERT OR IGNORE INTO "${table}" VALUES (${values.map(() => '?').join()})`);
      put.run(...values);
    }
    return undefined;
  } catch (thrown) {
    return reasonOf(thrown);
  }
};

const keyOf = (from: DatabaseSync, table: string): string =>
  from
    .prepare('SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk')
    .all(table)
    .map(({ name }) => `"${name}" DESC`)
    .join();

const copyTable = (from: DatabaseSync, to: DatabaseSync, table: string): string | undefined => {
  const trouble = copyRows(from, to, table, '');
  if (trouble === undefined) return undefined;
  const key = keyOf(from, table);
  if (key !== '') copyRows(from, to, table, `ORDER BY ${key}`);
  return trouble;
};

const copyAll = (aside: string, to: DatabaseSync, damaged: Damaged): void => {
  const from = new DatabaseSync(aside);
  try {
    const tables = from
      .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .all();
    to.exec('BEGIN');
    for (const { name, sql } of tables) {
      to.exec(String(sql));
      const trouble = copyTable(from, to, String(name));
      if (trouble !== undefined) damaged(aside, `table ${name} is readable in part only: ${trouble}`);
    }
    to.exec(`PRAGMA user_version = ${from.prepare('PRAGMA user_version').get()?.['user_version']}; COMMIT`);
  } catch (thrown) {
    if (to.isTransaction) to.exec('COMMIT');
    damaged(aside, `no more can be read: ${reasonOf(thrown)}`);
  } finally {
    from.close();
  }
};

/** Set a damaged database aside and begin a new one with what can still be read of it. It must be closed. */
export const renew = (file: string, damaged: Damaged, why: string): DatabaseSync => {
  const aside = setAside(file);
  damaged(aside, why);
  const fresh = openDatabase(file, damaged);
  copyAll(aside, fresh, damaged);
  rmSync(markOf(file), { force: true });
  return fresh;
};

/**
 * Open a database, mending what is damaged. `damaged` is told each thing that was set aside or lost; `rows` looks at the rows of one whose
 * pages were checked, or made anew.
 * @throws LantianError data-unwritable
 */
export const openWhole = (
  file: string,
  damaged: Damaged,
  rows: (database: DatabaseSync) => void = () => {},
): DatabaseSync => {
  const database = openDatabase(file, damaged);
  const suspect = existsSync(markOf(file)) || statSync(file).size <= CHECKED_BYTES;
  if (!suspect) return database;
  if (isWhole(database)) {
    rows(database);
    rmSync(markOf(file), { force: true });
    return database;
  }
  database.close();
  const fresh = renew(file, damaged, 'it has damaged pages');
  rows(fresh);
  return fresh;
};
