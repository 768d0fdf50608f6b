import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync } from 'mqtt';
import { expect, it, onTestFinished } from 'vitest';
import { floorTo, MINUTE } from '../src/core/time.ts';
import type { Signal } from '../src/core/types.ts';
import { conservation, lantianChild } from './support/lantian.ts';
import {
  differences,
  isIdle,
  journalOf,
  quarantineOf,
  readingsOf,
  seriesOf,
  signalsOf,
  standOf,
  tickOf,
} from './support/left.ts';
import { loadOf } from './support/load.ts';
import { type Flow, type Outgoing, publishFlow } from './support/publish.ts';
import { seeded } from './support/random.ts';
import { startMosquitto } from './support/servers.ts';
import { until } from './support/until.ts';

// kill -9 at random moments under load. The same messages go through two more pipelines that nobody disturbs: one like the killed
// one, and one whose clock ticks every second among the readings.

const KILLS = 30;
const TOGGLES = 400;
const SEED = 20_260_720;
const NOW = floorTo(Date.now(), 5 * MINUTE);

const load = (days: number): Outgoing[] => loadOf({ days, now: NOW, seed: SEED, toggles: TOGGLES });

it(`killed ${KILLS} times under load: nothing acknowledged is lost, series and signals are those of an undisturbed run`, async () => {
  const messages = load(6);
  const [shaken, calm] = [await startMosquitto(), await startMosquitto()];
  const like = (url: string, name: string, intake = {}) =>
    lantianChild({ mqtt: { url, client_id: name }, intake, log: { level: 'error' } });
  const killed = await like(shaken.url, 'killed');
  const undisturbed = await like(calm.url, 'undisturbed');
  const ticking = await like(calm.url, 'ticking', { tick: 'PT1S', settle: 'PT0S' });
  const watcher = await connectAsync(shaken.url);
  const seen: { topic: string; text: string }[] = [];
  watcher.on('message', (topic, payload) => seen.push({ topic, text: payload.toString() }));
  await watcher.subscribeAsync('lantian/v1/140430/signal/#', { qos: 1 });
  const [toShaken, toCalm] = [await connectAsync(shaken.url), await connectAsync(calm.url)];
  onTestFinished(() => Promise.all([watcher, toShaken, toCalm].map((client) => client.endAsync(true))).then(() => {}));
  await Promise.all([killed, undisturbed, ticking].map((child) => child.start()));
  await until('subscribed', async () => {
    const all = await Promise.all([killed, undisturbed, ticking].map((child) => child.metrics()));
    return all.every(
      (metrics, i) => metrics.get(`lantian_broker_connected{broker="${i === 0 ? shaken.url : calm.url}"}`) === 1,
    );
  });
  await sleep(500);

  const flows = [toShaken, toCalm].map((client) => publishFlow(client, messages, { rate: 300 })) as [Flow, Flow];
  const random = seeded(SEED + 1);
  let scrapes = 0;
  const began = performance.now();
  for (let kill = 0; kill < KILLS; kill++) {
    // A third of them while it starts, which it also does under load; the rest once it runs.
    if (kill % 3 > 0) await killed.ready();
    await sleep(random() * (kill % 3 > 0 ? 3000 : 1200));
    expect(killed.stderr()).toBe('');
    const metrics = await killed.metrics().catch(() => undefined); // killed before it listened
    if (metrics) {
      scrapes++;
      const { received, ended, inFlight, pending } = conservation(metrics);
      expect(received).toBe(ended + inFlight);
      expect(inFlight).toBeGreaterThanOrEqual(0);
      expect(inFlight).toBeLessThanOrEqual(pending);
    }
    await killed.kill9();
    killed.launch();
    // As fast as makes it last to the end of the kills, however quick the machine is; 3 s each until it is known better.
    const each = ((performance.now() - began) / 1000 + 5 * 3) / (kill + 1 + 5);
    const left = each * (KILLS + 2 - kill);
    for (const flow of flows) flow.rate = (messages.length - flow.acknowledged) / left;
  }
  const seconds = (performance.now() - began) / 1000;
  const underLoad = flows[0].acknowledged;
  for (const flow of flows) flow.rate = Number.POSITIVE_INFINITY;
  await Promise.all(flows.map((flow) => flow.done));
  await killed.ready();
  expect(scrapes).toBeGreaterThan(KILLS / 2);
  expect(underLoad).toBeGreaterThan(messages.length * 0.8);
  expect(underLoad).toBeLessThan(messages.length);
  expect(flows[0].acknowledged).toBe(messages.length);

  const both = [killed, undisturbed] as const;
  const known = new Set(messages.map(({ topic, payload }) => `${topic} ${payload}`));
  const missing = (): string[] => {
    const there = new Set(journalOf(killed));
    return [...known].filter((text) => !there.has(text));
  };
  await until('all is there', () => missing().length === 0, { within: 20_000, every: 500, state: missing });
  await until(
    'all is applied, to the same tick',
    async () =>
      (await Promise.all([...both, ticking].map(isIdle))).every(Boolean) &&
      tickOf(killed) !== undefined &&
      tickOf(killed) === tickOf(undisturbed),
    { within: 30_000, every: 200, state: () => both.map(tickOf) },
  );
  for (const child of both) {
    const { received, ended, inFlight } = conservation(await child.metrics());
    expect([received, inFlight]).toEqual([ended, 0]);
  }
  expect(conservation(await undisturbed.metrics()).received).toBe(messages.length);
  const ends = await Promise.all([...both, ticking].map((child) => child.end('SIGTERM')));
  expect(ends).toEqual(ends.map(() => ({ code: 0, signal: null })));

  expect(readingsOf(killed)).toEqual(readingsOf(undisturbed));
  expect(quarantineOf(killed)).toEqual(quarantineOf(undisturbed));
  expect(quarantineOf(killed).length).toBeGreaterThan(50);
  const series = seriesOf(killed);
  expect(series.size).toBeGreaterThan(messages.length / 2);
  expect(differences(series, seriesOf(undisturbed))).toEqual({ count: 0, some: [] });
  expect(standOf(killed)).toEqual(standOf(undisturbed));
  expect(standOf(killed).length).toBeGreaterThan(1);
  expect(seen.length).toBeGreaterThan(TOGGLES / 2);

  const times = new Map<string, string>();
  for (const { text } of seen.filter((one) => one.text !== '')) {
    const { id, version } = JSON.parse(text) as Signal;
    expect(times.get(`${id} ${version}`) ?? text).toBe(text);
    times.set(`${id} ${version}`, text);
  }
  // Changes leave one by one: a kill can make us send again the one under way, and the library another of the lost connection.
  expect(seen.length - times.size).toBeLessThanOrEqual(2 * KILLS);
  for (const signal of signalsOf(killed)) expect(times.has(`${signal.id} ${signal.version}`)).toBe(true);
  expect(differences(seriesOf(ticking), seriesOf(undisturbed))).toEqual({ count: 0, some: [] });
  process.stdout.write(
    `${messages.length} messages, ${underLoad} of them during ${KILLS} kills in ${seconds.toFixed(0)} s; ${series.size} rows alike; ` +
      `${times.size} signal changes seen, ${seen.length - times.size} again\n`,
  );
}, 360_000);

it('a tick that was journalled before a crash is no message', async () => {
  const child = await lantianChild();
  await child.start();
  await child.kill9();
  const database = new DatabaseSync(join(child.folder, 'data', 'lantian.db'));
  const tick = JSON.stringify({ time: NOW, settled: false, listeningSince: NOW });
  const insert = database.prepare(
    "INSERT INTO journal VALUES ((SELECT coalesce(max(seq), 0) + 1 FROM journal), ?, ?, 'test', ?, ?)",
  );
  insert.run(1, NOW, '', Buffer.from(tick));
  insert.run(0, NOW, 'lantian/v1/140430/air/nowhere', Buffer.from('{}'));
  database.close();
  await child.start();
  await until('applied', async () => conservation(await child.metrics()).pending === 0);
  const { received, ended, inFlight } = conservation(await child.metrics());
  expect({ received, ended, inFlight }).toEqual({ received: 1, ended: 1, inFlight: 0 });
});
