import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../src/core/sqlite.ts';
import { HOUR } from '../src/core/time.ts';
import type { Point } from '../src/core/types.ts';
import { meetVersion } from '../src/core/version.ts';
import { copyHistory } from '../src/store/copy/copy.ts';
import { marksOf, openMarks } from '../src/store/copy/marks.ts';
import { outflowOf } from '../src/store/copy/outflow.ts';
import { patient } from '../src/store/copy/patient.ts';
import { openSource } from '../src/store/copy/source.ts';
import { createEmbeddedStore } from '../src/store/embedded.ts';
import { createInflux1Store } from '../src/store/influx1.ts';
import { createOutbox } from '../src/store/outbox.ts';
import { begin, type Said, tableOf } from './support/command.ts';
import { type InfluxRow, influxRows } from './support/influx.ts';
import { type Server, startInflux, tempFolder } from './support/servers.ts';
import { until } from './support/until.ts';

// The embedded store's history into a real InfluxDB 1.6.

const BEGIN = Date.UTC(2026, 5, 1);
const STATIONS = 20;
const HOURS = 1500;
const county = '140430';

const figures = (station: number): Point[] =>
  Array.from({ length: HOURS }, (_, i) => ({
    measurement: 'air_hour',
    tags: { county, station: `air-${station}`, township: 'dingchang' },
    time: BEGIN + i * HOUR,
    fields: { pm25: station + i / 8, count: 12, valid: i % 7 > 0, ...(i % 7 > 0 ? {} : { invalid: 'pm25,"o3"' }) },
  }));
const emission = (enterprise: string, outlet: string): Point[] => [
  { measurement: 'emission_hour', tags: { county, station: outlet, enterprise }, time: BEGIN, fields: { pm: 3 } },
  {
    measurement: 'signal',
    tags: { county, kind: 'emission', subject: outlet },
    time: BEGIN,
    fields: { state: 'active' },
  },
  {
    measurement: 'station_status',
    tags: { county, station: outlet, feed: 'emission' },
    time: BEGIN,
    fields: { age: 1 },
  },
];

let server: Server;
let host: string;
let folder: string;
let config: string;
beforeAll(async () => {
  server = await startInflux();
  host = new URL(server.url).host;
  folder = tempFolder('store-copy');
  config = join(folder, 'lantian.yaml');
  const store = createEmbeddedStore({ file: join(folder, 'data/series.db') });
  for (let station = 0; station < STATIONS; station++) await store.write(figures(station));
  await store.write([
    ...emission('brick-works-1', 'brick-works-1-kiln'),
    ...emission('huaan-coking', 'huaan-coking-chimney'),
  ]);
  await store.close();
  const targets = ['other', 'conflicting'].map((database) => ({ url: server.url, database }));
  const influx = { url: server.url, enterprises: true, targets };
  const whole = { data: { folder: join(folder, 'data') }, influx, outbox: { batch: 500 } };
  writeFileSync(config, JSON.stringify(whole));
});

const start = (...more: string[]) => begin('store', 'copy', '-c', config, ...more);
const copy = (...more: string[]): Promise<Said> => start(...more).said;
const query = 'SELECT * FROM air_hour, emission_hour, signal, station_status';
const rowsIn = (database: string): Promise<InfluxRow[]> => influxRows(server.url, database, query);
const pages = (): number => {
  try {
    const db = new DatabaseSync(join(folder, 'data/store-copy/marks.db'), { readOnly: true });
    const row = db.prepare('SELECT count(*) AS n FROM page').get();
    db.close();
    return Number(row!['n']);
  } catch {
    return 0; // not there yet, which is the answer
  }
};

test('killed with -9 and run again it goes on, and the result is that of an undisturbed copy', async () => {
  const first = start('--to', `${host}/lantian`);
  await until('some pieces', () => pages() >= 10, { every: 5 });
  first.process.kill('SIGKILL');
  await first.said;
  const marked = pages();
  expect(marked).toBeLessThan(60);
  const again = await copy('--to', `${host}/lantian`);
  expect(again.code).toBe(0);
  expect(again.stderr).toMatch(new RegExp(`从停下处继续 goes on after ${marked * 500} rows`));
  expect(again.stderr).toMatch(/30,006\/30,006 行 rows 100% .* rows\/s/);
  expect(tableOf(again.stdout)).toContainEqual({
    store: `${host}/lantian`,
    measurement: 'air_hour',
    rows: String(STATIONS * HOURS),
    refused: '0',
  });
  expect((await copy('--to', `${host}/other`)).code).toBe(0);
  const rows = await rowsIn('lantian');
  expect(rows).toHaveLength(STATIONS * HOURS + 6);
  expect(rows).toEqual(await rowsIn('other'));
  expect(pages()).toBe(0);
});

