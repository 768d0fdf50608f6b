import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Server, startMosquitto, tempFolder } from '../tests/support/servers.ts';
import { startPipeline, startPublisher, startSubscriber } from './children.ts';
import { clock } from './clock.ts';
import { watchPosition } from './position.ts';
import { startRelay } from './relay.ts';

/** What every round of a run shares. */
export interface Load {
  readonly catalog: string;
  /** Messages as JSON, see messages.ts. */
  readonly file: string;
  /** Messages that come first and are not measured. */
  readonly warm: number;
  readonly total: number;
  readonly topic: string;
  readonly flags: readonly string[];
}

/** The pipeline's own default, and so both subscribers'. */
const IN_FLIGHT = 2000;

/** A broker for one round: nothing is limited, so nothing is dropped; subscriptions are told in its log. */
const startBroker = (): Promise<Server> =>
  startMosquitto({ config: `max_inflight_messages ${IN_FLIGHT}\nset_tcp_nodelay true\nlog_type subscribe` });

const untilSubscribed = async (broker: Server, topic: string): Promise<void> => {
  while (!broker.output().includes(topic)) await sleep(10);
};

/** Publish the warm-up, then the rest; milliseconds from the first one's sending to the last one's `reached`. */
const measure = async (broker: Server, load: Load, reached: (total: number) => Promise<number>): Promise<number> => {
  const publisher = await startPublisher(broker.port, load.file);
  try {
    const warmed = reached(load.warm);
    await publisher.send({ from: 0, to: load.warm });
    await warmed;
    const finished = reached(load.total);
    const { began } = await publisher.send({ from: load.warm, to: load.total });
    return (await finished) - began;
  } finally {
    await publisher.end();
  }
};

const perSecond = (load: Load, milliseconds: number): number =>
  Math.round(((load.total - load.warm) * 1000) / milliseconds);

/** Messages a second of the bare subscriber. */
export const bareRound = async (load: Load): Promise<number> => {
  const broker = await startBroker();
  const subscriber = await startSubscriber(broker.url, load.topic, IN_FLIGHT);
  await untilSubscribed(broker, load.topic);
  const took = await measure(broker, load, subscriber.received);
  await subscriber.end();
  await broker.stop();
  return perSecond(load, took);
};

type Pipeline = Awaited<ReturnType<typeof startPipeline>>;

/** A figure of a run that lost, refused or repeated anything would be worth nothing. */
const checkAllStored = async (pipeline: Pipeline, total: number): Promise<void> => {
  const received = await pipeline.metric('lantian_messages_received_total');
  const stored = await pipeline.metric('lantian_readings_total');
  if (received !== total || stored !== total)
    throw new Error(`of ${total} messages ${received} were received and ${stored} stored`);
};

export interface Rates {
  /** Messages a second until the database covers all of them. */
  readonly durable: number;
  /** The same until the store has every reading and figure of theirs as well. */
  readonly stored: number;
}

/** Messages a second of the pipeline. */
export const pipelineRound = async (load: Load): Promise<Rates> => {
  const broker = await startBroker();
  const data = join(tempFolder('bench-data'), 'data');
  const pipeline = await startPipeline({ url: broker.url, catalog: load.catalog, data, flags: load.flags });
  await untilSubscribed(broker, load.topic);
  const position = watchPosition(data);
  const took = await measure(broker, load, position.covers);
  const covered = clock();
  while ((await pipeline.metric('lantian_outbox_points')) > 0) await sleep(10);
  const rates = { durable: perSecond(load, took), stored: perSecond(load, took + clock() - covered) };
  await checkAllStored(pipeline, load.total);
  position.end();
  await pipeline.end();
  await broker.stop();
  return rates;
};

export interface Latency {
  /** Milliseconds from a message's sending to the pipeline's PUBACK for it. */
  readonly p50: number;
  readonly p99: number;
  readonly rate: number;
  readonly messages: number;
}

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;

/**
 * Latency at a steady rate, far from full load. Messages come in the order of their sending and are acknowledged in that of
 * their arrival, so the n-th PUBACK is the n-th message's.
 */
export const latencyRound = async (load: Load, rate: number, messages: number): Promise<Latency> => {
  const broker = await startBroker();
  const relay = await startRelay(broker.port);
  const data = join(tempFolder('bench-data'), 'data');
  const pipeline = await startPipeline({ url: relay.url, catalog: load.catalog, data, flags: load.flags });
  await untilSubscribed(broker, load.topic);
  const publisher = await startPublisher(broker.port, load.file);
  await publisher.send({ from: 0, to: load.warm });
  const before = await relay.acknowledged(load.warm);
  const { times } = await publisher.send({ from: load.warm, to: load.warm + messages, rate });
  const acknowledged = (await relay.acknowledged(load.warm + messages)).slice(before.length);
  const took = acknowledged.map((at, i) => at - times[i]!).sort((a, b) => a - b);
  await publisher.end();
  await pipeline.end();
  await relay.end();
  await broker.stop();
  return { p50: percentile(took, 0.5), p99: percentile(took, 0.99), rate, messages };
};
