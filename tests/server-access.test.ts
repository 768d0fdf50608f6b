// Who may read: without a token by http.anonymous, with one by its role. An enterprise sees its own and what is for everyone, whatever it asks.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { settingsSchema } from '../src/config/schema.ts';
import { HOUR } from '../src/core/time.ts';
import type { Figure, Reading, Signal } from '../src/core/types.ts';
import type { ServerParts } from '../src/server/parts.ts';
import { buildServer } from '../src/server/server.ts';
import { createHistory } from '../src/signals/history.ts';
import { createLedger, entryOf } from '../src/signals/ledger.ts';
import type { Person } from '../src/signals/roles.ts';
import { createTokens } from '../src/signals/tokens.ts';
import { createEmbeddedStore } from '../src/store/embedded.ts';
import { figurePoint, readingPoint, signalPoint } from '../src/store/points.ts';
import type { Store } from '../src/store/port.ts';
import { SERIES } from '../src/store/series.ts';
import { NOW, partsOf, SIGNALS } from './support/parts.ts';
import { tempFolder } from './support/servers.ts';

type App = Awaited<ReturnType<typeof buildServer>>;

const LOOPBACK = '127.0.0.1';
const ELSEWHERE = '192.168.1.7';
const { catalog } = partsOf();
const OWN = 'brick-works-1';
const [OUTLET, OTHER, SAME_TRADE] = ['brick-works-1-kiln', 'huaan-coking-chimney', 'brick-works-2-kiln'];
const OUTLETS = [OUTLET, OTHER, SAME_TRADE];

const response = SIGNALS[0]!;
const about = (kind: string, subject: string): Signal => ({
  ...response,
  id: `140430/${kind}/${subject}/2016-07-19T18:00:00Z`,
  ...{ kind, subject, level: null, state: 'active', lacking: [`${subject} NOx`] },
  title: { zh: subject, en: subject },
  evidence: [{ station: subject, quantity: 'nox', value: 260, unit: 'mg/m³', from: response.since, to: response.at }],
});
const RECTIFICATION = about('dustfall-rectification', '2016-06');
const SIGNED: Signal = { ...response, state: 'active', version: 4, in_force: { level: 'II', since: response.at } };
const ALL = [
  SIGNED,
  RECTIFICATION,
  about('report-late', 'rainstorm'),
  about('water-section', 'duanliu'),
  ...OUTLETS.flatMap((outlet) => [about('emission', outlet), about('station-silent', outlet)]),
];

const readingOf = (station: string): Reading => ({
  feed: 'emission',
  station,
  time: NOW - HOUR,
  start: NOW - HOUR - 300_000,
  values: { nox: 260 },
});
const FIGURES: Figure[] = [
  ...OUTLETS.flatMap((station) =>
    ['emission_hour', 'emission_day', 'emission_compliance'].map((measurement) => ({
      ...{ measurement, station, start: NOW - 2 * HOUR, end: NOW - HOUR },
      fields: measurement === 'emission_compliance' ? { judged: true, exceeded: true } : { nox: 260, valid: true },
    })),
  ),
  { measurement: 'air_hour', station: 'guocun-air', start: NOW - 2 * HOUR, end: NOW - HOUR, fields: { pm25: 35 } },
];

const database = new DatabaseSync(':memory:');
const tokens = createTokens(database);
const tokenOf = (person: Person): string => tokens.make(person, NOW).token;
const TOKENS = {
  enterprise: tokenOf({ name: '砖厂', role: 'enterprise', unit: OWN }),
  unbound: tokenOf({ name: '无名企业', role: 'enterprise' }),
  viewer: tokenOf({ name: '值班', role: 'viewer' }),
};

let store: Store;
const apps: App[] = [];

const appOf = async (anonymous: string, over: Partial<ServerParts> = {}): Promise<App> => {
  const history = createHistory(new DatabaseSync(':memory:'));
  const ledger = createLedger(new DatabaseSync(':memory:'));
  for (const signal of [response, SIGNED]) history.put(signal);
  for (const signal of [SIGNED, RECTIFICATION])
    ledger.append(entryOf(signal, { step: 'sign', person: '李明', role: 'commander' }));
  const app = await buildServer(
    partsOf({
      settings: settingsSchema.parse({ http: { port: 0, anonymous } }),
      ...{ store, history, ledger, holder: tokens.holder, signals: () => ALL },
      verdicts: () => ALL.map((signal) => ({ ...signal, possible: null })),
      latest: (station) => FIGURES.filter((figure) => station === undefined || figure.station === station),
      readings: (station) => [{ feed: 'emission', reading: readingOf(station), age: HOUR }],
      ...over,
    }),
  );
  apps.push(app);
  return app;
};

