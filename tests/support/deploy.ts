// An installation as a technician makes it: deploy/first-run.sh in a folder of its own, the broker's users by the command as
// docker-compose.yml gives it, and Mosquitto with the configuration as it is but for this machine's paths and port.
import { execFile } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Said } from './command.ts';
import { freePort, type Server, startMosquitto, tempFolder } from './servers.ts';

export const ROOT = join(import.meta.dirname, '..', '..');
export const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

export interface Service {
  readonly image: string;
  readonly user?: string;
  readonly profiles?: string[];
  readonly read_only: boolean;
  readonly cap_drop: string[];
  readonly security_opt: string[];
  readonly restart: string;
  readonly environment: Record<string, string>;
  readonly ports?: string[];
  readonly volumes: string[];
  readonly command?: string[];
  readonly logging: unknown;
  readonly healthcheck?: { test: string[]; timeout: string };
  readonly depends_on?: Record<string, { condition: string }>;
  readonly deploy: { resources: { limits: Record<string, unknown> } };
}

export interface Compose {
  readonly services: Record<string, Service>;
  readonly volumes: Record<string, null>;
}

export const readCompose = (): Compose => parse(textOf('docker-compose.yml'), { merge: true }) as Compose;

const run = (program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Said> =>
  new Promise((resolve) => {
    const child = execFile(program, [...args], { cwd, env, timeout: 50_000 }, (_, stdout, stderr) => {
      resolve({ code: child.exitCode, stdout, stderr });
    });
  });

const { PATH, HOME } = process.env;

/** A folder with what first-run.sh needs of the project. */
export const projectFolder = (): string => {
  const folder = tempFolder('deploy');
  mkdirSync(join(folder, 'deploy'));
  for (const file of ['deploy/first-run.sh', '.env.example', 'lantian.example.yaml'])
    cpSync(join(ROOT, file), join(folder, file));
  return folder;
};

/** From another folder, as whoever types the path from there would. */
export const firstRun = (folder: string, ...args: string[]): Promise<Said> =>
  run('sh', [join(folder, 'deploy/first-run.sh'), ...args], '/', { PATH, HOME });

/** Names and values of the installation's .env. */
export const variablesOf = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readFileSync(join(folder, '.env'), 'utf8')
      .split('\n')
      .filter((line) => /^\w+=/.test(line))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );

/** The command of `broker-init` in docker-compose.yml and its environment, with the folder in place of the container's. */
export const brokerInit = (folder: string, ...more: string[]): Promise<Said> => {
  const { command, environment } = readCompose().services['broker-init']!;
  const variables = variablesOf(folder);
  const fill = (text: string): string =>
    text.replace(/\$\{(\w+):\?[^}]*\}/g, (_, name: string) => variables[name] ?? '');
  const own = Object.entries(environment).map(([name, value]) => [name, fill(value)]);
  const args = command!.map((word) => (word === '/access' ? join(folder, 'access') : word));
  const cli = ['--disable-warning=ExperimentalWarning', join(ROOT, 'src/cli.ts')];
  return run(process.execPath, [...cli, ...args, ...more], ROOT, {
    PATH,
    HOME,
    NO_COLOR: '1',
    ...Object.fromEntries(own),
  });
};

/** Passwords in clear of the installation: those that were made, and those of programs in .env. */
export const passwordsOf = (folder: string): Record<string, string> => {
  const rows = readFileSync(join(folder, 'access/broker-credentials.csv'), 'utf8').trim().split('\n').slice(1);
  const variables = variablesOf(folder);
  return {
    ...Object.fromEntries(rows.map((row) => row.split(',').slice(0, 2))),
    lantian: variables['MQTT_LANTIAN_PASSWORD'],
    health: variables['MQTT_HEALTH_PASSWORD'],
    nodered: variables['MQTT_NODERED_PASSWORD'],
  };
};

export const authorityOf = (folder: string): string => join(folder, 'deploy/tls/broker/ca.pem');

/** deploy/mosquitto.conf with the installation's files, on loopback. */
export const startBroker = async (folder: string): Promise<Server> => {
  const port = await freePort();
  const data = tempFolder('mosquitto');
  chmodSync(data, 0o700);
  const config = textOf('deploy/mosquitto.conf')
    .replace('listener 8883\n', `listener ${port} 127.0.0.1\n`)
    .replaceAll('/mosquitto/tls/', `${join(folder, 'deploy/tls/broker')}/`)
    .replaceAll('/mosquitto/access/', `${join(folder, 'access')}/`)
    .replace('/mosquitto/data/', `${data}/`);
  // Run by root it would change to a user that may not read them.
  return startMosquitto({ folder: data, port, whole: `${config}user ${userInfo().username}\n` });
};
