// Files come in other units than the feeds; conversion happens here, at decode, and nowhere later.

/** unit → [dimension, factor to the dimension's base, added after the factor]. */
const UNITS: Readonly<Record<string, readonly [dimension: string, factor: number, plus?: number]>> = {
  'ng/m3': ['mass a volume', 1e-9],
  'ug/m3': ['mass a volume', 1e-6],
  'mg/m3': ['mass a volume', 1e-3],
  'g/m3': ['mass a volume', 1],
  'ug/L': ['mass a volume', 1e-3],
  'mg/L': ['mass a volume', 1],
  'g/L': ['mass a volume', 1e3],
  mm: ['length', 1e-3],
  cm: ['length', 1e-2],
  m: ['length', 1],
  km: ['length', 1e3],
  'm/s': ['speed', 1],
  'km/h': ['speed', 1 / 3.6],
  Pa: ['pressure', 1],
  hPa: ['pressure', 100],
  kPa: ['pressure', 1000],
  C: ['temperature', 1],
  K: ['temperature', 1, -273.15],
  g: ['mass', 1],
  mg: ['mass', 1e-3],
  kg: ['mass', 1e3],
  cm2: ['area', 1e-4],
  m2: ['area', 1],
  'uS/cm': ['conductivity', 1],
  'mS/cm': ['conductivity', 1000],
};

/** One spelling a unit: µ and μ are u, ³ is 3, ℃ and °C are C. */
const plain = (unit: string): string =>
  unit.trim().replace(/[µμ]/g, 'u').replace('³', '3').replace('²', '2').replace('℃', 'C').replace('°C', 'C');

/** What turns a number of one unit into another's; undefined: the table does not know how. */
export const conversion = (from: string, to: string): ((value: number) => number) | undefined => {
  if (plain(from) === plain(to)) return (value) => value;
  const [source, target] = [UNITS[plain(from)], UNITS[plain(to)]];
  if (!source || !target || source[0] !== target[0]) return undefined;
  // Twelve digits take away the noise of binary factors: 1200 µg is 1.2 mg.
  return (value) => Number(((value * source[1] + (source[2] ?? 0) - (target[2] ?? 0)) / target[1]).toPrecision(12));
};

const POINTS = 'N NNE NE ENE E ESE SE SSE S SSW SW WSW W WNW NW NNW'.split(' ');

/** Degrees of one of the sixteen compass points, north 0, clockwise; undefined: not a point. */
export const compassDegrees = (text: string): number | undefined => {
  const index = POINTS.indexOf(text.toUpperCase());
  return index < 0 ? undefined : index * 22.5;
};
