import type { DatabaseSync } from 'node:sqlite';
import { renew } from '../core/salvage.ts';
import { openDatabase } from '../core/sqlite.ts';

/** Told when a file was set aside (`where` is its new name), or a row was left out because it cannot be read. */
export type Damaged = (where: string, why: string) => void;

const TABLES = `
  CREATE TABLE IF NOT EXISTS series (
    id INTEGER PRIMARY KEY, measurement TEXT NOT NULL, tags TEXT NOT NULL, UNIQUE (measurement, tags));
  CREATE TABLE IF NOT EXISTS point (
    series INTEGER NOT NULL, time INTEGER NOT NULL, fields TEXT NOT NULL, PRIMARY KEY (series, time)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS field (
    measurement TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, PRIMARY KEY (measurement, name)) WITHOUT ROWID;`;

/** Open or begin the file of an embedded store. */
export const openSeries = (file: string, damaged: Damaged): DatabaseSync => {
  const db = openDatabase(file, damaged);
  db.exec(TABLES);
  return db;
};

/** Set a damaged file aside and begin a new one with what can still be read. `db` is closed. */
export const renewSeries = (file: string, db: DatabaseSync, damaged: Damaged, why: string): DatabaseSync => {
  db.close();
  const fresh = renew(file, damaged, why);
  fresh.exec(TABLES);
  return fresh;
};
