import { createServer as createPlainServer } from 'node:net';
import { join } from 'node:path';
import { fastify } from 'fastify';
import { afterEach, describe, expect, test } from 'vitest';
import { settingsSchema } from '../src/config/schema.ts';
import { LantianError } from '../src/core/errors.ts';
import type { ServerParts } from '../src/server/parts.ts';
import { createServer } from '../src/server/server.ts';
import { createEmbeddedStore } from '../src/store/embedded.ts';
import { HEALTHY, partsOf, point, SIGNALS } from './support/parts.ts';
import { tempFolder } from './support/servers.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const start = async (over: Partial<ServerParts> = {}): Promise<string> => {
  const app = await createServer(partsOf(over));
  closing.push(() => app.close());
  return app.listeningOrigin;
};

const get = async (url: string, init?: RequestInit) => {
  const answer = await fetch(url, init);
  const type = answer.headers.get('content-type') ?? '';
  const text = await answer.text();
  return { status: answer.status, type, text, body: type.includes('json') ? JSON.parse(text) : undefined };
};

const embedded = async () => {
  const store = createEmbeddedStore({ file: join(tempFolder(), 'series.db') });
  await store.init();
  closing.push(() => store.close());
  return store;
};

describe('health', () => {
  test('alive', async () => {
    const { status, body } = await get(`${await start()}/healthz`);
    expect({ status, body }).toEqual({ status: 200, body: { status: 'alive' } });
  });

  test('ready, and a store that is down does not change it', async () => {
    const stores = [{ name: 'influx', connected: false, depth: 42, lastError: 'connect ECONNREFUSED' }];
    const { status, body } = await get(`${await start({ health: () => ({ ...HEALTHY, stores }) })}/readyz`);
    expect(status).toBe(200);
    expect(body.ready).toBe(true);
    const store = body.parts.find((part: { part: string }) => part.part === 'store influx');
    expect(store).toMatchObject({ ok: false, needed: false, why: 'not reached, 42 points wait: connect ECONNREFUSED' });
  });

  test.each(['journal', 'broker'] as const)('503 with the reason where the %s fails', async (part) => {
    const { status, body } = await get(`${await start({ health: () => ({ ...HEALTHY, [part]: false }) })}/readyz`);
    expect(status).toBe(503);
    const bad = body.parts.filter((one: { ok: boolean }) => !one.ok);
    expect(bad.map((one: { part: string }) => one.part)).toEqual([part]);
    expect(bad[0].why.length).toBeGreaterThan(5);
    expect(bad[0].why_zh).toMatch(/[\u4e00-\u9fff]/);
  });

  test('no password is shown', async () => {
    const base = await start();
    for (const path of ['/readyz', '/metrics']) {
      const { text } = await get(`${base}${path}`);
      expect(text).toContain('mqtt://broker:1883');
      expect(text).not.toContain('secret');
    }
  });
});

describe('catalog', () => {
  test('stations are an array with everything the contract names', async () => {
    const { body } = await get(`${await start()}/api/v1/stations`);
    expect(Array.isArray(body)).toBe(true);
    expect(body).toHaveLength(partsOf().catalog().stations.size);
    const heard = body.find((one: { id: string }) => one.id === 'dingchang-air');
    expect(heard).toMatchObject({
      name: { zh: '定昌镇空气站', en: 'Dingchang air station' },
      feeds: ['air'],
      township: 'dingchang',
      online: true,
      last_seen: '2016-07-20T07:55:00+08:00',
    });
  });

  test('online is what station-silent says; unknown before anything was heard', async () => {
    const { body } = await get(`${await start()}/api/v1/stations`);
    const online = Object.fromEntries(body.map((one: { id: string; online: boolean }) => [one.id, one.online]));
    expect(online).toMatchObject({ 'dingchang-air': true, 'guocun-air': false, 'xindian-air': null });
  });

  test('one station with its latest readings', async () => {
    const { body } = await get(`${await start()}/api/v1/stations/dingchang-air`);
    expect(body.schedules).toEqual([{ feed: 'air', period_s: 3600, interval_s: expect.any(Number) }]);
    expect(body.readings).toEqual([
      {
        feed: 'air',
        time: '2016-07-20T07:55:00+08:00',
        start: '2016-07-20T06:55:00+08:00',
        age_s: 300,
        values: { pm25: 35, so2: 9 },
        flags: { so2: 'M' },
      },
    ]);
  });

  test('townships with their stations and hazard points, all 80', async () => {
    const { body } = await get(`${await start()}/api/v1/townships`);
    expect(body).toHaveLength(12);
    const dingchang = body.find((one: { id: string }) => one.id === 'dingchang');
    expect(dingchang.stations).toContain('dingchang-air');
    const points = body.reduce((sum: number, one: { hazard_points: number }) => sum + one.hazard_points, 0);
    expect(points).toBe(80);
  });
});

