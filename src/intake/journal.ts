import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';

// The journal: the only thing between a sensor and the disk.
//
// Format: one row an event in `journal`, numbered by `seq` without gaps in the order of arrival: messages as they came, ticks
// of the clock, messages taken out of quarantine again, and what people handed in: entries, reviews and decisions (src/intake/desk.ts).
// `position` (table `state`) is the last event whose effects (archive, figures in the outbox, signals, counters) are in the database.
// Invariants: (1) a message is acknowledged only after the commit that holds its row; (2) effects and position are written in
// one transaction, so each event has its effects once; (3) rows after the position are never removed.
// Recovery: none is needed but to go on. After a crash the rows after the position are applied as if they had just come.
// Damage: a damaged page sets the file aside at the next start (src/core/salvage.ts); every row that can be read is kept.

export type EventKind = 'message' | 'tick' | 'retry' | 'entry' | 'review' | 'decision';
/** Stored by their place: only ever appended to. */
const KINDS: readonly EventKind[] = ['message', 'tick', 'retry', 'entry', 'review', 'decision'];

/** Whether an event is a message by the law of conservation: it was received, and ends in one of the outcomes. */
export const isMessage = (kind: EventKind): boolean => !['tick', 'review', 'decision'].includes(kind);

export interface JournalEvent {
  readonly seq: number;
  readonly kind: EventKind;
  /** When it was journalled, for a retry when the message first arrived, for what people handed in when they did; epoch ms. */
  readonly received: number;
  /** Broker it came from; for a retry the quarantine's row; for what people handed in the desk's row and the person. */
  readonly source: string;
  readonly topic: string;
  readonly payload: Buffer;
}

export interface Journal {
  /** The last event written and the last applied. */
  readonly last: number;
  readonly position: number;
  /** Bytes of events not applied yet. */
  readonly pendingBytes: number;
  /** Messages, retries and entries among them, that are not applied yet; counted in the database. */
  pendingMessages(): number;
  /** Write an event; inside the caller's transaction. */
  append(event: Omit<JournalEvent, 'seq'>): JournalEvent;
  /** Events after a position, in order. */
  after(seq: number, most: number): JournalEvent[];
  /** Say that events up to `seq` are applied; inside the transaction that writes their effects. */
  advance(seq: number, bytes: number): void;
  /** Remove applied events that arrived before `before`, at most `rows` at once; how many went. */
  forget(before: number, rows: number): number;
  /** Read `last` and `position` again, after a transaction was rolled back. */
  reload(): void;
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS journal (
  seq INTEGER PRIMARY KEY, kind INTEGER NOT NULL, received INTEGER NOT NULL, source TEXT NOT NULL, topic TEXT NOT NULL, payload BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value) WITHOUT ROWID;`;

type EventRow = { seq: number; kind: number; received: number; source: string; topic: string; payload: Uint8Array };

const eventOf = (row: EventRow): JournalEvent => ({
  seq: row.seq,
  kind: KINDS[row.kind] ?? 'message',
  received: row.received,
  source: row.source,
  topic: row.topic,
  payload: Buffer.from(row.payload.buffer, row.payload.byteOffset, row.payload.byteLength),
});

/** Bytes that an event weighs in the journal's bounds. */
export const weightOf = (event: { topic: string; payload: Buffer }): number =>
  event.payload.length + event.topic.length + 32;

export const createJournal = (database: DatabaseSync): Journal => {
  database.exec(SCHEMA);
  const put = database.prepare('INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?)');
  const select = database.prepare('SELECT * FROM journal WHERE seq > ? ORDER BY seq LIMIT ?');
  const get = database.prepare('SELECT value FROM state WHERE name = ?');
  const set = database.prepare('INSERT OR REPLACE INTO state VALUES (?, ?)');
  const highest = database.prepare('SELECT max(seq) AS seq FROM journal');
  const weigh = database.prepare(
    'SELECT coalesce(sum(length(payload) + length(topic) + 32), 0) AS bytes FROM journal WHERE seq > ?',
  );
  const pending = database.prepare(
    'SELECT count(*) AS n FROM journal WHERE seq > ? AND kind NOT IN (SELECT value FROM json_each(?))',
  );
  const others = JSON.stringify(KINDS.flatMap((kind, index) => (isMessage(kind) ? [] : [index])));
  // Arrivals rise with seq, retries apart: only the oldest rows are looked at.
  const remove = database.prepare(
    `DELETE FROM journal WHERE seq <= (SELECT max(seq) FROM
       (SELECT seq, received FROM journal WHERE seq <= ?1 ORDER BY seq LIMIT ?3) WHERE received < ?2)`,
  );
  const numberOf = (value: SQLOutputValue | undefined): number => Number(value ?? 0);

  let position = 0;
  let last = 0;
  let pendingBytes = 0;
  const reload = (): void => {
    position = numberOf(get.get('position')?.['value']);
    last = Math.max(position, numberOf(highest.get()?.['seq']));
    pendingBytes = numberOf(weigh.get(position)?.['bytes']);
  };
  reload();

  return {
    get last() {
      return last;
    },
    get position() {
      return position;
    },
    get pendingBytes() {
      return pendingBytes;
    },
    pendingMessages: () => numberOf(pending.get(position, others)?.['n']),
    append: (event) => {
      const seq = last + 1;
      put.run(seq, KINDS.indexOf(event.kind), event.received, event.source, event.topic, event.payload);
      last = seq;
      pendingBytes += weightOf(event);
      return { ...event, seq };
    },
    after: (seq, most) => (select.all(seq, most) as unknown as EventRow[]).map(eventOf),
    advance: (seq, bytes) => {
      if (seq === position) return;
      set.run('position', seq);
      position = seq;
      pendingBytes -= bytes;
    },
    forget: (before, rows) => Number(remove.run(position, before, rows).changes),
    reload,
  };
};
