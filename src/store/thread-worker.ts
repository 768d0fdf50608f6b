// The thread's side of src/store/thread.ts: the stores that the settings name, which do what they are called for, in the order of the calls.
import { parentPort, workerData } from 'node:worker_threads';
import type { Settings } from '../config/schema.ts';
import { LantianError, reasonOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Point } from '../core/types.ts';
import { createStores } from './index.ts';
import type { SeriesQuery, Store } from './port.ts';

/** What a store is called for. */
export type Call =
  | { readonly what: 'init' | 'close' }
  | { readonly what: 'write'; readonly points: readonly Point[] }
  /** Points as the outbox holds them: JSON arrays, known to be valid. */
  | { readonly what: 'write-texts'; readonly texts: readonly string[] }
  | { readonly what: 'read'; readonly query: SeriesQuery }
  | { readonly what: 'forget'; readonly before: number; readonly rows: number };

/** `store`: its place in the order of `createStores`. */
export type Question = { readonly id: number; readonly store: number } & Call;

/** An error as it crosses threads: what is known of it besides its words would be lost. */
export interface Failure {
  readonly message: string;
  /** Of a LantianError. */
  readonly code?: LantianError['code'];
  readonly details?: readonly string[];
  /** Of an error of SQLite. */
  readonly errcode?: number;
}

export type Answer =
  /** The stores are open. */
  | { readonly opened: readonly { readonly name: string; readonly forgets: boolean }[] }
  | { readonly failed: Failure }
  | { readonly log: keyof Log; readonly fields: object; readonly words: string }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly failure: Failure };

const port = parentPort!;
const post = (answer: Answer): void => port.postMessage(answer);

const failureOf = (thrown: unknown): Failure => {
  const { errcode } = thrown as { errcode?: number };
  return {
    message: reasonOf(thrown),
    ...(thrown instanceof LantianError ? { code: thrown.code, details: thrown.details } : {}),
    ...(errcode === undefined ? {} : { errcode }),
  };
};

const telling =
  (log: keyof Log) =>
  (fields: object, words: string): void =>
    post({ log, fields, words });

const log: Log = { debug: telling('debug'), info: telling('info'), warn: telling('warn'), error: telling('error') };

const pointsOf = (texts: readonly string[]): Point[] => texts.flatMap((text) => JSON.parse(text) as Point[]);

const carryOut = async (store: Store, call: Call): Promise<unknown> => {
  if (call.what === 'write') return store.write(call.points);
  if (call.what === 'write-texts') return store.write(pointsOf(call.texts));
  if (call.what === 'read') return store.read(call.query);
  if (call.what === 'forget') return store.forget!(call.before, call.rows);
  return store[call.what]();
};

const serve = (stores: readonly Store[]): void => {
  port.on('message', ({ id, store, ...call }: Question) => {
    carryOut(stores[store]!, call as Call).then(
      (result) => post({ id, result }),
      (thrown: unknown) => post({ id, failure: failureOf(thrown) }),
    );
  });
  post({ opened: stores.map(({ name, forget }) => ({ name, forgets: forget !== undefined })) });
};

try {
  serve(createStores(workerData as Settings, { log }));
} catch (thrown) {
  post({ failed: failureOf(thrown) });
}
