import { readFileSync } from 'node:fs';
import { Argument, Command, CommanderError, Option } from 'commander';
import pc from 'picocolors';
import { PASSWORDS_HELP } from './cli/broker-help.ts';
import { AQI_HELP, DUSTFALL_HELP, WATER_HELP } from './cli/calculator-help.ts';
import { ENTER_HELP, INVALIDATE_HELP, RESTORE_HELP } from './cli/desk-help.ts';
import { AUDIT_HELP, TOKEN_HELP } from './cli/people-help.ts';
import { letReaderGo } from './cli/reader.ts';
import { REPORT_HELP } from './cli/report-help.ts';
import { COPY_HELP, INIT_HELP } from './cli/store-help.ts';
import { LantianError, reasonOf } from './core/errors.ts';
import { ROLES } from './signals/roles.ts';

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
  .requiredOption('-o, --out <folder>', 'folder for figures.csv, signals.jsonl and backtest.csv')
  .option('--auto-sign', 'take people’s steps as given at once')
  .action(does(async () => (await import('./cli/replay.ts')).replay as never));

withConfig(program.command('aqi'))
  .description('空气质量指数计算 AQI of a table of concentrations (HJ 633-2012, HJ 633-2026)')
  .addArgument(new Argument('<period>', '小时 or 日 an hour or a day for each row').choices(['hourly', 'daily']))
  .argument('<file>', 'CSV, may be gzipped; - for stdin')
  .addHelpText('after', AQI_HELP)
  .action(does(async () => (await import('./cli/aqi.ts')).aqiCommand));

withConfig(program.command('water'))
  .description('地表水类别计算 class of a table of water samples (GB 3838-2002, 环办〔2011〕22号)')
  .argument('<file>', 'CSV, may be gzipped; - for stdin')
  .option('--lake', '湖库 rows are of lakes and reservoirs where the column body does not say')
  .addHelpText('after', WATER_HELP)
  .action(does(async () => (await import('./cli/water.ts')).waterCommand));

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

withConfig(program.command('enter'))
  .description('录入实验室与人工监测值 enter values of the laboratory, a file or one reading')
  .argument('<feed>', '数据类别 the kind of report')
  .argument('[file]', 'CSV, may be gzipped; - for stdin')
  .requiredOption('--by <name>', '录入人 who enters it')
  .option('--station <id>', '一条读数：站点 one reading by options: its station')
  .option('--time <time>', '时段结束时刻 END of the period')
  .option('--start <time>', '采样开始 start of the exposure')
  .option('--end <time>', '采样结束 end of the exposure')
  .option('--period <duration>', '时段长度 length of the period: PT1H, P1M')
  .option('--from <time>', '预报时段起 start of a forecast’s window')
  .option('--to <time>', '预报时段止 end of a forecast’s window')
  .option('--status <status>', '工况 status of an outlet')
  .option('--trend <trend>', '干旱趋势 trend of a drought')
  .option('--phenomena <names>', '天气现象 phenomena, joined by ;')
  .option('--value <quantity=number>', '监测值，可多次 a value; may be given again', (text, all: string[] = []) => [
    ...all,
    text,
  ])
  .option('--dry-run', '只检查，不录入 check only')
  .addHelpText('after', ENTER_HELP)
  .action(does(async () => (await import('./cli/enter.ts')).enter));

const review = program.command('review').description('审核读数 invalidate readings, restore them, see who did what');
const reviewing = (name: string, words: string, help: string): Command =>
  withConfig(review.command(name))
    .description(words)
    .argument('<feed>', '数据类别 the kind of report')
    .requiredOption('--station <id>', '站点 station')
    .option('--time <time>', '时段结束时刻 END of the reading’s period')
    .option('--from <time>', '或自 or from')
    .option('--to <time>', '至 to')
    .requiredOption('--quantities <names>', '监测因子，逗号分隔，或 all quantities, joined by commas, or all')
    .requiredOption('--by <name>', '审核人 who reviews')
    .requiredOption('--reason <text>', '理由 why')
    .addHelpText('after', help);
