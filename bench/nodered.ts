import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram, freePort, type Server, tempFolder } from '../tests/support/servers.ts';
import { cpuOf } from './children.ts';
import { clock } from './clock.ts';
import type { Load } from './loads.ts';
import type { Measured } from './numbers.ts';
import { measure, measured, type Part, startBroker, untilSubscribed } from './rounds.ts';
import { createDatabase, expectedRows, storedRows, storedValues } from './rows.ts';

/** Node-RED with its own defaults: only what would reach out of this machine, or stand in the way of a second one, is off. */
const SETTINGS = `module.exports = {
  uiHost: '127.0.0.1',
  uiPort: Number(process.env.BENCH_PORT),
  flowFile: 'flows.json',
  credentialSecret: false,
  telemetry: { enabled: false, updateNotification: false },
  editorTheme: { tours: false },
};
`;

const FLOW = join(import.meta.dirname, 'nodered-flow.json');

const launch = (folder: string, env: NodeJS.ProcessEnv): { child: ChildProcess; said: () => string } => {
  writeFileSync(join(folder, 'settings.js'), SETTINGS);
  copyFileSync(FLOW, join(folder, 'flows.json'));
  const red = createRequire(import.meta.url).resolve('node-red/red.js');
  const guard = ['--pdeathsig', 'KILL', '--', process.execPath];
  const child = spawn(
    findProgram('setpriv', 'util-linux'),
    [...guard, red, '--settings', join(folder, 'settings.js'), '--userDir', folder],
    { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (text: Buffer) => (said += text));
  return { child, said: () => said };
};

/** How often the server is asked how much it has, and how long it must have had nothing new until nothing more is awaited, ms. */
const LOOK = 100;
const SETTLED = 5_000;

/** The time at which the last of its values was seen, once there are so many or no more come. */
const lastSeen = async (url: string, database: string, values: number): Promise<number> => {
  let [most, at] = [0, clock()];
  for (;;) {
    const now = await storedValues(url, database);
    if (now > most) [most, at] = [now, clock()];
    if (most >= values || clock() - at > SETTLED) return at;
    await sleep(LOOK);
  }
};

/** Single values in the first messages of a load. */
const valuesIn = (load: Load, total: number): number =>
  load.messages
    .slice(0, total)
    .reduce((sum, { payload }) => sum + Object.keys((JSON.parse(payload) as { values: object }).values).length, 0);

/** Node-RED with the flow of nodered-flow.json: rows a second until the last is in InfluxDB, and how many are not. */
export const nodeRedRound = async (
  load: Load,
  part: Part,
  influx: Server,
  database: string,
): Promise<{ measured: Measured; lost: number }> => {
  const expected = expectedRows(load.messages.slice(0, part.total));
  await createDatabase(influx.url, database);
  const [broker, port] = [await startBroker(), await freePort()];
  const { child, said } = launch(tempFolder('bench-nodered'), {
    BENCH_PORT: String(port),
    BENCH_MQTT_PORT: String(broker.port),
    BENCH_INFLUX_PORT: String(influx.port),
    BENCH_INFLUX_DATABASE: database,
  });
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`Node-RED ended:\n${said().slice(-2000)}`)));
  ended.catch(() => {}); // its end after the round is no news
  try {
    await Promise.race([untilSubscribed(broker, load.topic), ended]);
    const cpu = () => cpuOf(child.pid!);
    let warmRows = 0;
    const reached = async (total: number): Promise<number> => {
      const at = await lastSeen(influx.url, database, valuesIn(load, total));
      if (total === part.warm) warmRows = await storedRows(influx.url, database);
      return at;
    };
    const span = await Promise.race([measure(broker, load, part, { reached, cpu }), ended]);
    const [{ figure, cpu: cost = Number.NaN }, rows] = [
      measured(span, span.took, cpu()),
      await storedRows(influx.url, database),
    ];
    // What was lost was not done: only rows that are there count for its speed.
    const share = (rows - warmRows) / (expected - expectedRows(load.messages.slice(0, part.warm)));
    return { measured: { figure: figure * share, cpu: cost }, lost: expected - rows };
  } finally {
    child.kill('SIGKILL');
    await broker.stop();
  }
};
