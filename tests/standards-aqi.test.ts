import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AQI_LEVELS } from '../src/standards/aqi-levels.ts';
import { decimalOf, roundDecimal, roundPlain } from '../src/standards/decimal.ts';
import {
  AQI_ITEM_NAMES,
  AQI_ITEMS,
  type AqiColumn,
  type AqiEdition,
  type AqiInput,
  type AqiItem,
  type AqiPeriod,
  aqi,
  editionAt,
  iaqi,
  levelOf,
  primaryText,
} from '../src/standards/hj633.ts';
import { HJ633_2012 } from '../src/standards/hj633-2012.ts';
import { HJ633_2026 } from '../src/standards/hj633-2026.ts';
import { fractionOf, lowestIndex, nearestEven } from './support/exact.ts';
import { seeded } from './support/random.ts';

const dataOf = (name: string): string => readFileSync(new URL(`data/${name}`, import.meta.url), 'utf8');

type Standard = AqiEdition['standard'];
const EDITIONS: Readonly<Record<Standard, AqiEdition>> = { 'HJ 633-2012': HJ633_2012, 'HJ 633-2026': HJ633_2026 };
const TABLES = JSON.parse(dataOf('air-tables.json')).iaqi as Record<Standard, Record<AqiColumn, number[]>>;
const STEPS = [0, 50, 100, 150, 200, 300, 400, 500];
const CASES = Object.values(EDITIONS).flatMap((edition) =>
  (Object.keys(edition.columns) as AqiColumn[]).map((column) => ({ edition, column, standard: edition.standard })),
);

interface Vector {
  readonly standard: Standard;
  readonly column: AqiColumn;
  readonly c: number;
  readonly iaqi: number;
  readonly wrong: number;
}
interface Whole {
  readonly standard: Standard;
  readonly period: AqiPeriod;
  readonly input: AqiInput;
  readonly aqi?: number | 'NA';
  readonly aqiMost?: number;
  readonly aqiAbove?: number;
  readonly level?: number;
  readonly primary?: AqiItem[];
  readonly iaqi?: Record<AqiItem, number>;
}
const VECTORS = JSON.parse(dataOf('aqi-vectors.json')) as Record<'iaqi' | 'rounded' | 'wrong', Vector[]> & {
  aggregate: Whole[];
};

/** All six are there, and clean. */
const CLEAN = { so2: 10, no2: 10, pm10: 20, pm25: 15, co: 0.5, o3: 50 };

describe('the tables', () => {
  test.each(Object.values(EDITIONS))('of $standard are as printed', ({ standard, columns }) => {
    expect(columns).toEqual(TABLES[standard]);
  });

  test('the data’s start decides, by Beijing’s first of March 2026', () => {
    const midnight = Date.parse('2026-03-01T00:00:00+08:00');
    expect(editionAt(midnight).standard).toBe('HJ 633-2026');
    expect(editionAt(midnight - 1).standard).toBe('HJ 633-2012');
    expect(editionAt(0).standard).toBe('HJ 633-2012');
  });

  test('levels join without a gap and name their colours', () => {
    expect(AQI_LEVELS.map(({ level, most }) => [level, most])).toEqual(
      [50, 100, 150, 200, 300, 500].map((most, at) => [at + 1, most]),
    );
    for (const { level, most } of AQI_LEVELS) {
      expect(levelOf(most)).toBe(level);
      if (most < 500) expect(levelOf(most + 1)).toBe(level + 1);
    }
    expect(levelOf(0)).toBe(1);
    expect(AQI_LEVELS.map(({ name, colour }) => [name.zh, colour.zh, colour.hex])).toEqual([
      ['优', '绿色', '#00E400'],
      ['良', '黄色', '#FFFF00'],
      ['轻度污染', '橙色', '#FF7E00'],
      ['中度污染', '红色', '#FF0000'],
      ['重度污染', '紫色', '#99004C'],
      ['严重污染', '褐红色', '#7E0023'],
    ]);
    for (const { health, advice, name } of AQI_LEVELS)
      for (const words of [health, advice, name]) {
        expect(words.zh).toMatch(/^\p{Script=Han}/u);
        expect(words.en).toMatch(/^[a-z]/);
      }
  });
});

