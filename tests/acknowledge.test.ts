import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BrokerOptions } from '../src/intake/acknowledge.ts';
import { createLink, type Link } from './support/link.ts';
import {
  connected,
  ends,
  heardAll,
  listen,
  numbers,
  optionsOf,
  publish,
  publisher,
  QUIET,
} from './support/listening.ts';
import { type Server, startMosquitto } from './support/servers.ts';
import { until } from './support/until.ts';

// The contract of src/intake/acknowledge.ts, held against Mosquitto. What reaches the broker is read off the wire.

/** A session at the broker that is waiting for messages: what is published from now on is kept for it. */
const beginSession = async (options: BrokerOptions): Promise<void> => {
  const first = listen(options);
  await connected(first);
  await sleep(QUIET);
  await first.client.end();
};

describe.each([
  ['MQTT 5', 5],
  ['MQTT 3.1.1', 4],
])('%s', (_, protocol) => {
  let mosquitto: Server;
  beforeAll(async () => {
    mosquitto = await startMosquitto({ config: 'max_inflight_messages 0' });
  });
  let sessions = 0;
  const fresh = (port: number): BrokerOptions => optionsOf(port, { protocol, clientId: `${protocol}-${++sessions}` });
  const linked = async (): Promise<Link> => {
    const link = await createLink(mosquitto.port);
    ends.push(link.close);
    return link;
  };

  it('nothing is acknowledged before it is called for, then in the order of arrival whatever the order of the calls', async () => {
    const link = await linked();
    const us = listen(fresh(link.port));
    await connected(us);
    await sleep(QUIET);
    await publish(await publisher(mosquitto.url), 0, 20);
    await heardAll(us, numbers(0, 20));
    await sleep(QUIET);
    expect(link.acknowledged()).toEqual([]);
    const sent = link.passed.filter((one) => one.from === 'broker' && one.type === 3).map(({ id }) => id);
    for (let i = 19; i > 9; i--) us.heard[i]!.acknowledge();
    for (let i = 1; i < 10; i += 2) us.heard[i]!.acknowledge();
    await sleep(QUIET);
    expect(link.acknowledged()).toEqual([]);
    us.heard[0]!.acknowledge();
    await until('two acknowledged', () => link.acknowledged().length === 2);
    for (let i = 8; i > 1; i -= 2) us.heard[i]!.acknowledge();
    await until('all acknowledged', () => link.acknowledged().length === 20);
    expect(link.acknowledged()).toEqual(sent);
  });

  it('a broken connection: what was not acknowledged comes again, what was does not', async () => {
    const link = await linked();
    const us = listen(fresh(link.port));
    await connected(us);
    await sleep(QUIET);
    await publish(await publisher(mosquitto.url), 0, 20);
    await heardAll(us, numbers(0, 20));
    for (const { acknowledge } of us.heard.slice(0, 12)) acknowledge();
    await until('twelve acknowledged', () => link.acknowledged().length === 12);
    await sleep(QUIET);
    link.cut();
    await until('noticed', () => !us.client.connected() && us.client.since() === undefined);
    us.heard.length = 0;
    link.mend();
    await heardAll(us, numbers(12, 20));
    await sleep(QUIET);
    expect(us.texts()).toEqual(numbers(12, 20));
  });

  const again = protocol === 5 ? 'once, not with each connection' : 'with each connection: 3.1.1 has no way to say no';
  it(`a retained message comes ${again}`, async () => {
    const topic = `lantian/v1/140430/air/retained-${sessions}`;
    const sender = await publisher(mosquitto.url);
    await sender.publishAsync(topic, 'kept', { qos: 1, retain: true });
    ends.push(() => sender.publishAsync(topic, '', { qos: 1, retain: true }));
    const link = await linked();
    const us = listen(fresh(link.port));
    await heardAll(us, ['kept']);
    us.heard[0]!.acknowledge();
    await until('acknowledged', () => link.acknowledged().length === 1);
    await sleep(QUIET);
    link.cut();
    await until('noticed', () => !us.client.connected());
    link.mend();
    await connected(us);
    await sleep(QUIET);
    await sender.publishAsync(topic.replace('retained', 'live'), 'live', { qos: 1 });
    await heardAll(us, protocol === 5 ? ['kept', 'live'] : ['kept', 'kept', 'live']);
  });

  it('our process killed: the same', async () => {
    const options = fresh(mosquitto.port);
    const script = fileURLToPath(new URL('support/listener.ts', import.meta.url));
    let output = '';
    const start = (): ChildProcess => {
      output = '';
      const child = spawn(process.execPath, [script, JSON.stringify(options), '30']);
      child.stdout!.on('data', (text) => {
        output += text;
      });
      ends.push(() => child.kill('SIGKILL'));
      return child;
    };
    const told = () => output.split('\n').filter((line) => /^\d+$/.test(line));
    const first = start();
    await until('connected', () => output.includes('connected'));
    await publish(await publisher(mosquitto.url), 0, 50);
    await until('fifty heard', () => told().length === 50);
    await sleep(QUIET);
    const ended = once(first, 'exit');
    first.kill('SIGKILL');
    await ended;
    const second = start();
    await until('heard again', () => told().length >= 20 && output.includes('connected'));
    await sleep(QUIET);
    expect(told()).toEqual(numbers(30, 50));
    second.kill('SIGKILL');
  });

  it('an acknowledgement for an earlier connection is dropped, called while there is none or after the next began', async () => {
    const link = await linked();
    const us = listen(fresh(link.port));
    await connected(us);
    await sleep(QUIET);
    const sender = await publisher(mosquitto.url);
    await publish(sender, 0, 10);
    await heardAll(us, numbers(0, 10));
    const old = us.heard.splice(0);
    link.cut();
    await until('noticed', () => !us.client.connected());
    for (const { acknowledge } of old.slice(0, 5)) acknowledge();
    link.mend();
    await heardAll(us, numbers(0, 10));
    for (const { acknowledge } of old.slice(5)) acknowledge();
    await sleep(QUIET);
    expect(link.acknowledged()).toEqual([]);
    for (const { acknowledge } of us.heard) acknowledge();
    await until('all acknowledged', () => link.acknowledged().length === 10);
    await sleep(QUIET);
    expect(link.acknowledged(1)).toEqual([]);
    // Packet ids of what we publish ourselves are not used up by it.
    await us.client.publish('lantian/v1/140430/signal/test/a', '1', { qos: 1, retain: false });
  });

  it('a broker that forgot the session uses packet ids again: old acknowledgements take nothing new away', async () => {
    const forgetful = await startMosquitto({ persistence: false, config: 'max_inflight_messages 0' });
    const link = await createLink(forgetful.port);
    ends.push(link.close);
    const us = listen(fresh(link.port));
    await connected(us);
    await sleep(QUIET);
    await publish(await publisher(forgetful.url), 0, 10);
    await heardAll(us, numbers(0, 10));
    const old = us.heard.splice(0);
    await forgetful.kill9();
    await until('noticed', () => !us.client.connected());
    for (const { acknowledge } of old.slice(0, 5)) acknowledge();
    await forgetful.restart();
    await connected(us);
    await sleep(QUIET);
    await publish(await publisher(forgetful.url), 100, 110);
    await heardAll(us, numbers(100, 110));
    for (const { acknowledge } of old.slice(5)) acknowledge();
    await sleep(QUIET);
    us.heard.length = 0;
    link.cut();
    await until('noticed', () => !us.client.connected());
    link.mend();
    await heardAll(us, numbers(100, 110));
    const ids = (connection: number) =>
      link.passed.filter((one) => one.connection === connection && one.from === 'broker' && one.type === 3);
    const seen = [...new Set(link.passed.map(({ connection }) => connection))];
    expect(new Set(ids(seen[0]!).map(({ id }) => id))).toEqual(new Set(ids(seen.at(-1)!).map(({ id }) => id)));
  });

  it('a thousand messages that wait in the session all come, at once with the connection', async () => {
    const options = fresh(mosquitto.port);
    await beginSession(options);
    await publish(await publisher(mosquitto.url), 0, 1000);
    const us = listen(options);
    await heardAll(us, numbers(0, 1000));
    for (const { acknowledge } of us.heard) acknowledge();
    await sleep(QUIET);
    await us.client.end();
    const later = listen(options);
    await connected(later);
    await sleep(QUIET);
    expect(later.texts()).toEqual([]);
  });

  it('the broker killed and started again: what it kept and we had not acknowledged comes again, and we find back', async () => {
    // 2.0.11 writes its file at intervals, or with this after every change (looked at once a second).
    const config = 'max_inflight_messages 0\nautosave_interval 1\nautosave_on_changes true';
    const broker = await startMosquitto({ config });
    const us = listen(fresh(broker.port));
    await connected(us);
    await sleep(QUIET);
    await publish(await publisher(broker.url, { reconnectPeriod: 0 }), 0, 200);
    await heardAll(us, numbers(0, 200));
    for (const { acknowledge } of us.heard.slice(0, 150)) acknowledge();
    await sleep(1500);
    expect(statSync(join(broker.folder, 'mosquitto.db')).size).toBeGreaterThan(0);
    await broker.kill9();
    await until('noticed', () => us.client.since() === undefined && us.client.lastError() !== undefined);
    expect(us.client.lastError()).toMatch(/ECONNREFUSED|closed|reset/i);
    us.heard.length = 0;
    await broker.restart();
    await connected(us);
    expect(us.client.lastError()).toBeUndefined();
    await until('heard again', () => us.heard.length >= 50, { state: us.texts });
    await sleep(QUIET);
    // Acknowledgements that it had not written yet make it send more, never less.
    expect(us.texts()).toEqual(expect.arrayContaining(numbers(150, 200)));
    expect(us.texts().slice(-50)).toEqual(numbers(150, 200));
    await publish(await publisher(broker.url), 200, 210);
    await until('new ones', () => us.texts().at(-1) === '209');
  });

  it('an unfinished publish does not keep it from ending', async () => {
    const broker = await startMosquitto();
    const us = listen(fresh(broker.port));
    await connected(us);
    process.kill(broker.pid!, 'SIGSTOP');
    const unanswered = us.client.publish('lantian/v1/140430/signal/test/a', '1', { qos: 1, retain: true });
    const outcome = unanswered.then(
      () => 'taken',
      () => 'given up',
    );
    const began = performance.now();
    await us.client.end();
    expect(performance.now() - began).toBeLessThan(5000);
    expect(await Promise.race([outcome, sleep(1000, 'forgotten')])).toBe('given up');
    process.kill(broker.pid!, 'SIGCONT');
  });

  it('publish resolves when the broker has it and rejects while there is none', async () => {
    const broker = await startMosquitto();
    const us = listen(fresh(broker.port));
    await connected(us);
    await us.client.publish('lantian/v1/140430/signal/test/a', 'kept', { qos: 1, retain: true });
    const reader = await publisher(broker.url);
    const got: string[] = [];
    reader.on('message', (_topic, payload) => got.push(payload.toString()));
    await reader.subscribeAsync('lantian/v1/140430/signal/#');
    await until('retained', () => got.length > 0);
    expect(got).toEqual(['kept']);
    await broker.kill9();
    await until('noticed', () => !us.client.connected());
    await expect(us.client.publish('a', 'b', { qos: 1, retain: false })).rejects.toThrow('no connection');
  });
});
