// Users of a broker of one's own. The password file says who is there; the table of credentials holds, in clear, the passwords
// that were made and not yet taken away. Where a user stands in both, the table is right: it is written first, so a run that was
// cut off between the two is mended by the next.

import { hashOf, isHashOf, newPassword } from './broker-passwords.ts';
import type { BrokerUser } from './broker-users.ts';

/** What became of a user. */
export type What = 'made' | 'renewed' | 'taken' | 'kept' | 'removed';

export interface BrokerPlan {
  readonly hashes: ReadonlyMap<string, string>;
  /** Passwords in clear that are still to be handed out. */
  readonly clear: ReadonlyMap<string, string>;
  readonly changes: readonly { readonly name: string; readonly what: What }[];
}

const HEADER = 'user,password,publishes,reads,about';

/** Passwords of a table of credentials, by user. */
export const clearIn = (csv: string): Map<string, string> =>
  new Map(
    csv
      .split('\n')
      .slice(1)
      .map((line) => line.split(','))
      .flatMap(([name, password]) => (name && password ? [[name, password] as const] : [])),
  );

/** The table of credentials; an empty text where there is none to hand out. */
export const csvOf = (users: readonly BrokerUser[], clear: ReadonlyMap<string, string>): string => {
  const rows = users.flatMap(({ name, about, read, write }) => {
    const password = clear.get(name);
    if (password === undefined) return [];
    return [[name, password, write.join(' '), read.join(' '), `"${about.replaceAll('"', '""')}"`].join(',')];
  });
  return rows.length === 0 ? '' : `${[HEADER, ...rows].join('\n')}\n`;
};

/** What the files hold now. */
export interface Before {
  readonly hashes: ReadonlyMap<string, string>;
  readonly clear: ReadonlyMap<string, string>;
}

/** One user's hash, and its password where it is to be handed out. */
const decide = (
  name: string,
  before: Before,
  { taken, renew }: { taken: ReadonlyMap<string, string>; renew: readonly string[] },
): { hash: string; password?: string; what: What } => {
  const hash = before.hashes.get(name);
  const set = taken.get(name);
  const given = set ?? (renew.includes(name) ? newPassword() : before.clear.get(name));
  if (given === undefined && hash !== undefined) return { hash, what: 'kept' };
  const password = given ?? newPassword();
  const same = hash !== undefined && isHashOf(hash, password);
  const what = same ? 'kept' : set !== undefined ? 'taken' : hash === undefined ? 'made' : 'renewed';
  return { hash: same ? hash : hashOf(password), what, ...(set === undefined ? { password } : {}) };
};

/**
 * What the files are to hold.
 * @param given passwords that others have set, and the users that get a new one
 */
export const planOf = (
  users: readonly BrokerUser[],
  before: Before,
  given: { taken: ReadonlyMap<string, string>; renew: readonly string[] },
): BrokerPlan => {
  const decided = users.map(({ name }) => ({ name, ...decide(name, before, given) }));
  const gone = [...before.hashes.keys()].filter((name) => !users.some((user) => user.name === name));
  return {
    hashes: new Map(decided.map(({ name, hash }) => [name, hash])),
    clear: new Map(
      decided.flatMap(({ name, password }) => (password === undefined ? [] : [[name, password] as const])),
    ),
    changes: [...decided, ...gone.map((name) => ({ name, what: 'removed' as const }))],
  };
};
