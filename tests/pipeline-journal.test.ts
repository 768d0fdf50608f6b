// A commit that fails: nothing of it is acknowledged, nothing is lost, and what comes of it is as if it had not failed.
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import { HOUR } from '../src/core/time.ts';
import type { Reading } from '../src/core/types.ts';
import { at, catalogOf, MONTH, PT1H, reading, station } from './support/middle.ts';
import { createRig, messageOf, type Rig } from './support/pipeline.ts';

const T0 = at('2026-07-20 00:00');
const catalog = catalogOf([
  station('a', { air: PT1H }),
  station('b', { air: PT1H }),
  station('jar', { dustfall: MONTH }),
]);
const hour = (id: string, n: number, pm25 = n): Reading => reading('air', id, T0 + n * HOUR, HOUR, { pm25 });
const hours = (id: string, from: number, to: number): Reading[] =>
  Array.from({ length: to - from + 1 }, (_, i) => hour(id, from + i));

const rigs: Rig[] = [];
const rigOf = (database?: DatabaseSync): Rig => {
  const rig = createRig(catalog, { now: () => T0 + 100 * HOUR, ...(database ? { database } : {}) });
  rigs.push(rig);
  return rig;
};
afterEach(() => {
  for (const { pipeline } of rigs.splice(0)) pipeline.stop();
});