beforeAll(async () => {
  store = createEmbeddedStore({ file: join(tempFolder(), 'series.db') });
  await store.init();
  const refused = await store.write([
    ...OUTLETS.map((outlet) => readingPoint(readingOf(outlet), undefined, catalog())!),
    ...FIGURES.map((figure) => figurePoint(figure, catalog())),
    ...ALL.map((signal) => signalPoint(signal, 4, NOW - HOUR)),
    ...OUTLETS.map((station) => ({
      measurement: 'station_status',
      tags: { county: '140430', station, feed: 'emission' },
      time: NOW - HOUR,
      fields: { online: true },
    })),
  ]);
  expect(refused).toEqual([]);
});
afterAll(async () => {
  for (const app of apps) await app.close();
  await store.close();
});

const ask = async (app: App, url: string, token?: string, remoteAddress = LOOPBACK, headers: object = {}) => {
  const given = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const { statusCode, body } = await app.inject({ url, remoteAddress, headers: { ...headers, ...given } });
  return { status: statusCode, text: body };
};
const json = async (app: App, url: string, token?: string) => JSON.parse((await ask(app, url, token)).text);

describe('without a token', () => {
  const PATHS = ['/', '/metrics', '/api/v1/signals', '/api/v1/ledger', '/api/v1/me', '/api/v1/openapi.json'];

  test.each([
    ['loopback', LOOPBACK, 200],
    ['loopback', '127.9.8.7', 200],
    ['loopback', '::1', 200],
    ['loopback', '::ffff:127.0.0.1', 200],
    ['loopback', ELSEWHERE, 401],
    ['loopback', '::ffff:192.168.1.7', 401],
    ['loopback', '1127.0.0.1', 401],
    ['loopback', 'fe80::1', 401],
    ['always', LOOPBACK, 200],
    ['always', ELSEWHERE, 200],
    ['never', LOOPBACK, 401],
    ['never', ELSEWHERE, 401],
  ])('http.anonymous %s, from %s: %i', async (anonymous, from, status) => {
    const app = await appOf(anonymous);
    for (const path of PATHS) {
      const answer = await ask(app, path, undefined, from);
      expect([path, answer.status]).toEqual([path, status]);
      if (status === 401) expect(JSON.parse(answer.text)).toMatchObject({ error: 'no-token' });
    }
    for (const path of ['/healthz', '/readyz', '/healthz?x']) {
      const { status: open } = await ask(app, path, undefined, from);
      expect([path, open]).toEqual([path, 200]);
    }
  });

  test('what a proxy hands on is not of this machine', async () => {
    const app = await appOf('loopback');
    for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via']) {
      expect((await ask(app, '/api/v1/signals', undefined, LOOPBACK, { [name]: 'for=10.0.0.9' })).status).toBe(401);
      expect((await ask(app, '/healthz', undefined, LOOPBACK, { [name]: 'for=10.0.0.9' })).status).toBe(200);
    }
  });

  test('a path that is like an open one is not open', async () => {
    const app = await appOf('never');
    for (const path of ['/healthz/../api/v1/signals', '/api/v1/signals?/healthz', '//healthz', '/HEALTHZ']) {
      const { status, text } = await ask(app, path, undefined, ELSEWHERE);
      expect(status, path).not.toBe(200);
      expect(text).not.toContain('rainstorm');
    }
  });
});

