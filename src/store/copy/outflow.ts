import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { LantianError } from '../../core/errors.ts';
import type { Outflow } from './copy.ts';

export interface OutflowOptions {
  /** The embedded store's name in the outbox. */
  readonly store: string;
  /** Where no pipeline runs, bring the embedded store up to date with the outbox; false: one runs and does it. */
  readonly deliver: () => Promise<boolean>;
  /** Longest wait without the embedded store coming nearer, ms. */
  readonly patience: number;
}

const POLL = 100;

const NEWEST = `SELECT max(id) AS id FROM
  (SELECT max(id) AS id FROM outbox UNION ALL SELECT max(id) FROM outbox_cursor)`;

/** Whether a store gets what the pipeline writes, as of its last start. */
export const isFed = (database: DatabaseSync, store: string): boolean => {
  const there = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'outbox_cursor'").get();
  return (
    there !== undefined && database.prepare('SELECT 1 FROM outbox_cursor WHERE store = ?').get(store) !== undefined
  );
};

/** Nothing has ever run: there is no outbox. */
export const noOutflow: Outflow = { newest: () => 0, caughtUp: async () => {} };

/** The outbox in the pipeline's database, looked at from beside it. `caughtUp` rejects with LantianError store-unreachable. */
export const outflowOf = (database: DatabaseSync, { store, deliver, patience }: OutflowOptions): Outflow => {
  if (!isFed(database, store)) return noOutflow;
  const newest = database.prepare(NEWEST);
  const cursor = database.prepare('SELECT id FROM outbox_cursor WHERE store = ?');
  const place = (): number => Number(cursor.get(store)?.['id'] ?? Number.POSITIVE_INFINITY);
  return {
    newest: () => Number(newest.get()?.['id'] ?? 0),
    caughtUp: async (wanted) => {
      let [at, since] = [place(), Date.now()];
      while (at < wanted) {
        if (!(await deliver())) await sleep(POLL);
        const now = place();
        if (now > at) [at, since] = [now, Date.now()];
        if (at < wanted && Date.now() - since > patience)
          throw new LantianError(
            'store-unreachable',
            `${store}: 内置库未跟上流水线 the embedded store does not keep up with the pipeline; 看其日志后再运行 look at its log, then run again`,
          );
      }
    },
  };
};
