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

/** A decimal small enough for whole numbers of doubles: coefficient / unit, the unit a power of ten. */
export interface Small {
  readonly coefficient: number;
  readonly unit: number;
}

/** With tables of some thousands and steps of some hundreds nothing leaves the whole numbers that a double holds exactly. */
const SMALL = 999_999_999;
/** Powers of ten: none, one, two or three decimals. */
const UNITS = [1, 10, 100, 1000] as const;

/**
 * The same decimal as `decimalOf`, many times faster, where it has few digits and is not below zero: the usual reading. A double is
 * that decimal when dividing gives it back, as division is rounded to the nearest.
 */
export const smallOf = (value: number): Small | undefined => {
  for (const unit of UNITS) {
    const coefficient = Math.round(value * unit);
    if (coefficient / unit === value)
      return coefficient >= 0 && coefficient <= SMALL ? { coefficient, unit } : undefined;
  }
  return undefined;
};

/** `roundDecimal` of a small decimal. */
export const roundSmall = (given: Small, decimals: number): Small => {
  const { coefficient, unit } = given;
  const kept = UNITS[decimals]!;
  if (unit <= kept) return given;
  const step = unit / kept;
  const rest = coefficient % step;
  const floor = (coefficient - rest) / step;
  const up = 2 * rest > step || (2 * rest === step && floor % 2 === 1);
  return { coefficient: up ? floor + 1 : floor, unit: kept };
};

/** Up to here, the twelve digits that count tell apart what is `NEAR` a tie, and noise is far less. */
const PLAIN = 999_999;
const NEAR = 1e-5;

/**
 * `roundDecimal` of the decimal that a number means, in units of the last decimal kept: at once, where the number is not so near a tie
 * that its last digits decide. undefined: it is, or is large, or below zero.
 */
export const roundPlain = (value: number, decimals: 0 | 1): number | undefined => {
  const scaled = value * UNITS[decimals];
  const floor = Math.floor(scaled);
  const rest = scaled - floor;
  if (!(scaled >= 0 && scaled <= PLAIN) || Math.abs(rest - 0.5) < NEAR) return undefined;
  return rest < 0.5 ? floor : floor + 1;
};

/**
 * `ceilOf` of whole numbers that doubles hold exactly. What is no whole number is further from one than 1 / denominator, which is more
 * than the division loses.
 */
export const ceilSmall = (numerator: number, denominator: number): number => Math.ceil(numerator / denominator);

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
