// kill -9 and SIGSTOP of the pipeline, of Mosquitto and of InfluxDB at random moments under load.
import { setTimeout as sleep } from 'node:timers/promises';
import { floorTo, MINUTE, SECOND } from '../src/core/time.ts';
import { conservation } from '../tests/support/lantian.ts';
import { journalOf } from '../tests/support/left.ts';
import { loadOf } from '../tests/support/load.ts';
import type { Outgoing } from '../tests/support/publish.ts';
import { seeded } from '../tests/support/random.ts';
import { plant } from './plant.ts';
import type { Context, Row, Scenario } from './scenario.ts';
import { createSender, type Sender } from './sender.ts';
import type { Size } from './sizes.ts';
import { beside, createWorld, settled, subscribed, undisturbed, type World } from './world.ts';

interface Fault {
  readonly what: Row['what'];
  readonly times: number;
  /** How long one is thought to take, s: the messages are to last to the end of it. */
  readonly seconds: number;
  /** Do it once, `moment` in [0, 1); it ends when the fault is over. Resolves with what a pipeline that it killed had said. */
  strike(world: World, moment: number, i: number): Promise<string>;
}

const killPipeline = async ({ child }: World, moment: number, i: number): Promise<string> => {
  // A third of them while it starts, which it also does under load; the rest once it runs.
  if (i % 3 > 0) await child.ready();
  await sleep(moment * (i % 3 > 0 ? 1500 : 1000));
  const said = child.stderr();
  await child.kill9();
  child.launch();
  return said;
};

const killServer =
  (pick: (world: World) => World['broker']) =>
  async (world: World, moment: number): Promise<string> => {
    await sleep(300 + moment * 1200);
    await pick(world).kill9();
    await sleep(((moment * 7919) % 1) * 300);
    await pick(world).restart();
    return '';
  };

const stop =
  (pick: (world: World) => number | undefined, seconds: number) =>
  async (world: World, moment: number): Promise<string> => {
    await sleep(500 + moment * 1000);
    const pid = pick(world)!;
    process.kill(pid, 'SIGSTOP');
    await sleep(seconds * SECOND);
    process.kill(pid, 'SIGCONT');
    await sleep(500);
    return '';
  };

const WHOLE = { influx: true, tap: true };
const brokerOf = ({ broker }: World): World['broker'] => broker;
const influxOf = ({ influx }: World): World['broker'] => influx!;

const killsOf = ({ kills: times }: Size): Fault[] => [
  {
    what: { zh: '流水线被 kill -9', en: 'kill -9 of the pipeline' },
    times: times.pipeline,
    seconds: 2,
    strike: killPipeline,
  },
  {
    what: { zh: 'Mosquitto 被 kill -9', en: 'kill -9 of Mosquitto' },
    times: times.mosquitto,
    seconds: 2,
    strike: killServer(brokerOf),
  },
  {
    what: { zh: 'InfluxDB 被 kill -9', en: 'kill -9 of InfluxDB' },
    times: times.influx,
    seconds: 2,
    strike: killServer(influxOf),
  },
];

const stopsOf = ({ stopped }: Size): Fault[] => {
  const fault = (zh: string, en: string, pick: Parameters<typeof stop>[0]): Fault => ({
    what: { zh: `${zh} 停住 ${stopped} 秒`, en: `${en} stopped for ${stopped} s` },
    times: stopped > 0 ? 1 : 0,
    seconds: stopped + 3,
    strike: stop(pick, stopped),
  });
  return [
    fault('流水线', 'the pipeline', ({ child }) => child.pid),
    fault('Mosquitto', 'Mosquitto', ({ broker }) => broker.pid),
    fault('InfluxDB', 'InfluxDB', ({ influx }) => influx?.pid),
  ];
};