describe('what was published', () => {
  const [, ...rows] = dataOf('published-aqi.csv').trim().split('\n');
  const published = rows.map((line) => {
    const [standard, time, station, so2, no2, co, o3, pm10, pm25, index, primary] = line.split(',');
    const edition = editionAt(Date.parse(`${time}+08:00`) - 3_600_000);
    expect(edition.standard, line).toBe(standard);
    return { line, station, index, primary, result: aqi(edition, 'hour', { so2, no2, co, o3, pm10, pm25 }) };
  });

  test('every published AQI and primary pollutant comes out', () => {
    const known = published.filter(({ index }) => index !== '');
    const compared = (standard: Standard) => known.filter(({ result }) => result.standard === standard).length;
    expect([compared('HJ 633-2012'), compared('HJ 633-2026')]).toEqual([886, 40]);
    for (const { line, index, primary, result } of known)
      expect([String(result.aqi), primaryText(result.primary)], line).toEqual([index, primary]);
    expect(known.filter(({ primary }) => primary?.includes(';'))).toHaveLength(4);
    expect(new Set(known.map(({ result }) => result.level))).toEqual(new Set([1, 2, 3, 4, 5, 6]));
  });

  test('where none was published in 2026 there is none', () => {
    const none = published.filter(({ index, result }) => index === '' && result.standard === 'HJ 633-2026');
    expect(none.map(({ station, result }) => [station, result.aqi, result.missing])).toEqual([
      ['1931A', undefined, ['pm25']],
      ['2858A', undefined, ['so2']],
      ['2686A', undefined, ['pm25']],
    ]);
  });
});

describe('vectors of other programs', () => {
  test.each(VECTORS.iaqi)('$standard $column $c is $iaqi', ({ standard, column, c, iaqi: index }) => {
    expect(iaqi(EDITIONS[standard], column, c)).toBe(index);
  });

  test.each([...VECTORS.rounded, ...VECTORS.wrong])('$standard $column $c is $iaqi, not $wrong', (vector) => {
    expect(iaqi(EDITIONS[vector.standard], vector.column, vector.c)).toBe(vector.iaqi);
    expect(vector.iaqi).not.toBe(vector.wrong);
  });

  test.each(VECTORS.aggregate)('$standard $period $input', (vector) => {
    const found = aqi(EDITIONS[vector.standard], vector.period, vector.input);
    if (vector.aqi !== undefined) expect(found.aqi ?? 'NA').toBe(vector.aqi);
    if (vector.aqiMost !== undefined) expect(found.aqi).toBeLessThanOrEqual(vector.aqiMost);
    if (vector.aqiAbove !== undefined) expect(found.aqi).toBeGreaterThan(vector.aqiAbove);
    if (vector.level !== undefined) expect(found.level).toBe(vector.level);
    if (vector.primary !== undefined) expect(found.primary.toSorted()).toEqual(vector.primary.toSorted());
    if (vector.iaqi !== undefined) expect(found.iaqi).toEqual(vector.iaqi);
  });
});

