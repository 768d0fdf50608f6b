import { readFileSync } from 'node:fs';
import { Argument, Command, CommanderError, Option } from 'commander';
import pc from 'picocolors';
import { AQI_HELP, DUSTFALL_HELP } from './cli/calculator-help.ts';
import { LantianError, reasonOf } from './core/errors.ts';

// One line a command; each loads its own code, so that a quick command starts quickly.

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const program = new Command('lantian')
  .version(version, '-V, --version', '版本 print the version')
  .description('蓝天：县域环境监测流水线 · Lantian, a county’s environmental monitoring pipeline')
  .exitOverride()
  .showHelpAfterError('（用 --help 查看用法 / see --help）')
  .configureOutput({ outputError: (text, write) => write(pc.red(text)) });

/** What a command's code gives is the process's exit code. */
const does =
  <Args extends unknown[]>(load: () => Promise<(...args: Args) => number | Promise<number>>) =>
  async (...args: Args): Promise<void> => {
    process.exitCode = await (await load())(...args);
  };

const withConfig = (command: Command): Command =>
  command.option('-c, --config <file>', '设置文件 settings file (default: lantian.yaml where there is one)');

withConfig(program.command('run'))
  .description('运行流水线 run the pipeline')
  .option('--simulator [scenarios]', '同时运行模拟县 run the simulated county beside it')
  .option('--no-simulator', '不运行模拟县 without it')
  .action(does(async () => (await import('./cli/run.ts')).run));

withConfig(program.command('check'))
  .description('检查设置与点位目录 check settings and catalog, all mistakes at once')
  .action(does(async () => (await import('./cli/check.ts')).check));

withConfig(program.command('simulate'))
  .description('模拟县：向 MQTT 服务器发送报文 a simulated county that publishes to a broker')
  .option(
    '--scenario <names>',
    'calm, rainstorm, dustfall, heavy-pollution, emission-exceedance, faulty-sensors',
    'calm',
  )
  .option('--url <url>', 'MQTT broker (default: the settings’ own)')
  .option('--from <time>', 'start: a duration back from now or a time', 'PT72H')
  .option('--until <time>', 'end: a duration on from now or a time')
  .option('--now <time>', 'the instant that the scenarios are about')
  .option('--speed <n>', 'times real time, or max', 'max')
  .option('--seed <n>', 'the same seed makes the same county', '1')
  .option('--rate <n>', 'messages a second, at most')
  .option('--dry-run', 'print the messages, publish nothing')
  .option('--once', 'give up where the broker cannot be reached')
  .addOption(new Option('--with-parent', 'end when stdin closes').hideHelp())
  .action(does(async () => (await import('./cli/simulate-command.ts')).simulateCommand));

withConfig(program.command('replay'))
  .description('回放文件 run files through the whole middle at event time')
  .argument('<files...>', 'CSV, may be gzipped')
  .requiredOption(
    '-m, --mapping <file>',
    'mapping, once for each file or once for all',
    (file, all: string[]) => [...all, file],
    [],
  )
  .requiredOption('-o, --out <folder>', 'folder for figures.csv and signals.jsonl')
  .option('--auto-sign', 'take people’s steps as given at once')
  .action(does(async () => (await import('./cli/replay.ts')).replay as never));

withConfig(program.command('aqi'))
  .description('空气质量指数计算 AQI of a table of concentrations (HJ 633-2012, HJ 633-2026)')
  .addArgument(new Argument('<period>', '小时 or 日 an hour or a day for each row').choices(['hourly', 'daily']))
  .argument('<file>', 'CSV, may be gzipped; - for stdin')
  .addHelpText('after', AQI_HELP)
  .action(does(async () => (await import('./cli/aqi.ts')).aqiCommand));

withConfig(program.command('dustfall'))
  .description('降尘量计算 dustfall of a table of weighings (HJ 1221-2021)')
  .argument('<file>', 'CSV, may be gzipped; - for stdin')
  .addHelpText('after', DUSTFALL_HELP)
  .action(does(async () => (await import('./cli/dustfall.ts')).dustfallCommand));

const quarantine = program.command('quarantine').description('隔离区 messages that were not understood');
const chosen = (command: Command): Command =>
  withConfig(command)
    .option('--reason <reason>', 'of this reason only')
    .option('--station <id>', 'of this station only');
chosen(quarantine.command('list'))
  .description('列出 list them')
  .option('--limit <n>', 'at most', '50')
  .action(does(async () => (await import('./cli/quarantine.ts')).list));
withConfig(quarantine.command('show'))
  .argument('<id>')
  .description('查看 show one with its payload')
  .action(does(async () => (await import('./cli/quarantine.ts')).show));
chosen(quarantine.command('retry'))
  .description('重试 try them again, with the catalog as it is now')
  .argument('[id]')
  .option('--all', 'every one that waits')
  .action(does(async () => (await import('./cli/quarantine.ts')).retry));

const tell = (thrown: unknown): number => {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
  if (!(thrown instanceof LantianError)) {
    process.stderr.write(`${pc.red('lantian:')} ${thrown instanceof Error ? thrown.stack : reasonOf(thrown)}\n`);
    return 1;
  }
  process.stderr.write(
    `${pc.red('lantian:')} ${thrown.code}: ${thrown.message}\n${thrown.details.map((line) => `  ${line}\n`).join('')}`,
  );
  return thrown.exit;
};

try {
  await program.parseAsync();
} catch (thrown) {
  process.exitCode = tell(thrown);
}
