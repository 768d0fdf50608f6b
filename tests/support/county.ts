// A county that has lived through its busiest days, in the real pipeline with both kinds of store behind it: the simulator's messages and the
// clock's ticks go in as they would live, only faster, and drains carry what comes of them to the embedded store and to InfluxDB.
import { join } from 'node:path';
import { generate } from '../../sensors/simulator/generate.ts';
import type { Message } from '../../sensors/simulator/scenario.ts';
import type { Catalog, Station } from '../../src/core/catalog.ts';
import { silentLog } from '../../src/core/log.ts';
import { openDatabase } from '../../src/core/sqlite.ts';
import { DAY, floorTo, HOUR, MINUTE } from '../../src/core/time.ts';
import { createPipeline, type Pipeline } from '../../src/pipeline.ts';
import { createDrain, type Drain } from '../../src/store/drain.ts';
import { createEmbeddedStore } from '../../src/store/embedded.ts';
import { createInflux1Store } from '../../src/store/influx1.ts';
import { createOutbox } from '../../src/store/outbox.ts';
import type { Refusal, Row, SeriesQuery, Store } from '../../src/store/port.ts';
import { settingsOf } from './middle.ts';
import { tempFolder } from './servers.ts';
import { catalog, NOW } from './simulated.ts';
import { until } from './until.ts';

export const SCENARIO = 'rainstorm,dustfall,heavy-pollution,emission-exceedance,faulty-sensors';
export const DATABASE = 'lantian';

/** The scenarios' own days have everything; the weeks before them what makes months: air, water and dustfall. */
const BUSY = NOW - 3 * DAY;
const BEGIN = NOW - 37 * DAY;
const SLOW = new Set(['air', 'water', 'dustfall']);

export interface County {
  readonly catalog: Catalog;
  readonly now: number;
  readonly pipeline: Pipeline;
  readonly messages: number;
  /** What the pipeline has written, out of the embedded store. */
  read(query: Partial<SeriesQuery> & { measurement: string }): Promise<readonly Row[]>;
  close(): Promise<void>;
}

const isSlow = ({ feeds }: Station): boolean => Object.keys(feeds).some((feed) => SLOW.has(feed));

function* messages(): Generator<Message> {
  const stations = new Map([...catalog.stations].filter(([, station]) => isSlow(station)));
  yield* generate({ ...catalog, stations, townships: [] }, SCENARIO, { from: BEGIN, to: BUSY, seed: 1, now: NOW });
  yield* generate(catalog, SCENARIO, { from: BUSY, to: NOW + GRACE, seed: 1, now: NOW });
}

/** The last readings leave this late; ticks are that far behind, as `intake.grace` has it. */
const GRACE = 2 * MINUTE;

/** A tick each five minutes of the busy days, and each three hours before them. */
const tickAt = (time: number): number => floorTo(time - GRACE, time > BUSY ? 5 * MINUTE : 3 * HOUR);

const fail = (thrown: unknown): never => {
  throw thrown;
};

/** Send everything, as it would come; how many messages. */
const live = (pipeline: Pipeline, clock: { now: number }): number => {
  let count = 0;
  const tick = (time: number): void => {
    pipeline.tick({ time, settled: true, listeningSince: BEGIN });
    pipeline.drain();
  };
  for (const { time, topic, payload } of messages()) {
    if (tickAt(time) > tickAt(clock.now)) tick(tickAt(time));
    clock.now = time;
    const message = { source: 'broker', topic, payload: Buffer.from(payload), received: time, qos: 1 as const };
    pipeline.receive({ ...message, acknowledge: () => {} });
    count += 1;
  }
  clock.now = NOW + GRACE;
  tick(NOW);
  return count;
};

/** @param url an InfluxDB 1.x, whose database is made */
export const liveCounty = async (url: string): Promise<County> => {
  const settings = settingsOf();
  const database = openDatabase(':memory:', fail);
  const embedded = createEmbeddedStore({ file: join(tempFolder('series'), 'series.db'), damaged: fail });
  const influx = createInflux1Store({ name: 'influx', url, database: DATABASE, timeout: 30_000 });
  const stores: readonly Store[] = [embedded, influx];
  const names = stores.map(({ name }) => name);
  const outbox = createOutbox(database, names, { maxBytes: 1e9 });
  const clock = { now: BEGIN };
  const drains: Drain[] = [];
  const pipeline = createPipeline({
    database,
    settings,
    catalog,
    outbox,
    brokers: ['broker'],
    log: silentLog,
    now: () => clock.now,
    steady: () => performance.now(),
    wake: () => {
      for (const drain of drains) drain.wake();
    },
    speak: () => {},
    damaged: fail,
  });
  const count = live(pipeline, clock);
  const refused: Refusal[] = [];
  for (const store of stores) {
    await store.init();
    const onRefused = (refusals: readonly Refusal[]): void => void refused.push(...refusals);
    const commit = (): void => pipeline.flushSoon();
    const options = { store, outbox, batch: 10_000, retryMost: 1000, log: silentLog, onRefused, commit, damaged: fail };
    drains.push(createDrain(options));
  }
  for (const drain of drains) drain.start();
  await until('both stores have everything', () => names.every((name) => outbox.depth(name).points === 0), {
    within: 50_000,
    state: () => ({ depths: names.map((name) => outbox.depth(name)), errors: drains.map(({ stats }) => stats) }),
  });
  if (refused.length > 0) throw new Error(`a store refused ${JSON.stringify(refused[0])}`);
  return {
    catalog,
    now: NOW,
    pipeline,
    messages: count,
    read: (query) => embedded.read({ from: 0, to: NOW + 10 * DAY, ...query }),
    close: async () => {
      await Promise.all(drains.map((drain) => drain.stop()));
      pipeline.finish();
      await Promise.all(stores.map((store) => store.close()));
      database.close();
    },
  };
};
