// Every case of the bench in full: it loses nothing, no ratio is under 0.8 of the kept one (bench/results), and no goal is missed that was reached.
import { afterAll, describe, expect, test } from 'vitest';
import { type Context, type Row, reached } from '../../bench/case.ts';
import { CASES } from '../../bench/cases/index.ts';
import { createLoads } from '../../bench/loads.ts';
import { readResult } from '../../bench/results.ts';
import { endServers, tempFolder } from '../support/servers.ts';

/** Of the kept ratio. */
const LEAST = 0.8;

const say = (text: string): void => console.log(text);
const context: Context = { loads: createLoads(tempFolder('bench-long'), say), profile: undefined, say };

afterAll(endServers);

describe.each(CASES.map((one) => [one.name, one] as const))('%s', (name, one) => {
  test('in full', async () => {
    const kept = new Map(readResult('full', name)?.rows.map((row) => [row.name, row]));
    const rows: readonly Row[] = await one.run('full', context);
    expect(rows.map((row) => row.name)).toEqual([...kept.keys()]);
    const shares = rows.flatMap((row) => {
      const before = kept.get(row.name)?.ratio;
      return row.ratio === undefined || before === undefined ? [] : [{ row: row.name, share: row.ratio / before }];
    });
    expect(shares.filter(({ share }) => share < LEAST)).toEqual([]);
    const missed = rows.filter((row) => reached(row) === false && reached(kept.get(row.name)!) === true);
    expect(missed).toEqual([]);
  });
});
