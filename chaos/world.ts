// A pipeline as a user runs it with its brokers and stores, and the undisturbed one that it is held beside.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, lantianChild } from '../tests/support/lantian.ts';
import { isIdle, tickOf } from '../tests/support/left.ts';
import type { Outgoing } from '../tests/support/publish.ts';
import { type Server, startInflux } from '../tests/support/servers.ts';
import { until } from '../tests/support/until.ts';
import { startBroker } from './broker.ts';
import { type Difference, leftDifference } from './compare.ts';
import { createSender } from './sender.ts';
import { createTap, type Tap } from './tap.ts';

export const DATABASE = 'lantian';
/** Ticks are frequent, so that one can be waited for; what ticks write is then the same in two pipelines soon. */
export const TICKS = { tick: 'PT5S' };
const PATIENCE = { within: 180_000, every: 100 };

export interface World {
  readonly broker: Server;
  readonly influx: Server | undefined;
  readonly tap: Tap | undefined;
  readonly child: Child;
  end(): Promise<void>;
}

export interface WorldOptions {
  readonly influx?: boolean;
  readonly tap?: boolean;
  /** See `startBroker`. */
  readonly unbounded?: boolean;
  /** Where its files live; a temporary folder when absent. */
  readonly folder?: string;
  readonly settings?: Readonly<Record<string, Record<string, unknown>>>;
  /** Folder of the catalogs, where it is not the county's own. */
  readonly catalog?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export const subscribed = async ({ child }: Pick<World, 'child'>): Promise<void> => {
  const connected = (metrics: ReadonlyMap<string, number>): boolean =>
    [...metrics].some(([name, value]) => name.startsWith('lantian_broker_connected{') && value === 1);
  await until('connected', async () => connected(await child.metrics()), PATIENCE);
  await sleep(300);
};

/**
 * The clock has ticked. Messages of the past that come after it are judged as of the tick, those before it as of their own time: two pipelines
 * get theirs both after it.
 */
export const ticked = ({ child }: Pick<World, 'child'>): Promise<void> =>
  until('the first tick', () => tickOf(child) !== undefined, { ...PATIENCE, state: child.stderr });

export const createWorld = async (options: WorldOptions = {}): Promise<World> => {
  const broker = await startBroker(options.unbounded);
  const influx = options.influx ? await startInflux() : undefined;
  const tap = options.tap ? await createTap(broker.port) : undefined;
  const store = influx ? { influx: { url: influx.url, database: DATABASE }, outbox: { retry_most: 'PT1S' } } : {};
  const child = await lantianChild(
    {
      ...store,
      ...options.settings,
      intake: { ...TICKS, ...options.settings?.['intake'] },
      mqtt: { url: tap?.url ?? broker.url, session: 'P1D', ...options.settings?.['mqtt'] },
      log: { level: 'error' },
    },
    {
      env: { ...options.env, ...(options.catalog ? { LANTIAN_CATALOG: options.catalog } : {}) },
      ...(options.folder ? { folder: options.folder } : {}),
    },
  );
  await child.start();
  await subscribed({ child });
  await ticked({ child });
  const end = async (): Promise<void> => {
    await child.kill9();
    await tap?.close();
    await Promise.all([broker.kill9(), influx?.kill9()]);
  };
  return { broker, influx, tap, child, end };
};

const idle = async (child: Child): Promise<boolean> => {
  try {
    return await isIdle(child);
  } catch {
    return false; // it starts just now
  }
};

/**
 * Everything that reached the pipeline is applied, and every store has it; twice in a row, for what is still on its way.
 * @param longer ms that it may take beyond what is otherwise waited for
 */
export const settled = async (child: Child, longer = 0): Promise<void> => {
  let calm = 0;
  const still = async (): Promise<boolean> => {
    calm = (await idle(child)) ? calm + 1 : 0;
    return calm > 2;
  };
  const within = PATIENCE.within + longer;
  await until('all is applied and stored', still, { ...PATIENCE, within, state: () => child.stderr().slice(-500) });
};

/** A pipeline that got these messages and was left alone. */
export const undisturbed = async (messages: readonly Outgoing[]): Promise<World> => {
  const world = await createWorld();
  await createSender(world.broker.url, messages, Number.POSITIVE_INFINITY).done;
  await settled(world.child);
  return world;
};

type Compared = Pick<World, 'child'> & Partial<World>;

/** Hold what two pipelines left beside each other, both at the same tick, one that came after all that was to be applied. */
export const beside = async (ours: Compared, theirs: Compared): Promise<Difference> => {
  const { influx } = ours;
  const ticks = (): (number | undefined)[] => [tickOf(ours.child), tickOf(theirs.child)];
  await Promise.all([settled(ours.child), settled(theirs.child)]);
  const last = Math.max(...ticks().map((tick) => tick ?? 0));
  const together = (): boolean => {
    const [one, other] = ticks();
    return one !== undefined && one === other && one > last;
  };
  for (;;) {
    await until('the same tick', together, { ...PATIENCE, state: ticks });
    await Promise.all([settled(ours.child), settled(theirs.child)]);
    const store = influx ? { url: influx.url, database: DATABASE } : undefined;
    const before = tickOf(ours.child);
    const found = await leftDifference(ours.child, theirs.child, store);
    if (together() && before === tickOf(ours.child)) return found;
  }
};
