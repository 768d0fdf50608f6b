// npm run bench: how many messages a second the whole pipeline takes, beside a bare subscriber of the same broker in the same
// run. Absolute figures depend on the machine and on the minute; the ratio is what counts. Both take turns, so that a machine
// that is busy for a while is busy for both.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endServers, findProgram, tempFolder } from '../tests/support/servers.ts';
import { makeMessages, type Sky, writeCatalog } from './messages.ts';
import { bareRound, type Latency, type Load, latencyRound, pipelineRound, type Rates } from './rounds.ts';
import { tableOf } from './table.ts';

const RESULTS = join(import.meta.dirname, 'results', 'throughput.json');

const FULL = { messages: 60_000, warm: 10_000, rounds: 5, stormRounds: 3, latencyMessages: 10_000 };
const QUICK = { messages: 15_000, warm: 5_000, rounds: 2, stormRounds: 1, latencyMessages: 3_000 };
const LATENCY_RATE = 1000;

/** One round of both, messages a second. */
interface Turn extends Rates {
  readonly bare: number;
}

/** Medians of the rounds; `ratio` is that of the rounds' own ratios. */
export interface Compared extends Turn {
  readonly ratio: number;
  readonly rounds: readonly Turn[];
}

export interface Throughput {
  readonly date: string;
  readonly machine: Record<string, string | number>;
  readonly load: { messages: number; warm: number; stations: number; quick: boolean };
  /** By the county's weather, see messages.ts. */
  readonly day: Compared;
  readonly storm: Compared;
  readonly latency: Latency;
}

const { values: given } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    stations: { type: 'string', default: '200' },
    rounds: { type: 'string' },
    /** Write CPU profiles of the pipeline into this folder. */
    profile: { type: 'string' },
  },
});

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};

const machine = (): Throughput['machine'] => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 1024 ** 3),
  platform: `${process.platform} ${process.arch}`,
  node: process.version,
  mosquitto: /version \S+/.exec(mosquittoHelp())?.[0] ?? 'unknown',
});

/** Mosquitto tells its version in its help, and ends that with exit code 3. */
const mosquittoHelp = (): string => {
  try {
    return execFileSync(findProgram('mosquitto', 'mosquitto'), ['-h'], { encoding: 'utf8' });
  } catch (thrown) {
    return String((thrown as { stdout?: string }).stdout);
  }
};

const say = (text: string): void => void process.stderr.write(`${text}\n`);

const compared = (rounds: readonly Turn[]): Compared => ({
  bare: median(rounds.map(({ bare }) => bare)),
  durable: median(rounds.map(({ durable }) => durable)),
  stored: median(rounds.map(({ stored }) => stored)),
  ratio: Number(median(rounds.map(({ bare, durable }) => durable / bare)).toFixed(3)),
  rounds,
});

const takeTurns = async (load: Load, rounds: number, what: Sky): Promise<Compared> => {
  const all: Turn[] = [];
  for (let round = 1; round <= rounds; round++) {
    const turn = { bare: await bareRound(load), ...(await pipelineRound(load)) };
    all.push(turn);
    say(`${what} ${round}/${rounds}  bare ${turn.bare}/s  lantian ${turn.durable}/s, stored ${turn.stored}/s`);
  }
  return compared(all);
};

const run = async (): Promise<Throughput> => {
  const size = given.quick ? QUICK : FULL;
  const [stations, rounds] = [Number(given.stations), Number(given.rounds ?? size.rounds)];
  const folder = tempFolder('bench');
  const counties = join(folder, 'counties');
  const { catalog } = writeCatalog(counties, stations);
  const total = size.warm + Math.max(size.messages, size.latencyMessages);
  const loadOf = (sky: Sky): Load => {
    say(`making ${total} messages of ${stations} stations: ${sky}`);
    const file = join(folder, `${sky}.json`);
    writeFileSync(file, JSON.stringify(makeMessages(catalog, total, Date.now(), sky)));
    const flags = given.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${given.profile}`];
    return { catalog: counties, file, warm: size.warm, total, topic: `lantian/v1/${catalog.county.code}/+/+`, flags };
  };
  const day = loadOf('day');
  return {
    date: new Date().toISOString(),
    machine: machine(),
    load: { messages: size.messages, warm: size.warm, stations, quick: given.quick },
    day: await takeTurns(day, rounds, 'day'),
    storm: await takeTurns(loadOf('storm'), Math.min(rounds, size.stormRounds), 'storm'),
    latency: await latencyRound(day, LATENCY_RATE, size.latencyMessages),
  };
};

try {
  const result = await run();
  process.stdout.write(tableOf(result));
  mkdirSync(join(RESULTS, '..'), { recursive: true });
  writeFileSync(RESULTS, `${JSON.stringify(result, null, 2)}\n`);
  say(`written to ${RESULTS}`);
} finally {
  await endServers();
}
