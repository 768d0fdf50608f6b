// A stream of messages at QoS 1 that no list holds: each is made when it is sent, over a bare socket, so that the sender takes little of the
// machine. Message k is the next hour of station k modulo the number of stations.
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectFrame, createAckReader, publishFrame } from '../bench/frames.ts';
import { writeCatalog } from '../bench/messages.ts';
import { HOUR, isoUtc, SECOND } from '../src/core/time.ts';

/** A county of so many stations, none of which counts in the county's means: those would be of every hour that the stream runs through. */
export const streamCatalog = (folder: string, stations: number): string => {
  const counties = writeCatalog(folder, stations);
  const file = join(counties, '140430', 'stations.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('"assessed":true', '"assessed":false'));
  return counties;
};

const payloadOf = (k: number, stations: number, from: number): string => {
  const time = isoUtc(from + Math.floor(k / stations) * HOUR);
  const value = (k * 7919) % 200;
  const values =
    (k % stations) % 2 === 0
      ? { rain: value % 7 === 0 ? value / 100 : 0, temperature: value / 10, wind_speed: value / 20 }
      : { pm25: value, pm10: value + 20, no2: value / 4, o3: 60 };
  return JSON.stringify({ time, period: 'PT1H', values });
};

const frameOf = (k: number, stations: number, from: number): Buffer => {
  const station = k % stations;
  return publishFrame(
    `lantian/v1/140430/${station % 2 === 0 ? 'weather' : 'air'}/bench-${station}`,
    payloadOf(k, stations, from),
    k,
  );
};

export interface Stream {
  readonly sent: number;
  readonly acknowledged: number;
  /** Send so many more at a rate (messages/s), and wait for the last PUBACK. */
  send(count: number, rate: number): Promise<void>;
  end(): void;
}

/** Unacknowledged at most; far from 65,535, where ids would meet. */
const IN_FLIGHT = 20_000;

/** @param from time of the first messages, epoch ms */
export const openStream = async (port: number, stations: number, from: number): Promise<Stream> => {
  let [sent, acknowledged] = [0, 0];
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  socket.on(
    'data',
    createAckReader(() => {
      acknowledged++;
    }),
  );
  socket.write(connectFrame('chaos-stream'));
  await once(socket, 'data');
  const send = async (count: number, rate: number): Promise<void> => {
    const [first, began] = [sent, performance.now()];
    while (sent < first + count) {
      const due = Math.min(first + count, first + Math.floor(((performance.now() - began) * rate) / SECOND) + 1);
      const frames: Buffer[] = [];
      for (; sent < due && sent - acknowledged < IN_FLIGHT; sent++) frames.push(frameOf(sent, stations, from));
      if (frames.length > 0 && !socket.write(Buffer.concat(frames))) await once(socket, 'drain');
      await sleep(2);
    }
    while (acknowledged < sent) await sleep(2);
  };
  return {
    get sent() {
      return sent;
    },
    get acknowledged() {
      return acknowledged;
    },
    send,
    end: () => void socket.destroy(),
  };
};
