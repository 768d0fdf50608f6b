// A county that has lived through its busiest days, in the real pipeline with both kinds of store behind it: the simulator's messages and the
// clock's ticks go in as they would live, only faster, and drains carry what comes of them to the embedded store and to InfluxDB.
import { join } from 'node:path';
import { generate } from '../../sensors/simulator/generate.ts';
import type { Message } from '../../sensors/simulator/scenario.ts';
import type { Catalog, Station } from '../../src/core/catalog.ts';
import { silentLog } from '../../src/core/log.ts';
import { machineOf } from '../../src/core/machine.ts';
import { openDatabase } from '../../src/core/sqlite.ts';
import { DAY, floorTo, HOUR, MINUTE } from '../../src/core/time.ts';
import { createObserver } from '../../src/observer.ts';
import { createPipeline, type Pipeline } from '../../src/pipeline.ts';
import { createDelays, type Delays } from '../../src/store/delays.ts';
import { createDrain, type Drain } from '../../src/store/drain.ts';
import { createEmbeddedStore } from '../../src/store/embedded.ts';
import { createInflux1Store } from '../../src/store/influx1.ts';
import { createOutbox, type Outbox } from '../../src/store/outbox.ts';
import type { Refusal, Row, SeriesQuery, Store } from '../../src/store/port.ts';
import { settingsOf } from './middle.ts';
import { tempFolder } from './servers.ts';
import { catalog, NOW } from './simulated.ts';
import { until } from './until.ts';

export const SCENARIO = 'rainstorm,dustfall,heavy-pollution,emission-exceedance,faulty-sensors';
export const DATABASE = 'lantian';

/** The last days have everything; the weeks before them what makes months: the air that counts for the county, water and dustfall. */
const BUSY = NOW - 2 * DAY;
const BEGIN = NOW - 37 * DAY;

export interface County {
  readonly catalog: Catalog;
  readonly now: number;
  readonly pipeline: Pipeline;
  readonly messages: number;
  /** What the pipeline has written, out of the embedded store. */
  read(query: Partial<SeriesQuery> & { measurement: string }): Promise<readonly Row[]>;
  close(): Promise<void>;
}

const makesMonths = ({ feeds, assessed }: Station): boolean =>
  feeds.water !== undefined || feeds.dustfall !== undefined || (feeds.air !== undefined && assessed);

function* messages(): Generator<Message> {
  const stations = new Map([...catalog.stations].filter(([, station]) => makesMonths(station)));
  yield* generate({ ...catalog, stations, townships: [] }, SCENARIO, { from: BEGIN, to: BUSY, seed: 1, now: NOW });
  yield* generate(catalog, SCENARIO, { from: BUSY, to: NOW + GRACE, seed: 1, now: NOW });
}

/** The last readings leave this late; ticks are that far behind, as `intake.grace` has it. */
const GRACE = 2 * MINUTE;

/** A tick each ten minutes of the busy days, and each six hours before them. */
const tickAt = (time: number): number => floorTo(time - GRACE, time > BUSY ? 10 * MINUTE : 6 * HOUR);

const fail = (thrown: unknown): never => {
  throw thrown;
};

/** How the outbox is emptied into both stores; `settled` resolves when they have everything. */
const createOutlets = (outbox: Outbox, stores: readonly Store[], delays: Delays, commit: () => void) => {
  const taken = (store: string, upTo: number): void => {
    outbox.taken(store, upTo);
    delays.taken(store, upTo);
  };
  const onRefused = (refusals: readonly Refusal[]): void => {
    throw new Error(`a store refused ${JSON.stringify(refusals[0])}`);
  };
  const common = { outbox: { ...outbox, taken }, batch: 10_000, retryMost: 1000, log: silentLog, damaged: fail };
  const drains = stores.map((store) => createDrain({ ...common, store, onRefused, commit }));
  const depths = () => stores.map(({ name }) => outbox.depth(name).points);
  const by = (get: (drain: Drain, name: string) => number) =>
    Object.fromEntries(stores.map(({ name }, i) => [name, get(drains[i]!, name)]));
  return {
    drains,
    settled: () =>
      until('both stores have everything', () => depths().every((depth) => depth === 0), {
        within: 50_000,
        state: () => ({ depths: depths(), drains: drains.map(({ stats }) => stats) }),
      }),
    counts: () => ({
      brokerConnected: { broker: 1 },
      outboxPoints: by((_, name) => outbox.depth(name).points),
      outboxBytes: by((_, name) => outbox.depth(name).bytes),
      storeWritten: by(({ stats }) => stats.written),
      storeFailures: by(({ stats }) => stats.failures),
      storeRefused: by(({ stats }) => stats.refused),
    }),
  };
};

interface Life {
  readonly pipeline: Pipeline;
  readonly clock: { now: number };
  readonly beat: () => void;
  readonly settled: () => Promise<void>;
}

/** Send everything, as it would come; how many messages. Twice a busy day the stores catch up. */
const live = async ({ pipeline, clock, beat, settled }: Life): Promise<number> => {
  let count = 0;
  const tick = async (time: number): Promise<void> => {
    pipeline.tick({ time, settled: true, listeningSince: BEGIN });
    pipeline.drain();
    beat();
    pipeline.drain();
    if (time > BUSY && time % (12 * HOUR) === 0) await settled();
  };
  for (const { time, topic, payload } of messages()) {
    if (tickAt(time) > tickAt(clock.now)) await tick(tickAt(time));
    clock.now = time;
    const message = { source: 'broker', topic, payload: Buffer.from(payload), received: time, qos: 1 as const };
    pipeline.receive({ ...message, acknowledge: () => {} });
    count += 1;
  }
  clock.now = NOW + GRACE;
  await tick(NOW);
  await settled();
  return count;
};

/**
 * A county that has lived.
 * @param url an InfluxDB 1.x, whose database is made
 */
export const liveCounty = async (url: string): Promise<County> => {
  const settings = settingsOf({ air: { good_days_target: 300 } });
  const database = openDatabase(':memory:', fail);
  const folder = tempFolder('series');
  const embedded = createEmbeddedStore({ file: join(folder, 'series.db'), damaged: fail });
  const stores = [embedded, createInflux1Store({ name: 'influx', url, database: DATABASE, timeout: 30_000 })];
  for (const store of stores) await store.init();
  const names = stores.map(({ name }) => name);
  const outbox = createOutbox(database, names, { maxBytes: 1e9 });
  const clock = { now: BEGIN };
  const now = (): number => clock.now;
  const delays = createDelays(Object.fromEntries(names.map((name) => [name, undefined])), now);
  let wake = (): void => {};
  const pipeline = createPipeline({
    database,
    settings,
    catalog,
    outbox,
    brokers: ['broker'],
    log: silentLog,
    now,
    steady: () => performance.now(),
    wake: () => wake(),
    speak: () => {},
    committed: delays.committed,
    damaged: fail,
  });
  const { drains, settled, counts } = createOutlets(outbox, stores, delays, () => pipeline.flushSoon());
  wake = () => {
    for (const drain of drains) drain.wake();
  };
  const observer = createObserver({
    every: settings.status.every,
    delays,
    now,
    catalog: pipeline.catalog,
    counts: () => ({ ...pipeline.counts(), ...counts() }),
    stores: () => names.map((name, i) => ({ name, connected: drains[i]!.stats.connected })),
    machine: () => machineOf(folder),
    write: pipeline.write,
  });
  for (const drain of drains) drain.start();
  const count = await live({ pipeline, clock, beat: observer.beat, settled });
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
