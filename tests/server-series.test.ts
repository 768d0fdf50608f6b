import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DAY, HOUR } from '../src/core/time.ts';
import { labelOf } from '../src/server/measurements.ts';
import { buildServer } from '../src/server/server.ts';
import { createEmbeddedStore } from '../src/store/embedded.ts';
import type { Store } from '../src/store/port.ts';
import { SERIES } from '../src/store/series.ts';
import { NOW, partsOf, point } from './support/parts.ts';
import { tempFolder } from './support/servers.ts';

type App = Awaited<ReturnType<typeof buildServer>>;
interface Row {
  time: string;
  start: string | null;
  end: string;
  station: string | null;
  tags: Record<string, string>;
  fields: Record<string, unknown>;
}

let store: Store;
let app: App;
const midnight = Date.parse('2016-07-19T00:00:00+08:00');
const STATIONS = ['dingchang-air', 'guocun-air', 'guxian-air'];

beforeAll(async () => {
  store = createEmbeddedStore({ file: join(tempFolder(), 'series.db') });
  await store.init();
  const hours = Array.from({ length: 72 }, (_, hour) => midnight - DAY + hour * HOUR);
  const refused = await store.write([
    ...hours.flatMap((start, hour) =>
      STATIONS.map((station) => point('air_hour', station, start, { pm25: hour, count: 1, valid: true })),
    ),
    ...hours.map((end) => point('air', 'dingchang-air', end, { pm25: 1 })),
    point('air_day', 'dingchang-air', midnight, { pm25: 30, count: 24, valid: true }),
    point('dustfall_month', 'county', Date.parse('2016-06-01T00:00:00+08:00'), { mean: 6, max: 9 }),
    point('rain_rolling', 'dingchang-weather', NOW, { h1: 3, h24: 88.5 }),
    point('water_class', 'duanliu', Date.parse('2016-01-01T00:00:00+08:00'), { class: 3 }, { period: 'year' }),
    point('water_class', 'duanliu', Date.parse('2016-06-01T00:00:00+08:00'), { class: 4 }, { period: 'month' }),
    {
      measurement: 'signal',
      tags: { county: '140430', kind: 'weather-response', subject: 'rainstorm' },
      time: NOW - HOUR,
      fields: { level: 'II', state: 'proposed', version: 1, rank: 3, title: 'Rainstorm' },
    },
  ]);
  expect(refused).toEqual([]);
  app = await buildServer(partsOf({ store }));
});
afterAll(async () => {
  await app.close();
  await store.close();
});

const ask = async (path: string) => {
  const answer = await app.inject({ url: `/api/v1/series/${path}` });
  return { status: answer.statusCode, body: answer.json() };
};
const rowsOf = async (path: string): Promise<Row[]> => (await ask(path)).body.rows;

describe('rows are labelled by the end of their period', () => {
  test('an hour', async () => {
    const rows = await rowsOf('air_hour?station=dingchang-air&from=2016-07-20T07:00&to=2016-07-20T08:00');
    expect(rows).toEqual([
      {
        time: '2016-07-20T08:00:00+08:00',
        start: '2016-07-20T07:00:00+08:00',
        end: '2016-07-20T08:00:00+08:00',
        station: 'dingchang-air',
        tags: { county: '140430', station: 'dingchang-air' },
        fields: { pm25: 55, count: 1, valid: true },
      },
    ]);
  });

  test.each([
    ['air_day', '2016-07-20T00:00:00+08:00', '2016-07-19T00:00:00+08:00'],
    ['dustfall_month', '2016-07-01T00:00:00+08:00', '2016-06-01T00:00:00+08:00'],
    ['rain_rolling', '2016-07-20T08:00:00+08:00', null],
    ['signal', '2016-07-20T07:00:00+08:00', '2016-07-20T07:00:00+08:00'],
  ])('%s', async (measurement, end, start) => {
    const rows = await rowsOf(measurement);
    expect(rows.map((row) => [row.time, row.end, row.start])).toEqual([[end, end, start]]);
  });

  test('a class by its period, a Beijing year or month', async () => {
    const rows = await rowsOf('water_class');
    expect(rows.map((row) => [row.tags['period'], row.time])).toEqual([
      ['year', '2017-01-01T00:00:00+08:00'],
      ['month', '2016-07-01T00:00:00+08:00'],
    ]);
  });

  test('every series that is stored has such a rule', () => {
    expect(Object.keys(SERIES).filter((name) => labelOf(name) === undefined)).toEqual([]);
    expect(labelOf('toString')).toBeUndefined();
    expect(labelOf('airhour')).toBeUndefined();
  });
});

