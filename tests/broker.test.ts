import { closeSync, openSync, readdirSync, writeFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import { isoUtc, monthStart } from '../src/core/time.ts';
import { type Child, lantianChild } from './support/lantian.ts';
import { seeded } from './support/random.ts';
import { startMosquitto, tempFolder } from './support/servers.ts';
import { until } from './support/until.ts';

// Our own broker and the command that runs it, from outside: a real process, real MQTT clients.

const AIR = 'lantian/v1/140430/air/dingchang-air';
const SIGNAL = 'lantian/v1/140430/signal/#';
const START = Date.now() - 3_600_000;

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const dial = async (child: Child, over: object = {}): Promise<MqttClient> => {
  const client = await connectAsync(`mqtt://127.0.0.1:${child.mqttPort}`, { reconnectPeriod: 0, ...over });
  client.on('error', () => {}); // the broker is killed under it
  ends.push(() => client.endAsync(true));
  return client;
};

const reading = (n: number): string =>
  JSON.stringify({ time: START + n * 1000, period: 'PT5M', values: { pm25: n % 500 } });

const journalled = (child: Child): Set<string> =>
  new Set(
    child
      .rows<{ text: string }>('lantian.db', 'SELECT CAST(payload AS TEXT) AS text FROM journal WHERE kind = 0')
      .map(({ text }) => text),
  );

const retained = async (child: Child): Promise<Map<string, string>> => {
  const client = await dial(child);
  const found = new Map<string, string>();
  client.on('message', (topic, payload, { retain }) => retain && found.set(topic, payload.toString()));
  await client.subscribeAsync(SIGNAL, { qos: 1 });
  await sleep(300);
  await client.endAsync();
  return found;
};

const raiseDustfall = async (child: Child): Promise<void> => {
  const client = await dial(child);
  const payload = JSON.stringify({ time: isoUtc(monthStart(Date.now())), values: { dustfall: 9.5 } });

  await client.publishAsync(`lantian/v1/140430/dustfall/dustfall-1`, payload, { qos: 1 });
  await until('published', async () => ((await child.metrics()).get('lantian_signals_published_total') ?? 0) > 0);
};

describe('what the embedded broker acknowledges', () => {
  it('is committed when the acknowledgement comes', async () => {
    const child = await lantianChild();
    await child.start();
    const client = await dial(child);
    for (let n = 0; n < 100; n++) {
      await client.publishAsync(AIR, reading(n), { qos: 1 });
      expect(journalled(child).has(reading(n))).toBe(true);
    }
  });

  it('is there after kill -9 in the midst of publishing, five times', async () => {
    const child = await lantianChild();
    const random = seeded(5);
    const acknowledged = new Set<string>();
    let n = 0;
    for (let kill = 0; kill < 5; kill++) {
      await child.start();
      const client = await dial(child);
      let alive = true;
      const flood = (async () => {
        while (alive) {
          for (let i = 0; i < 50; i++) {
            const payload = reading(n++);
            client.publish(AIR, payload, { qos: 1 }, (failed) => failed || acknowledged.add(payload));
          }
          await sleep(5);
        }
      })();
      await sleep(300 + random() * 700);
      await child.kill9();
      alive = false;
      await flood;
    }
    await child.start();
    const there = journalled(child);
    expect([...acknowledged].filter((payload) => !there.has(payload))).toEqual([]);
    expect(acknowledged.size).toBeGreaterThan(500);
  });

  it('other topics pass through to who listens', async () => {
    const child = await lantianChild();
    await child.start();
    const [listener, sender] = [await dial(child), await dial(child)];
    const heard: string[] = [];
    listener.on('message', (topic, payload) => heard.push(`${topic} ${payload}`));
    await listener.subscribeAsync(['field/#', AIR], { qos: 1 });
    await sender.publishAsync('field/logger', 'hello', { qos: 1 });
    await sender.publishAsync(AIR, reading(1), { qos: 1 });
    await until('both', () => heard.length === 2, { state: () => heard });
    expect(heard).toEqual(['field/logger hello', `${AIR} ${reading(1)}`]);
    expect([...journalled(child)]).toEqual([reading(1)]);
  });
});

describe('topics under lantian/v1/', () => {
  it.each([
    'lantian/v1/140430/air/',
    'lantian/v1//air/dingchang-air',
    'lantian/v1/140430/air/dingchang-air/y',
    'lantian/v1/140430',
  ])('that are almost right, as %s, are acknowledged when they are in the quarantine', async (topic) => {
    const child = await lantianChild();
    await child.start();
    const client = await dial(child);
    await client.publishAsync(topic, reading(1), { qos: 1 });
    expect(journalled(child).has(reading(1))).toBe(true);
    await until('quarantined', () => child.rows('lantian.db', 'SELECT 1 FROM quarantine').length === 1);
    expect(child.rows('lantian.db', 'SELECT topic, payload FROM quarantine')).toMatchObject([{ topic }]);
    const metrics = await child.metrics();
    expect(metrics.get('lantian_messages_received_total')).toBe(1);
    expect(metrics.get('lantian_messages_outcome_total{outcome="quarantined"}')).toBe(1);
  });

  it('signals are ours alone: who publishes one is disconnected, and none is forged or cleared', async () => {
    const child = await lantianChild();
    await child.start();
    await raiseDustfall(child);
    const before = await retained(child);
    const [topic] = [...before.keys()] as [string];
    for (const [where, payload] of [
      [topic, ''],
      [topic, '{"state":"lifted"}'],
      [topic.replace(/[^/]+$/, 'other'), '{}'],
      ['lantian/v1/140430/signal', 'x'],
    ] as const) {
      const client = await dial(child);
      const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
      client.publish(where, payload, { qos: 1, retain: true });
      await closed;
    }
    expect(await retained(child)).toEqual(before);
    expect(child.stderr()).toContain('a client may not publish signals');
    expect(child.rows('lantian.db', "SELECT topic FROM journal WHERE topic LIKE '%/signal%'")).toEqual([]);
  });
});

describe('signals', () => {
  it('are retained for who comes later, also after kill -9 and after a stop', async () => {
    const child = await lantianChild();
    await child.start();
    await raiseDustfall(child);
    const first = await retained(child);
    expect([...first.keys()].some((topic) => topic.includes('/signal/dustfall-rectification/'))).toBe(true);
    await child.kill9();
    await child.start();
    await until('published', async () => ((await child.metrics()).get('lantian_signals_pending') ?? 1) === 0);
    expect(await retained(child)).toEqual(first);
    expect(await child.end('SIGTERM')).toEqual({ code: 0, signal: null });
    await child.start();
    await until('published', async () => ((await child.metrics()).get('lantian_signals_pending') ?? 1) === 0);
    expect(await retained(child)).toEqual(first);
  });
});

describe('user and password', () => {
  it('let in who knows them and nobody else', async () => {
    const child = await lantianChild({ mqtt: { username: 'station', password: 'right' } });
    await child.start();
    const login = (over: object) => dial(child, over);
    const client = await login({ username: 'station', password: 'right' });
    await client.publishAsync(AIR, reading(1), { qos: 1 });
    expect(journalled(child).has(reading(1))).toBe(true);
    await client.endAsync();
    for (const over of [
      {},
      { username: 'station' },
      { username: 'station', password: 'wrong' },
      { username: 'x', password: 'right' },
    ])
      await expect(login(over), JSON.stringify(over)).rejects.toThrow(/not authorized/i);
  });
});

const oneLine = (text: string): string => {
  const lines = text.trimEnd().split('\n');
  expect(lines).toHaveLength(1);
  return lines[0]!;
};

const occupied = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as { port: number }).port;
};

