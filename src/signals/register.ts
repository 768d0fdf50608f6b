import type { DatabaseSync } from 'node:sqlite';
import type { Signal } from '../core/types.ts';
import { deliveredOf } from './delivered.ts';
import { createHistory, type History } from './history.ts';

// The signals as they stand, ended ones for as long as they stay retained, and what is still to be published. A change, the
// event that caused it and its message are written in one transaction; the message leaves when the broker has taken it. After
// a crash it may leave again, byte for byte.

export interface Outgoing {
  readonly id: number;
  readonly topic: string;
  /** Empty: clears the topic. */
  readonly payload: string;
}

export interface Register {
  all(): Signal[];
  /** Write a change and queue its message for every broker; inside the caller's transaction. Gives the time of its row in the series. */
  put(signal: Signal): number;
  /** Forget a signal and clear its topic; inside the caller's transaction. */
  clear(signal: Signal): void;
  outgoing(broker: string, most: number): Outgoing[];
  sent(broker: string, id: number): void;
  pending(): number;
  /** Earlier versions of the signals that go out as warnings. */
  readonly history: History;
  /** Queue every signal for a broker that has none of them retained. */
  repeat(broker: string): void;
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS signal (
  kind TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, stored INTEGER NOT NULL, PRIMARY KEY (kind, subject)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS signal_out (id INTEGER PRIMARY KEY AUTOINCREMENT, broker TEXT NOT NULL, topic TEXT NOT NULL, payload TEXT NOT NULL);`;

export const topicOf = ({ county, kind, subject }: Signal): string => `lantian/v1/${county}/signal/${kind}/${subject}`;

const messageOf = (signal: Signal): string => JSON.stringify(deliveredOf(signal));

export const createRegister = (database: DatabaseSync, brokers: readonly string[]): Register => {
  database.exec(SCHEMA);
  const history = createHistory(database);
  const select = database.prepare('SELECT body FROM signal ORDER BY kind, subject');
  const stored = database.prepare('SELECT stored FROM signal WHERE kind = ? AND subject = ?');
  const upsert = database.prepare('INSERT OR REPLACE INTO signal VALUES (?, ?, ?, ?)');
  const remove = database.prepare('DELETE FROM signal WHERE kind = ? AND subject = ?');
  const queue = database.prepare('INSERT INTO signal_out (broker, topic, payload) VALUES (?, ?, ?)');
  const next = database.prepare('SELECT id, topic, payload FROM signal_out WHERE broker = ? ORDER BY id LIMIT ?');
  const drop = database.prepare('DELETE FROM signal_out WHERE broker = ? AND id = ?');
  const waiting = database.prepare('SELECT count(*) AS n FROM signal_out');
  const all = (): Signal[] => (select.all() as { body: string }[]).map(({ body }) => JSON.parse(body) as Signal);
  const timeFor = ({ kind, subject, at }: Signal): number => {
    const last = (stored.get(kind, subject) as { stored: number } | undefined)?.stored;
    return Math.max(Date.parse(at), last === undefined ? Number.NEGATIVE_INFINITY : last + 1);
  };
  return {
    all,
    put: (signal) => {
      const time = timeFor(signal);
      const body = JSON.stringify(signal);
      upsert.run(signal.kind, signal.subject, body, time);
      history.put(signal);
      const message = messageOf(signal);
      for (const broker of brokers) queue.run(broker, topicOf(signal), message);
      return time;
    },
    clear: (signal) => {
      remove.run(signal.kind, signal.subject);
      history.clear(signal);
      for (const broker of brokers) queue.run(broker, topicOf(signal), '');
    },
    outgoing: (broker, most) => next.all(broker, most) as unknown as Outgoing[],
    sent: (broker, id) => void drop.run(broker, id),
    history,
    pending: () => (waiting.get() as { n: number }).n,
    repeat: (broker) => {
      const owed = new Set((next.all(broker, 1_000_000) as unknown as Outgoing[]).map(({ topic }) => topic));
      for (const signal of all()) if (!owed.has(topicOf(signal))) queue.run(broker, topicOf(signal), messageOf(signal));
    },
  };
};
