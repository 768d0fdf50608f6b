import { reasonOf } from '../../core/errors.ts';
import { advance } from './life.ts';
import type { Rules } from './rules.ts';
import { type Delivery, type Event, type State, stateAt } from './state.ts';

// The shell around the life of messages: events one after the other, the state on disk before anything leaves.

export interface Notifier {
  /** Take an event; what cannot be written waits, in order, and is tried again with the next. */
  take(event: Unstamped): void;
  state(): State;
}

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
export type Unstamped = Without<Event, 'now'>;

export interface NotifierParts {
  readonly rules: Rules;
  /** Undefined: notifying begins now. */
  readonly before: State | undefined;
  /** Epoch ms. */
  readonly now: () => number;
  /** @throws where it cannot be made durable */
  readonly save: (state: State) => void;
  readonly send: (delivery: Delivery) => void;
  /** Told once when the disk does not take the state, and once (undefined) when it does again. */
  readonly stuck: (why: string | undefined) => void;
}

/** Events that wait for the disk; beyond it the newest are dropped, and retained messages bring them again at the next start. */
const MOST_WAITING = 10_000;

export const createNotifier = ({ rules, before, now, save, send, stuck }: NotifierParts): Notifier => {
  let last = now();
  let state = before ?? stateAt(last);
  let trouble = false;
  const waiting: Unstamped[] = [{ type: 'started' }];

  const keep = (next: State): boolean => {
    if (next === state) return true;
    try {
      save(next);
    } catch (thrown) {
      if (!trouble) stuck(reasonOf(thrown));
      trouble = true;
      return false;
    }
    if (trouble) stuck(undefined);
    trouble = false;
    state = next;
    return true;
  };
  const stepFor = (event: Unstamped) => {
    try {
      return advance(state, { ...event, now: last } as Event, rules);
    } catch (thrown) {
      // One that cannot be taken must not keep those behind it waiting.
      waiting.shift();
      throw thrown;
    }
  };
  const drain = (): void => {
    for (let event = waiting[0]; event !== undefined; event = waiting[0]) {
      // The clock of a machine may be put back; time here does not go back.
      last = Math.max(last, now());
      const { state: next, deliveries } = stepFor(event);
      if (!keep(next)) return;
      waiting.shift();
      for (const delivery of deliveries) send(delivery);
    }
  };
  return {
    take: (event) => {
      // A tick brings nothing of its own: it tries again what waits.
      if ((event.type !== 'tick' || waiting.length === 0) && waiting.length < MOST_WAITING) waiting.push(event);
      drain();
    },
    state: () => state,
  };
};
