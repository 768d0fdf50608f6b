import { once } from 'node:events';
import { closeSync, openSync, readdirSync, writeFileSync, writeSync } from 'node:fs';
import { createServer, type Server as HttpServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { settingsSchema } from '../src/config/schema.ts';
import { silentLog } from '../src/core/log.ts';
import type { Point } from '../src/core/types.ts';
import { createEmbeddedStore } from '../src/store/embedded.ts';
import { createStores } from '../src/store/index.ts';
import { createInflux1Store } from '../src/store/influx1.ts';
import { createInflux2Store } from '../src/store/influx2.ts';
import { startInflux, startVictoria, tempFolder } from './support/servers.ts';

// What is particular to one engine.

const NOON = Date.UTC(2026, 6, 20, 4);
const tags = { county: '140430', station: 'a,b=c "d" 沁县' };
const point = (pm25: number, time = NOON, more: Partial<Point> = {}): Point => ({
  measurement: 'air',
  tags,
  time,
  fields: { pm25, pm10: pm25 * 2 },
  ...more,
});

interface Call {
  readonly path: string;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
}
type Reply = (call: Call) => { status: number; body?: string; type?: string; stall?: boolean };

const open: HttpServer[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** An HTTP server that answers as InfluxDB's documents say, where none of that version is at hand. */
const answering = async (reply: Reply): Promise<{ url: string; calls: Call[] }> => {
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const call = { path: request.url!, body: Buffer.concat(parts).toString(), headers: request.headers };
    calls.push(call);
    const { status, body = '', type = 'application/json', stall } = reply(call);
    response.writeHead(status, { 'content-type': type });
    if (stall)
      response.write('{'); // and no more
    else response.end(body);
  });
  open.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls };
};

const influx2 = (url: string, more: { token?: string; unsupported?: (points: number, why: string) => void } = {}) =>
  createInflux2Store({ name: 'v2', url, org: '沁县', bucket: 'lan tian', timeout: 500, ...more });

test('influx1: a server that is down, or whose database is gone, rejects; later the same write succeeds', async () => {
  const server = await startInflux();
  const store = createInflux1Store({ name: 'i', url: server.url, database: 'lantian', timeout: 3000 });
  await expect(store.write([point(1)])).rejects.toThrow(/database not found/);
  await store.init();
  await server.kill9();
  await expect(store.write([point(1)])).rejects.toThrow(/ECONNREFUSED|ECONNRESET|socket hang up/);
  await expect(store.init()).rejects.toThrow();
  await server.restart();
  expect(await store.write([point(1)])).toEqual([]);
  await server.kill9(); // what write promised is on disk
  await server.restart();
  expect(await store.read({ measurement: 'air', from: 0, to: NOON * 2 })).toHaveLength(1);
});

test('influx1: a wrong password rejects with words, the right one writes, without rights to make databases', async () => {
  const server = await startInflux({ config: '[http]\nauth-enabled = true' });
  const ask = async (q: string, user = '') => {
    const answer = await fetch(`${server.url}/query?q=${encodeURIComponent(q)}${user}`, { method: 'POST' });
    expect(await answer.json()).toEqual({ results: [{ statement_id: 0 }] });
  };
  const root = '&u=root&p=secret';
  await ask("CREATE USER root WITH PASSWORD 'secret' WITH ALL PRIVILEGES");
  await ask('CREATE DATABASE lantian', root);
  await ask("CREATE USER writer WITH PASSWORD 'w:r'", root);
  await ask('GRANT ALL ON lantian TO writer', root);
  const as = (password: string) =>
    createInflux1Store({
      name: 'i',
      url: server.url,
      database: 'lantian',
      username: 'writer',
      password,
      timeout: 3000,
    });
  await expect(as('wrong').init()).rejects.toThrow(/authorization failed/);
  await expect(as('wrong').write([point(1)])).rejects.toThrow(/authorization failed/);
  await as('w:r').init();
  expect(await as('w:r').write([point(1)])).toEqual([]);
});

