// Mosquitto's password file, made without Mosquitto: a line `name:$7$ROUNDS$SALT$HASH`, PBKDF2 with SHA-512, salt and hash in
// base64. The passwords are random and longer than any guess, so Mosquitto's own 101 rounds are enough; more would only be paid
// at each connection, in the one thread that Mosquitto has.

import { pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';

const ROUNDS = 101;
const SALT_BYTES = 12;
const HASH_BYTES = 64;

const derive = (password: string, salt: Buffer, rounds: number, bytes: number): Buffer =>
  pbkdf2Sync(password, salt, rounds, bytes, 'sha512');

/** What stands after the name. @param salt random when absent */
export const hashOf = (password: string, salt: Buffer = randomBytes(SALT_BYTES)): string =>
  `$7$${ROUNDS}$${salt.toString('base64')}$${derive(password, salt, ROUNDS, HASH_BYTES).toString('base64')}`;

/** Whether a hash is this password's. One of another form is not. */
export const isHashOf = (hash: string, password: string): boolean => {
  const [, rounds, salt, rest] = /^\$7\$(\d+)\$([^$]+)\$([^$]+)$/.exec(hash) ?? [];
  if (rest === undefined) return false;
  const wanted = Buffer.from(rest, 'base64');
  return timingSafeEqual(derive(password, Buffer.from(salt!, 'base64'), Number(rounds), wanted.length), wanted);
};

/** 144 random bits as 24 letters, digits, `-` and `_`: nothing that a shell, a URL or CSV would read otherwise. */
export const newPassword = (): string => randomBytes(18).toString('base64url');

/** Hashes by name. */
export const parsePasswords = (text: string): Map<string, string> =>
  new Map(
    text
      .split('\n')
      .filter((line) => line.includes(':'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  );

export const passwordsText = (hashes: ReadonlyMap<string, string>): string =>
  [...hashes].map(([name, hash]) => `${name}:${hash}\n`).join('');
