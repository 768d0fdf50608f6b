import type { DatabaseSync } from 'node:sqlite';
import { LantianError } from '../core/errors.ts';
import { inTransaction } from '../core/sqlite.ts';
import { isoBeijing } from '../core/time.ts';
import { REASONS } from '../intake/decode.ts';
import { createQuarantine, type QuarantinedMessage, type Selection } from '../intake/quarantine.ts';
import { haveDone, limitOf, settingsOf, withDatabase } from './desk.ts';

interface Chosen {
  readonly config?: string;
  readonly reason?: string;
  readonly station?: string;
}

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

const noMessage = (id: string): LantianError =>
  new LantianError('usage', `隔离区没有 no message ${id} in the quarantine`);

const lineOf = ({ id, received, reason, state, topic, detail }: QuarantinedMessage): string =>
  [id, isoBeijing(received), reason, state, topic, detail].join('\t');

/** `lantian quarantine list`: a line each, oldest first. */
export const list = (options: Chosen & { limit: string }): Promise<number> => {
  const [selection, limit] = [selectionOf(options), limitOf(options.limit)];
  return withDatabase(settingsOf(options.config), ({ database }) => {
    const quarantine = createQuarantine(database);
    const messages = quarantine.list(selection, limit);
    process.stdout.write(['id\treceived\treason\tstate\ttopic\tdetail', ...messages.map(lineOf), ''].join('\n'));
    process.stderr.write(`${messages.length} / ${quarantine.count(selection)}\n`);
    return 0;
  });
};

/** `lantian quarantine show ID`: everything of one, its payload last. */
export const show = async (id: string, options: { config?: string }): Promise<number> => {
  const selection = { id: idOf(id) };
  const [message] = await withDatabase(settingsOf(options.config), ({ database }) =>
    createQuarantine(database).list(selection, 1),
  );
  if (message === undefined) throw noMessage(id);
  const { payload, ...rest } = message;
  process.stdout.write(`${JSON.stringify({ ...rest, received: isoBeijing(rest.received) }, null, 2)}\n`);
  process.stdout.write(`${payload.toString()}\n`);
  return 0;
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
    const { ids, last } = inTransaction(database, () => {
      const before = new Set(asked());
      ask();
      return {
        ids: new Set(asked().filter((id) => !before.has(id))),
        last: Number(newest.get()?.['id'] ?? 0),
      };
    });
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

/**
 * `lantian quarantine retry [ID]`: what is not understood this time either is in the quarantine anew.
 * @returns exit code 0, or 1 when some came back or could not be tried
 */
export const retry = async (id: string | undefined, options: Chosen & { all?: boolean }): Promise<number> => {
  const selection = { ...selectionOf(options), ...(id === undefined ? {} : { id: idOf(id) }) };
  if (Object.values(selection).every((value) => value === undefined) && !options.all)
    throw new LantianError('usage', 'say which: a number, --reason, --station, or --all');
  return withDatabase(settingsOf(options.config), async (opened) => {
    const quarantine = createQuarantine(opened.database);
    if (id !== undefined && quarantine.count({ id: idOf(id) }) === 0) throw noMessage(id);
    const follow = createFollowing(opened.database);
    const asked = await haveDone(opened, () => follow(() => quarantine.ask(selection)), '尚未重试 not tried');
    const [open, again] = [asked.open(), asked.again()];
    process.stdout.write(`重试 retried ${asked.size - open}, 仍被隔离 quarantined again ${again}\n`);
    return again + open > 0 ? 1 : 0;
  });
};
