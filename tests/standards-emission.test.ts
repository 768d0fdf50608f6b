// HJ 212-2017 Appendix D, HJ 76-2017, 生态环境部公告2022年第21号.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { daysLeast, FEBRUARY_DAYS, MONTH_DAYS } from '../src/standards/hj76-2017.ts';
import { convertedConcentration, DAY_HOURS, HOUR_MINUTES } from '../src/standards/hj212-2017.ts';
import { exemptStatuses, MARKABLE } from '../src/standards/marking-rules-2022.ts';

describe('converted concentration', () => {
  it.each([
    // 100 · 13 / 9 and 100 · 3 / 9, worked by hand
    [100, 12, 8, 144.4],
    [100, 12, 18, 33.3],
    // At its own reference nothing changes.
    [80, 8, 8, 80],
    [0, 12, 8, 0],
    [-1.8, 12, 8, -2.6],
  ])('%d mg/m³ at %d %% O₂, reference %d %%: %d', (concentration, oxygen, reference, expected) => {
    expect(convertedConcentration(concentration, oxygen, reference)).toBeCloseTo(expected, 1);
  });

  it('is not defined in air', () => {
    for (const [oxygen, reference] of [
      [21, 8],
      [21.5, 8],
      [12, 21],
      [Number.NaN, 8],
    ] as const)
      expect(() => convertedConcentration(100, oxygen, reference)).toThrow(RangeError);
    expect(convertedConcentration(100, 20.999, 8)).toBeGreaterThan(1_000_000);
  });

  it('rises with the oxygen measured and falls with the reference', () => {
    const oxygen = fc.double({ min: 0, max: 20, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1000, noNaN: true }), oxygen, oxygen, oxygen, (c, a, b, reference) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(convertedConcentration(c, low, reference)).toBeLessThanOrEqual(
          convertedConcentration(c, high, reference),
        );
        expect(convertedConcentration(c, reference, low)).toBeGreaterThanOrEqual(
          convertedConcentration(c, reference, high),
        );
      }),
    );
  });
});

it('minima of data', () => {
  expect([HOUR_MINUTES, DAY_HOURS]).toEqual([45, 20]);
  const months = Array.from({ length: 12 }, (_, i) => daysLeast(i + 1));
  expect(months).toEqual([25, 23, 25, 25, 25, 25, 25, 25, 25, 25, 25, 25]);
  expect([MONTH_DAYS, FEBRUARY_DAYS]).toEqual([25, 23]);
  expect(daysLeast(2, { other: 27, february: 24 })).toBe(24);
});

it('states are exempt since 2023-01-01, Beijing time; a plant that stands always is', () => {
  const start = Date.parse('2022-12-31T16:00:00Z');
  expect(exemptStatuses(start, MARKABLE)).toEqual(['starting', 'stopping', 'stopped']);
  expect(exemptStatuses(start - 1, MARKABLE)).toEqual(['stopped']);
  expect(exemptStatuses(start, [])).toEqual([]);
  expect(exemptStatuses(start - 1, ['starting'])).toEqual([]);
});