describe('the span asked for', () => {
  test.each(['air_hour', 'air'])('a day of %s has its 24 hours, 01:00 to 24:00', async (measurement) => {
    const rows = await rowsOf(`${measurement}?station=dingchang-air&from=2016-07-19&to=2016-07-20`);
    expect(rows).toHaveLength(24);
    expect(rows[0]?.time).toBe('2016-07-19T01:00:00+08:00');
    expect(rows.at(-1)?.time).toBe('2016-07-20T00:00:00+08:00');
  });

  test('every form of a time means the same', async () => {
    const forms = [
      '2016-07-19',
      '2016-07-19T00:00',
      '2016-07-18T16:00:00Z',
      String(midnight),
      '2016-07-19T00:00:00+08:00',
    ];
    for (const form of [...forms, encodeURIComponent('2016-07-19T00:00:00+08:00'), '2016-07-19%2000:00']) {
      const { body } = await ask(`air_hour?from=${form}&to=${midnight + HOUR}`);
      expect({ form, from: body.from, rows: body.rows?.length }).toEqual({
        form,
        from: '2016-07-19T00:00:00+08:00',
        rows: STATIONS.length,
      });
    }
  });

  test('without from and to: the last day up to now', async () => {
    const { body } = await ask('air_hour?station=guxian-air');
    expect([body.from, body.to, body.rows.length]).toEqual([
      '2016-07-19T08:00:00+08:00',
      '2016-07-20T08:00:00+08:00',
      24,
    ]);
  });

  test.each([
    ['air_hour?from=yesterday', "from 'yesterday' is not a time"],
    ['air_hour?from=1468857600', 'epoch milliseconds (13 digits)'],
    ['air_hour?from=2016-07-20&to=2016-07-19', 'from is not before to'],
    ['air_hour?limit=0', 'query: limit must be >= 1'],
    ['air_hour?limit=10001', 'query: limit must be <= 10000'],
    ['air_hour?after=x', 'query: after must match pattern'],
  ])('%s is refused', async (path, words) => {
    const { status, body } = await ask(path);
    expect({ status, error: body.error }).toEqual({ status: 400, error: 'bad-request' });
    expect(body.message).toContain(words);
  });

  test('a name that is nowhere is a mistake, a station without rows is an empty series', async () => {
    expect(await ask('airhour')).toMatchObject({ status: 404, body: { error: 'no-such-measurement' } });
    expect(await ask('air_hour?station=none')).toMatchObject({ status: 404, body: { error: 'no-such-station' } });
    expect(await ask('air_hour?station=xindian-air')).toMatchObject({ status: 200, body: { rows: [], next: null } });
    expect(await rowsOf('signal?station=rainstorm')).toHaveLength(1);
  });
});

describe('pages', () => {
  const walk = async (first: string): Promise<Row[][]> => {
    const pages: Row[][] = [];
    for (let next: string | null = first; next !== null; ) {
      expect(pages.length).toBeLessThan(100);
      const answer: { rows: Row[]; next: string | null } = (await app.inject({ url: next })).json();
      pages.push(answer.rows);
      next = answer.next;
    }
    return pages;
  };

  test.each([1, 2, 4, 7, 24, 71, 72, 1000])('of %i rows give every row once, in order', async (limit) => {
    const whole = await rowsOf('air_hour?from=2016-07-19&to=2016-07-20&limit=10000');
    expect(whole).toHaveLength(72);
    const pages = await walk(`/api/v1/series/air_hour?from=2016-07-19&to=2016-07-20&limit=${limit}`);
    expect(pages.every((page) => page.length <= limit)).toBe(true);
    expect(pages).toHaveLength(Math.ceil(72 / limit));
    expect(pages.flat()).toEqual(whole);
  });

  test('of readings, whose span is (from, to], as well', async () => {
    const pages = await walk('/api/v1/series/air?station=dingchang-air&from=2016-07-19&to=2016-07-20&limit=5');
    expect(pages.map((page) => page.length)).toEqual([5, 5, 5, 5, 4]);
    expect(new Set(pages.flat().map((row) => row.time)).size).toBe(24);
  });
});

test('a store that cannot be read is 503 with its words, and logged', async () => {
  const logged: string[] = [];
  const log = {
    debug: () => {},
    info: () => {},
    error: () => {},
    warn: (_: object, text: string) => logged.push(text),
  };
  const shut = createEmbeddedStore({ file: join(tempFolder(), 'series.db') });
  await shut.init();
  await shut.close();
  const other = await buildServer(partsOf({ store: shut, log }));
  const answer = await other.inject({ url: '/api/v1/series/air_hour' });
  await other.close();
  expect(answer.statusCode).toBe(503);
  expect(answer.json()).toMatchObject({ error: 'store-unavailable' });
  expect(answer.json().message).toContain(shut.name);
  expect(logged).toHaveLength(1);
});
