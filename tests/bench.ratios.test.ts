// A short bench: no ratio may fall under 0.8 of the one of the same size that is kept of this processor (bench/results/*/quick); where none is,
// under 0.8 of the lowest kept. The best of three rounds counts, and no more are run than are needed: a round may meet a machine that is busy
// with something else, which only ever makes one side look slower.
// It is a project of its own in vitest.config.ts, run when all other tests have ended.
import { afterAll, expect, test } from 'vitest';
import type { Context, Row } from '../bench/case.ts';
import { aqi } from '../bench/cases/aqi.ts';
import { replay } from '../bench/cases/replay.ts';
import { QUICK, turnsUnder } from '../bench/cases/throughput.ts';
import { createLoads } from '../bench/loads.ts';
import { compared } from '../bench/numbers.ts';
import { yardsticks } from '../bench/results.ts';
import { turnsOf } from '../bench/rounds.ts';
import { endServers, tempFolder } from './support/servers.ts';

/** Of the kept ratio. */
const LEAST = 0.8;
const ROUNDS = 3;

const quiet = (): void => {};
const context: Context = { loads: createLoads(tempFolder('bench-test'), quiet), profile: undefined, say: quiet };

/** Rows to be held against, of the kept quick results; a case without them is a failure. */
const kept = (name: string, row: string): [Row, ...Row[]] => {
  const found = yardsticks('quick', name).map(({ rows }) => rows.find((one) => one.name === row));
  const [first, ...others] = found.filter((one) => one?.ratio !== undefined) as Row[];
  if (first === undefined)
    throw new Error(`no kept ratio ${name} ${row}: npm run bench -- --quick --keep --only ${name}`);
  return [first, ...others];
};

/** The highest share of what is kept, of at most three rounds. */
const best = async (share: () => Promise<number>): Promise<number> => {
  let most = 0;
  for (let round = 0; round < ROUNDS && most < LEAST; round++) most = Math.max(most, await share());
  return most;
};

/** How much of the other's processor time a message of ours may cost: of what is kept, as a share like that of ratios. */
const cpuShare = (now: Row, then: Row): number => {
  const of = ({ cpu }: Row): number => (cpu?.beside ?? Number.NaN) / (cpu?.figure ?? Number.NaN);
  return of(now) / of(then);
};

afterAll(endServers);

test.each([
  ['aqi', 'hour', aqi],
  ['replay', 'rows', replay],
] as const)('%s %s', async (_name, row, one) => {
  const then = Math.min(...kept(one.name, row).map(({ ratio }) => ratio!));
  const share = async () => (await one.run('quick', context)).find(({ name }) => name === row)!.ratio! / then;
  expect(await best(share)).toBeGreaterThanOrEqual(LEAST);
});

// Publisher, broker and subscriber are three processes: with other work on two cores the wall time of a round says as much of that
// work as of ours. Processor time hardly does, so what holds by either holds.
test('throughput day', async () => {
  const rows = kept('throughput', 'day');
  const { name, what, unit } = rows[0];
  const share = async () => {
    const turns = turnsOf(await turnsUnder('day', QUICK, 1, context), 'durable');
    const now = compared({ name, what, unit }, turns);
    return Math.max(...rows.map((then) => Math.max(now.ratio! / then.ratio!, cpuShare(now, then))));
  };
  expect(await best(share)).toBeGreaterThanOrEqual(LEAST);
});
