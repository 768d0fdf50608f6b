import type { DatabaseSync } from 'node:sqlite';

// The desk: what people hand in, readings from the laboratory, reviews of readings, and decisions on signals. A command, or a request, writes a row; the pipeline, in
// whichever process it runs, takes it into the journal; what came of it is written back in the transaction that holds its effects.
// The rows stay, as long as the readings they speak of and no shorter than `archive.keep`: they say who did what, and when.
// Invariants: (1) a row leaves `asked` in the commit that journals it, so it becomes one event; (2) it gets its end in the commit
// that advances the position over that event; (3) a row without an end is never removed.

export type DeskKind = 'entry' | 'review' | 'decision';

export type DeskState =
  | 'asked'
  | 'taken'
  | 'stored'
  | 'revised'
  | 'duplicate'
  | 'quarantined'
  | 'invalidated'
  | 'restored'
  | 'done'
  | 'refused';

/** What someone hands in. */
export interface Handed {
  readonly kind: DeskKind;
  /** When, epoch ms. */
  readonly asked: number;
  readonly person: string;
  /** The topic of the reading it brings or speaks of; of a decision the signal. */
  readonly topic: string;
  /** The time of that reading, epoch ms; of a decision when it was handed in. */
  readonly time: number;
  /** An entry's message; a review or a decision as JSON. */
  readonly payload: Buffer;
}

export interface DeskRow extends Handed {
  readonly id: number;
  readonly state: DeskState;
  /** Why it was refused or quarantined. */
  readonly detail: string;
}

/** Whether a row has no end yet. */
export const isOpen = ({ state }: Pick<DeskRow, 'state'>): boolean => state === 'asked' || state === 'taken';

/** What came of something handed in. */
export interface HandedEnd {
  readonly state: DeskState;
  readonly detail: string;
}

export interface DeskSelection {
  readonly station?: string | undefined;
  /** Absent: what is about readings, no decisions. */
  readonly kind?: DeskKind | undefined;
}

export interface Desk {
  /** Inside the caller's transaction; the rows' numbers. */
  ask(handed: readonly Handed[]): number[];
  /** Rows that are not taken yet, oldest first. */
  asked(most: number): DeskRow[];
  waiting(): number;
  taken(id: number): void;
  /** Say what came of a row. */
  settle(id: number, state: DeskState, detail: string): void;
  rows(ids: readonly number[]): DeskRow[];
  /** The decision that a person, as JSON, handed in under a key of their own choice. */
  keyed(person: string, key: string): DeskRow | undefined;
  /** Newest first. */
  list(selection: DeskSelection, most: number): DeskRow[];
  count(selection: DeskSelection): number;
  /** Remove rows with an end that speak of a time before `before` and were handed in before it; how many went. */
  forget(before: number, most: number): number;
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS desk (
  id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, asked INTEGER NOT NULL, person TEXT NOT NULL, topic TEXT NOT NULL,
  time INTEGER NOT NULL, payload BLOB NOT NULL, state TEXT NOT NULL, detail TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS desk_asked ON desk (id) WHERE state = 'asked';
CREATE INDEX IF NOT EXISTS desk_key ON desk (json_extract(CAST(payload AS TEXT), '$.key')) WHERE kind = 'decision';
CREATE INDEX IF NOT EXISTS desk_age ON desk (max(time, asked));`;

/** Rows that may wait for the pipeline; a command that would bring more is refused. */
export const DESK_MOST = 100_000;

const WHERE =
  "(?1 IS NULL OR substr(topic, -length(?1) - 1) = '/' || ?1) AND iif(?2 IS NULL, kind <> 'decision', kind = ?2)";

const SOURCE = /^(?:quarantine:\S+ )?(desk:(\d+) .*)$/;

/** The source of a row's event in the journal. */
export const deskSource = ({ id, person }: Pick<DeskRow, 'id' | 'person'>): string => `desk:${id} ${person}`;

/** Where an event was handed in, also when it came by way of the quarantine; undefined: it was not. */
export const handedAt = (source: string): { readonly id: number; readonly source: string } | undefined => {
  const found = SOURCE.exec(source);
  return found ? { id: Number(found[2]), source: found[1]! } : undefined;
};

const rowOf = (row: object): DeskRow => {
  const found = row as unknown as DeskRow & { payload: Uint8Array };
  return { ...found, payload: Buffer.from(found.payload) };
};

export const createDesk = (database: DatabaseSync): Desk => {
  database.exec(SCHEMA);
  const insert = database.prepare(
    "INSERT INTO desk (kind, asked, person, topic, time, payload, state, detail) VALUES (?, ?, ?, ?, ?, ?, 'asked', '')",
  );
  const selectAsked = database.prepare("SELECT * FROM desk WHERE state = 'asked' ORDER BY id LIMIT ?");
  const countAsked = database.prepare("SELECT count(*) AS n FROM desk WHERE state = 'asked'");
  const take = database.prepare("UPDATE desk SET state = 'taken' WHERE id = ?");
  const end = database.prepare('UPDATE desk SET state = ?, detail = ? WHERE id = ?');
  const some = database.prepare('SELECT * FROM desk WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id');
  const byKey = database.prepare(
    `SELECT * FROM desk WHERE kind = 'decision' AND json_extract(CAST(payload AS TEXT), '$.key') = ?2
       AND json_extract(CAST(payload AS TEXT), '$.person') = ?1 ORDER BY id LIMIT 1`,
  );
  const newest = database.prepare(`SELECT * FROM desk WHERE ${WHERE} ORDER BY id DESC LIMIT ?3`);
  const total = database.prepare(`SELECT count(*) AS n FROM desk WHERE ${WHERE}`);
  const remove = database.prepare(
    `DELETE FROM desk WHERE id IN
       (SELECT id FROM desk WHERE max(time, asked) < ? AND state NOT IN ('asked', 'taken') LIMIT ?)`,
  );
  const parameters = ({ station, kind }: DeskSelection) => [station ?? null, kind ?? null] as const;
  return {
    ask: (handed) =>
      handed.map(({ kind, asked, person, topic, time, payload }) =>
        Number(insert.run(kind, asked, person, topic, time, payload).lastInsertRowid),
      ),
    asked: (most) => selectAsked.all(most).map(rowOf),
    waiting: () => Number(countAsked.get()?.['n']),
    taken: (id) => void take.run(id),
    settle: (id, state, detail) => void end.run(state, detail, id),
    rows: (ids) => some.all(JSON.stringify(ids)).map(rowOf),
    keyed: (person, key) => {
      const row = byKey.get(person, key);
      return row && rowOf(row);
    },
    list: (selection, most) => newest.all(...parameters(selection), most).map(rowOf),
    count: (selection) => Number(total.get(...parameters(selection))?.['n']),
    forget: (before, most) => Number(remove.run(before, most).changes),
  };
};
