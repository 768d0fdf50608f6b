// Wiring: sensors → intake → processors → thresholds → signals → publish, with journal, stores and HTTP beside them.

import { join } from 'node:path';
import { loadCatalog } from './config/catalog.ts';
import type { Settings } from './config/schema.ts';
import type { Catalog } from './core/catalog.ts';
import type { Counts } from './core/counts.ts';
import { LantianError, reasonOf } from './core/errors.ts';
import type { Log } from './core/log.ts';
import { machineOf } from './core/machine.ts';
import { markDamaged, openWhole } from './core/salvage.ts';
import { inTransaction, isDamage } from './core/sqlite.ts';
import { SECOND } from './core/time.ts';
import { meetVersion } from './core/version.ts';
import { setRowsAside } from './effects/whole-rows.ts';
import type { Watcher } from './effects.ts';
import { type BrokerClient, connectBroker, type ReceivedMessage } from './intake/acknowledge.ts';
import { startEmbeddedBroker } from './intake/embedded-broker.ts';
import { holdFolder } from './intake/folder.ts';
import { createTicker } from './intake/ticker.ts';
import { createObserver } from './observer.ts';
import { createPipeline, type Pipeline } from './pipeline.ts';
import { createSpeaker, type Speaker } from './publish/signals.ts';
import { partsOf } from './server/from-pipeline.ts';
import { createRegistry } from './server/metrics.ts';
import { createServer } from './server/server.ts';
import { isEnded } from './signals/life.ts';
import { createDelays } from './store/delays.ts';
import { createDrain, type Drain } from './store/drain.ts';
import { batchOf, createEnterpriseStores } from './store/index.ts';
import { createOutbox } from './store/outbox.ts';
import type { Store } from './store/port.ts';
import { createRefused } from './store/refused.ts';
import { createStoresInThread } from './store/thread.ts';

export interface LantianOptions {
  readonly settings: Settings;
  readonly log: Log;
  readonly now?: () => number;
  readonly watcher?: Watcher;
}

export interface Lantian {
  readonly mqtt: readonly string[];
  readonly http: string | undefined;
  readonly stores: readonly string[];
  readonly catalog: Catalog;
  counts(): Counts;
  signalsInForce(): number;
  /** Read the catalog again; the old one stays in use where the new one has mistakes. */
  reload(): void;
  /** Resolves when it cannot go on without being started again. */
  readonly failed: Promise<LantianError>;
  stop(): Promise<void>;
}

type Attempt = (trouble: string, work: () => void) => void;

/** Old rows that a store removes in a minute, so that others get their turn. */
const ROWS_AT_ONCE = 5_000;

const TOPICS = (county: string): string[] => [`lantian/v1/${county}/+/+`];

/** Names of the brokers that signals are published to. */
const brokerNames = ({ mqtt }: Settings): string[] => {
  const urls = [...(mqtt.url === undefined ? [] : [mqtt.url]), ...mqtt.brokers.map((broker) => broker.url)];
  return urls.length > 0 ? urls : ['embedded'];
};

/** Settings of one broker as its client takes them. */
const clientOptions = (settings: Settings, broker: Settings['mqtt']['brokers'][number]) => ({
  ...broker,
  clientId: settings.mqtt.client_id,
  inFlight: settings.mqtt.in_flight,
  keepalive: settings.mqtt.keepalive,
  session: settings.mqtt.session,
});

const brokersOf = ({ mqtt }: Settings): Settings['mqtt']['brokers'] => {
  const { url, username, password, ca, cert, key, protocol, brokers } = mqtt;
  return url === undefined ? brokers : [{ url, username, password, ca, cert, key, protocol }, ...brokers];
};

/**
 * Run the pipeline until `stop`.
 * @throws LantianError port-taken, config-invalid, data-unwritable, data-in-use, data-damaged, catalog-invalid
 */