test('influx1: points that the server refuses come back with its words', async () => {
  const server = await startInflux();
  const store = createInflux1Store({ name: 'i', url: server.url, database: 'lantian', timeout: 10_000 });
  await store.init();
  await fetch(`${server.url}/write?db=lantian&precision=ms`, { method: 'POST', body: `air pm25=1i ${NOON}` });
  const other = { ...point(1), measurement: 'weather' };
  const huge = { ...other, time: NOON + 1, tags: { county: 'x'.repeat(70_000) } };
  const refused = await store.write([other, point(7), huge, { ...other, time: NOON + 2 }]);
  expect(refused.map((one) => one.point === huge || one.point.fields['pm25'])).toEqual([7, true]);
  expect(refused[0]!.words).toContain(
    'field type conflict: input field "pm25" on measurement "air" is type float, already exists as type integer',
  );
  expect(refused[1]!.words).toContain('max key length exceeded');
  expect(await store.read({ measurement: 'weather', from: 0, to: NOON * 2 })).toHaveLength(2);
});

test('influx1: a field unset just before the server dies is right after the same write again', async () => {
  const server = await startInflux();
  // In front of the real server a door that lets queries through and can be shut for writes.
  let shut = false;
  const door = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    if (shut && request.url!.startsWith('/write')) {
      response.writeHead(503).end();
      return;
    }
    const answer = await fetch(server.url + request.url, {
      method: request.method!,
      headers: { 'content-type': request.headers['content-type'] ?? 'text/plain' },
      ...(request.method === 'POST' ? { body: Buffer.concat(parts) } : {}),
    });
    response.writeHead(answer.status).end(await answer.text());
  });
  open.push(door);
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  const url = `http://127.0.0.1:${(door.address() as AddressInfo).port}`;
  const store = createInflux1Store({ name: 'i', url, database: 'lantian', timeout: 3000 });
  await store.init();
  await store.write([point(1, NOON, { fields: { pm25: 1, pm10: 2, so2: 3 } })]);
  const unset = point(1, NOON, { fields: { pm25: 5 }, gone: ['pm10'] });
  shut = true;
  await expect(store.write([unset])).rejects.toThrow(/Service Unavailable/);
  shut = false;
  expect(await store.write([unset])).toEqual([]);
  expect((await store.read({ measurement: 'air', from: 0, to: NOON * 2 }))[0]!.fields).toEqual({ pm25: 5, so2: 3 });
});

test.each(['silent', 'half an answer'])('influx1 and influx2 give up on a server that is %s', async (kind) => {
  const { url } = await answering(() => ({ status: 200, stall: true }));
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  open.push(silent);
  await once(silent, 'listening');
  const at = kind === 'silent' ? `http://127.0.0.1:${(silent.address() as AddressInfo).port}` : url;
  const began = Date.now();
  const first = createInflux1Store({ name: 'i', url: at, database: 'x', timeout: 500 });
  await expect(first.write([point(1)])).rejects.toThrow(/no answer within|timed out/i);
  await expect(influx2(at).write([point(1)])).rejects.toThrow(/no answer within/);
  expect(Date.now() - began).toBeLessThan(3000);
});

test('influx2: VictoriaMetrics takes the numbers', async () => {
  const server = await startVictoria();
  const told: number[] = [];
  const store = influx2(server.url, { unsupported: (points) => told.push(points) });
  await store.init();
  const now = Math.floor(Date.now() / 60_000) * 60_000;
  const points = Array.from({ length: 5000 }, (_, i) => point(i / 2, now - i * 60_000));
  expect(await store.write(points)).toEqual([]);
  expect(
    await store.write([{ ...point(1.5, now), measurement: 'air_hour', fields: { pm25: 7.25, count: 12 } }]),
  ).toEqual([]);
  const exported = async (name: string) => {
    await fetch(`${server.url}/internal/force_flush`);
    const range = `start=${(now - 5000 * 60_000) / 1000}&end=${now / 1000 + 60}`;
    const answer = await fetch(`${server.url}/api/v1/export?${range}&match[]=${encodeURIComponent(name)}`);
    const text = await answer.text();
    return JSON.parse(text) as { metric: Record<string, string>; values: number[]; timestamps: number[] };
  };
  const pm25 = await exported('air_pm25');
  expect(pm25.metric).toMatchObject({ __name__: 'air_pm25', ...tags });
  expect(new Map(pm25.timestamps.map((time, i) => [time, pm25.values[i]]))).toEqual(
    new Map(points.map((p) => [p.time, p.fields['pm25']])),
  );
  expect((await exported('air_hour_count')).values).toEqual([12]);
  expect((await exported('air_hour_pm25')).values).toEqual([7.25]);
  // It can neither unset a field nor answer Flux: said, and nothing is stuck.
  expect(await store.write([point(9, now, { gone: ['so2'] })])).toEqual([]);
  expect(told).toEqual([1]);
  await expect(store.read({ measurement: 'air', from: 0, to: now })).rejects.toThrow();
  await server.kill9();
  await expect(store.write([point(1)])).rejects.toThrow(/ECONNREFUSED/);
});

