import { once } from 'node:events';
import { generate } from '../../sensors/simulator/generate.ts';
import { runSimulator, type Simulated, type SimulatorOptions, subjectOf } from '../../sensors/simulator/run.ts';
import { scenariosOf } from '../../sensors/simulator/scenarios/index.ts';
import type { Catalog } from '../core/catalog.ts';
import { LantianError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { isoBeijing, parseDuration, parseTime } from '../core/time.ts';

export interface SimulateOptions {
  readonly catalog: Catalog;
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Scenarios joined by commas. */
  readonly scenario: string;
  /** A duration back from now (PT72H) or a time (ISO 8601). */
  readonly from: string;
  /** A duration on from now or a time; absent: until a signal. */
  readonly until?: string | undefined;
  /** Instant that the scenarios are about, such as the storm's peak; absent: now. */
  readonly now?: string | undefined;
  /** A number of times real time, or `max`. */
  readonly speed: string;
  readonly seed: string;
  /** Messages a second, at most. */
  readonly rate?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly once?: boolean | undefined;
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly clock?: () => number;
  readonly stdout?: NodeJS.WritableStream;
  readonly stderr?: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

const wrong = (option: string, text: string, form: string) =>
  new LantianError('usage', `--${option} ${text}: not ${form}`);

/** A duration counted from `now` in a direction, or a time. */
const instantOf = (option: string, text: string, now: number, direction: 1 | -1): number => {
  const duration = parseDuration(text);
  const instant = duration === undefined ? parseTime(text) : now + direction * duration;
  if (instant === undefined)
    throw wrong(option, text, 'a duration such as PT72H or a time such as 2026-07-20T08:00:00+08:00');
  return instant;
};

const positive = (option: string, text: string): number => {
  const value = Number(text);
  if (!(value > 0)) throw wrong(option, text, 'a number above 0');
  return value;
};

const seedOf = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw wrong('seed', text, 'a whole number of at most nine digits');
  return Number(text);
};

/** The options as the simulator takes them; the first that is wrong is told. */
const understood = (options: SimulateOptions, clock: number): SimulatorOptions => {
  const { catalog, url, username, password, scenario, once, signal, log } = options;
  scenariosOf(scenario);
  const from = instantOf('from', options.from, clock, -1);
  const until = options.until === undefined ? undefined : instantOf('until', options.until, clock, 1);
  if (until !== undefined && until <= from) throw wrong('until', options.until ?? '', 'after the time of --from');
  const now = options.now === undefined ? undefined : instantOf('now', options.now, clock, 1);
  const speed = options.speed === 'max' ? Number.POSITIVE_INFINITY : positive('speed', options.speed);
  const rate = options.rate === undefined ? undefined : positive('rate', options.rate);
  const common = { catalog, url, username, password, scenario, once, signal, log };
  return { ...common, from, until, now, speed, rate, seed: seedOf(options.seed), clock: options.clock };
};

/** Print the messages in place of publishing them, one JSON object a line; without `until` the history only. */
const print = async (options: SimulatorOptions, clock: number, stdout: NodeJS.WritableStream): Promise<void> => {
  const { catalog, scenario, from, seed, signal } = options;
  let broken: NodeJS.ErrnoException | undefined;
  const listen = (error: NodeJS.ErrnoException) => {
    broken = error;
  };
  stdout.on('error', listen);
  for (const message of generate(catalog, scenario, {
    from,
    to: options.until ?? clock,
    seed,
    now: subjectOf(options, clock),
  })) {
    if (signal.aborted || broken) break;
    const line = JSON.stringify({ time: isoBeijing(message.time), topic: message.topic, payload: message.payload });
    if (!stdout.write(`${line}\n`)) await once(stdout, 'drain').catch(listen);
  }
  stdout.removeListener('error', listen);
  // A reader that has seen enough (`| head`) is no failure.
  if (broken && broken.code !== 'EPIPE') throw broken;
};

const perSecond = (count: number, milliseconds: number): number =>
  Math.round((count * 1000) / Math.max(1, milliseconds));

/** A line that is written over itself a few times a second; nothing where there is no terminal. */
const progressLine = (stderr: NodeJS.WritableStream & { readonly isTTY?: boolean }, clock: () => number) => {
  const started = clock();
  let last = 0;
  return ({ acknowledged, time }: { acknowledged: number; time: number }) => {
    if (!stderr.isTTY || clock() - last < 200) return;
    last = clock();
    const rate = perSecond(acknowledged, last - started);
    stderr.write(`\r\u001b[K${acknowledged} messages, ${rate}/s, simulated time ${isoBeijing(time).slice(0, 19)}`);
  };
};

const summary = ({ acknowledged, took }: Simulated, scenario: string): string =>
  `simulated ${scenario}: ${acknowledged} messages acknowledged in ${(took / 1000).toFixed(1)} s (${perSecond(acknowledged, took)}/s)`;

/**
 * `lantian simulate`: a simulated county on a broker, or on stdout. Messages for people go to stderr.
 * @returns exit code
 * @throws LantianError usage; broker-refused, with `once` only
 */
export const simulate = async (options: SimulateOptions): Promise<number> => {
  const { stdout = process.stdout, stderr = process.stderr, clock = Date.now } = options;
  const simulator = understood(options, clock());
  if (options.dryRun) {
    await print(simulator, clock(), stdout);
    return 0;
  }
  const simulated = await runSimulator({ ...simulator, progress: progressLine(stderr, clock) });
  stderr.write(`${stderr.isTTY ? '\r\u001b[K' : ''}${summary(simulated, options.scenario)}\n`);
  return 0;
};