describe('a start that cannot be is one clear line and exit code 2', () => {
  const refused = async (child: Child): Promise<string> => {
    child.launch();
    expect(await child.ended()).toEqual({ code: 2, signal: null });
    expect(child.stdout()).toBe('');
    return child.stderr();
  };

  it('the port of MQTT is taken', async () => {
    const port = await occupied();
    const line = oneLine(await refused(await lantianChild({ mqtt: { port } })));
    expect(line).toContain(`127.0.0.1:${port}`);
    expect(line).toContain('mqtt.port');
  });

  it('the port of HTTP is taken', async () => {
    const port = await occupied();
    const child = await lantianChild({ http: { port } });
    const line = oneLine(await refused(child));
    expect(line).toContain(`127.0.0.1:${port}`);
    expect(line).toContain('http.port');
  });

  it.each([
    [
      'the address of MQTT is of another machine',
      { host: '203.0.113.9' },
      /config-invalid: .*203\.0\.113\.9.*mqtt\.host/,
    ],
    [
      'a file of TLS is missing',
      { url: 'mqtts://127.0.0.1:1', ca: '/nonexistent' },
      /config-invalid: mqtt\.ca \/nonexistent .*ENOENT/,
    ],
    [
      'a file of TLS is none',
      { url: 'mqtts://127.0.0.1:1', key: 'package.json' },
      /config-invalid: mqtt\.key package\.json /,
    ],
  ])('%s', async (_, mqtt, words) => {
    expect(oneLine(await refused(await lantianChild({ mqtt })))).toMatch(words);
  });

  it('the data folder cannot be written', async () => {
    const file = join(tempFolder(), 'file');
    writeFileSync(file, '');
    const line = oneLine(await refused(await lantianChild({ data: { folder: join(file, 'data') } })));
    expect(line).toContain(join(file, 'data'));
    expect(line).toContain('data.folder');
  });

  it('another pipeline uses the data folder, and is not disturbed', async () => {
    const first = await lantianChild();
    await first.start();
    const second = await lantianChild({ data: { folder: join(first.folder, 'data') } });
    expect(oneLine(await refused(second))).toContain('another lantian');
    const client = await dial(first);
    await client.publishAsync(AIR, reading(1), { qos: 1 });
    expect(journalled(first).has(reading(1))).toBe(true);
  });

  it('the settings have mistakes: each with its place', async () => {
    const child = await lantianChild({ mqtt: { port: 'x', keepalive: 'soon' }, nonsense: {} });
    const said = await refused(child);
    expect(said).toMatch(/lantian\.yaml:\d+:\d+ mqtt\.port: /);
    expect(said).toMatch(/lantian\.yaml:\d+:\d+ mqtt\.keepalive: /);
    expect(said).toMatch(/lantian\.yaml:\d+:\d+ nonsense: /);
    expect(said.trimEnd().split('\n')).toHaveLength(4);
  });

  it('the settings are not there', async () => {
    const child = await lantianChild({}, { args: ['--config', '/nowhere/lantian.yaml'] });
    expect(oneLine(await refused(child))).toContain('/nowhere/lantian.yaml');
  });
});

