// HJ 663: percentiles, months and years, good days, exceedance; 环办〔2014〕64号: composite index and ranking; 同比 and 环比.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changeFrom } from '../src/standards/change.ts';
import { DAYS_LEAST } from '../src/standards/gb3095.ts';
import { areaValue, exceedanceMultiple, goodDays, meanOf, percentile, roundStatistic } from '../src/standards/hj663.ts';
import { ROUNDING } from '../src/standards/hj663-2026.ts';
import { type DayValue, evaluate, PERCENTILES } from '../src/standards/hj663-periods.ts';
import { compositeIndex, RANKED_ITEMS, RANKING_LIMITS, rankedValue, ranking } from '../src/standards/ranking-2014.ts';

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

describe('percentile', () => {
  test.each([
    // Worked by hand: k = 1 + (n - 1) p, and between the two values on either side.
    [[7], 90, 7],
    [[10, 20, 30, 40], 95, 38.5],
    [[40, 10, 30, 20], 50, 25],
    [upTo(10), 90, 9.1],
    [upTo(365), 90, 328.6],
    [upTo(366), 98, 358.7],
    [[1.2, 0.8, 1.5, 0.9, 1.1], 95, 1.44],
    [[1, 2, 3], 0, 1],
    [[1, 2, 3], 100, 3],
    // A position that doubles miss: (101 - 1) · 0.29 is 29 exactly, not 28.999999999999996.
    [upTo(101), 29, 30],
  ])('of %j at %d %% is %d', (values, percent, expected) => {
    expect(percentile(values, percent)).toBe(expected);
  });

  test('of none is none, and outside 0 to 100 it is an error', () => {
    expect(percentile([], 90)).toBeUndefined();
    for (const percent of [-1, 100.5, Number.NaN]) expect(() => percentile([1], percent)).toThrow(RangeError);
  });

  const values = fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 400 });
  const percent = fc.integer({ min: 0, max: 100 });

  test('equals a second computation: how far each value reaches along the line', () => {
    fc.assert(
      fc.property(values, percent, (tenths, at) => {
        // Whole numbers throughout: a hundred steps between neighbours, the at-th hundredth of them all is asked for.
        const line = [...tenths].sort((a, b) => a - b);
        const step = (line.length - 1) * at;
        let left = step;
        let place = 0;
        for (; left >= 100; left -= 100) place += 1;
        const sum = line[place]! * (100 - left) + (left === 0 ? 0 : line[place + 1]! * left);
        expect(
          percentile(
            tenths.map((value) => value / 10),
            at,
          ),
        ).toBeCloseTo(sum / 1000, 9);
      }),
      { numRuns: 500 },
    );
  });

  test('lies among the values, rises with its percent, and does not ask for their order', () => {
    fc.assert(
      fc.property(values, percent, percent, (given, a, b) => {
        const [low, high] = [percentile(given, Math.min(a, b))!, percentile(given, Math.max(a, b))!];
        expect(low).toBeLessThanOrEqual(high);
        expect([Math.min(...given) <= low, high <= Math.max(...given)]).toEqual([true, true]);
        expect(percentile(given.toReversed(), a)).toBe(percentile(given, a));
      }),
    );
  });
});

