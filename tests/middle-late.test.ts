// Late data, revisions and duplicates: what is written again, and that it equals what would have been.
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../src/core/time.ts';
import type { Feed, Reading } from '../src/core/types.ts';
import { at, catalogOf, createShell, everyInstant, MONTH, PT1H, PT5M, reading, station } from './support/middle.ts';

const T0 = at('2026-07-20 00:00');
const catalog = catalogOf([
  station('a', { air: PT1H }),
  station('quick', { air: PT5M }),
  station('g', { weather: PT1H }),
  station('river', { water: everyInstant(4 * HOUR) }),
  station('jar', { dustfall: MONTH }),
  station('jar2', { dustfall: MONTH }),
]);
const hour = (n: number, pm25: number, more: Partial<Reading> = {}): Reading =>
  reading('air', 'a', T0 + n * HOUR, HOUR, { pm25 }, more);
const hours = (from: number, to: number): Reading[] =>
  Array.from({ length: to - from + 1 }, (_, i) => hour(from + i, from + i));
const named = (figures: readonly { measurement: string; start: number }[]): string[] =>
  figures.map(({ measurement, start }) => `${measurement} ${(start - T0) / HOUR}`);

describe('when a figure is written', () => {
  it('when a reading beyond its period arrives, or one that ends it', () => {
    const shell = createShell(catalog);
    const five = (n: number) => reading('air', 'quick', T0 + n * 5 * MINUTE, 5 * MINUTE, { pm25: n });
    const results = shell.take(...Array.from({ length: 13 }, (_, i) => five(i + 1)));
    expect(results.map(({ figures }) => named(figures))).toEqual([
      ...Array.from({ length: 11 }, () => []),
      ['air_hour 0', 'aqi_hour 0'],
      [],
    ]);
    const [after] = shell.take(reading('air', 'quick', T0 + 3 * HOUR + 5 * MINUTE, 5 * MINUTE, { pm25: 1 }));
    // Five minutes are no valid hour: it has no AQI.
    expect(named(after!.figures)).toEqual(['air_hour 1']);
  });

  it('or, for the time being, when the clock passes its end', () => {
    const shell = createShell(catalog);
    shell.take(reading('air', 'quick', T0 + 50 * MINUTE, 50 * MINUTE, { pm25: 4 }));
    expect(shell.tick(T0 + 59 * MINUTE).figures).toEqual([]);
    expect(named(shell.tick(T0 + HOUR).figures)).toEqual(['air_hour 0', 'aqi_hour 0']);
    expect(shell.tick(T0 + HOUR + MINUTE).figures).toEqual([]);
    const [more] = shell.take(reading('air', 'quick', T0 + HOUR, 10 * MINUTE, { pm25: 10 }));
    // (4 × 50 + 10 × 10) / 60 = 5
    expect(more!.figures).toMatchObject([
      { measurement: 'air_hour', fields: { pm25: 5, count: 2, valid: true } },
      { measurement: 'aqi_hour', fields: { iaqi_pm25: 8 } },
    ]);
  });

  it('a day that the clock closes after a crash is that of all its readings', () => {
    const shell = createShell(catalog);
    shell.take(...hours(1, 20));
    shell.crash();
    shell.tick(T0 + DAY);
    // (1 + … + 20) / 20
    expect(shell.figure('air_day', 'a', T0)).toEqual({ pm25: 10.5, count: 20, valid: true });
  });

  it('what was provisional and is taken away is unset', () => {
    const shell = createShell(catalog);
    const one = reading('air', 'quick', T0 + 50 * MINUTE, 50 * MINUTE, { pm25: 4, so2: 1 });
    shell.take(one);
    shell.tick(T0 + HOUR);
    expect(shell.figure('air_hour', 'quick', T0)).toMatchObject({ pm25: 4, so2: 1 });
    shell.take({ ...one, values: { pm25: 4 } });
    shell.tick(T0 + HOUR + MINUTE);
    expect(shell.figure('air_hour', 'quick', T0)).toEqual({ pm25: 4, count: 1, valid: true });
    shell.take({ ...one, values: { pm25: 4 }, flags: { pm25: 'D' } });
    shell.tick(T0 + HOUR + 2 * MINUTE);
    expect(shell.figure('air_hour', 'quick', T0)).toBeUndefined();
  });
});

