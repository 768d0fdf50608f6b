// The queries of the dashboards of operations and of an enterprise, and of the alert rules, asked as Grafana asks them of a real InfluxDB that a
// running pipeline writes to.
import { connectAsync } from 'mqtt';
import { beforeAll, describe, expect, test } from 'vitest';
import { WATCHES } from '../dashboards/alerting.ts';
import { enterprise } from '../dashboards/enterprise.ts';
import type { InfluxTarget } from '../dashboards/lib/query.ts';
import { operations } from '../dashboards/operations.ts';
import { DAY, floorTo, HOUR, MINUTE } from '../src/core/time.ts';
import { asAsked } from './support/grafana-query.ts';
import { type InfluxRow, influxRows, influxTable } from './support/influx.ts';
import { type Child, lantianChild } from './support/lantian.ts';
import { type Server, startInflux } from './support/servers.ts';
import { until } from './support/until.ts';

const OUTLET = 'brick-works-1-kiln';
const NOW = Date.now();
const START = floorTo(NOW, HOUR) - 30 * HOUR;

let influx: Server;
let child: Child;

/** Five-minute readings of thirty hours: the third hour of each six is above the permit. */
const readings = (): { time: number; values: Record<string, number>; status: string }[] =>
  Array.from({ length: 30 * 12 }, (_, index) => {
    const hour = Math.floor(index / 12);
    const so2 = hour % 6 === 2 ? 400 : 20;
    const status = hour % 6 === 4 ? 'stopped' : 'running';
    return { time: START + (index + 1) * 5 * MINUTE, values: { pm: 5, so2, nox: 30, o2: 17, flow: 1000 }, status };
  });

const rowsOf = (query: string, chosen = {}, from = NOW - 3 * DAY): Promise<InfluxRow[]> =>
  influxRows(influx.url, 'lantian', asAsked(query, { from, to: Date.now() + DAY, interval: '1h', chosen }));

beforeAll(async () => {
  influx = await startInflux();
  child = await lantianChild({ influx: { url: influx.url, enterprises: true }, status: { every: 'PT1S' } });
  await child.start();
  const client = await connectAsync(`mqtt://127.0.0.1:${child.mqttPort}`);
  const send = (topic: string, body: object) => client.publishAsync(topic, JSON.stringify(body), { qos: 1 });
  for (const reading of readings()) await send(`lantian/v1/140430/emission/${OUTLET}`, reading);
  await send('lantian/v1/140430/air/unheard-of', { time: NOW, values: { pm25: 1 } });
  await client.endAsync();
  await until('everything is stored', async () => {
    const [row] = await rowsOf('SELECT sum("stored") + sum("quarantined") AS n FROM "pipeline" WHERE $timeFilter');
    const days = await rowsOf('SELECT "transfer" FROM "emission_compliance_day" WHERE $timeFilter');
    return Number(row?.['n']) === 30 * 12 + 1 && days.length > 0;
  });
}, 60_000);

const targetsOf = (made: ReturnType<typeof operations>) =>
  (made.panels ?? []).flatMap((panel) =>
    ('targets' in panel ? (panel.targets ?? []) : []).map((target) => ({
      title: panel.title,
      ...(target as InfluxTarget),
    })),
  );

/** Their series is written by the clock's ticks, the first of which comes later than this test ends. */
const LATER = /^(站点在线情况|各站点最后一次数据)$/;

describe.each([
  ['operations', targetsOf(operations('zh'))],
  ['enterprise', targetsOf(enterprise('zh'))],
] as const)('%s', (_, targets) => {
  test.each(targets.map((target) => [`${target.title} ${target.refId}`, target] as const))('%s', async (__, target) => {
    const rows = await rowsOf(target.query);
    if (!LATER.test(target.title ?? '')) expect(rows.length, target.query).toBeGreaterThan(0);
  });
});

