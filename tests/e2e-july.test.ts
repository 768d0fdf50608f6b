import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replayWith } from '../src/cli/replay.ts';
import { settingsSchema } from '../src/config/schema.ts';
import { silentLog } from '../src/core/log.ts';
import { HOUR, MINUTE } from '../src/core/time.ts';
import type { Signal } from '../src/core/types.ts';
import { type Lantian, startLantian } from '../src/main.ts';
import { type InfluxRow, influxRows } from './support/influx.ts';
import { type Child, conservation, lantianChild } from './support/lantian.ts';
import { messagesOf, type StationMessage } from './support/messages.ts';
import { dayMeans, HOUR_MS, last24, PLACES, rainOf, readCsv } from './support/prsa.ts';
import { publishFlow } from './support/publish.ts';
import { type Server, startInflux, startMosquitto, tempFolder } from './support/servers.ts';
import { until } from './support/until.ts';

// Whole files as stations would send them: QoS 1 to Mosquitto, through the pipeline, into InfluxDB 1.6, and read back there.

const ends: (() => unknown)[] = [];
afterAll(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const clientOf = async ({ url }: Server): Promise<MqttClient> => {
  const client = await connectAsync(url);
  ends.push(() => client.endAsync(true));
  return client;
};

/** A row by its station and time. */
const byPlace = (rows: readonly InfluxRow[]): Map<string, InfluxRow> =>
  new Map(rows.map((row) => [`${row['station']} ${row['time']}`, row]));

describe('July 2016', () => {
  const FILE = 'tests/data/prsa-2016-07.csv.gz';
  const MAPPING = 'sensors/mappings/prsa.yaml';
  const LENGTHS: Readonly<Record<string, number>> = {
    air_hour: HOUR,
    air_day: 24 * HOUR,
    aqi_hour: HOUR,
    aqi_day: 24 * HOUR,
    air_month: 31 * 24 * HOUR,
    weather_hour: HOUR,
    weather_day: 24 * HOUR,
    rain_rolling: 0,
  };
  const TAGS = ['measurement', 'time', 'county', 'station', 'township', 'enterprise', 'valid', 'invalid'];
  const stored = new Map<string, Map<string, InfluxRow>>();
  let messages: StationMessage[];
  let figures: string[][];
  let child: Child;

  const replayed = async (): Promise<string[][]> => {
    const out = tempFolder('replay');
    const nowhere = { write: () => {} };
    const streams = { stdout: nowhere, stderr: nowhere, env: {} };
    expect(await replayWith([FILE], { mapping: [MAPPING], out }, streams)).toBe(0);
    return parse(readFileSync(join(out, 'figures.csv'), 'utf8'), { from: 2 });
  };

  beforeAll(async () => {
    messages = await messagesOf([{ file: FILE, mapping: MAPPING }]);
    figures = await replayed();
    const [mosquitto, influx] = [await startMosquitto(), await startInflux()];
    child = await lantianChild({
      mqtt: { url: mosquitto.url },
      influx: { url: influx.url, database: 'county' },
      // Ticks work out the county's figures, so many at each.
      intake: { max_age: 'P20000D', tick: 'PT1S' },
    });
    await child.start();
    await until(
      'connected',
      async () => (await child.metrics()).get(`lantian_broker_connected{broker="${mosquitto.url}"}`) === 1,
    );
    await sleep(300);
    const began = performance.now();
    await publishFlow(await clientOf(mosquitto), messages).done;
    await until(
      'stored',
      async () => {
        const metrics = await child.metrics();
        const waiting = [...metrics].filter(([name]) => name.startsWith('lantian_outbox_points{'));
        const due = metrics.get('lantian_figures_due');
        return (
          conservation(metrics).ended >= messages.length &&
          due === 0 &&
          waiting.length === 2 &&
          waiting.every(([, n]) => n === 0)
        );
      },
      { within: 90_000, every: 200 },
    );
    const seconds = (performance.now() - began) / 1000;
    process.stdout.write(
      `${messages.length} messages of July 2016 in ${seconds.toFixed(1)} s through Mosquitto into InfluxDB\n`,
    );
    for (const measurement of Object.keys(LENGTHS))
      stored.set(measurement, byPlace(await influxRows(influx.url, 'county', `SELECT * FROM ${measurement}`)));
  }, 150_000);

  it('each message has become a reading', async () => {
    const metrics = await child.metrics();
    expect(conservation(metrics)).toEqual({
      received: messages.length,
      ended: messages.length,
      inFlight: 0,
      pending: 0,
    });
    expect(metrics.get('lantian_messages_outcome_total{outcome="stored"}')).toBe(messages.length);
  });

  it.each(Object.keys(LENGTHS))('%s: all that a replay of the file gives, with the same numbers', (measurement) => {
    const rows = stored.get(measurement)!;
    let compared = 0;
    for (const [name, time, station, field, value, valid] of figures as [
      string,
      string,
      string,
      string,
      string,
      string,
    ][]) {
      if (name !== measurement) continue;
      // The replay ends with the file; live, the clock closes the day under way, and it counts in its month.
      if (name === 'air_month' && Date.parse(time) + LENGTHS[name]! > messages.at(-1)!.time) continue;
      const row = rows.get(`${station} ${Date.parse(time)}`);
      const mine = [
        String(row?.[field]),
        !String(row?.['invalid'] ?? '')
          .split(',')
          .includes(field),
      ];
      if (mine[0] !== value || String(mine[1]) !== valid)
        expect.fail(`${name} ${station} ${time} ${field}: ${mine} for ${value} ${valid}`);
      compared++;
    }
    expect(compared).toBeGreaterThan(12 * 30);
  });

  it.each(Object.entries(LENGTHS))('%s: nothing that the replay does not give', (measurement, length) => {
    const last = messages.at(-1)!.time;
    const told = new Set(
      figures
        .filter(([name]) => name === measurement)
        .map(([, time, station, field]) => `${station} ${Date.parse(time!)} ${field}`),
    );
    for (const [place, row] of stored.get(measurement)!)
      for (const field of Object.keys(row)) {
        // The replay ends with the file; live, the clock closes what was open then.
        if (TAGS.includes(field) || row[field] === null || Number(row['time']) + length > last) continue;
        if (!told.has(`${place} ${field}`)) expect.fail(`${measurement} ${place} ${field} ${row[field]}`);
      }
  });

  it.each([
    ['pm25', 1],
    ['so2', 1],
    ['co', 1000],
  ])('daily means of %s are those of plain loops', (quantity, divisor) => {
    const july = [Date.parse('2016-07-01T00:00:00+08:00'), Date.parse('2016-08-01T00:00:00+08:00')] as const;
    const means = dayMeans(readCsv(FILE), quantity).filter(({ day }) => day >= july[0] && day < july[1]);
    expect(means.length).toBeGreaterThan(12 * 29);
    for (const { station, day, mean } of means)
      expect(stored.get('air_day')!.get(`${PLACES[station]}-air ${day}`)?.[quantity]).toBeCloseTo(mean / divisor, 6);
  });

  it('24 h sums of rain are those of plain loops', () => {
    let wet = 0;
    for (const [place, hours] of rainOf(readCsv(FILE), 'station', PLACES))
      for (
        let t = Date.parse('2016-07-01T00:00:00+08:00');
        t <= Date.parse('2016-08-01T00:00:00+08:00');
        t += HOUR_MS
      ) {
        const { least } = last24(hours, t);
        expect(stored.get('rain_rolling')!.get(`${place}-weather ${t}`)?.['h24']).toBeCloseTo(least, 6);
        if (least > 100) wet++;
      }
    expect(wet).toBeGreaterThan(12);
  });
});

describe('the made gauges, hour by hour with the clock at the time of the file', () => {
  const TABLE = readFileSync('tests/data/made-gauges-expected.csv', 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
    .map(([time, what, value, ...why]) => ({
      time: Date.parse(time!),
      what: what!,
      value: value!,
      why: why.join(','),
    }));
  const levels = TABLE.filter(({ what }) => what === 'level');
  const sums = TABLE.filter(({ what }) => what !== 'level');
  const told = new Map<number, string>();
  const signals: Signal[] = [];
  let rolling: Map<string, InfluxRow>;
  let clock: number;
  let lantian: Lantian;

  const level = (): string => {
    const last = signals.filter(({ kind, subject }) => kind === 'weather-response' && subject === 'rainstorm').at(-1);
    return last === undefined || ['lifted', 'lapsed'].includes(last.state) ? 'none' : last.level!;
  };

  beforeAll(async () => {
    const messages = await messagesOf([
      { file: 'tests/data/made-gauges.csv', mapping: 'tests/data/made-gauges.yaml' },
      { file: 'tests/data/made-gauges-forecast.csv', mapping: 'tests/data/made-gauges-forecast.yaml' },
    ]);
    const [mosquitto, influx] = [await startMosquitto(), await startInflux()];
    const settings = settingsSchema.parse({
      data: { folder: join(tempFolder('lantian'), 'data') },
      mqtt: { url: mosquitto.url },
      influx: { url: influx.url },
      http: { enabled: false },
    });
    clock = messages[0]!.time - HOUR;
    lantian = await startLantian({ settings, log: silentLog, now: () => clock });
    ends.push(() => lantian.stop());
    const client = await clientOf(mosquitto);
    client.on('message', (_topic, payload) => signals.push(JSON.parse(payload.toString()) as Signal));
    await client.subscribeAsync('lantian/v1/140430/signal/#', { qos: 1 });
    await until('connected', () => lantian.counts().brokerConnected[mosquitto.url] === 1);
    await sleep(300);
    let sent = 0;
    for (const { time } of levels) {
      const due = messages.slice(sent).filter((message) => message.time <= time);
      clock = time;
      await publishFlow(client, due).done;
      sent += due.length;
      await until('applied', () => lantian.counts().received === sent && lantian.counts().inFlight === 0);
      const { ticks } = lantian.counts();
      clock = time + 2 * MINUTE;
      await until('a tick', () => lantian.counts().ticks > ticks);
      await until('published', () => lantian.counts().signalsPending === 0);
      await sleep(50);
      told.set(time, level());
    }
    expect(sent).toBe(messages.length);
    await until('stored', () => Object.values(lantian.counts().outboxPoints).every((points) => points === 0));
    rolling = byPlace(await influxRows(influx.url, 'lantian', 'SELECT * FROM rain_rolling'));
  }, 120_000);

  it('the rainstorm level on MQTT is that of the table', () => {
    expect([...told].map(([time, value]) => [new Date(time).toISOString(), value])).toEqual(
      levels.map(({ time, value }) => [new Date(time).toISOString(), value]),
    );
  });

  it.each(sums.map((row) => [new Date(row.time).toISOString(), row.what, row.value, row.why, row] as const))(
    '%s %s in InfluxDB is %s: %s',
    (_time, _what, _value, _why, { time, what, value }) => {
      const [station, field] = what.split(' ') as [string, string];
      const row = rolling.get(`${station} ${time}`);
      expect(row).toBeDefined();
      expect(row?.[field] ?? 'absent').toBe(value === 'absent' ? value : Number(value));
    },
  );

  it('the gauge that died after 180 mm raises its own signal', () => {
    const dead = signals.filter(({ kind, subject }) => kind === 'station-silent' && subject === 'dingchang-weather');
    expect(dead.map(({ state }) => state)).toEqual(['active']);
    expect(Date.parse(dead[0]!.since)).toBeGreaterThan(Date.parse('2026-07-03T00:00:00+08:00'));
  });
});
