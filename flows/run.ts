// `npm run flows`: Node-RED with the flows of this folder, its own files below the data folder. What an operator changes in the
// editor is kept there; the flows as they were delivered come back with --reset.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import bcrypt from 'bcryptjs';
import { Command } from 'commander';
import pc from 'picocolors';
import { runAlone } from '../src/cli/alone.ts';
import { loadSettings } from '../src/config/load.ts';
import type { Settings } from '../src/config/schema.ts';
import { LantianError } from '../src/core/errors.ts';
import { makeFolder } from '../src/core/folder.ts';
import { writeSecretFile } from '../src/core/secret-file.ts';
import { composeFlows, credentialsFor, encrypted } from './compose.ts';
import { settingsEnvironment } from './nodes/lib/environment.ts';

interface Options {
  readonly config?: string;
  readonly host: string;
  readonly port: string;
  readonly folder?: string;
  readonly reset?: boolean;
}

const isLoopback = (host: string): boolean => /^(127\.|localhost$|::1$)/.test(host);

const secretIn = (folder: string): string => {
  const file = join(folder, 'credential-secret');
  if (!existsSync(file)) writeSecretFile(file, `${randomBytes(32).toString('hex')}\n`);
  return file;
};

/** Put the delivered flows in place on the first start, or when asked to; what was there stays beside them as .before. */
const placeFlows = (folder: string, secretFile: string, env: NodeJS.ProcessEnv, reset: boolean): void => {
  const file = join(folder, 'flows.json');
  if (existsSync(file) && !reset) return;
  if (existsSync(file)) renameSync(file, `${file}.before`);
  const nodes = composeFlows();
  const secret = readFileSync(secretFile, 'utf8').trim();
  writeSecretFile(join(folder, 'flows_cred.json'), JSON.stringify(encrypted(credentialsFor(nodes, env), secret)));
  writeSecretFile(file, `${JSON.stringify(nodes, null, 2)}\n`);
};

const hostOf = (host: string): string => (host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host);

/** The mail server of notifications: what is not said is this machine's own, without a name and password. */
const smtpOf = ({ LANTIAN_SMTP_USERNAME: user }: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  LANTIAN_SMTP_HOST: '127.0.0.1',
  LANTIAN_SMTP_PORT: '25',
  // Anything but empty: TLS from the first byte; else STARTTLS where the server offers it.
  LANTIAN_SMTP_SECURE: '',
  LANTIAN_SMTP_AUTH: user ? 'BASIC' : 'NONE',
});

/** What flows read by `${NAME}`: the pipeline's own settings, unless the environment says otherwise. */
const environmentOf = (settings: Settings, options: Options): NodeJS.ProcessEnv => {
  const { county, data, mqtt, http } = settings;
  const own = {
    LANTIAN_COUNTY: county,
    LANTIAN_MQTT_URL: mqtt.url ?? `mqtt://${hostOf(mqtt.host)}:${mqtt.port}`,
    // Our own broker speaks 3.1.1 alone; with 5 another one says when it refuses a message.
    LANTIAN_MQTT_PROTOCOL: mqtt.url === undefined ? '4' : String(mqtt.protocol),
    ...(mqtt.username === undefined ? {} : { LANTIAN_MQTT_USERNAME: mqtt.username }),
    ...(mqtt.password === undefined ? {} : { LANTIAN_MQTT_PASSWORD: mqtt.password }),
    ...(mqtt.ca === undefined ? {} : { NODE_EXTRA_CA_CERTS: resolve(mqtt.ca) }),
    ...smtpOf(process.env),
    LANTIAN_API: `http://${hostOf(http.host)}:${http.port}`,
    ...(options.config === undefined ? {} : { LANTIAN_CONFIG: resolve(options.config) }),
    LANTIAN_DROP_FOLDER: resolve(data.folder, 'drop'),
    LANTIAN_MODBUS_FILE: '',
    LANTIAN_SERIAL_PORT: '',
    LANTIAN_SERIAL_BAUD: '19200',
    LANTIAN_SERIAL_STATION: '',
  };
  const { LANTIAN_FLOWS_PASSWORD: password, ...env } = process.env;
  return {
    ...own,
    ...env,
    LANTIAN_FLOWS_HOST: options.host,
    LANTIAN_FLOWS_PORT: options.port,
    ...(password ? { LANTIAN_FLOWS_PASSWORD_HASH: bcrypt.hashSync(password, 10) } : {}),
  };
};

const checked = ({ host, port }: Options): void => {
  if (!/^\d+$/.test(port) || Number(port) > 65_535)
    throw new LantianError(
      'usage',
      `--port ${port} is no port: give a number from 0 to 65535 端口应为 0 至 65535 的整数`,
    );
  if (isLoopback(host) || process.env['LANTIAN_FLOWS_PASSWORD']) return;
  const words = `${host} is not this machine alone: set LANTIAN_FLOWS_PASSWORD 对外监听须设置密码`;
  throw new LantianError('usage', words);
};

/** Before anything is written: whoever holds the port may be a Node-RED of this very folder. @throws LantianError port-taken */
const portIsFree = async ({ host, port }: Options): Promise<void> => {
  const probe = createServer();
  probe.listen(Number(port), host);
  // `once` rejects on an error.
  const failed = await once(probe, 'listening').then(
    () => undefined,
    ({ code }: NodeJS.ErrnoException) => code,
  );
  if (failed === undefined) return void (await once(probe.close(), 'close'));
  const words = `cannot listen on ${host}:${port} (${failed}): is Node-RED running already? else give a free one by --port 端口不可用：Node-RED 可能已在运行，否则请用 --port 换一个`;
  throw new LantianError('port-taken', words);
};

const start = (folder: string, env: NodeJS.ProcessEnv): ChildProcess => {
  const red = createRequire(import.meta.url).resolve('node-red/red.js');
  const args = [red, '--settings', join(import.meta.dirname, 'settings.cjs'), '--userDir', folder];
  return spawn(process.execPath, args, { stdio: 'inherit', env });
};

const run = async (options: Options): Promise<number> => {
  checked(options);
  const settings = loadSettings({ file: options.config, env: settingsEnvironment(process.env) });
  await portIsFree(options);
  const folder = resolve(options.folder ?? join(settings.data.folder, 'node-red'));
  makeFolder(folder);
  const env = environmentOf(settings, options);
  const secretFile = secretIn(folder);
  placeFlows(folder, secretFile, env, options.reset === true);
  const at = `http://${options.host}:${options.port}`;
  process.stderr.write(
    `${pc.bold('蓝天 Lantian · Node-RED')}  ${at}  (${folder})\n  值班台 duty desk:  ${at}/dashboard\n`,
  );
  const child = start(folder, { ...env, LANTIAN_FLOWS_SECRET_FILE: secretFile });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((done) => child.once('exit', (code, signal) => done(signal === null ? (code ?? 1) : 0)));
};

const program = new Command('npm run flows --')
  .description('Node-RED 与蓝天的流程 Node-RED with Lantian’s flows')
  .option('-c, --config <file>', '设置文件 settings file (default: lantian.yaml where there is one)')
  .option('--host <host>', '监听地址 address; outside this machine LANTIAN_FLOWS_PASSWORD must be set', '127.0.0.1')
  .option('--port <port>', '端口 port', '1880')
  .option('--folder <folder>', 'Node-RED 目录 its files (default: node-red in the data folder)')
  .option('--reset', '恢复出厂流程 the flows as delivered; yours stay as flows.json.before');

await runAlone(program, run);
