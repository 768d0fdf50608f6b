import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { replayWith } from '../src/cli/replay.ts';
import { PLACES, readCsv, readFigures } from './support/prsa.ts';
import { type AqiDay, aqiDays, percentileOf, singleIndices } from './support/prsa-aqi.ts';

// The daily AQI of twelve stations for a year, and the days that the minimum of data leaves invalid, against plain loops over the
// same file. Without the year's file, which is not part of this repository, its July is compared, which is.

const YEAR = '../shared/data/prsa-2016.csv.gz';
const FILE = existsSync(YEAR) ? YEAR : 'tests/data/prsa-2016-07.csv.gz';
if (FILE !== YEAR) process.stdout.write(`${YEAR} is missing: only July 2016 is compared\n`);

const FIELDS = ['aqi', 'primary', 'standard'].map((field) => `aqi_day.${field}`);
const DAY_FIELDS = ['pm25', 'pm10', 'so2', 'no2', 'co', 'o3'].map((item) => `air_day.${item}`);
const MONTH_FIELDS = ['pm25', 'pm25_p95', 'o3_p90', 'composite', 'good', 'days', 'count'].map(
  (name) => `air_month.${name}`,
);

/** Months that are over, by station and start. */
const monthsOf = (days: readonly AqiDay[]): Map<string, AqiDay[]> => {
  const months = new Map<string, AqiDay[]>();
  for (const day of days) {
    const start = `${new Date(day.day + 8 * 3_600_000).toISOString().slice(0, 7)}-01T00:00:00+08:00`;
    const key = `${PLACES[day.station]} ${Date.parse(start)}`;
    months.set(key, [...(months.get(key) ?? []), day]);
  }
  return months;
};

const compareMonths = (figures: ReturnType<typeof readFigures>, days: readonly AqiDay[]): number => {
  const months = [...monthsOf(days)];
  for (const [key, members] of months) {
    const [place, start] = key.split(' ');
    const row = (field: string) => figures.get(`air_month ${place}-air ${field} ${start}`)?.value;
    const told = (field: string) => Number(row(field));
    const of = (item: string) => members.flatMap(({ values }) => values[item] ?? []);
    const fine = of('pm25');
    if (fine.length === 0) {
      expect(row('pm25'), key).toBeUndefined();
      continue;
    }
    expect(told('pm25'), key).toBeCloseTo(fine.reduce((sum, value) => sum + value, 0) / fine.length, 6);
    expect(told('pm25_p95'), key).toBeCloseTo(percentileOf(fine, 95), 6);
    expect(told('o3_p90'), key).toBeCloseTo(percentileOf(of('o3'), 90), 6);
    const sum = Object.values(singleIndices(members)).reduce((total, index) => total + index, 0);
    expect(Math.abs(told('composite') - sum), key).toBeLessThanOrEqual(0.005 + 1e-9);
    expect(told('days'), key).toBe(members.filter(({ aqi }) => aqi !== undefined).length);
    expect(told('good'), key).toBe(members.filter(({ aqi }) => (aqi ?? 999) <= 100).length);
    expect(told('count'), key).toBe(members.filter(({ values }) => Object.keys(values).length > 0).length);
  }
  return months.length;
};

it('every daily AQI, its primary pollutants, and every invalid day', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lantian-aqi-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const nowhere = { write: () => {} };
  const options = { mapping: ['sensors/mappings/prsa.yaml'], out: folder };
  expect(await replayWith([FILE], options, { stdout: nowhere, stderr: nowhere, env: {} })).toBe(0);
  const figures = readFigures(join(folder, 'figures.csv'), [...FIELDS, ...DAY_FIELDS, ...MONTH_FIELDS]);
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
  const months = compareMonths(figures, days);
  process.stdout.write(
    `${months} months of stations compared; ${days.length} days of ${new Set(days.map(({ station }) => station)).size} stations: ${days.filter(({ aqi }) => aqi !== undefined).length} with an AQI, ` +
      `${days.filter(({ aqi }) => (aqi ?? 999) <= 100).length} of them at most 100; ${invalid.length} item-days invalid\n`,
  );
  expect(days.length).toBeGreaterThan(12 * (FILE === YEAR ? 360 : 29));
  expect(invalid.length).toBeGreaterThan(FILE === YEAR ? 500 : 10);
}, 240_000);
