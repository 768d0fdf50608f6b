import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCatalog } from '../config/catalog.ts';
import { didYouMean } from '../config/nearest.ts';
import type { Settings } from '../config/schema.ts';
import { LantianError, reasonOf } from '../core/errors.ts';
import { writeSecretFile } from '../core/secret-file.ts';
import { parsePasswords, passwordsText } from '../intake/broker-passwords.ts';
import { type BrokerPlan, clearIn, csvOf, planOf, type What } from '../intake/broker-plan.ts';
import { aclText, type BrokerUser, brokerUsers } from '../intake/broker-users.ts';
import { holdFolder } from '../intake/folder.ts';
import { settingsOf } from './desk.ts';

export interface PasswordsWish {
  readonly config?: string;
  readonly out?: string;
  readonly renew: readonly string[];
  /** `USER=VARIABLE`: a password that stands in the environment. */
  readonly take: readonly string[];
}

export const FILES = { passwords: 'passwords', acl: 'acl', credentials: 'broker-credentials.csv' } as const;

const WORDS: Readonly<Record<What, string>> = {
  made: '新增 made',
  renewed: '更换 renewed',
  taken: '取自环境 taken from the environment',
  kept: '保留 kept',
  removed: '移除 removed',
};

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
    if (name === '' || variable === '')
      throw new LantianError('usage', `--take ${text}: 须为 用户=环境变量 is not USER=VARIABLE`);
    const password = process.env[variable];
    if (!password) throw new LantianError('usage', `--take ${text}: 环境变量为空 ${variable} is empty`);
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

const write = (folder: string, users: readonly BrokerUser[], { hashes, clear }: BrokerPlan): void => {
  const [csv, credentials] = [csvOf(users, clear), join(folder, FILES.credentials)];
  if (csv !== textOf(credentials)) writeSecretFile(credentials, csv);
  writeSecretFile(join(folder, FILES.passwords), passwordsText(hashes));
  writeSecretFile(join(folder, FILES.acl), aclText(users));
};

const tell = (folder: string, { changes, clear }: BrokerPlan): void => {
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

/**
 * `lantian broker passwords`: users and rights of the catalog as files for Mosquitto.
 * @throws LantianError usage, config-invalid, catalog-invalid, file-unreadable, data-unwritable, data-in-use
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
  // Two runs at once would each make passwords, and the table could say one and the hashes the other.
  const release = holdFolder(folder);
  try {
    const before = {
      hashes: parsePasswords(textOf(join(folder, FILES.passwords))),
      clear: clearIn(textOf(join(folder, FILES.credentials))),
    };
    const plan = planOf(users, before, { taken, renew });
    write(folder, users, plan);
    tell(folder, plan);
  } finally {
    release();
  }
  return 0;
};