describe('figures and signals', () => {
  test('latest figures are labelled by their end', async () => {
    const { body } = await get(`${await start()}/api/v1/figures/latest?station=dingchang-air&measurement=air_day`);
    expect(body).toEqual([
      {
        measurement: 'air_day',
        station: 'dingchang-air',
        tags: {},
        time: '2016-07-21T00:00:00+08:00',
        start: '2016-07-20T00:00:00+08:00',
        end: '2016-07-21T00:00:00+08:00',
        fields: { pm25: 30.5, count: 8, valid: false },
        invalid: ['pm25'],
      },
    ]);
  });

  test('signals exactly as they are published, and chosen by state and kind', async () => {
    const base = await start();
    expect((await get(`${base}/api/v1/signals`)).body).toEqual(SIGNALS);
    const ids = async (search: string) =>
      (await get(`${base}/api/v1/signals?${search}`)).body.map((one: { subject: string }) => one.subject);
    expect(await ids('state=in-force')).toEqual(['rainstorm', 'guocun-air']);
    expect(await ids('state=ended')).toEqual(['dingchang-air']);
    expect(await ids('state=active')).toEqual(['guocun-air']);
    expect(await ids('kind=weather-response&state=proposed')).toEqual(['rainstorm']);
  });

  test('a signal by its id, slashes plain or encoded', async () => {
    const base = await start();
    const id = SIGNALS[0]?.id ?? '';
    const { body } = await get(`${base}/api/v1/signals/${id}`);
    expect(body).toMatchObject(SIGNALS[0]!);
    expect(body.measures).toHaveLength(20);
    expect((await get(`${base}/api/v1/signals/${encodeURIComponent(id)}`)).body).toEqual(body);
    expect((await get(`${base}/api/v1/signals/${id}x`)).body).toMatchObject({ error: 'no-such-signal' });
  });

  test('thresholds say what they lack, also where no signal is up', async () => {
    const { body } = await get(`${await start()}/api/v1/thresholds?kind=weather-response`);
    expect(body).toHaveLength(2);
    expect(body[0]).toMatchObject({ subject: 'rainstorm', level: 'II', possible: 'I', signal: SIGNALS[0]?.id });
    expect(body[1]).toMatchObject({ subject: 'snowstorm', level: null, lacking: ['forecast zone 6 h'], signal: null });
    expect(Object.keys(body[0])).not.toContain('state');
  });
});

