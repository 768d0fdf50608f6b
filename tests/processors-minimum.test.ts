// The minimum of data of each figure, by numbers worked out by hand.
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../src/core/time.ts';
import type { Reading } from '../src/core/types.ts';
import {
  at,
  catalogOf,
  createShell,
  everyInstant,
  PT1H,
  PT5M,
  reading,
  settingsOf,
  station,
} from './support/middle.ts';

const catalog = catalogOf([
  station('a', { air: PT1H }),
  station('quick', { air: PT5M }),
  station('spot', { air: everyInstant(5 * MINUTE) }),
  station('gauge', { weather: PT5M }),
  station('hourly', { weather: PT1H }),
  station('stack', { emission: PT5M }),
  station('river', { water: everyInstant(4 * HOUR) }),
]);
const DAY_0 = at('2026-07-20 00:00');
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

/** What the series hold after these readings and a tick two days later. */
const run = (readings: readonly Reading[], settings = settingsOf()) => {
  const shell = createShell(catalog, settings);
  shell.take(...readings);
  shell.tick(Math.max(...readings.map(({ time }) => time)) + 2 * DAY);
  return shell;
};
const fives = (count: number, id = 'quick'): Reading[] =>
  numbers(count).map((n) => reading('air', id, DAY_0 + n * 5 * MINUTE, 5 * MINUTE, { so2: n }));

describe('an hour of air', () => {
  it('of 9 times 5 minutes is 45 minutes: valid', () => {
    // (1 + … + 9) / 9 = 5
    expect(run(fives(9)).figure('air_hour', 'quick', DAY_0)).toEqual({ so2: 5, count: 9, valid: true });
  });

  it('of 8 times 5 minutes is 40 minutes: shown, not valid', () => {
    const expected = { so2: 4.5, count: 8, valid: false, invalid: 'so2' };
    expect(run(fives(8)).figure('air_hour', 'quick', DAY_0)).toEqual(expected);
  });

  it('each quantity has its own minimum', () => {
    const readings = fives(12).map((one, i) => (i < 8 ? { ...one, values: { ...one.values, pm10: 7 } } : one));
    const expected = { so2: 6.5, pm10: 7, count: 12, valid: false, invalid: 'pm10' };
    expect(run(readings).figure('air_hour', 'quick', DAY_0)).toEqual(expected);
  });

  it('one reading of 45 minutes is enough, one of 44 is not', () => {
    const of = (minutes: number) =>
      run([reading('air', 'a', DAY_0 + 50 * MINUTE, minutes * MINUTE, { pm25: 3 })]).figure('air_hour', 'a', DAY_0);
    expect(of(45)).toMatchObject({ valid: true });
    expect(of(44)).toMatchObject({ valid: false });
  });

  it('a flag other than N, and null, are not data; nothing at all is no figure', () => {
    const flagged = (flag: string) => fives(10).map((one) => ({ ...one, flags: { so2: flag } }));
    expect(run(flagged('N')).figure('air_hour', 'quick', DAY_0)).toMatchObject({ so2: 5.5, count: 10 });
    for (const flag of ['M', 'D', 'n', 'T'])
      expect(run(flagged(flag)).figure('air_hour', 'quick', DAY_0), flag).toBeUndefined();
    const some = fives(12).map((one, i) => (i < 3 ? { ...one, flags: { so2: 'D' } } : one));
    // (4 + … + 12) / 9 = 8
    expect(run(some).figure('air_hour', 'quick', DAY_0)).toEqual({
      so2: 8,
      count: 9,
      valid: true,
      marks: 'so2=flag',
    });
    const flagOfOther = fives(9).map((one) => ({ ...one, flags: { pm10: 'M' } }));
    expect(run(flagOfOther).figure('air_hour', 'quick', DAY_0)).toMatchObject({ so2: 5, valid: true });
  });

  it('readings of different length weigh by their length', () => {
    const readings = [
      reading('air', 'quick', DAY_0 + 15 * MINUTE, 15 * MINUTE, { co: 1 }),
      reading('air', 'quick', DAY_0 + 60 * MINUTE, 45 * MINUTE, { co: 3 }),
    ];
    // (1 × 15 + 3 × 45) / 60 = 2.5
    expect(run(readings).figure('air_hour', 'quick', DAY_0)).toMatchObject({ co: 2.5, valid: true });
  });

  it('where an hour and five minutes overlap, the shorter win', () => {
    const hour = reading('air', 'quick', DAY_0 + HOUR, HOUR, { so2: 100 });
    expect(run([...fives(12), hour]).figure('air_hour', 'quick', DAY_0)).toMatchObject({ so2: 6.5, valid: true });
    expect(run([hour, ...fives(8)]).figure('air_hour', 'quick', DAY_0)).toMatchObject({ so2: 4.5, valid: false });
    // Where the five minutes are not valid the hour stands.
    const flagged = fives(12).map((one) => ({ ...one, flags: { so2: 'D' } }));
    expect(run([...flagged, hour]).figure('air_hour', 'quick', DAY_0)).toMatchObject({ so2: 100, valid: true });
  });
});

