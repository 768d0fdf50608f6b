// Data that is not as it was written: flipped bytes, a write-ahead log that is cut off, another version.
import { createHash } from 'node:crypto';
import { cpSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { HOUR, isoUtc, SECOND } from '../src/core/time.ts';
import { type Child, conservation, lantianChild } from '../tests/support/lantian.ts';
import { readingsOf } from '../tests/support/left.ts';
import type { Outgoing } from '../tests/support/publish.ts';
import { seeded } from '../tests/support/random.ts';
import { tempFolder } from '../tests/support/servers.ts';
import { flipBytes, truncate } from './bytes.ts';
import type { Context, Row } from './scenario.ts';
import { createSender } from './sender.ts';
import { beside, settled, TICKS, ticked, type World } from './world.ts';

const MOST_FLIPS = 8;
const NEW = 20;
const FILES = ['lantian.db', 'series.db'] as const;

const sendTo = (child: Child, messages: readonly Outgoing[]): Promise<void> =>
  createSender(`mqtt://127.0.0.1:${child.mqttPort}`, messages, Number.POSITIVE_INFINITY).done;

/** A pipeline with a broker of its own on a copy of a data folder; not started. */
const copyOf = async (data: string): Promise<Child> => {
  const folder = tempFolder('chaos-copy');
  cpSync(data, join(folder, 'data'), { recursive: true });
  return lantianChild({ log: { level: 'error' }, intake: TICKS }, { folder });
};

/** Readings with their values, which no check would miss a wrong one of. */
const valuesOf = (child: Child): Map<string, string> =>
  new Map(
    child
      .rows<{ key: string; body: string }>(
        'lantian.db',
        "SELECT feed || ' ' || station || ' ' || time || ' ' || start || ' ' || span || ' ' || seq AS key, body FROM archive JOIN archive_series ON id = series",
      )
      .map(({ key, body }) => [key, body]),
  );

const newTimes = (now: number): number[] => Array.from({ length: NEW }, (_, i) => now - HOUR + i * SECOND);

/** Messages that no file had before. */
const fresh = (now: number): Outgoing[] =>
  newTimes(now).map((time, i) => ({
    topic: 'lantian/v1/140430/air/dingchang-air',
    payload: JSON.stringify({ time: isoUtc(time), period: 'PT1H', values: { pm25: i } }),
  }));

/** Those messages as the archive names them. */
const freshReadings = (now: number): string[] =>
  newTimes(now).map((time) => `air dingchang-air ${time} ${time - HOUR} `);

interface Round {
  readonly broken: readonly string[];
  /** What was not there any more, and whether a word was said. */
  readonly gone: number;
  readonly said: boolean;
  readonly newLost: number;
  /** Readings whose values are others now. */
  readonly changed: number;
}

interface Before {
  readonly readings: readonly string[];
  readonly values: ReadonlyMap<string, string>;
}

const tryStart = async (child: Child): Promise<string | undefined> => {
  try {
    await child.start();
    return undefined;
  } catch {
    return `it did not start: ${child.stderr().slice(0, 400)}`;
  }
};

/** Start on damaged data, take what is new, and look what is gone. */
const roundOn = async (child: Child, before: Before, now: number): Promise<Round> => {
  const trouble = await tryStart(child);
  if (trouble !== undefined) return { broken: [trouble], gone: 0, said: true, newLost: NEW, changed: 0 };
  await sendTo(child, fresh(now));
  await settled(child);
  const metrics = await child.metrics();
  const { received, ended, inFlight } = conservation(metrics);
  const there = new Set(readingsOf(child));
  const gone = before.readings.filter((text) => !there.has(text)).length;
  const newLost = freshReadings(now).filter((text) => !there.has(text)).length;
  const said = (metrics.get('lantian_damage_total') ?? 0) > 0 || child.stderr() !== '';
  const broken = received === ended + inFlight ? [] : [`received ${received}, ended ${ended}, in flight ${inFlight}`];
  const values = valuesOf(child);
  const changed = [...before.values].filter(([key, body]) => (values.get(key) ?? body) !== body).length;
  return { broken, gone, said, newLost, changed };
};

const flipRow = async (data: string, before: Before, context: Context): Promise<Row> => {
  const random = seeded(context.seed + 11);
  const rounds: Round[] = [];
  for (let i = 0; i < context.size.damages; i++) {
    const child = await copyOf(data);
    const file = FILES[i % FILES.length]!;
    flipBytes(join(child.folder, 'data', file), 1 + Math.floor(random() * MOST_FLIPS), random);
    const round = await roundOn(child, before, Date.now());
    for (const why of round.broken) context.say(`  ${file}, round ${i + 1}: ${why}`);
    rounds.push(round);
    await child.kill9();
    rmSync(child.folder, { recursive: true, force: true });
  }
  const sumOf = (get: (round: Round) => number) => rounds.reduce((sum, round) => sum + get(round), 0);
  return {
    what: { zh: '数据库字节翻转', en: 'flipped bytes in the databases' },
    times: rounds.length,
    // Of what came after the damage. What the damage itself took is measured beside: no row has a sum that would show a changed number.
    lost: sumOf(({ newLost }) => newLost),
    duplicated: 0,
    wrong: 0,
    measured: {
      readings: before.readings.length,
      rounds_with_damage_said: rounds.filter(({ said }) => said).length,
      readings_gone_unnoticed: sumOf(({ gone, said }) => (said ? 0 : gone)),
      readings_changed_unnoticed: sumOf(({ changed }) => changed),
      readings_gone_and_said: sumOf(({ gone, said }) => (said ? gone : 0)),
    },
    broken: rounds.flatMap(({ broken }) => broken),
  };
};

/** The log is cut off or has flipped bytes; then all is sent again, and all is as if nothing had been. */
const walRow = async (data: string, messages: readonly Outgoing[], calm: World, context: Context): Promise<Row> => {
  const random = seeded(context.seed + 12);
  const times = Math.max(1, Math.ceil(context.size.damages / 6));
  const costs = { lost: 0, duplicated: 0, wrong: 0 };
  const broken: string[] = [];
  for (let i = 0; i < times; i++) {
    const child = await copyOf(data);
    const wal = join(child.folder, 'data', 'lantian.db-wal');
    if (statSync(wal).size === 0) broken.push('there was no write-ahead log');
    if (i % 2 === 0) truncate(wal, random);
    else flipBytes(wal, 3, random);
    const trouble = await tryStart(child);
    if (trouble !== undefined) broken.push(trouble);
    else {
      // What is left may be from before the first tick.
      await ticked({ child });
      await sendTo(child, messages);
      await settled(child);
      const found = await beside({ child }, calm);
      for (const line of found.some) context.say(`  ${line}`);
      for (const name of ['lost', 'duplicated', 'wrong'] as const) costs[name] += found[name];
    }
    await child.kill9();
  }
  const what = { zh: '预写日志截断或翻转，重发后', en: 'write-ahead log cut off or flipped, all sent again' };
  return { what, times, ...costs, measured: { messages: messages.length }, broken };
};

const setVersion = (file: string, version: number): string => {
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA user_version = ${version}; PRAGMA wal_checkpoint(TRUNCATE)`);
  database.close();
  return createHash('sha256').update(readFileSync(file)).digest('hex');
};

const versionRow = async (data: string, before: Before): Promise<Row> => {
  const [older, newer] = [await copyOf(data), await copyOf(data)];
  const file = (child: Child) => join(child.folder, 'data', 'lantian.db');
  setVersion(file(older), 1);
  const hash = setVersion(file(newer), 99);
  newer.launch();
  const { code } = await newer.ended();
  const same =
    createHash('sha256')
      .update(readFileSync(file(newer)))
      .digest('hex') === hash;
  const round = await roundOn(older, before, Date.now());
  await older.kill9();
  return {
    what: { zh: '另一版本的数据目录', en: 'data folder of another version' },
    times: 2,
    lost: round.gone + round.newLost,
    duplicated: 0,
    wrong: 0,
    measured: { exit_code_of_newer: String(code) },
    broken: [
      ...round.broken,
      ...(code === 2 && newer.stderr().includes('data-newer') ? [] : [`newer: ${code} ${newer.stderr()}`]),
      ...(same ? [] : ['data of a newer version were changed']),
    ],
  };
};

export const damageRows = async (messages: readonly Outgoing[], calm: World, context: Context): Promise<Row[]> => {
  const child = await lantianChild({ log: { level: 'error' }, intake: TICKS });
  await child.start();
  await ticked({ child });
  await sendTo(child, messages);
  await settled(child);
  const before = { readings: readingsOf(child), values: valuesOf(child) };
  // Killed, so that the newest pages are in the write-ahead log.
  await child.kill9();
  const killed = join(child.folder, 'data');
  context.say(`write-ahead log of ${before.readings.length} readings`);
  const wal = await walRow(killed, messages, calm, context);
  await child.start();
  await settled(child);
  await child.end('SIGTERM');
  context.say(`flipped bytes, ${context.size.damages} times`);
  return [await flipRow(killed, before, context), wal, await versionRow(killed, before)];
};
