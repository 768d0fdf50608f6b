import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { feeds } from '../sensors/feeds/index.ts';
import { mappingSchema } from '../src/cli/replay/mapping.ts';
import { createMistakes } from '../src/cli/replay/mistakes.ts';
import { readFile } from '../src/cli/replay/read.ts';
import { compassDegrees, conversion } from '../src/cli/replay/units.ts';
import { loadCatalog } from '../src/config/catalog.ts';
import { parseYamlFile } from '../src/config/yaml.ts';
import { LantianError } from '../src/core/errors.ts';
import { HOUR } from '../src/core/time.ts';

const catalog = loadCatalog('sensors/counties', '140430');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lantian-mapping-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const put = (name: string, content: string | Uint8Array): string => {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
};

const parse = (yaml: string) => parseYamlFile(put('map.yaml', yaml), mappingSchema(catalog, feeds));

const BASE = `time: time
station: { column: station, map: { One: { air: dingchang-air, weather: dingchang-weather }, Two: { weather: zone-weather } } }
period: PT1H
missing: ["", NA]
feeds:
  air: { pm25: pm25, co: { column: co, unit: ug/m3 } }
  weather: { rain: rain, wind_direction: wind }
`;
const HEADER = 'time,station,pm25,co,rain,wind\n';

/** Readings of a CSV below BASE's header, and the mistakes told. */
const read = async (lines: string, yaml = BASE, header = HEADER, name = 'in.csv') => {
  const { value, mistakes } = parse(yaml);
  expect(mistakes).toEqual([]);
  const told: string[] = [];
  const text = header + lines;
  const file = put(name, name.endsWith('.gz') ? gzipSync(text) : text);
  const counted = createMistakes((line) => told.push(line.replace(`${folder}/`, '').trimEnd()));
  const result = await readFile(file, value!, { catalog, definitions: feeds, mistakes: counted });
  counted.end();
  return { ...result, told };
};

const T8 = Date.parse('2026-07-01T08:00:00+08:00');

