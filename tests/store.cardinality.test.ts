import { beforeAll, expect, test } from 'vitest';
import { feeds } from '../sensors/feeds/index.ts';
import { loadCatalog } from '../src/config/catalog.ts';
import { DAY, HOUR, isoUtc, MINUTE } from '../src/core/time.ts';
import { FEEDS } from '../src/core/types.ts';
import { seriesMost, seriesMostOf } from '../src/store/cardinality.ts';
import { createInflux1Store } from '../src/store/influx1.ts';
import { createOutbox } from '../src/store/outbox.ts';
import { SERIES } from '../src/store/series.ts';
import { WINDOWS, windowOf } from '../src/store/window.ts';
import { influxRows } from './support/influx.ts';
import { settingsOf } from './support/middle.ts';
import { createRig } from './support/pipeline.ts';
import { seeded } from './support/random.ts';
import { type Server, startInflux } from './support/servers.ts';

// Whatever arrives, a store has no more series than the catalog allows.

const catalog = loadCatalog('sensors/counties', '140430');
const settings = settingsOf();
const NOW = Date.UTC(2026, 6, 20, 4);

test('every measurement has a bound', () => {
  expect(Object.keys(seriesMost(catalog, settings)).sort()).toEqual(Object.keys(SERIES).sort());
});

test('windows have names of a closed list; consecutive ones of an issue have different names', () => {
  expect(new Set(WINDOWS).size).toBe(WINDOWS.length);
  const window = (from: number, to: number): string =>
    windowOf({ time: NOW, from: NOW + from * HOUR, to: NOW + to * HOUR });
  expect(window(0, 24)).toBe('PT24H');
  expect(window(24, 48)).toBe('PT24H+PT24H');
  expect(window(3, 27)).toBe('PT24H');
  expect(window(-6, 0)).toBe('PT6H-PT6H');
  expect(window(0.2, 1.1)).toBe('PT1H');
  expect(window(0, 5)).toBe('PT6H');
  expect(window(9000, 99_999)).toBe('PT240H+PT240H');
  for (const [length, lead] of [
    [1, 0.5],
    [3, 1],
    [24, 7],
    [24, -10],
  ] as const) {
    const names = Array.from({ length: 9 }, (_, i) => window(lead + i * length, lead + (i + 1) * length));
    expect(new Set(names).size, `${length} ${lead}`).toBe(9);
  }
  const random = seeded(7);
  for (let i = 0; i < 20_000; i++) {
    const from = (random() - 0.3) * 10 ** (random() * 5);
    expect(WINDOWS).toContain(window(from, from + 0.01 + 10 ** (random() * 5) * random()));
  }
});

const TOWNSHIP = 'dingchang';

/** Messages of every feed, right and wrong, of strange stations, windows, periods and texts. */
const messages = (count: number, random: () => number) => {
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const stations = [
    ...catalog.stations.keys(),
    ...catalog.townships.map(({ id }) => id),
    'county',
    'x-1',
    '沁县',
    'a b',
  ];
  const strange = (): string => `s${Math.floor(random() * 1e9)}`;
  const feedOf = (station: string) => {
    const own = Object.keys(catalog.stations.get(station)?.feeds ?? { forecast: 1 });
    return random() < 0.9 ? one(own) : one([...FEEDS, strange()]);
  };
  const valuesOf = (feed: string) => {
    const quantities = Object.keys(feeds[feed as 'air']?.quantities ?? { pm25: 1 });
    const names = Array.from({ length: 3 }, () => (random() < 0.95 ? one(quantities) : strange()));
    return Object.fromEntries(names.map((name) => [name, Math.round(random() * 60)]));
  };
  return Array.from({ length: count }, () => {
    // Many forecasts of one township, more than there are windows.
    const station = random() < 0.4 ? TOWNSHIP : random() < 0.9 ? one(stations) : strange();
    const feed = feedOf(station);
    const time = NOW - Math.floor(random() ** 3 * 390 * DAY) + (random() < 0.05 ? 99 * DAY : 0);
    const from = time + Math.round((random() - 0.3) * 500 * HOUR);
    const body = {
      time: random() < 0.5 ? time : isoUtc(time),
      ...(random() < 0.3 ? { period: one(['PT5M', 'PT1H', 'P1M', 'PT37M', 'P3D', strange()]) } : {}),
      ...(feed === 'forecast' ? { from, to: from + Math.round(random() ** 2 * 600 * HOUR) } : {}),
      ...(feed === 'emission' ? { status: one(['running', 'stopped', strange()]) } : {}),
      ...(random() < 0.05 ? { [strange()]: strange() } : {}),
      values: valuesOf(feed),
    };
    const payload = random() < 0.03 ? strange() : JSON.stringify(body);
    return { topic: `lantian/v1/${random() < 0.97 ? '140430' : strange()}/${feed}/${station}`, payload, received: NOW };
  });
};

let server: Server;
beforeAll(async () => {
  server = await startInflux();
});

test('thousands of messages, right and wrong, make no more series than the catalog allows', async () => {
  const rig = createRig(catalog, { settings, now: () => NOW });
  const store = createInflux1Store({ name: 'i', url: server.url, database: 'lantian', timeout: 30_000 });
  await store.init();
  const outbox = createOutbox(rig.database, ['store'], { maxBytes: 1e9 });
  rig.send(...messages(6000, seeded(20_260_720)));
  rig.pipeline.drain();
  rig.tick(NOW);
  rig.tick(NOW + MINUTE * 10);
  rig.pipeline.drain();
  const { outcomes } = rig.pipeline.counts();
  expect(outcomes.stored).toBeGreaterThan(2000);
  expect(outcomes.quarantined).toBeGreaterThan(500);
  const issued = rig.database
    .prepare('SELECT count(*) AS n FROM archive JOIN archive_series ON id = series WHERE station = ?')
    .get(TOWNSHIP);
  expect(Number(issued!['n'])).toBeGreaterThan(2 * WINDOWS.length);
  for (let batch = outbox.read('store', 5000); batch; batch = outbox.read('store', 5000)) {
    expect(await store.write(batch.points)).toEqual([]);
    outbox.taken('store', batch.upTo);
  }
  // The list itself: EXACT CARDINALITY of InfluxDB 1.6 counts a series once in each shard.
  const keys = (await influxRows(server.url, 'lantian', 'SHOW SERIES')).map(({ key }) => String(key));
  const most = seriesMost(catalog, settings);
  const counts = new Map<string, number>();
  for (const key of new Set(keys)) counts.set(key.split(',')[0]!, (counts.get(key.split(',')[0]!) ?? 0) + 1);
  for (const [measurement, count] of counts) expect(count, measurement).toBeLessThanOrEqual(most[measurement]!);
  const windows = new Set(keys.filter((key) => key.startsWith('forecast,') && key.includes(`station=${TOWNSHIP}`)));
  expect(windows.size).toBeLessThanOrEqual(WINDOWS.length);
  expect([...counts.keys()]).toEqual(expect.arrayContaining(['forecast', 'signal', 'station_status', 'water_class']));
  const [whole] = await influxRows(server.url, 'lantian', 'SHOW SERIES CARDINALITY');
  const cardinality = Number(whole!['cardinality estimation']);
  expect(cardinality).toBeGreaterThan(400);
  expect(cardinality).toBeLessThanOrEqual(seriesMostOf(catalog, settings));
  await store.close();
});
