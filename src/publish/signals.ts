import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { isDamage } from '../core/sqlite.ts';
import type { BrokerClient } from '../intake/acknowledge.ts';
import type { Register } from '../signals/register.ts';

// Signals out on MQTT: QoS 1, retained, in the order of their changes, once for each broker. A message leaves the queue on disk
// when the broker has acknowledged it; while the broker is away it waits there.

export interface Speaker {
  /** There may be something to publish. */
  wake(): void;
  readonly published: () => number;
  stop(): Promise<void>;
}

const BATCH = 100;
const PAUSE = 1_000;
const PATIENCE = 2_000;

export interface SpeakerParts {
  /** Name of the broker in the register. */
  readonly name: string;
  readonly client: BrokerClient;
  readonly register: Register;
  readonly log: Log;
  /** The queue is on damaged pages: the speaker has ended. */
  damaged(thrown: unknown): void;
}

export const createSpeaker = ({ name, client, register, log, damaged }: SpeakerParts): Speaker => {
  let published = 0;
  let stopping = false;
  let running: Promise<void> | undefined;
  let again = false;

  const publishAll = async (): Promise<void> => {
    const next = () => register.outgoing(name, BATCH);
    for (let batch = next(); batch.length > 0; batch = next())
      for (const { id, topic, payload } of batch) {
        if (stopping) return;
        await client.publish(topic, payload, { qos: 1, retain: true });
        register.sent(name, id);
        published++;
      }
  };
  const run = async (): Promise<void> => {
    do {
      again = false;
      try {
        await publishAll();
      } catch (thrown) {
        if (isDamage(thrown)) {
          stopping = true;
          damaged(thrown);
          return;
        }
        // Not connected, or the link broke: what was not acknowledged waits for the next connection.
        log.debug({ broker: client.url, error: reasonOf(thrown) }, 'signals wait for the broker');
        setTimeout(wake, PAUSE).unref();
        return;
      }
    } while (again && !stopping);
  };
  const wake = (): void => {
    again = true;
    if (stopping || running !== undefined) return;
    running = run().finally(() => {
      running = undefined;
    });
  };
  return {
    wake,
    published: () => published,
    stop: async () => {
      stopping = true;
      // A broker that does not answer keeps nobody: what it did not acknowledge is published again at the next start.
      await Promise.race([running, sleep(PATIENCE, undefined, { ref: false })]);
    },
  };
};