describe('rows become readings', () => {
  it('one reading a feed, units and compass points turned at decode, NA and blanks missing', async () => {
    const { readings, rows, told } = await read('2026-07-01T08:00:00+08:00,One,35,1200,NA,NNW\n');
    expect(readings).toEqual([
      { feed: 'air', station: 'dingchang-air', time: T8, start: T8 - HOUR, values: { pm25: 35, co: 1.2 } },
      { feed: 'weather', station: 'dingchang-weather', time: T8, start: T8 - HOUR, values: { wind_direction: 337.5 } },
    ]);
    expect([rows, told]).toEqual([1, []]);
  });

  it('a row of blanks is still a reading, and a name without an id for a feed has none of it', async () => {
    const { readings } = await read('2026-07-01 08:00,Two,,,,\n');
    expect(readings).toEqual([{ feed: 'weather', station: 'zone-weather', time: T8, start: T8 - HOUR, values: {} }]);
  });

  it('reads gzip, a byte order mark, CRLF and quoted cells the same', async () => {
    const { readings } = await read(
      '"2026-07-01 08:00","One",35,1200,"0.5",90\r\n',
      BASE,
      `\ufeff${HEADER}`,
      'in.csv.gz',
    );
    expect(readings.map(({ values }) => values)).toEqual([
      { pm25: 35, co: 1.2 },
      { rain: 0.5, wind_direction: 90 },
    ]);
  });

  it.each([
    ['zone: Z', '2026-07-01 00:00', T8],
    ['zone: "+05:30"', '2026-07-01 05:30', T8],
    ['zone: Z', '2026-07-01T08:00+08:00', T8],
    ['offset: PT1H', '2026-07-01 07:00', T8],
  ])('%s: %s', async (line, text, time) => {
    const { readings } = await read(`${text},Two,,,1,\n`, `${BASE}${line}\n`);
    expect([readings[0]?.time, readings[0]?.start]).toEqual([time, time - HOUR]);
  });

  it('without `period` the catalog says it', async () => {
    const { readings } = await read('2026-07-01 08:00,Two,,,1,\n', BASE.replace('period: PT1H\n', ''));
    expect(readings[0]?.start).toBe(T8 - 5 * 60_000);
  });

  it('names bad rows and goes on', async () => {
    const { readings, told } = await read(
      [
        '2026-07-01 08:00,Nobody,1,1,1,N',
        '2026-02-30 08:00,One,1,1,1,N',
        '2026-07-01 08:00,One,1,1,wet,N',
        '2026-07-01 08:00,One,1,1,1,UP',
        '2026-07-01 08:00,One,1',
        '2026-07-01 08:00,One,200000,100,1,N',
        '2026-07-01 09:00,constructor,1,1,1,N',
        '2026-07-01 09:00,Two,1,1,2,N',
        '2026-07-01 10:00,Two,1,1,-1,N',
        '',
      ].join('\n'),
    );
    expect(told).toEqual([
      'in.csv:2: unknown station "Nobody"',
      'in.csv:3: not a time: "2026-02-30 08:00"',
      'in.csv:4: rain is not a number: "wet"',
      'in.csv:5: wind_direction is not a number: "UP"',
      'in.csv:6: 3 cells instead of 6',
      expect.stringMatching(/^in\.csv:7: air pm25 200000 is outside -?\d+ to \d+ µg\/m³$/),
      'in.csv:8: unknown station "constructor"',
      'in.csv:10: weather rain -1 is outside 0 to 2000 mm',
    ]);
    // Line 7's weather stands: only the reading with the impossible value is skipped.
    expect(readings.map(({ station, values }) => [station, values['rain']])).toEqual([
      ['dingchang-weather', 1],
      ['zone-weather', 2],
    ]);
  });

  it('names twenty and counts the rest', async () => {
    const { told } = await read('x,One,1,1,1,N\n'.repeat(25));
    expect(told).toHaveLength(21);
    expect(told[20]).toBe('... and 5 more skipped');
  });

  it('a quote that never closes ends the file there', async () => {
    const { readings, told } = await read(
      '2026-07-01 08:00,Two,,,1,\n2026-07-01 09:00,"Two,,,1,\n2026-07-01 10:00,Two,,,1,\n',
    );
    expect(readings).toHaveLength(1);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^in\.csv:\d+: .*[Qq]uote/);
  });

  it('tells a file that is not there, is empty, or is not gzip', async () => {
    const { value } = parse(BASE);
    const context = { catalog, definitions: feeds, mistakes: createMistakes(() => {}) };
    for (const file of [join(folder, 'none.csv'), put('empty.csv', ''), put('no.csv.gz', 'time\n')])
      await expect(readFile(file, value!, context)).rejects.toMatchObject({ code: 'file-unreadable' });
  });

  it('tells every column that the file lacks', async () => {
    const failure = await read('', BASE, 'time,station,pm25,rain\n').catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(LantianError);
    expect((failure as LantianError).code).toBe('mapping-invalid');
    expect((failure as LantianError).details).toEqual([
      expect.stringContaining('no column "co"'),
      expect.stringContaining('no column "wind"'),
    ]);
  });
});

