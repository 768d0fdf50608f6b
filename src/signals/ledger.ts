import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Evidence, Signal } from '../core/types.ts';

// The ledger: what thresholds proposed and what people decided, one row each, never changed and never removed.
//
// Format: rows numbered from 1 without gaps; `hash` is the SHA-256 of the row's fields and of the hash of the row before it, so that a
// row that is changed, taken out or put in breaks the chain from there on. The last number and hash stand a second time, in the table
// `state`, so that rows taken from the end are missed too. Whoever can write the file can make the whole chain anew: a hash that was
// noted elsewhere (`lantian audit` prints it, and takes one to look for) shows that as well.
// Invariant: a row is written in the transaction that writes the change of the signal it speaks of.

export interface Entry {
  /** Event time, ISO 8601 UTC. */
  readonly at: string;
  /** Id of the signal, and the version that this made; without a change the version it was taken at. */
  readonly signal: string;
  readonly version: number;
  readonly kind: string;
  readonly subject: string;
  /** `threshold`, or the step of a person. */
  readonly step: string;
  readonly level: string | null;
  readonly state: string;
  readonly person: string;
  /** `threshold`, or the person's role. */
  readonly role: string;
  /** Whom a report is from. */
  readonly unit: string;
  readonly reason: string;
  /** What was known then. */
  readonly evidence: readonly Evidence[];
  readonly lacking: readonly string[];
}

export interface LedgerRow extends Entry {
  readonly seq: number;
  readonly previous: string;
  readonly hash: string;
}

/** What an audit finds; `broken` is the first row that is not as it was written. */
export interface Audit {
  readonly rows: number;
  readonly head: string;
  readonly broken?: { readonly seq: number; readonly why: string };
  /** Whether a hash that was asked for is in the chain. */
  readonly found?: boolean;
}