describe('a month and a year', () => {
  const daysOf = (year: number, count: (month: number) => number, value = (day: number) => day): DayValue[] =>
    upTo(12).flatMap((month) =>
      upTo(count(month)).map((day) => ({
        date: `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`,
        value: value(day),
      })),
    );
  const month = (name: string) => ({ from: name, to: name });
  const YEAR = { from: '2025-01', to: '2025-12' };

  test('mean, percentile and count of the valid days within', () => {
    const days = [...daysOf(2025, () => 28), { date: '2025-03-29' }, { date: '2024-03-01', value: 999 }];
    const found = evaluate('pm25', days, month('2025-03'));
    // 1 to 28: mean 14.5; at 95 %, k = 1 + 27 · 0.95 = 26.65.
    expect(found).toEqual({ days: 28, mean: 14.5, percentile: 26.65, valid: true });
    expect(evaluate('pm25', days.toReversed(), month('2025-03'))).toEqual(found);
    expect(evaluate('o3', days, month('2025-03'))).toEqual({ days: 28, percentile: 25.3, valid: true });
    expect(evaluate('no2', days, month('2025-03'), { percent: 50 }).percentile).toBe(14.5);
    expect(PERCENTILES).toEqual({ so2: 98, no2: 98, pm10: 95, pm25: 95, co: 95, o3: 90 });
  });

  test.each([
    ['2025-03', 27, true],
    ['2025-03', 26, false],
    ['2025-02', 25, true],
    ['2025-02', 24, false],
  ])('%s with %d days: %s', (name, count, valid) => {
    expect(
      evaluate(
        'so2',
        daysOf(2025, () => count),
        month(name),
      ).valid,
    ).toBe(valid);
  });

  test('a year needs 324 days and each of its months', () => {
    const validOf = (count: (one: number) => number) => evaluate('so2', daysOf(2025, count), YEAR).valid;
    expect(validOf((one) => (one === 2 ? 25 : one === 3 ? 29 : 27))).toBe(true);
    expect(validOf((one) => (one === 2 ? 25 : one === 3 ? 28 : 27))).toBe(false);
    expect(validOf((one) => (one === 7 ? 26 : 28))).toBe(false);
    const least = { ...DAYS_LEAST, month: 26 };
    expect(
      evaluate(
        'so2',
        daysOf(2025, (one) => (one === 7 ? 26 : 28)),
        YEAR,
        { least },
      ).valid,
    ).toBe(true);
    // Twelve months that are no year have no 324.
    const days = [...daysOf(2024, () => 27), ...daysOf(2025, (one) => (one === 2 ? 25 : 27))];
    expect(evaluate('so2', days, { from: '2024-07', to: '2025-06' }).valid).toBe(true);
  });

  test('without dust days besides; they do not touch validity', () => {
    const days = daysOf(
      2025,
      () => 27,
      (day) => (day > 25 ? 500 : 50),
    );
    const dust = new Set(['2025-04-26', '2025-04-27', '2025-05-01']);
    const found = evaluate('pm10', days, month('2025-04'), { dust });
    expect(found).toMatchObject({ days: 27, valid: true, withoutDust: { days: 25, mean: 50, percentile: 50 } });
    expect(found.mean).toBeCloseTo((25 * 50 + 2 * 500) / 27, 9);
    expect(evaluate('pm10', days, month('2025-04'))).not.toHaveProperty('withoutDust');
  });

  test.each(['2025-13', '2025', '25-01'])('%s is no month', (name) => {
    expect(() => evaluate('so2', [], month(name))).toThrow(RangeError);
  });
});

describe('figures of the assessment', () => {
  test('good days are those of 100 or less, of the days that have an AQI', () => {
    expect(goodDays([50, 100, 101, undefined])).toEqual({ good: 2, days: 3, ratio: 66.7 });
    expect(goodDays([undefined])).toEqual({ good: 0, days: 0 });
    // 290 of 366 is 79.2349 %.
    expect(goodDays([...Array(290).fill(1), ...Array(76).fill(200)]).ratio).toBe(79.2);
  });

  test('exceedance multiples are (C - S) / S, none at the limit', () => {
    expect(exceedanceMultiple(75, 35)).toBe(1.14);
    expect(exceedanceMultiple(35, 35)).toBeUndefined();
    expect(exceedanceMultiple(35.0001, 35)).toBe(0);
    // 4.82 / 4 - 1 is 0.205: half to even.
    expect(exceedanceMultiple(4.82, 4)).toBe(0.2);
    expect(exceedanceMultiple(4.82, 4, { ...ROUNDING, multiple: 3 })).toBe(0.205);
    for (const limit of [0, -1, Number.NaN]) expect(() => exceedanceMultiple(1, limit)).toThrow(RangeError);
  });

  test('statistics have a decimal, what is judged has none; CO one more', () => {
    expect([roundStatistic('pm25', 34.55), roundStatistic('pm25', 34.5, 'evaluation')]).toEqual([34.6, 34]);
    expect(roundStatistic('pm25', 35.5, 'evaluation')).toBe(36);
    expect([roundStatistic('co', 1.245), roundStatistic('co', 1.25, 'evaluation')]).toEqual([1.24, 1.2]);
    expect(meanOf([0.1, 0.2])).toBe(0.15);
    expect(meanOf([])).toBeUndefined();
  });

  test('an area needs 75 % of its stations, of fewer than four half', () => {
    const rule = { share: 0.75, shareFew: 0.5, few: 4 };
    const valid = (known: number, all: number) =>
      areaValue(
        Array.from({ length: all }, (_, i) => (i < known ? 10 * (i + 1) : undefined)),
        rule,
      )?.valid;
    expect([valid(3, 4), valid(2, 4), valid(2, 3), valid(1, 3), valid(1, 2), valid(1, 1)]).toEqual([
      ...[true, false, true, false, true, true],
    ]);
    expect(valid(0, 2)).toBeUndefined();
    expect(areaValue([10, undefined, 30], rule)?.value).toBe(20);
  });

  test('同比 and 环比: a difference, and its percent of a base that is not zero', () => {
    expect(changeFrom(40, 36)).toEqual({ difference: -4, percent: -10 });
    expect(changeFrom(0.3, 0.1)).toEqual({ difference: -0.2, percent: -66.7 });
    expect(changeFrom(3, 4, 2)).toEqual({ difference: 1, percent: 33.33 });
    expect(changeFrom(0, 4)).toEqual({ difference: 4 });
    expect([changeFrom(undefined, 4), changeFrom(4, undefined)]).toEqual([undefined, undefined]);
  });
});