test('rows that the server refuses are counted and shown, the rest is copied; span and measurements can be chosen', async () => {
  await fetch(`${server.url}/query?q=CREATE DATABASE conflicting`, { method: 'POST' });
  // Its type in that week, which ends with 3 June UTC, is another one.
  const line = `air_hour,station=x pm25="text" ${BEGIN + 10 * HOUR}`;
  await fetch(`${server.url}/write?db=conflicting&precision=ms`, { method: 'POST', body: line });
  const span = ['--from', '2026-06-03T22:00', '--until', '2026-06-04T16:00', '--measurement', 'air_hour,air_day'];
  const said = await copy('--to', `${host}/conflicting`, ...span);
  expect(said.code).toBe(1);
  const [row] = tableOf(said.stdout);
  expect(Number(row!['rows']) + Number(row!['refused'])).toBe(STATIONS * 18);
  expect(Number(row!['refused'])).toBeGreaterThan(0);
  expect(said.stderr.match(/拒收 refused air_hour .*field type conflict/g)).toHaveLength(5);
  const stored = await influxRows(server.url, 'conflicting', 'SELECT * FROM air_hour WHERE "count" > 0');
  expect(stored).toHaveLength(Number(row!['rows']));
});

test('an enterprise’s store gets its own rows alone', async () => {
  const name = `${host}/lantian_brick-works-1`;
  const said = await copy('--to', name);
  expect(tableOf(said.stdout).map(({ measurement, rows }) => [measurement, rows])).toEqual([
    ['emission_hour', '1'],
    ['signal', '1'],
    ['station_status', '1'],
  ]);
  const rows = await rowsIn('lantian_brick-works-1');
  expect(rows).toHaveLength(3);
  expect(JSON.stringify(rows)).not.toContain('huaan');
});

test('a wrong option is told', async () => {
  const wrong: [string[], RegExp][] = [
    [['--to', 'nowhere'], /usage: --to nowhere: .*no such store/],
    [['--from', 'soon'], /usage: --from soon/],
    [['--from', '2026-02-01', '--until', '2026-01-01'], /usage: --from .*before --until/],
    [['--measurement', 'air_huor'], /usage: --measurement air_huor: .*air_hour/],
  ];
  const said = await Promise.all(wrong.map(([options]) => copy(...options)));
  said.forEach(({ code, stderr }, i) => {
    expect(code).toBe(2);
    expect(stderr).toMatch(wrong[i]![1]);
  });
});

test('a server that stays away, or lets nobody in, ends the copy with what to do', async () => {
  const said: string[] = [];
  const options = { retryMost: 50, patience: 1500, now: Date.now, waiting: (words: string) => said.push(words) };
  const away = createInflux1Store({ name: 'away', url: 'http://127.0.0.1:9', database: 'x', timeout: 1000 });
  await expect(patient(away, options).write(figures(1))).rejects.toMatchObject({
    code: 'store-unreachable',
    message: expect.stringMatching(/ECONNREFUSED.*goes on where it stopped/),
  });
  expect(said.length).toBeGreaterThan(1);
  const locked = await startInflux({ config: '[http]\nauth-enabled = true' });
  await fetch(`${locked.url}/query?q=${encodeURIComponent("CREATE USER r WITH PASSWORD 'r' WITH ALL PRIVILEGES")}`, {
    method: 'POST',
  });
  const store = createInflux1Store({ name: 'shut', url: locked.url, database: 'x', timeout: 1000 });
  await expect(patient(store, options).init()).rejects.toMatchObject({ code: 'store-refused' });
});

test('what the embedded store is owed reaches it first, where no pipeline runs; one that was never fed is told of', async () => {
  const place = tempFolder('store-copy');
  const settings = { data: { folder: place }, influx: { url: server.url, database: 'owed' } };
  writeFileSync(join(place, 'lantian.yaml'), JSON.stringify(settings));
  const store = createEmbeddedStore({ file: join(place, 'series.db') });
  await store.write(figures(1).slice(0, 2));
  await store.close();
  const database = openDatabase(join(place, 'lantian.db'), () => {});
  meetVersion(database, 'lantian.db');
  const outbox = createOutbox(database, ['embedded'], { maxBytes: 1e9 });
  outbox.append([...figures(1).slice(1, 5), figures(2)[0]!]);
  database.close();
  const said = await begin('store', 'copy', '-c', join(place, 'lantian.yaml')).said;
  expect(said.code).toBe(0);
  expect(said.stderr).toMatch(/owed: .*restart lantian run first/);
  expect(await rowsIn('owed'), 'one of them begins a series').toHaveLength(6);
});