test('influx2: 204 alone is success; 201 and 400 are halved to the bad line; others reject', async () => {
  let status = 204;
  const { url, calls } = await answering(({ path, body }) => {
    if (!path.startsWith('/api/v2/write')) return { status: 404 };
    if (status !== 204 && status !== 201 && status !== 400) return { status, body: '{"code":"x","message":"words"}' };
    return /pm25=13,/.test(body) ? { status, body: '{"message":"13 is not liked"}' } : { status: 204 };
  });
  const store = influx2(url, { token: 'secret' });
  const points = Array.from({ length: 20 }, (_, i) => point(i, NOON + i));
  expect(await store.write(points)).toEqual([]);
  expect(calls[0]!.path).toBe('/api/v2/write?org=%E6%B2%81%E5%8E%BF&bucket=lan%20tian&precision=ms');
  expect(calls[0]!.headers.authorization).toBe('Token secret');
  expect(calls[0]!.body.split('\n')[3]).toBe(
    `air,county=140430,station=a\\,b\\=c\\ "d"\\ 沁县 pm25=3,pm10=6 ${NOON + 3}`,
  );
  for (status of [201, 400])
    expect(await store.write(points)).toEqual([{ point: points[13], words: '13 is not liked' }]);
  for (status of [200, 202, 401, 403, 404, 429, 500, 503])
    await expect(store.write(points)).rejects.toThrow(`HTTP ${status}`);
});

const CSV = (rows: string) =>
  [
    '#datatype,string,long,dateTime:RFC3339,dateTime:RFC3339,dateTime:RFC3339,string,string,string,double,long,boolean,string',
    '#group,false,false,true,true,false,true,true,true,false,false,false,false',
    '#default,_result,,,,,,,,,,,',
    ',result,table,_start,_stop,_time,_measurement,county,station,pm25,count,valid,flag',
    rows,
    '',
  ].join('\r\n');

test('influx2: reads Flux answers, unsets by deleting the row and writing the rest, makes its bucket', async () => {
  const at = new Date(NOON).toISOString();
  const row = `,,0,${at},${at},${at},air,140430,"a,b=c ""d"" 沁县",35.5,12,true,N`;
  const { url, calls } = await answering(({ path }) => {
    if (path.startsWith('/api/v2/query'))
      return { status: 200, body: CSV(row), type: 'application/csv; charset=utf-8' };
    if (path.startsWith('/api/v2/buckets?')) return { status: 200, body: '{"buckets":[]}' };
    if (path.startsWith('/api/v2/orgs?')) return { status: 200, body: '{"orgs":[{"id":"0123"}]}' };
    return path === '/api/v2/buckets' ? { status: 201, body: '{}' } : { status: 204 };
  });
  const store = influx2(url);
  await store.init();
  expect(JSON.parse(calls.at(-1)!.body)).toEqual({ orgID: '0123', name: 'lan tian', retentionRules: [] });
  const query = { measurement: 'air', tags, from: NOON, to: NOON + 1 };
  expect(await store.read(query)).toEqual([
    { time: NOON, tags, fields: { pm25: 35.5, count: 12, valid: true, flag: 'N' } },
  ]);
  expect(await store.write([point(0, NOON, { fields: { count: 13 }, gone: ['pm25'] })])).toEqual([]);
  const [ask, remove, write] = calls.slice(-3);
  expect(JSON.parse(ask!.body).query).toContain('r["station"] == "a,b=c \\"d\\" 沁县"');
  expect(JSON.parse(remove!.body)).toEqual({
    start: '2026-07-20T04:00:00.000Z',
    stop: '2026-07-20T04:00:00.000999999Z',
    predicate: '"_measurement"="air" AND "county"="140430" AND "station"="a,b=c \\"d\\" 沁县"',
  });
  expect(write!.body).toMatch(/ count=13i,valid=true,flag="N" \d+$/);
});