describe('damage', () => {
  it('that the beat meets is told, and mended without a person', async () => {
    const child = await lantianChild();
    await child.start();
    const client = await dial(child);
    await client.publishAsync(AIR, 'not understood', { qos: 1 });
    await until('applied', () => child.rows('lantian.db', 'SELECT 1 FROM quarantine').length === 1);
    const file = join(child.folder, 'data', 'lantian.db');
    const database = new DatabaseSync(file);
    ends.push(() => database.close());
    const root = database.prepare("SELECT rootpage AS page FROM sqlite_schema WHERE name = 'quarantine_asked'").get();
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const handle = openSync(file, 'r+');
    writeSync(handle, Buffer.alloc(4096, 0x5a), 0, 4096, (Number(root!['page']) - 1) * 4096);
    closeSync(handle);
    // A commit of another connection makes the pipeline read its pages again.
    database.exec("INSERT OR REPLACE INTO state VALUES ('test', 1)");
    await until('told', () => child.stderr().includes('data-damaged'), { state: child.stderr });
    await child.ready();
    await until('mended', () => readdirSync(join(child.folder, 'data')).some((name) => name.includes('.damaged-')));
    await child.ready();
    expect(journalled(child).has('not understood')).toBe(true);
    expect(child.rows('lantian.db', "SELECT state FROM quarantine WHERE reason = 'bad-json'")).toHaveLength(1);
  });
});

describe('Ctrl-C', () => {
  it('stops it cleanly, and it starts again with what it had', async () => {
    const child = await lantianChild();
    await child.start();
    const client = await dial(child);
    for (let n = 0; n < 50; n++) await client.publishAsync(AIR, reading(n), { qos: 1 });
    expect(await child.end('SIGINT')).toEqual({ code: 0, signal: null });
    expect(child.stderr()).toBe('');
    expect(child.stdout()).toContain('stopped');
    await child.start();
    const { size } = journalled(child);
    expect(size).toBe(50);
    const answer = (await (await fetch(`${child.http}/readyz`)).json()) as { ready: boolean };
    expect(answer.ready).toBe(true);
    expect((await child.metrics()).get('lantian_journal_pending')).toBe(0);
  });

  it.each([
    ['twice in the same moment, as from a terminal and npm', ['SIGINT', 'SIGINT']],
    ['with a SIGTERM in the same moment', ['SIGINT', 'SIGTERM']],
  ] as const)('%s is one', async (_, signals) => {
    const child = await lantianChild();
    await child.start();
    const client = await dial(child);
    for (let n = 0; n < 2000; n++) client.publish(AIR, reading(n), { qos: 1 });
    await sleep(30);
    expect(await child.end(...signals)).toEqual({ code: 0, signal: null });
    expect(child.stderr()).toBe('');
    expect(child.stdout().match(/stopped/g)).toHaveLength(1);
  });

  it('during the start leaves nothing that keeps the next one', async () => {
    const child = await lantianChild();
    for (const delay of [100, 300, 450, 600]) {
      child.launch();
      await sleep(delay);
      const { code, signal } = await child.end('SIGINT');
      // Before the program listens to signals the system ends it.
      expect(code === 0 || signal === 'SIGINT', `${delay} ms: ${code} ${signal} ${child.stderr()}`).toBe(true);
    }
    await child.start();
  });

  it('stops it also while the broker outside does not answer', async () => {
    const broker = await startMosquitto();
    const child = await lantianChild({ mqtt: { url: broker.url } });
    await child.start();
    await until(
      'connected',
      async () => (await child.metrics()).get(`lantian_broker_connected{broker="${broker.url}"}`) === 1,
    );
    process.kill(broker.pid!, 'SIGSTOP');
    ends.push(() => process.kill(broker.pid!, 'SIGCONT'));
    const began = performance.now();
    expect(await child.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(performance.now() - began).toBeLessThan(8000);
  });
});