describe('one index', () => {
  test.each(CASES)('$standard $column is exact at every breakpoint, and one more just above', ({ edition, column }) => {
    edition.columns[column].forEach((limit, at) => {
      expect(iaqi(edition, column, limit)).toBe(STEPS[at]);
      // The least step that the edition sees: one of rounding, or of any decimals.
      const step = edition.roundsFirst ? (column.startsWith('co') ? '.1' : '') : '.00000000000000000001';
      const above = step === '' ? String(limit + 1) : `${limit}${step}`;
      const next = iaqi(edition, column, above);
      if (at + 1 < edition.columns[column].length) expect(next).toBeGreaterThan(STEPS[at]!);
      if (at > 0 && !edition.roundsFirst && at + 1 < edition.columns[column].length) expect(next).toBe(STEPS[at]! + 1);
    });
  });

  const decimal = fc
    .tuple(fc.nat(5000), fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 20 }))
    .map(([whole, part]) => (part === '' ? String(whole) : `${whole}.${part}`));

  test.each(CASES)('$standard $column equals a second computation in whole numbers', ({ edition, column }) => {
    const breaks = edition.columns[column];
    const short = breaks.length < STEPS.length;
    fc.assert(
      fc.property(decimal, (text) => {
        let { n, d } = fractionOf(text);
        const unit = column.startsWith('co') ? 10n : 1n;
        if (edition.standard === 'HJ 633-2026') [n, d] = [nearestEven(n, d, unit), unit];
        const beyond = short && edition.standard === 'HJ 633-2012' ? undefined : STEPS[breaks.length - 1];
        expect(iaqi(edition, column, text)).toBe(lowestIndex(n, d, breaks) ?? beyond);
      }),
      { numRuns: 300 },
    );
  });

  test.each(CASES)('$standard $column never falls as the concentration rises', ({ edition, column }) => {
    const end = edition.columns[column].at(-1)!;
    const value = fc.double({ min: 0, max: end, noNaN: true });
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(iaqi(edition, column, Math.min(a, b))!).toBeLessThanOrEqual(iaqi(edition, column, Math.max(a, b))!);
      }),
    );
  });

  test('binary noise lifts nothing: sums that should be a breakpoint are', () => {
    expect(0.1 + 0.2).toBeGreaterThan(0.3);
    expect(iaqi(HJ633_2012, 'co_24h', (0.1 + 0.2) * 10 - 1)).toBe(50);
    expect(iaqi(HJ633_2012, 'pm25_24h', 74.9 + 0.1 + 1e-13)).toBe(100);
    // PM10 at 0.7 of a step: 50 + 35 exactly, where doubles give 85.00000000000001.
    expect(iaqi(HJ633_2012, 'pm10_24h', '120')).toBe(85);
    expect(iaqi(HJ633_2012, 'pm25_24h', '75.000000000000000001')).toBe(101);
    expect(iaqi(HJ633_2012, 'pm25_24h', 1e-300)).toBe(1);
  });

  test('2026 rounds half to even before, 2012 does not unless told', () => {
    const both = (column: AqiColumn, c: string) => [iaqi(HJ633_2026, column, c), iaqi(HJ633_2012, column, c)];
    expect(both('no2_24h', '80.5')).toEqual([100, 101]);
    expect(both('no2_24h', '81.5')).toEqual([101, 101]);
    expect(both('so2_24h', '50.5000000001')).toEqual([51, 51]);
    expect(both('so2_24h', '50.4999999999')).toEqual([50, 51]);
    expect(both('co_24h', '2.05')).toEqual([50, 52]);
    expect(both('co_24h', '2.15')).toEqual([55, 54]);
    expect(iaqi(HJ633_2012, 'no2_24h', '80.5', { rounds2012: true })).toBe(100);
    expect(iaqi(HJ633_2012, 'co_24h', 2.05, { rounds2012: true })).toBe(50);
  });

  test('columns that end at 800', () => {
    for (const column of ['so2_1h', 'o3_8h'] as const) {
      const last = column === 'so2_1h' ? 200 : 300;
      expect([iaqi(HJ633_2012, column, 800), iaqi(HJ633_2012, column, '800.01')]).toEqual([last, undefined]);
      expect([iaqi(HJ633_2026, column, 800), iaqi(HJ633_2026, column, 5000)]).toEqual([last, last]);
    }
  });

  test.each([-1, -0.001, '-2', Number.NaN, Number.POSITIVE_INFINITY, 'x', '1,5', '0x10', '1 2', '.', '1e5000'])(
    'no index of %s',
    (concentration) => {
      expect(() => iaqi(HJ633_2012, 'pm25_24h', concentration)).toThrow(RangeError);
      expect(() => aqi(HJ633_2026, 'hour', { ...CLEAN, pm25: concentration })).toThrow(/^pm25: /);
    },
  );
});