/** Strike again and again, as slowly sent that the messages last to the end of it. */
const underFire = async (world: World, sender: Sender, fault: Fault, total: number, context: Context) => {
  const random = seeded(context.seed);
  const began = performance.now();
  const failed: string[] = [];
  for (let i = 0; i < fault.times; i++) {
    const said = `${await fault.strike(world, random(), i)}${world.child.stderr()}`;
    if (said !== '') failed.push(said.slice(0, 300));
    const each = (performance.now() - began) / (i + 1);
    sender.rate = ((total - sender.acknowledged) * SECOND) / (each * (fault.times - i));
    if ((i + 1) % 10 === 0) context.say(`${fault.what.en}: ${i + 1} of ${fault.times}`);
  }
  const underLoad = sender.acknowledged;
  sender.rate = Number.POSITIVE_INFINITY;
  await sender.done;
  return { underLoad, failed, seconds: (performance.now() - began) / 1000 };
};

/** What never came, by whose doing: a message that we acknowledged and do not have is ours. */
const missing = ({ child, tap }: World, messages: readonly Outgoing[]) => {
  const there = new Set(journalOf(child));
  const known = new Set(messages.map(({ topic, payload }) => `${topic} ${payload}`));
  const gone = [...known].filter((text) => !there.has(text));
  const ours = [...(tap?.acknowledged ?? [])].filter((text) => !there.has(text));
  return { ours, brokers: gone.filter((text) => !ours.includes(text)) };
};

const messagesOf = (lines: readonly string[]): Outgoing[] =>
  lines.map((line) => ({ topic: line.slice(0, line.indexOf(' ')), payload: line.slice(line.indexOf(' ') + 1) }));

const rowOf = async (fault: Fault, messages: readonly Outgoing[], calm: World, context: Context): Promise<Row> => {
  context.say(`${fault.what.en}: ${fault.times} times`);
  const world = await createWorld(WHOLE);
  // As a broker that has run for a while: the session is on disk.
  process.kill(world.broker.pid!, 'SIGUSR1');
  const sent = plant(messages, context.planted);
  const sender = createSender(world.broker.url, sent, sent.length / (fault.times * fault.seconds + 2));
  const { underLoad, failed, seconds } = await underFire(world, sender, fault, sent.length, context);
  await world.child.ready();
  // A broker that was just started again has its queue still to hand over.
  await subscribed(world);
  await settled(world.child);
  const { ours, brokers } = missing(world, sent);
  // What the broker itself lost reached nobody: the one to compare with gets what was left.
  const peer = brokers.length === 0 ? calm : await undisturbed(messagesOf(journalOf(world.child)));
  const found = await beside(world, peer);
  const { received, ended, inFlight } = conservation(await world.child.metrics());
  if (peer !== calm) await peer.end();
  await world.end();
  for (const line of found.some) context.say(`  ${line}`);
  const unsound = received === ended + inFlight ? [] : [`received ${received}, ended ${ended}, in flight ${inFlight}`];
  const early = underLoad === sent.length ? ['the messages ended before the faults did'] : [];
  return {
    what: fault.what,
    times: fault.times,
    lost: found.lost + ours.length,
    duplicated: found.duplicated,
    wrong: found.wrong,
    measured: {
      messages: sent.length,
      sent_during_faults: underLoad,
      sent_again_by_sensors: sender.again,
      lost_by_broker: brokers.length,
      seconds: Math.round(seconds),
    },
    broken: [...failed, ...unsound, ...early],
  };
};

const runAll = async (faults: readonly Fault[], context: Context): Promise<Row[]> => {
  // Before the first tick, so that all is judged as of a tick.
  const now = floorTo(Date.now(), 5 * MINUTE) - 5 * MINUTE;
  const messages = loadOf({ days: context.size.days, now, seed: context.seed, toggles: 200 });
  context.say(`${messages.length} messages to a pipeline that nobody disturbs`);
  const calm = await undisturbed(messages);
  const rows: Row[] = [];
  for (const fault of faults) if (fault.times > 0) rows.push(await rowOf(fault, messages, calm, context));
  await calm.end();
  return rows;
};

export const kills: Scenario = {
  name: 'kills',
  about: { zh: '进程被 kill -9', en: 'processes killed with SIGKILL' },
  run: (context) => runAll(killsOf(context.size), context),
};

export const stops: Scenario = {
  name: 'stops',
  about: { zh: '进程被 SIGSTOP 停住', en: 'processes stopped with SIGSTOP' },
  run: (context) => runAll(stopsOf(context.size), context),
};
