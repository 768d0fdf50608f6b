// What comes from the field, by each of the gateway's ways, is what the pipeline stores: a real Node-RED with the delivered flows, a
// real broker, the pipeline as a user runs it, a serial line and a Modbus/TCP device.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readFlow } from '../flows/compose.ts';
import { HOUR, isoBeijing, isoUtc, MINUTE } from '../src/core/time.ts';
import { type ModbusDevice, openSerialLine, type SerialLine, startModbusDevice } from './support/field.ts';
import { type Child, lantianChild } from './support/lantian.ts';
import { type NodeRed, startNodeRed } from './support/node-red.ts';
import { type Server, startMosquitto, tempFolder } from './support/servers.ts';
import { until } from './support/until.ts';

const NOW = Math.floor(Date.now() / MINUTE) * MINUTE;

const REGISTERS = (port: number, closed: number) => `
devices:
  - { station: dingchang-air, feed: air, host: 127.0.0.1, port: ${port}, unit: 7, registers: [
      { quantity: pm25, address: 10, type: uint16, factor: 0.1 },
      { quantity: pm10, address: 11, type: int16 },
      { quantity: co, address: 20, type: float32, order: little },
      { quantity: so2, function: 4, address: 3, type: uint32, factor: 0.01, offset: -2 },
      { quantity: o3, function: 4, address: 5, type: uint16, missing: [65535] },
      { quantity: no2, function: 4, address: 6, type: int32 } ] }
  - { station: guocun-air, feed: air, host: 127.0.0.1, port: ${closed}, registers: [ { quantity: pm25, address: 0, type: int16 } ] }
`;

const MAPPING = `
time: 时间
station: { column: 站点, map: { 北站: yangan-weather } }
missing: ["", "-"]
feeds: { weather: { rain: 雨量, temperature: { column: 气温, unit: K } } }
`;

let broker: Server;
let child: Child;
let red: NodeRed;
let line: SerialLine;
let device: ModbusDevice;
const drop = tempFolder('drop');

interface Row {
  readonly station: string;
  readonly time: number;
  readonly start: number;
  readonly body: string;
}

/** Readings of a station in the archive of the pipeline, in order of time. */
const stored = (feed: string, station: string) =>
  child
    .rows<Row>(
      'lantian.db',
      `SELECT station, time, start, body FROM archive JOIN archive_series ON id = series
       WHERE feed = '${feed}' AND station = '${station}' ORDER BY time, start`,
    )
    .map(({ time, start, body }) => ({ time, start, values: JSON.parse(body).values as Record<string, number> }));

