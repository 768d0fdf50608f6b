import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replayWith } from '../../src/cli/replay.ts';
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
} from '../support/prsa.ts';

const FILE = '../shared/data/prsa-2016.csv.gz';

describe.skipIf(!existsSync(FILE))('a year of twelve stations, against plain loops over the same file', () => {
  let folder: string;
  let rows: CsvRow[];
  let figures: Map<string, FigureLine>;
  let seconds: number;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lantian-year-'));
    const nowhere = { write: () => {} };
    const began = performance.now();
    const options = { mapping: ['sensors/mappings/prsa.yaml'], out: folder, autoSign: true };
    expect(await replayWith([FILE], options, { stdout: nowhere, stderr: nowhere, env: {} })).toBe(0);
    seconds = (performance.now() - began) / 1000;
    rows = readCsv(FILE);
    figures = readFigures(join(folder, 'figures.csv'), [
      'air_day.pm25',
      'air_day.no2',
      'air_day.co',
      'rain_rolling.h24',
    ]);
  }, 300_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('takes under 20 s', () => expect(seconds).toBeLessThan(20));

  it.each([
    ['pm25', 1],
    ['no2', 1],
    ['co', 1000],
  ])('every daily mean of %s', (quantity, divisor) => {
    const last = Math.max(...rows.map((row) => Date.parse(row['time']!)));
    // The last day of the file is not over when it ends.
    const means = dayMeans(rows, quantity).filter(({ day }) => day + 24 * HOUR_MS <= last);
    let invalid = 0;
    for (const { station, day, mean, hours } of means) {
      const figure = figures.get(`air_day ${PLACES[station]}-air ${quantity} ${day}`);
      const off = Math.abs(Number(figure?.value) - mean / divisor);
      if (!(off < 1e-6) || figure?.valid !== String(hours >= 20))
        expect.fail(
          `${station} ${new Date(day).toISOString()}: ${JSON.stringify(figure)} for ${mean / divisor} of ${hours} h`,
        );
      if (hours < 20) invalid += 1;
    }
    expect(means.length).toBeGreaterThan(12 * 350);
    expect(invalid).toBeGreaterThan(0);
  });

  it('every 24 h rain sum, and none where an hour is missing', () => {
    const times = [...new Set(rows.map((row) => Date.parse(row['time']!)))];
    let [whole, gaps] = [0, 0];
    for (const [place, hours] of rainOf(rows, 'station', PLACES))
      for (const t of times) {
        const sum = last24(hours, t);
        const figure = figures.get(`rain_rolling ${place}-weather h24 ${t}`);
        const right = sum.whole ? Math.abs(Number(figure?.value) - sum.least) < 1e-6 : figure === undefined;
        if (!right) expect.fail(`${place} ${new Date(t).toISOString()}: ${figure?.value} for ${JSON.stringify(sum)}`);
        if (sum.whole) whole += 1;
        else gaps += 1;
      }
    expect(whole).toBeGreaterThan(100_000);
    expect(gaps).toBeGreaterThan(0);
  });

  it('the rainstorm levels of July, hour by hour', () => {
    const rain = rainOf(rows, 'station', PLACES);
    const times = [...new Set(rows.map((row) => Date.parse(row['time']!)))].sort((a, b) => a - b);
    const levels = rainstormLevels(rain, (place, t) => next24(rain.get(place)!, t), times);
    const july = times.filter((t) => new Date(t + 8 * HOUR_MS).toISOString().startsWith('2016-07'));
    const told = levelsTold(readSignals(join(folder, 'signals.jsonl')), july);
    expect([...told]).toEqual(july.map((t) => [t, levels.get(t)]));
    expect(new Set(told.values())).toEqual(new Set(['none', 'IV', 'II', 'I']));
  });
});
