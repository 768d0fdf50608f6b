import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silentLog } from '../src/core/log.ts';
import type { Point } from '../src/core/types.ts';
import { createEmbeddedStore } from '../src/store/embedded.ts';
import { createInflux1Store } from '../src/store/influx1.ts';
import type { Row, Store } from '../src/store/port.ts';
import { createStoresInThread } from '../src/store/thread.ts';
import { settingsOf } from './support/middle.ts';
import { type Server, startInflux, tempFolder } from './support/servers.ts';

// Every engine whose rows can be read back answers to the same words. A new one is a line in ENGINES.

let influx: Server;
beforeAll(async () => {
  influx = await startInflux();
});

const ENGINES: Record<string, () => Store | Promise<Store>> = {
  embedded: () => createEmbeddedStore({ file: join(tempFolder(), 'series.db') }),
  'embedded, in a thread': async () => {
    const [store] = await createStoresInThread(settingsOf({ data: { folder: tempFolder() } }), { log: silentLog });
    // As the drain writes to it; NaN and infinity, which JSON does not know, reach no store so.
    const write: Store['write'] = (points) => {
      const text = JSON.stringify(points);
      return isDeepStrictEqual(JSON.parse(text), points) ? store!.writeTexts!([text]) : store!.write(points);
    };
    return { ...store!, write };
  },
  'InfluxDB 1.x': () => createInflux1Store({ name: 'influx', url: influx.url, database: '沁县 "db"', timeout: 10_000 }),
};

const NOON = Date.UTC(2026, 6, 20, 4);
const place = { county: '140430', station: 'air-1' };
const point = (fields: Point['fields'], more: Partial<Point> = {}): Point => ({
  measurement: 'air',
  tags: place,
  time: NOON,
  fields,
  ...more,
});