describe('instants and clocks that wander', () => {
  const spots = (count: number, offset: (n: number) => number): Reading[] =>
    numbers(count).map((n) => reading('air', 'spot', DAY_0 + (n - 1) * 5 * MINUTE + offset(n), 0, { so2: n }));

  it('an instant covers the station’s interval: 9 are 45 minutes', () => {
    expect(run(spots(9, () => 0)).figure('air_hour', 'spot', DAY_0)).toEqual({ so2: 5, count: 9, valid: true });
    expect(run(spots(8, () => 0)).figure('air_hour', 'spot', DAY_0)).toMatchObject({ count: 8, valid: false });
  });

  it('instants a little early or late all count, and alike', () => {
    const figure = run(spots(12, (n) => (n % 2 === 0 ? 0 : 20 * SECOND))).figure('air_hour', 'spot', DAY_0);
    expect(figure).toEqual({ so2: 6.5, count: 12, valid: true });
  });

  it('instants more frequent than the catalog says cover no more than there is', () => {
    const each = (count: number) =>
      numbers(count).map((n) => reading('air', 'spot', DAY_0 + (n - 1) * MINUTE, 0, { so2: n % 5 === 1 ? 0 : 41 }));
    // 40 minutes and the last one's five; 9 of the 41 are zero, and 32 × 41 / 41 = 32.
    expect(run(each(41)).figure('air_hour', 'spot', DAY_0)).toMatchObject({ so2: 32, count: 41, valid: true });
    expect(run(each(40)).figure('air_hour', 'spot', DAY_0)).toMatchObject({ valid: false });
  });

  it('five minutes that overlap by seconds all count in a mean', () => {
    const wandering = fives(12).map((one, i) => {
      const shift = (i % 3) * 7 * SECOND;
      return { ...one, start: one.start - shift, time: one.time - shift };
    });
    expect(run(wandering).figure('air_hour', 'quick', DAY_0)).toEqual({ so2: 6.5, count: 12, valid: true });
  });

  it('what two readings share is covered once', () => {
    const minutes = numbers(46).map((n) => reading('air', 'quick', DAY_0 + n * 30 * SECOND, MINUTE, { so2: 7 }));
    expect(run(minutes).figure('air_hour', 'quick', DAY_0)).toMatchObject({ so2: 7, valid: false, invalid: 'so2' });
  });

  it('five minutes that overlap by minutes do not', () => {
    const twice = [...fives(12), reading('air', 'quick', DAY_0 + 7 * MINUTE, 5 * MINUTE, { so2: 100 })];
    expect(run(twice).figure('air_hour', 'quick', DAY_0)).toMatchObject({ so2: 6.5 });
  });
});