describe('forecasts', () => {
  const made = `${BASE}forecast: { fromNext: PT3H, every: PT1H }\n`;
  const hour = (n: number, station: string, rain: string) =>
    `${new Date(T8 + (n + 8) * HOUR).toISOString().slice(0, 19)},${station},,,${rain},\n`;

  it('sum the file’s next hours, whatever its order, and are not made where one is missing or beyond the file', async () => {
    const rain = ['0.1', '0.2', '0.4', '0.8', '1.6', '', '6.4', '12.8', '25.6'];
    const lines = rain.map((value, n) => hour(n, 'Two', value)).reverse();
    const { readings } = await read(lines.join(''), made);
    const forecasts = readings.filter(({ feed }) => feed === 'forecast');
    expect(forecasts.map(({ time, values }) => [(time - T8) / HOUR, values['rain']])).toEqual([
      [0, 1.4],
      [1, 2.8],
      [5, 44.8],
    ]);
    expect(forecasts[0]).toEqual({
      feed: 'forecast',
      station: 'zone',
      time: T8,
      start: T8,
      from: T8,
      to: T8 + 3 * HOUR,
      values: { rain: 1.4, rain_1h_max: 0.8 },
    });
  });

  it('tell the highest and the lowest of what the file has, and the fall from the night before, of each window', async () => {
    const yaml = `${BASE.replace('wind_direction: wind', 'temperature: t, ground_temperature: g, wind_speed: w, gust: u')}forecast: { fromNext: [PT1H, PT2H], every: PT1H }
`;
    // 24 hours of 5 °C, the lowest 3 in their first, then -7.1 and -4.
    const hours = [3, ...Array<number>(23).fill(5), -7.1, -4];
    const lines = hours.map((t, n) => {
      const wind = n === 24 ? ['8', ''] : n === 25 ? ['7.9', '20.8'] : ['1', '1'];
      return `${new Date(T8 + (n + 8) * HOUR).toISOString().slice(0, 19)},Two,,,0,${t},${t - 1},${wind.join()}\n`;
    });
    const { readings, told } = await read(lines.join(''), yaml, 'time,station,pm25,co,rain,t,g,w,u\n');
    expect(told).toEqual([]);
    const at = (hour: number) =>
      readings
        .filter(({ feed, time }) => feed === 'forecast' && time === T8 + hour * HOUR)
        .map(({ from, to, values }) => [(to! - from!) / HOUR, values]);
    expect(at(23)).toEqual([
      [
        1,
        {
          rain: 0,
          rain_1h_max: 0,
          temperature_max: -7.1,
          temperature_min: -7.1,
          temperature_min_drop: 10.1,
          ground_temperature_min: -8.1,
          wind_force: 5,
        },
      ],
      [
        2,
        {
          rain: 0,
          rain_1h_max: 0,
          temperature_max: -4,
          temperature_min: -7.1,
          temperature_min_drop: 10.1,
          ground_temperature_min: -8.1,
          wind_force: 5,
        },
      ],
    ]);
    // The night before is not whole yet; the gusts of hour 24 are not known.
    expect(at(22).map(([, values]) => Object.keys(values as object))).toEqual([
      [
        'rain',
        'rain_1h_max',
        'temperature_max',
        'temperature_min',
        'ground_temperature_min',
        'wind_force',
        'gust',
        'gust_force',
      ],
      ['rain', 'rain_1h_max', 'temperature_max', 'temperature_min', 'ground_temperature_min', 'wind_force'],
    ]);
    expect(at(24)[0]).toMatchObject([1, { wind_force: 4, gust: 20.8, gust_force: 9, temperature_min_drop: -3.1 }]);
  });

  it('come from columns, with their windows', async () => {
    const yaml = `time: issued
from: from
to: to
station: { column: place, map: { Z: zone, C: county } }
feeds: { forecast: { rain: rain } }
`;
    const lines =
      '2026-07-01 08:00,Z,2026-07-01 08:00,2026-07-02 08:00,12\n2026-07-01 08:00,C,2026-07-02 08:00,2026-07-02 08:00,1\n';
    const { readings, told } = await read(lines, yaml, 'issued,place,from,to,rain\n');
    expect(readings).toEqual([
      { feed: 'forecast', station: 'zone', time: T8, start: T8, from: T8, to: T8 + 24 * HOUR, values: { rain: 12 } },
    ]);
    expect(told).toEqual(['in.csv:3: the window of the forecast ends before it begins']);
  });
});

