import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pc from 'picocolors';
import { scenariosOf } from '../../sensors/simulator/scenarios/index.ts';
import { isSimulated, storyTime } from '../../sensors/simulator/story.ts';
import { loadCatalog } from '../config/catalog.ts';
import { loadSettings } from '../config/load.ts';
import type { Settings } from '../config/schema.ts';
import { LantianError } from '../core/errors.ts';
import { createLog } from '../core/log.ts';
import { isoUtc } from '../core/time.ts';
import type { Watcher } from '../effects.ts';
import { type Lantian, startLantian } from '../main.ts';
import { createScreen, type Screen } from './screen.ts';

export interface RunOptions {
  readonly config?: string;
  /** Scenarios, or true for those that show a new user most. */
  readonly simulator?: boolean | string;
}

const SHOWN = 'rainstorm,dustfall';

/** The simulated county runs in a process of its own and reaches us through the broker, like any sensor. */
const startSimulator = (url: string, scenario: string, about: number, config: string | undefined): ChildProcess => {
  const cli = fileURLToPath(new URL('../cli.ts', import.meta.url));
  const args = [cli, 'simulate', '--url', url, '--scenario', scenario, '--now', isoUtc(about), '--with-parent'];
  if (config !== undefined) args.push('--config', config);
  // Its stdin closes when this process ends, however it ends; then the simulator ends as well.
  return spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'inherit'] });
};

/** What a simulated county sent must not be taken for measured. */
const refuseSimulated = (folder: string): void => {
  if (!isSimulated(folder)) return;
  const words = `${folder} holds what a simulated county sent; set data.folder to another, delete it, or add --simulator`;
  throw new LantianError('data-simulated', words);
};

const watcherOf = (screen: Screen): Watcher => ({
  reading: (reading) => screen.line({ type: 'reading', reading }),
  figure: (figure) => screen.line({ type: 'figure', figure }),
  signal: (signal) => screen.line({ type: 'signal', signal }),
});

const rowsOf = (lantian: Lantian, settings: Settings, scenario: string | undefined) => [
  { what: '消息服务器 MQTT', where: lantian.mqtt.join(' ') },
  { what: '网页与接口 HTTP', where: lantian.http ?? '关闭 off' },
  { what: '存储 stores', where: lantian.stores.join(' ') },
  { what: '数据目录 data', where: settings.data.folder },
  {
    what: '县域目录 catalog',
    where: `${join(settings.catalog, settings.county)} (${lantian.catalog.stations.size} 个站点 stations)`,
  },
  ...(scenario === undefined ? [] : [{ what: '模拟县 simulator', where: scenario }]),
];

/** Read the catalog again shortly after a file in it changed, or at SIGHUP. */
const followCatalog = (lantian: Lantian, settings: Settings, screen: Screen): (() => void) => {
  const folder = join(settings.catalog, settings.county);
  let timer: NodeJS.Timeout | undefined;
  const reload = (): void => {
    try {
      const { stations } = loadCatalog(settings.catalog, settings.county);
      lantian.reload();
      screen.line({ type: 'note', text: `目录已重新读取 catalog read again: ${stations.size} 个站点 stations` });
    } catch (thrown) {
      if (!(thrown instanceof LantianError)) throw thrown;
      const text = `目录有误，仍用原目录 the catalog has mistakes, the one before stays in use:`;
      for (const line of [text, ...thrown.details]) screen.line({ type: 'note', text: line });
    }
  };
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(reload, 500);
  };
  const watcher = existsSync(folder) ? watch(folder, soon) : undefined;
  process.on('SIGHUP', soon);
  return () => {
    clearTimeout(timer);
    watcher?.close();
    process.off('SIGHUP', soon);
  };
};

/** One Ctrl-C may come as several signals (terminal, npm, a supervisor): those of the same moment are one. */
const SAME_MOMENT = 1_000;

/** Resolves when asked to end. Asked again later, the process ends at once: what was acknowledged is on disk. */
const untilAsked = (): Promise<void> =>
  new Promise((resolve) => {
    let first: number | undefined;
    const asked = (): void => {
      first ??= performance.now();
      if (performance.now() - first > SAME_MOMENT) process.exit(130);
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, asked);
  });

const endSimulator = async (child: ChildProcess | undefined): Promise<void> => {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
};

/** Starts after damage was met while running, before giving up. */
const ATTEMPTS = 3;

/** `lantian run`: until Ctrl-C. */
export const run = async (options: RunOptions): Promise<number> => {
  const asked = untilAsked();
  for (let attempt = 1; ; attempt++) {
    const failure = await runOnce(options, asked);
    if (failure === undefined) return 0;
    if (attempt === ATTEMPTS) throw failure;
    process.stderr.write(`lantian: ${failure.code}: ${failure.message}\n`);
  }
};

const runOnce = async (options: RunOptions, asked: Promise<void>): Promise<LantianError | undefined> => {
  const settings = loadSettings({ file: options.config, env: process.env });
  const scenario = options.simulator === true ? SHOWN : options.simulator || undefined;
  // A name that is wrong is told before anything starts.
  if (scenario !== undefined) scenariosOf(scenario);
  else refuseSimulated(settings.data.folder);
  const screen = createScreen({ stream: process.stdout, color: pc.isColorSupported, now: Date.now });
  const lantian = await startLantian({ settings, log: createLog(settings.log.level), watcher: watcherOf(screen) });
  screen.started(rowsOf(lantian, settings, scenario));
  screen.watch(() => ({ counts: lantian.counts(), signalsInForce: lantian.signalsInForce() }));
  const unfollow = followCatalog(lantian, settings, screen);
  const about = () => storyTime(settings.data.folder, Date.now());
  const simulator =
    scenario === undefined ? undefined : startSimulator(lantian.mqtt[0]!, scenario, about(), options.config);
  const failure = await Promise.race([asked, lantian.failed]);
  unfollow();
  await endSimulator(simulator);
  screen.stop();
  await lantian.stop();
  if (failure === undefined) process.stdout.write('已停止 stopped\n');
  return failure ?? undefined;
};
