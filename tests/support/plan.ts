// 沁政办发〔2021〕19号 附件6 worked out over a file with plain loops, hour by hour. Nothing of src/ is used here on purpose: the limits are
// read off the plan's text, the resets and the hold off docs/settings.md, how forecasts are read off docs/signals.md.
import { type CsvRow, HOUR_MS, LEVEL_NAMES, PLACES } from './prsa.ts';

/** What is known: at least, at most; the higher the worse. */
type Known = readonly [least: number, most: number];
const UNKNOWN: Known = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

type Answer = 'yes' | 'no' | 'maybe';

const reaches = ([least, most]: Known, limit: number): Answer =>
  least >= limit ? 'yes' : most < limit ? 'no' : 'maybe';

const allOf = (answers: readonly Answer[]): Answer =>
  answers.includes('no') ? 'no' : answers.includes('maybe') ? 'maybe' : 'yes';
const anyOf = (answers: readonly Answer[]): Answer =>
  answers.includes('yes') ? 'yes' : answers.includes('maybe') ? 'maybe' : 'no';

/** Columns by hour, NaN where a cell is empty; hour 0 is the file's first. */
export interface Hours {
  readonly rain: Float64Array;
  readonly temperature: Float64Array;
  readonly wind_speed: Float64Array;
}

type Column = keyof Hours;

/** Place → its hours. */
export const hoursOf = (rows: readonly CsvRow[], times: readonly number[]): Map<string, Hours> => {
  const empty = () => new Float64Array(times.length).fill(Number.NaN);
  const places = new Map(
    Object.values(PLACES).map((place) => [place, { rain: empty(), temperature: empty(), wind_speed: empty() }]),
  );
  for (const row of rows) {
    const [hours, i] = [places.get(PLACES[row['station']!]!)!, (Date.parse(row['time']!) - times[0]!) / HOUR_MS];
    for (const column of ['rain', 'temperature', 'wind_speed'] as const)
      if (row[column] !== '') hours[column][i] = Number(row[column]);
  }
  return places;
};

/** Sum, highest and lowest of the hours after `i` up to `i + count`; `whole`: none is missing or beyond the file. */
const stretch = (values: Float64Array, i: number, count: number) => {
  let [sum, highest, lowest, whole] = [0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, true];
  for (let k = i + 1; k <= i + count; k++) {
    const value = values[k];
    if (value === undefined || Number.isNaN(value)) {
      whole = false;
      continue;
    }
    sum += value;
    highest = Math.max(highest, value);
    lowest = Math.min(lowest, value);
  }
  return { sum: Math.round(sum * 1e6) / 1e6, highest, lowest, whole };
};

/** GB/T 28591: m/s from which the forces 0 to 12 begin. */
const FORCES = [0, 0.3, 1.6, 3.4, 5.5, 8, 10.8, 13.9, 17.2, 20.8, 24.5, 28.5, 32.7];
const forceOf = (speed: number): number => FORCES.filter((bound) => speed >= bound).length - 1;

/** Forecasts made of the file's own next hours; undefined where an hour that they need is missing. */
type Made = (hours: Hours, i: number, count: number) => number | undefined;

const madeOf =
  (column: Column, value: (ahead: ReturnType<typeof stretch>) => number): Made =>
  (hours, i, count) => {
    const ahead = stretch(hours[column], i, count);
    return ahead.whole ? value(ahead) : undefined;
  };
const rainSum = madeOf('rain', ({ sum }) => sum);
const rainHour = madeOf('rain', ({ highest }) => highest);
const hottest = madeOf('temperature', ({ highest }) => highest);
const windForce = madeOf('wind_speed', ({ highest }) => forceOf(highest));
/** The file has no ground; the air stands in for it. Turned round: the colder, the worse. */
const groundCold = madeOf('temperature', ({ lowest }) => -lowest);
const nightDrop: Made = (hours, i, count) => {
  const [before, ahead] = [stretch(hours.temperature, i - 24, 24), stretch(hours.temperature, i, count)];
  return before.whole && ahead.whole && i >= 23 ? Math.round((before.lowest - ahead.lowest) * 1e6) / 1e6 : undefined;
};

/** Issues are of every hour, each of 24 h and of 48 h. The newest speaks; one an hour old fits as well. */
const expected24 = (made: Made, hours: Hours, i: number): Known => {
  const value = made(hours, i, 24) ?? (i > 0 ? made(hours, i - 1, 24) : undefined);
  return value === undefined ? UNKNOWN : [value, value];
};