describe('mistakes of a mapping', () => {
  const mistakesIn = (yaml: string): string[] => parse(yaml).mistakes.map((text) => text.replace(`${folder}/`, ''));

  it.each([
    [
      'an unknown quantity',
      BASE.replace('rain: rain', 'rein: rain'),
      /^map\.yaml:7:14 feeds\.weather\.rein: unknown key/,
    ],
    [
      'an unknown unit',
      BASE.replace('ug/m3', 'ppb'),
      /^map\.yaml:6:\d+ feeds\.air\.co: no conversion from ppb to mg\/m³$/,
    ],
    [
      'an unknown station',
      BASE.replace('zone-weather', 'moon'),
      /^map\.yaml:2:\d+ station\.map\.Two\.weather: no station moon in the catalog$/,
    ],
    [
      'a station of another feed',
      BASE.replace('zone-weather', 'zone-air'),
      /station\.map\.Two\.weather: station zone-air does not report weather$/,
    ],
    [
      'one id for feeds it has not',
      BASE.replace('{ weather: zone-weather }', 'zone-weather'),
      /station\.map\.Two: station zone-weather does not report air$/,
    ],
    ['a bad duration', BASE.replace('PT1H', '1h'), /^map\.yaml:3:9 period: not an ISO 8601 duration/],
    ['a bad zone', `${BASE}zone: Beijing\n`, /^map\.yaml:8:7 zone: not an offset/],
    ['an unknown key', `${BASE}statoin: x\n`, /^map\.yaml:8:1 statoin: unknown key/],
    [
      'fromNext of half periods',
      `${BASE}forecast: { fromNext: PT90M, every: PT1H }\n`,
      /^map\.yaml:8:\d+ forecast\.fromNext: not a whole number of periods$/,
    ],
    [
      'one of several windows of half periods',
      `${BASE}forecast: { fromNext: [PT24H, PT90M], every: PT1H }\n`,
      /^map\.yaml:8:\d+ forecast\.fromNext: not a whole number of periods$/,
    ],
    ['no window', `${BASE}forecast: { fromNext: [], every: PT1H }\n`, /^map\.yaml:8:\d+ forecast\.fromNext: /],
    [
      'forecasts of a file without weather',
      `${BASE.replace(/ {2}weather: .*\n/, '')}forecast: { fromNext: PT24H, every: PT1H }\n`,
      /forecast: `fromNext` needs feeds\.weather$/,
    ],
    [
      'a forecast without a window',
      `${BASE}`.replace('  air:', '  forecast: { rain: rain }\n  air:'),
      /feeds\.forecast: a forecast needs the columns/,
    ],
  ])('%s', (_, yaml, expected) => {
    expect(mistakesIn(yaml)).toContainEqual(expect.stringMatching(expected));
  });

  it('come all at once', () => {
    expect(
      mistakesIn(BASE.replace('ug/m3', 'ppb').replace('PT1H', '1h').replace('rain: rain', 'rein: rain')),
    ).toHaveLength(3);
  });

  it('the mapping of the Beijing file has none', () => {
    expect(parseYamlFile('sensors/mappings/prsa.yaml', mappingSchema(catalog, feeds)).mistakes).toEqual([]);
  });
});

describe('units', () => {
  it.each([
    [1200, 'ug/m3', 'mg/m³', 1.2],
    [0.35, 'mg/m3', 'µg/m³', 350],
    [101.32, 'kPa', 'hPa', 1013.2],
    [36, 'km/h', 'm/s', 10],
    [273.15, 'K', '°C', 0],
    [1.2, 'cm', 'mm', 12],
    [0.5, 'mS/cm', 'µS/cm', 500],
    [25, '℃', '°C', 25],
    [7, 'ug/L', 'mg/L', 0.007],
  ])('%d %s is in %s %d', (value, from, to, expected) => {
    expect(conversion(from, to)?.(value)).toBe(expected);
  });

  it('does not mix dimensions', () => {
    expect(conversion('mm', 'hPa')).toBeUndefined();
    expect(conversion('constructor', 'mm')).toBeUndefined();
  });

  it('sixteen points, clockwise from north', () => {
    expect(['N', 'ne', 'E', 'SSW', 'W', 'NNW'].map(compassDegrees)).toEqual([0, 45, 90, 202.5, 270, 337.5]);
    expect(compassDegrees('C')).toBeUndefined();
  });
});