describe('late readings', () => {
  it('revise their hour and day, and nothing else', () => {
    const shell = createShell(catalog);
    shell.take(...hours(1, 30).filter(({ time }) => time !== T0 + 5 * HOUR));
    expect(shell.figure('air_day', 'a', T0)).toMatchObject({
      count: 23,
      // (300 − 5) / 23
      pm25: 12.826086957,
    });
    const [late] = shell.take(hour(5, 5));
    expect(late).toMatchObject({ arrival: 'stored', late: true });
    expect(named(late!.figures)).toEqual(['air_hour 4', 'air_day 0', 'aqi_hour 4', 'aqi_day 0']);
    // (1 + … + 24) / 24
    expect(shell.figure('air_day', 'a', T0)).toEqual({ pm25: 12.5, count: 24, valid: true });
  });

  it('that change nothing write nothing', () => {
    const shell = createShell(catalog);
    shell.take(...hours(1, 30));
    const empty = shell.take(reading('air', 'a', T0 + 5 * HOUR, 5 * MINUTE, {}))[0];
    expect(empty).toMatchObject({ arrival: 'stored', late: true, figures: [] });
  });

  it('say what is gone', () => {
    const shell = createShell(catalog);
    shell.take(hour(1, 1), { ...hour(2, 2), values: { pm25: 2, so2: 9 } }, hour(3, 3));
    const [revised] = shell.take(hour(2, 2));
    expect(revised!.replaced).toMatchObject({ values: { pm25: 2, so2: 9 } });
    expect(revised!.figures).toMatchObject([
      { measurement: 'air_hour', gone: ['so2'] },
      { measurement: 'aqi_hour', gone: ['iaqi_so2'] },
    ]);
    const [gone] = shell.take(hour(2, 2, { flags: { pm25: 'M' } }));
    expect(gone!.figures).toMatchObject([
      { fields: {}, gone: ['pm25', 'count', 'valid'] },
      { fields: {}, gone: ['standard', 'iaqi_pm25'] },
    ]);
    expect(shell.figure('air_hour', 'a', T0 + HOUR)).toBeUndefined();
  });
});

describe('revisions and duplicates', () => {
  it('identical content is a duplicate without effect; the sequence number does not count', () => {
    const shell = createShell(catalog);
    shell.take(...hours(1, 4));
    const again = shell.take(...hours(1, 4), hour(2, 2, { sequence: 99 }));
    for (const result of again) expect(result).toEqual({ arrival: 'duplicate', late: false, figures: [], signals: [] });
  });

  it('the later arrival wins, both are kept', () => {
    const shell = createShell(catalog);
    shell.take(...hours(1, 4));
    const [revised] = shell.take(hour(2, 20));
    expect(revised).toMatchObject({ arrival: 'revised', late: true, replaced: { values: { pm25: 2 } } });
    expect(shell.figure('air_hour', 'a', T0 + HOUR)).toMatchObject({ pm25: 20 });
    expect(shell.archive.range('air', 'a', T0 + HOUR, T0 + 2 * HOUR)).toMatchObject([{ values: { pm25: 20 } }]);
    shell.take(hour(2, 2));
    expect(shell.figure('air_hour', 'a', T0 + HOUR)).toMatchObject({ pm25: 2 });
  });

  it('another period, and another window of a forecast, is another reading', () => {
    const shell = createShell(catalogOf([station('a', { air: PT1H })], ['east']));
    const [hourly, five] = shell.take(hour(1, 1), reading('air', 'a', T0 + HOUR, 5 * MINUTE, { pm25: 1 }));
    expect([hourly!.arrival, five!.arrival]).toEqual(['stored', 'stored']);
    const forecast = (to: number) => reading('forecast', 'east', T0, 0, { rain: 1 }, { from: T0, to: T0 + to * HOUR });
    expect(shell.take(forecast(12), forecast(24), forecast(12)).map(({ arrival }) => arrival)).toEqual([
      'stored',
      'stored',
      'duplicate',
    ]);
  });
});

