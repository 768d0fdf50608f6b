import { setTimeout as sleep } from 'node:timers/promises';
import { LantianError, reasonOf } from '../../core/errors.ts';
import { pauseOf } from '../drain.ts';
import type { Store } from '../port.ts';

export interface PatientOptions {
  /** Longest pause between two attempts, ms. */
  readonly retryMost: number;
  /** Give up after this long without success, ms. */
  readonly patience: number;
  readonly now: () => number;
  /** An attempt failed and is repeated. */
  readonly waiting: (words: string) => void;
}

/** What no second attempt mends: who we are, or what we may. */
const FINAL = /HTTP 40[13]|authoriz|authentic|not permitted|credentials/i;

const tellEnd = (store: string, words: string): LantianError =>
  FINAL.test(words)
    ? new LantianError('store-refused', `${store}: ${words}; 检查凭据与权限 check credentials and rights`)
    : new LantianError(
        'store-unreachable',
        `${store}: ${words}; 服务器恢复后再运行，从停下处继续 run again when it answers: it goes on where it stopped`,
      );

/**
 * A store whose `init` and `write` are tried again while the server is away.
 * They reject with LantianError store-unreachable, store-refused.
 */
export const patient = (store: Store, options: PatientOptions): Pick<Store, 'name' | 'init' | 'write'> => {
  const insist = async <T>(work: () => Promise<T>): Promise<T> => {
    const began = options.now();
    for (let attempt = 0; ; attempt++) {
      try {
        return await work();
      } catch (thrown) {
        const words = reasonOf(thrown);
        if (FINAL.test(words) || options.now() - began > options.patience) throw tellEnd(store.name, words);
        options.waiting(words);
        await sleep(pauseOf(attempt, options.retryMost, Math.random()));
      }
    }
  };
  return {
    name: store.name,
    init: () => insist(() => store.init()),
    write: (points) => insist(() => store.write(points)),
  };
};