test('embedded: a file that is no database, and a page that is damaged, are set aside; what can be read goes on', async () => {
  const folder = tempFolder();
  const file = join(folder, 'series.db');
  writeFileSync(file, 'this is not a database, it is a text that is long enough to be looked at'.repeat(20));
  const told: string[] = [];
  const options = { file, damaged: (where: string, why: string) => told.push(`${basename(where)}: ${why}`) };
  const first = createEmbeddedStore(options);
  expect(told).toHaveLength(1);
  const series = Array.from({ length: 30 }, (_, i) => ({ ...tags, station: `s${i}` }));
  for (const one of series) await first.write(Array.from({ length: 200 }, (_, i) => point(i, NOON + i, { tags: one })));
  await first.close();
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(4096, 0xff), 0, 4096, 4096 * 60);
  closeSync(handle);
  const second = createEmbeddedStore(options);
  const query = { measurement: 'air', from: 0, to: NOON * 2 };
  const rows = await second.read(query);
  expect(rows.length).toBeGreaterThan(4000);
  expect(rows.length).toBeLessThan(6000);
  expect(told.length).toBeGreaterThan(1);
  expect(readdirSync(folder).filter((name) => /damaged-\S+Z$/.test(name))).toHaveLength(2);
  expect(await second.write([point(1, NOON - 1)])).toEqual([]);
  expect(await second.read(query)).toHaveLength(rows.length + 1);
  await second.close();
});

test('embedded: a row whose JSON is damaged is left out and told, and replaced by the next write', async () => {
  const file = join(tempFolder(), 'series.db');
  const told: string[] = [];
  const store = createEmbeddedStore({ file, damaged: (where) => told.push(where) });
  await store.write([point(1), point(2, NOON + 1)]);
  const { DatabaseSync } = await import('node:sqlite');
  const db = new DatabaseSync(file);
  db.exec(`UPDATE point SET fields = '{"pm' WHERE time = ${NOON}`);
  db.close();
  const query = { measurement: 'air', from: 0, to: NOON * 2 };
  expect(await store.read(query)).toHaveLength(1);
  expect(told).toHaveLength(1);
  await store.write([point(3)]);
  expect((await store.read(query)).map((row) => row.fields['pm25'])).toEqual([3, 2]);
});

test('embedded: what is written is there when the process is not closed but gone', async () => {
  const file = join(tempFolder(), 'series.db');
  const store = createEmbeddedStore({ file });
  await store.write([point(1)]);
  const other = createEmbeddedStore({ file });
  expect(await other.read({ measurement: 'air', from: 0, to: NOON * 2 })).toHaveLength(1);
});

test('the settings name the stores; a server keeps its name when the order changes', async () => {
  const folder = tempFolder();
  const names = (influx: object, embedded = true) => {
    const settings = settingsSchema.parse({ data: { folder }, store: { embedded }, influx });
    return createStores(settings, { log: silentLog }).map((store) => store.name);
  };
  const two = { url: 'http://h:2/', version: 2, bucket: 'b' };
  expect(names({})).toEqual(['embedded']);
  expect(names({}, false)).toEqual([]);
  expect(names({ url: 'http://h:1', targets: [two, two] })).toEqual(['embedded', 'h:1/lantian', 'h:2/b']);
  expect(names({ targets: [two, { url: 'http://h:1' }] }, false)).toEqual(['h:2/b', 'h:1/lantian']);
});
