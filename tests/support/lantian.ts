// The pipeline as a user runs it, `lantian run --config FILE`, in a process of its own with its own ports and folder; and what
// it leaves behind, read with plain SQL. Ended with the test file, or with our process, however it dies.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { findProgram, freePort, tempFolder } from './servers.ts';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

type Section = Record<string, unknown>;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Numbers of /metrics: `name` or `name{label="value"}`. */
export type Metrics = ReadonlyMap<string, number>;

export interface Child {
  readonly folder: string;
  readonly config: string;
  readonly mqttPort: number;
  readonly http: string;
  /** Process id; undefined while it does not run. */
  readonly pid: number | undefined;
  /** Start it, without waiting. */
  launch(): void;
  /** Start it and wait until it answers on HTTP. */
  start(): Promise<void>;
  /** Wait until it answers on HTTP. */
  ready(): Promise<void>;
  /** SIGKILL, and wait until it is gone. */
  kill9(): Promise<void>;
  /** Send signals at once, and wait until it has ended. */
  end(...signals: NodeJS.Signals[]): Promise<Ended>;
  /** Wait until it ends by itself. */
  ended(): Promise<Ended>;
  /** What it said on stdout and stderr since the last launch. */
  stdout(): string;
  stderr(): string;
  metrics(): Promise<Metrics>;
  /** Rows of a query on lantian.db or series.db. */
  rows<Row>(file: 'lantian.db' | 'series.db', sql: string): Row[];
}

const children: Child[] = [];

/** End every child; runs by itself at the end of a test file. */
export const endChildren = async (): Promise<void> => {
  await Promise.all(children.splice(0).map((child) => child.kill9()));
};

// The chaos runner uses this file too, outside of Vitest; it calls endChildren itself.
if (process.env['VITEST']) (await import('vitest')).afterAll(endChildren);

const metricsOf = (text: string): Metrics =>
  new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const space = line.lastIndexOf(' ');
        return [line.slice(0, space), Number(line.slice(space + 1))];
      }),
  );

/** `lantian run` with these settings (JSON is YAML) on free ports; not started yet. */
export const lantianChild = async (
  settings: Record<string, Section> = {},
  options: { folder?: string; args?: readonly string[]; env?: Readonly<Record<string, string>> } = {},
): Promise<Child> => {
  const folder = options.folder ?? tempFolder('lantian');
  const [freeMqtt, httpPort] = [await freePort(), await freePort()];
  const mqttPort = Number(settings['mqtt']?.['port'] ?? freeMqtt);
  const config = join(folder, 'lantian.yaml');
  const whole = {
    ...settings,
    data: { folder: join(folder, 'data'), ...settings['data'] },
    mqtt: { port: mqttPort, ...settings['mqtt'] },
    http: { port: httpPort, ...settings['http'] },
  };
  writeFileSync(config, JSON.stringify(whole, undefined, 2));
  const http = `http://127.0.0.1:${httpPort}`;
  let process_: ChildProcess | undefined;
  let said = { out: '', err: '' };
  const running = (): boolean => process_ !== undefined && process_.exitCode === null && process_.signalCode === null;

  const launch = (): void => {
    if (running()) throw new Error('it runs already');
    said = { out: '', err: '' };
    const guard = ['--pdeathsig', 'KILL', '--', process.execPath, '--disable-warning=ExperimentalWarning', CLI];
    const args = [...guard, 'run', '--config', config, ...(options.args ?? ['--no-simulator'])];
    process_ = spawn(findProgram('setpriv', 'util-linux'), args, {
      cwd: ROOT,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const mine = said;
    process_.stdout!.on('data', (text) => {
      mine.out += text;
    });
    process_.stderr!.on('data', (text) => {
      mine.err += text;
    });
  };
  const ended = async (): Promise<Ended> => {
    if (process_ === undefined) throw new Error('it was never started');
    if (running()) await once(process_, 'close');
    return { code: process_.exitCode, signal: process_.signalCode };
  };
  const alive = async (): Promise<boolean> => {
    try {
      return (await fetch(`${http}/healthz`, { signal: AbortSignal.timeout(2000) })).ok;
    } catch {
      return false; // not up yet, which is the answer
    }
  };
  const ready = async (): Promise<void> => {
    for (const deadline = Date.now() + 30_000; !(await alive()); await sleep(20)) {
      if (!running()) throw new Error(`lantian ended while starting:\n${said.out}${said.err}`);
      if (Date.now() > deadline) throw new Error(`lantian does not answer:\n${said.out}${said.err}`);
    }
  };
  const child: Child = {
    folder,
    config,
    mqttPort,
    http,
    get pid() {
      return running() ? process_!.pid : undefined;
    },
    launch,
    start: async () => {
      launch();
      await ready();
    },
    ready,
    kill9: async () => {
      if (!running()) return;
      process_!.kill('SIGKILL');
      await ended();
    },
    end: async (...signals) => {
      const late = setTimeout(() => process_!.kill('SIGKILL'), 30_000);
      for (const signal of signals) process_!.kill(signal);
      const how = await ended();
      clearTimeout(late);
      return how;
    },
    ended,
    stdout: () => said.out,
    stderr: () => said.err,
    metrics: async () => metricsOf(await (await fetch(`${http}/metrics`)).text()),
    rows: <Row>(file: string, sql: string) => {
      const database = new DatabaseSync(join(folder, 'data', file), { readOnly: true });
      try {
        return database.prepare(sql).all() as Row[];
      } finally {
        database.close();
      }
    },
  };
  children.push(child);
  return child;
};

/** Resident memory of a process, bytes. */
export const residentBytes = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) * 1024;

/** The conservation law on one scrape (law 3): messages taken over, by outcome, and those without one yet. */
export const conservation = (metrics: Metrics) => {
  const outcomes = ['stored', 'duplicate', 'quarantined'].map(
    (outcome) => metrics.get(`lantian_messages_outcome_total{outcome="${outcome}"}`) ?? 0,
  );
  return {
    received: metrics.get('lantian_messages_received_total') ?? Number.NaN,
    ended: outcomes.reduce((sum, count) => sum + count, 0),
    inFlight: metrics.get('lantian_messages_in_flight') ?? Number.NaN,
    pending: metrics.get('lantian_journal_pending') ?? Number.NaN,
  };
};
