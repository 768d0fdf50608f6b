// Every case of the bench in full: it loses nothing, no ratio is under 0.8 of the one that is kept of this processor (bench/results; where none is, of
// the lowest kept), and no goal is missed that was reached.
import { afterAll, describe, expect, test } from 'vitest';
import { type Context, type Row, reached } from '../../bench/case.ts';
import { CASES } from '../../bench/cases/index.ts';
import { createLoads } from '../../bench/loads.ts';
import { yardsticks } from '../../bench/results.ts';
import { endServers, tempFolder } from '../support/servers.ts';

/** Of the kept ratio. */
const LEAST = 0.8;

const say = (text: string): void => console.log(text);
const context: Context = { loads: createLoads(tempFolder('bench-long'), say), profile: undefined, say };

afterAll(endServers);

describe.each(CASES.map((one) => [one.name, one] as const))('%s', (name, one) => {
  test('in full', async () => {
    const kept = yardsticks('full', name);
    expect(kept).not.toEqual([]);
    const rows: readonly Row[] = await one.run('full', context);
    const earlier = (row: Row): Row[] => kept.map((then) => then.rows.find((other) => other.name === row.name)!);
    for (const then of kept) expect(rows.map((row) => row.name)).toEqual(then.rows.map((row) => row.name));
    const shares = rows.flatMap((row) => {
      const ratios = earlier(row).flatMap(({ ratio }) => ratio ?? []);
      return row.ratio === undefined || ratios.length === 0
        ? []
        : [{ row: row.name, share: row.ratio / Math.min(...ratios) }];
    });
    expect(shares.filter(({ share }) => share < LEAST)).toEqual([]);
    const missed = rows.filter((row) => reached(row) === false && earlier(row).every((then) => reached(then) === true));
    expect(missed).toEqual([]);
  });
});