describe('with a token', () => {
  test.each(['loopback', 'always', 'never'])('http.anonymous %s: a good one reads from anywhere', async (anonymous) => {
    const app = await appOf(anonymous);
    for (const from of [LOOPBACK, ELSEWHERE])
      expect((await ask(app, '/api/v1/signals', TOKENS.viewer, from)).status).toBe(200);
  });

  test.each(['loopback', 'always', 'never'])(
    'http.anonymous %s: a bad one is refused, none needed or not',
    async (anonymous) => {
      const app = await appOf(anonymous);
      for (const path of ['/api/v1/signals', '/healthz', '/']) {
        const { status, text } = await ask(app, path, 'lantian_forged');
        expect([path, status]).toEqual([path, 401]);
        expect(JSON.parse(text)).toMatchObject({ error: 'bad-token' });
      }
    },
  );
});

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const idsOf = (subjects: readonly string[]): string[] =>
  ALL.filter(({ subject }) => subjects.includes(subject)).map(({ id }) => id);
const IDS = [...idsOf(OUTLETS), SIGNED.id, RECTIFICATION.id];

/** Values of a path's parameter, by what stands before it; an unknown one fails, so that a new route is thought of here. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  '/api/v1/stations/': [...OUTLETS, 'guocun-air'],
  '/api/v1/series/': Object.keys(SERIES),
  '/api/v1/signals/': IDS,
  '/api/v1/cases/': IDS,
  '/api/v1/cap/': IDS,
  '/api/v1/newis/': IDS,
  '/api/v1/bulletins/dustfall/': ['2016-06', '2016-07'],
  '/api/v1/bulletins/response/': IDS,
};
const SPAN = 'from=2016-01-01&to=2017-01-01';
const QUERIES: Readonly<Record<string, readonly string[]>> = {
  '/api/v1/series/': [SPAN, ...OUTLETS.map((outlet) => `station=${outlet}&${SPAN}`)],
  '/api/v1/figures/latest': ['', ...OUTLETS.map((outlet) => `station=${outlet}`)],
  '/api/v1/cases': ['', 'state=all'],
  '/api/v1/cap.atom': ['', 'status=all', 'status=draft'],
};

/** Every address of a path of the description. */
const addresses = (path: string): string[] => {
  const [before, name, after = ''] = path.split(/[{}]/) as [string, string?, string?];
  const values = name === undefined ? [''] : VALUES[before];
  if (values === undefined) throw new Error(`nothing is known of the parameter of ${path}`);
  const queries = QUERIES[before] ?? [''];
  return values.flatMap((value) => queries.map((query) => `${before}${value}${after}${query && `?${query}`}`));
};

const everyAddress = async (app: App): Promise<string[]> => {
  const { paths } = (await json(app, '/api/v1/openapi.json')) as OpenApi;
  return Object.keys(paths)
    .filter((path) => paths[path]!['get'] !== undefined)
    .flatMap(addresses);
};

/** Names of those who are not the asker: outlets and enterprises. */
const FOREIGN = [...catalog().stations.values()]
  .filter(({ enterprise }) => enterprise !== undefined && enterprise !== OWN)
  .flatMap(({ id, enterprise, name }) => [id, enterprise!, name.zh])
  .filter((text) => text !== catalog().stations.get(OUTLET)!.name.zh);

const foreignIn = (url: string, text: string): string[] =>
  FOREIGN.filter((name) => text.includes(name) && !decodeURIComponent(url).includes(name));

