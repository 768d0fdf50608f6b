import type { DatabaseSync } from 'node:sqlite';
import type { Reason } from './decode.ts';

// Messages that were not understood, with the reason and its words, as they came. They can be listed, shown and tried again
// once the cause is mended. Bounded in rows and bytes: the oldest go, and are counted. A payload over the limit of messages is
// kept by its first kilobyte.

export interface QuarantinedMessage {
  readonly id: number;
  readonly received: number;
  readonly source: string;
  readonly topic: string;
  readonly payload: Buffer;
  /** Bytes of the payload as it came. */
  readonly size: number;
  readonly reason: Reason;
  readonly detail: string;
  readonly state: 'waiting' | 'asked' | 'retried';
}

export interface Selection {
  readonly id?: number | undefined;
  readonly reason?: string | undefined;
  readonly station?: string | undefined;
  /** Waiting ones only. */
  readonly waiting?: boolean | undefined;
}

export interface Quarantine {
  /** Inside the caller's transaction. */
  put(message: Omit<QuarantinedMessage, 'id' | 'state' | 'size'>): void;
  list(selection: Selection, most: number, afterId?: number): QuarantinedMessage[];
  count(selection: Selection): number;
  /** Mark messages to be tried again by the pipeline; how many. */
  ask(selection: Selection): number;
  /** Messages that were asked for, oldest first. */
  asked(most: number): QuarantinedMessage[];
  retried(id: number): void;
  /** Keep within the bounds; how many went. Inside the caller's transaction. */
  bound(maxRows: number, maxBytes: number): number;
  /** A transaction was rolled back: what was removed in it is there again. */
  reload(): void;
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS quarantine (
  id INTEGER PRIMARY KEY AUTOINCREMENT, received INTEGER NOT NULL, source TEXT NOT NULL, topic TEXT NOT NULL, payload BLOB NOT NULL,
  size INTEGER NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL, state TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS quarantine_asked ON quarantine (id) WHERE state = 'asked';`;

/** What is held, where nobody looked. */
const UNKNOWN = { n: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };
const KEPT_OF_TOO_LARGE = 1024;
/** Characters kept of a topic and of the words that say what is wrong. */
const KEPT_OF_WORDS = 1024;
const WHERE = `(?1 IS NULL OR id = ?1) AND (?2 IS NULL OR reason = ?2)
  AND (?3 IS NULL OR substr(topic, -length(?3) - 1) = '/' || ?3) AND (?4 = 0 OR state = 'waiting')`;

const parameters = ({ id, reason, station, waiting }: Selection) =>
  [id ?? null, reason ?? null, station ?? null, waiting ? 1 : 0] as const;

const messageOf = (row: object): QuarantinedMessage => {
  const message = row as unknown as QuarantinedMessage & { payload: Uint8Array };
  return { ...message, payload: Buffer.from(message.payload) };
};

export const createQuarantine = (database: DatabaseSync): Quarantine => {
  database.exec(SCHEMA);
  const insert = database.prepare(
    "INSERT INTO quarantine (received, source, topic, payload, size, reason, detail, state) VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting')",
  );
  const select = database.prepare(`SELECT * FROM quarantine WHERE ${WHERE} AND id > ?5 ORDER BY id LIMIT ?6`);
  const total = database.prepare(`SELECT count(*) AS n FROM quarantine WHERE ${WHERE}`);
  const mark = database.prepare(
    `UPDATE quarantine SET state = 'asked' WHERE ${WHERE} AND state = 'waiting' AND reason <> 'too-large'`,
  );
  const selectAsked = database.prepare("SELECT * FROM quarantine WHERE state = 'asked' ORDER BY id LIMIT ?");
  const markRetried = database.prepare("UPDATE quarantine SET state = 'retried' WHERE id = ?");
  const weigh = database.prepare(
    'SELECT count(*) AS n, coalesce(sum(length(payload) + length(topic) + length(detail)), 0) AS bytes FROM quarantine',
  );
  const dropOldest = database.prepare(
    "DELETE FROM quarantine WHERE id IN (SELECT id FROM quarantine ORDER BY (state = 'retried') DESC, id LIMIT ?)",
  );

  const held = (): { n: number; bytes: number } => weigh.get() as { n: number; bytes: number };
  /** No more than this is held: all rows are looked through only where it would be too much. */
  let most = UNKNOWN;
  return {
    put: ({ received, source, topic, payload, reason, detail }) => {
      const kept = reason === 'too-large' ? payload.subarray(0, KEPT_OF_TOO_LARGE) : payload;
      const [where, words] = [topic.slice(0, KEPT_OF_WORDS), detail.slice(0, KEPT_OF_WORDS)];
      insert.run(received, source, where, kept, payload.length, reason, words);
      most = { n: most.n + 1, bytes: most.bytes + kept.length + where.length + words.length };
    },
    list: (selection, most, afterId = 0) => select.all(...parameters(selection), afterId, most).map(messageOf),
    count: (selection) => (total.get(...parameters(selection)) as { n: number }).n,
    ask: (selection) => Number(mark.run(...parameters(selection)).changes),
    asked: (most) => selectAsked.all(most).map(messageOf),
    retried: (id) => void markRetried.run(id),
    bound: (maxRows, maxBytes) => {
      const isWithin = ({ n, bytes }: typeof most): boolean => n <= maxRows && bytes <= maxBytes;
      if (isWithin(most)) return 0;
      let gone = 0;
      for (most = held(); !isWithin(most); most = held())
        gone += Number(dropOldest.run(Math.max(1, most.n - maxRows, Math.ceil(most.n / 20))).changes);
      return gone;
    },
    reload: () => {
      most = UNKNOWN;
    },
  };
};
