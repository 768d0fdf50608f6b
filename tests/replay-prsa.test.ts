import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replayWith } from '../src/cli/replay.ts';
import {
  type CsvRow,
  dayMeans,
  type FigureLine,
  HOUR_MS,
  last24,
  levelsTold,
  next24,
  PLACES,
  rainOf,
  rainstormLevels,
  readCsv,
  readFigures,
  readSignals,
} from './support/prsa.ts';

const FILE = 'tests/data/prsa-2016-07.csv.gz';
const JULY = [Date.parse('2016-07-01T00:00:00+08:00'), Date.parse('2016-08-01T00:00:00+08:00')] as const;

let folder: string;
let rows: CsvRow[];
let figures: Map<string, FigureLine>;
const said: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lantian-replay-'));
  const stream = { write: (text: string) => said.push(text) };
  const options = { mapping: ['sensors/mappings/prsa.yaml'], out: folder, autoSign: true };
  expect(await replayWith([FILE], options, { stdout: stream, stderr: stream, env: {} })).toBe(0);
  rows = readCsv(FILE);
  const wanted = ['air_day.pm25', 'air_day.no2', 'air_day.co', 'rain_rolling.h24', 'rain_rolling.h24_min'];
  figures = readFigures(join(folder, 'figures.csv'), wanted);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const inJuly = (time: number): boolean => time >= JULY[0] && time < JULY[1];

describe('July 2016, against plain loops over the same file', () => {
  it.each([
    ['pm25', 1],
    ['no2', 1],
    ['co', 1000], // µg/m³ in the file, mg/m³ here
  ])('daily means of %s', (quantity, divisor) => {
    const means = dayMeans(rows, quantity).filter(({ day }) => inJuly(day));
    expect(means.length).toBeGreaterThan(12 * 29);
    for (const { station, day, mean, hours } of means) {
      const figure = figures.get(`air_day ${PLACES[station]}-air ${quantity} ${day}`);
      expect(Number(figure?.value), `${station} ${new Date(day).toISOString()}`).toBeCloseTo(mean / divisor, 6);
      expect(figure?.valid).toBe(String(hours >= 20));
    }
  });

  it('days below 20 hours are there, marked invalid, and days without an hour are not', () => {
    const means = dayMeans(rows, 'pm25').filter(({ day }) => inJuly(day));
    const day = (text: string) => Date.parse(`${text}T00:00:00+08:00`);
    const dongsi = means.find((mean) => mean.station === 'Dongsi' && mean.day === day('2016-07-12'));
    expect(dongsi?.hours).toBeLessThan(20);
    expect(figures.get(`air_day xindian-air pm25 ${day('2016-07-12')}`)?.valid).toBe('false');
    expect(figures.get(`air_day zhangyuan-air co ${day('2016-07-30')}`)).toBeUndefined();
  });

  it('24 h rain sums at every hour of every gauge', () => {
    let compared = 0;
    for (const [place, hours] of rainOf(rows, 'station', PLACES))
      for (let t: number = JULY[0]; t <= JULY[1]; t += HOUR_MS) {
        const { least, whole } = last24(hours, t);
        expect(whole).toBe(true);
        expect(Number(figures.get(`rain_rolling ${place}-weather h24 ${t}`)?.value)).toBeCloseTo(least, 6);
        compared += 1;
      }
    expect(compared).toBe(12 * (31 * 24 + 1));
  });

  it('before the first day is whole only a lower bound is told', () => {
    const t = Date.parse('2016-06-29T20:00:00+08:00');
    expect(figures.get(`rain_rolling dingchang-weather h24 ${t}`)).toBeUndefined();
    expect(Number(figures.get(`rain_rolling dingchang-weather h24_min ${t}`)?.value)).toBeGreaterThanOrEqual(0);
  });

  it('rainstorm levels hour by hour', () => {
    const rain = rainOf(rows, 'station', PLACES);
    const times = [...new Set(rows.map((row) => Date.parse(row['time']!)))].sort((a, b) => a - b);
    const levels = rainstormLevels(rain, (place, t) => next24(rain.get(place)!, t), times, true);
    const july = times.filter(inJuly);
    const told = levelsTold(readSignals(join(folder, 'signals.jsonl')), july);
    expect([...told]).toEqual(july.map((t) => [t, levels.get(t)]));
    expect(new Set(told.values())).toEqual(new Set(['none', 'IV', 'II', 'I']));
  });

  it('says what it did', () => {
    expect(said.join('')).toMatch(/^rows +10080\nreadings +\d+\nfigures +\d+ \(\d+ lines\)\nsignals +\d+ changes\n/);
    expect(said.join('')).toContain('  weather-response: I 3, II 8, III 16, IV 7');
  });

  it('ends with the back-test', () => {
    expect(said.at(-1)).toMatch(/^回测 back-test 2016-06-29 00:00 – 2016-08-02 23:00，北京时间 Beijing time\n/);
    expect(said.at(-1)).toContain(
      [
        'weather-response/rainstorm 暴雨应急响应 Rainstorm response · 最高 highest I',
        '  I           1           20          20            2016-07-20 00:00  2016-07-20 20:00',
        '  II          2           29          17            2016-07-19 12:00  2016-07-21 13:00',
        '  IV          1           2           2             2016-07-19 10:00  2016-07-19 12:00',
        '',
      ].join('\n'),
    );
  });
});