describe.each(Object.keys(ENGINES))('%s', (engine) => {
  let store: Store;
  let serial = 0;
  /** Tests share a database: each has its own station. */
  let tags: Record<string, string>;
  beforeAll(async () => {
    store = await ENGINES[engine]!();
    await store.init();
  });
  afterAll(() => store.close());

  const own = (): Record<string, string> => {
    serial += 1;
    tags = { county: '140430', station: `s${serial}` };
    return tags;
  };
  const read = (measurement = 'air', from = 0, to = NOON * 2): Promise<readonly Row[]> =>
    store.read({ measurement, tags, from, to });
  const write = async (...points: Point[]) => expect(await store.write(points)).toEqual([]);

  test('init may run again', async () => {
    await store.init();
    await store.init();
  });

  test('what is written is read: floats, integers, texts, truths', async () => {
    own();
    await write(
      {
        measurement: 'aqi_hour',
        tags,
        time: NOON,
        fields: { aqi: 101, level: 3, primary: 'pm10;pm25', iaqi_pm10: 101 },
      },
      { measurement: 'air_hour', tags, time: NOON, fields: { pm25: 35, co: 0.7, count: 12, valid: true } },
      { measurement: 'air_hour', tags, time: NOON + 1, fields: { pm25: 35.5, co: -1e-9, count: 0, valid: false } },
    );
    expect(await read('aqi_hour')).toEqual([
      { time: NOON, tags, fields: { aqi: 101, level: 3, primary: 'pm10;pm25', iaqi_pm10: 101 } },
    ]);
    expect((await read('air_hour')).map((row) => row.fields)).toEqual([
      { pm25: 35, co: 0.7, count: 12, valid: true },
      { pm25: 35.5, co: -1e-9, count: 0, valid: false },
    ]);
  });

  test('an empty batch is nothing', async () => {
    expect(await store.write([])).toEqual([]);
  });

  test('written again it is the same; another value replaces it, other fields stay', async () => {
    own();
    await write(point({ pm25: 35, pm10: 60 }, { tags }));
    await write(point({ pm25: 35, pm10: 60 }, { tags }));
    await write(point({ pm25: 36, o3: 90 }, { tags }), point({ pm25: 37 }, { tags }));
    expect(await read()).toEqual([{ time: NOON, tags, fields: { pm25: 37, pm10: 60, o3: 90 } }]);
  });

  test('tags in another order are the same series, more tags another', async () => {
    own();
    const turned = { station: tags['station']!, county: '140430' };
    const longer = { ...tags, township: 'dingchang' };
    await write(
      point({ pm25: 1 }, { tags }),
      point({ pm10: 2 }, { tags: turned }),
      point({ pm25: 3 }, { tags: longer }),
    );
    expect(await read()).toEqual([
      { time: NOON, tags, fields: { pm25: 1, pm10: 2 } },
      { time: NOON, tags: longer, fields: { pm25: 3 } },
    ]);
  });

  test('what is gone is unset, in that row of that series alone', async () => {
    own();
    const longer = { ...tags, township: 'dingchang' };
    await write(
      point({ pm25: 1, pm10: 2, flag: 'N' }, { tags }),
      point({ pm25: 3, pm10: 4 }, { tags, time: NOON + 1 }),
      point({ pm25: 5 }, { tags: longer }),
    );
    await write(point({ pm10: 20 }, { tags, gone: ['pm25', 'never_there'] }));
    await write(point({ pm10: 20 }, { tags, gone: ['pm25', 'never_there'] }));
    expect(await read()).toEqual([
      { time: NOON, tags, fields: { pm10: 20, flag: 'N' } },
      { time: NOON, tags: longer, fields: { pm25: 5 } },
      { time: NOON + 1, tags, fields: { pm25: 3, pm10: 4 } },
    ]);
  });

  test('one field is unset in many rows of many series at once', async () => {
    own();
    const rows = Array.from({ length: 120 }, (_, i) => ({
      tags: i % 3 === 0 ? tags : { ...tags, township: `t${i % 3}` },
      time: NOON + Math.floor(i / 3),
    }));
    await write(...rows.map((row) => point({ pm25: 1, pm10: 2 }, row)));
    await write(...rows.map((row, i) => point({ pm25: i }, i === 100 ? row : { ...row, gone: ['pm10'] })));
    const read = await store.read({ measurement: 'air', tags, from: 0, to: NOON * 2 });
    expect(read.map((row) => row.fields)).toEqual(rows.map((_, i) => (i === 100 ? { pm25: i, pm10: 2 } : { pm25: i })));
  });

  test('set, unset and set within one batch ends as the last says; a row without fields is no row', async () => {
    own();
    await write(
      point({ pm25: 1, pm10: 1 }, { tags }),
      point({ pm10: 2 }, { tags, gone: ['pm25'] }),
      point({ pm25: 3 }, { tags }),
      point({ so2: 1 }, { tags, time: NOON + 1 }),
      point({}, { tags, time: NOON + 1, gone: ['so2'] }),
      point({}, { tags, time: NOON + 2, gone: ['so2'] }),
      point({ no2: 7 }, { tags, time: NOON + 3, gone: ['so2'] }),
    );
    expect(await read()).toEqual([
      { time: NOON, tags, fields: { pm25: 3, pm10: 2 } },
      { time: NOON + 3, tags, fields: { no2: 7 } },
    ]);
  });

  test('rows come in order of time, then tags; from is in, to is out; the limit counts rows', async () => {
    own();
    const other = { ...tags, township: 'a' };
    await write(
      ...[4, 2, 3, 1].flatMap((t) => [tags, other].map((s) => point({ pm25: t }, { tags: s, time: NOON + t }))),
    );
    const rows = await store.read({ measurement: 'air', tags, from: NOON + 2, to: NOON + 4 });
    expect(rows.map((row) => [row.time - NOON, row.tags['township']])).toEqual([
      [2, undefined],
      [2, 'a'],
      [3, undefined],
      [3, 'a'],
    ]);
    expect(await store.read({ measurement: 'air', tags, from: 0, to: NOON * 2, limit: 3 })).toHaveLength(3);
    expect(await store.read({ measurement: 'nothing_here', from: 0, to: NOON * 2 })).toEqual([]);
  });

  const AWKWARD = [
    '沁县 段柳断面',
    'a,b=c d',
    '"quoted"',
    "it's",
    '\\back\\slash\\',
    'end\\',
    "\\'",
    '\\"',
    'two\nlines',
    '𠮷',
    '',
    '#',
    '\t',
  ];

  test.each(AWKWARD)('the text %j is kept', async (text) => {
    own();
    await write(point({ flag: text }, { tags }));
    expect(await read()).toEqual([{ time: NOON, tags, fields: { flag: text } }]);
  });

  test.each(AWKWARD.filter((text) => !/^$|\n|\\$|\\['"]/.test(text)))(
    'the tag %j is kept, and unset by',
    async (text) => {
      own();
      tags = { ...tags, township: text };
      await write(point({ pm25: 1, pm10: 2 }, { tags }));
      await write(point({ pm25: 1 }, { tags, gone: ['pm10'] }));
      expect(await read()).toEqual([{ time: NOON, tags, fields: { pm25: 1 } }]);
    },
  );

  test('what no engine can write is refused with words; the rest is written', async () => {
    own();
    const bad: Record<string, Point> = {
      'no fields': point({}, { tags }),
      'level of aqi_hour is int, not 1.5': { measurement: 'aqi_hour', tags, time: NOON, fields: { level: 1.5 } },
      'valid of air_hour is bool, not yes': { measurement: 'air_hour', tags, time: NOON, fields: { valid: 'yes' } },
      'level of signal is string, not 3': { measurement: 'signal', tags, time: NOON, fields: { level: 3 } },
      'pm25 of air is float, not NaN': point({ pm25: Number.NaN }, { tags }),
      'tag township is empty': point({ pm25: 1 }, { tags: { ...tags, township: '' } }),
      'line break': point({ pm25: 1 }, { tags: { ...tags, township: 'a\nb' } }),
      'called time': point({ time: 1 }, { tags }),
      'whole milliseconds': point({ pm25: 1 }, { tags, time: NOON + 0.5 }),
    };
    const points = Object.values(bad).flatMap((one, i) => [one, point({ pm25: i }, { tags, time: NOON + i })]);
    const refused = await store.write(points);
    expect(refused.map((refusal) => refusal.point)).toEqual(Object.values(bad));
    for (const [i, words] of Object.keys(bad).entries()) expect(refused[i]!.words).toContain(words);
    expect(await read()).toHaveLength(Object.keys(bad).length);
  });

  test('a field keeps its first type: another is refused in the words of the store, the rest is written', async () => {
    own();
    const field = `new_${serial}`;
    await write(point({ [field]: 1 }, { tags }));
    const good = Array.from({ length: 99 }, (_, i) => point({ [field]: i }, { tags, time: NOON + 1 + i }));
    const bad = [
      point({ [field]: 'text' }, { tags, time: NOON + 200 }),
      point({ [field]: true }, { tags, time: NOON + 201 }),
    ];
    const refused = await store.write([...good.slice(0, 40), bad[0]!, ...good.slice(40), bad[1]!]);
    expect(refused.map((refusal) => refusal.point)).toEqual(bad);
    for (const { words } of refused) expect(words).toMatch(/field type conflict/);
    expect(await read()).toHaveLength(100);
  });

  test('20,000 points in one write', async () => {
    own();
    const points = Array.from({ length: 20_000 }, (_, i) => point({ pm25: i, pm10: i / 2 }, { tags, time: NOON + i }));
    await write(...points);
    const rows = await read();
    expect(rows).toHaveLength(20_000);
    expect(rows[12_345]).toEqual({ time: NOON + 12_345, tags, fields: { pm25: 12_345, pm10: 6172.5 } });
  });
});
