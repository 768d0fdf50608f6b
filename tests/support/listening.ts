// Listeners through src/intake/acknowledge.ts, and publishers of numbers beside them; ended after each test.
import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, expect } from 'vitest';
import { silentLog } from '../../src/core/log.ts';
import {
  type BrokerClient,
  type BrokerOptions,
  connectBroker,
  type ReceivedMessage,
} from '../../src/intake/acknowledge.ts';
import { until } from './until.ts';

const TOPIC = 'lantian/v1/140430/air/dingchang-air';
const WILD = 'lantian/v1/140430/+/+';
/** Long enough for what is under way on loopback, ms. */
export const QUIET = 300;

/** Called in the opposite order after each test. */
export const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

export interface Listener {
  readonly client: BrokerClient;
  readonly heard: (ReceivedMessage & { readonly text: string })[];
  texts(): string[];
}

export const optionsOf = (port: number, over: Partial<BrokerOptions> = {}): BrokerOptions => ({
  url: `mqtt://127.0.0.1:${port}`,
  protocol: 5,
  clientId: 'lantian',
  inFlight: 2000,
  keepalive: 30_000,
  session: 3_600_000,
  ...over,
});

export const listen = (options: BrokerOptions): Listener => {
  const heard: Listener['heard'] = [];
  const client = connectBroker(options, {
    topics: [WILD],
    log: silentLog,
    now: Date.now,
    connected: () => {},
    message: (message) => heard.push({ ...message, text: message.payload.toString() }),
  });
  ends.push(() => client.end());
  return { client, heard, texts: () => heard.map(({ text }) => text) };
};

export const connected = ({ client }: Listener): Promise<void> =>
  until('connected', () => client.connected() && client.since() !== undefined, { state: () => client.lastError() });

export const publisher = async (url: string, over: object = {}): Promise<MqttClient> => {
  const client = await connectAsync(url, over);
  ends.push(() => client.endAsync(true));
  return client;
};

/** Publish numbers at QoS 1 and wait until the broker has acknowledged them all. */
export const publish = async (client: MqttClient, from: number, to: number): Promise<void> => {
  const sent: Promise<unknown>[] = [];
  for (let n = from; n < to; n++) sent.push(client.publishAsync(TOPIC, String(n), { qos: 1 }));
  await Promise.all(sent);
};

export const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => String(from + i));

export const heardAll = (listener: Listener, texts: readonly string[]): Promise<void> =>
  until(`${texts.length} messages`, () => listener.heard.length >= texts.length, { state: listener.texts }).then(() =>
    expect(listener.texts()).toEqual(texts),
  );
