import { createHash, randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Person, Role } from './roles.ts';

// Tokens of the HTTP API: one a person and role. A token is 256 random bits, so a plain SHA-256 of it is all that is stored: it cannot be
// guessed from its hash, and is looked up by it.

export interface TokenRow extends Person {
  readonly id: number;
  /** Epoch ms. */
  readonly made: number;
  readonly revoked: number | null;
}

export interface Tokens {
  /** The token itself is given once, and not kept. Inside no transaction of the caller's. */
  make(person: Person, now: number): { readonly id: number; readonly token: string };
  list(): TokenRow[];
  /** Whether there was such a token in use. */
  revoke(id: number, now: number): boolean;
  /** Who holds a token; undefined: it is unknown or revoked. */
  holder(token: string): Person | undefined;
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS token (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, role TEXT NOT NULL, unit TEXT, hash TEXT NOT NULL UNIQUE,
  made INTEGER NOT NULL, revoked INTEGER
);`;

const PREFIX = 'lantian_';

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

type Stored = Omit<TokenRow, 'unit' | 'role'> & { readonly unit: string | null; readonly role: string };

const rowOf = ({ id, name, role, unit, made, revoked }: Stored): TokenRow => ({
  ...{ id, name, role: role as Role, made, revoked },
  ...(unit === null ? {} : { unit }),
});

export const createTokens = (database: DatabaseSync): Tokens => {
  database.exec(SCHEMA);
  const insert = database.prepare('INSERT INTO token (name, role, unit, hash, made) VALUES (?, ?, ?, ?, ?)');
  const all = database.prepare('SELECT * FROM token ORDER BY id');
  const end = database.prepare('UPDATE token SET revoked = ? WHERE id = ? AND revoked IS NULL');
  const find = database.prepare('SELECT * FROM token WHERE hash = ? AND revoked IS NULL');
  return {
    make: ({ name, role, unit }, now) => {
      const token = PREFIX + randomBytes(32).toString('base64url');
      const { lastInsertRowid } = insert.run(name, role, unit ?? null, hashOf(token), now);
      return { id: Number(lastInsertRowid), token };
    },
    list: () => (all.all() as unknown as Stored[]).map(rowOf),
    revoke: (id, now) => end.run(now, id).changes > 0,
    holder: (token) => {
      const stored = find.get(hashOf(token)) as unknown as Stored | undefined;
      if (stored === undefined) return undefined;
      const { name, role, unit } = rowOf(stored);
      return { name, role, ...(unit === undefined ? {} : { unit }) };
    },
  };
};