export interface Ledger {
  /** Inside the caller's transaction. */
  append(entry: Entry): LedgerRow;
  /** Entries of a signal, the oldest first. */
  of(signal: string): LedgerRow[];
  /** The newest entry of a signal. */
  last(signal: string): LedgerRow | undefined;
  /** Newest first; before a number. */
  newest(most: number, before?: number): LedgerRow[];
  /** When each unit last reported on a signal, epoch ms. */
  reports(signal: string): Map<string, number>;
  count(): number;
  /** Signals that were closed for good, by kind/subject. */
  closed(): string[];
  /** Work the chain out again. @param noted a hash to look for */
  audit(noted?: string): Audit;
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ledger (
  seq INTEGER PRIMARY KEY, at TEXT NOT NULL, signal TEXT NOT NULL, version INTEGER NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
  step TEXT NOT NULL, level TEXT, state TEXT NOT NULL, person TEXT NOT NULL, role TEXT NOT NULL, unit TEXT NOT NULL,
  reason TEXT NOT NULL, evidence TEXT NOT NULL, lacking TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS ledger_signal ON ledger (signal, seq);`;

/** What is hashed, in this order; docs/people.md says the same, and a test compares the two. */
export const COLUMNS = [
  ...['seq', 'at', 'signal', 'version', 'kind', 'subject', 'step', 'level', 'state', 'person', 'role', 'unit'],
  ...['reason', 'evidence', 'lacking', 'previous'],
] as const;

/** A row as the database has it: evidence and lacking as the very text that was hashed. */
type Stored = Readonly<Record<(typeof COLUMNS)[number], string | number | null>> & { readonly hash: string };

/** Before the first row. */
const NONE = '0'.repeat(64);

const hashOf = (row: Omit<Stored, 'hash'>): string =>
  createHash('sha256')
    .update(JSON.stringify(COLUMNS.map((name) => row[name])))
    .digest('hex');

const rowOf = (stored: Stored): LedgerRow =>
  ({
    ...stored,
    evidence: JSON.parse(String(stored.evidence)),
    lacking: JSON.parse(String(stored.lacking)),
  }) as unknown as LedgerRow;

/** What is written of a signal as it stands. */
export const entryOf = (
  signal: Signal,
  how: Pick<Entry, 'step' | 'person' | 'role'> & Partial<Pick<Entry, 'unit' | 'reason' | 'at'>>,
): Entry => {
  const { id, version, kind, subject, level, state, evidence, lacking, at } = signal;
  return { at, signal: id, version, kind, subject, level, state, evidence, lacking, unit: '', reason: '', ...how };
};

/** What is hashed is what is stored: half a character, which SQLite would write as another, is that other one before. */
const wellFormed = (entry: Entry): Entry =>
  Object.fromEntries(
    Object.entries(entry).map(([name, value]) => [name, typeof value === 'string' ? value.toWellFormed() : value]),
  ) as unknown as Entry;

export const createLedger = (database: DatabaseSync): Ledger => {
  database.exec(SCHEMA);
  const names = [...COLUMNS, 'hash'];
  const insert = database.prepare(`INSERT INTO ledger (${names.join()}) VALUES (${names.map(() => '?').join()})`);
  const setHead = database.prepare("INSERT OR REPLACE INTO state VALUES ('ledger_head', ?)");
  const getHead = database.prepare("SELECT value FROM state WHERE name = 'ledger_head'");
  const top = database.prepare('SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1');
  const ofSignal = database.prepare('SELECT * FROM ledger WHERE signal = ? ORDER BY seq');
  const lastOf = database.prepare('SELECT * FROM ledger WHERE signal = ? ORDER BY seq DESC LIMIT 1');
  const page = database.prepare('SELECT * FROM ledger WHERE seq < ? ORDER BY seq DESC LIMIT ?');
  const reported = database.prepare(
    "SELECT unit, max(at) AS at FROM ledger WHERE signal = ? AND step = 'report' GROUP BY unit",
  );
  const every = database.prepare('SELECT * FROM ledger ORDER BY seq');
  const closed = database.prepare("SELECT DISTINCT kind || '/' || subject AS key FROM ledger WHERE step = 'close'");

  const headNow = (): { seq: number; hash: string } =>
    (top.get() as { seq: number; hash: string } | undefined) ?? { seq: 0, hash: NONE };

  /** The chain goes on behind the head that was noted, also where rows before it were lost to damage: the gap stays to be seen. */
  const behind = (): { seq: number; hash: string } => {
    const [seq = 0, hash = NONE] = String(getHead.get()?.['value'] ?? '').split(' ');
    const head = headNow();
    return Number(seq) > head.seq ? { seq: Number(seq), hash: String(hash) } : head;
  };

  const append: Ledger['append'] = (entry) => {
    const before = behind();
    const row = {
      ...wellFormed(entry),
      seq: before.seq + 1,
      evidence: JSON.stringify(entry.evidence),
      lacking: JSON.stringify(entry.lacking),
      previous: before.hash,
    };
    const hash = hashOf(row);
    insert.run(...COLUMNS.map((name) => row[name]), hash);
    setHead.run(`${row.seq} ${hash}`);
    return rowOf({ ...row, hash });
  };

  /** How a chain that is whole in itself differs from the end that was noted. */
  const flawAtEnd = (rows: number, head: string): Audit['broken'] => {
    const [seq, hash] = String(getHead.get()?.['value'] ?? `0 ${NONE}`).split(' ');
    const last = Number(seq);
    if (last > rows) return { seq: rows + 1, why: '末尾缺失 the end is missing' };
    if (last < rows) return { seq: last + 1, why: '在记下的末条之后 stands behind the end that was noted' };
    return hash === head ? undefined : { seq: rows, why: '不是记下的末条 is not the end that was noted' };
  };

  const audit: Ledger['audit'] = (noted) => {
    let [rows, head] = [0, NONE];
    let found = noted === undefined ? undefined : noted === NONE;
    const end = (broken?: Audit['broken']): Audit => ({
      ...{ rows, head, ...(broken ? { broken } : {}) },
      ...(found === undefined ? {} : { found }),
    });
    for (const stored of every.iterate() as Iterable<Stored>) {
      const seq = Number(stored.seq);
      if (seq !== rows + 1) return end({ seq: rows + 1, why: '缺失 is missing' });
      if (stored.previous !== head) return end({ seq, why: '与前一条不衔接 does not follow the one before' });
      if (hashOf(stored) !== stored.hash) return end({ seq, why: '内容被改动 is not as it was written' });
      [rows, head] = [seq, stored.hash];
      if (noted === head) found = true;
    }
    return end(flawAtEnd(rows, head));
  };

  return {
    append,
    of: (signal) => (ofSignal.all(signal) as unknown as Stored[]).map(rowOf),
    last: (signal) => {
      const stored = lastOf.get(signal) as unknown as Stored | undefined;
      return stored && rowOf(stored);
    },
    newest: (most, before = Number.MAX_SAFE_INTEGER) => (page.all(before, most) as unknown as Stored[]).map(rowOf),
    reports: (signal) => new Map(reported.all(signal).map(({ unit, at }) => [String(unit), Date.parse(String(at))])),
    count: () => headNow().seq,
    closed: () => closed.all().map(({ key }) => String(key)),
    audit,
  };
};
