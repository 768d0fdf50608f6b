// A simulated county whose speed may be changed while it runs. Its messages go through a sender (sender.ts): nothing is lost while the
// broker is away, the simulated clock then waits.
import type { Message } from '../../../sensors/simulator/scenario.ts';
import { createSender, type Queue, type Sender, type Waiting } from './sender.ts';

export interface Progress {
  /** Messages that the broker acknowledged. */
  readonly acknowledged: number;
  /** Simulated time, epoch ms. */
  readonly time: number;
  /** Whether the simulated clock has met the real one. */
  readonly live: boolean;
}

export interface Simulation {
  readonly sender: Sender;
  /** How many times faster than the clock the history runs from now on. */
  speed(times: number): void;
  progress(): Progress;
}

export interface SimulationOptions {
  /** In the order of their publishing. */
  readonly messages: Iterator<Message>;
  /** Simulated instant of the begin. */
  readonly from: number;
  readonly speed: number;
  readonly send: (message: Waiting, sending: { readonly id: number; readonly round: number }) => void;
  readonly now: () => number;
}

/** The simulated clock: from `from` as fast as told until it meets the real one, and with it from there. */
const createClock = (from: number, speed: number, now: () => number) => {
  let [simulated, since, times] = [from, now(), speed];
  const read = (): number => Math.min(now(), simulated + (now() - since) * times);
  return {
    read,
    speed: (next: number): void => {
      [simulated, since, times] = [read(), now(), next];
    },
  };
};

export const createSimulation = ({ messages, from, speed, send, now }: SimulationOptions): Simulation => {
  const clock = createClock(from, speed, now);
  const open: (Waiting & { readonly time: number })[] = [];
  let [number, acknowledged] = [0, 0];
  let next = messages.next();
  const pull = (): void => {
    const { time, topic, payload } = next.value as Message;
    number += 1;
    open.push({ id: number, topic, payload, time });
    next = messages.next();
  };
  const queue: Queue = {
    after: (id, count) => {
      const waiting = open.filter((one) => one.id > id);
      while (waiting.length < count && !next.done && next.value.time <= clock.read()) {
        pull();
        waiting.push(open.at(-1)!);
      }
      return waiting.slice(0, count);
    },
    remove: () => {
      open.shift();
      acknowledged += 1;
    },
  };
  return {
    sender: createSender({ queue, send, window: 100, patience: 5000, now }),
    speed: clock.speed,
    progress: () => ({ acknowledged, time: clock.read(), live: clock.read() >= now() }),
  };
};
