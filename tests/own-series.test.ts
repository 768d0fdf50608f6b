import { connectAsync } from 'mqtt';
import { describe, expect, test } from 'vitest';
import { loadCatalog } from '../src/config/catalog.ts';
import { noCounts } from '../src/core/counts.ts';
import { machineOf } from '../src/core/machine.ts';
import { HOUR, MINUTE } from '../src/core/time.ts';
import type { Point } from '../src/core/types.ts';
import { createObserver } from '../src/observer.ts';
import { createDelays } from '../src/store/delays.ts';
import { ownPoints } from '../src/store/own-series.ts';
import { placePoints } from '../src/store/places.ts';
import { mistakeOf, SERIES } from '../src/store/series.ts';
import { influxRows } from './support/influx.ts';
import { lantianChild } from './support/lantian.ts';
import { busyCounts } from './support/parts.ts';
import { startInflux } from './support/servers.ts';
import { until } from './support/until.ts';

const T0 = Date.parse('2026-07-20T00:00:00Z');
const catalog = loadCatalog('sensors/counties', '140430');
const machine = { memory: 1e8, diskFree: 5e9 };

describe('delays', () => {
  const clocked = (stores: Record<string, number | undefined>) => {
    let time = T0;
    const delays = createDelays(stores, () => time);
    return { delays, to: (at: number) => (time = T0 + at) };
  };

  test('from receipt to the commit, and to each store by itself', () => {
    const { delays, to } = clocked({ fast: undefined, slow: undefined });
    to(10);
    delays.committed(1, [T0, T0 + 5]);
    to(30);
    delays.committed(2, [T0 + 20]);
    to(40);
    delays.taken('fast', 2);
    expect(delays.quantiles()).toEqual({ p50: 10, p99: 10 });
    expect(delays.quantiles('fast')).toEqual({ p50: 35, p99: 40 });
    expect(delays.quantiles('slow')).toBeUndefined();
    expect([delays.age('fast'), delays.age('slow')]).toEqual([0, 30]);
    to(100);
    delays.taken('slow', 1);
    expect([delays.quantiles('slow'), delays.age('slow')]).toEqual([{ p50: 100, p99: 100 }, 70]);
    expect(delays.quantiles(), 'used up').toBeUndefined();
  });

  test('what an earlier run left waiting counts from the start', () => {
    const { delays, to } = clocked({ owed: 7, even: undefined });
    to(5000);
    expect([delays.age('owed'), delays.age('even')]).toEqual([5000, 0]);
    delays.taken('owed', 6);
    expect(delays.age('owed')).toBe(5000);
    delays.taken('owed', 7);
    expect(delays.age('owed')).toBe(0);
  });

  test('a commit that gave the outbox nothing is not waited for', () => {
    const { delays, to } = clocked({ store: undefined });
    delays.committed(1, [T0]);
    delays.taken('store', 1);
    delays.quantiles('store');
    to(1000);
    delays.committed(1, [T0 + 1000]);
    to(900_000);
    delays.committed(2, [T0 + 900_000]);
    expect(delays.age('store'), 'the new row alone waits').toBe(0);
    to(900_010);
    delays.taken('store', 2);
    expect(delays.quantiles('store')).toEqual({ p50: 10, p99: 10 });
  });

  test('a store that is down for long costs bounded memory, and its age stays right', () => {
    const { delays, to } = clocked({ down: undefined });
    to(1);
    for (let row = 1; row <= 50_000; row++) delays.committed(row, [T0]);
    to(60_000);
    expect(delays.age('down')).toBe(59_999);
    delays.taken('down', 49_999);
    expect(delays.age('down'), 'the newest row still waits').toBeGreaterThan(0);
    delays.taken('down', 50_000);
    expect(delays.age('down')).toBe(0);
    expect(delays.quantiles('down')?.p50).toBe(60_000);
  });

  test('quantiles of very many messages', () => {
    const { delays, to } = clocked({});
    to(1000);
    for (let i = 0; i < 100; i++)
      delays.committed(
        i,
        Array.from({ length: 1000 }, (_, n) => T0 + n),
      );
    const { p50, p99 } = delays.quantiles()!;
    expect(Math.abs(p50 - 500)).toBeLessThan(20);
    expect(Math.abs(p99 - 990)).toBeLessThan(10);
  });
});

describe('rows about the pipeline', () => {
  const rowsOf = (before = noCounts()): Point[] =>
    ownPoints({
      county: '140430',
      time: T0,
      counts: busyCounts(),
      before,
      stores: [
        { name: 'embedded', connected: true },
        { name: 'influx', connected: false },
      ],
      delays: createDelays({ embedded: undefined, influx: 1 }, () => T0),
      machine,
    });

  test('say what came and what is held, by store, and fit their series', () => {
    const [pipeline, embedded, influx] = rowsOf();
    expect(pipeline).toMatchObject({
      measurement: 'pipeline',
      tags: { county: '140430' },
      fields: { received: 1000, stored: 900, duplicate: 50, quarantined: 30, quarantined_bad_json: 10, disk_free: 5e9 },
    });
    expect(embedded).toMatchObject({ tags: { store: 'embedded' }, fields: { written: 5000, age: 0, connected: true } });
    expect(influx?.fields).toMatchObject({ outbox_points: 12, refused: 2, failures: 3, dropped: 1, connected: false });
    for (const point of rowsOf()) {
      expect(mistakeOf(point)).toBeUndefined();
      expect(SERIES[point.measurement]?.tags.toSorted()).toEqual(Object.keys(point.tags).sort());
    }
  });

  test('count from the row before', () => {
    const [pipeline, , influx] = rowsOf(busyCounts());
    expect(pipeline?.fields).toMatchObject({ received: 0, stored: 0, late: 0, in_flight: 20, journal_pending: 20 });
    expect(pipeline?.fields).not.toHaveProperty('quarantined_bad_json');
    expect(influx?.fields).toMatchObject({ written: 0, refused: 0, outbox_points: 12 });
  });

  test('the machine says what is free where the data lie', () => {
    const { memory, diskFree } = machineOf('.');
    expect(memory).toBeGreaterThan(1e7);
    expect(diskFree).toBeGreaterThan(0);
  });
});

