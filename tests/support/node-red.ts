// Node-RED as a user runs it, `npm run flows`, in a process of its own on a free port, with its files and settings in a temporary folder;
// and what its admin API is asked. It takes about 2 s to start: once a test file. Ended with the test file, or with our process.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { composeFlows, type FlowNode } from '../../flows/compose.ts';
import { findProgram, freePort, tempFolder } from './servers.ts';

const RUN = fileURLToPath(new URL('../../flows/run.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface NodeRedOptions {
  /** Flows to start with; absent: all that are delivered, as `npm run flows` composes them. */
  readonly flows?: readonly FlowNode[];
  /** Sections of lantian.yaml; the broker is `mqtt.url`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly port?: number;
}

export interface NodeRed {
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  /** Process id of Node-RED itself; undefined while it does not run. */
  readonly pid: number | undefined;
  /** SIGTERM, and wait until it ended. */
  stop(): Promise<void>;
  /** SIGKILL, to it and to what started it. */
  kill9(): Promise<void>;
  /** Start it again in the same folder, after ending it where it runs; more arguments of the command line. */
  restart(...args: string[]): Promise<void>;
  /** What it has printed since its last start. */
  output(): string;
  /** The flows that run now. */
  flows(): Promise<FlowNode[]>;
  /** Put other flows in the place of those that run, and wait until they have started. */
  deploy(flows: readonly FlowNode[]): Promise<void>;
  /** Press the button of an inject node. */
  inject(id: string): Promise<void>;
  /** Ask the admin API. @throws Error with the answer's words unless it is a 2xx */
  admin(path: string, init?: RequestInit): Promise<Response>;
}

/** The broker's config node as the delivered flows have it: `mqtt.url` of the settings. */
export const deliveredBroker = (): FlowNode => composeFlows().find(({ id }) => id === 'lantian-broker')!;

const started: NodeRed[] = [];
afterAll(async () => {
  await Promise.all(started.splice(0).map((one) => one.kill9()));
});

const isRunning = (child: ChildProcess | undefined): child is ChildProcess =>
  child !== undefined && child.exitCode === null && child.signalCode === null;

/** What a process has started. */
const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

/** @throws Error where Node-RED ends while it starts, or does not start within 40 s; its words are what was printed */
export const startNodeRed = async (options: NodeRedOptions = {}): Promise<NodeRed> => {
  const [folder, port] = [tempFolder('node-red'), options.port ?? (await freePort())];
  const config = join(folder, 'lantian.yaml');
  writeFileSync(config, JSON.stringify({ data: { folder: join(folder, 'data') }, ...options.settings }));
  if (options.flows !== undefined) writeFileSync(join(folder, 'flows.json'), JSON.stringify(options.flows));
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  let said = '';

  const launch = (more: readonly string[]): ChildProcess => {
    said = '';
    // It is asked to end when we die, as it has a process of its own to end then.
    const guard = ['--pdeathsig', 'TERM', '--', process.execPath, '--disable-warning=ExperimentalWarning'];
    const args = [...guard, RUN, '--config', config, '--port', String(port), '--folder', folder, ...more];
    const launched = spawn(findProgram('setpriv', 'util-linux'), args, {
      cwd: ROOT,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const hear = (text: Buffer): void => {
      if (launched === child) said += text;
    };
    launched.stdout.on('data', hear);
    launched.stderr.on('data', hear);
    return launched;
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (!isRunning(child)) return;
    const ended = once(child, 'close');
    if (signal === 'SIGKILL') for (const pid of childrenOf(child.pid!)) process.kill(pid, signal);
    child.kill(signal);
    const late = setTimeout(() => node.kill9(), 15_000);
    await ended;
    clearTimeout(late);
  };
  const untilSaid = async (what: RegExp, from: number): Promise<void> => {
    for (const deadline = Date.now() + 40_000; !what.test(said.slice(from)); await sleep(20)) {
      if (!isRunning(child)) throw new Error(`Node-RED ended while starting:\n${said}`);
      if (Date.now() > deadline) throw new Error(`Node-RED does not start:\n${said}`);
    }
  };
  const admin: NodeRed['admin'] = async (path, init = {}) => {
    const answer = await fetch(`${url}/${path}`, init);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  };
  const node: NodeRed = {
    url,
    port,
    folder,
    get pid() {
      return isRunning(child) ? childrenOf(child.pid!)[0] : undefined;
    },
    stop: () => end('SIGTERM'),
    kill9: () => end('SIGKILL'),
    restart: async (...args) => {
      await end('SIGTERM');
      child = launch(args);
      await untilSaid(/Started flows|Waiting for missing types/, 0);
    },
    output: () => said,
    flows: async () => (await (await admin('flows')).json()) as FlowNode[],
    deploy: async (flows) => {
      const from = said.length;
      await admin('flows', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'Node-RED-Deployment-Type': 'full' },
        body: JSON.stringify(flows),
      });
      await untilSaid(/Started (modified )?flows|Waiting for missing types/, from);
    },
    inject: async (id) => {
      await admin(`inject/${id}`, { method: 'POST' });
    },
    admin,
  };
  started.push(node);
  await node.restart();
  return node;
};
