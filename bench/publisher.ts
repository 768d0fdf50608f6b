// A process that publishes a file of messages at QoS 1, as fast as the broker takes them or at a steady rate.
// Arguments: host, port, file. Told { from, to, rate? } by its parent, it answers with the times of sending.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { clock } from './clock.ts';
import { connectFrame, createAckReader, publishFrame } from './frames.ts';
import type { BenchMessage } from './messages.ts';

export interface Order {
  readonly from: number;
  readonly to: number;
  /** Messages a second; absent: all at once. */
  readonly rate?: number;
}

export interface Sent {
  /** When the first left, and when the broker had acknowledged the last. */
  readonly began: number;
  readonly acknowledged: number;
  /** When each left, with a rate only. */
  readonly times: readonly number[];
}

/** Bytes of one write. */
const PIECE = 256 * 1024;

const [host, port, file] = process.argv.slice(2) as [string, string, string];
const messages = JSON.parse(readFileSync(file, 'utf8')) as BenchMessage[];
const frames = messages.map(({ topic, payload }, number) => publishFrame(topic, payload, number));
let acknowledged = 0;
let last = () => {};
const socket: Socket = connect({ host, port: Number(port), noDelay: true });
socket.on(
  'data',
  createAckReader(() => {
    acknowledged++;
    last();
  }),
);
socket.write(connectFrame('bench-publisher'));
await once(socket, 'data');

const allAtOnce = (bytes: Buffer): void => {
  for (let at = 0; at < bytes.length; at += PIECE) socket.write(bytes.subarray(at, at + PIECE));
};

const steadily = async ({ from, to, rate = 1 }: Order, began: number, times: number[]): Promise<void> => {
  for (let number = from; number < to; ) {
    const due = Math.min(to, from + Math.floor(((clock() - began) / 1000) * rate) + 1);
    for (; number < due; number++) {
      times.push(clock());
      socket.write(frames[number]!);
    }
    await sleep(1);
  }
};

const carryOut = async (order: Order): Promise<Sent> => {
  const target = acknowledged + order.to - order.from;
  const done = new Promise<void>((resolve) => {
    last = () => acknowledged === target && resolve();
  });
  const bytes = order.rate === undefined ? Buffer.concat(frames.slice(order.from, order.to)) : Buffer.alloc(0);
  const times: number[] = [];
  const began = clock();
  if (order.rate === undefined) allAtOnce(bytes);
  else await steadily(order, began, times);
  await done;
  return { began, acknowledged: clock(), times };
};

process.on('message', (order: Order) => void carryOut(order).then((sent) => process.send?.(sent)));
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
