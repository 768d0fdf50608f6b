import { describe, expect, it } from 'vitest';
import { feeds } from '../sensors/feeds/index.ts';
import { generate } from '../sensors/simulator/generate.ts';
import { createNoise } from '../sensors/simulator/noise.ts';
import { SCENARIOS } from '../sensors/simulator/scenarios/index.ts';
import { stationsOf } from '../src/core/catalog.ts';
import { LantianError } from '../src/core/errors.ts';
import { beijingHour, DAY, HOUR, MINUTE } from '../src/core/time.ts';
import { FEEDS } from '../src/core/types.ts';
import { catalog, type Heard, hear, NOW } from './support/simulated.ts';

const mean = (numbers: number[]) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
const valuesAt = (heard: Heard[], quantity: string, hour: number) =>
  heard
    .filter(({ end, body }) => beijingHour(end) === hour && body?.values[quantity] !== undefined)
    .map(({ body }) => body!.values[quantity]!);

const calm = hear('calm');

describe('the noise', () => {
  it('stays in its ranges, is spread over them, and has no jumps where it is smooth', () => {
    const noise = createNoise(7);
    const grains = Array.from({ length: 5000 }, (_, i) => noise.grain('x', i * MINUTE));
    const drift = Array.from({ length: 5000 }, (_, i) => noise.smooth('x', i * MINUTE, HOUR));
    expect(Math.min(...grains, ...drift)).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...grains, ...drift)).toBeLessThanOrEqual(1);
    expect(Math.abs(mean(grains))).toBeLessThan(0.03);
    expect(grains.filter((value) => value > 0.8).length).toBeGreaterThan(400);
    // The steepest a half cosine of height 2 over 60 steps can be is pi/60 a step.
    expect(Math.max(...drift.slice(1).map((value, i) => Math.abs(value - drift[i]!)))).toBeLessThan(0.053);
  });
});

describe('the generator', () => {
  it.each(SCENARIOS.map(({ name }) => name))(
    'gives the same messages of %s for the same seed, others for another',
    (name) => {
      const range = { from: NOW - 3 * HOUR, to: NOW + HOUR };
      const text = (seed: number) => hear(name, { ...range, seed }).map(({ time, payload }) => `${time} ${payload}`);
      expect(text(3)).toEqual(text(3));
      expect(text(3)).not.toEqual(text(4));
    },
  );

  it('continues where a run ended', () => {
    const text = (from: number, to: number) =>
      hear('rainstorm', { from, to }).flatMap(({ feed, payload }) => (feed === 'dustfall' ? [] : [payload]));
    const middle = NOW - 90 * MINUTE - 7001;
    expect([...text(NOW - 3 * HOUR, middle), ...text(middle, NOW)]).toEqual(text(NOW - 3 * HOUR, NOW));
  });

  it.each(SCENARIOS.map(({ name }) => name))('gives %s in the order of publishing', (name) => {
    const times = hear(name).map(({ time }) => time);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.length).toBeGreaterThan(10_000);
  });

  it('refuses a scenario that there is not, and names those that there are', () => {
    const wrong = () => [...generate(catalog, 'calm,hurricane', { from: NOW, to: NOW + 1, seed: 1 })];
    expect(wrong).toThrow(LantianError);
    expect(wrong).toThrow(
      /"hurricane".*calm, rainstorm, dustfall, heavy-pollution, emission-exceedance, faulty-sensors/,
    );
  });
});

describe('calm', () => {
  it('passes the form and the plausible range of every feed, and is never ahead of its time', () => {
    const wrong = calm.filter(({ feed, body, end, time }) => {
      const { payload, quantities } = feeds[feed as keyof typeof feeds];
      const outside = Object.entries(body!.values).some(
        ([key, value]) => value < quantities[key]!.least || value > quantities[key]!.most,
      );
      return (
        !payload.safeParse(body).success ||
        outside ||
        end > time ||
        time - end > (feed === 'dustfall' ? 31 * DAY : MINUTE)
      );
    });
    expect(wrong).toEqual([]);
  });

  it('hears every station as often as its schedule says, and a forecast an hour for each township', () => {
    const hourly = calm.filter(({ time }) => time > NOW && time <= NOW + DAY);
    const count = (feed: string, station: string) =>
      hourly.filter((one) => one.feed === feed && one.station === station).length;
    for (const feed of FEEDS.filter((one) => one !== 'dustfall'))
      for (const { id, feeds: own } of stationsOf(catalog, feed))
        expect([id, count(feed, id)]).toEqual([id, DAY / own[feed]!.interval]);
    for (const { id } of catalog.townships) expect([id, count('forecast', id)]).toEqual([id, 24]);
    expect(count('forecast', 'county')).toBe(4);
  });

  it('sends the month before for each dustfall point, as of the 1st at 00:00 Beijing time', () => {
    const points = calm.filter(({ feed }) => feed === 'dustfall');
    expect(points.map(({ station }) => station)).toEqual(stationsOf(catalog, 'dustfall').map(({ id }) => id));
    expect(new Set(points.map(({ body }) => body?.time))).toEqual(new Set(['2026-07-01T00:00:00+08:00']));
    expect(Math.max(...points.map(({ body }) => body!.values['dustfall']!))).toBeLessThan(9);
  });

  it('sends a month as soon as it is over, once', () => {
    const from = Date.UTC(2026, 6, 30);
    const times = hear('calm', { from, to: from + 3 * DAY, now: from })
      .filter(({ feed }) => feed === 'dustfall')
      .map(({ body }) => body?.time);
    const points = stationsOf(catalog, 'dustfall').length;
    expect(times).toEqual([
      ...Array(points).fill('2026-07-01T00:00:00+08:00'),
      ...Array(points).fill('2026-08-01T00:00:00+08:00'),
    ]);
  });

  it('is warm and rich in ozone in the afternoon, and coarse dust holds the fine', () => {
    expect(mean(valuesAt(calm, 'temperature', 15))).toBeGreaterThan(mean(valuesAt(calm, 'temperature', 4)) + 4);
    expect(mean(valuesAt(calm, 'humidity', 4))).toBeGreaterThan(mean(valuesAt(calm, 'humidity', 15)) + 10);
    expect(mean(valuesAt(calm, 'o3', 15))).toBeGreaterThan(2 * mean(valuesAt(calm, 'o3', 3)));
    const air = calm.flatMap(({ feed, body }) => (feed === 'air' ? [body!.values] : []));
    expect(air.filter(({ pm25, pm10, tsp, no2, nox }) => pm25! > pm10! || pm10! > tsp! || no2! > nox!)).toEqual([]);
  });

  it('has winters colder than summers', () => {
    const winter = hear('calm', { from: NOW - 181 * DAY, to: NOW - 180 * DAY });
    expect(mean(valuesAt(winter, 'temperature', 12))).toBeLessThan(mean(valuesAt(calm, 'temperature', 12)) - 15);
  });
});