describe('the description', () => {
  interface OpenApi {
    openapi: string;
    paths: Record<string, Record<string, { summary: string; description: string; responses: Responses }>>;
  }
  type Responses = Record<string, { content?: Record<string, { schema: Record<string, unknown> }> }>;

  const PATHS: Record<string, string> = {
    '/': '/',
    '/healthz': '/healthz',
    '/readyz': '/readyz',
    '/metrics': '/metrics',
    '/api/v1/openapi.json': '/api/v1/openapi.json',
    '/api/v1/stations': '/api/v1/stations',
    '/api/v1/stations/{id}': '/api/v1/stations/dingchang-air',
    '/api/v1/townships': '/api/v1/townships',
    '/api/v1/figures/latest': '/api/v1/figures/latest',
    '/api/v1/series/{measurement}': '/api/v1/series/air_hour',
    '/api/v1/signals': '/api/v1/signals',
    '/api/v1/signals/{id}': `/api/v1/signals/${SIGNALS[0]?.id}`,
    '/api/v1/me': '/api/v1/me',
    '/api/v1/cases': '/api/v1/cases',
    '/api/v1/cases/{id}': `/api/v1/cases/${SIGNALS[0]?.id}`,
    '/api/v1/ledger': '/api/v1/ledger',
    '/api/v1/thresholds': '/api/v1/thresholds',
    '/api/v1/cap/{id}.xml': `/api/v1/cap/${SIGNALS[0]?.id}.xml`,
    '/api/v1/newis/{id}.xml': `/api/v1/newis/${SIGNALS[0]?.id}.xml`,
    '/api/v1/cap.atom': '/api/v1/cap.atom',
    '/api/v1/bulletins/dustfall/{month}': '/api/v1/bulletins/dustfall/2016-06',
    '/api/v1/bulletins/response/{id}': `/api/v1/bulletins/response/${SIGNALS[0]?.id}`,
  };

  test('lists every route, in both languages', async () => {
    const { body } = (await get(`${await start()}/api/v1/openapi.json`)) as { body: OpenApi };
    expect(body.openapi).toBe('3.1.0');
    const steps = '/api/v1/signals/{id}/steps';
    expect(Object.keys(body.paths).sort()).toEqual([...Object.keys(PATHS), steps].sort());
    for (const operation of Object.values(body.paths).map((path) => path['get'] ?? path['post'])) {
      expect(operation?.description).toMatch(/[\u4e00-\u9fff]/);
      expect(operation?.description).toMatch(/[a-z]{3}/i);
    }
  });

  test('is true: every answer, good or bad, is what its schema says', async () => {
    const store = await embedded();
    await store.write([
      point('dustfall_month', 'county', Date.parse('2016-06-01T00:00:00+08:00'), { max: 9.4, mean: 7, min: 5 }),
    ]);
    const base = await start({ store });
    const { paths } = (await get(`${base}/api/v1/openapi.json`)).body as OpenApi;
    // Fastify's own validation of a body is the judge: strict, nothing coerced, nothing removed.
    const judge = fastify({
      ajv: { customOptions: { removeAdditional: false, coerceTypes: false, allowUnionTypes: true } },
    });
    closing.push(() => judge.close());
    const cases: [string, string, string][] = Object.entries(PATHS).map(([path, url]) => [path, url, '200']);
    cases.push(['/api/v1/stations/{id}', '/api/v1/stations/none', '404']);
    cases.push(['/api/v1/signals', '/api/v1/signals?state=great', '400']);
    const held = cases.map(([path, url, status]) => {
      const schema = paths[path]?.['get']?.responses[status]?.content?.['application/json']?.schema;
      if (schema) judge.post(`${path}-${status}`.replace(/[{}]/g, ''), { schema: { body: schema } }, () => 'ok');
      return { path, url, status, schema };
    });
    for (const { path, url, status, schema } of held) {
      const answer = await get(`${base}${url}`);
      expect({ url, status: answer.status }).toEqual({ url, status: Number(status) });
      if (!schema) expect(path).toMatch(/^\/$|^\/metrics$|\.xml$|\.atom$|^\/api\/v1\/bulletins\//);
      else {
        const judged = await judge.inject({
          method: 'POST',
          url: `${path}-${status}`.replace(/[{}]/g, ''),
          payload: answer.body,
        });
        expect({ url, judged: judged.body }).toEqual({ url, judged: 'ok' });
      }
    }
  });

  test('none of its objects takes what it does not name', async () => {
    const { text } = await get(`${await start()}/api/v1/openapi.json`);
    const station = JSON.parse(text).paths['/api/v1/stations'].get.responses['200'].content['application/json'].schema;
    expect(station.items.additionalProperties).toBe(false);
    expect(station.items.required).toEqual(Object.keys(station.items.properties));
  });

  test('every link of the page leads somewhere', async () => {
    const base = await start({ store: await embedded() });
    const page = await get(`${base}/`);
    expect(page.type).toContain('text/html');
    const links = [...page.text.matchAll(/href="([^"]+)"/g)].map((link) => link[1] ?? '');
    expect(links.length).toBeGreaterThan(8);
    for (const link of links)
      expect({ link, status: (await get(`${base}${link}`)).status }).toEqual({ link, status: 200 });
    expect(page.text).not.toMatch(/src=|https?:\/\//);
  });
});

describe('errors', () => {
  test.each([
    ['/api/v1/nothing', 404, 'no-such-route', 'GET / lists'],
    ['/api/v1/stations/none', 404, 'no-such-station', '/api/v1/stations'],
    ['/api/v1/figures/latest?station=none', 404, 'no-such-station', "'none'"],
    ['/api/v1/figures/latest?measurement=airhour', 404, 'no-such-measurement', 'did you mean "air_hour"'],
    [
      '/api/v1/figures/latest?statoin=x',
      400,
      'bad-request',
      "unknown key 'statoin'; this route takes: station, measurement",
    ],
    ['/api/v1/stations?x=1', 400, 'bad-request', 'this route takes: none'],
    [
      '/api/v1/signals?state=great',
      400,
      'bad-request',
      'query: state must be equal to one of the allowed values: proposed',
    ],
    ['/api/v1/signals?kind=a&kind=b', 400, 'bad-request', 'query: kind must be string'],
    ['/api/v1/series/air_hour', 503, 'no-readable-store', 'store.embedded'],
    ['/api/v1/signals/%E0%A4%A', 400, 'bad-request', '%E0%A4%A'],
  ])('%s is %i %s', async (path, status, error, words) => {
    const answer = await get(`${await start()}${path}`);
    expect(answer.status).toBe(status);
    expect(answer.body.error).toBe(error);
    expect(answer.body.message).toContain(words);
    expect(answer.body.message_zh).toMatch(/[\u4e00-\u9fff]/);
  });

  test.each(['POST', 'PUT', 'DELETE', 'PATCH'])('%s is refused: it only reads', async (method) => {
    const answer = await fetch(`${await start()}/api/v1/signals`, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET, HEAD');
    expect(await answer.json()).toMatchObject({ error: 'read-only' });
  });

  test('a mistake of ours is logged and answered without its inside', async () => {
    const logged: string[] = [];
    const log = {
      debug: () => {},
      info: () => {},
      warn: () => {},
      error: (_: object, text: string) => logged.push(text),
    };
    const signals = () => {
      throw new Error('inside story');
    };
    const answer = await get(`${await start({ log, signals })}/api/v1/signals`);
    expect(answer.status).toBe(500);
    expect(answer.body.error).toBe('internal');
    expect(answer.text).not.toContain('inside story');
    expect(logged).toHaveLength(1);
  });

  test('a taken port is one line that names the address and the setting', async () => {
    const other = createPlainServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    closing.push(() => new Promise((resolve) => other.close(resolve)));
    const { port } = other.address() as { port: number };
    const settings = settingsSchema.parse({ http: { port } });
    const thrown = await createServer(partsOf({ settings })).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(LantianError);
    expect(thrown).toMatchObject({ code: 'port-taken', exit: 2 });
    const { message } = thrown as LantianError;
    expect(message).toContain(`127.0.0.1:${port}`);
    expect(message).toContain('http.port');
    expect(message).not.toContain('\n');
  });

  test('an address that is not of this machine is a mistake of the configuration', async () => {
    const settings = settingsSchema.parse({ http: { port: 0, host: '192.0.2.1' } });
    await expect(createServer(partsOf({ settings }))).rejects.toMatchObject({ code: 'config-invalid' });
  });

  test('close ends at once, also with a connection that is kept alive', async () => {
    const app = await createServer(partsOf());
    await fetch(`${app.listeningOrigin}/healthz`);
    const began = performance.now();
    await app.close();
    expect(performance.now() - began).toBeLessThan(2000);
  });
});