describe('a day of air', () => {
  const hours = (values: readonly (number | undefined)[], name = 'pm25'): Reading[] =>
    values.flatMap((value, i) =>
      value === undefined ? [] : [reading('air', 'a', DAY_0 + (i + 1) * HOUR, HOUR, { [name]: value })],
    );
  const first = (count: number): number[] => numbers(count);

  it('needs 20 hourly means; the mean is of those there are', () => {
    // (1 + … + 20) / 20 = 10.5; (1 + … + 19) / 19 = 10
    const twenty = run(hours(first(20))).figure('air_day', 'a', DAY_0);
    expect(twenty).toEqual({ pm25: 10.5, count: 20, valid: true });
    const nineteen = run(hours(first(19))).figure('air_day', 'a', DAY_0);
    expect(nineteen).toEqual({ pm25: 10, count: 19, valid: false, invalid: 'pm25' });
  });

  it('a missing hour is not zero, and an hour below its minimum is not in the mean', () => {
    const poor = reading('air', 'a', DAY_0 + 24 * HOUR, 40 * MINUTE, { pm25: 1000 });
    const figure = run([...hours(first(20)), poor]).figure('air_day', 'a', DAY_0);
    expect(figure).toEqual({ pm25: 10.5, count: 21, valid: true });
  });

  it('a 24 h sampler’s day is its reading', () => {
    const sampler = reading('air', 'a', DAY_0 + DAY, DAY, { pm25: 42 });
    expect(run([sampler]).figure('air_day', 'a', DAY_0)).toEqual({ pm25: 42, count: 1, valid: true });
    const nineteen = reading('air', 'a', DAY_0 + 19 * HOUR, 19 * HOUR, { pm25: 42 });
    expect(run([nineteen]).figure('air_day', 'a', DAY_0)).toMatchObject({ count: 1, valid: false });
    // Hourly means go before it.
    expect(run([...hours(first(20)), sampler]).figure('air_day', 'a', DAY_0)).toMatchObject({ pm25: 10.5, count: 20 });
  });

  it('O3 is the highest 8-hour mean of those that end at 08:00 to 24:00', () => {
    // Hours 1 to 24 in µg/m³; the last eight, 17 to 24, give 20.5.
    expect(run(hours(first(24), 'o3')).figure('air_day', 'a', DAY_0)).toEqual({ o3: 20.5, count: 24, valid: true });
  });

  it('O3: an 8-hour mean needs 6 hours, a day 14 of its 17 means', () => {
    // Hours 1 to 19: means end at 8 … 19 in full; 20 and 21 have 7 and 6 hours of 19 known: 14 in all.
    const to19 = run(hours(first(19), 'o3')).figure('air_day', 'a', DAY_0);
    // The highest is that of hours 14 to 19, which ends at 21:00: 16.5.
    expect(to19).toEqual({ o3: 16.5, count: 19, valid: true });
    const to18 = run(hours(first(18), 'o3')).figure('air_day', 'a', DAY_0);
    expect(to18).toEqual({ o3: 15.5, count: 18, valid: false, invalid: 'o3' });
  });

  it('O3: with fewer means the day counts if it is above the limit of 160', () => {
    const of = (value: number) =>
      run(
        hours(
          Array.from({ length: 18 }, () => value),
          'o3',
        ),
      ).figure('air_day', 'a', DAY_0);
    expect(of(160)).toMatchObject({ o3: 160, valid: false });
    expect(of(160.1)).toMatchObject({ o3: 160.1, valid: true });
    // Five hours make no 8-hour mean.
    expect(run(hours(first(5), 'o3')).figure('air_day', 'a', DAY_0)).toBeUndefined();
  });
});

describe('emission', () => {
  const stack = (n: number, status?: string): Reading =>
    reading(
      'emission',
      'stack',
      DAY_0 + n * 5 * MINUTE,
      5 * MINUTE,
      { so2: n },
      status === undefined ? {} : { status },
    );

  it('readings of fault and calibration count for nothing, others do', () => {
    const hour = (status: string) => [...numbers(9).map((n) => stack(n)), stack(10, status)];
    for (const status of ['fault', 'calibration'])
      expect(run(hour(status)).figure('emission_hour', 'stack', DAY_0)).toEqual({ so2: 5, count: 9, valid: true });
    for (const status of ['running', 'starting', 'stopping', 'stopped'])
      expect(run(hour(status)).figure('emission_hour', 'stack', DAY_0)).toEqual({ so2: 5.5, count: 10, valid: true });
    const eight = [...numbers(8).map((n) => stack(n)), stack(9, 'calibration')];
    expect(run(eight).figure('emission_hour', 'stack', DAY_0)).toMatchObject({ count: 8, valid: false });
  });

  it('a day needs 20 valid hours', () => {
    const hours = (count: number) =>
      numbers(count).map((n) => reading('emission', 'stack', DAY_0 + n * HOUR, HOUR, { so2: n }));
    expect(run(hours(20)).figure('emission_day', 'stack', DAY_0)).toEqual({ so2: 10.5, count: 20, valid: true });
    expect(run(hours(19)).figure('emission_day', 'stack', DAY_0)).toMatchObject({ so2: 10, valid: false });
  });
});

