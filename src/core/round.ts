/**
 * Round to a number of decimals, exact ties to even (GB/T 8170-2008, 3.2).
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

/** Take the noise of binary sums away (0.1 + 0.2 is 0.3), nine decimals; never -0. */
export const tidy = (value: number): number => Math.round(value * 1e9) / 1e9 + 0;
