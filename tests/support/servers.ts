// Real programs for tests and benchmarks: on free loopback ports, with their files in a temporary folder, ended with
// the test file (or with our process, however it dies: the kernel then sends them SIGKILL, see `setpriv`).
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** A program under test's control. `restart` keeps port and folder, so that what was made durable is there again. */
export interface Server {
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  /** Process id of the program now; undefined while it is stopped. */
  readonly pid: number | undefined;
  /** SIGTERM, and wait until it ended. */
  stop(): Promise<void>;
  /** SIGKILL, and wait until it ended. */
  kill9(): Promise<void>;
  /** Start it again (after ending it, where it runs), and wait until it answers. */
  restart(): Promise<void>;
  /** What the program has printed so far. */
  output(): string;
}

export interface ServerOptions {
  readonly port?: number;
  /** Where its files live; a temporary folder that is removed in the end when absent. */
  readonly folder?: string;
  /** More lines for its configuration file. */
  readonly config?: string;
}

export interface MosquittoOptions extends ServerOptions {
  /** Keep sessions and messages over `stop` and `restart`; yes when absent. */
  readonly persistence?: boolean;
  /** Messages queued for a session; 0 (absent) is no limit, where Mosquitto's own default is 1,000. */
  readonly maxQueued?: number;
  /** The whole configuration, in place of what the other options say; `port` must be the one it names. */
  readonly whole?: string;
}

const folders: string[] = [];
const servers: Server[] = [];

/** A new folder that is removed when the test file ends. */
export const tempFolder = (name = 'lantian'): string => {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  folders.push(folder);
  return folder;
};

const bindable = async (port: number): Promise<boolean> => {
  const probe = createServer();
  const listening = new Promise<boolean>((resolve) => {
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => resolve(true));
  });
  const free = await listening;
  if (free) await new Promise((resolve) => probe.close(resolve));
  return free;
};

/** Test files that run at once take ports from ranges of their own: between the look at a port and its use another would find it free too. */
const RANGES = 8;
const RANGE = 2_000;
const firstPort = 15_000 + (Number(process.env['VITEST_POOL_ID'] ?? 0) % RANGES) * RANGE;
let given = Math.floor(Math.random() * RANGE);

/** A free port of 127.0.0.1, below the range that the kernel gives to outgoing connections: it stays ours over a restart. */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = firstPort + (given++ % RANGE);
    if (await bindable(port)) return port;
  }
};

/** End every server and remove every folder; runs by itself at the end of a test file. */
export const endServers = async (): Promise<void> => {
  await Promise.all(servers.splice(0).map((server) => server.kill9()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
};

// Benchmarks use this file too, outside of Vitest; they call endServers themselves.
if (process.env['VITEST']) (await import('vitest')).afterAll(endServers);

/** Path of a program; a missing one is an error that names its Debian package, never a reason to skip. */
export const findProgram = (binary: string, debianPackage: string): string => {
  const places = [
    ...(process.env['PATH'] ?? '').split(':'),
    '/usr/sbin',
    '/usr/bin',
    '/usr/local/sbin',
    '/usr/local/bin',
  ];
  const found = places.map((place) => join(place, binary)).find((path) => existsSync(path));
  if (found) return found;
  throw new Error(
    `this test needs ${binary}: install the Debian package ${debianPackage} (apt-get install ${debianPackage})`,
  );
};

const answers = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(1000) })).ok;
  } catch {
    return false; // refused or slow: not up yet, which is the answer
  }
};

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

interface Program {
  readonly name: string;
  readonly command: readonly string[];
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  readonly ready: () => Promise<boolean>;
}

