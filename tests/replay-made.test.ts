import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replayWith } from '../src/cli/replay.ts';
import {
  type FigureLine,
  levelsTold,
  PLACES,
  rainOf,
  rainstormLevels,
  readCsv,
  readFigures,
  readSignals,
} from './support/prsa.ts';

const GAUGES = 'tests/data/made-gauges.csv';
const FORECASTS = 'tests/data/made-gauges-forecast.csv';
const MAPPINGS = ['tests/data/made-gauges.yaml', 'tests/data/made-gauges-forecast.yaml'];

interface Expected {
  readonly time: number;
  readonly what: string;
  readonly value: string;
  readonly why: string;
}

/** The table's last column is quoted and holds commas. */
const expectedTable = (): Expected[] =>
  readFileSync('tests/data/made-gauges-expected.csv', 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [time, what, value, ...why] = line.split(',');
      return { time: Date.parse(time!), what: what!, value: value!, why: why.join(',') };
    });

const TABLE = expectedTable();
const gaugePlaces = Object.fromEntries(
  Object.values(PLACES).map((place, i) => [`G${String(i + 1).padStart(2, '0')}`, place]),
);

describe.each([
  ['people sign at once', true],
  ['nobody signs', false],
])('made gauges, %s', (_, autoSign) => {
  let folder: string;
  let figures: Map<string, FigureLine>;
  let told: Map<number, string>;
  const rows = readCsv(GAUGES);
  const times = [...new Set(rows.map((row) => Date.parse(row['time']!)))].sort((a, b) => a - b);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lantian-replay-'));
    const nowhere = { write: () => {} };
    const streams = { stdout: nowhere, stderr: nowhere, env: {} };
    expect(await replayWith([GAUGES, FORECASTS], { mapping: MAPPINGS, out: folder, autoSign }, streams)).toBe(0);
    figures = readFigures(join(folder, 'figures.csv'), ['rain_rolling.h24', 'rain_rolling.h24_min']);
    told = levelsTold(readSignals(join(folder, 'signals.jsonl')), times);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('the data are what they are said to be: twelve distinct series, hours deleted, one gauge dead after 180 mm', () => {
    const rain = rainOf(rows, 'gauge', gaugePlaces);
    expect(new Set([...rain.values()].map((hours) => JSON.stringify([...hours]))).size).toBe(12);
    const dead = rain.get('dingchang')!;
    expect([dead.size, [...rain.get('guxian')!].length, rain.get('zhangyuan')!.size, rain.get('zone')!.size]).toEqual([
      48, 95, 94, 96,
    ]);
    expect([...dead.values()].slice(-18).reduce((sum, value) => sum + value, 0)).toBe(180);
  });

  it.each(TABLE.map((row) => [new Date(row.time).toISOString(), row.what, row.value, row.why, row] as const))(
    '%s %s is %s: %s',
    (_time, _what, _value, _why, { time, what, value }) => {
      if (what === 'level') return expect(told.get(time)).toBe(value);
      const [station, field] = what.split(' ');
      const figure = figures.get(`rain_rolling ${station} ${field} ${time}`);
      return expect(figure?.value ?? 'absent').toBe(value);
    },
  );

  it('every hour between the table’s, against plain loops', () => {
    const expected = new Map(
      readCsv(FORECASTS).map((row) => [`${row['township']} ${Date.parse(row['issued']!)}`, Number(row['rain'])]),
    );
    const levels = rainstormLevels(
      rainOf(rows, 'gauge', gaugePlaces),
      (place, t) => expected.get(`${place} ${t}`),
      times,
    );
    expect([...told]).toEqual([...levels]);
  });

  it('the table names every level', () => {
    expect(new Set(TABLE.filter(({ what }) => what === 'level').map(({ value }) => value))).toEqual(
      new Set(['none', 'IV', 'III', 'II', 'I']),
    );
  });

  it('the dead gauge raises its own signal', () => {
    const signals = readSignals(join(folder, 'signals.jsonl'));
    expect(
      signals.filter(({ kind, subject }) => kind === 'station-silent' && subject === 'dingchang-weather'),
    ).toHaveLength(1);
  });
});
