import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type Log, silentLog } from '../src/core/log.ts';
import type { Point } from '../src/core/types.ts';
import { createDrain } from '../src/store/drain.ts';
import { createOutbox } from '../src/store/outbox.ts';
import { createStoresInThread } from '../src/store/thread.ts';
import { settingsOf } from './support/middle.ts';
import { startInflux, tempFolder } from './support/servers.ts';

// What is true of every store is held in store.conformance.test.ts; here what is the thread's own.

const NOON = Date.UTC(2026, 6, 20, 4);
const point = (pm25: number | string, time = NOON): Point => ({
  measurement: 'air',
  tags: { county: '140430', station: 'air-1' },
  time,
  fields: { pm25 },
});
const QUERY = { measurement: 'air', from: 0, to: NOON * 2 };

test('points are written as the outbox holds them; what is refused comes back with its words', async () => {
  const [store] = await createStoresInThread(settingsOf({ data: { folder: tempFolder() } }), { log: silentLog });
  const outbox = createOutbox(new DatabaseSync(':memory:'), ['embedded'], { maxBytes: 1e9 });
  outbox.append([point(1), point('much', NOON + 1), point(3, NOON + 2)]);
  const refused = await store!.writeTexts!(outbox.read('embedded', 10)!.texts);
  expect(refused).toEqual([{ point: point('much', NOON + 1), words: expect.stringContaining('field type conflict') }]);
  expect((await store!.read(QUERY)).map(({ fields }) => fields['pm25'])).toEqual([1, 3]);
  expect(await store!.forget!(NOON + 1, 10)).toBe(1);
  expect((await store!.read(QUERY)).map(({ fields }) => fields['pm25'])).toEqual([3]);
  await store!.close();
});

test('servers are beside it, in the order of the settings; one that is down rejects with its words', async () => {
  const influx = await startInflux();
  const targets = [{ url: influx.url }, { url: 'http://127.0.0.1:1' }];
  const settings = settingsOf({ data: { folder: tempFolder() }, influx: { targets } });
  const stores = await createStoresInThread(settings, { log: silentLog });
  expect(stores.map(({ name, forget }) => [name, forget !== undefined])).toEqual([
    ['embedded', true],
    [`${new URL(influx.url).host}/lantian`, false],
    ['127.0.0.1:1/lantian', false],
  ]);
  const [, up, down] = stores;
  await up!.init();
  await up!.write([point(7)]);
  expect((await up!.read(QUERY)).map(({ fields }) => fields['pm25'])).toEqual([7]);
  await expect(down!.write([point(7)])).rejects.toThrow(/ECONNREFUSED|cannot/);
  for (const store of stores) await store.close();
});

test('a file that is no database is set aside and told of; a folder that cannot be written is an error with its code', async () => {
  const folder = tempFolder();
  writeFileSync(join(folder, 'series.db'), 'not a database, only a text that is long enough '.repeat(40));
  const told: string[] = [];
  const log: Log = { ...silentLog, error: (fields, words) => told.push(`${words} ${JSON.stringify(fields)}`) };
  const [store] = await createStoresInThread(settingsOf({ data: { folder } }), { log });
  await store!.write([point(1)]);
  expect(told).toEqual([expect.stringMatching(/embedded store is damaged.*series\.db\.damaged-/)]);
  await store!.close();

  const taken = tempFolder();
  mkdirSync(join(taken, 'series.db'));
  await expect(createStoresInThread(settingsOf({ data: { folder: taken } }), { log })).rejects.toMatchObject({
    code: 'data-unwritable',
  });
});

test('a thread that dies fails what is under way and is started again; what was written stays', async () => {
  const told: string[] = [];
  const log: Log = { ...silentLog, error: (_fields, words) => told.push(words) };
  const [store] = await createStoresInThread(settingsOf({ data: { folder: tempFolder() } }), { log, heap: 20 });
  const batch = (first: number) => Array.from({ length: 5000 }, (_, i) => point(first + i, NOON + first + i));
  for (let first = 0; first < 200_000; first += 5000) await store!.writeTexts!([JSON.stringify(batch(first))]);
  // All of them at once are more than its heap holds.
  await expect(store!.read(QUERY)).rejects.toThrow(/memory|ended/);
  await Promise.all([-1, -2].map((i) => store!.write([point(i, NOON + i)])));
  expect((await store!.read({ ...QUERY, limit: 3 })).map(({ fields }) => fields['pm25'])).toEqual([-2, -1, 0]);
  expect(told).toEqual([expect.stringContaining('started again')]);
  await store!.close();
});

test('a thread that dies while the outbox drains: every point is in the store in the end', async () => {
  const folder = tempFolder();
  const [store] = await createStoresInThread(settingsOf({ data: { folder } }), { log: silentLog, heap: 20 });
  const database = new DatabaseSync(':memory:');
  const outbox = createOutbox(database, ['embedded'], { maxBytes: 1e9 });
  const many = 300_000;
  for (let first = 0; first < many; first += 5000)
    outbox.append(Array.from({ length: 5000 }, (_, i) => point(first + i, NOON + first + i)));
  const drain = createDrain({
    store: store!,
    outbox,
    batch: 5000,
    retryMost: 100,
    log: silentLog,
    onRefused: (refusals) => expect(refusals).toEqual([]),
    commit: () => outbox.flush(),
    damaged: (thrown) => {
      throw thrown;
    },
  });
  drain.start();
  const waiting = () => outbox.depth('embedded').points;
  let deaths = 0;
  while (waiting() > 0) {
    // All that is there is more than the thread's heap holds, once there is enough of it.
    if (deaths < 2 && waiting() < many - 150_000) await store!.read(QUERY).catch(() => deaths++);
    await sleep(20);
  }
  await drain.stop();
  await store!.close();
  expect(deaths).toBe(2);
  expect(drain.stats.failures).toBeGreaterThan(0);
  const series = new DatabaseSync(join(folder, 'series.db'), { readOnly: true });
  const { rows, sum } = series.prepare("SELECT count(*) AS rows, sum(fields ->> 'pm25') AS sum FROM point").get()!;
  expect([rows, sum]).toEqual([many, (many * (many - 1)) / 2]);
});

test('calls made before closing are answered, later ones are refused and start nothing', async () => {
  const told: string[] = [];
  const log: Log = { ...silentLog, error: (_fields, words) => told.push(words) };
  const [store] = await createStoresInThread(settingsOf({ data: { folder: tempFolder() } }), { log });
  const written = store!.write([point(1)]);
  const read = store!.read(QUERY);
  await store!.close();
  await store!.close();
  expect(await written).toEqual([]);
  expect(await read).toHaveLength(1);
  await expect(store!.read(QUERY)).rejects.toThrow('embedded is closed');
  expect(told).toEqual([]);
});

test('when all are closed the thread is gone: the file can be taken away, and nothing keeps the process', async () => {
  const folder = tempFolder();
  const handles = (): number => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;
  const before = handles();
  const stores = await createStoresInThread(settingsOf({ data: { folder } }), { log: silentLog });
  expect(handles()).toBeGreaterThan(before);
  for (const store of stores) await store.close();
  expect(handles()).toBe(before);
  expect(existsSync(join(folder, 'series.db-wal'))).toBe(false);
  const none = await createStoresInThread(settingsOf({ store: { embedded: false } }), { log: silentLog });
  expect(none).toEqual([]);
  expect(handles()).toBe(before);
});
