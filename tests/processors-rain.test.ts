// Rolling rain of 1, 3, 6, 12 and 24 hours, by numbers worked out by hand.
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../src/core/time.ts';
import type { Reading } from '../src/core/types.ts';
import { newestFallen, rollingRain } from '../src/processors/rain.ts';
import { createWindow } from '../src/processors/window.ts';
import { at, catalogOf, createShell, PT1H, reading, station } from './support/middle.ts';

const T0 = at('2026-07-20 00:00');
const catalog = catalogOf([station('g', { weather: PT1H })]);
/** An hour of rain that ends at hour n. */
const hour = (n: number, rain: number, more: Partial<Reading> = {}): Reading =>
  reading('weather', 'g', T0 + n * HOUR, HOUR, { rain }, more);
const hours = (from: number, to: number, rain: (n: number) => number): Reading[] =>
  Array.from({ length: to - from + 1 }, (_, i) => hour(from + i, rain(from + i)));
/** [sum, min] of 1, 3, 6, 12 and 24 h. */
const sumsAt = (readings: readonly Reading[], time: number): (readonly [number | undefined, number])[] =>
  rollingRain(createWindow(0, readings), time).sums.map(({ sum, min }) => [sum, min] as const);
const none = undefined;

describe('the sum over (t − N h, t]', () => {
  it('at a whole hour with nothing missing', () => {
    // Hour n has n mm: 24; 22+23+24 = 69; 19…24 = 129; 13…24 = 222; 1…24 = 300.
    const all = hours(1, 24, (n) => n);
    expect(sumsAt(all, T0 + 24 * HOUR)).toEqual([24, 69, 129, 222, 300].map((sum) => [sum, sum]));
  });

  it('leaves out what ended at t − N h and takes in what ends at t', () => {
    const all = hours(0, 25, (n) => (n === 0 || n === 25 ? 100 : 1));
    expect(sumsAt(all, T0 + 24 * HOUR).at(-1)).toEqual([24, 24]);
    expect(sumsAt(all, T0 + 25 * HOUR).at(-1)).toEqual([123, 123]);
  });

  it('at every reading, not at whole hours alone', () => {
    const fives = Array.from({ length: 24 }, (_, i) =>
      reading('weather', 'g', T0 + (i + 1) * 5 * MINUTE, 5 * MINUTE, { rain: i + 1 }),
    );
    // At 01:10: readings 3 to 14: (3 + 14) × 12 / 2 = 102.
    expect(sumsAt(fives, T0 + 70 * MINUTE)[0]).toEqual([102, 102]);
    // At 02:00: readings 13 to 24: 222.
    expect(sumsAt(fives, T0 + 2 * HOUR)[0]).toEqual([222, 222]);
  });
});

describe('a gap', () => {
  const gap = hours(1, 24, () => 1).filter(({ time }) => time !== T0 + 20 * HOUR);

  it('makes unknown every window it lies in; what is known is a lower bound', () => {
    expect(sumsAt(gap, T0 + 24 * HOUR)).toEqual([
      [1, 1],
      [3, 3],
      [none, 5],
      [none, 11],
      [none, 23],
    ]);
  });

  it('at the end of the window too', () => {
    expect(
      sumsAt(
        hours(1, 23, () => 2),
        T0 + 24 * HOUR,
      ),
    ).toEqual([
      [none, 0],
      [none, 4],
      [none, 10],
      [none, 22],
      [none, 46],
    ]);
  });

  it('a flagged or missing value is a gap, and not zero', () => {
    const flagged = hours(22, 24, () => 4).map((one, i) => (i === 1 ? { ...one, flags: { rain: 'D' } } : one));
    expect(sumsAt(flagged, T0 + 24 * HOUR)[1]).toEqual([none, 8]);
    const absent = hours(22, 24, () => 4).map((one, i) => (i === 1 ? { ...one, values: { temperature: 1 } } : one));
    expect(sumsAt(absent, T0 + 24 * HOUR)[1]).toEqual([none, 8]);
  });

  it('an instant measures no rain', () => {
    const instant = reading('weather', 'g', T0 + 24 * HOUR, 0, { rain: 50 });
    expect(rollingRain(createWindow(0, [instant]), T0 + 24 * HOUR)).toMatchObject({ known: false });
  });
});

describe('readings that overlap or straddle', () => {
  it('the shorter win: an hour gives way to five minutes within it', () => {
    const fives = Array.from({ length: 12 }, (_, i) =>
      reading('weather', 'g', T0 + 23 * HOUR + (i + 1) * 5 * MINUTE, 5 * MINUTE, { rain: 1 }),
    );
    const both = [...hours(1, 24, () => 5), ...fives].sort((a, b) => a.time - b.time || a.start - b.start);
    expect(sumsAt(both, T0 + 24 * HOUR)).toEqual([
      [12, 12],
      [22, 22],
      [37, 37],
      [67, 67],
      [127, 127],
    ]);
  });

  it('one that reaches beyond the window’s start cannot be split', () => {
    const three = reading('weather', 'g', T0 + 23 * HOUR, 3 * HOUR, { rain: 9 });
    const all = [...hours(1, 20, () => 1), three, hour(24, 2)];
    expect(sumsAt(all, T0 + 24 * HOUR)).toEqual([
      [2, 2],
      [none, 2],
      [13, 13],
      [19, 19],
      [31, 31],
    ]);
  });

  it('a day’s total at once', () => {
    const total = reading('weather', 'g', T0 + 24 * HOUR, DAY, { rain: 60 });
    expect(sumsAt([total], T0 + 24 * HOUR)).toEqual([
      [none, 0],
      [none, 0],
      [none, 0],
      [none, 0],
      [60, 60],
    ]);
    expect(sumsAt([total], T0 + 25 * HOUR).at(-1)).toEqual([none, 0]);
  });
});

