// npm run chaos: faults of every kind, done to the real pipeline, and what they cost. docs/reliability.md has the last figures.

import { Command } from 'commander';
import pc from 'picocolors';
import { machine } from '../bench/machine.ts';
import { runAlone } from '../src/cli/alone.ts';
import { LantianError } from '../src/core/errors.ts';
import { endChildren } from '../tests/support/lantian.ts';
import { endServers } from '../tests/support/servers.ts';
import { writeDoc } from './doc.ts';
import { SCENARIOS } from './index.ts';
import { KEPT, ownFile, readResults, writeResult } from './results.ts';
import { held, type Row, type Scenario } from './scenario.ts';
import { SIZES, type Size } from './sizes.ts';
import { tableOf } from './table.ts';

interface Options {
  readonly only?: string;
  readonly seed: string;
  readonly short?: boolean;
  readonly quick?: boolean;
  readonly keep?: boolean;
  readonly list?: boolean;
}

const SEED = '20260720';
const began = performance.now();

const clock = (): string => `${Math.round((performance.now() - began) / 1000)} s`.padStart(7);
const say = (text: string): void => void process.stderr.write(`${pc.dim(clock())}  ${text}\n`);

const chosen = ({ only }: Options): readonly Scenario[] => {
  const names = only?.split(',') ?? SCENARIOS.map(({ name }) => name);
  return names.map((wanted) => {
    const found = SCENARIOS.find(({ name }) => name === wanted);
    if (found) return found;
    throw new LantianError(
      'usage',
      `没有 ${wanted} no scenario ${wanted}: ${SCENARIOS.map(({ name }) => name).join(', ')}`,
    );
  });
};

const seedOf = ({ seed }: Options): number => {
  if (/^\d{1,10}$/.test(seed)) return Number(seed);
  throw new LantianError('usage', `--seed ${seed} 应为非负整数 is no whole number`);
};

const list = (): void => {
  for (const { name, about } of SCENARIOS) process.stdout.write(`${name.padEnd(10)}${about.zh} ${about.en}\n`);
};

const runOne = async (scenario: Scenario, size: Size, seed: number, keep: boolean): Promise<readonly Row[]> => {
  say(pc.bold(`${scenario.name}  ${scenario.about.zh} ${scenario.about.en}`));
  const start = performance.now();
  const rows = await scenario.run({ size, seed, say });
  const seconds = Math.round((performance.now() - start) / 1000);
  const result = { date: new Date().toISOString(), size: size.name, seed, seconds, machine: machine(), rows };
  writeResult(keep ? KEPT : ownFile(size.name), scenario.name, result);
  if (keep) writeDoc(readResults(KEPT));
  return rows;
};

const run = async (options: Options): Promise<number> => {
  if (options.list) {
    list();
    return 0;
  }
  const [scenarios, seed] = [chosen(options), seedOf(options)];
  const size = SIZES[options.quick ? 'quick' : options.short ? 'short' : 'full'];
  const rows: Row[] = [];
  for (const scenario of scenarios) rows.push(...(await runOne(scenario, size, seed, options.keep === true)));
  process.stdout.write(tableOf(rows));
  say(`种子 seed ${seed}；结果 results: ${options.keep ? KEPT : ownFile(size.name)}`);
  return rows.every(held) ? 0 : 1;
};

const program = new Command('npm run chaos --')
  .description(
    '对真实的流水线施加故障，并与未受干扰的运行比较 faults done to the real pipeline, held beside an undisturbed run',
  )
  .option('--only <names>', '只运行这些（逗号分隔） these scenarios alone, joined by commas')
  .option('--seed <number>', '随机种子 seed of all that is random', SEED)
  .option('--short', '几分钟 some minutes in place of hours')
  .option('--quick', '每次改动用 as for every change: the least of each')
  .option('--keep', '结果记入 chaos/results/kept.json 与 docs/reliability.md keep the results there')
  .option('--list', '列出各项 list the scenarios')
  .addHelpText('after', '\n退出码 exit codes: 0 成立 all held, 1 有不成立 something did not, 2 用法有误 wrong usage');

try {
  await runAlone(program, run);
} finally {
  await endChildren();
  await endServers();
}