const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
  const answer = await fetch(`${red.url}/lantian/readings/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    signal: AbortSignal.timeout(8000),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

interface Problems {
  readonly counts: Record<string, number>;
  readonly problems: { source: string; where: string; reason: string; words: string; detail: string }[];
}
const problems = async (): Promise<Problems> => (await (await fetch(`${red.url}/lantian/problems`)).json()) as Problems;

beforeAll(async () => {
  [broker, line, device] = await Promise.all([startMosquitto(), openSerialLine(), startModbusDevice()]);
  child = await lantianChild({ mqtt: { url: broker.url } });
  const registers = join(tempFolder('modbus'), 'registers.yaml');
  writeFileSync(registers, REGISTERS(device.port, 1));
  device.holding.writeUInt16BE(351, 20);
  device.holding.writeInt16BE(62, 22);
  device.holding.writeUInt16BE(0xcccd, 40);
  device.holding.writeUInt16BE(0x3f4c, 42);
  device.input.writeUInt32BE(1234, 6);
  device.input.writeUInt16BE(65_535, 10);
  device.input.writeInt32BE(-70_000, 12);
  writeFileSync(join(drop, 'mapping.yaml'), MAPPING);
  const env = {
    LANTIAN_DROP_FOLDER: drop,
    LANTIAN_MODBUS_FILE: registers,
    LANTIAN_SERIAL_PORT: line.path,
    LANTIAN_SERIAL_STATION: 'dingchang-weather',
  };
  const started = startNodeRed({ flows: readFlow('flows/gateway.json'), settings: { mqtt: { url: broker.url } }, env });
  [red] = await Promise.all([started, child.start()]);
  await until('the gateway at the broker', () => red.output().includes('Connected to broker'));
  await until('the serial port', () => red.output().includes(`serial port ${line.path} opened`));
}, 60_000);

test('every type of the delivered flow is there', () => {
  expect(red.output()).not.toContain('missing types');
});

describe('readings by HTTP', () => {
  test('an array is acknowledged and stored as it was sent', async () => {
    const times = [NOW - 2 * HOUR, NOW - HOUR];
    const given = times.map((time, place) => ({ time: isoBeijing(time), values: { pm25: 35 + place, co: 0.6 } }));
    expect(await post('air/guxian-air', given)).toEqual({ status: 202, body: { taken: 2, wrong: [] } });
    await until('two readings', () => stored('air', 'guxian-air').length === 2);
    expect(stored('air', 'guxian-air')).toMatchObject(
      times.map((time, place) => ({ time, values: { pm25: 35 + place, co: 0.6 } })),
    );
  });

  test('what is wrong is told for each, and the rest is taken', async () => {
    const given = [
      { time: NOW - HOUR, values: { rain: 1.5 } },
      { time: NOW - HOUR, values: { rain: -1 } },
      { time: 'yesterday', values: { rain: 0 } },
      { time: NOW - HOUR, values: { snowfall: 1 } },
      null,
    ];
    const { status, body } = await post('weather/guocun-weather', given);
    expect(status).toBe(422);
    expect(body).toMatchObject({
      taken: 1,
      wrong: [
        { index: 1, reason: 'out-of-range', detail: expect.stringContaining('rain') },
        { index: 2, reason: 'bad-time', detail: expect.stringContaining('yesterday') },
        { index: 3, reason: 'unknown-quantity', detail: expect.stringContaining('snowfall') },
        { index: 4, reason: 'bad-payload' },
      ],
    });
    await until('the good one', () => stored('weather', 'guocun-weather').length === 1);
    expect(stored('weather', 'guocun-weather')).toMatchObject([{ time: NOW - HOUR, values: { rain: 1.5 } }]);
    expect((await problems()).problems.filter(({ source }) => source === 'http')).toHaveLength(4);
  });

  test('unknown places, no JSON, nothing, too much: each has its answer', async () => {
    expect(await post('air/nowhere', { values: {} })).toMatchObject({
      status: 422,
      body: { taken: 0, wrong: [{ index: 0, reason: 'unknown-station' }] },
    });
    expect((await post('noise/guxian-air', {})).body).toMatchObject({ wrong: [{ reason: 'unknown-feed' }] });
    expect((await post('air/guxian-air', '{"time":')).status).toBe(400);
    expect((await post('air/guxian-air', [])).status).toBe(422);
    expect((await post('air/guxian-air', new Array(1001).fill({ values: {} }))).status).toBe(413);
    expect((await post('air/guxian-air', `"${'x'.repeat(1024 * 1024)}"`)).status).toBe(413);
    expect((await post('air/guxian-air', '{}', { 'content-type': 'text/plain' })).status).toBe(415);
  });
});

test('registers of a Modbus/TCP device, with what it lacks; one that is away does not keep it waiting', async () => {
  await red.inject('gateway-modbus-each');
  await until('a poll', () => stored('air', 'dingchang-air').length > 0);
  const { time, values } = stored('air', 'dingchang-air')[0]!;
  expect(values).toEqual({ pm25: 35.1, pm10: 62, co: 0.8, so2: 10.34 });
  expect(Math.abs(time - Date.now())).toBeLessThan(MINUTE);
  const told = (await problems()).problems.filter(({ source }) => source === 'modbus');
  expect(told).toContainEqual(
    expect.objectContaining({
      where: 'air/dingchang-air',
      reason: 'out-of-range',
      detail: expect.stringContaining('-70000'),
    }),
  );
  expect(told).toContainEqual(
    expect.objectContaining({
      where: 'air/guocun-air',
      reason: 'device-silent',
      detail: expect.stringContaining('ECONNREFUSED'),
    }),
  );
  await until('the connection closed', () => device.connections() === 0);
});

test('lines of a serial weather station; a bad one is told and the rest goes on', async () => {
  line.send('0R0,Dm=236D,Sm=0.6M,Sx=1.1M,Ta=23.6C,Ua=14.2P,Pa=1025.6H,Rc=12.40M\r\n');
  line.send('0R0,Dm=2#6D,nonsense\r\n');
  await until('the first line', () => stored('weather', 'dingchang-weather').length === 1);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  line.send('0R0,Dm=240D,Sm=0.0#,Ta=74.3F,Rc=13.90M\r\n');
  await until('the second line', () => stored('weather', 'dingchang-weather').length === 2);
  const [first, second] = stored('weather', 'dingchang-weather');
  expect(first?.values).toEqual({
    wind_direction: 236,
    wind_speed: 0.6,
    gust: 1.1,
    temperature: 23.6,
    humidity: 14.2,
    pressure: 1025.6,
  });
  expect(second?.values).toEqual({ wind_direction: 240, temperature: 23.5, rain: 1.5 });
  expect(second?.start).toBe(first?.time);
  expect((await problems()).problems).toContainEqual(
    expect.objectContaining({ source: 'serial', reason: 'bad-line', detail: expect.stringContaining('2#6D') }),
  );
});

test('a CSV file that is still being written is waited for, then taken but for its bad lines; one of other columns is put aside', async () => {
  const [file, other] = [join(drop, '七月.csv'), join(drop, 'other.csv')];
  writeFileSync(other, 'a,b\n1,2\n');
  const row = (hours: number, cells: string) => `${isoBeijing(NOW - hours * HOUR)},北站,${cells}\n`;
  writeFileSync(file, `时间,站点,雨量,气温\n${row(9, '0.5,293.15')}${isoBeijing(NOW - 8 * HOUR)},北站,1.`);
  await new Promise((resolve) => setTimeout(resolve, 2500));
  const whole = `时间,站点,雨量,气温\n${row(9, '0.5,293.15')}${row(8, '1.5,-')}${row(7, 'x,290')}${row(6, '-3,290')}${row(5, ',274.15')}`;
  writeFileSync(file, whole);
  await until('the file is done', () => !existsSync(file), { within: 20_000 });
  await until('three readings', () => stored('weather', 'yangan-weather').length === 3);
  expect(stored('weather', 'yangan-weather')).toMatchObject([
    { time: NOW - 9 * HOUR, values: { rain: 0.5, temperature: 20 } },
    { time: NOW - 8 * HOUR, values: { rain: 1.5 } },
    { time: NOW - 5 * HOUR, values: { temperature: 1 } },
  ]);
  const names = readdirSync(join(drop, 'done'));
  expect(names.filter((name) => name.endsWith('-七月.csv'))).toHaveLength(1);
  const report = readFileSync(join(drop, 'done', names.find((name) => name.endsWith('.report.txt'))!), 'utf8');
  expect(report).toContain('5 行 rows, 3 条读数已接收 readings taken, 2 处有误 wrong');
  expect(report).toMatch(/line 4: rain is not a number: "x"/);
  expect(report).toMatch(/line 5: weather rain -3 is outside/);
  await until('the other is put aside', () => !existsSync(other));
  const failed = readdirSync(join(drop, 'failed')).find((name) => name.endsWith('.report.txt'))!;
  expect(readFileSync(join(drop, 'failed', failed), 'utf8')).toContain('no column "时间"');
  const told = (await problems()).problems.filter(({ source }) => source === 'csv');
  expect(told.map(({ reason, words }) => `${reason} ${words}`).sort()).toEqual([
    'bad-line 数据行有误',
    'bad-line 数据行有误',
    'mapping-invalid 映射有误',
  ]);
}, 40_000);

test('with the broker away readings are acknowledged, kept over a crash of Node-RED, and stored in order when it is back', async () => {
  await broker.stop();
  const reading = (minute: number, pm25: number) => ({ time: NOW - minute * MINUTE, values: { pm25 } });
  for (let minute = 60; minute > 30; minute--)
    expect((await post('air/xindian-air', reading(minute, minute))).status).toBe(202);
  // A later edition of a reading must arrive after the one before it.
  expect((await post('air/xindian-air', reading(60, 99))).status).toBe(202);
  await red.kill9();
  await red.restart();
  expect((await post('air/xindian-air', reading(30, 30))).status).toBe(202);
  await broker.restart();
  await until('all of them', () => stored('air', 'xindian-air').length >= 32, { within: 40_000 });
  const last = new Map(stored('air', 'xindian-air').map(({ time, values }) => [isoUtc(time), values['pm25']]));
  expect(last.size).toBe(31);
  expect(last.get(isoUtc(NOW - 60 * MINUTE))).toBe(99);
  for (let minute = 59; minute >= 30; minute--) expect(last.get(isoUtc(NOW - minute * MINUTE))).toBe(minute);
}, 90_000);

test('with the outbox full nothing of a request is taken, and it says so', async () => {
  await broker.stop();
  const flows = await red.flows();
  await red.deploy(flows.map((node) => (node.id === 'gateway-outbox-keep' ? { ...node, most: '1' } : node)));
  const given = [1, 2].map((hours) => ({ time: NOW - hours * HOUR, values: { pm25: 1 } }));
  expect(await post('air/yangan-air', given)).toEqual({
    status: 503,
    body: { taken: 0, wrong: [], error: expect.stringContaining('outbox-full') },
  });
  expect((await problems()).counts['outbox-full']).toBe(1);
});
