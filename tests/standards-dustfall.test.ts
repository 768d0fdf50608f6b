// HJ 1221-2021 and the bulletins of dustfall. The bulletin: 长治市 2021-10, published 2022-01-11.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changeFrom } from '../src/standards/change.ts';
import { changePercent, countyDustfall } from '../src/standards/dustfall-bulletin.ts';
import {
  DETECTION_LIMIT,
  dustfallMarks,
  dustfallOf,
  EXPOSURE,
  exposureDays,
  LOWER_LIMIT,
  roundDustfall,
  type Weighing,
} from '../src/standards/hj1221.ts';

const COUNTIES = {
  长子县: 1.0,
  壶关县: 1.2,
  上党区: 1.2,
  屯留区: 1.3,
  潞城区: 1.4,
  沁源县: 1.4,
  武乡县: 1.4,
  沁县: 1.5,
  平顺县: 1.5,
  襄垣县: 1.5,
  潞州区: 1.8,
  黎城县: 2.1,
};
const DAY = 86_400_000;

describe('长治市 2021-10', () => {
  const values = Object.values(COUNTIES);

  test('highest, lowest and mean of its twelve counties', () => {
    expect(values).toHaveLength(12);
    // 17.3 over twelve is 1.4417.
    expect(countyDustfall(values)).toEqual({ max: 2.1, min: 1, mean: 1.4 });
  });

  test('同比 -48.1 % is that of 2.7, and of no other base', () => {
    const bases = Array.from({ length: 300 }, (_, i) => (i + 1) / 10);
    expect(bases.filter((base) => changePercent(1.4, base) === -48.1)).toEqual([2.7]);
    // Of the reported 1.4, not of the mean before it is rounded: that would be -46.6.
    expect(changePercent(17.3 / 12, 2.7)).toBe(-46.6);
    expect(changeFrom(2.7, 1.4)).toEqual({ difference: -1.3, percent: -48.1 });
  });
});

describe('an area', () => {
  const points = fc.array(
    fc.integer({ min: 0, max: 400 }).map((n) => n / 20),
    { minLength: 1, maxLength: 30 },
  );

  test('does not ask for the order of its points', () => {
    const shuffled = points.chain((values) =>
      fc.tuple(fc.constant(values), fc.shuffledSubarray(values, { minLength: values.length })),
    );
    fc.assert(
      fc.property(shuffled, ([values, other]) => {
        expect(countyDustfall(other)).toEqual(countyDustfall(values));
      }),
      { numRuns: 500 },
    );
  });

  test('has its mean between its lowest and its highest, in tenths', () => {
    fc.assert(
      fc.property(points, (values) => {
        const { max, min, mean } = countyDustfall(values)!;
        expect(min <= mean && mean <= max).toBe(true);
        for (const one of [max, min, mean]) expect(one).toBe(Math.round(one * 10) / 10);
        // Each point is rounded first, as it is reported.
        expect([max, min]).toEqual([roundDustfall(Math.max(...values)), roundDustfall(Math.min(...values))]);
      }),
    );
  });

  test('ties of the mean are even; of no point there is nothing', () => {
    expect(countyDustfall([9, 9.1])?.mean).toBe(9);
    expect(countyDustfall([9.1, 9.2])?.mean).toBe(9.2);
    expect(countyDustfall([9.05, 9.04])).toEqual({ max: 9, min: 9, mean: 9 });
    expect(countyDustfall([])).toBeUndefined();
  });

  test('no percent without a base above zero', () => {
    expect([changePercent(1, undefined), changePercent(1, 0), changePercent(1, -1)]).toEqual(Array(3).fill(undefined));
    expect([changePercent(2, 2), changePercent(3, 2), changePercent(0, 2)]).toEqual([0, 50, -100]);
  });
});

describe('one jar', () => {
  const jar = (more: Partial<Weighing> = {}): Weighing => ({
    ...{ gross: 30.6, tare: 30.5, blank: 0.012, area: 176.7, start: 0, end: 30 * DAY },
    ...more,
  });

  test('worked by hand: 0.088 g on 176.7 cm² in 30 d are 4.98 t/(km²·30d)', () => {
    // 0.088 / (176.7 · 30) · 30 · 10⁴
    expect(dustfallOf(jar())).toBeCloseTo(4.980192, 6);
    expect(roundDustfall(dustfallOf(jar()))).toBe(5);
    // Already per 30 days: 31 days of the same make less, whatever the month.
    expect(dustfallOf(jar({ end: 31 * DAY }))).toBeCloseTo((4.980192 * 30) / 31, 6);
    // 1 g on 1 cm² in 30 d: 10⁴ t/km².
    expect(dustfallOf(jar({ gross: 2, tare: 1, blank: 0, area: 1 }))).toBe(10_000);
  });

  test('is counted in tenths of a day', () => {
    expect(exposureDays(0, 30.04 * DAY)).toBe(30);
    expect(exposureDays(0, 30.06 * DAY)).toBe(30.1);
    expect(dustfallOf(jar({ end: 30.04 * DAY }))).toBe(dustfallOf(jar()));
  });

  test('rises with what was weighed, falls with area and days, and a blank takes its own away', () => {
    const gram = fc.integer({ min: 1, max: 100_000 }).map((n) => n / 10_000);
    fc.assert(
      fc.property(gram, gram, fc.integer({ min: 1, max: 40 }), (dust, blank, days) => {
        const of = (more: Partial<Weighing>) =>
          dustfallOf(jar({ gross: 30.5 + dust, blank: 0, end: days * DAY, ...more }));
        expect(of({ gross: 30.5 + 2 * dust })).toBeCloseTo(2 * of({}), 6);
        expect(of({ area: 2 * 176.7 })).toBeCloseTo(of({}) / 2, 6);
        expect(of({ end: 2 * days * DAY })).toBeCloseTo(of({}) / 2, 6);
        expect(of({ gross: 30.5 + dust + blank, blank })).toBeCloseTo(of({}), 4);
      }),
    );
  });

  test('needs an area and an exposure', () => {
    for (const more of [
      { area: 0 },
      { area: -1 },
      { area: Number.NaN },
      { end: 0 },
      { end: -DAY },
      { end: 0.04 * DAY },
    ])
      expect(() => dustfallOf(jar(more))).toThrow(RangeError);
  });

  test('is marked outside 28 to 32 days and below the limit of detection, each at its edge', () => {
    const marks = (value: number, days: number) => dustfallMarks(value, days, EXPOSURE);
    expect([EXPOSURE, DETECTION_LIMIT, LOWER_LIMIT]).toEqual([{ least: 28, most: 32 }, 0.3, 1.2]);
    for (const days of [28, 30, 32]) expect(marks(5, days)).toEqual([]);
    for (const days of [27.9, 32.1]) expect(marks(5, days)).toEqual(['exposure']);
    // Held against the limit as it is reported: 0.25 is 0.2, 0.26 is 0.3.
    expect([marks(0.3, 30), marks(0.26, 30), marks(0.25, 30), marks(0, 30)]).toEqual([
      ...[[], [], ['below-detection'], ['below-detection']],
    ]);
    expect(marks(-0.1, 40)).toEqual(['exposure', 'below-detection']);
    expect(dustfallMarks(5, 27, { least: 27, most: 33 })).toEqual([]);
  });
});
