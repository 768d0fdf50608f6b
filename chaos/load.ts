// Load: twice what it can take, and a steady one for long.
import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { DAY, floorTo, HOUR, SECOND } from '../src/core/time.ts';
import { conservation, residentBytes } from '../tests/support/lantian.ts';
import { tempFolder } from '../tests/support/servers.ts';
import { until } from '../tests/support/until.ts';
import type { Context, Row, Scenario } from './scenario.ts';
import { openStream, type Stream, streamCatalog } from './stream.ts';
import { createWorld, settled, type World } from './world.ts';

const MEBIBYTE = 1024 ** 2;
/** What the last third may have more than the first: heaps breathe. */
const FLAT = { bytes: 96 * MEBIBYTE, handles: 8, latency: 1.5, latencyMs: 20 };
const RATE = 1000;
/** Messages before anything is measured. */
const warmOf = ({ size }: Context): number => ({ full: 75_000, short: 5_000, quick: 1_000 })[size.name];

interface Sample {
  readonly at: number;
  readonly bytes: number;
  readonly handles: number;
}

/** Memory and file handles of a process, ten times a second. */
const watch = (pid: number) => {
  const samples: Sample[] = [];
  const timer = setInterval(() => {
    const handles = readdirSync(`/proc/${pid}/fd`).length;
    samples.push({ at: performance.now(), bytes: residentBytes(pid), handles });
  }, 100);
  return {
    end: (): readonly Sample[] => {
      clearInterval(timer);
      return samples;
    },
  };
};

/** Highest of the first third and of the last. */
const thirds = <T>(samples: readonly T[], get: (sample: T) => number): [number, number] => {
  const third = Math.max(1, Math.floor(samples.length / 3));
  const most = (some: readonly T[]) => some.reduce((high, sample) => Math.max(high, get(sample)), 0);
  return [most(samples.slice(0, third)), most(samples.slice(-third))];
};

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** Of each second, ms from a message's receipt until its effects were on disk, p99. */
const latencies = ({ child }: World, since: number): number[] =>
  child
    .rows<{ ms: number | null }>(
      'series.db',
      `SELECT json_extract(fields, '$.latency_p99') AS ms FROM point JOIN series ON series.id = point.series
       WHERE measurement = 'pipeline' AND time >= ${since} ORDER BY time`,
    )
    .flatMap(({ ms }) => (ms === null ? [] : [ms]));

const stored = ({ child }: World): number =>
  child.rows<{ n: number }>('lantian.db', 'SELECT count(*) AS n FROM archive')[0]!.n;

interface Rig {
  readonly world: World;
  readonly stream: Stream;
  end(): Promise<void>;
}

const open = async ({ size }: Context, unbounded = false): Promise<Rig> => {
  // Each sends an hour at a time: so many that the hours of a year are enough.
  const stations = size.name === 'full' ? 2000 : 100;
  const catalog = streamCatalog(tempFolder('chaos-county'), stations);
  const status = { every: size.name === 'full' ? 'PT10S' : 'PT1S' };
  const world = await createWorld({ catalog, unbounded, settings: { status } });
  const stream = await openStream(world.broker.port, stations, floorTo(Date.now(), HOUR) - 390 * DAY);
  return {
    world,
    stream,
    end: async () => {
      stream.end();
      await world.end();
    },
  };
};

const countsOf = async ({ world, stream }: Rig) => {
  const { received, ended, inFlight } = conservation(await world.child.metrics());
  const lost = stream.sent - stored(world);
  const unsound = received === ended + inFlight ? [] : [`received ${received}, ended ${ended}, in flight ${inFlight}`];
  return { lost: Math.max(0, lost), duplicated: Math.max(0, -lost), wrong: 0, broken: unsound };
};

const mib = (bytes: number): number => Math.round(bytes / MEBIBYTE);

const flatness = (samples: readonly Sample[]): { measured: Row['measured']; broken: string[] } => {
  const [early, late] = thirds(samples, ({ bytes }) => bytes);
  const [few, many] = thirds(samples, ({ handles }) => handles);
  return {
    measured: {
      memory_MiB_first_third: mib(early),
      memory_MiB_last_third: mib(late),
      handles_first_third: few,
      handles_last_third: many,
    },
    broken: [
      ...(late - early > FLAT.bytes ? [`memory grew from ${mib(early)} to ${mib(late)} MiB`] : []),
      ...(many - few > FLAT.handles ? [`file handles grew from ${few} to ${many}`] : []),
    ],
  };
};

