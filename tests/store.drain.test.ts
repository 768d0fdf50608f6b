import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { silentLog } from '../src/core/log.ts';
import { inTransaction, openDatabase } from '../src/core/sqlite.ts';
import type { Point } from '../src/core/types.ts';
import { createDrain, type Drain, pauseOf } from '../src/store/drain.ts';
import { createEmbeddedStore } from '../src/store/embedded.ts';
import { createStores, storeNames } from '../src/store/index.ts';
import { createInflux1Store } from '../src/store/influx1.ts';
import { createOutbox, type Outbox } from '../src/store/outbox.ts';
import type { Refusal, Store } from '../src/store/port.ts';
import { createRefused } from '../src/store/refused.ts';
import { settingsOf } from './support/middle.ts';
import { startInflux, tempFolder } from './support/servers.ts';

interface Line {
  readonly db: DatabaseSync;
  readonly outbox: Outbox;
  readonly drains: readonly Drain[];
  readonly refusals: () => readonly Refusal[];
}

/** The outbox with a drain a store, as the pipeline sets them up. */
const lineTo = (...stores: Store[]): Line => {
  const db = openDatabase(join(tempFolder(), 'pipeline.db'), () => {});
  const outbox = createOutbox(
    db,
    stores.map((store) => store.name),
    { maxBytes: 1e9 },
  );
  const refused = createRefused(db, { maxRows: 1000 });
  const drains = stores.map((store) =>
    createDrain({
      store,
      outbox,
      batch: 5000,
      retryMost: 300,
      log: silentLog,
      onRefused: (refusals) => inTransaction(db, () => refused.add(store.name, 0, refusals)),
      commit: () => inTransaction(db, () => outbox.flush()),
      damaged: (thrown) => {
        throw thrown;
      },
    }),
  );
  return { db, outbox, drains, refusals: () => refused.list(1000) };
};

const until = async (what: () => boolean, milliseconds = 30_000): Promise<void> => {
  const deadline = Date.now() + milliseconds;
  while (!what()) {
    if (Date.now() > deadline) throw new Error(`not within ${milliseconds} ms: ${what}`);
    await sleep(10);
  }
};

