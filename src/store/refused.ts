import type { DatabaseSync } from 'node:sqlite';
import type { Point } from '../core/types.ts';
import type { Refusal } from './port.ts';

/** A point that a store would not have, kept for people to look at. `at` is epoch ms. */
export interface Refused extends Refusal {
  readonly store: string;
  readonly at: number;
}

export interface RefusedTable {
  /** Keep refusals, inside the caller's transaction; beyond `maxRows` the oldest leave. */
  add(store: string, at: number, refusals: readonly Refusal[]): void;
  /** The newest first. */
  list(limit: number): readonly Refused[];
}

/** Points that stores refused, in the pipeline's database. Bounded by rows; how many there ever were is the drain's counter. */
export const createRefused = (db: DatabaseSync, limits: { readonly maxRows: number }): RefusedTable => {
  db.exec(`CREATE TABLE IF NOT EXISTS store_refused (
    id INTEGER PRIMARY KEY, store TEXT NOT NULL, at INTEGER NOT NULL, point TEXT NOT NULL, words TEXT NOT NULL)`);
  const insert = db.prepare('INSERT INTO store_refused (store, at, point, words) VALUES (?, ?, ?, ?)');
  const trim = db.prepare('DELETE FROM store_refused WHERE id <= (SELECT max(id) FROM store_refused) - ?');
  const newest = db.prepare('SELECT store, at, point, words FROM store_refused ORDER BY id DESC LIMIT ?');
  return {
    add: (store, at, refusals) => {
      // Each row would be a sync of the disk.
      if (!db.isTransaction) throw new Error('refusals are kept in a transaction');
      for (const { point, words } of refusals.slice(-limits.maxRows))
        insert.run(store, at, JSON.stringify(point), words);
      trim.run(limits.maxRows);
    },
    list: (limit) =>
      newest.all(limit).map(({ store, at, point, words }) => ({
        store: String(store),
        at: Number(at),
        point: JSON.parse(String(point)) as Point,
        words: String(words),
      })),
  };
};
