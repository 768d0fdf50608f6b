import type { DatabaseSync } from 'node:sqlite';
import type { Signal } from '../core/types.ts';

// Earlier versions of the signals that go out as warnings, so that an update or a cancellation names the messages before it, also after a
// restart. Kept until the topic of their subject is cleared, and bounded: of each subject the newest that changed what is in force, and
// the newest others.

/** Kinds that go out as warnings. */
export const WARNINGS: readonly string[] = ['weather-response', 'warning-signal', 'heavy-pollution', 'geological-risk'];

/** Versions kept of a subject: those that changed what is in force, and as many others. */
export const KEPT = 100;

/** A version, and whether it changed what is in force: a person's signature, or the end of what was signed. */
export interface Version {
  readonly signal: Signal;
  readonly signs: boolean;
}

export interface History {
  /** Inside the caller's transaction. */
  put(signal: Signal): void;
  /** Forget a subject; inside the caller's transaction. */
  clear(signal: Signal): void;
  /** Versions of one signal, the oldest first. */
  of(id: string): Version[];
  /** The newest versions of all, the newest first; `signs`: those alone that changed what is in force, or those that did not. */
  newest(most: number, signs?: boolean): Version[];
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS signal_version (
  id TEXT NOT NULL, version INTEGER NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, at INTEGER NOT NULL, signs INTEGER NOT NULL,
  body TEXT NOT NULL, PRIMARY KEY (id, version)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS signal_version_subject ON signal_version (kind, subject, signs, at, version);
CREATE INDEX IF NOT EXISTS signal_version_at ON signal_version (at);`;

const PRUNE = `DELETE FROM signal_version WHERE (id, version) IN (
  SELECT id, version FROM signal_version WHERE kind = ? AND subject = ? AND signs = ? ORDER BY at DESC, version DESC LIMIT -1 OFFSET ${KEPT}
)`;

interface Row {
  readonly signs: number;
  readonly body: string;
}

const versionOf = ({ signs, body }: Row): Version => ({ signal: JSON.parse(body) as Signal, signs: signs === 1 });

const inForce = (signal: Signal | undefined): string => JSON.stringify(signal?.in_force ?? null);

export const createHistory = (database: DatabaseSync): History => {
  database.exec(SCHEMA);
  const insert = database.prepare('INSERT OR REPLACE INTO signal_version VALUES (?, ?, ?, ?, ?, ?, ?)');
  const last = database.prepare('SELECT signs, body FROM signal_version WHERE id = ? ORDER BY version DESC LIMIT 1');
  const prune = database.prepare(PRUNE);
  const remove = database.prepare('DELETE FROM signal_version WHERE kind = ? AND subject = ?');
  const versions = database.prepare('SELECT signs, body FROM signal_version WHERE id = ? ORDER BY version');
  const newest = database.prepare(
    'SELECT signs, body FROM signal_version WHERE signs >= ? AND signs <= ? ORDER BY at DESC, id DESC, version DESC LIMIT ?',
  );
  return {
    put: (signal) => {
      const { id, version, kind, subject, at } = signal;
      if (!WARNINGS.includes(kind)) return;
      const before = last.get(id) as Row | undefined;
      const signs = Number(inForce(before && versionOf(before).signal) !== inForce(signal));
      insert.run(id, version, kind, subject, Date.parse(at), signs, JSON.stringify(signal));
      prune.run(kind, subject, signs);
    },
    clear: ({ kind, subject }) => void remove.run(kind, subject),
    of: (id) => (versions.all(id) as unknown as Row[]).map(versionOf),
    newest: (most, signs) =>
      (newest.all(Number(signs ?? false), Number(signs ?? true), most) as unknown as Row[]).map(versionOf),
  };
};
