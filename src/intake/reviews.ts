import type { DatabaseSync } from 'node:sqlite';
import { feeds } from '../../sensors/feeds/index.ts';
import type { Feed, Reading } from '../core/types.ts';
import { type ReadingKey, spanOf } from './archive.ts';
import { WEIGHTS } from './decode.ts';

// What people say of readings: a quantity of a reading is marked invalid, and a mark is taken away again. The archive keeps readings
// as they came; marks are laid over whatever came for the reading's feed, station, time, start and window, so that one that is sent
// again is still invalid, also with other values. A marked quantity has the flag RM instead of its own, the mark by which the
// national network's stations show what a review has rejected; without the mark its own flag, or none, is back.

export const REJECTED = 'RM';

/** By quantity, the number of the review that marked it. */
export type Marks = Readonly<Record<string, number>>;

/** One review of one reading, as it is journalled. */
export interface Review extends ReadingKey {
  readonly action: 'invalidate' | 'restore';
  /** `all`: every quantity of the feed, also those that a later edition of the reading brings. */
  readonly quantities: readonly string[] | 'all';
  readonly reason: string;
}

/** Why a review would change nothing. */
export interface Refusal {
  readonly refused: string;
}

const refuse = (refused: string): Refusal => ({ refused });

const invalidated = ({ quantities }: Review, { feed, values }: Reading, marks: Marks, by: number): Marks | Refusal => {
  const named = quantities === 'all' ? Object.keys(feeds[feed].quantities) : quantities;
  const there = named.filter((name) => values[name] !== undefined);
  if (there.length === 0) return refuse(`该读数没有所述监测因子 the reading has no ${named.join(', ')}`);
  if (there.every((name) => marks[name] !== undefined)) return refuse('已判为无效 it is invalid already');
  const added = (quantities === 'all' ? named : there).filter((name) => marks[name] === undefined);
  return { ...marks, ...Object.fromEntries(added.map((name) => [name, by])) };
};

const restored = ({ quantities }: Review, marks: Marks): Marks | Refusal => {
  const isKept = (name: string): boolean => quantities !== 'all' && !quantities.includes(name);
  const kept = Object.entries(marks).filter(([name]) => isKept(name));
  if (kept.length === Object.keys(marks).length) return refuse('未被判为无效 it is not invalid by any review');
  return Object.fromEntries(kept);
};

/**
 * The marks of a reading after a review, or why there is nothing to do.
 * @param reading as it came; undefined: there is none
 * @param by the review's number
 */
export const marksAfter = (review: Review, reading: Reading | undefined, marks: Marks, by: number): Marks | Refusal => {
  if (reading === undefined) return refuse('没有该读数 there is no such reading');
  return review.action === 'invalidate' ? invalidated(review, reading, marks, by) : restored(review, marks);
};

export const isRefusal = (marks: Marks | Refusal): marks is Refusal => typeof marks['refused'] === 'string';

/** What a rejected weight makes of the dustfall that was weighed from it. */
const withWeighed = ({ feed, values }: Reading, rejected: readonly string[]): readonly string[] => {
  const weighed = feed === 'dustfall' && values['dustfall'] !== undefined;
  return weighed && WEIGHTS.some((name) => rejected.includes(name)) ? [...rejected, 'dustfall'] : rejected;
};

/** A reading under its marks; itself where none of them is about it. */
export const layOver = (reading: Reading, marks: Marks): Reading => {
  const rejected = Object.keys(marks).filter((name) => reading.values[name] !== undefined);
  if (rejected.length === 0) return reading;
  const flags = Object.fromEntries(withWeighed(reading, rejected).map((name) => [name, REJECTED]));
  return { ...reading, flags: { ...reading.flags, ...flags } };
};

export interface Reviews {
  marks(key: ReadingKey): Marks;
  /** Inside the caller's transaction. */
  put(key: ReadingKey, marks: Marks): void;
  /** A reading as it came, under the marks that there are. */
  lay(reading: Reading): Reading;
  /** Readings of one feed and station, in order. */
  layAll(feed: Feed, station: string, readings: readonly Reading[]): readonly Reading[];
  /** Forget marks of readings with a time before `before`; how many went. Inside the caller's transaction. */
  forget(before: number, most: number): number;
  /** Look again where there are marks, after a transaction was rolled back. */
  reload(): void;
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS review_mark (
  feed TEXT NOT NULL, station TEXT NOT NULL, time INTEGER NOT NULL, start INTEGER NOT NULL, span TEXT NOT NULL,
  marks TEXT NOT NULL, PRIMARY KEY (feed, station, time, start, span)
) WITHOUT ROWID;`;

/** From and to the times of a station's readings that have marks: most readings are newer, and nothing is looked up for them. */
interface Stretch {
  from: number;
  to: number;
}

export const createReviews = (database: DatabaseSync): Reviews => {
  database.exec(SCHEMA);
  const get = database.prepare(
    'SELECT marks FROM review_mark WHERE feed = ? AND station = ? AND time = ? AND start = ? AND span = ?',
  );
  const set = database.prepare('INSERT OR REPLACE INTO review_mark VALUES (?, ?, ?, ?, ?, ?)');
  const clear = database.prepare(
    'DELETE FROM review_mark WHERE feed = ? AND station = ? AND time = ? AND start = ? AND span = ?',
  );
  const stretchesOf = database.prepare(
    'SELECT feed, station, min(time) AS "from", max(time) AS "to" FROM review_mark GROUP BY feed, station',
  );
  const remove = database.prepare(
    `DELETE FROM review_mark WHERE (feed, station, time, start, span) IN
       (SELECT feed, station, time, start, span FROM review_mark WHERE time < ? LIMIT ?)`,
  );
  const stretches = new Map<string, Stretch>();
  const stretchKey = (feed: Feed, station: string): string => `${feed}/${station}`;
  const keyOf = (key: ReadingKey) => [key.feed, key.station, key.time, key.start, spanOf(key)] as const;

  const reload = (): void => {
    stretches.clear();
    for (const { feed, station, from, to } of stretchesOf.all())
      stretches.set(stretchKey(feed as Feed, String(station)), { from: Number(from), to: Number(to) });
  };
  reload();

  const marks = (key: ReadingKey): Marks => {
    const stretch = stretches.get(stretchKey(key.feed, key.station));
    if (stretch === undefined || key.time < stretch.from || key.time > stretch.to) return {};
    const row = get.get(...keyOf(key));
    return row === undefined ? {} : (JSON.parse(String(row['marks'])) as Marks);
  };
  const lay = (reading: Reading): Reading => layOver(reading, marks(reading));

  return {
    marks,
    put: (key, after) => {
      if (Object.keys(after).length === 0) return void clear.run(...keyOf(key));
      set.run(...keyOf(key), JSON.stringify(after));
      const { from = key.time, to = key.time } = stretches.get(stretchKey(key.feed, key.station)) ?? {};
      const wider = { from: Math.min(from, key.time), to: Math.max(to, key.time) };
      stretches.set(stretchKey(key.feed, key.station), wider);
    },
    lay,
    layAll: (feed, station, readings) => (stretches.has(stretchKey(feed, station)) ? readings.map(lay) : readings),
    forget: (before, most) => Number(remove.run(before, most).changes),
    reload,
  };
};
