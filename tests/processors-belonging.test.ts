// Which hour, day and month a reading belongs to.
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../src/core/time.ts';
import type { Reading } from '../src/core/types.ts';
import {
  at,
  catalogOf,
  createShell,
  everyInstant,
  MONTH,
  PT1H,
  PT5M,
  reading,
  settingsOf,
  station,
} from './support/middle.ts';

const catalog = catalogOf([
  station('a', { air: PT1H }),
  station('spot', { air: everyInstant(HOUR) }),
  station('gauge', { weather: PT1H }),
  station('jar', { dustfall: MONTH }),
  station('river', { water: everyInstant(4 * HOUR) }),
  station('quick', { air: PT5M }),
]);

/** The starts of the figures of a measurement, after the clock went on by 70 days. */
const startsOf = (measurement: string, one: Reading, settings = settingsOf()): number[] => {
  const shell = createShell(catalog, settings);
  shell.take(one);
  shell.tick(one.time + 70 * DAY);
  return [...shell.finals.keys()]
    .filter((key) => key.startsWith(`${measurement}/${one.station}/`))
    .map((key) => Date.parse(key.split('/')[2]!));
};

describe('hours', () => {
  it.each([
    ['a reading of an hour that ends at 08:00', reading('air', 'a', '2026-07-20 08:00', HOUR, { pm25: 1 }), '07:00'],
    ['an instant at exactly 08:00', reading('air', 'spot', '2026-07-20 08:00', 0, { pm25: 1 }), '08:00'],
    ['an instant just before 08:00', reading('air', 'spot', at('2026-07-20 08:00') - 1, 0, { pm25: 1 }), '07:00'],
    ['five minutes that end at 08:00', reading('air', 'quick', '2026-07-20 08:00', 5 * MINUTE, { pm25: 1 }), '07:00'],
    ['an hour from 07:20 to 08:20: its middle', reading('air', 'a', '2026-07-20 08:20', HOUR, { pm25: 1 }), '07:00'],
    ['an hour from 07:30 to 08:30: its middle', reading('air', 'a', '2026-07-20 08:30', HOUR, { pm25: 1 }), '08:00'],
  ])('%s belongs to %j', (_, one, hour) => {
    expect(startsOf('air_hour', one)).toEqual([at(`2026-07-20 ${hour}`)]);
  });

  it('are whole hours of UTC', () => {
    expect(startsOf('air_hour', reading('air', 'a', '2026-07-20 00:00', HOUR, { pm25: 1 }))).toEqual([
      Date.parse('2026-07-19T15:00:00Z'),
    ]);
  });

  it('what is longer than an hour belongs to none, but to its day', () => {
    const sampler = reading('air', 'a', '2026-07-20 16:00', DAY, { pm25: 1 });
    expect(startsOf('air_hour', sampler)).toEqual([]);
    expect(startsOf('air_day', sampler)).toEqual([at('2026-07-20 00:00')]);
  });
});

describe('days', () => {
  const hour = (time: string) => reading('air', 'a', time, HOUR, { pm25: 1 });
  it('of air are Beijing days', () => {
    expect(startsOf('air_day', hour('2026-07-20 00:00'))).toEqual([at('2026-07-19 00:00')]);
    expect(startsOf('air_day', hour('2026-07-20 01:00'))).toEqual([at('2026-07-20 00:00')]);
    expect(startsOf('air_day', hour('2026-07-21 00:00'))).toEqual([at('2026-07-20 00:00')]);
  });

  const rain = (time: string) => reading('weather', 'gauge', time, HOUR, { rain: 1 });
  it('of weather begin at 20:00 the evening before', () => {
    expect(startsOf('weather_day', rain('2026-07-19 20:00'))).toEqual([at('2026-07-18 20:00')]);
    expect(startsOf('weather_day', rain('2026-07-19 21:00'))).toEqual([at('2026-07-19 20:00')]);
    expect(startsOf('weather_day', rain('2026-07-20 20:00'))).toEqual([at('2026-07-19 20:00')]);
  });

  it('of weather begin at 08:00 where the settings say so', () => {
    const settings = settingsOf({ weather: { day_starts: '08:00' } });
    expect(startsOf('weather_day', rain('2026-07-20 08:00'), settings)).toEqual([at('2026-07-19 08:00')]);
    expect(startsOf('weather_day', rain('2026-07-20 09:00'), settings)).toEqual([at('2026-07-20 08:00')]);
  });

  it('of water are Beijing days, of instants', () => {
    const sample = (time: string) => reading('water', 'river', time, 0, { ph: 7 });
    expect(startsOf('water_day', sample('2026-07-20 00:00'))).toEqual([at('2026-07-20 00:00')]);
    expect(startsOf('water_month', sample('2026-08-01 00:00'))).toEqual([at('2026-08-01 00:00')]);
    expect(startsOf('water_month', sample('2026-07-31 23:59'))).toEqual([at('2026-07-01 00:00')]);
  });
});

describe('months of dustfall', () => {
  const jar = (start: string, end: string) => reading('dustfall', 'jar', end, at(end) - at(start), { dustfall: 5 });

  it.each([
    ['the calendar month that ends on the 1st', '2026-06-01 00:00', '2026-07-01 00:00', '2026-06-01 00:00'],
    ['an exposure over two months, mostly June', '2026-06-03 09:00', '2026-07-02 09:00', '2026-06-01 00:00'],
    ['an exposure over two months, mostly July', '2026-06-28 09:00', '2026-07-30 09:00', '2026-07-01 00:00'],
    ['a middle of exactly 1 July 00:00', '2026-06-16 00:00', '2026-07-16 00:00', '2026-07-01 00:00'],
    ['a middle a minute before', '2026-06-15 23:58', '2026-07-16 00:00', '2026-06-01 00:00'],
  ])('%s', (_, start, end, month) => {
    expect(startsOf('dustfall_month', jar(start, end))).toEqual([at(month)]);
  });

  it('an exposure of more than 45 days says nothing of a month', () => {
    expect(startsOf('dustfall_month', jar('2026-05-01 00:00', '2026-06-15 00:00'))).toHaveLength(1);
    expect(startsOf('dustfall_month', jar('2026-05-01 00:00', '2026-06-15 00:01'))).toEqual([]);
  });
});
