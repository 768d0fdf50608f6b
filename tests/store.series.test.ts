import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { lineOf } from '../src/store/line.ts';
import { canonicalTags, fieldType, mistakeOf, SERIES } from '../src/store/series.ts';
import { splitRounds } from '../src/store/unset.ts';

test('docs/stores.md names every measurement, tag and field, and no other', () => {
  const text = readFileSync(new URL('../docs/stores.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| (\w+) \| (county[^|]*) \|([^|]*)\|$/gm)];
  const told = Object.fromEntries(
    rows.map(([, measurement, tags, fields]) => {
      const pairs = fields!.split(',').map((pair) => pair.trim().split(' '));
      return [
        measurement,
        { tags: tags!.split(', '), fields: Object.fromEntries(pairs.filter(([name]) => name !== '')) },
      ];
    }),
  );
  expect(told).toEqual(SERIES);
});

describe('types', () => {
  test.each([
    ['air', 'pm25', 35, 'float'],
    ['air_hour', 'count', 12, 'int'],
    ['a_new_one', 'count', 12, 'int'],
    ['air_hour', 'valid', true, 'bool'],
    ['aqi_hour', 'aqi', 35, 'int'],
    ['aqi_hour', 'level', 1, 'int'],
    ['aqi_day', 'iaqi_o3', 35, 'int'],
    ['signal', 'level', 'red', 'string'],
    ['signal', 'rank', 4, 'int'],
    ['water_class', 'class', 3, 'int'],
    ['emission_compliance', 'converted_nox', 35, 'float'],
    ['station_status', 'last_seen', 1_784_520_000, 'int'],
    ['station_status', 'age', 60, 'float'],
    ['rain_rolling', 'h24_min', 180, 'float'],
    ['air', 'flag', 'N', 'string'],
  ])('%s %s', (measurement, field, value, type) => expect(fieldType(measurement, field, value)).toBe(type));
});

test('equal tags are equal text in any order', () => {
  expect(canonicalTags({ b: '2', a: '1' })).toBe(canonicalTags({ a: '1', b: '2' }));
  expect(canonicalTags({ a: '1' })).not.toBe(canonicalTags({ a: '1', b: '' }));
});

test('a tag may be worth "time", not be called so; the answer is the same when asked again', () => {
  const point = (tags: Record<string, string>) => ({ measurement: 'air', tags, time: 0, fields: { pm25: 1 } });
  for (let i = 0; i < 2; i++) {
    expect(mistakeOf(point({ station: 'time' }))).toBeUndefined();
    expect(mistakeOf(point({ time: 'x' }))).toContain('called time');
    expect(mistakeOf(point({ station: 'a\nb' }))).toContain('line break');
  }
});

test('a line, its types and escapes', () => {
  const fields = { aqi: 50, level: 1, primary: 'a "b" \\', pm25: 1e21, valid: false };
  expect(lineOf({ measurement: 'aqi_hour', tags: { station: 'a, b=c' }, time: -5, fields })).toBe(
    'aqi_hour,station=a\\,\\ b\\=c aqi=50i,level=1i,primary="a \\"b\\" \\\\",pm25=1e+21,valid=false -5',
  );
});

test('points of a row that has fields unset keep their order over the rounds', () => {
  const point = (time: number, pm25: number, gone?: string[]) => ({
    measurement: 'air',
    tags: {},
    time,
    fields: { pm25 },
    ...(gone ? { gone } : {}),
  });
  const points = [point(1, 1), point(2, 2), point(1, 3, ['so2']), point(3, 4, ['so2']), point(1, 5), point(2, 6)];
  const { plain, rounds } = splitRounds(points);
  expect(plain).toEqual([points[1], points[5]]);
  expect(rounds).toEqual([[points[0], points[3]], [points[2]], [points[4]]]);
  expect(splitRounds([points[0]!, points[1]!]).plain).toHaveLength(2);
});
