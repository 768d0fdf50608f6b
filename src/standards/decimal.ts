// Exact decimals. An index is rounded up, so the noise of binary fractions (0.1 + 0.2) would lift it by one: concentrations are
// taken as the decimals that were written, and nothing is lost before the last step.

/** coefficient / 10^scale. */
export interface Decimal {
  readonly coefficient: bigint;
  readonly scale: number;
}

const FORM = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i;
/** No concentration has more characters; what has costs time and means nothing. */
const LONGEST = 100;

/** Sums of doubles carry noise in the last digits: twelve significant ones count, as in rounding by GB/T 8170. */
const textOf = (value: number): string => String(Number(value.toPrecision(12)));

/**
 * The decimal that a text says, or that a number means to twelve significant digits.
 * @throws RangeError where it is no number
 */
export const decimalOf = (value: number | string): Decimal => {
  const text = typeof value === 'number' ? textOf(value) : value.trim();
  const [, sign, whole = '', part = '', exponent = '0'] = (text.length <= LONGEST && FORM.exec(text)) || [];
  if (sign === undefined || whole + part === '') throw new RangeError(`不是数 not a number: ${text.slice(0, LONGEST)}`);
  const coefficient = BigInt(`${sign}${whole}${part}`.replace('+', ''));
  const scale = part.length - Number(exponent);
  return scale < 0 ? { coefficient: coefficient * 10n ** BigInt(-scale), scale: 0 } : { coefficient, scale };
};

/** Round what is not below zero to a number of decimals, exact ties to even (GB/T 8170-2008, 3.2). */
export const roundDecimal = ({ coefficient, scale }: Decimal, decimals: number): Decimal => {
  if (scale <= decimals) return { coefficient, scale };
  const unit = 10n ** BigInt(scale - decimals);
  const [floor, twice] = [coefficient / unit, 2n * (coefficient % unit)];
  const up = twice > unit || (twice === unit && floor % 2n === 1n);
  return { coefficient: up ? floor + 1n : floor, scale: decimals };
};

/** The smallest integer that is not below numerator / denominator; neither is below zero. */
export const ceilOf = (numerator: bigint, denominator: bigint): number =>
  Number((numerator + denominator - 1n) / denominator);