/** Messages/s that are applied when as many come as can. */
const capacity = async ({ world, stream }: Rig, count: number): Promise<number> => {
  const began = performance.now();
  await stream.send(count, Number.POSITIVE_INFINITY);
  const all = async (): Promise<boolean> => conservation(await world.child.metrics()).ended >= stream.sent;
  await until('applied', all, { within: 180_000, every: 20 });
  return (count * SECOND) / (performance.now() - began);
};

export const overload: Scenario = {
  name: 'overload',
  about: { zh: '来的报文是处理能力的两倍', en: 'twice the messages that it can take' },
  run: async (context) => {
    // Of millions that wait in it, the broker would drop most.
    const rig = await open(context, true);
    await capacity(rig, warmOf(context));
    const able = await capacity(rig, warmOf(context));
    const seconds = context.size.overload;
    context.say(`${Math.round(able)} messages/s are taken; ${Math.round(able * 2)} are sent for ${seconds} s`);
    const watched = watch(rig.world.child.pid!);
    const began = performance.now();
    await rig.stream.send(Math.round(able * 2 * seconds), able * 2);
    const sending = (performance.now() - began) / SECOND;
    const behind = rig.stream.sent - conservation(await rig.world.child.metrics()).ended;
    const samples = watched.end();
    // It is as far behind as it was overloaded, and on a machine that got busier farther.
    await settled(rig.world.child, 3 * seconds * SECOND);
    const after = (performance.now() - began) / SECOND - sending;
    const { broken, ...costs } = await countsOf(rig);
    const flat = flatness(samples);
    await rig.end();
    const row: Row = {
      what: { zh: `两倍负荷 ${seconds} 秒`, en: `twice the load for ${seconds} s` },
      times: rig.stream.sent,
      ...costs,
      measured: {
        taken_per_second: Math.round(able),
        sent_per_second: Math.round((able * 2 * seconds) / sending),
        behind_at_the_end: behind,
        seconds_to_catch_up: Math.round(after),
        ...flat.measured,
      },
      broken: [...broken, ...flat.broken, ...(behind > 0 ? [] : ['it was never behind'])],
    };
    return [row];
  },
};

export const soak: Scenario = {
  name: 'soak',
  about: { zh: '长时间每秒 1,000 条报文', en: '1,000 messages/s for long' },
  run: async (context) => {
    const rig = await open(context);
    // Windows of three days are full, and the heap has its size.
    await capacity(rig, warmOf(context));
    const seconds = context.size.soak;
    context.say(`${RATE} messages/s for ${seconds} s`);
    const since = Date.now();
    const watched = watch(rig.world.child.pid!);
    const minutes = setInterval(() => context.say(`${rig.stream.sent} sent`), 5 * 60 * SECOND);
    await rig.stream.send(RATE * seconds, RATE);
    clearInterval(minutes);
    const samples = watched.end();
    await sleep(SECOND);
    await settled(rig.world.child);
    const { broken, ...costs } = await countsOf(rig);
    const times = latencies(rig.world, since);
    const third = Math.max(1, Math.floor(times.length / 3));
    const [early, late] = [median(times.slice(0, third)), median(times.slice(-third))];
    const slower = late > early * FLAT.latency + FLAT.latencyMs ? [`latency grew from ${early} to ${late} ms`] : [];
    const flat = flatness(samples);
    await rig.end();
    const row: Row = {
      what: { zh: `每秒 ${RATE} 条，${seconds} 秒`, en: `${RATE} messages/s for ${seconds} s` },
      times: rig.stream.sent,
      ...costs,
      measured: {
        ...flat.measured,
        latency_p99_ms_first_third: Math.round(early * 10) / 10,
        latency_p99_ms_last_third: Math.round(late * 10) / 10,
      },
      broken: [...broken, ...flat.broken, ...slower, ...(times.length < 2 ? ['no latency was measured'] : [])],
    };
    return [row];
  },
};
