// How a command reaches the pipeline of a data folder: what it asks for is written into the database, and the pipeline that runs
// with the folder takes it from there within a second. Where none runs, the command is the pipeline for as long as it takes.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadCatalog } from '../config/catalog.ts';
import { loadSettings } from '../config/load.ts';
import type { Settings } from '../config/schema.ts';
import { LantianError, reasonOf } from '../core/errors.ts';
import { createLog } from '../core/log.ts';
import { inTransaction, isDamage, isWriteTrouble, openExisting } from '../core/sqlite.ts';
import { meetVersion } from '../core/version.ts';
import { createDesk, DESK_MOST, type DeskRow, type Handed, isOpen } from '../intake/desk.ts';
import { holdFolder } from '../intake/folder.ts';
import { createQuarantine } from '../intake/quarantine.ts';
import { createPipeline } from '../pipeline.ts';
import { storeNames } from '../store/index.ts';
import { createOutbox } from '../store/outbox.ts';

export interface Opened {
  readonly settings: Settings;
  readonly database: DatabaseSync;
}

/** What SQLite says of the file, as the person who asked should read it. Mending is left to `lantian run`. */
const told = (thrown: unknown, file: string): unknown => {
  const words = `${file}: ${reasonOf(thrown)}`;
  if (isDamage(thrown))
    return new LantianError('data-damaged', `${words}; it is left as it is, lantian run keeps what can be read`, {
      cause: thrown,
    });
  return isWriteTrouble(thrown) ? new LantianError('data-unwritable', words, { cause: thrown }) : thrown;
};

/**
 * Look into the database of the data folder.
 * @throws LantianError file-unreadable, data-damaged, data-newer, data-unwritable
 */
export const withDatabase = async <T>(settings: Settings, work: (opened: Opened) => T | Promise<T>): Promise<T> => {
  const file = join(settings.data.folder, 'lantian.db');
  if (!existsSync(file))
    throw new LantianError('file-unreadable', `there is no ${file}: nothing has run with this data folder yet`);
  let database: DatabaseSync | undefined;
  try {
    database = openExisting(file);
    meetVersion(database, file);
    return await work({ settings, database });
  } catch (thrown) {
    throw told(thrown, file);
  } finally {
    database?.close();
  }
};

export const settingsOf = (config: string | undefined): Settings => loadSettings({ file: config, env: process.env });

const POLL = 200;
/** Without any of it getting done. */
const PATIENCE = 30_000;

const pipelineHere = ({ settings, database }: Opened) => {
  const urls = [settings.mqtt.url, ...settings.mqtt.brokers.map((broker) => broker.url)].filter(
    (url) => url !== undefined,
  );
  const catalog = loadCatalog(settings.catalog, settings.county);
  return createPipeline({
    database,
    settings,
    catalog,
    outbox: createOutbox(database, storeNames(settings, catalog), { maxBytes: settings.outbox.max_bytes }),
    brokers: urls.length > 0 ? urls : ['embedded'],
    log: createLog(settings.log.level),
    now: Date.now,
    steady: () => performance.now(),
    wake: () => {},
    speak: () => {},
    damaged: (thrown) => {
      throw thrown;
    },
  });
};

/** No pipeline runs: do its work here, as long as it goes on. Figures wait in the outbox for the next run. */
const applyHere = (opened: Opened): void => {
  const [quarantine, desk] = [createQuarantine(opened.database), createDesk(opened.database)];
  const next = (): string => [...quarantine.asked(1), ...desk.asked(1)].map(({ id }) => id).join();
  const pipeline = pipelineHere(opened);
  try {
    // They are taken oldest first: a round that leaves the oldest where they were has done nothing, and the next would not either.
    for (let before = ''; next() !== before; ) {
      before = next();
      pipeline.takeAsked();
      pipeline.drain();
    }
  } finally {
    pipeline.stop();
  }
};

const tryHold = (folder: string): (() => void) | undefined => {
  try {
    return holdFolder(folder);
  } catch (thrown) {
    if (thrown instanceof LantianError && thrown.code === 'data-in-use') return undefined;
    throw thrown;
  }
};

const awaitPipeline = async (open: () => number): Promise<void> => {
  let least = Number.POSITIVE_INFINITY;
  let deadline = 0;
  for (let left = open(); left > 0; left = open()) {
    if (left < least) [least, deadline] = [left, Date.now() + PATIENCE];
    if (Date.now() > deadline) return;
    await sleep(POLL);
  }
};

/** Why some are not done, and what becomes of them. */
const sayOpen = (open: number, running: boolean, words: string): void => {
  const why = running
    ? 'the running pipeline has not come to them yet; it will'
    : 'nothing could be committed, see above; the next run or command does them';
  process.stderr.write(`lantian: ${open} 条${words}: ${why}\n`);
};

/**
 * Ask for something and have it done.
 * @param ask writes the wish into the database; `open` tells how much of it is not done
 * @param undone what is said of the rest
 */
export const haveDone = async <A extends { open(): number }>(
  opened: Opened,
  ask: () => A,
  undone = '尚未处理 not done yet',
): Promise<A> => {
  const release = tryHold(opened.settings.data.folder);
  try {
    const asked = ask();
    if (release === undefined) await awaitPipeline(asked.open);
    else applyHere(opened);
    const open = asked.open();
    if (open > 0) sayOpen(open, release === undefined, undone);
    return asked;
  } finally {
    release?.();
  }
};

/**
 * Hand things in, all or none of them, and wait until they have their end. What is not done by then is on disk, and will be.
 * @throws LantianError desk-full
 */
export const handIn = async (opened: Opened, handed: readonly Handed[]): Promise<DeskRow[]> => {
  const { database } = opened;
  const desk = createDesk(database);
  const ask = () => {
    const ids = inTransaction(database, () => {
      const room = DESK_MOST - desk.waiting();
      if (handed.length <= room) return desk.ask(handed);
      const words = `${handed.length} are more than the ${room} that the desk has room for until the pipeline has taken what waits`;
      throw new LantianError('desk-full', words);
    });
    const rows = (): DeskRow[] => desk.rows(ids);
    return { rows, open: (): number => rows().filter(isOpen).length };
  };
  return (await haveDone(opened, ask)).rows();
};

/** A text that stands in one line of a list. @throws LantianError usage */
export const lineOf = (option: string, given: string, most: number): string => {
  const text = given.trim();
  if (text === '' || text.length > most || /\p{Cc}/u.test(text))
    throw new LantianError('usage', `${option} needs one line of 1 to ${most} characters`);
  return text;
};

/** @throws LantianError usage */
export const limitOf = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new LantianError('usage', `--limit ${text} is not a whole number`);
  return Number(text);
};
