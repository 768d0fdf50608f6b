import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { freePort } from '../tests/support/servers.ts';
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

/** The bare subscriber, see subscriber.ts. `received` resolves with the time of the n-th message since the start. */
export const startSubscriber = async (url: string, topic: string, inFlight: number) => {
  const child = await start('subscriber.ts', [url, topic, String(inFlight)]);
  return {
    received: async (total: number): Promise<number> => {
      child.send(total);
      return (await answer<{ at: number }>(child)).at;
    },
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

export interface PipelineOptions {
  readonly url: string;
  readonly catalog: string;
  readonly data: string;
  /** Flags of Node, for profiles. */
  readonly flags: readonly string[];
}

/** `lantian run` as a user starts it: everything on, the embedded store, no simulator. */
export const startPipeline = async ({ url, catalog, data, flags }: PipelineOptions) => {
  const port = await freePort();
  const http = `http://127.0.0.1:${port}`;
  const settings = {
    LANTIAN_MQTT_URL: url,
    LANTIAN_CATALOG: catalog,
    LANTIAN_DATA_FOLDER: data,
    LANTIAN_HTTP_PORT: String(port),
  };
  const cli = join(import.meta.dirname, '..', 'src', 'cli.ts');
  const child = fork(cli, ['run'], {
    execArgv: [QUIET, ...flags],
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  while (!(await isReady(http))) {
    if (child.exitCode !== null) throw new Error(`lantian ended with exit code ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    /** Sum of a metric over its labels. */
    metric: async (name: string): Promise<number> => {
      const text = await (await fetch(`${http}/metrics`)).text();
      const lines = text.split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
      return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
    },
    end: () => end(child, 'SIGTERM'),
  };
};