describe('the whole', () => {
  test('hours take PM against the 24 h column, gases against the 1 h one; days take MDA8', () => {
    const input = { so2: 150, no2: 100, pm10: 50, pm25: 35, co: 5, o3: 160 };
    expect(aqi(HJ633_2026, 'hour', input)).toMatchObject({ aqi: 50, level: 1, primary: [] });
    expect(aqi(HJ633_2026, 'day', input).iaqi).toEqual({ so2: 100, no2: 110, pm10: 50, pm25: 50, co: 105, o3: 100 });
  });

  test('primary pollutants are named above 50 only, ties together', () => {
    const at = (pm25: number, pm10: number) => aqi(HJ633_2012, 'day', { ...CLEAN, pm25, pm10 });
    expect(at(35, 50)).toMatchObject({ aqi: 50, level: 1, primary: [] });
    expect(at(75, 150)).toMatchObject({ aqi: 100, level: 2, primary: ['pm10', 'pm25'] });
    expect(primaryText(at(75, 150).primary)).toBe('PM10;PM2.5');
    expect(at(500, 900)).toMatchObject({ aqi: 500, level: 6, primary: ['pm10', 'pm25'] });
  });

  test('zero everywhere: 0 in 2012, 1 in 2026, whose index begins there', () => {
    const zero = Object.fromEntries(AQI_ITEMS.map((item) => [item, 0]));
    expect(aqi(HJ633_2012, 'hour', zero)).toMatchObject({ aqi: 0, level: 1, primary: [] });
    expect(aqi(HJ633_2026, 'hour', zero)).toMatchObject({ aqi: 1, level: 1, primary: [], iaqi: { pm25: 0 } });
  });

  describe.each(AQI_ITEMS)('%s', (item) => {
    const rest = Object.fromEntries(Object.entries(CLEAN).filter(([name]) => name !== item)) as AqiInput;
    const above: AqiInput = { ...rest, [item === 'no2' ? 'so2' : 'no2']: 201 };

    test.each([undefined, null, '', '  '])('missing (%j) leaves no AQI of 100 or less in 2026, but PM10', (value) => {
      const found = aqi(HJ633_2026, 'hour', { ...rest, [item]: value });
      expect(found.missing).toEqual([item]);
      expect([found.aqi, found.level]).toEqual(item === 'pm10' ? [expect.any(Number), 1] : [undefined, undefined]);
      expect(found.primary).toEqual([]);
      expect(aqi(HJ633_2026, 'hour', { ...rest, [item]: value }, { pm10Blocks: true }).aqi).toBeUndefined();
      expect(aqi(HJ633_2012, 'hour', { ...rest, [item]: value }).aqi).toBeGreaterThan(0);
    });

    test('missing blocks none above 100', () => {
      const found = item === 'no2' ? { ...above, so2: 501 } : above;
      expect(aqi(HJ633_2026, 'hour', found, { pm10Blocks: true })).toMatchObject({ aqi: 101, level: 3 });
    });

    test('not monitored never blocks', () => {
      const found = aqi(HJ633_2026, 'hour', { ...rest, [item]: '/' }, { pm10Blocks: true });
      expect(found).toMatchObject({ level: 1, missing: [], beyond: [] });
      expect(found.iaqi).not.toHaveProperty(item);
    });
  });

  test('nothing at all is not available', () => {
    const slashes = Object.fromEntries(AQI_ITEMS.map((item) => [item, '/']));
    for (const edition of Object.values(EDITIONS)) {
      expect(aqi(edition, 'day', {})).toMatchObject({ primary: [], iaqi: {}, missing: AQI_ITEMS });
      expect(aqi(edition, 'day', {})).not.toHaveProperty('aqi');
      expect(aqi(edition, 'day', slashes)).not.toHaveProperty('aqi');
    }
  });

  test('2012: above 800 another mean stands in, or none', () => {
    const sulphur = { ...CLEAN, so2: 900 };
    // What is left is PM2.5, 15/35 of 50.
    expect(aqi(HJ633_2012, 'hour', sulphur)).toMatchObject({ aqi: 22, beyond: ['so2'], missing: [] });
    expect(aqi(HJ633_2012, 'hour', { ...sulphur, so2_24h: 475 })).toMatchObject({
      aqi: 150,
      beyond: [],
      primary: ['so2'],
    });
    expect(aqi(HJ633_2026, 'hour', { ...sulphur, so2_24h: 2620 })).toMatchObject({ aqi: 200, primary: ['so2'] });
    expect(aqi(HJ633_2012, 'day', { ...CLEAN, o3: 900 })).toMatchObject({ aqi: 22, beyond: ['o3'] });
    expect(aqi(HJ633_2012, 'day', { ...CLEAN, o3: 900, o3_1h: 1000 })).toMatchObject({ aqi: 400, beyond: [] });
    // Beside the MDA8, the higher counts; in 2026 the MDA8 alone.
    expect(aqi(HJ633_2012, 'day', { ...CLEAN, o3: 100, o3_1h: 300 }).aqi).toBe(150);
    expect(aqi(HJ633_2012, 'day', { ...CLEAN, o3: 160, o3_1h: 160 }).aqi).toBe(100);
    expect(aqi(HJ633_2026, 'day', { ...CLEAN, o3: 100, o3_1h: 300 }).aqi).toBe(50);
  });

  test('the AQI is the highest index, the primaries those that have it, in any order of the input', () => {
    const item = fc.option(fc.nat(1200), { nil: undefined });
    const input = fc.record(Object.fromEntries(AQI_ITEMS.map((name) => [name, item])));
    fc.assert(
      fc.property(input, fc.constantFrom(...Object.values(EDITIONS)), (values, edition) => {
        const found = aqi(edition, 'day', values);
        const highest = Math.max(...Object.values(found.iaqi), edition.standard === 'HJ 633-2026' ? 1 : 0);
        if (found.aqi === undefined) {
          expect(found.missing.length).toBeGreaterThan(0);
          return;
        }
        expect(found.aqi).toBe(highest);
        expect(found.level).toBe(levelOf(highest));
        for (const one of AQI_ITEMS)
          expect(found.primary.includes(one)).toBe(highest > 50 && found.iaqi[one] === highest);
        const turned = Object.fromEntries(Object.entries(values).toReversed());
        expect(aqi(edition, 'day', turned)).toEqual(found);
      }),
    );
  });

  test('every item has a name for people', () => {
    expect(AQI_ITEMS.map((item) => AQI_ITEM_NAMES[item])).toEqual(['SO2', 'NO2', 'PM10', 'PM2.5', 'CO', 'O3']);
  });
});

