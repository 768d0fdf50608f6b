import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync } from 'mqtt';
import { expect, it, onTestFinished } from 'vitest';
import { generate } from '../sensors/simulator/generate.ts';
import { loadCatalog } from '../src/config/catalog.ts';
import { DAY, floorTo, HOUR } from '../src/core/time.ts';
import { SERIES } from '../src/store/series.ts';
import { type InfluxRow, influxRows } from './support/influx.ts';
import { type Child, conservation, lantianChild, type Metrics, residentBytes } from './support/lantian.ts';
import { type Outgoing, publishFlow } from './support/publish.ts';
import { startInflux, startMosquitto } from './support/servers.ts';
import { until } from './support/until.ts';

// InfluxDB killed, 200,000 messages, InfluxDB started again: all is there, the later edition of what was revised, and memory flat.

const MESSAGES = 200_000;
const BEFORE = 5_000;
const EVERY = 100;
/**
 * Once half is applied no more than this is added, bytes: by then the heap and SQLite's caches have their size. Points kept in memory would be
 * several times their text: some 150 MB for the second half, and more than the heap holds for the whole.
 */
const FLAT = 48 * 1024 ** 2;
/** Old space of the child, MB. V8 collects the less the more it is given; with this much, what is kept cannot hide. */
const HEAP = 160;
const DATABASE = 'lantian';

type Body = { time: string; values: Record<string, number> };
interface Edition {
  readonly station: string;
  readonly time: number;
  readonly values: Record<string, number>;
}

/** A calm county's messages; every hundredth is followed, much later, by another edition of an air reading. */
const load = (): { messages: Outgoing[]; revisions: Edition[] } => {
  const end = floorTo(Date.now(), HOUR);
  const messages: Outgoing[] = [];
  const revisions: Edition[] = [];
  const waiting: Outgoing[] = [];
  for (const { topic, payload } of generate(loadCatalog('sensors/counties', '140430'), 'calm', {
    from: end - 60 * DAY,
    to: end,
    seed: 3,
  })) {
    if (messages.length >= BEFORE + MESSAGES) break;
    messages.push({ topic, payload });
    if (messages.length % EVERY !== 0) continue;
    const late = waiting.length > 20 ? waiting.shift() : undefined;
    if (late) messages.push(late);
    if (!topic.includes('/air/') || messages.length < BEFORE) continue;
    const body = JSON.parse(payload) as Body;
    const values = Object.fromEntries(Object.entries(body.values).map(([name, value]) => [name, value + 100]));
    waiting.push({ topic, payload: JSON.stringify({ ...body, values }) });
  }
  for (const { topic, payload } of messages) {
    const body = JSON.parse(payload) as Body;
    const place = { station: topic.split('/').at(-1)!, time: Date.parse(body.time) };
    if ((body.values['pm10'] ?? 0) > 100 && topic.includes('/air/')) revisions.push({ ...place, values: body.values });
  }
  return { messages: messages.slice(0, BEFORE + MESSAGES), revisions };
};

/** How many values each field has, and their sum where they are numbers. */
type Totals = Record<string, { count: number; sum: number }>;

const embeddedTotals = (child: Child): Totals => {
  const rows = child.rows<{ name: string; count: number; sum: number }>(
    'series.db',
    `SELECT measurement || ' ' || key AS name, count(*) AS count, sum(CASE WHEN type IN ('integer', 'real') THEN value ELSE 0 END) AS sum
     FROM point JOIN series ON series.id = point.series, json_each(fields) GROUP BY 1`,
  );
  return Object.fromEntries(rows.map(({ name, count, sum }) => [name, { count, sum }]));
};

const influxTotals = async (url: string): Promise<Totals> => {
  const totals: Totals = {};
  const gather = (rows: readonly InfluxRow[], what: 'count' | 'sum'): void => {
    for (const row of rows)
      for (const [column, value] of Object.entries(row)) {
        if (!column.startsWith(`${what}_`)) continue;
        // A field that no row has.
        if (value === null || value === 0) continue;
        const field = `${row['measurement']} ${column.slice(what.length + 1)}`;
        const total = totals[field] ?? { count: 0, sum: 0 };
        totals[field] = total;
        total[what] = Number(value);
      }
  };
  // One by one: a field that is a number in one measurement and a text in another (level) is asked for as one of them by a pattern.
  for (const measurement of Object.keys(SERIES)) {
    gather(await influxRows(url, DATABASE, `SELECT count(*) FROM "${measurement}"`), 'count');
    gather(await influxRows(url, DATABASE, `SELECT sum(*) FROM "${measurement}"`), 'sum');
  }
  return totals;
};

