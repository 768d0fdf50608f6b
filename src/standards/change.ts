// 同比 (against the same month of last year) and 环比 (against the month before), as bulletins give them beside a figure.

import { roundHalfEven } from './gbt8170.ts';

export interface Change {
  /** now − base. */
  readonly difference: number;
  /** Of the base; absent where the base is zero: nothing can be said in percent of it. */
  readonly percent?: number;
}

/**
 * What became of a figure.
 * @param decimals of the percent
 * @returns undefined where either is missing: missing is not zero
 */
export const changeFrom = (base: number | undefined, now: number | undefined, decimals = 1): Change | undefined => {
  if (base === undefined || now === undefined) return undefined;
  const difference = Number((now - base).toPrecision(12));
  return {
    difference,
    ...(base === 0 ? {} : { percent: roundHalfEven((100 * difference) / Math.abs(base), decimals) }),
  };
};