const START = Date.UTC(2026, 0, 1);
const SERIES = 50;
/** Point i of a run; the second half writes the rows of the first half again, with higher values. */
const nth = (i: number, total: number): Point => ({
  measurement: 'air',
  tags: { county: '140430', station: `s${i % SERIES}` },
  time: START + Math.floor((i % (total / 2)) / SERIES) * 60_000,
  fields: { pm25: i, pm10: 2 * i, flag: 'N' },
});

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;
const heap = (): number => {
  gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

test('InfluxDB dies while 200,000 points drain and starts again: all there, in order, memory flat, the other store not delayed', async () => {
  const total = 200_000;
  const server = await startInflux();
  const influx = createInflux1Store({ name: 'influx', url: server.url, database: 'lantian', timeout: 5000 });
  const embedded = createEmbeddedStore({ file: join(tempFolder(), 'series.db') });
  const { db, outbox, drains } = lineTo(embedded, influx);
  const [near, far] = drains as [Drain, Drain];
  for (const drain of drains) drain.start();
  const before = heap();
  let most = 0;
  for (let i = 0; i < total; i += 2000) {
    inTransaction(db, () => outbox.append(Array.from({ length: 2000 }, (_, k) => nth(i + k, total))));
    for (const drain of drains) drain.wake();
    if (i === total / 4) await until(() => far.stats.written > 20_000);
    if (i === total / 4) await server.kill9();
    await sleep(0);
    if (i % 20_000 === 0) most = Math.max(most, heap());
  }
  await until(() => near.stats.written === total);
  expect(far.stats.connected).toBe(false);
  expect(far.stats.lastError).toMatch(/ECONNREFUSED|ECONNRESET|socket hang up/);
  expect(outbox.depth('influx').points).toBeGreaterThan(total / 2);
  await server.restart();
  await until(() => far.stats.connected && outbox.depth('influx').points === 0);
  most = Math.max(most, heap());
  await Promise.all(drains.map((drain) => drain.stop()));

  const query = { measurement: 'air', from: 0, to: START * 2 };
  const rows = await influx.read(query);
  expect(rows).toHaveLength(total / 2);
  const wrong = rows.filter((row) => {
    const i = total / 2 + ((row.time - START) / 60_000) * SERIES + Number(row.tags['station']!.slice(1));
    return row.fields['pm25'] !== i || row.fields['pm10'] !== 2 * i;
  });
  expect(wrong).toEqual([]);
  expect(await embedded.read(query)).toEqual(rows);
  expect(most - before).toBeLessThan(64 * 1024 ** 2);
  expect(db.prepare('SELECT count(*) AS n FROM outbox').get()!['n']).toBe(0);
});

test('a server that is down at the start, and one that lost its database, get everything later', async () => {
  const server = await startInflux();
  await server.stop();
  const store = createInflux1Store({ name: 'influx', url: server.url, database: 'lantian', timeout: 5000 });
  const { db, outbox, drains } = lineTo(store);
  const drain = drains[0]!;
  inTransaction(db, () => outbox.append([nth(1, 100)]));
  drain.start();
  await until(() => drain.stats.failures >= 2);
  await server.restart();
  await until(() => drain.stats.written === 1);
  const dropped = await fetch(`${server.url}/query?q=${encodeURIComponent('DROP DATABASE "lantian"')}`, {
    method: 'POST',
  });
  await dropped.text(); // the headers come before it is done
  inTransaction(db, () => outbox.append([nth(2, 100)]));
  drain.wake();
  await until(() => drain.stats.written === 2);
  await drain.stop();
  expect(await store.read({ measurement: 'air', from: 0, to: START * 2 })).toHaveLength(1);
});

test('what is refused is kept with the words and counted; what follows is written', async () => {
  const store = createEmbeddedStore({ file: join(tempFolder(), 'series.db') });
  const { db, outbox, drains, refusals } = lineTo(store);
  const bad: Point = { ...nth(1, 100), measurement: 'air_hour', fields: { count: 1.5 } };
  inTransaction(db, () => outbox.append([nth(0, 100), bad, nth(2, 100)]));
  drains[0]!.start();
  await until(() => outbox.depth('embedded').points === 0);
  await drains[0]!.stop();
  expect(drains[0]!.stats).toMatchObject({ written: 2, refused: 1, failures: 0, connected: true });
  expect(refusals()).toMatchObject([
    { store: 'embedded', point: bad, words: 'field count of air_hour is int, not 1.5' },
  ]);
});

test('stop ends at once while it waits for a store that is down, or for points', async () => {
  const down = createInflux1Store({ name: 'down', url: 'http://127.0.0.1:9', database: 'x', timeout: 1000 });
  const idle = createEmbeddedStore({ file: join(tempFolder(), 'series.db') });
  const { drains } = lineTo(down, idle);
  for (const drain of drains) drain.start();
  await until(() => drains[0]!.stats.failures > 0 && drains[1]!.stats.connected);
  const began = Date.now();
  await Promise.all(drains.map((drain) => drain.stop()));
  expect(Date.now() - began).toBeLessThan(250);
});

test('the names of stores are known without opening them', async () => {
  const url = 'http://127.0.0.1:1';
  const influx = { url, targets: [{ url, database: 'other' }, { url, version: 2 }, { url }] };
  for (const embedded of [true, false]) {
    const settings = settingsOf({ data: { folder: tempFolder() }, influx, store: { embedded } });
    const stores = createStores(settings, { log: silentLog });
    expect(storeNames(settings)).toEqual(stores.map(({ name }) => name));
    expect(stores).toHaveLength(embedded ? 3 : 2);
    for (const store of stores) await store.close();
  }
});

test('pauses double up to the most, and half of each is chance', () => {
  expect([0, 1, 2, 3, 99].map((attempt) => pauseOf(attempt, 500, 1))).toEqual([100, 200, 400, 500, 500]);
  expect(pauseOf(3, 500, 0)).toBe(250);
});