test('a number has the index of its text: the quick way with few digits and the exact one are the same', () => {
  const random = seeded(633);
  const editions = [HJ633_2012, HJ633_2026];
  let compared = 0;
  for (const edition of editions)
    for (const column of Object.keys(edition.columns) as AqiColumn[]) {
      const breaks = edition.columns[column];
      const near = breaks.flatMap((mark) =>
        [-0.5, -0.05, -0.001, 0, 0.001, 0.05, 0.45, 0.5, 0.55].map((by) => mark + by),
      );
      const ties = breaks.flatMap((mark) =>
        [0.05, 0.5].flatMap((tie) =>
          [2e-5, 1e-5, 9e-6, 1e-7, 1e-9, 1e-11, 1e-13].flatMap((by) => [mark + tie - by, mark + tie + by]),
        ),
      );
      const anywhere = Array.from({ length: 400 }, (_, i) => Number((random() * 1.2 * breaks.at(-1)!).toFixed(i % 6)));
      for (const value of [...near, ...ties, ...anywhere, 1e9, 1e9 + 0.5, 0.1 + 0.2, 1 / 3].filter((one) => one >= 0))
        for (const rounds2012 of [false, true]) {
          const text = String(Number(value.toPrecision(12)));
          const say = `${edition.standard} ${column} ${value} ${rounds2012}`;
          expect(iaqi(edition, column, value, { rounds2012 }), say).toBe(iaqi(edition, column, text, { rounds2012 }));
          compared++;
        }
    }
  expect(compared).toBeGreaterThan(15_000);
});

test('a number is rounded at once as its decimal is, or not at once', () => {
  const values = fc.oneof(
    fc.double({ min: -1, max: 2e6, noNaN: true }),
    fc.double({ min: 0, max: 200, noNaN: true }),
    fc.tuple(fc.nat(10_000), fc.double({ min: -1e-4, max: 1e-4, noNaN: true })).map(([n, by]) => n / 20 + by),
    fc.nat(20_000).map((n) => n / 20),
  );
  let atOnce = 0;
  fc.assert(
    fc.property(values, fc.constantFrom(0 as const, 1 as const), (value, decimals) => {
      const parts = roundPlain(value, decimals);
      if (parts === undefined) return;
      atOnce++;
      const { coefficient, scale } = roundDecimal(decimalOf(value), decimals);
      expect(BigInt(parts) * 10n ** BigInt(scale)).toBe(coefficient * 10n ** BigInt(decimals));
    }),
    { numRuns: 5000 },
  );
  expect(atOnce).toBeGreaterThan(2000);
});