reviewing('invalidate', '判为无效 mark values invalid', INVALIDATE_HELP).action(
  does(async () => (await import('./cli/review.ts')).invalidate),
);
reviewing('restore', '恢复有效 take the mark away again', RESTORE_HELP).action(
  does(async () => (await import('./cli/review.ts')).restore),
);
withConfig(review.command('list'))
  .description('列出录入与审核，最新在前 list entries and reviews, newest first: who, when, what, why, outcome')
  .option('--station <id>', '只看该站点 of this station only')
  .addOption(new Option('--kind <kind>', '只看录入或审核 of this kind only').choices(['entry', 'review']))
  .option('--limit <n>', '最多 at most', '50')
  .action(does(async () => (await import('./cli/review/look.ts')).list));
withConfig(review.command('show'))
  .argument('<id>')
  .description('查看 show one, and the readings it speaks of as they came')
  .action(does(async () => (await import('./cli/review/look.ts')).show));

const token = program.command('token').description('接口令牌 tokens of the HTTP API: who may take which step');
withConfig(token.command('make'))
  .description('生成令牌，只显示一次 make one; it is shown once')
  .requiredOption('--name <name>', '姓名 whose it is')
  .addOption(new Option('--role <role>', '角色 role').choices(Object.keys(ROLES)).makeOptionMandatory())
  .option('--unit <id>', '乡镇或企业编码 the township or enterprise, of those roles')
  .addHelpText('after', TOKEN_HELP)
  .action(does(async () => (await import('./cli/token.ts')).make));
withConfig(token.command('list'))
  .description('列出 list them, without the tokens themselves')
  .action(does(async () => (await import('./cli/token.ts')).list));
withConfig(token.command('revoke'))
  .argument('<id>')
  .description('撤销 revoke one; at once')
  .action(does(async () => (await import('./cli/token.ts')).revoke));

const broker = program.command('broker').description('自建消息服务器 a broker of your own');
const again = (text: string, all: string[]): string[] => [...all, text];
withConfig(broker.command('passwords'))
  .description('按目录生成 Mosquitto 的用户、密码与权限 users, passwords and rights for Mosquitto, from the catalog')
  .option('-o, --out <folder>', '输出目录 folder for the files (default: DATA/broker)')
  .option('--renew <user>', '更换该用户的密码，可多次 a new password for a user; may be given again', again, [])
  .option('--take <user=VARIABLE>', '密码取自环境变量，可多次 its password is in the environment', again, [])
  .addHelpText('after', PASSWORDS_HELP)
  .action(does(async () => (await import('./cli/broker.ts')).passwords));

withConfig(program.command('audit'))
  .description('核验台账 verify the ledger’s chain of hashes')
  .option('--noted <hash>', '此前记下的散列，应在链中 a hash noted before, that must be in the chain')
  .option('--print', '输出全部条目 print all entries, a JSON line each')
  .addHelpText('after', AUDIT_HELP)
  .action(does(async () => (await import('./cli/audit.ts')).audit));

withConfig(program.command('report'))
  .description('月报表 a month’s tables of air, dustfall, water and emission, as xlsx or CSV')
  .option('--month <YYYY-MM>', '月份 month (default: 上一个整月 the last whole month)')
  .option('-o, --out <folder>', '输出目录 folder for the files', '.')
  .addOption(new Option('--format <format>', '格式 format').choices(['xlsx', 'csv', 'both']).default('xlsx'))
  .addHelpText('after', REPORT_HELP)
  .action(does(async () => (await import('./cli/report.ts')).report));

const store = program.command('store').description('时序库 time-series stores: prepare them, fill them with history');
withConfig(store.command('init'))
  .description('建立各库、保留期、用户与权限 make what every store needs: databases, retention, users and rights')
  .option(
    '--shorten',
    '允许缩短保留期（服务器会删除更早的数据） let retention become shorter: the server drops older rows',
  )
  .addHelpText('after', INIT_HELP)
  .action(does(async () => (await import('./cli/store/init.ts')).init));
withConfig(store.command('copy'))
  .description('把内置库的历史写入 InfluxDB write the embedded store’s history into InfluxDB')
  .option('--to <name>', '目标库，如 a store such as host:8086/lantian (default: 全部 all)')
  .option('--from <time>', '自（含） rows from this time on')
  .option('--until <time>', '至（不含） rows before this time')
  .option('--measurement <names>', '只复制这些序列，逗号分隔 these measurements only, joined by commas')
  .addHelpText('after', COPY_HELP)
  .action(does(async () => (await import('./cli/store/copy.ts')).copy));

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

letReaderGo();
try {
  await program.parseAsync();
} catch (thrown) {
  process.exitCode = tell(thrown);
}