describe('a reading that is later than memory reaches', () => {
  /** Water is kept for more than a year, so that a year's class is of all its readings. */
  const LATE: Partial<Record<Feed, number>> = { air: 100 * DAY, weather: 100 * DAY, water: 500 * DAY };
  const cases: [Feed, string, Reading[], Reading][] = [
    ['air', 'a', hours(1, 30), hour(7, 70)],
    [
      'weather',
      'g',
      Array.from({ length: 60 }, (_, i) => reading('weather', 'g', T0 + (i + 1) * HOUR, HOUR, { rain: i % 5 })),
      reading('weather', 'g', T0 + 30 * HOUR, HOUR, { rain: 33 }),
    ],
    [
      'water',
      'river',
      Array.from({ length: 30 }, (_, i) => reading('water', 'river', T0 + i * 9 * HOUR, 0, { cod: i })),
      reading('water', 'river', T0 + 10 * HOUR, 0, { cod: 100 }),
    ],
  ];

  it.each(cases)('%s: the middle asks, and the figures equal those of one in time', (feed, id, rest, late) => {
    const last = rest.at(-1)!;
    const newest = { ...last, start: last.start + LATE[feed]!, time: last.time + LATE[feed]! };
    const others = rest.filter(({ time, start }) => time !== late.time || start !== late.start);
    const inTime = createShell(catalog);
    inTime.take(...[...others, late].sort((a, b) => a.time - b.time), newest);
    const tooLate = createShell(catalog);
    tooLate.take(...others, newest);
    expect(tooLate.asked).toEqual([]);
    expect(tooLate.take(late)).toMatchObject([{ arrival: 'stored', late: true }]);
    expect(tooLate.asked).toMatchObject([{ feed, station: id, into: 'loan' }]);
    expect(new Map([...tooLate.finals].sort())).toEqual(new Map([...inTime.finals].sort()));
    // Again it is a duplicate, and with other values a revision, however old.
    expect(tooLate.take(late)).toMatchObject([{ arrival: 'duplicate', figures: [] }]);
    const [revised] = tooLate.take({ ...late, values: {} });
    expect(revised).toMatchObject({ arrival: 'revised', replaced: late });
    const without = createShell(catalog);
    without.take(...others, newest);
    expect(new Map([...tooLate.finals].sort())).toEqual(new Map([...without.finals].sort()));
  });

  it('a sampler’s day that was beyond the hour asked for is not forgotten', () => {
    // The sample from 13:00 to 08:00 belongs to the day that holds 22:30; its reading stands at 08:00 of the next.
    const sampler = reading('air', 'a', T0 + 32 * HOUR, 19 * HOUR, { so2: 7 });
    const newest = hour(24 * 100, 1);
    const run = (...order: Reading[]) => {
      const shell = createShell(catalog);
      shell.take(...order);
      return shell.figure('air_day', 'a', T0);
    };
    const expected = { so2: 7, pm25: 5, count: 1, valid: false, invalid: 'pm25,so2' };
    expect(run(hour(5, 5), sampler, newest)).toEqual(expected);
    expect(run(sampler, newest, hour(5, 5))).toEqual(expected);
  });

  it('of dustfall, the county’s month is revised and judged', () => {
    const jar = (id: string, month: string, dustfall: number) =>
      reading('dustfall', id, at(month), 30 * DAY, { dustfall });
    const shell = createShell(catalog);
    shell.take(
      jar('jar', '2026-02-01 00:00', 5),
      jar('jar2', '2026-02-01 00:00', 6),
      jar('jar', '2026-07-01 00:00', 5),
    );
    shell.tick('2026-07-02 00:00');
    expect(shell.signals.filter(({ kind }) => kind === 'dustfall-rectification')).toEqual([]);
    shell.crash();
    shell.take(jar('jar', '2026-02-01 00:00', 9.3));
    expect(shell.figure('dustfall_month', 'county', '2026-01-01 00:00')).toMatchObject({ max: 9.3, mean: 7.6 });
    expect(shell.signal('dustfall-rectification', '2026-01')).toMatchObject({ state: 'active', version: 1 });
  });
});
