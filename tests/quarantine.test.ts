// What is not understood is kept with its reason, and can be tried again when the cause is mended.
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../src/core/time.ts';
import type { Reading } from '../src/core/types.ts';
import { createQuarantine } from '../src/intake/quarantine.ts';
import { at, catalogOf, PT1H, reading, settingsOf, station } from './support/middle.ts';
import { createRig, messageOf, type Rig } from './support/pipeline.ts';

const T0 = at('2026-07-20 00:00');
const NOW = T0 + 100 * HOUR;
const poorer = catalogOf([station('a', { air: PT1H })]);
const whole = catalogOf([station('a', { air: PT1H }), station('b', { air: PT1H }), station('g', { weather: PT1H })]);
const air = (id: string, n: number, pm25 = n): Reading => reading('air', id, T0 + n * HOUR, HOUR, { pm25 });

const rigs: Rig[] = [];
const rigOf = (...parameters: Parameters<typeof createRig>): Rig => {
  const rig = createRig(parameters[0], { now: () => NOW, ...parameters[1] });
  rigs.push(rig);
  return rig;
};
afterEach(() => {
  for (const { pipeline } of rigs.splice(0)) pipeline.stop();
});

const outcomes = ({ pipeline }: Rig) => {
  const { received, outcomes: ended, inFlight, quarantined } = pipeline.counts();
  expect(received).toBe(ended.stored + ended.duplicate + ended.quarantined + inFlight);
  expect(Object.values(quarantined).reduce((sum, n) => sum + n, 0)).toBe(ended.quarantined);
  return ended;
};

describe('a message that is not understood', () => {
  const bad = { topic: 'lantian/v1/140430/air/a', payload: '{"time": 1', received: NOW };

  it('is acknowledged, kept as it came with its reason, and blocks nothing', () => {
    const rig = rigOf(poorer);
    rig.send(bad, messageOf(air('a', 1)), { ...bad, topic: 'lantian/v1/140430/air/nobody', payload: '{}' });
    rig.pipeline.drain();
    expect(rig.acknowledged).toHaveLength(3);
    expect(outcomes(rig)).toEqual({ stored: 1, duplicate: 0, quarantined: 2 });
    expect(rig.pipeline.quarantine.list({}, 10)).toMatchObject([
      { id: 1, topic: bad.topic, reason: 'bad-json', state: 'waiting', received: NOW, source: 'broker', size: 10 },
      { id: 2, reason: 'unknown-station', detail: 'nobody is not in the catalog', state: 'waiting' },
    ]);
    expect(rig.pipeline.quarantine.list({ id: 1 }, 10)[0]!.payload.toString()).toBe(bad.payload);
  });

  it('is found by id, reason and station', () => {
    const rig = rigOf(poorer);
    rig.send(bad, messageOf(air('b', 1)), messageOf(air('b', 2)), messageOf(air('xb', 2)));
    rig.pipeline.drain();
    const { quarantine } = rig.pipeline;
    expect(quarantine.count({})).toBe(4);
    expect(quarantine.count({ reason: 'unknown-station' })).toBe(3);
    expect(quarantine.count({ station: 'b' })).toBe(2);
    expect(quarantine.list({ station: 'b' }, 1).map(({ id }) => id)).toEqual([2]);
    expect(quarantine.list({ station: 'b' }, 9, 2).map(({ id }) => id)).toEqual([3]);
    expect(quarantine.count({ id: 3, reason: 'bad-json' })).toBe(0);
  });

  it('too large is kept by its first kilobyte, and cannot be tried again', () => {
    const rig = rigOf(poorer);
    rig.send({ ...bad, payload: 'x'.repeat(70_000) });
    rig.pipeline.drain();
    const { quarantine } = rig.pipeline;
    const [kept] = quarantine.list({}, 1);
    expect([kept!.reason, kept!.size, kept!.payload.length]).toEqual(['too-large', 70_000, 1024]);
    expect(quarantine.ask({})).toBe(0);
  });
});

