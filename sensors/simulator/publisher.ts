import { setTimeout as sleep } from 'node:timers/promises';
import type { MqttClient } from 'mqtt';
import type { Message } from './scenario.ts';

/** How far the publishing is. */
export interface Progress {
  /** Messages that the broker acknowledged. */
  readonly acknowledged: number;
  /** Simulated time of the newest of them. */
  readonly time: number;
}

export interface PublishOptions {
  readonly client: MqttClient;
  readonly signal: AbortSignal;
  /** Instant of the clock at which a message may leave; the n-th message is number n, from 0. */
  readonly due: (message: Message, number: number) => number;
  readonly clock: () => number;
  /** Messages sent and not acknowledged, at most. */
  readonly inFlight: number;
  readonly progress: (progress: Progress) => void;
}

/** How long a stop waits for the last acknowledgements, ms. */
const PATIENCE = 3000;

/** Sleep that a signal ends early; true when it was slept through. */
const sleepUnless = async (milliseconds: number, signal: AbortSignal): Promise<boolean> => {
  try {
    await sleep(milliseconds, undefined, { signal });
    return true;
  } catch (thrown) {
    if (signal.aborted) return false;
    throw thrown;
  }
};

/** Wait until an instant of the clock; false when the signal came first. */
const waitUntil = async (instant: number, clock: () => number, signal: AbortSignal): Promise<boolean> => {
  // In pieces, so that a clock that is set meanwhile is followed.
  for (let left = instant - clock(); left > 0; left = instant - clock())
    if (!(await sleepUnless(Math.min(left, 1000), signal))) return false;
  return !signal.aborted;
};

/** Messages under way, and a way to wait until fewer are. */
const createWindow = () => {
  let open = 0;
  let wake = () => {};
  return {
    begin: () => {
      open += 1;
    },
    end: () => {
      open -= 1;
      wake();
    },
    /** Resolves when fewer than `size` are under way, or the signal has come. */
    below: async (size: number, signal: AbortSignal): Promise<void> => {
      while (open >= size && !signal.aborted)
        await new Promise<void>((resolve) => {
          wake = () => {
            signal.removeEventListener('abort', wake);
            resolve();
          };
          signal.addEventListener('abort', wake);
        });
    },
  };
};

/**
 * Publish messages in their order at QoS 1, each when it is due, no more than `inFlight` of them unacknowledged. With the
 * broker away it waits: nothing is dropped, and the source is not read on. A stop lets what is in flight be acknowledged.
 * @returns messages sent and messages that the broker acknowledged; they differ only after a stop with the broker mute or away
 */
export const publishAll = async (messages: Iterable<Message>, options: PublishOptions) => {
  const { client, signal, due, clock, inFlight, progress } = options;
  const window = createWindow();
  let [sent, acknowledged] = [0, 0];
  let failure: Error | undefined;
  const send = (message: Message) => {
    window.begin();
    sent += 1;
    client.publish(message.topic, message.payload, { qos: 1 }, (error) => {
      if (error) failure = error;
      else progress({ acknowledged: ++acknowledged, time: message.time });
      window.end();
    });
  };
  for (const message of messages) {
    if (!(await waitUntil(due(message, sent), clock, signal))) break;
    await window.below(inFlight, signal);
    if (signal.aborted || failure) break;
    send(message);
  }
  await window.below(1, signal);
  await window.below(1, AbortSignal.timeout(PATIENCE));
  if (failure) throw failure;
  return { sent, acknowledged };
};
