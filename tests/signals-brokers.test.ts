import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync } from 'mqtt';
import { expect, it } from 'vitest';
import { isoUtc, monthStart } from '../src/core/time.ts';
import { lantianChild } from './support/lantian.ts';
import { startMosquitto } from './support/servers.ts';
import { until } from './support/until.ts';

// Signals in force on brokers of others: Mosquitto that forgets, and one that never had them.

const SIGNAL = 'lantian/v1/140430/signal/#';
const SETTLED = 'lantian_signals_pending';
const retainedAt = async (url: string): Promise<Map<string, string>> => {
  const client = await connectAsync(url);
  const found = new Map<string, string>();
  client.on('message', (topic, payload) => found.set(topic, payload.toString()));
  await client.subscribeAsync(SIGNAL, { qos: 1 });
  await sleep(300);
  await client.endAsync();
  return found;
};

it('signals reach a broker that lost what it had retained, and one that is new in the settings', async () => {
  const first = await startMosquitto({ persistence: false });
  const child = await lantianChild({ mqtt: { url: first.url } });
  await child.start();
  await until('connected', async () =>
    [...(await child.metrics())].some(([name, value]) => name.startsWith('lantian_broker_connected') && value === 1),
  );
  await sleep(300);
  const sender = await connectAsync(first.url);
  const payload = JSON.stringify({ time: isoUtc(monthStart(Date.now())), values: { dustfall: 9.5 } });
  await sender.publishAsync('lantian/v1/140430/dustfall/dustfall-1', payload, { qos: 1 });
  await sender.endAsync();
  await until('published', async () => (await retainedAt(first.url)).size > 0);
  await until('all published', async () => (await child.metrics()).get(SETTLED) === 0);
  const before = await retainedAt(first.url);
  await first.restart();
  await until('published again', async () => (await retainedAt(first.url)).size === before.size);
  expect(await retainedAt(first.url)).toEqual(before);

  expect(await child.end('SIGTERM')).toEqual({ code: 0, signal: null });
  const second = await startMosquitto();
  writeFileSync(child.config, readFileSync(child.config, 'utf8').replace(first.url, second.url));
  await child.start();
  await until('published there', async () => (await retainedAt(second.url)).size === before.size);
  expect(await retainedAt(second.url)).toEqual(before);
});