const end = async (child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> => {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  const late = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await ended;
  clearTimeout(late);
};

const running = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

const launch = (program: Program, logFile: string): ChildProcess => {
  const log = openSync(logFile, 'a');
  // A parent that is killed takes the program with it.
  const guard = [findProgram('setpriv', 'util-linux'), '--pdeathsig', 'KILL', '--'];
  const [command, ...rest] = [...guard, ...program.command] as [string, ...string[]];
  const child = spawn(command, rest, { cwd: program.folder, stdio: ['ignore', log, log] });
  closeSync(log);
  return child;
};

const serve = async (program: Program): Promise<Server> => {
  const logFile = join(program.folder, `${program.name}.log`);
  let child: ChildProcess | undefined;
  const output = () => readFileSync(logFile, 'utf8');
  const start = async () => {
    const started = launch(program, logFile);
    child = started;
    const deadline = Date.now() + 30_000;
    while (!(await program.ready())) {
      if (!running(started)) throw new Error(`${program.name} ended while starting:\n${output().slice(-2000)}`);
      if (Date.now() > deadline) throw new Error(`${program.name} does not answer:\n${output().slice(-2000)}`);
      await sleep(25);
    }
  };
  const server: Server = {
    url: program.url,
    port: program.port,
    folder: program.folder,
    get pid() {
      return child && running(child) ? child.pid : undefined;
    },
    stop: () => end(child, 'SIGTERM'),
    kill9: () => end(child, 'SIGKILL'),
    restart: async () => {
      await end(child, 'SIGTERM');
      await start();
    },
    output,
  };
  servers.push(server);
  await start();
  return server;
};

/** Eclipse Mosquitto; anonymous clients may do everything. */
export const startMosquitto = async (options: MosquittoOptions = {}): Promise<Server> => {
  const binary = findProgram('mosquitto', 'mosquitto');
  const folder = options.folder ?? tempFolder('mosquitto');
  const port = options.port ?? (await freePort());
  const lines = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    `max_queued_messages ${options.maxQueued ?? 0}`,
    `persistence ${options.persistence ?? true}`,
    `persistence_location ${folder}/`,
    // Run by root it would change to a user that may not write the folder.
    `user ${userInfo().username}`,
    options.config ?? '',
  ];
  const file = join(folder, 'mosquitto.conf');
  writeFileSync(file, options.whole ?? `${lines.join('\n')}\n`);
  const url = `mqtt://127.0.0.1:${port}`;
  return serve({ name: 'mosquitto', command: [binary, '-c', file], url, port, folder, ready: () => accepts(port) });
};

/** InfluxDB 1.x, without a user; the database is the caller's to create. `config` is appended to its TOML. */
export const startInflux = async (options: ServerOptions = {}): Promise<Server> => {
  const binary = findProgram('influxd', 'influxdb');
  const folder = options.folder ?? tempFolder('influx');
  const port = options.port ?? (await freePort());
  const lines = [
    'reporting-disabled = true',
    `bind-address = "127.0.0.1:${await freePort()}"`,
    `[meta]\ndir = "${folder}/meta"`,
    `[data]\ndir = "${folder}/data"\nwal-dir = "${folder}/wal"\nquery-log-enabled = false`,
    '[monitor]\nstore-enabled = false',
    options.config ?? '',
  ];
  if (!options.config?.includes('[http]')) lines.push('[http]');
  const http = `[http]\nbind-address = "127.0.0.1:${port}"\nlog-enabled = false`;
  const file = join(folder, 'influxdb.conf');
  writeFileSync(file, `${lines.join('\n').replace('[http]', http)}\n`);
  const url = `http://127.0.0.1:${port}`;
  const command = [binary, 'run', '-config', file];
  return serve({ name: 'influxd', command, url, port, folder, ready: () => answers(`${url}/ping`) });
};

/** VictoriaMetrics, which takes InfluxDB's /api/v2/write for numbers. What was written shows in reads at once. */
export const startVictoria = async (options: ServerOptions = {}): Promise<Server> => {
  const binary = findProgram('victoria-metrics', 'victoria-metrics');
  const folder = options.folder ?? tempFolder('victoria');
  const port = options.port ?? (await freePort());
  const command = [
    binary,
    `-httpListenAddr=127.0.0.1:${port}`,
    `-storageDataPath=${join(folder, 'data')}`,
    '-retentionPeriod=100y',
    '-search.latencyOffset=0s',
    '-search.disableCache',
    '-loggerLevel=WARN',
    '-memory.allowedBytes=256MB',
  ];
  const url = `http://127.0.0.1:${port}`;
  return serve({ name: 'victoria-metrics', command, url, port, folder, ready: () => answers(`${url}/health`) });
};

/** Run one of Mosquitto's clients to its end and give what it printed; rejects with its words when it fails. */
export const mosquittoClient = async (
  name: 'mosquitto_pub' | 'mosquitto_sub',
  parameters: readonly string[],
): Promise<string> => {
  const run = await promisify(execFile)(findProgram(name, 'mosquitto-clients'), [...parameters], { timeout: 30_000 });
  return run.stdout;
};
