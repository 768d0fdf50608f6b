// GB 3095: limits by date and class, minimum of data at each edge; HJ 663, 6.1.2: the day's maximum of ozone.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AirClass,
  DAYS_LEAST,
  isDayValid,
  isEightHourValid,
  isHourValid,
  isMonthValid,
  isSampledQuarterValid,
  isSampledYearValid,
  isYearValid,
  limitsAt,
} from '../src/standards/gb3095.ts';
import { EDITION as GB_2012 } from '../src/standards/gb3095-2012.ts';
import { EDITION as GB_2026 } from '../src/standards/gb3095-2026.ts';
import { editionAt } from '../src/standards/hj633.ts';
import { EDITION as HJ633_2012 } from '../src/standards/hj633-2012.ts';
import { EDITION as HJ633_2026 } from '../src/standards/hj633-2026.ts';
import { maximum8h } from '../src/standards/hj663.ts';
import { EDITION as HJ663_2013 } from '../src/standards/hj663-2013.ts';
import { EDITION as HJ663_2026 } from '../src/standards/hj663-2026.ts';

type Pairs = Record<string, Record<string, [number, number]>>;
const TABLES = JSON.parse(readFileSync(new URL('data/air-tables.json', import.meta.url), 'utf8')).limits as Record<
  '2012' | 'transition' | '2031',
  Pairs
>;

const beijing = (date: string): number => Date.parse(`${date}T00:00:00+08:00`);
const chosen = (instant: number): string => {
  const { document, stage } = limitsAt(instant, 2);
  return `${document} ${stage}`;
};

describe('limits', () => {
  const CASES = (['2012', 'transition', '2031'] as const).flatMap((table) =>
    ([1, 2] as const).map((airClass) => ({ table, airClass })),
  );
  const DAYS = { '2012': '2020-06-01', transition: '2028-06-01', '2031': '2035-06-01' };

  test.each(CASES)('of $table, class $airClass, are as printed', ({ table, airClass }) => {
    const { limits } = limitsAt(beijing(DAYS[table]), airClass);
    const pick = (pairs: Pairs[string]) =>
      Object.fromEntries(Object.entries(pairs).map(([p, v]) => [p, v[airClass - 1]]));
    expect(limits).toEqual(Object.fromEntries(Object.entries(TABLES[table]).map(([item, p]) => [item, pick(p)])));
  });

  test.each([
    ['2026-03-01', 'GB 3095-2012 full', 'GB 3095-2026 transition'],
    ['2031-01-01', 'GB 3095-2026 transition', 'GB 3095-2026 full'],
  ])('change at midnight of %s, Beijing time', (date, before, after) => {
    const midnight = beijing(date);
    expect([chosen(midnight - 1), chosen(midnight)]).toEqual([before, after]);
    // Midnight of Greenwich is eight hours too late.
    expect(chosen(Date.parse(`${date}T00:00:00Z`) - 1)).toBe(after);
  });

  test('of 2012 hold for what is older than they are', () => {
    expect(chosen(beijing('2013-01-01'))).toBe('GB 3095-2012 full');
  });

  test('class 1 is never laxer than class 2, nor a later table than an earlier', () => {
    const at = (date: string, airClass: AirClass) => limitsAt(beijing(date), airClass).limits;
    const flat = (limits: ReturnType<typeof at>) =>
      Object.entries(limits).flatMap(([item, periods]) =>
        Object.entries(periods).map(([period, limit]) => [`${item} ${period}`, limit] as const),
      );
    const notAbove = (a: ReturnType<typeof at>, b: ReturnType<typeof at>) => {
      const other = new Map(flat(b));
      for (const [name, limit] of flat(a)) expect(limit, name).toBeLessThanOrEqual(other.get(name)!);
    };
    // In order of time: a key that is a number comes first.
    const days = [DAYS['2012'], DAYS.transition, DAYS['2031']] as const;
    for (const date of days) notAbove(at(date, 1), at(date, 2));
    for (const one of [1, 2] as const) for (const i of [1, 2]) notAbove(at(days[i]!, one), at(days[i - 1]!, one));
  });

  test('editions follow each other without a gap, and the choice is theirs', () => {
    for (const [earlier, later] of [
      [GB_2012, GB_2026],
      [HJ633_2012, HJ633_2026],
      [HJ663_2013, HJ663_2026],
    ] as const)
      expect(beijing(earlier.to) + 86_400_000).toBe(beijing(later.from));
    expect(limitsAt(beijing(GB_2026.from), 1).document).toBe(GB_2026.document);
    expect(limitsAt(beijing(GB_2026.from) - 1, 1).document).toBe(GB_2012.document);
    expect(editionAt(beijing(HJ633_2026.from)).standard).toBe(HJ633_2026.document);
    expect(editionAt(beijing(HJ633_2026.from) - 1).standard).toBe(HJ633_2012.document);
  });
});

