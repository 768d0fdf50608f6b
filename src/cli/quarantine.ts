import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadCatalog } from '../config/catalog.ts';
import { loadSettings } from '../config/load.ts';
import type { Settings } from '../config/schema.ts';
import { LantianError, reasonOf } from '../core/errors.ts';
import { createLog } from '../core/log.ts';
import { isDamage, isWriteTrouble, openExisting } from '../core/sqlite.ts';
import { isoBeijing } from '../core/time.ts';
import { REASONS } from '../intake/decode.ts';
import { holdFolder } from '../intake/folder.ts';
import { createQuarantine, type Quarantine, type QuarantinedMessage, type Selection } from '../intake/quarantine.ts';
import { createPipeline } from '../pipeline.ts';
import { storeNames } from '../store/index.ts';
import { createOutbox } from '../store/outbox.ts';

interface Chosen {
  readonly config?: string;
  readonly reason?: string;
  readonly station?: string;
}

interface Opened {
  readonly settings: Settings;
  readonly database: DatabaseSync;
  readonly quarantine: Quarantine;
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
 * @throws LantianError file-unreadable, data-damaged, data-unwritable
 */
const withDatabase = async <T>(config: string | undefined, work: (opened: Opened) => T | Promise<T>): Promise<T> => {
  const settings = loadSettings({ file: config, env: process.env });
  const file = join(settings.data.folder, 'lantian.db');
  if (!existsSync(file))
    throw new LantianError('file-unreadable', `there is no ${file}: nothing has run with this data folder yet`);
  let database: DatabaseSync | undefined;
  try {
    database = openExisting(file);
    return await work({ settings, database, quarantine: createQuarantine(database) });
  } catch (thrown) {
    throw told(thrown, file);
  } finally {
    database?.close();
  }
};

const selectionOf = ({ reason, station }: Chosen): Selection => {
  if (reason !== undefined && !(REASONS as readonly string[]).includes(reason))
    throw new LantianError('usage', `--reason ${reason} is none of ${REASONS.join(' ')}`);
  return { reason, station };
};

const idOf = (text: string): number => {
  if (!/^\d+$/.test(text))
    throw new LantianError('usage', `${text} is not the number of a message; see quarantine list`);
  return Number(text);
};

const limitOf = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new LantianError('usage', `--limit ${text} is not a whole number`);
  return Number(text);
};

const lineOf = ({ id, received, reason, state, topic, detail }: QuarantinedMessage): string =>
  [id, isoBeijing(received), reason, state, topic, detail].join('\t');

/** `lantian quarantine list`: a line each, oldest first. */
export const list = (options: Chosen & { limit: string }): Promise<number> => {
  const [selection, limit] = [selectionOf(options), limitOf(options.limit)];
  return withDatabase(options.config, ({ quarantine }) => {
    const messages = quarantine.list(selection, limit);
    process.stdout.write(['id\treceived\treason\tstate\ttopic\tdetail', ...messages.map(lineOf), ''].join('\n'));
    process.stderr.write(`${messages.length} / ${quarantine.count(selection)}\n`);
    return 0;
  });
};

/** `lantian quarantine show ID`: everything of one, its payload last. */
export const show = async (id: string, options: { config?: string }): Promise<number> => {
  const selection = { id: idOf(id) };
  const [message] = await withDatabase(options.config, ({ quarantine }) => quarantine.list(selection, 1));
  if (message === undefined) throw new LantianError('usage', `no message ${id} in the quarantine`);
  const { payload, ...rest } = message;
  process.stdout.write(`${JSON.stringify({ ...rest, received: isoBeijing(rest.received) }, null, 2)}\n`);
  process.stdout.write(`${payload.toString()}\n`);
  return 0;
};

const POLL = 200;
const PATIENCE = 30_000;