/** Where the 48 h are not known, the 24 h are at least a part of them. */
const expected48 = (made: Made, hours: Hours, i: number): Known => {
  const part = made(hours, i, 24);
  const whole = made(hours, i, 48);
  if (whole !== undefined) return [whole, whole];
  const before = i > 0 ? made(hours, i - 1, 48) : undefined;
  if (before !== undefined) return [Math.max(before, part ?? before), Math.max(before, part ?? before)];
  return part === undefined ? UNKNOWN : [part, Number.POSITIVE_INFINITY];
};

/** A window of 24 h is longer than 12 h: it can rule out, not prove; the newest of the last 12 h that is there. */
const expected12 = (made: Made, hours: Hours, i: number): Known => {
  for (let old = 0; old <= Math.min(12, i); old++) {
    const value = made(hours, i - old, 24);
    if (value !== undefined) return [Number.NEGATIVE_INFINITY, value];
  }
  return UNKNOWN;
};

const fell = (hours: Hours, i: number, count: number): Known => {
  const { sum, whole } = stretch(hours.rain, i - count, count);
  return [sum, whole ? sum : Number.POSITIVE_INFINITY];
};

const was = (hours: Hours, i: number, count: number): Known => {
  const { highest, whole } = stretch(hours.temperature, i - count, count);
  return [highest, whole ? highest : Number.POSITIVE_INFINITY];
};

/** So much easier is a limit where the level is in force: a share of millimetres, degrees of temperatures, Beaufort of forces. */
interface Ease {
  readonly share: number;
  readonly degrees: number;
  readonly force: number;
}
const RAISED: Ease = { share: 0, degrees: 0, force: 0 };

/** What a township is asked at an hour; `foreseen`: only what is expected, for rule (11). */
type Ask = (hours: Hours, i: number, ease: Ease, foreseen: boolean) => Answer;

interface Count {
  readonly townships: number;
  readonly ask: Ask;
}

interface Clause {
  readonly rank: number;
  readonly counts: readonly Count[];
  /** Forecasts are part of it, so that it can go on developing. */
  readonly ahead: boolean;
}

const mm = (limit: number, { share }: Ease): number => limit * (1 - share);

/** 暴雨: mm that fell in 24 h, mm expected in 24 h; 0 asks nothing. */
const rainstorm = (rank: number, townships: number, fallen: number, coming: number): Clause => ({
  rank,
  ahead: coming > 0,
  counts: [
    {
      townships,
      ask: (hours, i, ease) =>
        allOf([
          fallen > 0 ? reaches(fell(hours, i, 24), mm(fallen, ease)) : 'yes',
          coming > 0 ? reaches(expected24(rainSum, hours, i), mm(coming, ease)) : 'yes',
        ]),
    },
  ],
});

/** 强对流: the file tells nothing of hail. Gusts stand in by the mean wind, without thunder: they never count. */
const convection = (rank: number, ahead: (made: Made, hours: Hours, i: number) => Known): Clause => ({
  rank,
  ahead: true,
  counts: [
    {
      townships: 6,
      ask: (hours, i, ease, foreseen) =>
        anyOf([
          'maybe',
          reaches(ahead(rainHour, hours, i), mm(20, ease)),
          foreseen ? 'no' : reaches(fell(hours, i, 1), mm(20, ease)),
        ]),
    },
  ],
});

const coldWave = (rank: number, drop: number, force: number): Clause => ({
  rank,
  ahead: true,
  counts: [
    {
      townships: 6,
      ask: (hours, i, ease) =>
        allOf([
          reaches(expected48(nightDrop, hours, i), drop - ease.degrees),
          reaches(expected48(windForce, hours, i), force - ease.force),
        ]),
    },
  ],
});

/** 大风: gusts stand in by the mean wind. */
const gale = (rank: number, force: number, gust: number): Clause => ({
  rank,
  ahead: true,
  counts: [
    {
      townships: 6,
      ask: (hours, i, ease) => {
        const wind = expected24(windForce, hours, i);
        return anyOf([reaches(wind, force - ease.force), reaches(wind, gust - ease.force)]);
      },
    },
  ],
});

/** 高温, 上述地区仍将持续: all townships that count stay at 37 °C, those of 40 °C too. */
const hot =
  (limit: number): Ask =>
  (hours, i, { degrees }) =>
    allOf([reaches(was(hours, i, 48), limit - degrees), reaches(expected48(hottest, hours, i), 37 - degrees)]);

const frost = (rank: number, atMost: number): Clause => ({
  rank,
  ahead: true,
  counts: [
    {
      townships: 6,
      ask: (hours, i, { degrees }) => reaches(expected24(groundCold, hours, i), -(atMost + degrees)),
    },
  ],
});