describe('beside a pipeline that writes', () => {
  test('a row that was changed while it was copied ends as the pipeline has it, fields unset too', async () => {
    const place = tempFolder('store-copy');
    const [from, to] = ['from.db', 'to.db'].map((name) => createEmbeddedStore({ file: join(place, name) }));
    const before = figures(1).slice(0, 100);
    await from!.write(before);
    const change: Point = { ...before[50]!, fields: { pm25: 99, count: 12, valid: true }, gone: ['invalid'] };
    const late: Point = { ...before[49]!, fields: { count: 11, valid: false }, gone: ['pm25'] };
    const database = openDatabase(join(place, 'lantian.db'), () => {});
    const outbox = createOutbox(database, ['embedded', 'target'], { maxBytes: 1e9 });
    const take = async (): Promise<void> => {
      const batch = outbox.read('embedded', 10)!;
      await from!.write(batch.points);
      outbox.taken('embedded', batch.upTo);
      outbox.flush();
    };
    let writes = 0;
    const store = {
      write: async (points: readonly Point[]) => {
        // The target has the change first, then the copy's older rows; the embedded store comes to it later.
        if (writes++ === 0) {
          outbox.append([change, late]);
          await to!.write([change, late]);
          setTimeout(take, 150);
        }
        return to!.write(points);
      },
    };
    const source = openSource(join(place, 'from.db'), () => {});
    const outflow = outflowOf(database, { store: 'embedded', deliver: async () => false, patience: 5000 });
    const marks = marksOf(
      openMarks(join(place, 'marks.db'), () => {}),
      'target',
      'all',
      { newest: outflow.newest(), series: source.series() },
    );
    const wish = { series: source.series(), from: 0, until: BEGIN * 2 };
    const parts = { source, wish, store, marks, outflow, atMost: 40, progress: () => {}, refused: () => {} };
    await copyHistory(parts);
    const everything = { measurement: 'air_hour', from: 0, to: BEGIN * 2 };
    const rows = await to!.read(everything);
    expect(rows).toEqual(await from!.read(everything));
    expect(rows[50]!.fields).toEqual({ pm25: 99, count: 12, valid: true });
    expect(rows[49]!.fields).not.toHaveProperty('pm25');
    expect(writes).toBeGreaterThan(3);
  });

  test('rows that keep coming are left to the pipeline: the copy ends, and writes nothing again for them', async () => {
    const place = tempFolder('store-copy');
    const from = createEmbeddedStore({ file: join(place, 'from.db') });
    const rows = [1, 2, 3].map((station) => figures(station).slice(0, 101));
    for (const some of rows) await from.write(some.slice(0, 100));
    const source = openSource(join(place, 'from.db'), () => {});
    const series = source.series();
    const marks = marksOf(
      openMarks(join(place, 'marks.db'), () => {}),
      'target',
      'all',
      { newest: 0, series },
    );
    const written: number[] = [];
    let newest = 0;
    const store = {
      // While a piece is written each series gets one more row.
      write: async (points: readonly Point[]) => {
        written.push(points.length);
        newest += 1;
        if (written.length === 1) for (const some of rows) await from.write(some.slice(100));
        if (written.length > 50) throw new Error('it does not end');
        return [];
      },
    };
    const wish = { series: marks.reached(source.series()), from: 0, until: BEGIN * 2 };
    const outflow = { newest: () => newest, caughtUp: async () => {} };
    await copyHistory({ source, wish, store, marks, outflow, atMost: 70, progress: () => {}, refused: () => {} });
    expect(written).toEqual([70, 70, 70, 70, 20]);
    expect(source.count(wish)).toBe(300);
    expect(marks.reached(source.series()), 'a run that goes on has the same').toEqual(series);
  });

  test('marks do not fit a file whose series have other numbers', async () => {
    const place = tempFolder('store-copy');
    const numbered = (file: string) => openSource(join(place, file), () => {}).series();
    for (const [file, ...stations] of [['a.db', 1, 2] as const, ['b.db', 2, 1] as const]) {
      const store = createEmbeddedStore({ file: join(place, file) });
      for (const station of stations) await store.write(figures(station).slice(0, 2));
      await store.close();
    }
    const marks = marksOf(
      openMarks(join(place, 'marks.db'), () => {}),
      'target',
      'all',
      { newest: 0, series: numbered('a.db') },
    );
    expect([marks.fits(numbered('a.db')), marks.fits(numbered('b.db'))]).toEqual([true, false]);
  });
});