const waiting = (metrics: Metrics, server: string): number =>
  metrics.get(`lantian_outbox_points{store="${server}/${DATABASE}"}`) ?? Number.NaN;

it(`InfluxDB away for ${MESSAGES} messages`, async () => {
  const { messages, revisions } = load();
  expect(revisions.length).toBeGreaterThan(50);
  const [mosquitto, influx] = [await startMosquitto(), await startInflux()];
  const child = await lantianChild(
    {
      mqtt: { url: mosquitto.url },
      influx: { url: influx.url, database: DATABASE },
      outbox: { retry_most: 'PT1S' },
      // No tick between the last look and the end.
      intake: { tick: 'PT1H' },
      log: { level: 'error' },
    },
    { env: { NODE_OPTIONS: `--max-old-space-size=${HEAP} --max-semi-space-size=16` } },
  );
  await child.start();
  const name = new URL(influx.url).host;
  const settled = async (count: number, store: boolean): Promise<boolean> => {
    const metrics = await child.metrics();
    const stored = metrics.get('lantian_messages_outcome_total{outcome="stored"}') ?? 0;
    const { pending } = conservation(metrics);
    const embedded = metrics.get('lantian_outbox_points{store="embedded"}');
    return stored >= count && pending === 0 && embedded === 0 && (!store || waiting(metrics, name) === 0);
  };
  const client = await connectAsync(mosquitto.url);
  onTestFinished(() => client.endAsync(true).then(() => {}));
  await until(
    'connected',
    async () => (await child.metrics()).get(`lantian_broker_connected{broker="${mosquitto.url}"}`) === 1,
  );
  await sleep(300);
  await publishFlow(client, messages.slice(0, BEFORE), { inFlight: 1000 }).done;
  await until('all there before the outage', () => settled(BEFORE, true));

  await influx.kill9();
  const samples: number[] = [];
  const sampler = setInterval(() => samples.push(residentBytes(child.pid!)), 100);
  onTestFinished(() => clearInterval(sampler));
  const began = performance.now();
  const flow = publishFlow(client, messages.slice(BEFORE), { inFlight: 1000 });
  const applied = async (): Promise<number> => conservation(await child.metrics()).ended;
  await until('half of it', async () => (await applied()) > BEFORE + MESSAGES / 2, { within: 150_000, every: 100 });
  const warm = Math.max(...samples.splice(0));
  await flow.done;
  await until('all applied', () => settled(messages.length, false), { within: 150_000, every: 250 });
  const taken = (performance.now() - began) / 1000;
  const full = await child.metrics();
  const held = waiting(full, name);
  const bytes = full.get(`lantian_outbox_bytes{store="${name}/${DATABASE}"}`) ?? 0;
  expect(held).toBeGreaterThan(MESSAGES);

  const back = performance.now();
  await influx.restart();
  await until('all there after the outage', () => settled(messages.length, true), { within: 150_000, every: 250 });
  const caughtUp = (performance.now() - back) / 1000;
  clearInterval(sampler);
  const most = Math.max(...samples);

  const metrics = await child.metrics();
  const { received, ended, inFlight } = conservation(metrics);
  expect([received, inFlight]).toEqual([ended, 0]);
  expect(metrics.get(`lantian_outbox_dropped_total{store="${name}/${DATABASE}"}`) ?? 0).toBe(0);
  expect(metrics.get(`lantian_store_refused_total{store="${name}/${DATABASE}"}`) ?? 0).toBe(0);
  expect(await child.end('SIGTERM')).toEqual({ code: 0, signal: null });

  const mb = (bytes: number) => `${Math.round(bytes / 1024 ** 2)} MB`;
  process.stdout.write(
    `${MESSAGES} messages in ${taken.toFixed(1)} s with InfluxDB away, ${held} points (${mb(bytes)}) waited, written in ${caughtUp.toFixed(1)} s; ` +
      `memory ${mb(warm)} when warm, ${mb(most)} at most\n`,
  );
  const [ours, theirs] = [embeddedTotals(child), await influxTotals(influx.url)];
  const counts = (totals: Totals) =>
    Object.fromEntries(
      Object.entries(totals)
        .map(([field, { count }]) => [field, count])
        .sort(),
    );
  expect(counts(theirs)).toEqual(counts(ours));
  for (const [field, { sum }] of Object.entries(ours)) expect(theirs[field]!.sum, field).toBeCloseTo(sum, 2);
  const rows = await influxRows(influx.url, DATABASE, 'SELECT * FROM air WHERE pm10 > 100');
  const found = new Map(rows.map((row) => [`${row['station']} ${row['time']}`, row]));
  for (const { station, time, values } of revisions) expect(found.get(`${station} ${time}`)).toMatchObject(values);
  expect(most - warm).toBeLessThan(FLAT);
}, 360_000);
