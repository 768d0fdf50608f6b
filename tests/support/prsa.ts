// What a replay should give, worked out from CSV text with plain loops. Nothing of src/ is used here on purpose.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export const HOUR_MS = 3_600_000;
const BEIJING_MS = 8 * HOUR_MS;

/** Which place of the county each station of the file stands for (sensors/mappings/prsa.yaml says the same). */
export const PLACES: Readonly<Record<string, string>> = {
  Aotizhongxin: 'dingchang',
  Changping: 'guocun',
  Dingling: 'guxian',
  Dongsi: 'xindian',
  Guanyuan: 'zhangyuan',
  Gucheng: 'cecun',
  Huairou: 'qinzhouhuang',
  Nongzhanguan: 'nanli',
  Shunyi: 'songcun',
  Tiantan: 'niusi',
  Wanliu: 'yangan',
  Wanshouxigong: 'zone',
};

export type CsvRow = Readonly<Record<string, string>>;

/** Rows of a CSV without quotes, by the header's names. */
export const readCsv = (file: string): CsvRow[] => {
  const bytes = readFileSync(file);
  const lines = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').trimEnd().split('\n');
  const names = lines[0]!.split(',');
  return lines.slice(1).map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i]!, cell])));
};

/** Start of the Beijing day of an hour that is labelled by its end. */
const dayOf = (end: number): number => {
  const start = end - HOUR_MS + BEIJING_MS;
  return start - (start % 86_400_000) - BEIJING_MS;
};

export interface DayMean {
  readonly station: string;
  readonly day: number;
  readonly mean: number;
  readonly hours: number;
}

/** Mean of a column by station and day, from the hours that are there. */
export const dayMeans = (rows: readonly CsvRow[], column: string): DayMean[] => {
  const sums = new Map<string, { station: string; day: number; sum: number; hours: number }>();
  for (const row of rows) {
    if (row[column] === '') continue;
    const [station, day] = [row['station']!, dayOf(Date.parse(row['time']!))];
    const key = `${station} ${day}`;
    const so = sums.get(key) ?? { station, day, sum: 0, hours: 0 };
    sums.set(key, { ...so, sum: so.sum + Number(row[column]), hours: so.hours + 1 });
  }
  return [...sums.values()].map(({ station, day, sum, hours }) => ({ station, day, mean: sum / hours, hours }));
};

/** Place → end of hour → mm. */
export type Rain = Map<string, Map<number, number>>;

export const rainOf = (rows: readonly CsvRow[], station: string, places: Readonly<Record<string, string>>): Rain => {
  const rain: Rain = new Map(Object.values(places).map((place) => [place, new Map()]));
  for (const row of rows)
    if (row['rain'] !== '') rain.get(places[row[station]!]!)!.set(Date.parse(row['time']!), Number(row['rain']));
  return rain;
};

export interface Sum {
  /** Known to have fallen, mm. */
  readonly least: number;
  /** No hour is missing. */
  readonly whole: boolean;
}

/** The sum over 24 hours from `first`, counted from the end of its first hour. */
const sum24 = (hours: ReadonlyMap<number, number>, first: number): Sum => {
  let [least, whole] = [0, true];
  for (let i = 0; i < 24; i++) {
    const value = hours.get(first + i * HOUR_MS);
    if (value === undefined) whole = false;
    else least += value;
  }
  return { least: Math.round(least * 1e6) / 1e6, whole };
};

/** Rain over (t - 24 h, t]. */
export const last24 = (hours: ReadonlyMap<number, number>, t: number): Sum => sum24(hours, t - 23 * HOUR_MS);

/** Rain over (t, t + 24 h]; undefined where an hour is missing. */
export const next24 = (hours: ReadonlyMap<number, number>, t: number): number | undefined => {
  const { least, whole } = sum24(hours, t + HOUR_MS);
  return whole ? least : undefined;
};

type Answer = 'yes' | 'no' | 'maybe';

const seen = ({ least, whole }: Sum, limit: number): Answer => (least >= limit ? 'yes' : whole ? 'no' : 'maybe');
const ahead = (rain: number | undefined, limit: number): Answer =>
  rain === undefined ? 'maybe' : rain >= limit ? 'yes' : 'no';

/** 沁政办发〔2021〕19号 附件6, 暴雨: [rank, townships, observed mm at least, expected mm at least]; 0 asks nothing. */
const CLAUSES: readonly (readonly [rank: number, townships: number, observed: number, expected: number])[] = [
  [4, 3, 150, 50],
  [3, 6, 0, 100],
  [3, 2, 150, 0],
  [3, 3, 100, 50],
  [2, 3, 0, 100],
  [2, 6, 50, 50],
  [1, 6, 0, 50],
  [1, 4, 50, 25], // 较强降雨 has no number there; 25 mm is the setting's default
];

