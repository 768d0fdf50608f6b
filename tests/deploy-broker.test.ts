// Mosquitto as docker-compose.yml runs it: its own configuration, certificates of first-run.sh and users of
// `lantian broker passwords`, in the real Mosquitto over TLS.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { connect, connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  authorityOf,
  brokerInit,
  firstRun,
  passwordsOf,
  projectFolder,
  readCompose,
  startBroker,
} from './support/deploy.ts';
import { lantianChild } from './support/lantian.ts';
import { findProgram, mosquittoClient, type Server, tempFolder } from './support/servers.ts';
import { until } from './support/until.ts';

const ROOT_TOPIC = 'lantian/v1/140430';
const READING = `${ROOT_TOPIC}/air/dingchang-air`;

let folder: string;
let broker: Server;
let passwords: Record<string, string>;
const clients: MqttClient[] = [];

beforeAll(async () => {
  folder = projectFolder();
  expect(await firstRun(folder)).toMatchObject({ code: 0, stderr: '' });
  expect(await brokerInit(folder)).toMatchObject({ code: 0 });
  passwords = passwordsOf(folder);
  broker = await startBroker(folder);
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.endAsync(true);
});

const options = (username: string, more: IClientOptions = {}): IClientOptions => ({
  username,
  password: passwords[username]!,
  ca: readFileSync(authorityOf(folder)),
  reconnectPeriod: 0,
  ...more,
});

const login = async (username: string, more: IClientOptions = {}): Promise<MqttClient> => {
  const client = await connectAsync(`mqtts://localhost:${broker.port}`, options(username, more));
  clients.push(client);
  return client;
};

/** A client that asks for everything and notes what it is sent. */
const listen = async (username: string): Promise<string[]> => {
  const client = await login(username);
  const heard: string[] = [];
  client.on('message', (topic) => heard.push(topic));
  await client.subscribeAsync('lantian/v1/#', { qos: 1 });
  return heard;
};

describe('who is let in', () => {
  test('nobody without a password, with a wrong one, or with one that is another user’s', async () => {
    const nobody = { ca: readFileSync(authorityOf(folder)), reconnectPeriod: 0 };
    await expect(connectAsync(`mqtts://localhost:${broker.port}`, nobody)).rejects.toThrow(/not authorized/i);
    await expect(login('dingchang-air', { password: 'wrong' })).rejects.toThrow(/not authorized/i);
    await expect(login('dingchang-air', { password: passwords['guocun-air']! })).rejects.toThrow(/not authorized/i);
    await expect(login('sensors', { password: passwords['lantian']! })).rejects.toThrow(/not authorized/i);
    await expect(login('dingchang-air')).resolves.toMatchObject({ connected: true });
  });

  test('nobody without TLS, and no client takes a broker of another authority for ours', async () => {
    const plain = connectAsync(`mqtt://localhost:${broker.port}`, { ...options('lantian'), connectTimeout: 2000 });
    await expect(plain).rejects.toThrow();
    await expect(login('lantian', { ca: [] })).rejects.toThrow(/certificate/);
    await expect(login('lantian', { servername: 'other.example' })).rejects.toThrow(/altnames/);
  });

  test('the health check of docker-compose.yml', async () => {
    const check = readCompose().services['mosquitto']!.healthcheck!.test[1]!;
    const words = check
      .replace('"$$MQTT_HEALTH_PASSWORD"', passwords['health']!)
      .replace('/mosquitto/tls/ca.pem', authorityOf(folder))
      .replace('8883', String(broker.port))
      .replaceAll('$$', '$')
      .replaceAll("'", '')
      .split(' ');
    expect(words[0]).toBe('mosquitto_sub');
    expect(await mosquittoClient('mosquitto_sub', words.slice(1))).toMatch(/\d+ seconds/);
  });
});

