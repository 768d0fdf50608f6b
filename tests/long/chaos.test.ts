import { expect, test } from 'vitest';
import { SCENARIOS } from '../../chaos/index.ts';
import { held } from '../../chaos/scenario.ts';
import { SIZES } from '../../chaos/sizes.ts';
import { tableOf } from '../../chaos/table.ts';

const HOURS = 3_600_000;

test.each(SCENARIOS)(
  '$name, in full',
  async (scenario) => {
    const say = (text: string): void => void process.stdout.write(`${text}\n`);
    const rows = await scenario.run({ size: SIZES.full, seed: 20_260_720, say });
    say(tableOf(rows));
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter((row) => !held(row))).toEqual([]);
  },
  2 * HOURS,
);
