import type { DatabaseSync } from 'node:sqlite';
import { LantianError } from '../../core/errors.ts';
import { isoBeijing } from '../../core/time.ts';
import type { Feed, Reading } from '../../core/types.ts';
import { createArchive } from '../../intake/archive.ts';
import { createDesk, type DeskKind, type DeskRow } from '../../intake/desk.ts';
import { createReviews, type Review } from '../../intake/reviews.ts';
import { limitOf, settingsOf, withDatabase } from '../desk.ts';

// What people handed in: who, when, what, why, and what came of it.

interface Chosen {
  readonly config?: string;
  readonly station?: string;
  readonly kind?: DeskKind;
}

/** What is told of a row's payload in a list. */
interface Told {
  readonly what: string;
  readonly quantities: string;
  readonly why: string;
}

const toldOf = ({ kind, payload }: DeskRow): Told => {
  const content: unknown = JSON.parse(payload.toString());
  if (kind === 'review') {
    const { action, quantities, reason } = content as Review;
    return { what: action, quantities: [quantities].flat().join(), why: reason };
  }
  const { values } = content as { values: object };
  return { what: 'entry', quantities: Object.keys(values).join(), why: '' };
};

const placeOf = (topic: string): [feed: Feed, station: string] =>
  topic.split('/').slice(-2) as [feed: Feed, station: string];

const lineOf = (row: DeskRow): string => {
  const { what, quantities, why } = toldOf(row);
  const when = [isoBeijing(row.asked), row.person];
  return [
    row.id,
    ...when,
    what,
    ...placeOf(row.topic),
    isoBeijing(row.time),
    quantities,
    row.state,
    why,
    row.detail,
  ].join('\t');
};

const HEADER = 'id\tasked\tperson\twhat\tfeed\tstation\ttime\tquantities\toutcome\treason\tdetail';

/** `lantian review list`: a line each, newest first. */
export const list = ({ config, station, kind, limit }: Chosen & { limit: string }): Promise<number> => {
  const most = limitOf(limit);
  return withDatabase(settingsOf(config), ({ database }) => {
    const desk = createDesk(database);
    const rows = desk.list({ station, kind }, most);
    process.stdout.write([HEADER, ...rows.map(lineOf), ''].join('\n'));
    process.stderr.write(`${rows.length} / ${desk.count({ station, kind })}\n`);
    return 0;
  });
};

/** A reading as it came, and by quantity the number of the review that made it invalid. */
const shown = (reading: Reading, marks: object): object => {
  const { time, start, from, to, ...rest } = reading;
  const window = from === undefined ? {} : { from: isoBeijing(from), to: isoBeijing(to!) };
  return { ...rest, start: isoBeijing(start), time: isoBeijing(time), ...window, invalidatedBy: marks };
};

const readingsAt = (database: DatabaseSync, { topic, time }: DeskRow): object[] => {
  const reviews = createReviews(database);
  const readings = createArchive(database).range(...placeOf(topic), time - 1, time);
  return readings.map((reading) => shown(reading, reviews.marks(reading)));
};

/** `lantian review show ID`: everything of one, and the readings that it speaks of as they came. @throws LantianError usage */
export const show = (id: string, { config }: { config?: string }): Promise<number> => {
  if (!/^\d+$/.test(id)) throw new LantianError('usage', `${id} is not a number; see review list`);
  return withDatabase(settingsOf(config), ({ database }) => {
    const [row] = createDesk(database).rows([Number(id)]);
    if (row === undefined) throw new LantianError('usage', `nothing was handed in as ${id}; see review list`);
    const { payload, ...rest } = row;
    const times = { asked: isoBeijing(row.asked), time: isoBeijing(row.time) };
    const whole = { ...rest, ...times, payload: JSON.parse(payload.toString()), readings: readingsAt(database, row) };
    process.stdout.write(`${JSON.stringify(whole, null, 2)}\n`);
    return 0;
  });
};
