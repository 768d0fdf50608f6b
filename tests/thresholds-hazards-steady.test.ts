// Responses are steady: a value that trembles at a line raises once and falls once; what is missing holds a level and never lifts it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../src/core/time.ts';
import type { Reading } from '../src/core/types.ts';
import {
  FOUR,
  forecastsOf,
  hourOf,
  judge,
  levelOf,
  NOW,
  openShell,
  PLACES,
  pathOf,
  readingsOf,
  signalOf,
  times,
  type Weather,
  wind,
} from './support/hazards.ts';
import { reading, type Shell } from './support/middle.ts';

/** A township's reading at an instant, `by` beyond its line (−1 to 1; above 0 is over it). */
type Trembling = (place: string, time: number, by: number) => Reading;

/** A forecast from now on of one quantity: its line, how much it trembles, which side is over it. */
const ahead =
  (hours: number, quantity: string, line: number, little: number, more: object = {}, phenomenon?: string): Trembling =>
  (place, time, by) =>
    reading(
      'forecast',
      place,
      time,
      0,
      { [quantity]: line + by * little, ...more },
      { from: time, to: time + hours * HOUR, phenomena: phenomenon ? [phenomenon] : [], trend: 'developing' },
    );

/** A gauge over 24 h. */
const day =
  (quantity: string, line: number, little: number): Trembling =>
  (place, time, by) =>
    reading('weather', `g-${place}`, time, DAY, { [quantity]: line + by * little });

/** A gauge over an hour; what else it measures is calm. */
const seen =
  (quantity: string, line: number, little: number, more: object = {}, phenomenon?: string): Trembling =>
  (place, time, by) =>
    hourOf(
      place,
      { hour: { [quantity]: line + by * little, ...more }, phenomena: phenomenon ? [phenomenon] : [] },
      time,
    )[0]!;

interface Line {
  readonly hazard: string;
  readonly what: string;
  readonly sends: Trembling;
  readonly every: number;
  readonly townships?: number;
  /** What else the townships have, once. */
  readonly has?: Weather;
}

const FEW = 10 * MINUTE;
const LINES: readonly Line[] = [
  { hazard: 'rainstorm', what: 'rain expected', sends: ahead(24, 'rain', 50, 2), every: FEW },
  {
    hazard: 'rainstorm',
    what: 'rain that fell',
    sends: day('rain', 150, 5),
    every: FEW,
    townships: 2,
    has: { silent: true },
  },
  { hazard: 'snowstorm', what: 'snow expected', sends: ahead(24, 'snow', 5, 0.3), every: FEW, townships: 8 },
  { hazard: 'severe-convection', what: 'hail expected', sends: ahead(24, 'hail', 3, 0.2), every: FEW },
  { hazard: 'severe-convection', what: 'rain of an hour', sends: seen('rain', 20, 1), every: HOUR },
  { hazard: 'severe-convection', what: 'gusts', sends: seen('gust', 17, 1, { lightning: 1 }), every: HOUR },
  {
    hazard: 'cold-wave',
    what: 'fall',
    sends: ahead(48, 'temperature_min_drop', 10, 0.4, { wind_force: 6 }),
    every: FEW,
  },
  {
    hazard: 'cold-wave',
    what: 'wind',
    sends: ahead(48, 'wind_force', 5, 0.4, { temperature_min_drop: 11 }),
    every: FEW,
  },
  { hazard: 'gale', what: 'mean wind', sends: ahead(24, 'wind_force', 5, 0.4, { gust_force: 4 }), every: FEW },
  { hazard: 'gale', what: 'gusts', sends: ahead(24, 'gust_force', 9, 0.4, { wind_force: 3 }), every: FEW },
  { hazard: 'sandstorm', what: 'expected', sends: ahead(24, 'visibility', 1000, -60, {}, 'sandstorm'), every: FEW },
  { hazard: 'sandstorm', what: 'seen', sends: seen('visibility', 1000, -60, {}, 'sandstorm'), every: HOUR },
  {
    hazard: 'high-temperature',
    what: 'expected',
    sends: ahead(48, 'temperature_max', 37, 0.4),
    every: FEW,
    has: { hour: { temperature: 38 } },
  },
  { hazard: 'frost', what: 'ground', sends: ahead(24, 'ground_temperature_min', 0, -0.4), every: FEW },
  { hazard: 'fog', what: 'expected', sends: ahead(24, 'visibility', 500, -40, {}, 'fog'), every: FEW },
  { hazard: 'fog', what: 'seen', sends: seen('visibility', 500, -40, {}, 'fog'), every: HOUR },
];

/** The index trembles day by day; the trend is there. */
const DRY: Line = {
  hazard: 'drought',
  what: 'index',
  sends: seen('drought_index', -1.5, -0.08),
  every: HOUR,
  has: { trend: 'developing' },
};

/** A day in which the value trembles at the line. */
const runDay = (
  { sends, every, townships = 6, has = {} }: Line,
  tremble: readonly number[],
  given: object,
  length = DAY,
): Shell => {
  const shell = openShell(given);
  const quiet = (time: number) => shell.take(...readingsOf(times(townships, has), time));
  shell.tick(NOW - 3 * DAY);
  quiet(NOW);
  for (let time = NOW + every, n = 0; time <= NOW + length; time += every, n++) {
    // What the others, and the other quantities, are: told every few hours.
    if (every !== HOUR && (time - NOW) % (6 * HOUR) === 0) quiet(time - MINUTE);
    const by = n === 0 ? 1 : tremble[n % tremble.length]!;
    shell.take(...PLACES.slice(0, townships).map((place) => sends(place, time, by)));
    if (every === HOUR) shell.take(...PLACES.slice(townships).flatMap((place) => hourOf(place, {}, time)));
    shell.tick(time);
  }
  return shell;
};

