// A second computation of the index, on another road than src/standards: whole numbers, and the inverse of the formula.

const STEPS = [0, 50, 100, 150, 200, 300, 400, 500];

/** A decimal of any length as a fraction. */
export const fractionOf = (text: string): { readonly n: bigint; readonly d: bigint } => {
  const [whole = '', part = ''] = text.split('.');
  return { n: BigInt(whole + part), d: 10n ** BigInt(part.length) };
};

/** n / d to the nearest multiple of 1 / unit; of two as near the even one. */
export const nearestEven = (n: bigint, d: bigint, unit: bigint): bigint => {
  const floor = (n * unit) / d;
  const [below, above] = [n * unit - floor * d, (floor + 1n) * d - n * unit];
  if (below === above) return floor % 2n === 0n ? floor : floor + 1n;
  return below < above ? floor : floor + 1n;
};

/** The lowest whole index whose concentration is not below n / d. Above the column: undefined. */
export const lowestIndex = (n: bigint, d: bigint, breaks: readonly number[]): number | undefined => {
  for (let index = 0; index <= STEPS[breaks.length - 1]!; index++) {
    const high = Math.max(
      1,
      STEPS.findIndex((step) => step >= index),
    );
    const [low, rise] = [breaks[high - 1]!, STEPS[high]! - STEPS[high - 1]!];
    // rise · concentration of the index
    const value = BigInt(low * rise + (breaks[high]! - low) * (index - STEPS[high - 1]!));
    if (value * d >= n * BigInt(rise)) return index;
  }
  return undefined;
};
