// The pipeline without brokers and stores: messages are handed to it, what it would write to a store is read from its outbox.
import type { DatabaseSync } from 'node:sqlite';
import type { Settings } from '../../src/config/schema.ts';
import type { Catalog } from '../../src/core/catalog.ts';
import { silentLog } from '../../src/core/log.ts';
import { openDatabase } from '../../src/core/sqlite.ts';
import { HOUR, isoUtc } from '../../src/core/time.ts';
import type { FieldValue, Point, Reading } from '../../src/core/types.ts';
import { createPipeline, type Pipeline } from '../../src/pipeline.ts';
import { createOutbox } from '../../src/store/outbox.ts';
import { settingsOf } from './middle.ts';

export interface Rig {
  readonly database: DatabaseSync;
  readonly pipeline: Pipeline;
  /** Payloads acknowledged, in order. */
  readonly acknowledged: string[];
  /** Hand messages over, received a second after the time of the last. */
  send(...messages: { topic: string; payload: string | Buffer; received?: number }[]): void;
  tick(time: number): void;
  /** Rows of the series as a store has them in the end, but for station_status. */
  series(): Record<string, Record<string, FieldValue>>;
}

const damaged = (thrown: unknown): void => {
  throw thrown;
};

/** A reading as the message that holds it. */
export const messageOf = ({ feed, station, time, start, values, flags }: Reading) => ({
  topic: `lantian/v1/140430/${feed}/${station}`,
  payload: JSON.stringify({
    time: isoUtc(time),
    period: `PT${(time - start) / 1000}S`,
    values,
    ...(flags ? { flags } : {}),
  }),
  received: time + 1000,
});

const keyOf = ({ measurement, tags, time }: Point): string =>
  [measurement, ...Object.entries(tags).sort().flat(), isoUtc(time)].join(' ');

export const createRig = (
  catalog: Catalog,
  options: { database?: DatabaseSync; settings?: Settings; now?: () => number } = {},
): Rig => {
  const { database = openDatabase(':memory:', damaged), settings = settingsOf(), now = Date.now } = options;
  const outbox = createOutbox(database, ['store'], { maxBytes: 1e9 });
  const acknowledged: string[] = [];
  const pipeline = createPipeline({
    database,
    settings,
    catalog,
    outbox,
    brokers: ['broker'],
    log: silentLog,
    now,
    steady: () => performance.now(),
    wake: () => {},
    speak: () => {},
    damaged,
  });
  return {
    database,
    pipeline,
    acknowledged,
    send: (...messages) => {
      for (const { topic, payload, received = now() } of messages)
        pipeline.receive({
          source: 'broker',
          topic,
          payload: Buffer.from(payload),
          received,
          qos: 1,
          acknowledge: () => acknowledged.push(payload.toString()),
        });
    },
    tick: (time) => pipeline.tick({ time, settled: true, listeningSince: time - 100 * HOUR }),
    series: () => {
      const rows = new Map<string, Record<string, FieldValue>>();
      for (const point of outbox.read('store', 1e9)?.points ?? []) {
        if (point.measurement === 'station_status') continue;
        const fields = { ...rows.get(keyOf(point)) };
        for (const name of point.gone ?? []) delete fields[name];
        rows.set(keyOf(point), { ...fields, ...point.fields });
      }
      return Object.fromEntries([...rows].filter(([, fields]) => Object.keys(fields).length > 0).sort());
    },
  };
};