export const LEVEL_NAMES = ['none', 'IV', 'III', 'II', 'I'] as const;

const both = (observed: Answer, expected: Answer): Answer =>
  observed === 'no' || expected === 'no' ? 'no' : observed === 'yes' && expected === 'yes' ? 'yes' : 'maybe';

/** A level in force is kept while nine tenths of its limits may be reached. */
const KEPT = 0.9;

/** The level after each instant: it moves only to what is certain, and falls only below what is certainly not so by nine tenths. */
export const rainstormLevels = (
  rain: Rain,
  expected: (place: string, t: number) => number | undefined,
  times: readonly number[],
  isSigned = false,
): Map<number, string> => {
  const levels = new Map<number, string>();
  let rank = 0;
  // Rule (11), where people sign at once: a level in force for 12 h that forecasts still make up goes up a step, and stays there.
  let [since, stepped] = [0, false];
  for (const t of times) {
    const places = [...rain].map(([place, hours]) => ({ sum: last24(hours, t), next: expected(place, t) }));
    let [least, most] = [0, 0];
    const possibleAt = (share: number, observed: number | undefined, coming: number | undefined): number =>
      places.filter(
        ({ sum, next }) =>
          both(observed ? seen(sum, observed * share) : 'yes', coming ? ahead(next, coming * share) : 'yes') !== 'no',
      ).length;
    for (const [level, townships, observed, coming] of CLAUSES) {
      const answers = places.map(({ sum, next }) =>
        both(observed ? seen(sum, observed) : 'yes', coming ? ahead(next, coming) : 'yes'),
      );
      const certain = answers.filter((answer) => answer === 'yes').length;
      if (certain >= townships) least = Math.max(least, level);
      if (possibleAt(KEPT, observed, coming) >= townships) most = Math.max(most, level);
    }
    const isDeveloping = CLAUSES.some(([level, townships, observed, coming]) => {
      const holds = places.filter(
        ({ sum, next }) => both(observed ? seen(sum, observed) : 'yes', coming ? ahead(next, coming) : 'no') === 'yes',
      );
      return level === least && holds.length >= townships;
    });
    const waited = rank === least && t - since >= 12 * HOUR_MS;
    const steps = isSigned && least > 0 && least < 4 && isDeveloping && (waited || (stepped && rank === least + 1));
    const next = Math.max(least + (steps ? 1 : 0), Math.min(rank, most));
    if (next !== rank) [since, stepped] = [t, steps && next === least + 1];
    rank = next;
    levels.set(t, LEVEL_NAMES[rank]!);
  }
  return levels;
};

export interface FigureLine {
  readonly value: string;
  readonly valid: string;
}

/** figures.csv by `measurement station field time`, only the fields asked for. */
export const readFigures = (file: string, fields: readonly string[]): Map<string, FigureLine> => {
  const wanted = new Set(fields);
  const figures = new Map<string, FigureLine>();
  const bytes = readFileSync(file);
  for (let at = bytes.indexOf(10) + 1; at < bytes.length; ) {
    const end = bytes.indexOf(10, at);
    const [measurement, time, station, field, value, valid] = bytes.toString('utf8', at, end).split(',');
    at = end + 1;
    if (wanted.has(`${measurement}.${field}`))
      figures.set(`${measurement} ${station} ${field} ${Date.parse(time!)}`, { value: value!, valid: valid! });
  }
  return figures;
};

interface SignalLine {
  readonly kind: string;
  readonly subject: string;
  readonly level: string | null;
  readonly state: string;
  readonly at: string;
}

export const readSignals = (file: string): SignalLine[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as SignalLine);

/** The level of a response in force after each instant, as signals.jsonl tells it. */
export const levelsTold = (
  signals: readonly SignalLine[],
  times: readonly number[],
  hazard = 'rainstorm',
): Map<number, string> => {
  const changes = signals.filter(({ kind, subject }) => kind === 'weather-response' && subject === hazard);
  const told = new Map<number, string>();
  let [next, last] = [0, undefined as SignalLine | undefined];
  for (const t of times) {
    while (next < changes.length && Date.parse(changes[next]!.at) <= t) last = changes[next++];
    told.set(t, !last || ['lifted', 'lapsed', 'lift-proposed'].includes(last.state) ? 'none' : last.level!);
  }
  return told;
};