describe('places', () => {
  const points = placePoints(catalog, T0);
  const place = (id: string) => points.find(({ tags }) => tags['station'] === id)!;

  test('every station, township and enterprise has one row that fits the series', () => {
    const ids = points.map(({ tags }) => tags['station']);
    expect(new Set(ids).size).toBe(ids.length);
    const known = [...catalog.stations.keys(), ...catalog.townships.map(({ id }) => id), ...catalog.enterprises.keys()];
    expect(ids.toSorted()).toEqual(known.sort());
    for (const point of points) expect(mistakeOf(point)).toBeUndefined();
  });

  test('name, kind and what the catalog says of it', () => {
    const section = [...catalog.stations.values()].find(({ target }) => target !== undefined)!;
    expect(place(section.id).fields).toMatchObject({ kind: 'water', name: section.name.zh });
    expect(place(section.id).fields['target']).toBe(['I', 'II', 'III', 'IV', 'V'].indexOf(section.target!) + 1);
    const outlet = catalog.stations.get('brick-works-1-kiln')!;
    expect(place(outlet.id)).toMatchObject({
      tags: { county: '140430', enterprise: 'brick-works-1' },
      fields: { kind: 'outlet', limit_so2: outlet.limits?.['so2'], longitude: outlet.longitude },
    });
    expect(place('brick-works-1').fields['label']).toBe(
      `${catalog.enterprises.get('brick-works-1')!.name.zh}|brick-works-1`,
    );
  });
});

test('places at once, each hour and with a new catalog; the pipeline at each whole interval', () => {
  let time = T0 + MINUTE;
  let known = catalog;
  const written: Point[] = [];
  const observer = createObserver({
    every: 5 * MINUTE,
    delays: createDelays({}, () => time),
    now: () => time,
    catalog: () => known,
    counts: busyCounts,
    stores: () => [],
    machine: () => machine,
    write: (points) => written.push(...points),
  });
  const beat = (at: number): string[] => {
    time = at;
    written.length = 0;
    observer.beat();
    return [...new Set(written.map(({ measurement, time: of }) => `${measurement} ${(of - T0) / MINUTE}`))];
  };
  expect(beat(T0 + MINUTE)).toEqual(['place 0']);
  expect(beat(T0 + 4 * MINUTE)).toEqual([]);
  expect(beat(T0 + 5 * MINUTE + 700)).toEqual(['pipeline 5']);
  expect(beat(T0 + 6 * MINUTE)).toEqual([]);
  known = { ...catalog };
  expect(beat(T0 + 7 * MINUTE)).toEqual(['place 0']);
  expect(beat(T0 + HOUR)).toEqual(['place 60', 'pipeline 60']);
});

test('a running pipeline writes them to InfluxDB, beside what it received', async () => {
  const influx = await startInflux();
  const child = await lantianChild({ influx: { url: influx.url }, status: { every: 'PT1S' } });
  await child.start();
  const client = await connectAsync(`mqtt://127.0.0.1:${child.mqttPort}`);
  const payload = JSON.stringify({ time: Date.now() - MINUTE, values: { pm25: 35 } });
  for (const station of ['dingchang-air', 'dingchang-air', 'unheard-of'])
    await client.publishAsync(`lantian/v1/140430/air/${station}`, payload, { qos: 1 });
  await client.endAsync();
  const sum = async (): Promise<unknown> =>
    (
      await influxRows(
        influx.url,
        'lantian',
        'SELECT sum(received) AS received, sum(stored) AS stored, sum(duplicate) AS duplicate, sum(quarantined_unknown_station) AS unknown FROM pipeline',
      )
    )[0];
  await until(
    'three messages are in the series',
    async () => ((await sum()) as { received?: number } | undefined)?.received === 3,
  );
  expect(await sum()).toMatchObject({ received: 3, stored: 1, duplicate: 1, unknown: 1 });
  const stores = await influxRows(influx.url, 'lantian', 'SELECT sum(written) AS n FROM pipeline_store GROUP BY store');
  expect(stores).toHaveLength(2);
  const late = await influxRows(influx.url, 'lantian', 'SELECT max(latency_p99) AS ms FROM pipeline, pipeline_store');
  expect(late.map(({ ms }) => Number(ms) >= 0 && Number(ms) < 30_000)).toEqual([true, true]);
  const names = await influxRows(
    influx.url,
    'lantian',
    'SELECT last("name") AS "name" FROM "place" GROUP BY "station"',
  );
  expect(names).toHaveLength(catalog.stations.size + catalog.townships.length + catalog.enterprises.size);
  await child.end('SIGTERM');
});