describe('weather', () => {
  const gauge = (n: number, values: Record<string, number> = { rain: 0.5 }): Reading =>
    reading('weather', 'gauge', DAY_0 + n * 5 * MINUTE, 5 * MINUTE, values);

  it('a sum needs every minute: else it is absent and rain_min says what is known', () => {
    const all = numbers(12).map((n) => gauge(n));
    expect(run(all).figure('weather_hour', 'gauge', DAY_0)).toEqual({ rain: 6, count: 12, valid: true });
    const eleven = all.filter((_, i) => i !== 4);
    expect(run(eleven).figure('weather_hour', 'gauge', DAY_0)).toEqual({ rain_min: 5.5, count: 11, valid: true });
    const flagged = all.map((one, i) => (i === 4 ? { ...one, flags: { rain: 'D' } } : one));
    expect(run(flagged).figure('weather_hour', 'gauge', DAY_0)).toEqual({ rain_min: 5.5, count: 11, valid: true });
  });

  it('a day’s sum too, from 20:00 on', () => {
    const start = at('2026-07-19 20:00');
    const hours = numbers(24).map((n) => reading('weather', 'hourly', start + n * HOUR, HOUR, { rain: 1 }));
    expect(run(hours).figure('weather_day', 'hourly', start)).toEqual({ rain: 24, count: 24, valid: true });
    expect(run(hours.slice(1)).figure('weather_day', 'hourly', start)).toEqual({
      rain_min: 23,
      count: 23,
      valid: true,
    });
  });

  it('the mean, the extremes, the strongest gust, the lowest visibility of a day of 20 hours', () => {
    const start = at('2026-07-19 20:00');
    const hour = (n: number): Reading =>
      reading('weather', 'hourly', start + n * HOUR, HOUR, { temperature: n, gust: n, visibility: 1000 * n });
    const twenty = run(numbers(20).map(hour)).figure('weather_day', 'hourly', start);
    expect(twenty).toEqual({
      temperature: 10.5,
      temperature_max: 20,
      temperature_min: 1,
      gust: 20,
      visibility: 1000,
      count: 20,
      valid: true,
    });
    const nineteen = run(numbers(19).map(hour)).figure('weather_day', 'hourly', start);
    expect(nineteen).toMatchObject({ temperature: 10, valid: false });
    expect(nineteen!['invalid']).toBe('gust,temperature,temperature_max,temperature_min,visibility');
  });

  it('hours below their minimum do not make extremes valid', () => {
    const start = at('2026-07-19 20:00');
    const poor = numbers(24).map((n) =>
      reading('weather', 'hourly', start + n * HOUR, 40 * MINUTE, { temperature: n }),
    );
    expect(run(poor).figure('weather_day', 'hourly', start)).toEqual({
      temperature_max: 24,
      temperature_min: 1,
      count: 24,
      valid: false,
      invalid: 'temperature_max,temperature_min',
    });
  });

  it('wind directions are averaged as vectors', () => {
    const wind = (values: readonly (readonly [number, number])[]) =>
      run(values.map(([wind_direction, wind_speed], i) => gauge(i + 1, { wind_direction, wind_speed })));
    const around = wind([...Array(6).fill([350, 2]), ...Array(6).fill([10, 2])]);
    expect(around.figure('weather_hour', 'gauge', DAY_0)!['wind_direction']).toBeCloseTo(0, 6);
    // 3 m/s from the east and 4 m/s from the north: atan2(3, 4) = 36.87°.
    const mixed = wind([...Array(6).fill([90, 3]), ...Array(6).fill([0, 4])]);
    expect(mixed.figure('weather_hour', 'gauge', DAY_0)!['wind_direction']).toBeCloseTo(36.8699, 4);
    const against = wind([...Array(6).fill([90, 2]), ...Array(6).fill([270, 2])]);
    expect(against.figure('weather_hour', 'gauge', DAY_0)).toEqual({ wind_speed: 2, count: 12, valid: true });
  });
});

describe('water', () => {
  const sample = (time: string, values: Record<string, number>): Reading => reading('water', 'river', time, 0, values);

  it('a month is the mean of its days, so that a day of many readings weighs no more', () => {
    const samples = [
      sample('2026-07-02 08:00', { cod: 10 }),
      sample('2026-07-02 12:00', { cod: 20 }),
      sample('2026-07-02 16:00', { cod: 30 }),
      sample('2026-07-03 08:00', { cod: 40 }),
    ];
    const shell = run([...samples, sample('2026-08-01 00:00', { ph: 7 })]);
    expect(shell.figure('water_day', 'river', '2026-07-02 00:00')).toEqual({ cod: 20, count: 3, valid: true });
    // (20 + 40) / 2
    expect(shell.figure('water_month', 'river', '2026-07-01 00:00')).toEqual({ cod: 30, count: 2, valid: true });
  });

  it('a day below the setting’s minimum is shown, and not in the month', () => {
    const settings = settingsOf({ water: { day_readings: 2, month_days: 2 } });
    const samples = [
      sample('2026-07-02 08:00', { cod: 10 }),
      sample('2026-07-02 12:00', { cod: 20 }),
      sample('2026-07-03 08:00', { cod: 90 }),
      sample('2026-08-01 00:00', { ph: 7 }),
    ];
    const shell = run(samples, settings);
    expect(shell.figure('water_day', 'river', '2026-07-03 00:00')).toMatchObject({ cod: 90, valid: false });
    expect(shell.figure('water_month', 'river', '2026-07-01 00:00')).toEqual({
      cod: 15,
      count: 2,
      valid: false,
      invalid: 'cod',
    });
  });
});
