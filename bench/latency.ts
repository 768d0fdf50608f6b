import { join } from 'node:path';
import { tempFolder } from '../tests/support/servers.ts';
import { startPipeline, startPublisher } from './children.ts';
import type { Load } from './loads.ts';
import { startRelay } from './relay.ts';
import { type Part, startBroker, untilSubscribed } from './rounds.ts';

/**
 * Milliseconds from each message's sending to the pipeline's PUBACK for it, sorted, at a steady rate far from full load. Messages come in the
 * order of their sending and are acknowledged in that of their arrival, so the n-th PUBACK is the n-th message's.
 */
export const latencies = async (load: Load, { warm, total }: Part, rate: number): Promise<number[]> => {
  const broker = await startBroker();
  const relay = await startRelay(broker.port);
  const data = join(tempFolder('bench-data'), 'data');
  const pipeline = await startPipeline({ url: relay.url, catalog: load.catalog, data });
  await untilSubscribed(broker, load.topic);
  const publisher = await startPublisher(broker.port, load.file);
  await publisher.send({ from: 0, to: warm });
  const before = await relay.acknowledged(warm);
  const { times } = await publisher.send({ from: warm, to: total, rate });
  const acknowledged = (await relay.acknowledged(total)).slice(before.length);
  await publisher.end();
  await pipeline.end();
  await relay.end();
  await broker.stop();
  return acknowledged.map((at, i) => at - times[i]!).sort((a, b) => a - b);
};
