// Messages that the gateway has taken over and the broker has not acknowledged yet: one SQLite file, committed before anyone is
// told that they are kept. Bounded; when it is full nothing more is taken, and whoever can wait (an HTTP client, a file) waits.
import type { DatabaseSync } from 'node:sqlite';
import type { Queue } from './sender.ts';

/** A message as it will be published. */
export interface Outgoing {
  readonly topic: string;
  readonly payload: string;
}

export interface Outbox extends Queue {
  /** Commit messages, all or none. @throws OutboxFull, or SQLite's error */
  put(messages: readonly Outgoing[]): void;
  /** Messages that wait. */
  readonly size: number;
  close(): void;
}

export class OutboxFull extends Error {}

/** Acknowledged rows are deleted so many at a time: a crash in between sends those again, which does no harm. */
const DELETED_AT_ONCE = 200;

const TABLE = `CREATE TABLE IF NOT EXISTS outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, payload TEXT NOT NULL)`;

/** @param most messages that may wait, of at most 64 KiB each as feeds have them */
export const createOutbox = (database: DatabaseSync, most: number): Outbox => {
  database.exec(TABLE);
  const insert = database.prepare('INSERT INTO outbox (topic, payload) VALUES (?, ?)');
  const read = database.prepare('SELECT id, topic, payload FROM outbox WHERE id > ? ORDER BY id LIMIT ?');
  const erase = database.prepare('DELETE FROM outbox WHERE id <= ?');
  let size = Number(database.prepare('SELECT count(*) AS rows FROM outbox').get()?.['rows'] ?? 0);
  let [removed, removedTo] = [0, 0];
  const flush = (): void => {
    if (removed > 0) erase.run(removedTo);
    removed = 0;
  };
  const inTransaction = (work: () => void): void => {
    database.exec('BEGIN IMMEDIATE');
    try {
      work();
      database.exec('COMMIT');
    } catch (thrown) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw thrown;
    }
  };
  return {
    put: (messages) => {
      if (size + messages.length > most)
        throw new OutboxFull(
          `待发 ${size} 条，上限 ${most} 条 ${size} wait, at most ${most} may: is the broker reachable?`,
        );
      inTransaction(() => {
        for (const { topic, payload } of messages) insert.run(topic, payload);
      });
      size += messages.length;
    },
    after: (id, count) => read.all(Math.max(id, removedTo), count) as never,
    remove: (id) => {
      [removed, removedTo, size] = [removed + 1, id, size - 1];
      if (removed >= DELETED_AT_ONCE || size === 0) flush();
    },
    get size() {
      return size;
    },
    close: () => {
      flush();
      database.close();
    },
  };
};