const isOver = (by: number): boolean => by > 0;
/** Around the line, on both sides. */
const trembling = fc
  .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 24, maxLength: 40 })
  .filter((all) => new Set(all.map(isOver)).size === 2);

const RUNS = { numRuns: 2, seed: 20260720, endOnFailure: true };
const NO_RESET = { response: { reset_share: 0, reset_degrees: 0, reset_index: 0, reset_force: 0, hold: 'PT0S' } };

describe.each([...LINES, DRY].map((line) => [line.hazard, line.what, line] as const))('%s, %s', (hazard, _, line) => {
  it('trembles at the line for a day: one raise, and one fall when it is over', () => {
    fc.assert(
      fc.property(trembling, (tremble) => {
        const shell = runDay(line, tremble, {});
        const [raised, ...then] = pathOf(shell, hazard);
        expect([raised === 'none', then]).toEqual([false, []]);
        shell.take(...readingsOf([], NOW + 4 * DAY));
        shell.tick(NOW + 4 * DAY);
        expect(pathOf(shell, hazard)).toEqual([raised, 'none']);
      }),
      RUNS,
    );
  });

  it('would flap without its reset condition', () => {
    expect(pathOf(runDay(line, [1, -1], NO_RESET, 8 * HOUR), hazard).length).toBeGreaterThan(4);
  });
});

describe.each(FOUR)('%s', (hazard, _, weathers) => {
  it('forecasts that stop hold the level and say so; it does not end until they say that it is over', () => {
    const shell = judge(weathers);
    for (let hours = 1; hours <= 20; hours++) {
      const time = NOW + hours * HOUR;
      // Gauges go on as they were.
      shell.take(...PLACES.flatMap((place, i) => hourOf(place, weathers[i] ?? {}, time)));
      // All that was issued is older than 12 h.
      if (hours > 12) shell.tick(time);
    }
    const held = signalOf(shell, hazard)!;
    expect(held).toMatchObject({ level: 'IV', state: 'proposed' });
    expect(held.lacking.join()).toMatch(/forecast .*: (全部乡镇|t1 t2 t3 t4 t5 t6)/);
    shell.take(...readingsOf([], NOW + 120 * HOUR));
    shell.tick(NOW + 120 * HOUR);
    expect(signalOf(shell, hazard)).toMatchObject({ level: 'IV', state: 'lapsed', lacking: [] });
  });

  it('a level is held as long as a setting says', () => {
    const shell = judge(weathers, { response: { hold: 'PT96H' } });
    const end = NOW + 96 * HOUR;
    shell.take(...readingsOf([], end - MINUTE));
    shell.tick(end - MINUTE);
    expect(levelOf(shell, hazard)).toBe('IV');
    shell.tick(end);
    expect(levelOf(shell, hazard)).toBe('none');
  });
});

it('a level is held for an hour where no setting says otherwise', () => {
  const shell = judge(times(6, wind(5)));
  const levelAt = (minutes: number): string => {
    shell.take(...PLACES.flatMap((place) => forecastsOf(place, {}, NOW + minutes * MINUTE)));
    shell.tick(NOW + minutes * MINUTE);
    return levelOf(shell, 'gale');
  };
  expect([10, 59, 60].map(levelAt)).toEqual(['IV', 'IV', 'none']);
});

describe('gauges that fall silent hold the level and say so', () => {
  const fog: Weather = { hour: { visibility: 400 }, phenomena: ['fog'] };
  it.each([
    ['rainstorm', times(2, { day: { rain: 150 } }), 'II', /observed rain\): t1 t2$/],
    ['severe-convection', times(6, { hour: { rain: 20 } }), 'III', /observed rain\): t1 t2 t3 t4 t5 t6/],
    ['sandstorm', times(6, { ...fog, phenomena: ['sandstorm'] }), 'III', /observed visibility\): t1 t2 t3 t4 t5 t6$/],
    ['fog', times(6, fog), 'IV', /observed visibility\): t1 t2 t3 t4 t5 t6$/],
    ['drought', times(6, { hour: { drought_index: -1.6 }, trend: 'developing' }), 'IV', /drought index\): t1 t2 t3/],
  ] as const)('%s %j', (hazard, weathers, level, lacking) => {
    const shell = judge(weathers);
    expect(levelOf(shell, hazard)).toBe(level);
    // The others report that it is calm, and forecasts say as before.
    for (const days of [2, 3])
      shell.take(
        ...readingsOf(
          weathers.map((one) => ({ ...one, silent: true as const })),
          NOW + days * DAY,
        ),
      );
    shell.tick(NOW + 3 * DAY);
    expect(signalOf(shell, hazard)).toMatchObject({ level, state: 'proposed' });
    expect(signalOf(shell, hazard)!.lacking.join()).toMatch(lacking);
    // They are back, and it is over.
    shell.take(...readingsOf([], NOW + 5 * DAY));
    shell.tick(NOW + 5 * DAY);
    expect(signalOf(shell, hazard)).toMatchObject({ level, state: 'lapsed', lacking: [] });
  });
});
