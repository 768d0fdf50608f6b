// GB/T 8170-2008 数值修约规则与极限数值的表示和判定, the rounding rule of its clause 3.

import type { Edition } from './edition.ts';

export const EDITION = {
  document: 'GB/T 8170-2008',
  title: {
    zh: '数值修约规则与极限数值的表示和判定',
    en: 'Rules of rounding off for numerical values and expression and judgement of limiting values',
  },
  from: '2009-01-01',
  to: null,
  doubts: [],
} as const satisfies Edition;

/**
 * Round to a number of decimals, exact ties to even (3.2).
 * A value counts as a tie when its decimal text says so: 9.05 is a tie although its double lies above it,
 * because the sensor sent "9.05". Twelve significant digits decide.
 */
export const roundHalfEven = (value: number, decimals: number): number => {
  if (!Number.isFinite(value)) return value;
  const scale = 10 ** decimals;
  const scaled = Number((value * scale).toPrecision(12));
  const floor = Math.floor(scaled);
  const part = scaled - floor;
  const up = part > 0.5 || (part === 0.5 && floor % 2 !== 0);
  // No -0: a store gives back 0 for it.
  return (up ? floor + 1 : floor) / scale + 0;
};
