import { closeSync, openSync, readdirSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { silentLog } from '../src/core/log.ts';
import { markDamaged, openWhole } from '../src/core/salvage.ts';
import { isDamage, openDatabase } from '../src/core/sqlite.ts';
import type { Signal } from '../src/core/types.ts';
import { meetVersion } from '../src/core/version.ts';
import { startEmbeddedBroker } from '../src/intake/embedded-broker.ts';
import { createSpeaker } from '../src/publish/signals.ts';
import { createRegister } from '../src/signals/register.ts';
import { createDrain } from '../src/store/drain.ts';
import { createEmbeddedStore } from '../src/store/embedded.ts';
import { createOutbox } from '../src/store/outbox.ts';
import { tempFolder } from './support/servers.ts';
import { until } from './support/until.ts';

const ROWS = 20_000;

const makeDatabase = (file: string): void => {
  const database = openWhole(file, () => {});
  database.exec('CREATE TABLE one (id INTEGER PRIMARY KEY, text TEXT NOT NULL)');
  database.exec('CREATE TABLE two (name TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID');
  const one = database.prepare('INSERT INTO one VALUES (?, ?)');
  database.exec('BEGIN');
  for (let i = 1; i <= ROWS; i++) one.run(i, `row ${i} `.repeat(5));
  database.prepare("INSERT INTO two VALUES ('position', 7)").run();
  database.exec('COMMIT; PRAGMA user_version = 1');
  database.close();
};

/** Overwrite bytes in the middle of the file. */
const damage = (file: string, at: number, length: number): void => {
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(length, 0x5a), 0, length, at);
  closeSync(handle);
};

const pageSize = 4096;
const middlePage = (file: string): number => Math.floor(statSync(file).size / pageSize / 2) * pageSize;

test('a damaged page costs its rows alone; the file is set aside and the rest is kept', async () => {
  const file = join(await tempFolder(), 'lantian.db');
  makeDatabase(file);
  damage(file, middlePage(file), pageSize);
  const told: string[] = [];
  const database = openWhole(file, (aside, why) => told.push(`${aside}: ${why}`));
  const { n } = database.prepare('SELECT count(*) AS n FROM one').get() as { n: number };
  expect(n).toBeGreaterThan(ROWS - 200);
  expect(n).toBeLessThan(ROWS);
  expect(database.prepare('SELECT min(id) AS first, max(id) AS last FROM one').get()).toEqual({ first: 1, last: ROWS });
  expect(database.prepare('SELECT value FROM two').get()).toEqual({ value: 7 });
  expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 });
  expect(told[0]).toMatch(/lantian\.db\.damaged-.*: it has damaged pages/);
  expect(told.some((line) => line.includes('table one is readable in part only'))).toBe(true);
  database.close();
});

test('a file that is no database at all is set aside and a new one begun', async () => {
  const folder = await tempFolder();
  const file = join(folder, 'lantian.db');
  writeFileSync(file, 'not a database, but long enough to be looked at '.repeat(100));
  const told: string[] = [];
  const database = openWhole(file, (_aside, why) => told.push(why));
  database.exec('CREATE TABLE works (id INTEGER)');
  database.close();
  expect(told).toHaveLength(1);
  const aside = readdirSync(folder).find((name) => name.includes('damaged'));
  expect(readFileSync(join(folder, aside!), 'utf8')).toMatch(/^not a database/);
});

test('a damaged header: the write-ahead log, with the newest rows in it, is set aside along', () => {
  const folder = tempFolder();
  const file = join(folder, 'lantian.db');
  makeDatabase(file);
  // A command looks in, so that the log stays where it is.
  const other = openDatabase(file, (aside) => expect.fail(`set aside: ${aside}`));
  onTestFinished(() => other.close());
  other.exec("INSERT INTO one VALUES (999999, 'the newest row')");
  damage(file, 0, 100);
  const database = openWhole(file, () => {});
  database.exec('CREATE TABLE works (id INTEGER)');
  database.close();
  const aside = readdirSync(folder).filter((name) => name.includes('.damaged-'));
  expect(aside.some((name) => name.endsWith('-wal'))).toBe(true);
  expect(aside.some((name) => readFileSync(join(folder, name)).includes('the newest row'))).toBe(true);
});

/** An open database whose page of a table is damaged on disk. */
const spoil = (database: DatabaseSync, file: string, table: string): void => {
  const root = database.prepare('SELECT rootpage AS page FROM sqlite_schema WHERE name = ?').get(table);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  damage(file, (Number(root!['page']) - 1) * pageSize, pageSize);
  database.exec('PRAGMA shrink_memory');
};

const opened = (): { database: DatabaseSync; file: string } => {
  const file = join(tempFolder(), 'lantian.db');
  const database = openDatabase(file, (aside) => expect.fail(`set aside: ${aside}`));
  onTestFinished(() => database.close());
  return { database, file };
};

test('a drain that meets damage says so, and does not blame the store', async () => {
  const { database, file } = opened();
  const store = createEmbeddedStore({ file: join(tempFolder(), 'series.db') });
  const outbox = createOutbox(database, [store.name], { maxBytes: 1e9 });
  outbox.append([{ measurement: 'air', tags: { county: '140430', station: 'a' }, time: 0, fields: { pm25: 1 } }]);
  spoil(database, file, 'outbox');
  const met: unknown[] = [];
  const drain = createDrain({
    store,
    outbox,
    batch: 100,
    retryMost: 100,
    log: silentLog,
    onRefused: () => {},
    commit: () => {},
    damaged: (thrown) => met.push(thrown),
  });
  drain.start();
  await until('met', () => met.length > 0);
  await drain.stop();
  await store.close();
  expect(met.map(isDamage)).toEqual([true]);
  expect(drain.stats).toMatchObject({ failures: 0, lastError: undefined });
});

test('a speaker that meets damage says so, and does not wait for its broker', async () => {
  const { database, file } = opened();
  const register = createRegister(database, ['embedded']);
  const signal = { county: '140430', kind: 'station-silent', subject: 'a', at: '2026-07-01T00:00:00Z' };
  register.put(signal as Signal);
  const client = await startEmbeddedBroker({
    host: '127.0.0.1',
    port: 0,
    now: Date.now,
    log: silentLog,
    message: () => {},
  });
  onTestFinished(() => client.end());
  spoil(database, file, 'signal_out');
  const met: unknown[] = [];
  const speaker = createSpeaker({
    name: 'embedded',
    client,
    register,
    log: silentLog,
    damaged: (thrown) => met.push(thrown),
  });
  speaker.wake();
  await until('met', () => met.length > 0);
  await speaker.stop();
  expect(met.map(isDamage)).toEqual([true]);
  expect(speaker.published()).toBe(0);
});

test('a whole file is opened as it is, marked or not', async () => {
  const file = join(await tempFolder(), 'lantian.db');
  makeDatabase(file);
  markDamaged(file);
  const database = openWhole(file, (aside) => expect.fail(`set aside: ${aside}`));
  expect(database.prepare('SELECT count(*) AS n FROM one').get()).toEqual({ n: ROWS });
  database.close();
});

test('a database of a newer program is left alone', async () => {
  const file = join(await tempFolder(), 'lantian.db');
  const database = new DatabaseSync(file);
  database.exec('PRAGMA user_version = 99');
  expect(() => meetVersion(database, file)).toThrow(/version 99/);
  expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 99 });
  database.close();
});