/** No pipeline runs: do its work here, as long as it goes on. Figures wait in the outbox for the next run. */
const applyHere = ({ settings, database, quarantine }: Opened): void => {
  const urls = [settings.mqtt.url, ...settings.mqtt.brokers.map((broker) => broker.url)].filter(
    (url) => url !== undefined,
  );
  const pipeline = createPipeline({
    database,
    settings,
    catalog: loadCatalog(settings.catalog, settings.county),
    outbox: createOutbox(database, storeNames(settings), { maxBytes: settings.outbox.max_bytes }),
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
  const next = (): number | undefined => quarantine.asked(1)[0]?.id;
  try {
    // They are taken oldest first: a round that leaves the oldest where it was has done nothing, and the next would not either.
    for (let before: number | undefined; next() !== before; ) {
      before = next();
      pipeline.takeRetries();
      pipeline.drain();
    }
  } finally {
    pipeline.stop();
  }
};

/** What became of the messages that one command asked for. */
const createFollowing = (database: DatabaseSync) => {
  const isAsked = database.prepare("SELECT id FROM quarantine WHERE state = 'asked'");
  const stillAsked = database.prepare(
    "SELECT count(*) AS n FROM quarantine WHERE state = 'asked' AND id IN (SELECT value FROM json_each(?))",
  );
  const notApplied = database.prepare(
    `SELECT source FROM journal WHERE source LIKE 'quarantine:%'
       AND seq > coalesce((SELECT value FROM state WHERE name = 'position'), 0)`,
  );
  const newest = database.prepare('SELECT max(id) AS id FROM quarantine');
  const later = database.prepare("SELECT source FROM quarantine WHERE id > ? AND source LIKE 'quarantine:%'");
  const asked = (): number[] => isAsked.all().map(({ id }) => Number(id));
  return (ask: () => void) => {
    database.exec('BEGIN IMMEDIATE');
    const before = new Set(asked());
    ask();
    const ids = new Set(asked().filter((id) => !before.has(id)));
    const last = Number(newest.get()?.['id'] ?? 0);
    database.exec('COMMIT');
    const ours = (rows: readonly Record<string, unknown>[]): number =>
      rows.filter(({ source }) => ids.has(Number(/^quarantine:(\d+)(?:@|$)/.exec(String(source))?.[1]))).length;
    return {
      size: ids.size,
      /** How many are not taken, or taken and not applied. In this order: both move forward in one commit. */
      open: (): number => Number(stillAsked.get(JSON.stringify([...ids]))?.['n']) + ours(notApplied.all()),
      /** How many came back into the quarantine. */
      again: (): number => ours(later.all(last)),
    };
  };
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
  for (const deadline = Date.now() + PATIENCE; open() > 0 && Date.now() < deadline; ) await sleep(POLL);
};

/** Why some are not done, and what becomes of them. */
const sayOpen = (open: number, running: boolean): void => {
  const words = running
    ? 'the running pipeline has not tried them yet; it will'
    : 'nothing could be committed, see above; the next run or retry tries them';
  process.stderr.write(`lantian: ${open} 条尚未重试 not tried: ${words}\n`);
};

/**
 * `lantian quarantine retry [ID]`: what is not understood this time either is in the quarantine anew.
 * @returns exit code 0, or 1 when some came back or could not be tried
 */
export const retry = async (id: string | undefined, options: Chosen & { all?: boolean }): Promise<number> => {
  const selection = { ...selectionOf(options), ...(id === undefined ? {} : { id: idOf(id) }) };
  if (Object.values(selection).every((value) => value === undefined) && !options.all)
    throw new LantianError('usage', 'say which: a number, --reason, --station, or --all');
  return withDatabase(options.config, async (opened) => {
    const { settings, database, quarantine } = opened;
    const release = tryHold(settings.data.folder);
    try {
      // Its tables are there: a pipeline has run with this folder.
      const asked = createFollowing(database)(() => quarantine.ask(selection));
      if (release === undefined) await awaitPipeline(asked.open);
      else applyHere(opened);
      const [open, again] = [asked.open(), asked.again()];
      process.stdout.write(`重试 retried ${asked.size - open}, 仍被隔离 quarantined again ${again}\n`);
      if (open > 0) sayOpen(open, release === undefined);
      return again + open > 0 ? 1 : 0;
    } finally {
      release?.();
    }
  });
};
