// GB/T 8170-2008: what rounding keeps, and a second computation in whole numbers.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { roundHalfEven } from '../src/standards/gbt8170.ts';
import { roundKeeping } from '../src/standards/water-rounding-2018.ts';
import { fractionOf, nearestEven } from './support/exact.ts';

/** A decimal as it is written, of up to eleven digits: what sensors and laboratories send. */
const written = fc
  .tuple(fc.nat(999_999), fc.integer({ min: 0, max: 5 }), fc.nat(99_999))
  .map(([whole, places, part]) =>
    places === 0 ? `${whole}` : `${whole}.${String(part).padStart(5, '0').slice(-places)}`,
  );
const decimals = fc.integer({ min: 0, max: 4 });

test('equals rounding of the text in whole numbers, below zero too', () => {
  fc.assert(
    fc.property(written, decimals, (text, places) => {
      const { n, d } = fractionOf(text);
      const unit = 10n ** BigInt(places);
      const expected = Number(nearestEven(n, d, unit)) / Number(unit);
      expect(roundHalfEven(Number(text), places)).toBe(expected);
      expect(roundHalfEven(-Number(text), places)).toBe(expected === 0 ? 0 : -expected);
    }),
    { numRuns: 2000 },
  );
});

test('rounds once and for all, moves by half a unit at most, and keeps the order', () => {
  fc.assert(
    fc.property(written, written, decimals, (a, b, places) => {
      const [low, high] = [Math.min(Number(a), Number(b)), Math.max(Number(a), Number(b))];
      const rounded = roundHalfEven(low, places);
      expect(roundHalfEven(rounded, places)).toBe(rounded);
      expect(Math.abs(rounded - low)).toBeLessThanOrEqual(0.5 / 10 ** places + 1e-9);
      expect(rounded).toBeLessThanOrEqual(roundHalfEven(high, places));
    }),
  );
});

test('ties are even, up as often as down', () => {
  fc.assert(
    fc.property(fc.integer({ min: -9999, max: 9999 }), (floor) => {
      const rounded = roundHalfEven((2 * floor + 1) / 20, 1);
      expect(Math.abs(Math.round(rounded * 10) % 2)).toBe(0);
      expect(Math.abs(rounded - floor / 10)).toBeLessThanOrEqual(0.1 + 1e-9);
    }),
  );
});

test('2.5 and 3.5 once (3.2); never twice (3.3): 15.4546 is 15, though 15.455 is 15.46, 15.5 and 16', () => {
  expect([2.5, 3.5, -2.5].map((value) => roundHalfEven(value, 0))).toEqual([2, 4, -2]);
  // A store gives back 0 for -0.
  expect(roundHalfEven(-0, 1)).toBe(0);
  expect(roundHalfEven(15.4546, 0)).toBe(15);
  expect([3, 2, 1, 0].reduce((value, places) => roundHalfEven(value, places), 15.4546)).toBe(16);
});

test('a value that would become 0 keeps its first digit', () => {
  expect([0.004, 0.0449, -0.004, 0, 0.05].map((value) => roundKeeping(value, 1))).toEqual([
    0.004, 0.04, -0.004, 0, 0.05,
  ]);
  expect([0.06, 0.25, 0.35].map((value) => roundKeeping(value, 1))).toEqual([0.1, 0.2, 0.4]);
});
