import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { replayWith } from '../src/cli/replay.ts';
import { PLACES, readCsv, readFigures } from './support/prsa.ts';
import { type AqiDay, aqiDays } from './support/prsa-aqi.ts';

// The daily AQI of twelve stations for a year, and the days that the minimum of data leaves invalid, against plain loops over the
// same file. Without the year's file, which is not part of this repository, its July is compared, which is.

const YEAR = '../shared/data/prsa-2016.csv.gz';
const FILE = existsSync(YEAR) ? YEAR : 'tests/data/prsa-2016-07.csv.gz';
if (FILE !== YEAR) process.stdout.write(`${YEAR} is missing: only July 2016 is compared\n`);

const FIELDS = ['aqi', 'primary', 'standard'].map((field) => `aqi_day.${field}`);
const DAY_FIELDS = ['pm25', 'pm10', 'so2', 'no2', 'co', 'o3'].map((item) => `air_day.${item}`);

it('every daily AQI, its primary pollutants, and every invalid day', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lantian-aqi-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const nowhere = { write: () => {} };
  const options = { mapping: ['sensors/mappings/prsa.yaml'], out: folder };
  expect(await replayWith([FILE], options, { stdout: nowhere, stderr: nowhere, env: {} })).toBe(0);
  const figures = readFigures(join(folder, 'figures.csv'), [...FIELDS, ...DAY_FIELDS]);
  const rows = readCsv(FILE);
  const days = aqiDays(rows, Math.max(...rows.map((row) => Date.parse(row['time']!))));
  const placeOf = ({ station }: AqiDay) => `${PLACES[station]}-air`;

  for (const day of days) {
    const told = (field: string) => figures.get(`aqi_day ${placeOf(day)} ${field} ${day.day}`)?.value;
    const where = `${day.station} ${new Date(day.day).toISOString()}`;
    expect(told('aqi'), where).toBe(day.aqi === undefined ? undefined : String(day.aqi));
    if (day.aqi === undefined) continue;
    const primary = (told('primary') ?? '').toLowerCase().replaceAll('.', '').split(';').filter(Boolean);
    expect(primary.sort(), where).toEqual([...day.primary].sort());
    expect(told('standard'), where).toBe('HJ 633-2012');
  }
  const invalidTold = [...figures].filter(([key, { valid }]) => key.startsWith('air_day') && valid === 'false');
  const invalid = days.flatMap((day) => day.invalid.map((item) => `air_day ${placeOf(day)} ${item} ${day.day}`));
  const last = Math.max(...days.map(({ day }) => day));
  expect(
    invalidTold
      .map(([key]) => key)
      .filter((key) => Number(key.split(' ')[3]) <= last && !key.includes('county'))
      .sort(),
  ).toEqual(invalid.sort());
  process.stdout.write(
    `${days.length} days of ${new Set(days.map(({ station }) => station)).size} stations: ${days.filter(({ aqi }) => aqi !== undefined).length} with an AQI, ` +
      `${days.filter(({ aqi }) => (aqi ?? 999) <= 100).length} of them at most 100; ${invalid.length} item-days invalid\n`,
  );
  expect(days.length).toBeGreaterThan(12 * (FILE === YEAR ? 360 : 29));
  expect(invalid.length).toBeGreaterThan(FILE === YEAR ? 500 : 10);
}, 240_000);
