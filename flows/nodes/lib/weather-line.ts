// A line of a weather station that speaks ASCII over a serial port, as WXT-type transmitters do:
//   0R0,Dm=283D,Sm=0.6M,Sx=1.1M,Ta=23.6C,Ua=14.2P,Pa=1025.6H,Rc=0.00M
// an address, R and the kind of message, then NAME=NUMBER UNIT, where the letter # says that the number is invalid. A message without
// check characters is meant. Its units become the feed's here, at decode, and nowhere later.
import { feeds } from '../../../sensors/feeds/index.ts';
import { tidy } from '../../../src/core/round.ts';

export interface WeatherLine {
  /** Address of the transmitter, one character. */
  readonly address: string;
  /** In the units of the feed `weather`; what the transmitter calls invalid is absent. */
  readonly values: Readonly<Record<string, number>>;
  /** Rain since the transmitter's own counter began, mm; absent: not in this line. */
  readonly rainTotal?: number;
}

type Units = Readonly<Record<string, (value: number) => number>>;

const times =
  (factor: number) =>
  (value: number): number =>
    tidy(value * factor);
const same = (value: number): number => value;

// m/s, km/h, statute miles an hour (1609.344 m), knots (1852 m an hour).
const SPEED: Units = { M: same, K: times(1 / 3.6), S: times(1609.344 / 3600), N: times(1852 / 3600) };
const TEMPERATURE: Units = { C: same, F: (value) => tidy((value - 32) / 1.8) };
// hPa; pascals, bars; millimetres of mercury (13.5951 g/cm³, 9.80665 m/s²) and inches of it.
const MERCURY = 13.5951 * 0.0980665;
const PRESSURE: Units = { H: same, P: times(0.01), B: times(1000), M: times(MERCURY), I: times(25.4 * MERCURY) };
// mm, inches.
const RAIN: Units = { M: same, I: times(25.4) };

/** What we take of a line: names of the form, the feed's quantity, units. All other names are read over. */
const PARAMETERS: Readonly<Record<string, { readonly quantity: string; readonly units: Units }>> = {
  Dm: { quantity: 'wind_direction', units: { D: same } },
  Sm: { quantity: 'wind_speed', units: SPEED },
  Sx: { quantity: 'gust', units: SPEED },
  Ta: { quantity: 'temperature', units: TEMPERATURE },
  Ua: { quantity: 'humidity', units: { P: same } },
  Pa: { quantity: 'pressure', units: PRESSURE },
  Rc: { quantity: 'rain', units: RAIN },
};

const LINE = /^([0-9A-Za-z])R[0-9],(.+)$/;
const NAMED = /^([A-Z][a-z])=([!-~]+)$/;
const NUMBER = /^([+-]?\d+(?:\.\d+)?)([A-Za-z#])$/;

/** Thrown for a line that is not of this form; the text says where. */
export class BadLine extends Error {}

const readPart = (text: string): [quantity: string, value: number] | undefined => {
  const [, name, rest] = NAMED.exec(text) ?? [];
  const parameter = name !== undefined && Object.hasOwn(PARAMETERS, name) ? PARAMETERS[name] : undefined;
  if (name !== undefined && parameter === undefined) return undefined;
  const [, number, unit] = NUMBER.exec(rest ?? '') ?? [];
  if (parameter === undefined || unit === undefined)
    throw new BadLine(`不成形的参数 not NAME=NUMBER UNIT: ${JSON.stringify(text)}`);
  if (unit === '#') return undefined;
  const convert = Object.hasOwn(parameter.units, unit) ? parameter.units[unit] : undefined;
  if (convert === undefined)
    throw new BadLine(`${name}: 未知单位 unknown unit ${unit}, not one of ${Object.keys(parameter.units).join(' ')}`);
  return [parameter.quantity, convert(Number(number))];
};

const checked = ([quantity, value]: [string, number]): [string, number] => {
  const { least, most, unit } = feeds.weather.quantities[quantity]!;
  // A counter of rain goes on for years; what fell since the last line is checked as any rain.
  if (quantity !== 'rain' && !(value >= least && value <= most))
    throw new BadLine(`${quantity} ${value} 超出范围 is not within ${least} to ${most} ${unit}`);
  if (quantity === 'rain' && value < 0) throw new BadLine(`rain ${value} 为负 is below 0`);
  return [quantity, value];
};

/**
 * Read one line, its end and blanks around it left out.
 * @throws BadLine
 */
export const readWeatherLine = (text: string): WeatherLine => {
  const [, address, rest] = LINE.exec(text.trim()) ?? [];
  if (address === undefined || rest === undefined)
    throw new BadLine(`不是气象站数据行 not a line such as 0R0,Ta=23.6C: ${JSON.stringify(text.trim().slice(0, 100))}`);
  const parts = rest.split(',').flatMap((part) => {
    const read = readPart(part);
    return read === undefined ? [] : [checked(read)];
  });
  const { rain, ...values } = Object.fromEntries(parts) as Record<string, number>;
  return { address, values, ...(rain === undefined ? {} : { rainTotal: rain }) };
};
