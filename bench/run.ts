// npm run bench: how fast the pipeline is, each case beside something that anyone knows, measured in the same run. Absolute figures depend
// on the machine and on the minute; the ratio is what counts. docs/performance.md has the last figures.

import { Command } from 'commander';
import pc from 'picocolors';
import { runAlone } from '../src/cli/alone.ts';
import { LantianError, reasonOf } from '../src/core/errors.ts';
import { endServers, tempFolder } from '../tests/support/servers.ts';
import type { Case, Size } from './case.ts';
import { CASES } from './cases/index.ts';
import { writeDocument } from './document.ts';
import { createLoads, type Loads } from './loads.ts';
import { machine } from './machine.ts';
import { writeResult } from './results.ts';
import { type Told, tableOf } from './table.ts';

interface Options {
  readonly only?: string;
  readonly quick?: boolean;
  readonly keep?: boolean;
  readonly profile?: string;
  readonly list?: boolean;
  readonly document?: boolean;
}

const began = performance.now();
const sinceBegin = (): string => `${Math.round((performance.now() - began) / 1000)} s`.padStart(7);
const say = (text: string): void => void process.stderr.write(`${pc.dim(sinceBegin())}  ${text}\n`);

const named = (wanted: string): Case => {
  const found = CASES.find(({ name }) => name === wanted);
  if (found) return found;
  const names = CASES.map(({ name }) => name).join(', ');
  throw new LantianError('usage', `没有 ${wanted} no case ${wanted}: ${names}`);
};

const chosen = ({ only }: Options): readonly Case[] => only?.split(',').map((name) => named(name.trim())) ?? CASES;

const list = (): number => {
  for (const { name, about } of CASES) process.stdout.write(`${name.padEnd(12)}${about.zh} ${about.en}\n`);
  return 0;
};

interface Shared {
  readonly size: Size;
  readonly keep: boolean;
  readonly profile: string | undefined;
  readonly loads: Loads;
}

const runOne = async (one: Case, { size, keep, profile, loads }: Shared): Promise<Told> => {
  say(pc.bold(`${one.name}  ${one.about.zh} ${one.about.en}`));
  const start = performance.now();
  const rows = await one.run(size, { loads, profile, say });
  const seconds = Math.round((performance.now() - start) / 1000);
  const about = { name: one.name, date: new Date().toISOString(), seconds, machine: machine() };
  const file = writeResult({ ...about, size, of: one.sizes[size], rows }, keep);
  say(`写入 written: ${file}`);
  return { name: one.name, beside: one.beside, rows };
};

/** One case that fails keeps no other from being measured. */
const runAll = async (cases: readonly Case[], { quick, keep = false, profile }: Options): Promise<number> => {
  const size = quick ? 'quick' : 'full';
  const shared: Shared = { size, keep, profile, loads: createLoads(tempFolder('bench'), say) };
  const told: Told[] = [];
  const failed: string[] = [];
  for (const one of cases) {
    try {
      told.push(await runOne(one, shared));
    } catch (thrown) {
      failed.push(one.name);
      say(pc.red(`${one.name} 失败 failed: ${reasonOf(thrown)}`));
    }
  }
  if (told.length > 0) process.stdout.write(tableOf(told));
  if (keep && size === 'full') writeDocument(say);
  if (failed.length > 0) say(pc.red(`没有结果 without a result: ${failed.join(', ')}`));
  return failed.length > 0 ? 1 : 0;
};

const run = (options: Options): number | Promise<number> => {
  if (options.list) return list();
  if (options.document) return writeDocument(say);
  return runAll(chosen(options), options);
};

const HELP = `
比值与对照都在同一次运行中轮流测得；目标未达到只在表中说明。
Figure and what it stands beside take turns in the same run. A goal that is missed is said in the table and is no failure.

退出码 exit codes: 0 完成 done, 1 有一项未能运行或丢失数据 a case did not run or lost something, 2 用法有误 wrong usage`;

const program = new Command('npm run bench --')
  .description('性能测试：每项与同一次运行中的对照相比 how fast the pipeline is, beside something known, in one run')
  .option('--only <names>', '只运行这些（逗号分隔） these cases alone, joined by commas')
  .option('--quick', '小规模，数分钟 small sizes, some minutes')
  .option(
    '--keep',
    '保留结果，作为这种处理器的基准 keep the results as those of this processor, which tests hold later runs against',
  )
  .option('--profile <folder>', 'CPU 剖析写入此目录 write CPU profiles there; read them with bench/profile.ts')
  .option('--list', '列出各项 list the cases')
  .option(
    '--document',
    '不测量，只更新 docs/performance.md 中的表 measure nothing, put the kept results into docs/performance.md',
  )
  .addHelpText('after', HELP);

try {
  await runAlone(program, run);
} finally {
  await endServers();
}
