import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../tests/support/servers.ts';
import { clock } from './clock.ts';
import type { Order, Sent } from './publisher.ts';

const QUIET = '--disable-warning=ExperimentalWarning';

/** A message from a child; its end before that is an error. */
const answer = async <T>(child: ChildProcess): Promise<T> => {
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`a process ended with ${String(code)}`)));
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [T];
  ended.catch(() => {}); // its end after the answer is no news
  return message;
};

const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
};

const start = async (file: string, args: readonly string[]): Promise<ChildProcess> => {
  const child = fork(join(import.meta.dirname, file), args, { execArgv: [QUIET] });
  await answer<'ready'>(child);
  return child;
};

/** Milliseconds that Linux counts a tick of processor time as. */
const TICK = 10;

/** Processor time that a process has used with all its threads, ms: what `process_cpu_seconds_total` says, asked without costing it any. */
export const cpuOf = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The program's name may hold blanks; utime and stime are the 12th and 13th after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK;
};

/** A process that publishes messages of a file, see publisher.ts. */
export const startPublisher = async (port: number, file: string) => {
  const child = await start('publisher.ts', ['127.0.0.1', String(port), file]);
  return {
    send: (order: Order): Promise<Sent> => {
      child.send(order);
      return answer<Sent>(child);
    },
    end: () => end(child, 'SIGKILL'),
  };
};

/** The bare subscriber, see subscriber.ts. `reached` resolves with the time of the n-th message since the start. */
export const startSubscriber = async (url: string, topic: string, inFlight: number) => {
  const child = await start('subscriber.ts', [url, topic, String(inFlight)]);
  return {
    reached: async (total: number): Promise<number> => {
      child.send(total);
      return (await answer<{ at: number }>(child)).at;
    },
    cpu: () => cpuOf(child.pid!),
    end: () => end(child, 'SIGKILL'),
  };
};

const isReady = async (http: string): Promise<boolean> => {
  try {
    return (await fetch(`${http}/readyz`)).ok;
  } catch {
    return false; // not listening yet
  }
};

/** Values of a metric, by its labels as they stand there. */
const metricIn = (text: string, name: string): number[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .map((line) => Number(line.slice(line.lastIndexOf(' '))));

export interface PipelineOptions {
  readonly url: string;
  readonly catalog: string;
  readonly data: string;
  /** CPU profiles go there. */
  readonly profile?: string | undefined;
  /** More settings, as LANTIAN_SECTION_KEY. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** What a process holds after its garbage is gone, bytes. */
export interface Held {
  readonly heap: number;
  readonly resident: number;
}

/** `lantian run` as a user starts it: everything on, the embedded store, no simulator. */
export const startPipeline = async ({ url, catalog, data, profile, settings = {} }: PipelineOptions) => {
  const port = await freePort();
  const http = `http://127.0.0.1:${port}`;
  const given = {
    LANTIAN_MQTT_URL: url,
    LANTIAN_CATALOG: catalog,
    LANTIAN_DATA_FOLDER: data,
    LANTIAN_HTTP_PORT: String(port),
    ...settings,
  };
  const cli = join(import.meta.dirname, '..', 'src', 'cli.ts');
  const watched = ['--expose-gc', '--import', join(import.meta.dirname, 'held.ts')];
  const profiled = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const began = clock();
  const child = fork(cli, ['run'], {
    execArgv: [QUIET, ...watched, ...profiled],
    env: { ...process.env, ...given },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  while (!(await isReady(http))) {
    if (child.exitCode !== null) throw new Error(`lantian ended with exit code ${child.exitCode}`);
    await sleep(20);
  }
  const metrics = async (): Promise<string> => (await fetch(`${http}/metrics`)).text();
  return {
    /** Milliseconds from its start until /readyz answered 200. */
    readyAfter: clock() - began,
    /** Sum of a metric over its labels. */
    metric: async (name: string): Promise<number> =>
      metricIn(await metrics(), name).reduce((sum, value) => sum + value, 0),
    cpu: () => cpuOf(child.pid!),
    held: (): Promise<Held> => {
      child.send('held');
      return answer<Held>(child);
    },
    end: () => end(child, 'SIGTERM'),
  };
};

export type RunningPipeline = Awaited<ReturnType<typeof startPipeline>>;
