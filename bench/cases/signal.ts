import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync } from 'mqtt';
import { isoBeijing, monthStart } from '../../src/core/time.ts';
import { RECTIFICATION_ABOVE } from '../../src/standards/air-action-plan-2021.ts';
import { tempFolder } from '../../tests/support/servers.ts';
import { caseOf } from '../case.ts';
import { startPipeline, startPublisher } from '../children.ts';
import { clock } from '../clock.ts';
import type { Load } from '../loads.ts';
import { DUSTFALL_POINT } from '../messages.ts';
import { percentile, rounded } from '../numbers.ts';
import { watchPosition } from '../position.ts';
import { startBroker, untilSubscribed } from '../rounds.ts';

interface Asked {
  readonly warm: number;
  /** Messages a second of background. */
  readonly rate: number;
  readonly seconds: number;
  /** Changes a second of the dustfall. */
  readonly changes: number;
}

/** Above and below what orders a campaign, t/(km²·30d). */
const DUSTFALL = [RECTIFICATION_ABOVE + 0.6, RECTIFICATION_ABOVE - 0.6] as const;

/** The state that each change must bring, in turn: a signal that is missed or comes twice puts them out of step. */
const STATES = ['active', 'lifted'] as const;

interface Heard {
  readonly at: number;
  readonly state: string;
}

/** A client that hears the county's signals about the point's campaign and reports its dustfall. */
const startPoint = async (url: string, county: string) => {
  const heard: Heard[] = [];
  const client = await connectAsync(url, { clientId: 'bench-point' });
  const time = isoBeijing(monthStart(Date.now()));
  client.on('message', (_topic, payload) => {
    heard.push({ at: clock(), state: (JSON.parse(payload.toString()) as { state: string }).state });
  });
  await client.subscribeAsync(`lantian/v1/${county}/signal/dustfall-rectification/#`, { qos: 1 });
  return {
    heard,
    report: (dustfall: number): void => {
      const payload = JSON.stringify({ time, period: 'P1M', values: { dustfall } });
      client.publish(`lantian/v1/${county}/dustfall/${DUSTFALL_POINT}`, payload, { qos: 1 });
    },
    end: () => client.endAsync(),
  };
};

type Point = Awaited<ReturnType<typeof startPoint>>;

/** Patience for the last signals, ms. */
const PATIENCE = 10_000;

/** Change the dustfall in even steps; milliseconds from each report's sending to its signal. */
const change = async (point: Point, { seconds, changes }: Asked): Promise<number[]> => {
  const sent: number[] = [];
  const began = clock();
  for (let i = 0; i < seconds * changes; i++) {
    await sleep(Math.max(0, began + (i * 1000) / changes - clock()));
    sent.push(clock());
    point.report(DUSTFALL[i % 2]!);
  }
  for (const end = clock() + PATIENCE; point.heard.length < sent.length && clock() < end; ) await sleep(10);
  const wrong = point.heard.findIndex(({ state }, i) => state !== STATES[i % 2]);
  if (point.heard.length !== sent.length || wrong >= 0)
    throw new Error(`${sent.length} changes made ${point.heard.length} signals; the first out of step: ${wrong}`);
  return point.heard.map(({ at }, i) => at - sent[i]!);
};

const run = async (load: Load, asked: Asked, profile: string | undefined): Promise<number[]> => {
  const broker = await startBroker();
  const data = join(tempFolder('bench-data'), 'data');
  const pipeline = await startPipeline({ url: broker.url, catalog: load.catalog, data, profile });
  await untilSubscribed(broker, load.topic);
  const [publisher, point] = [await startPublisher(broker.port, load.file), await startPoint(broker.url, load.county)];
  const position = watchPosition(data);
  await publisher.send({ from: 0, to: asked.warm });
  await position.covers(asked.warm);
  position.end();
  const background = publisher.send({ from: asked.warm, to: load.messages.length, rate: asked.rate });
  const took = await change(point, asked);
  await background;
  await point.end();
  await publisher.end();
  await pipeline.end();
  await broker.stop();
  return took.sort((a, b) => a - b);
};

const SIZE = { stations: 200, warm: 10_000, rate: 1000, seconds: 30, changes: 10 };

/** From the report that a sensor sends to the signal that people get. */
export const signal = caseOf({
  name: 'signal',
  about: { zh: '从报文发布到 MQTT 上的信号', en: 'from a message’s publishing to its signal on MQTT' },
  beside: { zh: '无', en: 'nothing' },
  sizes: { full: SIZE, quick: { ...SIZE, warm: 5_000, seconds: 6 } },
  run: async (size, { loads, profile, say }) => {
    const load = loads.simulated(size.stations, size.warm + size.rate * (size.seconds + 1), 'day');
    const took = await run(load, size, profile);
    say(`${took.length} 次变化 changes`);
    const background = `${size.rate.toLocaleString('en-US')}/s`;
    const row = (name: string, share: number, goal?: { of: 'figure'; most: number }) => ({
      name,
      what: { zh: `背景 ${background}，${name}`, en: `background ${background}, ${name}` },
      unit: 'ms',
      figure: rounded(percentile(took, share), 1),
      ...(goal === undefined ? {} : { goal }),
    });
    return [row('p50', 0.5), row('p99', 0.99, { of: 'figure', most: 50 })];
  },
});
