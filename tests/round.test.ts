import fc from 'fast-check';
import { expect, it } from 'vitest';
import { roundHalfEven, tidy } from '../src/core/round.ts';

it.each([
  [9.05, 1, 9],
  [9.15, 1, 9.2],
  [9.25, 1, 9.2],
  [9.06, 1, 9.1],
  [9.04, 1, 9],
  [9.050000001, 1, 9.1],
  [0.5, 0, 0],
  [1.5, 0, 2],
  [2.5, 0, 2],
  [1.005, 2, 1],
  [1.015, 2, 1.02],
  [-0.05, 1, 0],
  [-0.15, 1, -0.2],
  [-2.5, 0, -2],
  [123456.25, 1, 123456.2],
  [(8.95 + 9.15) / 2, 1, 9],
])('%d to %d decimals is %d', (value, decimals, expected) => expect(roundHalfEven(value, decimals)).toBe(expected));

it('gives back what is not finite', () => {
  expect(roundHalfEven(Number.NaN, 1)).toBeNaN();
  expect(roundHalfEven(Number.POSITIVE_INFINITY, 1)).toBe(Number.POSITIVE_INFINITY);
});

it('decides by decimal text, as one would on paper', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1_000_000, max: 1_000_000 }), (hundredths) => {
      const tenths = Math.floor(hundredths / 10);
      const rest = hundredths - tenths * 10;
      const up = rest > 5 || (rest === 5 && tenths % 2 !== 0);
      const expected = (up ? tenths + 1 : tenths) / 10;
      expect(roundHalfEven(hundredths / 100, 1)).toBe(expected === 0 ? 0 : expected);
    }),
  );
});

it('takes the noise of sums away and knows no -0', () => {
  expect(tidy(0.1 + 0.2)).toBe(0.3);
  expect(tidy(-1e-12)).toBe(0);
  expect(tidy(-0)).toBe(0);
  expect(tidy(1 / 3)).toBe(0.333333333);
});
