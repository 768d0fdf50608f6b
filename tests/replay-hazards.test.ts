import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replayWith } from '../src/cli/replay.ts';
import { hoursOf, PLAN, planLevels, type Words } from './support/plan.ts';
import { type CsvRow, levelsTold, readCsv, readSignals } from './support/prsa.ts';

// Levels of the plan hour by hour, against plain loops over the same file. All twelve stations, as the plan counts townships; weather alone.
// The one year that the file has (2016-03 to 2017-02) is too mild for a cold wave, and for the higher levels of gales and heat: two stretches
// of it are told again, harsher.

const YEAR = '../shared/data/prsa-2016.csv.gz';
const DEFAULTS: Words = { share: 0.1, degrees: 0.5, force: 0.5, holdHours: 1 };

interface Case {
  readonly autoSign: boolean;
  readonly words: Words;
  readonly env: Record<string, string>;
  /** First and last day of the stretch, Beijing time. */
  readonly days: readonly [from: string, to: string];
  /** What °C and m/s are multiplied by. */
  readonly times: { readonly temperature: number; readonly wind: number };
  /** Levels that a hazard goes through, so that the comparison is not of nothing. */
  readonly reached: Readonly<Record<string, readonly string[]>>;
}

const CASES: readonly (readonly [name: string, Case])[] = [
  [
    'the year as it was, people sign at once, a level is held for 24 h',
    {
      autoSign: true,
      words: { ...DEFAULTS, holdHours: 24, developsHours: 12 },
      env: { LANTIAN_RESPONSE_HOLD: 'PT24H' },
      days: ['2016-03-01', '2017-02-28'],
      times: { temperature: 1, wind: 1 },
      reached: {
        rainstorm: ['none', 'IV', 'II', 'I'],
        'severe-convection': ['none', 'IV', 'III'],
        gale: ['none', 'IV', 'III'],
        'high-temperature': ['none', 'IV'],
        frost: ['none', 'IV', 'III', 'II'],
      },
    },
  ],
  [
    'a harsh winter, nobody signs, resets a fifth, 2 °C and a force below, a level is held for 9 h',
    {
      autoSign: false,
      words: { share: 0.2, degrees: 2, force: 1, holdHours: 9 },
      env: {
        LANTIAN_RESPONSE_RESET_SHARE: '0.2',
        LANTIAN_RESPONSE_RESET_DEGREES: '2',
        LANTIAN_RESPONSE_RESET_FORCE: '1',
        LANTIAN_RESPONSE_HOLD: 'PT9H',
      },
      days: ['2016-10-26', '2016-12-05'],
      times: { temperature: 2.5, wind: 2.8 },
      reached: {
        'cold-wave': ['none', 'IV', 'III', 'II', 'I'],
        gale: ['none', 'IV', 'III', 'II'],
        frost: ['none', 'IV', 'III', 'II'],
      },
    },
  ],
  [
    'a harsh summer, people sign at once, resets of rain four tenths below',
    {
      autoSign: true,
      words: { ...DEFAULTS, share: 0.4, developsHours: 12 },
      env: { LANTIAN_RESPONSE_RESET_SHARE: '0.4' },
      days: ['2016-06-18', '2016-07-24'],
      times: { temperature: 1.12, wind: 1.5 },
      // II of heat is rule (11) alone.
      reached: { rainstorm: ['none', 'IV', 'II', 'I'], 'high-temperature': ['none', 'IV', 'III', 'II'] },
    },
  ],
];

const scaled = (text: string, by: number): string =>
  text === '' ? '' : String(Math.round(Number(text) * by * 10) / 10);

/** The days of a stretch, and their rows: hours are labelled by their end. */
const rowsOf = ({ days: [from, to], times }: Case): CsvRow[] =>
  readCsv(YEAR)
    .filter((row) => row['time']! >= `${from}T00:00:00+08:00` && row['time']! <= `${to}T23:59:59+08:00`)
    .map((row) => ({
      ...row,
      temperature: scaled(row['temperature']!, times.temperature),
      wind_speed: scaled(row['wind_speed']!, times.wind),
    }));

const COLUMNS = ['time', 'station', 'rain', 'temperature', 'wind_speed'];

describe.skipIf(!existsSync(YEAR)).each(CASES)('%s', (_, one) => {
  let folder: string;
  let times: number[];
  let rows: CsvRow[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lantian-hazards-'));
    rows = rowsOf(one);
    const file = join(folder, 'in.csv');
    writeFileSync(
      file,
      [COLUMNS, ...rows.map((row) => COLUMNS.map((name) => row[name]))].map((c) => `${c.join()}\n`).join(''),
    );
    const nowhere = { write: () => {} };
    const options = { mapping: ['tests/data/prsa-hazards.yaml'], out: folder, autoSign: one.autoSign };
    expect(await replayWith([file], options, { stdout: nowhere, stderr: nowhere, env: one.env })).toBe(0);
    times = [...new Set(rows.map((row) => Date.parse(row['time']!)))].sort((a, b) => a - b);
  }, 300_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(Object.keys(PLAN))('%s, hour by hour, and as the back-test counts it', (hazard) => {
    const levels = planLevels(hazard, hoursOf(rows, times), times, one.words);
    const told = levelsTold(readSignals(join(folder, 'signals.jsonl')), times, hazard);
    const differ = times.filter((t) => told.get(t) !== levels.get(t));
    expect(differ.map((t) => `${new Date(t).toISOString()} ${told.get(t)} not ${levels.get(t)}`)).toEqual([]);
    if (one.reached[hazard]) expect(new Set(levels.values())).toEqual(new Set(one.reached[hazard]));
    const counted = readCsv(join(folder, 'backtest.csv')).filter(
      ({ kind, subject }) => kind === 'weather-response' && subject === hazard,
    );
    // The last hour of the file ends after it.
    const hours = (level: string): number => times.slice(0, -1).filter((t) => levels.get(t) === level).length;
    const reached = [...new Set(levels.values())].filter((level) => level !== 'none');
    expect(counted.map(({ level, hours: sum }) => `${level} ${sum}`).sort()).toEqual(
      reached.map((level) => `${level} ${hours(level)}`).sort(),
    );
  });
});
