import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { lantian, linesOf, type Said } from './support/command.ts';
import { type Server, startInflux, tempFolder } from './support/servers.ts';

// `lantian store init` against a real InfluxDB 1.6 with authentication, and without.

const AUTH = '[http]\nauth-enabled = true';
const ADMIN = { username: 'root', password: 'ro"ot\'s' };
const OWN = { username: 'lantian', password: 'own-word' };

interface User {
  readonly username: string;
  readonly password: string;
}
type Kept = Record<string, User & { readonly database: string }>;

/** Ask or write as a user; the status and the text. */
const call = async (server: Server, path: string, user: User | undefined, body?: string) => {
  const headers = user
    ? { authorization: `Basic ${Buffer.from(`${user.username}:${user.password}`).toString('base64')}` }
    : {};
  const answer = await fetch(server.url + path, { headers, ...(body === undefined ? {} : { method: 'POST', body }) });
  return { status: answer.status, text: await answer.text() };
};
const ask = (server: Server, q: string, user?: User, database = '') =>
  call(server, `/query?${new URLSearchParams({ db: database, q })}`, user, '');

/** Settings in a folder of their own; what is changed later is written over. */
const settingsIn = (folder: string, influx: object, store: object = {}): string => {
  const file = join(folder, 'lantian.yaml');
  writeFileSync(file, JSON.stringify({ data: { folder: join(folder, 'data') }, influx, store }));
  return file;
};

/** Outcomes by thing. */
const outcomes = ({ stdout }: Said): Record<string, string> =>
  Object.fromEntries(
    linesOf(stdout).map((line) => {
      const [store, thing, outcome] = line.split('\t');
      return [`${store} ${thing}`, outcome!];
    }),
  );