/** 附件6, what the file can say of it. 较强降雨 has no number there: 25 mm is the setting's default. */
export const PLAN: Readonly<Record<string, readonly Clause[]>> = {
  rainstorm: [
    rainstorm(4, 3, 150, 50),
    rainstorm(3, 6, 0, 100),
    rainstorm(3, 2, 150, 0),
    rainstorm(3, 3, 100, 50),
    rainstorm(2, 3, 0, 100),
    rainstorm(2, 6, 50, 50),
    rainstorm(1, 6, 0, 50),
    rainstorm(1, 4, 50, 25),
  ],
  'severe-convection': [convection(2, expected12), convection(1, expected24)],
  'cold-wave': [coldWave(4, 20, 6), coldWave(3, 16, 6), coldWave(2, 12, 5), coldWave(1, 10, 5)],
  gale: [gale(3, 8, 11), gale(2, 6, 10), gale(1, 5, 9)],
  'high-temperature': [
    {
      rank: 2,
      ahead: true,
      counts: [
        { townships: 6, ask: hot(37) },
        { townships: 2, ask: hot(40) },
      ],
    },
    { rank: 1, ahead: true, counts: [{ townships: 6, ask: hot(37) }] },
  ],
  frost: [frost(3, -5), frost(2, -3), frost(1, 0)],
};

/** Frost harms farming from April to May and from September to October (a setting's default). */
const isSeason = (hazard: string, t: number): boolean => {
  const month = new Date(t + 8 * HOUR_MS).getUTCMonth() + 1;
  return hazard !== 'frost' || [4, 5, 9, 10].includes(month);
};

export interface Words extends Ease {
  readonly holdHours: number;
  /** Rule (11) asks that a response be in force so long; undefined: nobody signs, so none ever is. */
  readonly developsHours?: number;
}

/** Rule (11) over hours: from a level in force long enough one up, and there as long as what made it goes on. */
const createStep = (developsHours: number | undefined) => {
  let stepped = false;
  return {
    up: (least: number, developing: boolean, rank: number, inForce: number): boolean =>
      developsHours !== undefined &&
      least > 0 &&
      least < 4 &&
      developing &&
      ((stepped && rank === least + 1) || (rank === least && inForce >= developsHours)),
    isUp: (): boolean => stepped,
    moved: (isUp: boolean): void => {
      stepped = isUp;
    },
  };
};

/** Highest rank of a clause for which enough townships give one of the answers. */
const highest = (
  clauses: readonly Clause[],
  places: readonly Hours[],
  i: number,
  ease: Ease,
  answers: readonly Answer[],
): number => {
  const holds = ({ counts }: Clause): boolean =>
    counts.every(
      ({ townships, ask }) =>
        places.filter((hours) => answers.includes(ask(hours, i, ease, false))).length >= townships,
    );
  return Math.max(0, ...clauses.filter(holds).map(({ rank }) => rank));
};

const isDeveloping = (clauses: readonly Clause[], places: readonly Hours[], i: number, least: number): boolean =>
  clauses.some(
    ({ rank, ahead, counts }) =>
      rank === least &&
      ahead &&
      counts.every(
        ({ townships, ask }) => places.filter((hours) => ask(hours, i, RAISED, true) === 'yes').length >= townships,
      ),
  );

/** Neither the level below nor that it is foreseen can be ruled out by eased limits: a step up from it is kept. */
const mayDevelop = (clauses: readonly Clause[], places: readonly Hours[], i: number, below: number, ease: Ease) =>
  clauses.some(
    ({ rank, ahead, counts }) =>
      rank === below &&
      ahead &&
      counts.every(
        ({ townships, ask }) => places.filter((hours) => ask(hours, i, ease, true) !== 'no').length >= townships,
      ),
  );

/** Level of a hazard after each hour of the file. */
export const planLevels = (
  hazard: string,
  all: ReadonlyMap<string, Hours>,
  times: readonly number[],
  words: Words,
): Map<number, string> => {
  const [clauses, places] = [PLAN[hazard]!, [...all.values()]];
  const levels = new Map<number, string>();
  const step = createStep(words.developsHours);
  let [rank, since] = [0, 0];
  for (const [i, t] of times.entries()) {
    const season = isSeason(hazard, t);
    const least = season ? highest(clauses, places, i, RAISED, ['yes']) : 0;
    const kept = season && rank > 0 ? highest(clauses, places, i, words, ['yes', 'maybe']) : 0;
    const isUp = step.up(least, least > 0 && isDeveloping(clauses, places, i, least), rank, (t - since) / HOUR_MS);
    const isStepKept = season && step.isUp() && mayDevelop(clauses, places, i, rank - 1, words);
    const floor = t - since >= words.holdHours * HOUR_MS && !isStepKept ? Math.min(rank, kept) : rank;
    const next = Math.max(least + (isUp ? 1 : 0), floor);
    if (next !== rank) {
      step.moved(isUp && next === least + 1);
      [rank, since] = [next, t];
    }
    levels.set(t, LEVEL_NAMES[rank]!);
  }
  return levels;
};
