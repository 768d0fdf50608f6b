export { roundHalfEven } from '../standards/gbt8170.ts';

/** Take the noise of binary sums away (0.1 + 0.2 is 0.3), nine decimals; never -0. */
export const tidy = (value: number): number => Math.round(value * 1e9) / 1e9 + 0;
