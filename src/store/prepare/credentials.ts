// Credentials that we made for others (dashboards, enterprises), in one file that only its owner may read. A credential is on disk
// before the server hears of it, where it is ours to choose: a crash in between leaves one that the next run hands over.
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { LantianError, reasonOf } from '../../core/errors.ts';
import { makeFolder } from '../../core/folder.ts';
import { writeSecretFile } from '../../core/secret-file.ts';

/** For 1.x a name and a password, for 2.x a token and the number it has on the server. Reading only. */
export type Credential = Readonly<Record<string, string>>;

export interface Credentials {
  /** Whether any was put. */
  readonly changed: boolean;
  get(store: string): Credential | undefined;
  /** @throws LantianError data-unwritable */
  put(store: string, credential: Credential): void;
}

const OWNER_ONLY = 0o600;

export const newPassword = (): string => randomBytes(24).toString('base64url');

const read = (file: string): Record<string, Credential> => {
  if (!existsSync(file)) return {};
  try {
    if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, OWNER_ONLY);
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, Credential>;
  } catch (thrown) {
    const words = `${file}: ${reasonOf(thrown)}; 改正或移走后再运行 mend it or move it away, and run again`;
    throw new LantianError('file-unreadable', words, { cause: thrown });
  }
};

const write = (file: string, all: Record<string, Credential>): void => {
  try {
    makeFolder(dirname(file));
  } catch (thrown) {
    throw new LantianError('data-unwritable', `cannot write ${file}: ${reasonOf(thrown)}`, { cause: thrown });
  }
  writeSecretFile(file, `${JSON.stringify(all, undefined, 2)}\n`);
};

/**
 * The credentials of a file; it need not be there.
 * @throws LantianError file-unreadable
 */
export const openCredentials = (file: string): Credentials => {
  let all = read(file);
  let changed = false;
  return {
    get changed() {
      return changed;
    },
    get: (store) => all[store],
    put: (store, credential) => {
      // Read again: what another run has put meanwhile stays.
      all = { ...read(file), [store]: credential };
      changed = true;
      write(file, all);
    },
  };
};
