import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Server, startMosquitto, tempFolder } from '../tests/support/servers.ts';
import { type RunningPipeline, startPipeline, startPublisher, startSubscriber } from './children.ts';
import { clock } from './clock.ts';
import type { Load } from './loads.ts';
import type { Measured, Turn } from './numbers.ts';
import { watchPosition } from './position.ts';

/** Of a load: the first messages, which are not measured, and all of them. */
export interface Part {
  readonly warm: number;
  readonly total: number;
}

/** The pipeline's own default, and so that of all who are measured. */
const IN_FLIGHT = 2000;

/** A broker for one round: nothing is limited, so nothing is dropped; subscriptions are told in its log. */
export const startBroker = (): Promise<Server> =>
  startMosquitto({ config: `max_inflight_messages ${IN_FLIGHT}\nset_tcp_nodelay true\nlog_type subscribe` });

export const untilSubscribed = async (broker: Server, topic: string): Promise<void> => {
  while (!broker.output().includes(topic)) await sleep(10);
};

/** Who takes the messages. */
export interface Taker {
  /** Resolves with the time at which so many messages since the start were taken. */
  reached(total: number): Promise<number>;
  /** Processor time used so far, ms. */
  cpu(): number;
}

export interface Span {
  /** Milliseconds from the first message's sending until the last was taken. */
  readonly took: number;
  /** Messages in it. */
  readonly messages: number;
  /** Processor time before it, ms. */
  readonly cpuBefore: number;
}

/** Publish the warm-up, then the rest. */
export const measure = async (broker: Server, load: Load, part: Part, taker: Taker): Promise<Span> => {
  const publisher = await startPublisher(broker.port, load.file);
  try {
    const warmed = taker.reached(part.warm);
    await publisher.send({ from: 0, to: part.warm });
    await warmed;
    const cpuBefore = taker.cpu();
    const finished = taker.reached(part.total);
    const { began } = await publisher.send({ from: part.warm, to: part.total });
    return { took: (await finished) - began, messages: part.total - part.warm, cpuBefore };
  } finally {
    await publisher.end();
  }
};

/** Messages a second, and their cost. */
export const measured = ({ messages, cpuBefore }: Span, took: number, cpu: number): Measured => ({
  figure: (messages * 1000) / took,
  cpu: ((cpu - cpuBefore) * 1000) / messages,
});

/** The bare subscriber. */
export const bareRound = async (load: Load, part: Part): Promise<Measured> => {
  const broker = await startBroker();
  const subscriber = await startSubscriber(broker.url, load.topic, IN_FLIGHT);
  await untilSubscribed(broker, load.topic);
  const span = await measure(broker, load, part, subscriber);
  const result = measured(span, span.took, subscriber.cpu());
  await subscriber.end();
  await broker.stop();
  return result;
};

/** A figure of a run that lost, refused or repeated anything would be worth nothing. */
const checkAllStored = async (pipeline: RunningPipeline, total: number): Promise<void> => {
  const received = await pipeline.metric('lantian_messages_received_total');
  const stored = await pipeline.metric('lantian_readings_total');
  const refused = await pipeline.metric('lantian_store_refused_total');
  if (received !== total || stored !== total || refused > 0)
    throw new Error(`of ${total} messages ${received} were received and ${stored} stored; ${refused} points refused`);
};

export interface PipelineRound {
  /** Until the database covers all messages: they are on disk with their figures and signals. */
  readonly durable: Measured;
  /** Until every store has all readings and figures of theirs as well. */
  readonly stored: Measured;
}

export interface PipelineRoundOptions {
  readonly profile?: string | undefined;
  readonly settings?: Readonly<Record<string, string>>;
  /** Ask the pipeline for more before it ends. */
  readonly ask?: (pipeline: RunningPipeline) => Promise<void>;
}

/** The outbox is asked so often; more often would be measured along, as the asked one answers. */
const LOOK = 25;

/** The pipeline, from an empty folder. */
export const pipelineRound = async (
  load: Load,
  part: Part,
  { profile, settings = {}, ask }: PipelineRoundOptions = {},
): Promise<PipelineRound> => {
  const broker = await startBroker();
  const data = join(tempFolder('bench-data'), 'data');
  const pipeline = await startPipeline({ url: broker.url, catalog: load.catalog, data, profile, settings });
  await untilSubscribed(broker, load.topic);
  const position = watchPosition(data);
  const span = await measure(broker, load, part, { reached: position.covers, cpu: pipeline.cpu });
  const durable = measured(span, span.took, pipeline.cpu());
  const covered = clock();
  while ((await pipeline.metric('lantian_outbox_points')) > 0) await sleep(LOOK);
  const stored = measured(span, span.took + clock() - covered, pipeline.cpu());
  await checkAllStored(pipeline, part.total);
  await ask?.(pipeline);
  position.end();
  await pipeline.end();
  await broker.stop();
  return { durable, stored };
};

/** Rounds in which both sides take turns, so that a machine that is busy for a while is busy for both. */
export const takeTurns = async <T extends { readonly beside: Measured }>(
  rounds: number,
  what: string,
  say: (text: string) => void,
  round: () => Promise<T>,
  tell: (turn: T) => string,
): Promise<T[]> => {
  const turns: T[] = [];
  for (let i = 1; i <= rounds; i++) {
    const turn = await round();
    turns.push(turn);
    say(`${what} ${i}/${rounds}  ${tell(turn)}`);
  }
  return turns;
};

/** A turn of the pipeline beside the bare subscriber. */
export interface BesideBare extends PipelineRound {
  readonly beside: Measured;
}

const count = (value: number): string => Math.round(value).toLocaleString('en-US');

/** The pipeline beside the bare subscriber. */
export const besideBare = (
  load: Load,
  part: Part,
  rounds: number,
  what: string,
  say: (text: string) => void,
  options: () => Promise<PipelineRoundOptions>,
): Promise<BesideBare[]> =>
  takeTurns(
    rounds,
    what,
    say,
    async () => ({ beside: await bareRound(load, part), ...(await pipelineRound(load, part, await options())) }),
    ({ beside, durable, stored }) =>
      `裸订阅者 bare ${count(beside.figure)}/s  蓝天 lantian ${count(durable.figure)}/s, 入库 stored ${count(stored.figure)}/s`,
  );

/** One of the pipeline's figures beside the bare subscriber's. */
export const turnsOf = (turns: readonly BesideBare[], side: keyof PipelineRound): Turn[] =>
  turns.map((turn) => ({ ours: turn[side], beside: turn.beside }));