describe('minimum of data (Table 4)', () => {
  test('45 minutes, 6 of 8 hours, 20 hours', () => {
    expect([isHourValid(45), isHourValid(44.999)]).toEqual([true, false]);
    expect([isEightHourValid(6), isEightHourValid(5)]).toEqual([true, false]);
    expect([isDayValid(20), isDayValid(19)]).toEqual([true, false]);
  });

  test('27 days of a month, 25 of a February', () => {
    for (let month = 1; month <= 12; month++) {
      const least = month === 2 ? 25 : 27;
      expect([isMonthValid(least, month), isMonthValid(least - 1, month)], `${month}`).toEqual([true, false]);
    }
    expect(isMonthValid(20, 1, { ...DAYS_LEAST, month: 20 })).toBe(true);
    expect(isMonthValid(25, 2, { ...DAYS_LEAST, february: 26 })).toBe(false);
  });

  test('324 days of a year, and enough in each of its months', () => {
    const year = (days: Record<number, number>) => Array.from({ length: 12 }, (_, i) => days[i + 1] ?? 27);
    expect(isYearValid(year({}))).toBe(true);
    // Every month has enough, the year 323.
    expect(isYearValid(year({ 2: 25, 3: 28 }))).toBe(false);
    expect(isYearValid(year({ 2: 25, 3: 29 }))).toBe(true);
    // 366 less 5, all of them in one month.
    const short = [31, 29, 26, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    expect(isYearValid(short)).toBe(false);
    expect(isYearValid(short.with(2, 27))).toBe(true);
    expect(isYearValid(short.with(2, 27).slice(0, 11))).toBe(false);
    expect(isYearValid(year({}), { ...DAYS_LEAST, year: 325 })).toBe(false);
  });

  test('sampled by hand: 5 days a month, 15 a quarter, 60 a year', () => {
    expect([isSampledQuarterValid([5, 5, 5]), isSampledQuarterValid([4, 6, 6])]).toEqual([true, false]);
    expect(isSampledQuarterValid([5, 5, 5, 5])).toBe(false);
    expect([isSampledYearValid(Array(12).fill(5)), isSampledYearValid(Array(11).fill(6))]).toEqual([true, false]);
    expect(isSampledYearValid([4, ...Array(11).fill(9)])).toBe(false);
  });
});

describe('the day’s maximum of ozone', () => {
  const RULE = { hoursLeast: 6, windowsLeast: 14, limit: 160 };
  /** 24 hours of a value, the first few missing. */
  const without = (missing: number, value: number) =>
    Array.from({ length: 24 }, (_, hour) => (hour < missing ? undefined : value));

  test('14 of 17 windows of 6 hours; fewer count only above the limit', () => {
    expect(maximum8h(without(0, 100), RULE)).toEqual({ value: 100, valid: true });
    // With the first n hours missing, the windows that end at n + 6 or later have six hours: 19 - n of them.
    expect(maximum8h(without(5, 160), RULE)).toEqual({ value: 160, valid: true });
    expect(maximum8h(without(6, 160), RULE)).toEqual({ value: 160, valid: false });
    expect(maximum8h(without(6, 160.1), RULE)).toEqual({ value: 160.1, valid: true });
    expect(maximum8h(without(18, 200), RULE)).toEqual({ value: 200, valid: true });
    expect(maximum8h(without(19, 200), RULE)).toBeUndefined();
    expect(maximum8h(without(6, 160), { ...RULE, windowsLeast: 13 })?.valid).toBe(true);
  });

  test('the first window is 00-08, the last 16-24, none reaches into another day', () => {
    const peaked = (from: number, to: number) =>
      Array.from({ length: 24 }, (_, hour) => (hour >= from && hour < to ? 180 : 20));
    for (const [from, to] of [
      [0, 8],
      [16, 24],
    ] as const)
      expect(maximum8h(peaked(from, to), RULE)?.value).toBe(180);
    // Four hours at the day's end: 16-24 has them and four of 20.
    expect(maximum8h(peaked(20, 24), RULE)?.value).toBe(100);
  });

  test('equals plain loops over the 17 windows', () => {
    const hour = fc.option(fc.integer({ min: 0, max: 300 }), { nil: undefined, freq: 4 });
    fc.assert(
      fc.property(fc.array(hour, { minLength: 24, maxLength: 24 }), (hours) => {
        let [highest, windows] = [-1, 0];
        for (let end = 8; end <= 24; end++) {
          let [sum, known] = [0, 0];
          for (let back = 1; back <= 8; back++) {
            const value = hours[end - back];
            if (value === undefined) continue;
            sum += value;
            known += 1;
          }
          if (known < 6) continue;
          windows += 1;
          highest = Math.max(highest, sum / known);
        }
        const expected = windows === 0 ? undefined : { value: highest, valid: windows >= 14 || highest > 160 };
        expect(maximum8h(hours, RULE)).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });
});
