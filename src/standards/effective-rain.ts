// Effective antecedent rain: what fell before counts the less the longer ago. R_eff = R_0 + Σ K^i R_i, i days back.

/** Share of a day's rain that is left a day later: what two public systems use. Literature has 0.84, provinces 0.8. */
export const K = 0.85;

/** Days before today that count: one public system has 15, two have 7. */
export const DAYS = 15;

/**
 * @param today mm so far; 0 where the day under way is left out
 * @param before mm of the days before, the last first
 * @returns mm
 */
export const effectiveRainOf = (today: number, before: readonly number[], k: number): number =>
  before.reduce((sum, rain, i) => sum + k ** (i + 1) * rain, today);