export const startLantian = async (options: LantianOptions): Promise<Lantian> => {
  const { settings, log, now = Date.now, watcher } = options;
  const catalog = loadCatalog(settings.catalog, settings.county);
  let current = catalog;
  const release = holdFolder(settings.data.folder);
  let reloadedAt = Number.NEGATIVE_INFINITY;
  const { promise: failed, resolve: fail } = Promise.withResolvers<LantianError>();
  const ends: (() => unknown)[] = [release];
  const stop = async (): Promise<void> => {
    while (ends.length > 0) await ends.pop()!();
  };
  try {
    return await assemble();
  } catch (thrown) {
    await stop();
    if (!isDamage(thrown)) throw thrown;
    markDamaged(join(settings.data.folder, 'lantian.db'));
    throw new LantianError('data-damaged', `${reasonOf(thrown)}; start again, and what can be read is kept`);
  }

  async function assemble(): Promise<Lantian> {
    let damage = 0;
    const file = join(settings.data.folder, 'lantian.db');
    const setAside = (aside: string, why: string): void => {
      damage++;
      log.error({ aside, why }, 'the database was damaged; what can be read is kept, the rest goes on');
    };
    const database = openWhole(file, setAside, (whole) =>
      setRowsAside(whole, (table, rows) => setAside(`${table}_damaged`, `${rows} rows of ${table} cannot be read`)),
    );
    ends.push(() => database.close());
    meetVersion(database, file);
    const stores = await createStoresInThread(settings, { log });
    ends.push(() => Promise.all(stores.map((store) => store.close())));
    stores.push(...createEnterpriseStores(settings, () => current, { log }));
    const outbox = createOutbox(
      database,
      stores.map((store) => store.name),
      { maxBytes: settings.outbox.max_bytes },
    );
    for (const store of outbox.unconfigured)
      log.warn(
        { store, ...outbox.depth(store) },
        'points wait for a store that the settings do not name any more; they are kept',
      );
    const refused = createRefused(database, { maxRows: settings.outbox.max_refused });

    const damaged = (thrown: unknown): void => {
      fail(new LantianError('data-damaged', `${file}: ${reasonOf(thrown)}; start again, and what can be read is kept`));
      try {
        markDamaged(file);
      } catch (unmarked) {
        log.error(
          { error: reasonOf(unmarked) },
          'the damage could not be marked; a file above 256 MB is not mended at the next start',
        );
      }
    };
    /** Work that nobody waits for: what goes wrong in it must not end the process without a word. */
    const attempt: Attempt = (what, work) => {
      try {
        work();
      } catch (thrown) {
        if (database.isTransaction) database.exec('ROLLBACK');
        if (isDamage(thrown)) damaged(thrown);
        else log.error({ error: reasonOf(thrown) }, `${what}; it is tried again`);
      }
    };

    const delays = createDelays(
      Object.fromEntries(stores.map(({ name }) => [name, outbox.depth(name).points > 0 ? outbox.last() : undefined])),
      now,
    );
    const speakers: Speaker[] = [];
    const pipeline = createPipeline({
      database,
      settings,
      catalog,
      outbox,
      brokers: brokerNames(settings),
      log,
      now,
      steady: () => performance.now(),
      watcher,
      wake: () => {
        for (const drain of drains) drain.wake();
      },
      speak: () => {
        for (const speaker of speakers) speaker.wake();
      },
      committed: delays.committed,
      damaged,
    });
    const taken = (store: string, upTo: number): void => {
      outbox.taken(store, upTo);
      delays.taken(store, upTo);
    };
    const drainOf = (store: Store): Drain =>
      createDrain({
        store,
        outbox: { ...outbox, taken },
        batch: batchOf(settings, store.name),
        retryMost: settings.outbox.retry_most,
        log,
        onRefused: (refusals) => inTransaction(database, () => refused.add(store.name, now(), refusals)),
        commit: () => pipeline.flushSoon(),
        damaged,
      });
    const drains = stores.map(drainOf);
    /** Enterprises that are new in the catalog get their stores. */
    const joinEnterprises = (): void => {
      const except = stores.map(({ name }) => name);
      for (const store of createEnterpriseStores(settings, () => current, { log, except })) {
        outbox.join(store.name);
        const drain = drainOf(store);
        stores.push(store);
        drains.push(drain);
        drain.start();
        log.info({ store: store.name }, 'an enterprise joined with a store of its own');
      }
    };
    for (const drain of drains) drain.start();
    ends.push(async () => {
      await Promise.all(drains.map((drain) => drain.stop()));
      // With what the stores took while the pipeline was ending; what is journalled and not applied waits for the next start.
      pipeline.finish();
    });

    /** Brokers that may have none of the signals retained. */
    const unheard = new Set<string>();
    const repeatSignals = (): void =>
      attempt('signals could not be queued anew', () => {
        if (unheard.size === 0) return;
        inTransaction(database, () => {
          for (const name of unheard) pipeline.register.repeat(name);
        });
        unheard.clear();
        for (const speaker of speakers) speaker.wake();
      });
    const { register } = pipeline;
    const clients = await connectAll(pipeline, (name) => {
      unheard.add(name);
      repeatSignals();
    });
    speakers.push(...clients.map(({ name, client }) => createSpeaker({ name, client, register, log, damaged })));
    ends.push(() => Promise.all(speakers.map((speaker) => speaker.stop())));
    for (const speaker of speakers) speaker.wake();

    const ticker = createTicker({
      settings,
      log,
      now,
      steady: () => performance.now(),
      clients: () => clients.map(({ client }) => client),
      lastTick: pipeline.lastTick,
      backlogAt: pipeline.backlogAt,
      newestReading: pipeline.newestReading,
      reloadedAt: () => reloadedAt,
    });
    const onBeat = (): void => {
      const tick = ticker.due();
      if (tick !== undefined) pipeline.tick(tick);
      pipeline.takeAsked();
      observer.beat();
    };
    const beat = setInterval(() => {
      attempt('the clock, the quarantine or the desk could not be looked at', onBeat);
      repeatSignals();
    }, SECOND);
    const chores = setInterval(() => {
      attempt('old rows could not be removed', pipeline.housekeep);
      void forgetOld(stores);
    }, 60 * SECOND);
    ends.push(() => {
      clearInterval(beat);
      clearInterval(chores);
    });

    const counts = (): Counts => ({
      ...pipeline.counts(),
      damage,
      signalsPublished: speakers.reduce((sum, speaker) => sum + speaker.published(), 0),
      ...storeCounts(),
      brokerConnected: Object.fromEntries(clients.map(({ client }) => [client.url, client.connected() ? 1 : 0])),
    });
    const storeCounts = () => {
      const by = <T>(get: (index: number) => T) => Object.fromEntries(stores.map(({ name }, i) => [name, get(i)]));
      return {
        outboxPoints: by((i) => outbox.depth(stores[i]!.name).points),
        outboxBytes: by((i) => outbox.depth(stores[i]!.name).bytes),
        outboxDropped: by((i) => outbox.dropped(stores[i]!.name)),
        storeWritten: by((i) => drains[i]!.stats.written),
        storeRefused: by((i) => drains[i]!.stats.refused),
        storeFailures: by((i) => drains[i]!.stats.failures),
      };
    };
    const observer = createObserver({
      every: settings.status.every,
      delays,
      now,
      catalog: pipeline.catalog,
      counts,
      stores: () => stores.map(({ name }, i) => ({ name, connected: drains[i]!.stats.connected })),
      machine: () => machineOf(settings.data.folder),
      write: pipeline.write,
    });
    const storeHealth = () =>
      stores.map(({ name }, i) => {
        const { connected, lastError } = drains[i]!.stats;
        return { name, connected, depth: outbox.depth(name).points, ...(lastError ? { lastError } : {}) };
      });
    const http = settings.http.enabled
      ? await createServer(
          partsOf({
            pipeline,
            settings,
            log,
            now,
            counts,
            registry: createRegistry(counts),
            store: stores[0],
            brokers: () => clients.map(({ client }) => ({ url: client.url, connected: client.connected() })),
            stores: storeHealth,
          }),
        )
      : undefined;
    if (http) ends.push(() => http.close());

    return {
      mqtt: clients.map(({ client }) => client.url),
      http: http?.listeningOrigin,
      stores: stores.map(({ name }) => name),
      catalog,
      counts,
      signalsInForce: () => [...pipeline.state().signals.values()].filter((signal) => !isEnded(signal)).length,
      reload: () => reload(pipeline, joinEnterprises),
      failed,
      stop,
    };
  }

  async function connectAll(
    pipeline: Pipeline,
    unheard: (broker: string) => void,
  ): Promise<{ name: string; client: BrokerClient }[]> {
    const receive =
      (source: string) =>
      (message: ReceivedMessage): void =>
        pipeline.receive({ ...message, source, received: now() });
    const brokers = brokersOf(settings);
    if (brokers.length === 0) {
      const { host, port, username, password } = settings.mqtt;
      const message = receive('embedded');
      const client = await startEmbeddedBroker({ host, port, username, password, now, log, message });
      ends.push(() => client.end());
      // Its retained messages did not outlive the last run.
      unheard('embedded');
      return [{ name: 'embedded', client }];
    }
    return brokers.map((broker) => {
      const connected = (resumed: boolean): void => {
        if (!resumed) unheard(broker.url);
      };
      const hooks = { topics: TOPICS(settings.county), log, now, message: receive(broker.url), connected };
      const client = connectBroker(clientOptions(settings, broker), hooks);
      ends.push(() => client.end());
      return { name: broker.url, client };
    });
  }

  async function forgetOld(stores: readonly Store[]): Promise<void> {
    try {
      for (const store of stores) await store.forget?.(now() - settings.store.keep, ROWS_AT_ONCE);
    } catch (thrown) {
      log.error({ error: reasonOf(thrown) }, 'old rows could not be removed; it is tried again in a minute');
    }
  }

  function reload(pipeline: Pipeline, joinEnterprises: () => void): void {
    try {
      current = loadCatalog(settings.catalog, settings.county);
      pipeline.setCatalog(current);
      joinEnterprises();
      reloadedAt = now();
      log.info({}, 'the catalog was read again');
    } catch (thrown) {
      const details = thrown instanceof LantianError ? thrown.details : [];
      log.error({ error: reasonOf(thrown), details }, 'the catalog has mistakes; the one before stays in use');
    }
  }
};
