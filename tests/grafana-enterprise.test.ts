import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FakeGrafana, startFakeGrafana } from './support/grafana-server.ts';
import { tempFolder } from './support/servers.ts';

const SCRIPT = join(import.meta.dirname, '../deploy/grafana-enterprise.ts');
const PASSWORD = 'administrator';
const STORE = 'http://influxdb.example:8086';

let grafana: FakeGrafana;
let folder: string;

beforeEach(async () => {
  grafana = await startFakeGrafana(PASSWORD);
  folder = tempFolder('grafana');
  mkdirSync(join(folder, 'data'));
  const settings = {
    data: { folder: join(folder, 'data') },
    influx: { url: STORE, version: 2, org: 'county', enterprises: true },
  };
  writeFileSync(join(folder, 'lantian.yaml'), JSON.stringify(settings));
  keep({
    'influxdb.example:8086/lantian_huaan-coking': {
      url: STORE,
      database: 'lantian_huaan-coking',
      token: 'reads-huaan',
    },
    'influxdb.example:8086/lantian_brick-works-1': {
      url: STORE,
      database: 'lantian_brick-works-1',
      token: 'reads-bricks',
    },
    'influxdb.example:8086/lantian': { url: STORE, database: 'lantian', token: 'reads-all' },
  });
});
afterEach(() => grafana.close());

const keep = (credentials: object): void =>
  writeFileSync(join(folder, 'data', 'store-credentials.json'), JSON.stringify(credentials), { mode: 0o600 });

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const run = (args: readonly string[], env: Record<string, string> = {}): Promise<Ran> =>
  new Promise((resolve) => {
    const all = ['--disable-warning=ExperimentalWarning', SCRIPT, ...args, '--config', join(folder, 'lantian.yaml')];
    const given = { PATH: process.env['PATH'] ?? '', GRAFANA_URL: grafana.url, GRAFANA_PASSWORD: PASSWORD, ...env };
    const child = execFile(process.execPath, all, { env: given }, (_, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });

const place = (name: string) => [...grafana.organisations].find(([, one]) => one.name === name)!;
const viewers = (): string[] => [...grafana.users.values()].map(({ login }) => login);

test('an organisation, a data source that reads the own store alone, folder, dashboard and viewer', async () => {
  const { code, out, err } = await run(['huaan-coking']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out.match(/新建 made/g)).toHaveLength(5);
  const [number, own] = place('Lantian huaan-coking');
  expect([...own.dataSources.values()]).toEqual([
    expect.objectContaining({
      uid: 'lantian',
      type: 'influxdb',
      url: STORE,
      jsonData: { dbName: 'lantian_huaan-coking', httpMode: 'POST', httpHeaderName1: 'Authorization' },
      secureJsonData: { httpHeaderValue1: 'Token reads-huaan' },
    }),
  ]);
  expect([...own.folders.values()]).toEqual([expect.objectContaining({ title: '山西襄矿集团沁县华安焦化有限公司' })]);
  expect([...own.dashboards.keys()]).toEqual(['lantian-enterprise-zh']);
  expect(own.preferences).toEqual({ homeDashboardUID: 'lantian-enterprise-zh' });
  const [user, { login, password }] = [...grafana.users].at(-1)!;
  expect(login).toBe('lantian-huaan-coking');
  const file = join(folder, 'data', 'grafana-credentials.json');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ [login]: { login, password } });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(out).not.toContain(password);
  const roles = [...grafana.organisations].flatMap(([id, { roles }]) =>
    roles.has(user) ? [[id, roles.get(user)]] : [],
  );
  expect(roles, 'a viewer there, and nowhere else').toEqual([[number, 'Viewer']]);
});

test('again: nothing is made twice; what was changed by hand is set right', async () => {
  await run(['huaan-coking']);
  const [number, own] = place('Lantian huaan-coking');
  const user = [...grafana.users.keys()].at(-1)!;
  own.roles.set(user, 'Admin');
  grafana.organisations.get(1)!.roles.set(user, 'Viewer');
  own.dataSources.set('lantian', { uid: 'lantian', jsonData: { dbName: 'lantian' } });
  const { code, out } = await run(['huaan-coking']);
  expect([code, out.match(/新建 made/g)]).toEqual([0, null]);
  expect([grafana.organisations.size, grafana.users.size]).toEqual([2, 2]);
  expect(own.roles.get(user)).toBe('Viewer');
  expect(grafana.organisations.get(1)!.roles.has(user), 'not in the bureau’s organisation').toBe(false);
  expect(own.dataSources.get('lantian')).toMatchObject({ jsonData: { dbName: 'lantian_huaan-coking' } });
  expect(place('Lantian huaan-coking')[0]).toBe(number);
});

