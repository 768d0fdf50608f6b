// Copies that tests read, against the files that they were made from, where those lie beside the repository.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const SHARED = new URL('../../shared/', import.meta.url);
const isThere = existsSync(SHARED);
if (!isThere) process.stdout.write('../shared is missing: the copies in tests/data are not compared\n');

const shared = (name: string): string => readFileSync(new URL(name, SHARED), 'utf8');
const ours = (name: string): string => readFileSync(new URL(`data/${name}`, import.meta.url), 'utf8');

/** Rows of a table as objects; no cell of it is quoted. */
const rowsOf = (text: string): Record<string, string>[] => {
  const [header = '', ...lines] = text.trim().split(/\r?\n/);
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(header.split(',').map((name, at) => [name, cells[at] ?? '']));
  });
};

const spaced = (standard: string): string => standard.replace('HJ', 'HJ ');

describe.skipIf(!isThere)('the copy is what it was made from', () => {
  test('published-aqi.csv: every row, in the columns that are used', () => {
    const columns = { so2: 'so2_1h', no2: 'no2_1h', co: 'co_1h', o3: 'o3_1h', pm10: 'pm10_1h', pm25: 'pm2_5_1h' };
    const renamed = { timepoint: 'timepoint', stationcode: 'stationcode', ...columns };
    const names = { ...renamed, aqi: 'aqi_published', primary: 'primary_published' };
    const original = rowsOf(shared('data/published-aqi.csv')).map((row) => ({
      standard: spaced(row['standard']!),
      ...Object.fromEntries(Object.entries(names).map(([name, from]) => [name, row[from]])),
    }));
    expect(original).toHaveLength(962);
    expect(rowsOf(ours('published-aqi.csv'))).toEqual(original);
  });

  interface Vector {
    readonly std: string;
    readonly item: string;
    readonly c: number;
    readonly iaqi: number;
  }

  test('aqi-vectors.json: every index; an hour of PM is held against the 24 h column', () => {
    const { vectors } = JSON.parse(shared('data/aqi-vectors.json')) as { vectors: Vector[] };
    const original = vectors.map(({ std, item, c, iaqi }) => {
      const column = item.toLowerCase().replace(/^(pm\d+)_1h$/, '$1_24h');
      return { standard: spaced(std), column, c, iaqi };
    });
    expect(original).toHaveLength(64);
    expect((JSON.parse(ours('aqi-vectors.json')) as { iaqi: unknown }).iaqi).toEqual(original);
  });

  type Tables = Record<string, Record<string, unknown>>;
  const tables = () => JSON.parse(ours('air-tables.json')) as { iaqi: Tables; limits: Tables };

  test('air-tables.json: every breakpoint of both editions', () => {
    const reference = JSON.parse(shared('reference/iaqi-breakpoints.json'));
    for (const edition of ['2012', '2026']) {
      const columns = Object.entries(reference[`HJ633-${edition}`].columns as Record<string, (number | null)[]>);
      const known = columns.map(([name, breaks]) => [name.toLowerCase(), breaks.filter((value) => value !== null)]);
      expect(tables().iaqi[`HJ 633-${edition}`]).toEqual(Object.fromEntries(known));
    }
  });

  test('air-tables.json: every limit of both editions and both stages', () => {
    const reference = JSON.parse(shared('reference/gb3095-limits.json'));
    const edition = reference['GB3095-2026'];
    const isItem = ([, one]: [string, unknown]): boolean => typeof one === 'object' && !Array.isArray(one);
    const limits2012 = Object.fromEntries(Object.entries(reference['GB3095-2012']).filter(isItem)) as Tables;
    const others = edition.table2_unchanged;
    const named = (table: Tables): Tables => {
      const lower = ([name, value]: [string, unknown]) => [name.toLowerCase(), value] as const;
      const items = Object.entries(table).map(lower);
      return Object.fromEntries(
        items.map(([item, periods]) => [item, Object.fromEntries(Object.entries(periods as object).map(lower))]),
      ) as Tables;
    };
    expect(tables().limits).toEqual({
      '2012': named(limits2012),
      transition: named({ ...edition['transition_2026-03-01_to_2030-12-31'], ...others }),
      '2031': named({ ...edition['from_2031-01-01'], ...others }),
    });
  });
});
