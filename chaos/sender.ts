// Sensors as they should be: at QoS 1, in order, and what got no PUBACK is sent again over the next connection.
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync, type MqttClient } from 'mqtt';
import type { Outgoing } from '../tests/support/publish.ts';

export interface Sender {
  /** Messages that the broker acknowledged: the first so many. */
  readonly acknowledged: number;
  /** Messages that were sent again. */
  readonly again: number;
  /** Messages a second from now on; Infinity: as fast as they are acknowledged. */
  rate: number;
  /** Resolves when all are acknowledged. */
  readonly done: Promise<void>;
}

const IN_FLIGHT = 500;
const EVERY = 2;

const dial = async (url: string): Promise<MqttClient> => {
  for (;;) {
    try {
      return await connectAsync(url, { reconnectPeriod: 0, keepalive: 10, connectTimeout: 5_000 });
    } catch {
      await sleep(50); // the broker is down, which is what is tried here
    }
  }
};

export const createSender = (url: string, messages: readonly Outgoing[], rate: number): Sender => {
  let [acknowledged, again] = [0, 0];
  const sender = { rate };

  /** Send from the first unacknowledged on, until all are acknowledged or the connection ends. */
  const session = async (client: MqttClient): Promise<void> => {
    let [next, open, credit, last] = [acknowledged, true, 0, performance.now()];
    // What goes wrong with a connection ends it, and its end is seen.
    client.on('error', () => {});
    client.on('close', () => {
      open = false;
    });
    const answered = (failed?: Error | null): void => {
      if (open && !failed) acknowledged++;
    };
    while (open && acknowledged < messages.length) {
      const now = performance.now();
      credit = Math.min(sender.rate * 0.1 + 1, credit + (sender.rate * (now - last)) / 1000);
      if (sender.rate === Number.POSITIVE_INFINITY) credit = IN_FLIGHT;
      last = now;
      for (; next < messages.length && next - acknowledged < IN_FLIGHT && credit >= 1; credit--) {
        const { topic, payload } = messages[next++]!;
        client.publish(topic, payload, { qos: 1 }, answered);
      }
      await sleep(EVERY);
    }
    again += next - acknowledged;
    open = false;
    await client.endAsync(true);
  };
  const run = async (): Promise<void> => {
    while (acknowledged < messages.length) await session(await dial(url));
  };
  const done = run();
  return {
    get acknowledged() {
      return acknowledged;
    },
    get again() {
      return again;
    },
    get rate() {
      return sender.rate;
    },
    set rate(value) {
      sender.rate = value;
    },
    done,
  };
};
