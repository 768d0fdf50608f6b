// One loop a store, from the outbox on disk to the store: read a batch, write it, mark it taken. Delivery is at least
// once and in order: a batch is marked only when `write` resolved and its refusals were handed on; when it rejects, or
// we crash before the mark is durable, the same batch goes again. In memory there is one batch. A store that is down
// delays itself alone.
import { reasonOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { isDamage } from '../core/sqlite.ts';
import type { Batch, Outbox } from './outbox.ts';
import type { Refusal, Store } from './port.ts';

export interface DrainOptions {
  readonly store: Store;
  readonly outbox: Outbox;
  /** Points of one write. */
  readonly batch: number;
  /** Longest pause between two attempts, ms. */
  readonly retryMost: number;
  readonly log: Log;
  /** Keep points that the store will never take; when it throws, the batch is written again. */
  readonly onRefused: (refusals: readonly Refusal[]) => void;
  /** A batch was taken: flush the outbox in the next transaction. */
  readonly commit: () => void;
  /** The outbox is on damaged pages: the drain has ended. */
  readonly damaged: (thrown: unknown) => void;
}

export interface DrainStats {
  /** Points that the store took, those sent again included. */
  readonly written: number;
  readonly refused: number;
  /** Attempts that failed and were or will be repeated. */
  readonly failures: number;
  readonly lastError: string | undefined;
  /** Whether the last attempt to reach the store succeeded; false before the first. */
  readonly connected: boolean;
}

export interface Drain {
  readonly stats: DrainStats;
  start(): void;
  /** There may be something in the outbox. */
  wake(): void;
  /** End after the write under way. */
  stop(): Promise<void>;
}

const RETRY_LEAST = 100;

/**
 * After a batch that was not full, points may gather this long before the next one, ms. Each write is a sync of the disk or a
 * request: a handful of points at a time would cost more than the points. A store at rest gets its first points at once.
 */
const GATHER = 200;

/** Pause before the n-th attempt in a row: doubling, at most `most`, and a random half of it, so that many do not come at once. */
export const pauseOf = (attempt: number, most: number, random: number): number =>
  Math.min(most, RETRY_LEAST * 2 ** Math.min(attempt, 30)) * (0.5 + random / 2);

/** A wait that ends early when `end` is called; an `end` before the wait counts. */
const createBell = () => {
  let rung = false;
  let ring = () => {};
  return {
    ring: () => {
      rung = true;
      ring();
    },
    wait: async (milliseconds?: number) => {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        ring = resolve;
        if (rung) resolve();
        else if (milliseconds !== undefined) timer = setTimeout(resolve, milliseconds);
      });
      clearTimeout(timer);
      rung = false;
    },
  };
};

const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const createDrain = (options: DrainOptions): Drain => {
  const { store, outbox, log } = options;
  const stats = { written: 0, refused: 0, failures: 0, lastError: undefined as string | undefined, connected: false };
  const work = createBell();
  const end = createBell();
  let stopping = false;
  let ready = false;
  let failedInARow = 0;
  let loop: Promise<void> | undefined;

  const succeeded = (): void => {
    if (failedInARow > 0) log.info({ store: store.name, attempts: failedInARow }, 'the store answers again');
    failedInARow = 0;
    stats.connected = true;
    stats.lastError = undefined;
  };

  /** Work on our own database: its damage is no fault of the store. */
  const ours = <T>(work: () => T): T => {
    try {
      return work();
    } catch (thrown) {
      if (isDamage(thrown)) {
        stopping = true;
        options.damaged(thrown);
      }
      throw thrown;
    }
  };

  const write = async (batch: Batch) => {
    if (store.writeTexts && !store.wants) return { refused: await store.writeTexts(batch.texts), written: batch.count };
    const points = store.wants ? batch.points.filter((point) => store.wants!(point)) : batch.points;
    return { refused: await store.write(points), written: points.length };
  };

  /** Write the next batch; how many points it had. */
  const step = async (): Promise<number> => {
    if (!ready) await store.init();
    ready = true;
    const batch = ours(() => outbox.read(store.name, options.batch));
    if (batch) {
      const { refused, written } = await write(batch);
      if (refused.length > 0) ours(() => options.onRefused(refused));
      stats.written += written - refused.length;
      stats.refused += refused.length;
      outbox.taken(store.name, batch.upTo);
      options.commit();
    }
    succeeded();
    return batch?.count ?? 0;
  };

  const failed = async (thrown: unknown): Promise<void> => {
    ready = false; // the server may have come back without its database
    stats.failures += 1;
    stats.connected = false;
    stats.lastError = reasonOf(thrown);
    const fields = { store: store.name, error: stats.lastError };
    if (failedInARow === 0) log.warn(fields, 'the store does not take points; they wait in the outbox');
    else log.debug(fields, 'the store still does not take points');
    await end.wait(pauseOf(failedInARow, options.retryMost, Math.random()));
    failedInARow += 1;
  };

  const run = async (): Promise<void> => {
    while (!stopping) {
      try {
        const points = await step();
        if (points === 0) await work.wait();
        else if (points < options.batch / 2) await end.wait(GATHER);
      } catch (thrown) {
        if (!stopping) await failed(thrown);
      }
      await breathe(); // an embedded store resolves at once: others must get their turn
    }
  };

  return {
    stats,
    start: () => {
      loop ??= run();
    },
    wake: work.ring,
    stop: async () => {
      stopping = true;
      work.ring();
      end.ring();
      await loop;
    },
  };
};
