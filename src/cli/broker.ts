import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCatalog } from '../config/catalog.ts';
import { didYouMean } from '../config/nearest.ts';
import type { Settings } from '../config/schema.ts';
import { LantianError, reasonOf } from '../core/errors.ts';
import { makeFolder } from '../core/folder.ts';
import { writeSecretFile } from '../core/secret-file.ts';
import { hashOf, isHashOf, newPassword, parsePasswords, passwordsText } from '../intake/broker-passwords.ts';
import { aclText, type BrokerUser, brokerUsers } from '../intake/broker-users.ts';
import { settingsOf } from './desk.ts';

// Users of a broker of one's own. The password file says who is there; the table of credentials holds, in clear, the passwords
// that were made and not yet taken away. Where a user stands in both, the table is right: it is written first, so a run that was
// cut off between the two is mended by the next.

export interface PasswordsWish {
  readonly config?: string;
  readonly out?: string;
  readonly renew: readonly string[];
  /** `USER=VARIABLE`: a password that stands in the environment. */
  readonly take: readonly string[];
}

export const FILES = { passwords: 'passwords', acl: 'acl', credentials: 'broker-credentials.csv' } as const;

type What = 'made' | 'renewed' | 'taken' | 'kept' | 'removed';

const WORDS: Readonly<Record<What, string>> = {
  made: '新增 made',
  renewed: '更换 renewed',
  taken: '取自环境 taken from the environment',
  kept: '保留 kept',
  removed: '移除 removed',
};

interface Plan {
  readonly hashes: ReadonlyMap<string, string>;
  /** Passwords in clear that are still to be handed out. */
  readonly clear: ReadonlyMap<string, string>;
  readonly changes: readonly { readonly name: string; readonly what: What }[];
}

/** @throws LantianError file-unreadable */
const textOf = (path: string): string => {
  try {
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  } catch (thrown) {
    throw new LantianError('file-unreadable', `${path}: ${reasonOf(thrown)}`, { cause: thrown });
  }
};

/** Passwords that others have set: our own stands in the settings. @throws LantianError usage */
const takenFrom = ({ mqtt }: Settings, take: readonly string[]): Map<string, string> => {
  const own = mqtt.username === 'lantian' && mqtt.password ? [['lantian', mqtt.password] as const] : [];
  const given = take.map((text) => {
    const [name = '', variable = ''] = text.split('=');
    const password = process.env[variable];
    if (!password) throw new LantianError('usage', `--take ${text}: 环境变量为空 ${variable || 'VARIABLE'} is empty`);
    return [name, password] as const;
  });
  return new Map([...own, ...given]);
};

/** @throws LantianError usage */
const checkNames = (option: string, names: readonly string[], users: readonly BrokerUser[]): void => {
  const known = users.map(({ name }) => name);
  const wrong = names.find((name) => !known.includes(name));
  if (wrong !== undefined)
    throw new LantianError('usage', `${option}: 没有用户 no user "${wrong}"${didYouMean(wrong, known)}`);
};

const HEADER = 'user,password,publishes,reads,about';

const clearIn = (csv: string): Map<string, string> =>
  new Map(
    csv
      .split('\n')
      .slice(1)
      .map((line) => line.split(','))
      .flatMap(([name, password]) => (name && password ? [[name, password] as const] : [])),
  );

const csvOf = (users: readonly BrokerUser[], clear: ReadonlyMap<string, string>): string => {
  const rows = users.flatMap(({ name, about, read, write }) => {
    const password = clear.get(name);
    if (password === undefined) return [];
    return [[name, password, write.join(' '), read.join(' '), `"${about.replaceAll('"', '""')}"`].join(',')];
  });
  return rows.length === 0 ? '' : `${[HEADER, ...rows].join('\n')}\n`;
};

interface Before {
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

const planOf = (
  users: readonly BrokerUser[],
  before: Before,
  given: { taken: ReadonlyMap<string, string>; renew: readonly string[] },
): Plan => {
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

const write = (folder: string, users: readonly BrokerUser[], { hashes, clear }: Plan): void => {
  const [csv, credentials] = [csvOf(users, clear), join(folder, FILES.credentials)];
  if (csv !== textOf(credentials)) writeSecretFile(credentials, csv);
  writeSecretFile(join(folder, FILES.passwords), passwordsText(hashes));
  writeSecretFile(join(folder, FILES.acl), aclText(users));
};

const tell = (folder: string, { changes, clear }: Plan): void => {
  for (const { name, what } of changes) if (what !== 'kept') process.stdout.write(`${name}\t${what}\n`);
  const counts = (Object.keys(WORDS) as What[])
    .map((what) => [WORDS[what], changes.filter((change) => change.what === what).length] as const)
    .filter(([, many]) => many > 0)
    .map(([word, many]) => `${word} ${many}`);
  process.stderr.write(`lantian: ${folder}: ${counts.join('，')}\n`);
  if (clear.size > 0)
    process.stderr.write(
      `lantian: ${FILES.credentials} 有 ${clear.size} 个明文密码，分发后请删除 holds ${clear.size} passwords in clear: hand them out, then delete it\n`,
    );
  if (changes.some(({ what }) => what !== 'kept'))
    process.stderr.write('lantian: Mosquitto 收到 SIGHUP 后生效 takes effect when Mosquitto gets SIGHUP\n');
};

const makeOut = (folder: string): void => {
  try {
    makeFolder(folder);
  } catch (thrown) {
    throw new LantianError('data-unwritable', `建不了 cannot make ${folder}: ${reasonOf(thrown)}`, { cause: thrown });
  }
};

/**
 * `lantian broker passwords`: users and rights of the catalog as files for Mosquitto.
 * @throws LantianError usage, config-invalid, catalog-invalid, file-unreadable, data-unwritable
 */
export const passwords = ({ config, out, renew, take }: PasswordsWish): number => {
  const settings = settingsOf(config);
  const users = brokerUsers(loadCatalog(settings.catalog, settings.county), settings.broker);
  const folder = out ?? join(settings.data.folder, 'broker');
  const taken = takenFrom(settings, take);
  checkNames('--renew', renew, users);
  checkNames('--take', [...taken.keys()], users);
  const theirs = renew.find((name) => taken.has(name));
  if (theirs !== undefined)
    throw new LantianError(
      'usage',
      `--renew ${theirs}: 密码取自环境或设置，请在那里更换 its password comes from the environment or settings: change it there`,
    );
  const before: Before = {
    hashes: parsePasswords(textOf(join(folder, FILES.passwords))),
    clear: clearIn(textOf(join(folder, FILES.credentials))),
  };
  const plan = planOf(users, before, { taken, renew });
  makeOut(folder);
  write(folder, users, plan);
  tell(folder, plan);
  return 0;
};