test('two enterprises know nothing of each other', async () => {
  await run(['huaan-coking']);
  await run(['brick-works-1']);
  expect(viewers()).toEqual(['admin', 'lantian-huaan-coking', 'lantian-brick-works-1']);
  const tokens = ['huaan-coking', 'brick-works-1'].map((id) =>
    JSON.stringify([...place(`Lantian ${id}`)[1].dataSources]),
  );
  expect(tokens[0]).not.toContain('bricks');
  expect(tokens[1]).not.toContain('huaan');
  expect(grafana.organisations.get(1)!.dataSources.size).toBe(0);
});

test('a viewer whose password is not kept any more gets the one that is kept now', async () => {
  await run(['huaan-coking']);
  const file = join(folder, 'data', 'grafana-credentials.json');
  const before = [...grafana.users.values()].at(-1)!.password;
  writeFileSync(file, '{}');
  expect((await run(['huaan-coking'])).code).toBe(0);
  const { password } = [...grafana.users.values()].at(-1)!;
  expect(password).not.toBe(before);
  expect(readFileSync(file, 'utf8')).toContain(password);
});

test('a run that ended before Grafana had the new password is made good by the next', async () => {
  await run(['huaan-coking']);
  const file = join(folder, 'data', 'grafana-credentials.json');
  writeFileSync(file, '{}');
  expect((await run(['huaan-coking'], { GRAFANA_URL: 'http://127.0.0.1:9' })).code).toBe(1);
  expect((await run(['huaan-coking'])).code).toBe(0);
  const { login, password } = [...grafana.users.values()].at(-1)!;
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ [login]: { login, password } });
});

test('InfluxDB 1.x: by name and password; the store’s address as Grafana reaches it', async () => {
  const settings = { data: { folder: join(folder, 'data') }, influx: { url: STORE, enterprises: true } };
  writeFileSync(join(folder, 'lantian.yaml'), JSON.stringify(settings));
  const database = 'lantian_brick-works-2';
  keep({
    [`influxdb.example:8086/${database}`]: { url: STORE, database, username: `${database}_read`, password: 'p' },
  });
  const { code } = await run(['brick-works-2', '--language', 'en'], { GRAFANA_STORE_URL: 'http://influxdb:8086' });
  expect(code).toBe(0);
  const [, own] = place('Lantian brick-works-2');
  expect(own.dataSources.get('lantian')).toMatchObject({
    url: 'http://influxdb:8086',
    user: 'lantian_brick-works-2_read',
    secureJsonData: { password: 'p' },
    jsonData: { dbName: database },
  });
  expect([...own.dashboards.keys()]).toEqual(['lantian-enterprise-en']);
});

test('what is wrong is said, with what to do, before anything is changed', async () => {
  const cases: [string[], Record<string, string>, number, RegExp][] = [
    [['--help'], {}, 0, /^$/],
    [[], {}, 2, /missing required argument[\s\S]*see --help/],
    [['no-such'], {}, 2, /usage: .*huaan-coking/],
    [['brick-works-2'], {}, 2, /config-invalid: .*store init/],
    [['huaan-coking'], { GRAFANA_PASSWORD: '' }, 2, /config-invalid: .*GRAFANA_PASSWORD/],
    [['huaan-coking'], { GRAFANA_PASSWORD: 'wrong' }, 1, /grafana-refused: .*401.*GRAFANA_USER/],
    [['huaan-coking'], { GRAFANA_URL: 'http://127.0.0.1:9' }, 1, /grafana-unreachable: .*GRAFANA_URL/],
  ];
  const ran = await Promise.all(cases.map(([args, env]) => run(args, env)));
  for (const [index, [args, , code, words]] of cases.entries()) {
    expect(ran[index]!.code, args.join(' ')).toBe(code);
    expect(ran[index]!.err).toMatch(words);
  }
  expect(ran[0]!.out).toContain('GRAFANA_PASSWORD');
  expect(grafana.changes).toEqual([]);
});
