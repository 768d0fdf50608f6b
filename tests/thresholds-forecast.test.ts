// What forecasts prove of the rain of the next 24 hours.
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../src/core/time.ts';
import type { Reading } from '../src/core/types.ts';
import { columnOf } from '../src/processors/column.ts';
import { compareReadings, createWindow } from '../src/processors/window.ts';
import { boundsFrom, toldOf } from '../src/thresholds/forecast.ts';
import { at, reading } from './support/middle.ts';

const NOW = at('2026-07-20 08:00');
const MAX_AGE = 12 * HOUR;
const TOLERANCE = HOUR;

/** A forecast issued `age` hours ago for the window from `from` to `to` hours from now. */
const issued = (age: number, from: number, to: number, rain: number, more: Partial<Reading> = {}): Reading =>
  reading('forecast', 'east', NOW - age * HOUR, 0, { rain }, { from: NOW + from * HOUR, to: NOW + to * HOUR, ...more });
const rainBounds = (forecasts: readonly Reading[], now = NOW, hours = 24) =>
  boundsFrom(
    toldOf(columnOf(createWindow(0, forecasts), 'rain'), (value) => value, 'sum', now, MAX_AGE),
    hours,
    now,
    TOLERANCE,
  );
const bounds = (...forecasts: Reading[]): [number, number] => {
  const { least, most } = rainBounds(forecasts.sort(compareReadings));
  return [least, most];
};
const INF = Number.POSITIVE_INFINITY;

describe('one window', () => {
  it.each([
    ['that fits', issued(1, 0, 24, 60), 60, 60],
    ['that begins an hour later', issued(1, 1, 25, 60), 60, 60],
    ['that begins later than an hour', issued(1, 1.1, 25, 60), 0, INF],
    ['that began an hour ago', issued(2, -1, 23, 60), 60, 60],
    ['that began before that, and is too short', issued(3, -2, 22, 60), 0, INF],
    ['that began before that, and reaches: at most', issued(3, -2, 24, 60), 0, 60],
    ['that is shorter proves at least', issued(1, 0, 6, 60), 60, INF],
    ['that is longer proves at most', issued(1, 0, 48, 60), 0, 60],
    ['that is over', issued(8, -8, 0, 60), 0, INF],
    ['of zero is known', issued(1, 0, 24, 0), 0, 0],
    ['flagged', issued(1, 0, 24, 60, { flags: { rain: 'M' } }), 0, INF],
    ['without rain', issued(1, 0, 24, 0, { values: { gust: 20 } }), 0, INF],
  ])('%s', (_, forecast, least, most) => expect(bounds(forecast)).toEqual([least, most]));

  it('none at all is unknown', () => expect(bounds()).toEqual([0, INF]));

  it('that begins as the play of few hours ends says at most, not nothing', () => {
    expect(rainBounds([issued(1, 1, 25, 60)], NOW, 2)).toMatchObject({ least: 0, most: 60 });
    expect(rainBounds([issued(1, 0, 24, 60)], NOW, 1)).toMatchObject({ least: 0, most: 60 });
  });
});

describe('age', () => {
  it('12 hours old it still speaks, a minute more and it is stale', () => {
    expect(bounds(issued(12, 0, 24, 60))).toEqual([60, 60]);
    expect(bounds(issued(12 + 1 / 60, 0, 24, 60))).toEqual([0, INF]);
  });

  it('one from the future waits', () => expect(bounds(issued(-0.1, 0, 24, 60))).toEqual([0, INF]));

  it('the newer issue counts, and a revision of an older one does not', () => {
    expect(bounds(issued(6, 0, 24, 80), issued(1, 0, 24, 10))).toEqual([10, 10]);
  });
});

describe('windows of one issue', () => {
  it('are joined where one begins as the other ends', () => {
    expect(bounds(issued(1, 0, 12, 20), issued(1, 12, 24, 30))).toEqual([50, 50]);
    const hourly = Array.from({ length: 24 }, (_, i) => issued(1, i, i + 1, 2));
    expect(bounds(...hourly)).toEqual([48, 48]);
  });

  it('of three days by the hour: the 24 that are asked for, not one more or less', () => {
    const days = (offset: number) => Array.from({ length: 72 }, (_, i) => issued(1, offset + i, offset + i + 1, 1));
    for (const offset of [-3, -0.5, 0, 0.5]) expect(bounds(...days(offset)), String(offset)).toEqual([24, 24]);
  });

  it('of a gap between them prove at least', () => {
    expect(bounds(issued(1, 0, 6, 20), issued(1, 12, 24, 30))).toEqual([50, INF]);
  });

  it('that begin within the play beyond the end are not counted', () => {
    // The third begins at 23.5 h: the first two reach far enough.
    expect(bounds(issued(1, -0.5, 11.5, 20), issued(1, 11.5, 23.5, 20), issued(1, 23.5, 35.5, 90))).toEqual([40, 40]);
  });

  it('the last of which reaches beyond give at most', () => {
    expect(bounds(issued(1, 0, 18, 20), issued(1, 18, 30, 30))).toEqual([20, 50]);
  });

  it('one short and one that fits: the one that fits is not overlooked', () => {
    expect(bounds(issued(1, 0, 12, 20), issued(1, 0, 24, 60))).toEqual([60, 60]);
    expect(bounds(issued(1, 0, 24, 60), issued(1, 0, 48, 70), issued(1, 24, 48, 10))).toEqual([60, 60]);
  });

  it('that are over do not make an issue speak', () => {
    // Only 16:00 to 08:00 is left of it; the older issue fits.
    expect(bounds(issued(2, -2, -1, 5), issued(2, 8, 24, 70), issued(9, 0, 24, 30))).toEqual([30, 30]);
  });

  it('of a thousand overlapping ones are worked out in no time', () => {
    const many = Array.from({ length: 40 }, (_, i) =>
      [1, 2, 3, 4, 6].map((length) => issued(1, i, i + length, length)),
    ).flat();
    const before = performance.now();
    expect(bounds(...many)).toEqual([24, 24]);
    expect(performance.now() - before).toBeLessThan(200);
  });
});

describe('a newer issue that does not reach, and an older one that fits', () => {
  it('a dry nowcast leaves the older forecast as it is', () => {
    expect(bounds(issued(0, 0, 3, 0), issued(4, 0, 24, 60))).toEqual([60, 60]);
  });

  it('a wet one proves what it says', () => {
    expect(bounds(issued(0, 0, 3, 80), issued(4, 0, 24, 60))).toEqual([80, 80]);
  });

  it('a longer one that is newer and lower holds the older down', () => {
    expect(bounds(issued(0, 0, 72, 40), issued(4, 0, 24, 60))).toEqual([40, 40]);
  });

  it('an older nowcast is not added to a newer', () => {
    expect(bounds(issued(1, 0, 3, 0), issued(2, 0, 3, 90))).toEqual([0, INF]);
  });
});

it('the evidence is the span of the windows that prove it', () => {
  const forecasts = [issued(1, 0, 12, 20), issued(1, 12, 24, 30)];
  expect(rainBounds(forecasts)).toMatchObject({ from: NOW, to: NOW + 24 * HOUR });
  expect(rainBounds(forecasts, NOW + 30 * MINUTE)).toMatchObject({ least: 50, most: 50 });
});
