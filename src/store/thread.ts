// The stores in a thread of their own: what is written to them is on disk in the outbox already, so that they may take their time on
// another core while messages are journalled and judged. They are handed the outbox's JSON as it stands: it is parsed there.
//
// A thread that ends by itself fails the calls that are under way, as a server that went away would, and is started again by the next one:
// the outbox still has what was not taken.
import { Worker } from 'node:worker_threads';
import type { Settings } from '../config/schema.ts';
import { LantianError, reasonOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Refusal, Row, Store } from './port.ts';
import type { Answer, Call, Failure, Question } from './thread-worker.ts';

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** A running thread. */
interface Thread {
  readonly opened: Extract<Answer, { opened: unknown }>['opened'];
  call(store: number, call: Call): Promise<unknown>;
  /** Why it ended; undefined while it runs. */
  readonly over: () => Error | undefined;
  end(): Promise<void>;
}

export interface ThreadOptions {
  readonly log: Log;
  /** Most that the thread's heap may grow to, MiB; absent: what Node gives a thread. */
  readonly heap?: number;
}

const errorOf = ({ message, code, details, errcode }: Failure): Error => {
  const error = code === undefined ? new Error(message) : new LantianError(code, message, { details: details ?? [] });
  return errcode === undefined ? error : Object.assign(error, { errcode });
};

const startThread = (settings: Settings, { log, heap }: ThreadOptions): Promise<Thread> => {
  const waiting = new Map<number, Waiting>();
  let calls = 0;
  let over: Error | undefined;
  const worker = new Worker(new URL('./thread-worker.ts', import.meta.url), {
    workerData: settings,
    ...(heap === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: heap } }),
  });
  const call: Thread['call'] = (store, asked) =>
    new Promise((resolve, reject) => {
      const id = calls++;
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, store, ...asked } satisfies Question);
    });
  const end = async (): Promise<void> => {
    over ??= new Error('the thread of the stores was ended');
    await worker.terminate();
  };
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      over ??= error;
      reject(error);
      for (const one of waiting.values()) one.reject(error);
      waiting.clear();
    };
    worker.on('message', (answer: Answer) => {
      if ('log' in answer) log[answer.log](answer.fields, answer.words);
      else if ('opened' in answer) resolve({ opened: answer.opened, call, over: () => over, end });
      else if ('failed' in answer) {
        fail(errorOf(answer.failed));
        void end();
      } else {
        const asked = waiting.get(answer.id);
        waiting.delete(answer.id);
        if ('failure' in answer) asked?.reject(errorOf(answer.failure));
        else asked?.resolve(answer.result);
      }
    });
    worker.on('error', (thrown) => fail(thrown as Error));
    worker.on('exit', (code) => fail(new Error(`the thread of the stores ended with ${code}`)));
  });
};

/**
 * The stores of `createStores`, in a thread of their own. It ends when all of them are closed.
 * @throws LantianError data-unwritable
 */
export const createStoresInThread = async (settings: Settings, options: ThreadOptions): Promise<Store[]> => {
  let thread = startThread(settings, options);
  const first = await thread;
  let open = first.opened.length;
  if (open === 0) await first.end();

  /** The thread under way, or a new one where it ended by itself; calls at once share it. */
  const running = async (): Promise<Thread> => {
    const known = thread;
    let why: unknown;
    try {
      const one = await known;
      why = one.over();
      if (why === undefined) return one;
    } catch (thrown) {
      why = thrown;
    }
    if (thread === known) {
      options.log.error({ error: reasonOf(why) }, 'the thread of the stores ended; it is started again');
      thread = startThread(settings, options);
    }
    return thread;
  };

  /** Close a store in the thread; one that ended has closed all of them. */
  const close = async (store: number, name: string): Promise<void> => {
    const one = await thread.catch(() => undefined);
    try {
      if (one?.over() === undefined) await one?.call(store, { what: 'close' });
    } catch (thrown) {
      options.log.error({ store: name, error: reasonOf(thrown) }, 'a store could not be closed');
    }
    open--;
    if (open === 0) await one?.end();
  };

  return first.opened.map(({ name, forgets }, store): Store => {
    const underWay = new Set<Promise<unknown>>();
    let closed = false;
    const ask = <T>(call: Call): Promise<T> => {
      if (closed) return Promise.reject(new Error(`${name} is closed`));
      const answer = running().then((one) => one.call(store, call));
      underWay.add(answer);
      const done = (): void => void underWay.delete(answer);
      answer.then(done, done);
      return answer as Promise<T>;
    };
    return {
      name,
      init: () => ask({ what: 'init' }),
      write: (points) => ask<readonly Refusal[]>({ what: 'write', points }),
      writeTexts: (texts) => ask<readonly Refusal[]>({ what: 'write-texts', texts }),
      read: (query) => ask<readonly Row[]>({ what: 'read', query }),
      ...(forgets ? { forget: (before, rows) => ask<number>({ what: 'forget', before, rows }) } : {}),
      close: async () => {
        if (closed) return;
        closed = true;
        // What was asked before is answered first.
        await Promise.allSettled(underWay);
        await close(store, name);
      },
    };
  });
};
