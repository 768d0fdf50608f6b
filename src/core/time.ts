// Beijing time is UTC+8 all the year round (no daylight saving since 1992), so days and months are plain arithmetic:
// no named time zone is used anywhere, which databases are known to get wrong.

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const BEIJING = 8 * HOUR;

export const floorTo = (time: number, step: number): number => Math.floor(time / step) * step;

/** Start of the Beijing day that holds the instant; `begins` shifts the day's start (20 h: the day begins at 20:00 the evening before). */
export const dayStart = (time: number, begins = 0): number => {
  const shift = BEIJING - (begins > 12 * HOUR ? begins - DAY : begins);
  return floorTo(time + shift, DAY) - shift;
};

/** Start of the Beijing month that holds the instant, moved by whole months. */
export const monthStart = (time: number, move = 0): number => {
  const local = new Date(time + BEIJING);
  return Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + move, 1) - BEIJING;
};

/** YYYY-MM in Beijing time. */
export const monthName = (time: number): string => new Date(time + BEIJING).toISOString().slice(0, 7);

/** YYYY-MM-DD in Beijing time. */
export const beijingDate = (time: number): string => new Date(time + BEIJING).toISOString().slice(0, 10);

/** Hour of the Beijing day, 0-23. */
export const beijingHour = (time: number): number => Math.floor((time + BEIJING) / HOUR) % 24;

/** ISO 8601 UTC, without milliseconds where there are none. */
export const isoUtc = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z');

/** ISO 8601 with Beijing's offset, for people. */
export const isoBeijing = (time: number): string =>
  `${new Date(time + BEIJING).toISOString().replace('.000Z', 'Z').slice(0, -1)}+08:00`;

const TIME =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?$/i;

/** Milliseconds ahead of UTC; undefined: not an offset (no clock is more than 14 h from UTC). */
const offsetOf = (text: string | undefined): number | undefined => {
  if (text === undefined) return BEIJING;
  if (text === 'Z' || text === 'z') return 0;
  const [hours, minutes] = [Number(text.slice(1, 3)), Number(text.slice(3).replace(':', '') || 0)];
  if (hours > 14 || minutes > 59) return undefined;
  return (text.startsWith('-') ? -1 : 1) * (hours * HOUR + minutes * MINUTE);
};

/** A date and a time of day as numbers; NaN is none. */
interface Moment {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly milli: number;
}

const isDay = ({ year, month, day }: Moment): boolean => {
  const date = new Date(Date.UTC(year, month - 1, day));
  // 31 April is no day, and Date.UTC takes the years 0 to 99 for 1900 to 1999.
  return date.getUTCDate() === day && date.getUTCMonth() === month - 1 && date.getUTCFullYear() === year;
};

const instantOf = (moment: Moment, offset: number | undefined): number | undefined => {
  const { year, month, day, hour, minute, second, milli } = moment;
  // 24:00 is the end of a day in ISO 8601; 60 s is a leap second, read as the next minute's start.
  if (!(hour <= 24 && minute <= 59 && second <= 60)) return undefined;
  if (hour === 24 && (minute > 0 || second > 0)) return undefined;
  if (!isDay(moment) || offset === undefined) return undefined;
  return Date.UTC(year, month - 1, day, hour, minute, second, milli) - offset;
};

/** The number that the digits of a text from `from` to before `to` say; NaN where one is no digit. */
const digitsOf = (text: string, from: number, to: number): number => {
  let number = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
};

/** What a text of the form that nearly all stations send says, 2026-07-20T08:00:00+08:00; undefined: it has another form, or is no time. */
const parseUsual = (text: string): number | undefined => {
  const marks = text[4] === '-' && text[7] === '-' && text[10] === 'T' && text[13] === ':' && text[16] === ':';
  if (text.length !== 25 || !marks || !text.endsWith('+08:00')) return undefined;
  const moment = {
    year: digitsOf(text, 0, 4),
    month: digitsOf(text, 5, 7),
    day: digitsOf(text, 8, 10),
    hour: digitsOf(text, 11, 13),
    minute: digitsOf(text, 14, 16),
    second: digitsOf(text, 17, 19),
    milli: 0,
  };
  return instantOf(moment, BEIJING);
};

const parseAny = (text: string): number | undefined => {
  const m = TIME.exec(text.trim());
  if (!m) return undefined;
  const [year, month, day, hour, minute] = m.slice(1, 6).map(Number) as [number, number, number, number, number];
  const second = Number(m[6] ?? 0);
  const milli = Number((m[7] ?? '0').padEnd(3, '0').slice(0, 3));
  return instantOf({ year, month, day, hour, minute, second, milli }, offsetOf(m[8]));
};

/** Epoch ms of an ISO 8601 text; one without offset is Beijing time. undefined: not a time. */
export const parseTime = (text: string): number | undefined => parseUsual(text) ?? parseAny(text);

const DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** Milliseconds of an ISO 8601 duration of days, hours, minutes and seconds; undefined for others (months have no fixed length). */
export const parseDuration = (text: string): number | undefined => {
  const m = DURATION.exec(text);
  if (!m || text === 'P' || text.endsWith('T')) return undefined;
  const [days, hours, minutes, seconds] = m.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
  ];
  return days * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND;
};

/** ISO 8601 duration of a number of milliseconds: PT5M, PT1H, P1DT2H. */
export const formatDuration = (milliseconds: number): string => {
  const days = Math.floor(milliseconds / DAY);
  const hours = Math.floor((milliseconds % DAY) / HOUR);
  const minutes = Math.floor((milliseconds % HOUR) / MINUTE);
  const seconds = (milliseconds % MINUTE) / SECOND;
  const time = `${hours ? `${hours}H` : ''}${minutes ? `${minutes}M` : ''}${seconds ? `${seconds}S` : ''}`;
  if (days === 0 && time === '') return 'PT0S';
  return `P${days ? `${days}D` : ''}${time ? `T${time}` : ''}`;
};