describe('InfluxDB 1.6 with authentication', () => {
  let server: Server;
  let folder: string;
  let influx: Record<string, unknown>;
  let host: string;
  const init = (store: object = {}, ...more: string[]) =>
    lantian('store', 'init', '-c', settingsIn(folder, influx, store), ...more);
  const kept = (): Kept => JSON.parse(readFileSync(join(folder, 'data/store-credentials.json'), 'utf8')) as Kept;
  const reader = (name = `${host}/lantian`): User => kept()[name]!;

  beforeAll(async () => {
    server = await startInflux({ config: AUTH });
    folder = tempFolder('store-init');
    host = new URL(server.url).host;
    influx = {
      url: server.url,
      ...OWN,
      admin_username: ADMIN.username,
      admin_password: ADMIN.password,
      enterprises: true,
    };
  });

  test('without an administrator it says what to set, and leaves all as it is', async () => {
    const { admin_username: _, admin_password: __, ...poor } = influx;
    const said = await lantian('store', 'init', '-c', settingsIn(folder, poor));
    expect(said.code).toBe(1);
    expect(said.stderr).toMatch(/store-refused: .*create admin user first.*influx\.admin_username/);
  });

  test('the first run makes all, the second finds it there; no password is printed', async () => {
    const first = await init();
    expect(first.stderr).not.toContain('store-refused');
    expect(first.code).toBe(0);
    const made = outcomes(first);
    expect(made[`${host}/lantian 管理员 administrator root`]).toBe('新建 made');
    for (const thing of [
      '数据库 database lantian',
      '自用用户 own user lantian',
      '只读用户 read-only user lantian_read',
    ])
      expect(made[`${host}/lantian ${thing}`]).toBe('新建 made');
    expect(made[`${host}/lantian_brick-works-1 数据库 database lantian_brick-works-1`]).toBe('新建 made');
    const before = kept();
    expect(Object.keys(before)).toHaveLength(4);
    expect(statSync(join(folder, 'data/store-credentials.json')).mode & 0o777).toBe(0o600);

    const second = await init();
    expect(second.code).toBe(0);
    expect(new Set(Object.values(outcomes(second)))).toEqual(new Set(['已有 there']));
    expect(kept()).toEqual(before);
    for (const { password } of [...Object.values(before), ADMIN, OWN])
      for (const said of [first, second]) expect(said.stdout + said.stderr).not.toContain(password);
  });

  test('an administrator whose password is wrong is told so, not to set one', async () => {
    const said = await lantian('store', 'init', '-c', settingsIn(folder, { ...influx, admin_password: 'other' }));
    expect(said.code).toBe(1);
    expect(said.stderr).toMatch(/store-refused: .*authorization failed.*admin_password is not right/);
    expect(said.stderr).not.toMatch(/set influx\.admin_username/);
  });

  test('lantian writes and reads, the read-only user reads, nobody else does either', async () => {
    const line = 'air,station=a pm25=1';
    expect(await call(server, '/write?db=lantian', OWN, line)).toMatchObject({ status: 204 });
    expect(await call(server, '/write?db=lantian', reader(), line)).toMatchObject({ status: 403 });
    expect((await ask(server, 'SELECT * FROM air', reader(), 'lantian')).text).toContain('pm25');
    expect(await ask(server, 'DROP SERIES FROM air', reader(), 'lantian')).toMatchObject({ status: 403 });
    expect(await ask(server, 'SELECT * FROM air', undefined, 'lantian')).toMatchObject({ status: 401 });
  });

  test('an enterprise’s user sees nothing of another, however it asks', async () => {
    const [own, other] = ['lantian_brick-works-1', 'lantian_huaan-coking'];
    const user = reader(`${host}/${own}`);
    for (const database of [own, other, 'lantian'])
      await call(server, `/write?db=${database}`, OWN, `emission,enterprise=${database} pm=1`);
    expect((await ask(server, 'SELECT * FROM emission', user, own)).text).toContain(own);
    for (const query of [
      `SELECT * FROM "${other}".."emission"`,
      'SELECT * FROM "lantian".."emission"',
      `SHOW SERIES ON "${other}"`,
      'SHOW USERS',
      'SHOW SHARDS',
    ]) {
      const { text } = await ask(server, query, user, own);
      expect(text, query).toMatch(/error/);
      expect(text, query).not.toMatch(/huaan-coking"[,\]]|enterprise=/);
    }
    expect((await ask(server, 'SHOW DATABASES', user)).text).not.toMatch(/huaan|"lantian"/);
  });

  test('a right too many is taken back, a password that was changed is made anew, a user that is gone comes again', async () => {
    const username = 'lantian_brick-works-1_read';
    const name = `${host}/lantian_brick-works-1`;
    const before = reader(name);
    await ask(server, `GRANT ALL ON "lantian" TO "${username}"`, ADMIN);
    await ask(server, 'SET PASSWORD FOR "lantian_read" = \'other\'', ADMIN);
    await ask(server, 'DROP USER "lantian_brick-works-2_read"', ADMIN);
    const said = await init();
    expect(said.code).toBe(0);
    const made = outcomes(said);
    expect(made[`${name} 只读用户 read-only user ${username}`]).toBe('更改 changed');
    expect(made[`${host}/lantian 只读用户 read-only user lantian_read`]).toBe('更改 changed');
    const again = `${host}/lantian_brick-works-2`;
    expect(made[`${again} 只读用户 read-only user lantian_brick-works-2_read`]).toBe('新建 made');
    expect(reader(name)).toEqual(before);
    expect((await ask(server, 'SELECT * FROM air', before, 'lantian')).text).toMatch(/not authorized/);
    for (const user of [reader(), reader(again)])
      expect(await ask(server, 'SHOW DATABASES', user)).toMatchObject({ status: 200 });
  });

  test('a longer retention is set; a shorter one waits for --shorten', async () => {
    const policy = async () => (await ask(server, 'SHOW RETENTION POLICIES ON lantian', ADMIN)).text;
    expect(await policy()).toContain('["lantian","87672h0m0s","672h0m0s",1,true]');
    expect((await init({ keep: 'P4000D' })).code).toBe(0);
    expect(await policy()).toContain('["lantian","96000h0m0s"');
    const said = await init({ keep: 'P400D' });
    expect(said.code).toBe(1);
    expect(said.stdout).toMatch(/未动 left.*96000 h.*--shorten/);
    expect(await policy()).toContain('["lantian","96000h0m0s"');
    const shortened = await init({ keep: 'P400D' }, '--shorten');
    expect(shortened.code).toBe(0);
    expect(await policy()).toContain('["lantian","9600h0m0s","168h0m0s",1,true]');
    // Nor where another policy, without rows, was made the default.
    await ask(server, 'CREATE RETENTION POLICY other ON lantian DURATION 0s REPLICATION 1 DEFAULT', ADMIN);
    const left = await init({ keep: 'P300D' });
    expect(left.code).toBe(1);
    expect(left.stdout).toMatch(/默认保留策略 default retention policy lantian\t更改 changed/);
    expect(await policy()).toContain('["lantian","9600h0m0s","168h0m0s",1,true]');
    expect((await init({ keep: 'P400D' })).code).toBe(0);
  });

  test('a wrong own password is left for a person', async () => {
    const right = influx;
    influx = { ...right, password: 'wrong', enterprises: false };
    const said = await init({ keep: 'P400D' });
    influx = right;
    expect(said.code).toBe(1);
    expect(outcomes(said)[`${host}/lantian 自用用户 own user lantian`]).toBe('未动 left');
    expect(await call(server, '/write?db=lantian', OWN, 'air,station=a pm25=2')).toMatchObject({ status: 204 });
  });
});

describe('InfluxDB 1.6 without authentication', () => {
  test('no users are made, which is said; rows in a policy that was there stay in sight', async () => {
    const server = await startInflux();
    const folder = tempFolder('store-init');
    await ask(server, 'CREATE DATABASE lantian');
    await ask(server, 'CREATE DATABASE empty');
    await call(server, '/write?db=lantian', undefined, 'air,station=a pm25=1');
    const config = settingsIn(folder, { url: server.url, targets: [{ url: server.url, database: 'empty' }] });
    const said = await lantian('store', 'init', '-c', config);
    expect(said.code).toBe(1);
    expect(said.stdout).toMatch(/保留策略 retention policy autogen 87672 h\t未动 left\t.*for ever.*--shorten/);
    expect(said.stdout).toMatch(/retention policy lantian 87672 h\t新建 made/);
    expect(said.stdout).toMatch(/用户 users\t无 none\t.*no authentication/);
    expect((await lantian('store', 'init', '-c', config, '--shorten')).code).toBe(0);
    expect((await ask(server, 'SELECT * FROM air', undefined, 'lantian')).text).toContain('pm25');
  });

  test('a server that does not answer is told; the embedded store is made all the same', async () => {
    const folder = tempFolder('store-init');
    const said = await lantian('store', 'init', '-c', settingsIn(folder, { url: 'http://127.0.0.1:9' }));
    expect(said.code).toBe(1);
    expect(said.stdout).toMatch(/^embedded\t文件 file .*series\.db\t新建 made/);
    expect(said.stderr).toMatch(/store-unreachable: 127\.0\.0\.1:9/);
  });
});

test('--help says what there is, in both languages', async () => {
  const said = await Promise.all(
    [['store'], ['store', 'init'], ['store', 'copy']].map((path) => lantian(...path, '--help')),
  );
  for (const [i, words] of [/init .*copy /s, /--shorten/, /--measurement.*kill -9/s].entries()) {
    expect(said[i]).toMatchObject({ code: 0, stderr: '' });
    expect(said[i]!.stdout).toMatch(words);
    expect(said[i]!.stdout).toMatch(/\p{Script=Han}/u);
  }
});