describe('tried again', () => {
  /** Messages of three stations, of which one is not in the catalog at first. */
  const readings = [
    ...Array.from({ length: 30 }, (_, i) => air('a', i + 1)),
    ...Array.from({ length: 30 }, (_, i) => air('b', i + 1)),
    ...Array.from({ length: 30 }, (_, i) => reading('weather', 'g', T0 + (i + 1) * HOUR, HOUR, { rain: i })),
  ].sort((one, other) => one.time - other.time);

  const retryAll = (rig: Rig, reason = 'unknown-station'): void => {
    rig.pipeline.quarantine.ask({ reason });
    rig.pipeline.takeAsked();
    rig.pipeline.drain();
  };

  it('once the station is in the catalog, the figures are as if it had been there', () => {
    const rig = rigOf(poorer);
    for (const one of readings) {
      rig.send(messageOf(one));
      if (one.station === 'a') rig.tick(one.time);
    }
    rig.pipeline.drain();
    expect(outcomes(rig)).toEqual({ stored: 30, duplicate: 0, quarantined: 60 });
    rig.pipeline.setCatalog(whole);
    retryAll(rig);
    expect(outcomes(rig)).toEqual({ stored: 90, duplicate: 0, quarantined: 60 });
    rig.tick(NOW);
    rig.pipeline.drain();

    const fromTheStart = rigOf(whole);
    fromTheStart.send(...readings.map(messageOf));
    fromTheStart.tick(NOW);
    fromTheStart.pipeline.drain();
    const figures = ({ series }: Rig) =>
      Object.fromEntries(Object.entries(series()).filter(([key]) => !key.startsWith('signal ')));
    expect(Object.keys(figures(rig)).length).toBeGreaterThan(150);
    expect(figures(rig)).toEqual(figures(fromTheStart));
    expect(rig.pipeline.quarantine.count({ waiting: true })).toBe(0);
    expect(rig.pipeline.quarantine.list({}, 1)).toMatchObject([{ state: 'retried' }]);
  });

  it('is tried once, however often one looks', () => {
    const rig = rigOf(poorer);
    rig.send(messageOf(air('b', 1)));
    rig.pipeline.drain();
    rig.pipeline.setCatalog(whole);
    rig.pipeline.quarantine.ask({});
    for (let i = 0; i < 3; i++) rig.pipeline.takeAsked();
    rig.pipeline.drain();
    rig.pipeline.takeAsked();
    rig.pipeline.drain();
    expect(outcomes(rig)).toEqual({ stored: 1, duplicate: 0, quarantined: 1 });
    expect(rig.pipeline.quarantine.ask({})).toBe(0);
  });

  it('and not mended, it comes back with its reason of now', () => {
    const rig = rigOf(poorer);
    rig.send(messageOf(air('g', 1)));
    rig.pipeline.drain();
    rig.pipeline.setCatalog(whole);
    retryAll(rig);
    expect(rig.pipeline.quarantine.list({}, 9)).toMatchObject([
      { reason: 'unknown-station', state: 'retried' },
      { reason: 'wrong-feed', detail: 'g reports weather, not air', state: 'waiting' },
    ]);
  });

  it.each([
    ['ahead', 730 * DAY, 'too-old'],
    ['behind', -730 * DAY, 'future'],
  ])('a clock that was far %s is forgiven when it is right', (_, by, reason) => {
    let now = NOW + by;
    const rig = rigOf(whole, { now: () => now });
    rig.send({ ...messageOf(air('a', 1)), received: now });
    rig.pipeline.drain();
    expect(rig.pipeline.quarantine.list({}, 9)).toMatchObject([{ reason, state: 'waiting' }]);
    now = NOW;
    retryAll(rig, reason);
    expect(outcomes(rig)).toEqual({ stored: 1, duplicate: 0, quarantined: 1 });
  });

  it('its time is held against when it first came, not against now', () => {
    let now = NOW;
    const rig = rigOf(poorer, { now: () => now });
    rig.send(messageOf(air('b', 1)));
    rig.pipeline.drain();
    rig.pipeline.setCatalog(whole);
    now = T0 + 399 * DAY + 300 * DAY;
    retryAll(rig);
    expect(outcomes(rig)).toMatchObject({ stored: 1 });
  });

  it('the wish survives a restart', () => {
    const rig = rigOf(poorer);
    rig.send(messageOf(air('b', 1)));
    rig.pipeline.drain();
    rig.pipeline.quarantine.ask({});
    rig.pipeline.stop();
    const later = rigOf(whole, { database: rig.database });
    later.pipeline.takeAsked();
    later.pipeline.drain();
    expect(outcomes(later)).toMatchObject({ stored: 1 });
  });
});

it('is bounded: the oldest go, those tried again first', () => {
  const rig = rigOf(poorer, { settings: settingsOf({ quarantine: { max_rows: 20 } }) });
  rig.send(...Array.from({ length: 30 }, (_, i) => messageOf(air('b', i + 1))));
  rig.pipeline.drain();
  rig.pipeline.quarantine.ask({ id: 30 });
  rig.pipeline.takeAsked();
  rig.pipeline.drain();
  rig.pipeline.housekeep();
  const left = rig.pipeline.quarantine.list({}, 99).map(({ id }) => id);
  expect([left.length, left[0], left.includes(30), left.at(-1)]).toEqual([20, 11, false, 31]);
});

it('whatever was put and rolled back, after a bound it is within its bounds', () => {
  const [maxRows, maxBytes] = [20, 4_000];
  const put = fc.oneof(fc.nat(3), fc.nat(30));
  const step = fc.record({ put, size: fc.nat(400), bounds: fc.integer({ min: 1, max: 3 }), kept: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const database = new DatabaseSync(':memory:');
      const quarantine = createQuarantine(database);
      for (const { put: many, size, bounds, kept } of steps) {
        database.exec('BEGIN');
        const payload = Buffer.alloc(size);
        for (let i = 0; i < many; i++)
          quarantine.put({ received: 0, source: 's', topic: '沁县', payload, reason: 'bad-json', detail: 'd' });
        for (let i = 0; i < bounds; i++) quarantine.bound(maxRows, maxBytes);
        const rows = quarantine.list({}, 99);
        const bytes = rows.reduce((sum, one) => sum + one.payload.length + one.topic.length + one.detail.length, 0);
        expect([rows.length <= maxRows, bytes <= maxBytes]).toEqual([true, true]);
        database.exec(kept ? 'COMMIT' : 'ROLLBACK');
        if (!kept) quarantine.reload();
      }
      database.close();
    }),
    { numRuns: 500 },
  );
});