const count = ({ database }: Rig, table: string): number =>
  (database.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n;
const outcomes = ({ pipeline }: Rig) => {
  const { received, outcomes: ended, inFlight } = pipeline.counts();
  expect(received).toBe(ended.stored + ended.duplicate + ended.quarantined + inFlight);
  return { received, ...ended, inFlight };
};

/** What an undisturbed run gives. */
const undisturbed = (readings: readonly Reading[]): Rig => {
  const rig = rigOf();
  rig.send(...readings.map(messageOf));
  rig.tick(T0 + 60 * HOUR);
  rig.pipeline.drain();
  return rig;
};

const readings = [...hours('a', 1, 30), ...hours('b', 1, 30), hour('a', 3, 99), hour('a', 3, 99)];

describe.each([
  ['journal', 'INSERT ON journal'],
  ['archive', 'INSERT ON archive'],
  ['archive of a station that is new', 'INSERT ON archive WHEN (SELECT count(*) FROM archive_series) = 2'],
  ['outbox', 'INSERT ON outbox'],
  ['position', "INSERT ON state WHEN new.name = 'position'"],
  ['clock', "INSERT ON state WHEN new.name = 'tick'"],
])('a commit that fails for its %s', (_, when) => {
  it('acknowledges nothing, loses nothing, and goes on when it can', () => {
    const rig = rigOf();
    rig.database.exec(`CREATE TRIGGER trouble BEFORE ${when} BEGIN SELECT RAISE(ABORT, 'no'); END`);
    const messages = readings.map(messageOf);
    rig.send(...messages);
    rig.tick(T0 + 60 * HOUR);
    for (let i = 0; i < 3; i++) {
      rig.pipeline.drain();
      expect(rig.acknowledged).toEqual([]);
      expect([count(rig, 'journal'), count(rig, 'archive'), count(rig, 'outbox'), count(rig, 'signal')]).toEqual([
        0, 0, 0, 0,
      ]);
      expect(rig.pipeline.healthy()).toBe(false);
      expect(outcomes(rig)).toMatchObject({ received: 0, stored: 0 });
    }
    rig.database.exec('DROP TRIGGER trouble');
    rig.pipeline.drain();
    expect(rig.acknowledged).toEqual(messages.map(({ payload }) => payload));
    expect(rig.pipeline.healthy()).toBe(true);
    expect(outcomes(rig)).toEqual({ received: 62, stored: 61, duplicate: 1, quarantined: 0, inFlight: 0 });
    const expected = undisturbed(readings);
    expect(rig.series()).toEqual(expected.series());
    expect(rig.pipeline.register.all()).toEqual(expected.pipeline.register.all());
  });
});

describe('a disk that is full', () => {
  it('stops acknowledging until there is room', () => {
    const rig = rigOf();
    rig.send(...hours('a', 1, 10).map(messageOf));
    rig.pipeline.drain();
    expect(rig.acknowledged).toHaveLength(10);
    const { page_count: pages } = rig.database.prepare('PRAGMA page_count').get() as { page_count: number };
    rig.database.exec(`PRAGMA max_page_count = ${pages + 3}`);
    const filler = hours('b', 1, 30)
      .map(messageOf)
      .map((message) => ({ ...message, payload: message.payload.padEnd(30_000) }));
    rig.send(...filler);
    rig.pipeline.drain();
    expect([rig.acknowledged.length, rig.pipeline.healthy(), count(rig, 'journal')]).toEqual([10, false, 10]);
    rig.database.exec('PRAGMA max_page_count = 1000000');
    rig.tick(T0 + 60 * HOUR);
    rig.pipeline.drain();
    expect(rig.acknowledged).toHaveLength(40);
    expect(rig.series()).toEqual(undisturbed([...hours('a', 1, 10), ...hours('b', 1, 30)]).series());
  });
});

describe('after a commit that failed and a restart', () => {
  it('readings of two stations that were new in it are not mixed up', () => {
    const rig = rigOf();
    rig.database.exec("CREATE TRIGGER trouble BEFORE INSERT ON state BEGIN SELECT RAISE(ABORT, 'no'); END");
    rig.send(messageOf(hour('a', 1)));
    rig.pipeline.drain();
    rig.database.exec('DROP TRIGGER trouble');
    rig.pipeline.drain();
    rig.send(messageOf(hour('b', 1, 50)));
    rig.pipeline.drain();
    rig.pipeline.stop();
    const later = rigOf(rig.database);
    later.send(messageOf(hour('a', 1)), messageOf(hour('b', 1, 50)), messageOf(hour('b', 2)));
    later.pipeline.drain();
    expect(outcomes(later)).toMatchObject({ duplicate: 2, stored: 1 });
    expect(later.pipeline.state().windows.get('air/a')!.readings).toMatchObject([
      { station: 'a', values: { pm25: 1 } },
    ]);
  });

  it('the readings before it are known', () => {
    const rig = rigOf();
    rig.send(...hours('a', 1, 30).map(messageOf));
    rig.pipeline.drain();
    rig.pipeline.stop();
    const later = rigOf(rig.database);
    later.send(...hours('a', 31, 40).map(messageOf));
    later.tick(T0 + 60 * HOUR);
    later.pipeline.drain();
    expect(later.series()).toEqual(undisturbed(hours('a', 1, 40)).series());
  });
});

describe('signals in the journal’s transaction', () => {
  const jar = (dustfall: number): Reading => reading('dustfall', 'jar', T0, 30 * 24 * HOUR, { dustfall });

  it('are not spoken of twice after a commit that failed', () => {
    const rig = rigOf();
    rig.database.exec("CREATE TRIGGER trouble BEFORE INSERT ON signal_out BEGIN SELECT RAISE(ABORT, 'no'); END");
    rig.send(messageOf(jar(12)));
    rig.pipeline.drain();
    rig.database.exec('DROP TRIGGER trouble');
    rig.pipeline.drain();
    // Of the month's highest and, as it is the only point, of its mean.
    const topics = ['rectification', 'assessment'].map((kind) => `lantian/v1/140430/signal/dustfall-${kind}/2026-07`);
    const outgoing = () => rig.pipeline.register.outgoing('broker', 9).map(({ topic }) => topic);
    expect(outgoing()).toEqual(topics);
    rig.send(messageOf(jar(12)), messageOf(jar(13)));
    rig.pipeline.drain();
    expect(outgoing()).toEqual(topics);
  });

  it('an ended one is retained for 30 d, then cleared', () => {
    const rig = rigOf();
    rig.tick(T0 + HOUR);
    rig.send(messageOf(jar(12)), messageOf(jar(9)));
    rig.tick(T0 + HOUR + 30 * 24 * HOUR - 1);
    rig.pipeline.drain();
    const kinds = () => rig.pipeline.register.all().map(({ kind }) => kind);
    expect(kinds()).toContain('dustfall-rectification');
    rig.tick(T0 + HOUR + 30 * 24 * HOUR);
    rig.pipeline.drain();
    expect(kinds()).not.toContain('dustfall-rectification');
    const cleared = rig.pipeline.register.outgoing('broker', 99).filter(({ payload }) => payload === '');
    expect(cleared.map(({ topic }) => topic)).toEqual(['lantian/v1/140430/signal/dustfall-rectification/2026-07']);
    // A new life of the month has an id of its own.
    rig.send(messageOf(jar(12)));
    rig.pipeline.drain();
    expect(rig.pipeline.register.all().find(({ kind }) => kind === 'dustfall-rectification')).toMatchObject({
      version: 1,
    });
  });
});
