import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import { generate } from '../sensors/simulator/generate.ts';
import { runSimulator, type SimulatorOptions } from '../sensors/simulator/run.ts';
import { type SimulateOptions, simulate } from '../src/cli/simulate.ts';
import { type Log, silentLog } from '../src/core/log.ts';
import { HOUR, MINUTE, SECOND } from '../src/core/time.ts';
import { freePort, startMosquitto } from './support/servers.ts';
import { catalog } from './support/simulated.ts';

const clients: MqttClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) await client.endAsync(true);
});

interface Arrival {
  readonly topic: string;
  readonly payload: string;
  readonly qos: number;
  readonly at: number;
}

/** A subscriber with a session that outlives the connection. */
const subscribe = async (url: string): Promise<Arrival[]> => {
  const client = await connectAsync(url, { clientId: 'watcher', clean: false, reconnectPeriod: 50 });
  clients.push(client);
  const arrivals: Arrival[] = [];
  client.on('message', (topic, payload, { qos }) =>
    arrivals.push({ topic, payload: String(payload), qos, at: Date.now() }),
  );
  await client.subscribeAsync('lantian/v1/#', { qos: 1 });
  return arrivals;
};

const eventually = async (holds: () => boolean, what: string): Promise<void> => {
  const deadline = Date.now() + 20_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`in 20 s there was not: ${what}`);
    await sleep(10);
  }
};

const options = (url: string, more: Partial<SimulatorOptions> = {}): SimulatorOptions => {
  const until = Date.now();
  const pace = { from: until - 6 * HOUR, until, now: until, speed: Number.POSITIVE_INFINITY, seed: 1 };
  return {
    catalog,
    url,
    scenario: 'rainstorm',
    ...pace,
    signal: new AbortController().signal,
    log: silentLog,
    ...more,
  };
};

const expected = ({ scenario, from, until = 0, now = until, seed }: SimulatorOptions): string[] =>
  [...generate(catalog, scenario, { from, to: until, now, seed })].map(({ topic, payload }) => `${topic} ${payload}`);

const texts = (arrivals: Arrival[]): string[] => arrivals.map(({ topic, payload }) => `${topic} ${payload}`);

const listener = () => {
  const lines: string[] = [];
  const log: Log = { ...silentLog, warn: (_fields, message) => lines.push(message) };
  return { log, lines };
};