it('the newest rain is that of a reading that measured some', () => {
  const temperature = reading('weather', 'g', T0 + 24 * HOUR + 5 * MINUTE, 0, { temperature: 20 });
  const flagged = hour(25, 3, { flags: { rain: 'M' } });
  expect(newestFallen(createWindow(0, [...hours(1, 24, () => 0), temperature, flagged]), 'rain')?.time).toBe(
    T0 + 24 * HOUR,
  );
  expect(newestFallen(createWindow(0, [temperature]), 'rain')).toBeUndefined();
  expect(newestFallen(createWindow(0), 'rain')).toBeUndefined();
});

describe('the series', () => {
  it('has the sums at whole hours, its time the window’s end', () => {
    const shell = createShell(catalog);
    shell.take(...hours(1, 24, () => 2));
    expect(shell.figure('rain_rolling', 'g', T0 + 24 * HOUR)).toEqual({
      h1: 2,
      h1_min: 2,
      h3: 6,
      h3_min: 6,
      h6: 12,
      h6_min: 12,
      h12: 24,
      h12_min: 24,
      h24: 48,
      h24_min: 48,
    });
    expect(shell.figure('rain_rolling', 'g', T0 + 2 * HOUR)).toEqual({
      h1: 2,
      h1_min: 2,
      h3_min: 4,
      h6_min: 4,
      h12_min: 4,
      h24_min: 4,
    });
  });

  it('of a gauge that dies after 180 mm: known to have fallen, for 24 hours more', () => {
    const shell = createShell(catalog);
    shell.take(...hours(1, 18, () => 10));
    for (let n = 19; n <= 44; n++) shell.tick(T0 + n * HOUR);
    const bound = (n: number) => shell.figure('rain_rolling', 'g', T0 + n * HOUR);
    // Nothing before the first hour is known, so 24 h are never whole.
    expect(bound(18)).toMatchObject({ h12: 120, h24_min: 180 });
    expect(bound(19)).toEqual({ h1_min: 0, h3_min: 20, h6_min: 50, h12_min: 110, h24_min: 180 });
    expect(bound(24)).toMatchObject({ h24_min: 180 });
    expect(bound(25)).toMatchObject({ h24_min: 170 });
    expect(bound(41)).toMatchObject({ h24_min: 10 });
    expect(bound(42)).toBeUndefined();
  });

  it('late rain changes the 24 hours that hold it, and a gap that closes brings the sum back', () => {
    const shell = createShell(catalog);
    shell.take(...hours(1, 48, () => 1).filter(({ time }) => time !== T0 + 20 * HOUR));
    expect(shell.figure('rain_rolling', 'g', T0 + 43 * HOUR)).toMatchObject({ h24_min: 23 });
    const [result] = shell.take(hour(20, 7));
    const rolling = result!.figures.filter(({ measurement }) => measurement === 'rain_rolling');
    expect(rolling.map(({ end }) => (end - T0) / HOUR)).toEqual(Array.from({ length: 24 }, (_, i) => 20 + i));
    expect(shell.figure('rain_rolling', 'g', T0 + 43 * HOUR)).toMatchObject({ h24: 30, h24_min: 30 });
    expect(shell.figure('rain_rolling', 'g', T0 + 44 * HOUR)).toMatchObject({ h24: 24 });
  });

  it('a revision that takes rain away takes the sums with it', () => {
    const shell = createShell(catalog);
    shell.take(...hours(1, 24, () => 1));
    shell.take(hour(23, 1, { flags: { rain: 'D' } }));
    expect(shell.figure('rain_rolling', 'g', T0 + 24 * HOUR)).toEqual({
      h1: 1,
      h1_min: 1,
      h3_min: 2,
      h6_min: 5,
      h12_min: 11,
      h24_min: 23,
    });
    expect(shell.figure('rain_rolling', 'g', T0 + 23 * HOUR)).toMatchObject({ h1_min: 0 });
    expect(shell.figure('rain_rolling', 'g', T0 + 23 * HOUR)).not.toHaveProperty('h1');
  });
});

describe('a logger whose clock wanders by seconds', () => {
  const every = (n: number): Reading => {
    const late = n % 3 === 0 ? 1_000 : 0;
    return reading('weather', 'g', T0 + n * 5 * MINUTE + late, 5 * MINUTE, { rain: 10 });
  };
  const fives = Array.from({ length: 12 * 24 }, (_, i) => every(i + 1));

  it('loses no rain and makes no gap', () => {
    const sums = [1, 3, 6, 12, 24].map((hours) => [hours * 120, hours * 120]);
    expect(sumsAt(fives, T0 + 24 * HOUR)).toEqual(sums);
    expect(sumsAt(fives, fives.at(-1)!.time)).toEqual(sums);
  });

  it('nor does an hour of it', () => {
    const shell = createShell(catalog);
    shell.take(...fives.slice(0, 14));
    expect(shell.figure('weather_hour', 'g', T0)).toMatchObject({ rain: 120, count: 12, valid: true });
  });
});