test('a station with two feeds has a row for each: one that is silent is not hidden by the other', async () => {
  const { query } = targetsOf(operations('zh')).find(
    ({ title, refId }) => title === '各站点最后一次数据' && refId === 'A',
  )!;
  const lines = ['air online=true,age=1', 'weather online=false,age=9000'].map(
    (rest) => `station_status,county=140430,station=two,feed=${rest} ${NOW}`,
  );
  await fetch(`${influx.url}/query?q=CREATE DATABASE feeds`, { method: 'POST' });
  await fetch(`${influx.url}/write?db=feeds&precision=ms`, { method: 'POST', body: lines.join('\n') });
  const asked = asAsked(query, { from: NOW - DAY, to: NOW + DAY, interval: '1h', chosen: {} });
  const rows = await influxTable(influx.url, 'feeds', asked);
  expect(rows.map(({ station, feed, online }) => [station, feed, online])).toEqual([
    ['two', 'air', true],
    ['two', 'weather', false],
  ]);
});

test('an outlet that is chosen is asked for alone; another one has nothing', async () => {
  const { query } = targetsOf(enterprise('zh')).find(({ title }) => title === '超标明细')!;
  expect(await rowsOf(query, { outlet: [OUTLET] })).toHaveLength(5);
  expect(await rowsOf(query, { outlet: ['huaan-coking-chimney', 'brick-works-2-kiln'] })).toEqual([]);
});

test('an enterprise’s own database answers its dashboard, and names its own places alone', async () => {
  const asked = { from: NOW - 3 * DAY, to: Date.now() + DAY, interval: '1h' };
  const own = (query: string, enterprise = 'brick-works-1') =>
    influxRows(influx.url, `lantian_${enterprise}`, asAsked(query, asked));
  for (const { title, query } of targetsOf(enterprise('zh')))
    expect((await own(query)).length, title).toBeGreaterThan(0);
  const outlets = enterprise('zh').templating.list!.find(({ name }) => name === 'outlet')!;
  const labels = (await own(String(outlets.query))).map(({ label }) => String(label).split('|')[1]);
  expect([...new Set(labels)]).toEqual([OUTLET]);
  expect(await own('SELECT * FROM "pipeline"')).toEqual([]);
  expect(await own('SELECT * FROM "emission_compliance"', 'brick-works-2')).toEqual([]);
});

test('numbers of the enterprise: compliance, hours above, transfer', async () => {
  const one = async (title: string): Promise<number> => {
    const { query } = targetsOf(enterprise('zh')).find((target) => target.title === title)!;
    const [row] = await rowsOf(query);
    return Number(Object.entries(row!).find(([name]) => name !== 'time' && name !== 'measurement')![1]);
  };
  const [above, judged, compliance] = [await one('超标小时'), await one('可判定小时'), await one('达标率')];
  expect(above).toBeGreaterThan(0);
  expect(compliance).toBeCloseTo(1 - above / judged);
  expect(await one('数据传输率')).toBeGreaterThan(0);
});

describe('alert rules', () => {
  /** Whether a rule holds for any store, as Grafana works it out: the last value beyond the line; no rows: what the rule says. */
  const holds = async ({ query, when, silence }: (typeof WATCHES)[number], from: number): Promise<boolean> => {
    const rows = await rowsOf(query, {}, from);
    const values = rows.map((row) => Object.entries(row).find(([name]) => !/^(time|measurement)$/.test(name))?.[1]);
    if (rows.length === 0) return silence === 'Alerting';
    return values.some((value) => (when.is === 'gt' ? Number(value) > when.than : Number(value) < when.than));
  };
  const holding = async (from: number): Promise<string[]> => {
    const found = await Promise.all(WATCHES.map(async (watch) => ((await holds(watch, from)) ? watch.uid : '')));
    return found.filter((uid) => uid !== '');
  };

  test('none holds while all is well', async () => {
    // The disk is the machine's own.
    expect((await holding(NOW - 10 * MINUTE)).filter((uid) => uid !== 'lantian-disk-left')).toEqual([]);
  });

  test('a dead pipeline is noticed, once', async () => {
    await child.kill9();
    expect(await holding(Date.now() + 2000)).toEqual(['lantian-dead']);
  });
});