describe('composite index', () => {
  const VALUES = { so2: 12, no2: 30, pm10: 77, pm25: 42, co: 1.6, o3: 152 };

  test('with the PM limits of 2012 and of the transition, worked by hand', () => {
    expect(RANKING_LIMITS['2012']).toEqual({ so2: 60, no2: 40, pm10: 70, pm25: 35, co: 4, o3: 160 });
    expect(RANKING_LIMITS.transition).toEqual({ so2: 60, no2: 40, pm10: 60, pm25: 30, co: 4, o3: 160 });
    const single = { so2: 0.2, no2: 0.75, pm10: 1.1, pm25: 1.2, co: 0.4, o3: 0.95 };
    expect(compositeIndex(VALUES, '2012')).toEqual({ single, composite: 4.6, primary: ['pm25'], missing: [] });
    expect(compositeIndex(VALUES, 'transition')).toEqual({
      single: { ...single, pm10: 1.283, pm25: 1.4 },
      composite: 4.98,
      primary: ['pm25'],
      missing: [],
    });
  });

  test('is the sum before rounding: six of 0.33425 are 2.0055, not six of 0.334', () => {
    const values = { so2: 20.055, no2: 13.37, pm10: 23.3975, pm25: 11.69875, co: 1.337, o3: 53.48 };
    expect(compositeIndex(values, '2012')).toMatchObject({ composite: 2.01, primary: [...RANKED_ITEMS] });
  });

  test('has all six or is none', () => {
    const found = compositeIndex({ ...VALUES, o3: undefined }, '2012');
    expect(found).not.toHaveProperty('composite');
    expect(found).toMatchObject({ primary: [], missing: ['o3'], single: { pm25: 1.2 } });
  });

  test('of the transition is never the lower one', () => {
    const value = fc.integer({ min: 0, max: 500 });
    const all = fc.record({ so2: value, no2: value, pm10: value, pm25: value, co: value, o3: value });
    fc.assert(
      fc.property(all, (values) => {
        const [older, newer] = (['2012', 'transition'] as const).map((one) => compositeIndex(values, one).composite!);
        expect(newer).toBeGreaterThanOrEqual(older!);
        const { so2, no2, pm10, pm25, co, o3 } = values;
        const sum = so2 / 60 + no2 / 40 + pm10 / 70 + pm25 / 35 + co / 4 + o3 / 160;
        expect(Math.abs(older! - sum)).toBeLessThanOrEqual(0.005 + 1e-9);
      }),
    );
  });

  test('takes percentiles of CO and O3, means of the others', () => {
    const statistics = { days: 30, mean: 1, percentile: 2 };
    expect(RANKED_ITEMS.map((item) => rankedValue(item, statistics))).toEqual([1, 1, 1, 1, 2, 2]);
  });
});

describe('ranking', () => {
  const rank = (values: (number | undefined)[], best?: 'lowest' | 'highest') =>
    ranking(values, (value) => value, best).map(({ entry, rank: at }) => [entry, at]);

  test('ties share a rank, the next is counted on; without a value there is none', () => {
    expect(rank([3.1, undefined, 2.5, 4, 2.5])).toEqual([
      ...[
        [2.5, 1],
        [2.5, 1],
        [3.1, 3],
        [4, 4],
      ],
      [undefined, undefined],
    ]);
    expect(rank([70, 90, 90], 'highest')).toEqual([
      [90, 1],
      [90, 1],
      [70, 3],
    ]);
    expect(rank([])).toEqual([]);
  });

  test('a rank is one more than how many are better, in any order of the entries', () => {
    const entries = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 20 });
    fc.assert(
      fc.property(entries, (values) => {
        for (const [value, at] of rank(values)) expect(at).toBe(1 + values.filter((one) => one < value!).length);
        expect(rank(values.toReversed())).toEqual(rank(values));
      }),
    );
  });
});
