// The least of each fault, for every change; `npm run chaos` does it in earnest. And that the harness finds a fault which it makes itself.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createAlone, feed, seriesLeft } from '../chaos/alone.ts';
import { clock } from '../chaos/clock.ts';
import { difference } from '../chaos/compare.ts';
import { damageRows } from '../chaos/disk-damage.ts';
import { docTable, tableInDoc } from '../chaos/doc.ts';
import { SCENARIOS } from '../chaos/index.ts';
import { kills } from '../chaos/kills.ts';
import { overload } from '../chaos/load.ts';
import { payloads } from '../chaos/payloads.ts';
import { plant } from '../chaos/plant.ts';
import { KEPT, readResults } from '../chaos/results.ts';
import { type Context, held, type Planted, type Row } from '../chaos/scenario.ts';
import { SIZES } from '../chaos/sizes.ts';
import { tableOf } from '../chaos/table.ts';
import { undisturbed } from '../chaos/world.ts';
import { floorTo, MINUTE } from '../src/core/time.ts';
import { loadOf } from './support/load.ts';

const SEED = 20_260_720;
const PATIENCE = 120_000;
const size = { ...SIZES.quick, days: 0.1, kills: { pipeline: 1, mosquitto: 0, influx: 0 }, payloads: 1_000 };

/** What it says is kept, to be shown where something does not hold. */
const contextOf = (over: Partial<Context> = {}): Context & { readonly said: string[] } => {
  const said: string[] = [];
  return { size, seed: SEED, say: (text) => said.push(text), said, ...over };
};

const expectHeld = (rows: readonly Row[], { said }: { said: readonly string[] }): void => {
  expect(rows.length).toBeGreaterThan(0);
  expect(
    rows.filter((row) => !held(row)),
    `${tableOf(rows)}${said.join('\n')}`,
  ).toEqual([]);
};

const chaos = (...args: string[]) => {
  const { VITEST: _, ...env } = process.env;
  return promisify(execFile)(process.execPath, [join(import.meta.dirname, '..', 'chaos', 'run.ts'), ...args], { env });
};

describe.concurrent('the least of each fault', () => {
  test.each([kills, clock, payloads, overload])(
    '$name',
    async (scenario) => {
      const context = contextOf();
      expectHeld(await scenario.run(context), context);
    },
    PATIENCE,
  );

  test(
    'damage',
    async () => {
      const context = contextOf();
      const now = floorTo(Date.now(), 5 * MINUTE) - 5 * MINUTE;
      const messages = loadOf({ days: size.days, now, seed: SEED, toggles: 20 });
      expectHeld(await damageRows(messages, await undisturbed(messages), context), context);
    },
    PATIENCE,
  );

  test(
    'a kill of the pipeline, and a message that the harness itself drops: it alone is found',
    async () => {
      const once = { ...size, kills: { pipeline: 1, mosquitto: 0, influx: 0 } };
      const [row] = await kills.run(contextOf({ planted: 'loss', size: once }));
      expect(held(row!)).toBe(false);
      expect(row!.lost).toBeGreaterThan(0);
      expect(row).toMatchObject({ duplicated: 0, broken: [] });
      expect(tableOf([row!])).toContain('不成立 broken');
    },
    PATIENCE,
  );
});

describe('a fault of the harness’s own is found', () => {
  test.each<[Planted, keyof Row]>([
    ['loss', 'lost'],
    ['duplicate', 'duplicated'],
    ['change', 'wrong'],
  ])('%s of a message', (planted, cost) => {
    const now = floorTo(Date.now(), 5 * MINUTE);
    const messages = loadOf({ days: size.days, now, seed: SEED, toggles: 5 });
    const left = (planted_: Planted | undefined) => {
      const rig = createAlone(() => now);
      feed(
        rig,
        plant(messages, planted_).map((message) => ({ ...message, received: now })),
      );
      rig.pipeline.stop();
      return seriesLeft(rig);
    };
    expect(difference('series', left(planted), left(undefined))[cost as 'lost']).toBeGreaterThan(0);
  });

  test('a difference of each kind', () => {
    const theirs = new Map(Object.entries({ a: '1', b: '2', c: '3' }));
    const ours = new Map(Object.entries({ b: '2', c: '4', d: '5' }));
    expect(difference('row', ours, theirs)).toMatchObject({ lost: 1, duplicated: 1, wrong: 1 });
    expect(difference('row', theirs, theirs)).toEqual({ lost: 0, duplicated: 0, wrong: 0, some: [] });
  });
});

describe('npm run chaos', () => {
  test('lists what there is', async () => {
    const { stdout } = await chaos('--list');
    expect(stdout.split('\n').filter(Boolean)).toHaveLength(SCENARIOS.length);
  });

  test('tells how it is used, and what is wrong with a command', async () => {
    expect((await chaos('--help')).stdout).toContain('--seed <number>');
    await expect(chaos('--only', 'nothing')).rejects.toMatchObject({ code: 2, stderr: /no scenario nothing/ });
    await expect(chaos('--seed', '-1')).rejects.toMatchObject({ code: 2 });
  });

  test('docs/reliability.md shows the results that are kept', () => {
    expect(tableInDoc()).toBe(docTable(readResults(KEPT)));
  });
});