describe('an enterprise', () => {
  test('no route tells it of another one, and each answers as for what is not there', async () => {
    const app = await appOf('never');
    const urls = await everyAddress(await appOf('always'));
    expect(urls.length).toBeGreaterThan(150);
    for (const token of [TOKENS.enterprise, TOKENS.unbound])
      for (const url of urls) {
        const { status, text } = await ask(app, url, token);
        expect({ url, foreign: foreignIn(url, text) }).toEqual({ url, foreign: [] });
        const other = [OTHER, SAME_TRADE].find((outlet) => url.includes(outlet));
        if (other === undefined) continue;
        const none = await ask(app, url.replaceAll(other, 'no-such-outlet'), token);
        expect({ url, status, text }).toEqual({
          url,
          status: none.status,
          text: none.text.replaceAll('no-such-outlet', other),
        });
      }
  }, 60_000);

  test('a viewer is told of all of them by the same routes', async () => {
    const app = await appOf('never');
    const told = new Set<string>();
    for (const url of await everyAddress(await appOf('always'))) {
      const { text } = await ask(app, url, TOKENS.viewer);
      if (foreignIn(url, text).length > 0) told.add(url.split('?')[0]!);
    }
    for (const path of ['stations', 'townships', 'figures/latest', 'signals', 'thresholds', 'series/emission'])
      expect([...told]).toContain(`/api/v1/${path}`);
    for (const path of ['emission_hour', 'emission_compliance', 'station_status', 'signal'])
      expect([...told]).toContain(`/api/v1/series/${path}`);
  }, 60_000);

  test('sees its own stations, readings, figures, rows, signals and thresholds', async () => {
    const app = await appOf('never');
    const get = (path: string) => json(app, `/api/v1/${path}`, TOKENS.enterprise);
    const named = (rows: { id?: string; station?: string }[]) => rows.map(({ id, station }) => id ?? station);
    expect(named(await get('stations'))).toEqual([OUTLET]);
    expect((await get(`stations/${OUTLET}`)).readings).toMatchObject([{ values: { nox: 260 } }]);
    expect(named(await get('figures/latest'))).toEqual([OUTLET, OUTLET, OUTLET]);
    for (const measurement of ['emission', 'emission_hour', 'emission_compliance'])
      expect([measurement, named((await get(`series/${measurement}?${SPAN}`)).rows)]).toEqual([measurement, [OUTLET]]);
    const stations = ((await get('townships')) as { stations: string[] }[]).flatMap((township) => township.stations);
    expect(stations).toEqual([OUTLET]);
    const seen = [SIGNED, about('emission', OUTLET), about('station-silent', OUTLET)].map(({ id }) => id);
    expect(named(await get('signals'))).toEqual(seen);
    const thresholds = ((await get('thresholds')) as { signal: string }[]).map(({ signal }) => signal);
    expect(thresholds).toEqual(seen);
    expect(await get(`signals/${seen[1]}`)).toMatchObject({ subject: OUTLET });
  });

  test('sees the warnings that are for everyone, as signals and as messages', async () => {
    const app = await appOf('never');
    for (const path of [`signals/${SIGNED.id}`, `cap/${SIGNED.id}.xml`, `newis/${SIGNED.id}.xml`, 'cap.atom']) {
      const { status, text } = await ask(app, `/api/v1/${path}`, TOKENS.enterprise);
      expect([path, status]).toEqual([path, 200]);
      expect(text).toMatch(/暴雨|rainstorm/);
    }
    expect((await ask(app, `/api/v1/bulletins/response/${SIGNED.id}`, TOKENS.enterprise)).text).toContain('暴雨');
  });

  test('sees nothing of the ledger, nor of who decided, nor the metrics', async () => {
    const app = await appOf('never');
    for (const path of ['/api/v1/ledger', '/metrics', '/api/v1/ledger?limit=1']) {
      const { status, text } = await ask(app, path, TOKENS.enterprise);
      expect([path, status]).toEqual([path, 403]);
      expect(JSON.parse(text)).toMatchObject({ error: 'not-your-step' });
      expect((await ask(app, path, TOKENS.viewer)).status).toBe(200);
    }
    expect(await json(app, '/api/v1/ledger', TOKENS.viewer)).toHaveLength(2);
    expect((await json(app, `/api/v1/cases/${SIGNED.id}`, TOKENS.viewer)).entries).toHaveLength(1);
    for (const url of await everyAddress(await appOf('always')))
      expect((await ask(app, url, TOKENS.enterprise)).text).not.toContain('李明');
  }, 60_000);

  test('one whose token names no enterprise sees no station at all', async () => {
    const app = await appOf('never');
    expect(await json(app, '/api/v1/stations', TOKENS.unbound)).toEqual([]);
    expect(await json(app, '/api/v1/figures/latest', TOKENS.unbound)).toEqual([]);
    expect((await json(app, `/api/v1/series/emission?${SPAN}`, TOKENS.unbound)).rows).toEqual([]);
  });

  test('requests under way at the same time are not taken for one another', async () => {
    const app = await appOf('always');
    const asked = Array.from({ length: 60 }, (_, i) =>
      i % 3 === 0 ? undefined : i % 3 === 1 ? TOKENS.viewer : TOKENS.enterprise,
    );
    const url = `/api/v1/series/emission?${SPAN}`;
    const answers = await Promise.all(asked.map(async (token) => (await json(app, url, token)).rows.length));
    expect(answers).toEqual(asked.map((token) => (token === TOKENS.enterprise ? 1 : 3)));
  });
});