describe('what they may say and hear', () => {
  test('a station publishes its own topics and no others', async () => {
    const heard = await listen('lantian');
    // MQTT 5 says so to who may not.
    const station = await login('dingchang-air', { protocolVersion: 5 });
    const others = [
      `${ROOT_TOPIC}/air/guocun-air`,
      `${ROOT_TOPIC}/weather/dingchang-air`,
      'lantian/v1/140429/air/dingchang-air',
      `${ROOT_TOPIC}/signal/weather-response/rainstorm`,
      `${READING}/more`,
    ];
    for (const topic of others)
      await expect(station.publishAsync(topic, '{}', { qos: 1 }), topic).rejects.toThrow(/not authorized/i);
    await station.publishAsync(READING, '{}', { qos: 1 });
    await (await login('forecast')).publishAsync(`${ROOT_TOPIC}/forecast/guocun`, '{}', { qos: 1 });
    await (await login('enterprise.huaan-coking')).publishAsync(READING, '{}', { qos: 1 });
    await (await login('nodered')).publishAsync(READING, '{}', { qos: 1 });
    await (await login('guocun-air')).publishAsync(`${ROOT_TOPIC}/air/guocun-air`, '{}', { qos: 1 });
    const last = `${ROOT_TOPIC}/air/guocun-air`;
    await until('the last one', () => heard.includes(last));
    expect(heard).toEqual([READING, `${ROOT_TOPIC}/forecast/guocun`, last]);
  });

  test('an enterprise hears its own signals and warnings, bureaus and Node-RED all, a station none', async () => {
    const [own, another, bureau, nodered, station] = [
      await listen('enterprise.huaan-coking'),
      await listen('enterprise.brick-works-1'),
      await listen('ecology-bureau'),
      await listen('nodered'),
      await listen('huaan-coking-chimney'),
    ];
    const lantian = await login('lantian');
    const signals = [
      'emission/huaan-coking-chimney',
      'station-silent/huaan-coking-chimney',
      'emission/brick-works-1-kiln',
      'station-silent/dingchang-air',
      'dustfall-rectification/2026-10',
      'weather-response/rainstorm',
      'warning-signal/gale',
    ].map((kind) => `${ROOT_TOPIC}/signal/${kind}`);
    for (const topic of signals) await lantian.publishAsync(topic, '{}', { qos: 1, retain: true });
    await until('the last one', () => [own, another, bureau, nodered].every((all) => all.includes(signals[6]!)));
    expect(own).toEqual([0, 1, 5, 6].map((at) => signals[at]));
    expect(another).toEqual([2, 5, 6].map((at) => signals[at]));
    expect(bureau).toEqual(signals);
    expect(nodered).toEqual(signals);
    // What is retained is no way round.
    const late = await listen('enterprise.brick-works-1');
    await until('the retained ones', () => late.length >= 3);
    expect(late.sort()).toEqual([2, 5, 6].map((at) => signals[at]).sort());
    expect(station).toEqual([]);
    for (const topic of signals) await lantian.publishAsync(topic, '', { qos: 1, retain: true });
  });
});

test('hashes are Mosquitto’s own: it reads ours, and we know the one that mosquitto_passwd makes', async () => {
  const { isHashOf, parsePasswords } = await import('../src/intake/broker-passwords.ts');
  const file = join(tempFolder(), 'passwords');
  execFileSync(findProgram('mosquitto_passwd', 'mosquitto'), ['-b', '-c', file, 'someone', 'a word']);
  const hash = parsePasswords(readFileSync(file, 'utf8')).get('someone')!;
  expect([isHashOf(hash, 'a word'), isHashOf(hash, 'another'), isHashOf('a word', 'a word')]).toEqual([
    true,
    false,
    false,
  ]);
  const [theirs, ours] = [hash, parsePasswords(readFileSync(join(folder, 'access/passwords'), 'utf8')).get('duanliu')!];
  expect(theirs.split('$').slice(0, 3)).toEqual(ours.split('$').slice(0, 3));
});

