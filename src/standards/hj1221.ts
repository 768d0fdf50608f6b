// HJ 1221-2021 环境空气 降尘的测定 重量法. Formula confirmed by two unrelated implementations and by its dimensions.

import { DAY } from './units.ts';

/** One weighing of a dustfall jar. */
export interface Weighing {
  /** Dust and crucible, constant mass, g (W1). */
  readonly gross: number;
  /** Empty crucible, g (Wa). */
  readonly tare: number;
  /** Residue of the same amount of glycol solution, g (Wc). */
  readonly blank: number;
  /** Mouth of the jar, cm² (S). */
  readonly area: number;
  /** Exposure, ms of event time. */
  readonly start: number;
  readonly end: number;
}

/** Exposure in days to 0.1 d, as the method counts it (n). */
export const exposureDays = (start: number, end: number): number => Math.round(((end - start) / DAY) * 10) / 10;

/**
 * Dustfall M = (W1 − Wa − Wc) / (S · n) · 30 · 10⁴, in t/(km²·30d), not rounded.
 * @throws RangeError where area or exposure is not above zero
 */
export const dustfallOf = (weighing: Weighing): number => {
  const days = exposureDays(weighing.start, weighing.end);
  if (!(weighing.area > 0) || !(days > 0)) throw new RangeError('a weighing needs an area and an exposure above zero');
  return ((weighing.gross - weighing.tare - weighing.blank) / (weighing.area * days)) * 30 * 1e4;
};
