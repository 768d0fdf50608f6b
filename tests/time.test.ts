import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  beijingHour,
  DAY,
  dayStart,
  floorTo,
  formatDuration,
  HOUR,
  isoBeijing,
  isoUtc,
  monthName,
  monthStart,
  parseDuration,
  parseTime,
} from '../src/core/time.ts';

const utc = (text: string): number => Date.parse(text);
const instants = fc.integer({ min: utc('1900-01-01T00:00:00Z'), max: utc('2100-01-01T00:00:00Z') });

describe('parseTime', () => {
  it.each([
    ['2026-07-20T08:00:00+08:00', '2026-07-20T00:00:00Z'],
    ['2026-07-20T08:00:00', '2026-07-20T00:00:00Z'],
    ['2026-07-20 08:00', '2026-07-20T00:00:00Z'],
    ['2026-07-20T00:00:00Z', '2026-07-20T00:00:00Z'],
    ['2026-07-20t00:00:00z', '2026-07-20T00:00:00Z'],
    ['2026-07-20T00:00:00.5Z', '2026-07-20T00:00:00.500Z'],
    ['2026-07-20T00:00:00,123456789Z', '2026-07-20T00:00:00.123Z'],
    ['2026-07-19T19:00:00-05', '2026-07-20T00:00:00Z'],
    ['2026-07-20T05:45:00+0545', '2026-07-20T00:00:00Z'],
    ['2026-07-19T24:00:00Z', '2026-07-20T00:00:00Z'],
    ['2026-07-19T23:59:60Z', '2026-07-20T00:00:00Z'],
    ['2024-02-29T08:00', '2024-02-29T00:00:00Z'],
    ['  2026-07-20T08:00  ', '2026-07-20T00:00:00Z'],
  ])('%s is %s', (given, expected) => expect(parseTime(given)).toBe(utc(expected)));

  it.each([
    '',
    '2026-07-20',
    '20260720T080000',
    '2026-7-20T08:00',
    '2026-02-29T08:00',
    '2026-04-31T08:00',
    '2026-00-10T08:00',
    '2026-13-10T08:00',
    '2026-01-00T08:00',
    '2026-07-20T24:01',
    '2026-07-20T25:00',
    '2026-07-20T08:60',
    '2026-07-20T08:00:61',
    '2026-07-20T08:00+15:00',
    '2026-07-20T08:00+08:75',
    '2026-07-20T08:00 CST',
    '0050-01-01T00:00Z',
    '1784505600000',
    'now',
  ])('%j is not a time', (given) => expect(parseTime(given)).toBeUndefined());

  it('reads the usual form as it reads all others: a blank after it makes it one of those', () => {
    const two = (most: number) => fc.nat(most).map((n) => String(n).padStart(2, '0'));
    const years = fc.oneof(fc.nat(9999), fc.integer({ min: 1999, max: 2030 })).map((n) => String(n).padStart(4, '0'));
    const usual = fc
      .tuple(years, two(13), two(32), two(25), two(61), two(61))
      .map(([year, month, day, hour, minute, second]) => `${year}-${month}-${day}T${hour}:${minute}:${second}+08:00`);
    fc.assert(
      fc.property(usual, fc.nat(50), fc.constantFrom(...'09-+:TtZ ./a八'), (text, at, sign) => {
        expect(parseTime(text)).toBe(parseTime(`${text} `));
        const spoilt = `${text.slice(0, at)}${sign}${text.slice(at + 1)}`;
        expect(parseTime(spoilt)).toBe(parseTime(`${spoilt} `));
      }),
      { numRuns: 5000 },
    );
  });

  it('reads back what is written, in UTC and in Beijing time', () => {
    fc.assert(
      fc.property(instants, (time) => {
        expect(parseTime(isoUtc(time))).toBe(time);
        expect(parseTime(isoBeijing(time))).toBe(time);
      }),
    );
  });
});

describe('days and months of Beijing', () => {
  it('a day begins at 16:00 UTC, at 20:00 or at 08:00 Beijing time as asked', () => {
    const morning = utc('2026-07-20T00:00:00Z'); // 08:00 in Beijing
    expect(isoUtc(dayStart(morning))).toBe('2026-07-19T16:00:00Z');
    expect(isoUtc(dayStart(morning, 20 * HOUR))).toBe('2026-07-19T12:00:00Z');
    expect(isoUtc(dayStart(morning, 8 * HOUR))).toBe('2026-07-20T00:00:00Z');
    expect(isoUtc(dayStart(morning - 1, 8 * HOUR))).toBe('2026-07-19T00:00:00Z');
    expect(isoUtc(dayStart(utc('2026-07-20T12:00:00Z'), 20 * HOUR))).toBe('2026-07-20T12:00:00Z');
    expect(isoUtc(dayStart(utc('2026-07-20T11:59:59Z'), 20 * HOUR))).toBe('2026-07-19T12:00:00Z');
  });

  it('a month begins on the 1st at 00:00 Beijing time, across years and leap years', () => {
    expect(isoUtc(monthStart(utc('2026-07-31T15:59:59Z')))).toBe('2026-06-30T16:00:00Z');
    expect(isoUtc(monthStart(utc('2026-07-31T16:00:00Z')))).toBe('2026-07-31T16:00:00Z');
    expect(isoUtc(monthStart(utc('2026-01-15T00:00:00Z'), -1))).toBe('2025-11-30T16:00:00Z');
    expect(isoUtc(monthStart(utc('2025-12-15T00:00:00Z'), 1))).toBe('2025-12-31T16:00:00Z');
    expect((monthStart(utc('2024-02-10T00:00:00Z'), 1) - monthStart(utc('2024-02-10T00:00:00Z'))) / DAY).toBe(29);
    expect(monthName(utc('2026-07-31T16:00:00Z'))).toBe('2026-08');
    expect(beijingHour(utc('2026-07-31T16:30:00Z'))).toBe(0);
    expect(beijingHour(utc('1969-12-31T23:30:00Z'))).toBe(7);
  });

  it('every instant lies in its day and month, and those touch', () => {
    fc.assert(
      fc.property(instants, fc.constantFrom(0, 8 * HOUR, 20 * HOUR), (time, begins) => {
        const day = dayStart(time, begins);
        expect(day <= time && time < day + DAY).toBe(true);
        expect(dayStart(day, begins)).toBe(day);
        expect(dayStart(day - 1, begins)).toBe(day - DAY);
        const month = monthStart(time);
        expect(month <= time && time < monthStart(time, 1)).toBe(true);
        expect(monthStart(month - 1)).toBe(monthStart(time, -1));
        expect(floorTo(time, HOUR) <= time).toBe(true);
      }),
    );
  });
});

describe('durations', () => {
  it.each([
    ['PT5M', 300_000],
    ['PT1H', 3_600_000],
    ['P1DT2H', 93_600_000],
    ['PT0S', 0],
    ['PT0.5S', 500],
    ['P400D', 34_560_000_000],
  ])('%s is %d ms', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
    expect(formatDuration(expected)).toBe(text);
  });

  it.each(['', 'P', 'PT', 'P1DT', 'P1M', 'P1Y', '5M', 'PT-5M', 'pt5m', 'PT5', 'P1.5D', 'PT1H '])('%j is none', (text) =>
    expect(parseDuration(text)).toBeUndefined(),
  );

  it('whole milliseconds are read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 * DAY }), (length) => {
        expect(Math.round(parseDuration(formatDuration(length))!)).toBe(length);
      }),
    );
  });
});