describe('without a restart', () => {
  const servedSerial = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const ca = readFileSync(authorityOf(folder));
      const socket = connectTls({ host: '127.0.0.1', port: broker.port, servername: 'localhost', ca }, () => {
        resolve(socket.getPeerCertificate().serialNumber);
        socket.destroy();
      });
      socket.once('error', reject);
    });

  test('SIGHUP puts a renewed password and a renewed certificate into use', async () => {
    const [before, old] = [await servedSerial(), passwords['duanliu']!];
    const [theirs, another] = [await login('duanliu'), await login('dingchang-air')];
    expect(await brokerInit(folder, '--renew', 'duanliu')).toMatchObject({ code: 0, stdout: 'duanliu\trenewed\n' });
    expect(await firstRun(folder, '--renew-certificate')).toMatchObject({ code: 0 });
    process.kill(broker.pid!, 'SIGHUP');
    await until('the end of the connection that the old password made', () => !theirs.connected);
    expect(another.connected).toBe(true);
    await until('the new certificate', async () => (await servedSerial()) !== before);
    await expect(login('duanliu', { password: old })).rejects.toThrow(/not authorized/i);
    passwords = passwordsOf(folder);
    expect(passwords['duanliu']).not.toBe(old);
    await expect(login('duanliu')).resolves.toMatchObject({ connected: true });
    await expect(login('dingchang-air')).resolves.toMatchObject({ connected: true });
  });
});

test('the pipeline works over TLS with its own user: a station’s reading in, the bureau hears the signal', async () => {
  const heard = await listen('ecology-bureau');
  const mqtt = { url: `mqtts://localhost:${broker.port}`, username: 'lantian', password: passwords['lantian']! };
  const pipeline = await lantianChild({ mqtt: { ...mqtt, ca: authorityOf(folder) } });
  await pipeline.start();
  await until('ready', async () => (await fetch(`${pipeline.http}/readyz`)).ok);
  const now = new Date();
  const end = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1));
  const time = `${end.toISOString().slice(0, 10)}T00:00:00+08:00`;
  const message = JSON.stringify({ time, period: 'P1M', values: { dustfall: 9.6 } });
  await (await login('dustfall-3')).publishAsync(`${ROOT_TOPIC}/dustfall/dustfall-3`, message, { qos: 1 });
  await until('the signal', () =>
    heard.some((topic) => topic.startsWith(`${ROOT_TOPIC}/signal/dustfall-rectification/`)),
  );
  const metrics = await pipeline.metrics();
  expect(metrics.get('lantian_messages_outcome_total{outcome="stored"}')).toBe(1);
  expect(await pipeline.end('SIGTERM')).toMatchObject({ code: 0 });
});

describe('queues', () => {
  const session: IClientOptions = {
    clientId: 'lantian-session',
    clean: false,
    protocolVersion: 5,
    properties: { sessionExpiryInterval: 600 },
  };

  test('what comes while Lantian is away is kept, also over Mosquitto’s restart: more than the default of 1,000', async () => {
    const first = await login('lantian', session);
    await first.subscribeAsync(`${ROOT_TOPIC}/+/+`, { qos: 1 });
    await first.endAsync();
    const station = await login('dingchang-air');
    await Promise.all(Array.from({ length: 3000 }, (_, i) => station.publishAsync(READING, `{"n":${i}}`, { qos: 1 })));
    await station.endAsync();
    await broker.restart();
    const numbers: number[] = [];
    const again = connect(`mqtts://localhost:${broker.port}`, options('lantian', session));
    clients.push(again);
    again.on('message', (_topic, payload) => numbers.push((JSON.parse(payload.toString()) as { n: number }).n));
    await expect.poll(() => numbers.length, { timeout: 20_000 }).toBe(3000);
    expect(numbers).toEqual(Array.from({ length: 3000 }, (_, i) => i));
  });
});