/** A broker that accepts a connection and counts what is published, without acknowledging any of it. */
const muteBroker = async () => {
  const sockets: Socket[] = [];
  let published = 0;
  const server = createServer((socket) => {
    sockets.push(socket);
    // CONNACK, accepted (MQTT 3.1.1, 3.2).
    socket.once('data', () => socket.write(Buffer.from([0x20, 2, 0, 0])));
    socket.on('data', (data) => {
      published += String(data).split('lantian/v1/').length - 1;
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const end = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { url: `mqtt://127.0.0.1:${port}`, published: () => published, end };
};

describe('the simulator on a real broker', () => {
  it('publishes the generated messages in order at QoS 1', async () => {
    const { url } = await startMosquitto();
    const arrivals = await subscribe(url);
    const run = options(url);
    const { acknowledged } = await runSimulator(run);
    const all = expected(run);
    await eventually(() => arrivals.length >= all.length, 'every message');
    expect(texts(arrivals)).toEqual(all);
    expect(acknowledged).toBe(all.length);
    expect(new Set(arrivals.map(({ qos }) => qos))).toEqual(new Set([1]));
  });

  it('loses nothing when the broker restarts meanwhile, and says so in one line', async () => {
    const broker = await startMosquitto();
    const arrivals = await subscribe(broker.url);
    const { log, lines } = listener();
    const run = options(broker.url, { rate: 1000, log });
    const ended = runSimulator(run);
    await eventually(() => arrivals.length > 300, 'some messages');
    await broker.stop();
    await sleep(1500);
    await broker.restart();
    const { acknowledged } = await ended;
    const all = expected(run);
    expect(acknowledged).toBe(all.length);
    await eventually(() => new Set(texts(arrivals)).size >= new Set(all).size, 'every message');
    expect(new Set(texts(arrivals))).toEqual(new Set(all));
    expect(lines.map((line) => line.replace(/ to mqtt.*/, ''))).toEqual([
      'simulator: no connection',
      'simulator: connected',
    ]);
  });

  it('runs the history so many times faster, meets the clock, and sends nothing before its time', async () => {
    const { url } = await startMosquitto();
    const arrivals = await subscribe(url);
    const started = Date.now();
    // 20 minutes at 600 times take 2 s; then live.
    const run = options(url, {
      scenario: 'calm',
      from: started - 20 * MINUTE,
      until: started + 3 * SECOND,
      speed: 600,
    });
    await runSimulator(run);
    const times = [...generate(catalog, 'calm', { from: run.from, to: run.until!, now: run.now!, seed: 1 })].map(
      ({ time }) => time,
    );
    await eventually(() => arrivals.length >= times.length, 'every message');
    const early = arrivals.filter(
      ({ at }, index) => at < Math.max(times[index]!, started + (times[index]! - run.from) / 600),
    );
    expect(early).toEqual([]);
    const half = times.filter((time) => time < started - 10 * MINUTE).length;
    expect(arrivals[half - 1]!.at).toBeLessThan(started + 2500);
  });

  it('goes on live until it is told to stop, and ends with everything acknowledged', async () => {
    const { url } = await startMosquitto();
    const arrivals = await subscribe(url);
    const stop = new AbortController();
    const { until: _, ...endless } = options(url, { signal: stop.signal });
    const ended = runSimulator(endless);
    const history = expected(options(url, endless)).length;
    await eventually(() => arrivals.length >= history - 5, 'the history');
    await sleep(300);
    const asked = Date.now();
    stop.abort();
    const { acknowledged } = await ended;
    expect(Date.now() - asked).toBeLessThan(2500);
    await eventually(() => arrivals.length >= acknowledged, 'all that was acknowledged');
    expect(arrivals.length).toBe(acknowledged);
  });

  it('has no more in flight than it may, and a stop does not wait for ever', async () => {
    const broker = await muteBroker();
    const stop = new AbortController();
    const ended = runSimulator(options(broker.url, { inFlight: 25, signal: stop.signal }));
    await eventually(() => broker.published() >= 25, '25 messages');
    await sleep(300);
    expect(broker.published()).toBe(25);
    stop.abort();
    expect((await ended).acknowledged).toBe(0);
    broker.end();
  });
});

describe('a broker that is not there', () => {
  it('is an error with `once`', async () => {
    const url = `mqtt://127.0.0.1:${await freePort()}`;
    await expect(runSimulator(options(url, { once: true }))).rejects.toMatchObject({ code: 'broker-refused', exit: 1 });
  });

  it('is one line, and is waited for without it', async () => {
    const port = await freePort();
    const { log, lines } = listener();
    const run = options(`mqtt://127.0.0.1:${port}`, { log, from: Date.now() - HOUR });
    const ended = runSimulator(run);
    await sleep(2500);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^simulator: no connection to mqtt:\/\/127\.0\.0\.1:\d+ \(.*ECONNREFUSED.*\); trying again every second$/,
    );
    await startMosquitto({ port });
    expect((await ended).acknowledged).toBe(expected(run).length);
  });

  it('can be stopped waiting for', async () => {
    const stop = new AbortController();
    const ended = runSimulator(options(`mqtt://127.0.0.1:${await freePort()}`, { signal: stop.signal }));
    await sleep(100);
    stop.abort();
    expect(await ended).toEqual({ acknowledged: 0, took: 0 });
  });
});

describe('lantian simulate', () => {
  const told = (stream: PassThrough): string => String(stream.read() ?? '');

  const command = (more: Partial<SimulateOptions>) => {
    const [stdout, stderr] = [new PassThrough({ highWaterMark: 1e9 }), new PassThrough()];
    const base = { catalog, url: 'mqtt://127.0.0.1:1', scenario: 'calm', from: 'PT1H', speed: 'max', seed: '1' };
    const given = { ...base, signal: new AbortController().signal, log: silentLog, stdout, stderr, ...more };
    return { stdout, stderr, run: () => simulate(given) };
  };

  it('prints the messages with --dry-run, and needs no broker', async () => {
    const clock = Date.UTC(2026, 6, 20, 8);
    const { stdout, run } = command({ dryRun: true, clock: () => clock });
    expect(await run()).toBe(0);
    const lines = told(stdout)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const all = [...generate(catalog, 'calm', { from: clock - HOUR, to: clock, seed: 1 })];
    expect(lines.map(({ topic, payload }) => ({ topic, payload }))).toEqual(
      all.map(({ topic, payload }) => ({ topic, payload })),
    );
  });

  it('publishes, and ends with one line of summary', async () => {
    const { url } = await startMosquitto();
    const { stdout, stderr, run } = command({ url, until: 'PT0.2S' });
    expect(await run()).toBe(0);
    expect(told(stderr)).toMatch(/^simulated calm: [1-9]\d+ messages acknowledged in \d+\.\d s \(\d+\/s\)\n$/);
    expect(told(stdout)).toBe('');
  });

  it('shows on a terminal how far it is, in one line that is written over', async () => {
    const { url } = await startMosquitto();
    const stderr = Object.assign(new PassThrough(), { isTTY: true });
    expect(await command({ url, until: 'PT0.2S', stderr }).run()).toBe(0);
    const [, first, ...others] = told(stderr).split('\r\u001b[K');
    expect(first).toMatch(/^\d+ messages, \d+\/s, simulated time \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
    expect(others.at(-1)).toMatch(/^simulated calm: .*\n$/);
  });

  it.each([
    { from: 'yesterday' },
    { until: '2020-01-01T00:00:00Z' },
    { speed: '0' },
    { speed: 'fast' },
    { seed: '-1' },
    { rate: 'x' },
    { scenario: 'sunny' },
  ])('refuses %o', async (wrong) => {
    await expect(command(wrong).run()).rejects.toMatchObject({ code: 'usage', exit: 2 });
  });
});
