import { setTimeout as sleep } from 'node:timers/promises';
import type { MqttClient } from 'mqtt';

export interface Outgoing {
  readonly topic: string;
  readonly payload: string;
}

export interface Flow {
  /** Messages that the broker acknowledged. */
  acknowledged: number;
  /** Messages a second from now on; Infinity: as fast as they are acknowledged. */
  rate: number;
  /** Resolves when all are acknowledged. */
  readonly done: Promise<void>;
}

/** Publish at QoS 1, no more than `inFlight` unacknowledged. */
export const publishFlow = (
  client: MqttClient,
  messages: readonly Outgoing[],
  { rate = Number.POSITIVE_INFINITY, inFlight = 500 }: { rate?: number; inFlight?: number } = {},
): Flow => {
  let open = 0;
  const flow = { acknowledged: 0, rate, done: Promise.resolve() };
  const answered = (failed?: Error | null): void => {
    open--;
    if (failed) throw failed;
    flow.acknowledged++;
  };
  const run = async (): Promise<void> => {
    let credit = 0;
    let last = performance.now();
    for (let next = 0; next < messages.length; await sleep(2)) {
      const now = performance.now();
      credit = Math.min(flow.rate * 0.1 + 1, credit + (flow.rate * (now - last)) / 1000);
      if (flow.rate === Number.POSITIVE_INFINITY) credit = inFlight;
      last = now;
      for (; next < messages.length && open < inFlight && credit >= 1; credit--) {
        const { topic, payload } = messages[next++]!;
        open++;
        client.publish(topic, payload, { qos: 1 }, answered);
      }
    }
    while (open > 0) await sleep(2);
  };
  flow.done = run();
  return flow;
};
