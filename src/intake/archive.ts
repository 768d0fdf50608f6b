import type { DatabaseSync } from 'node:sqlite';
import { damagedRow } from '../core/sqlite.ts';
import type { Feed, Reading } from '../core/types.ts';
import { compareReadings } from '../processors/window.ts';

// Every reading that was understood, both editions of a revised one, as long as late data may change its figures. It is what
// the middle's windows are loaded from, so a row is written in the same transaction as the position that covers it.
// Of several editions the one that was journalled last counts (`seq`). Readings stand here as they came; what people say of them is
// laid over them when they are read (src/intake/reviews.ts).

/** What one reading is told by. */
export type ReadingKey = Pick<Reading, 'feed' | 'station' | 'time' | 'start' | 'from' | 'to'>;

export interface Archive {
  /** Inside the caller's transaction. */
  insert(seq: number, reading: Reading): void;
  /** Readings with `from` < time <= `to`, in order, the last edition of each. */
  range(feed: Feed, station: string, from: number, to: number): Reading[];
  /** The last edition of one reading. */
  edition(key: ReadingKey): Reading | undefined;
  /** Time of the newest reading. */
  newest(feed: Feed, station: string): number | undefined;
  /** Forget readings with a time before `before`, at most `rows` at once; how many went. Inside the caller's transaction. */
  forget(before: number, rows: number): number;
  /** A transaction was rolled back: what was remembered of it is not so. */
  reload(): void;
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS archive_series (id INTEGER PRIMARY KEY, feed TEXT NOT NULL, station TEXT NOT NULL, UNIQUE (feed, station));
CREATE TABLE IF NOT EXISTS archive (
  series INTEGER NOT NULL, time INTEGER NOT NULL, start INTEGER NOT NULL, span TEXT NOT NULL, seq INTEGER NOT NULL,
  body TEXT NOT NULL, PRIMARY KEY (series, time, start, span, seq)
) WITHOUT ROWID;`;

type Body = Omit<Reading, 'feed' | 'station' | 'time' | 'start'>;

const bodyOf = ({ feed: _f, station: _s, time: _t, start: _b, ...body }: Reading): string => JSON.stringify(body);

/** @throws what `isDamage` holds of, where the text is no JSON */
const bodyFrom = (text: string): Body => {
  try {
    return JSON.parse(text) as Body;
  } catch (thrown) {
    throw damagedRow('a row of the archive', thrown);
  }
};

/** The window of a forecast, as a part of its key. */
export const spanOf = ({ from, to }: Pick<Reading, 'from' | 'to'>): string =>
  from === undefined ? '' : `${from}-${to}`;

const lastEditions = (readings: readonly Reading[]): Reading[] => {
  const kept: Reading[] = [];
  for (const reading of readings) {
    const last = kept.at(-1);
    if (last !== undefined && compareReadings(last, reading) === 0) kept[kept.length - 1] = reading;
    else kept.push(reading);
  }
  return kept;
};

export const createArchive = (database: DatabaseSync): Archive => {
  database.exec(SCHEMA);
  const put = database.prepare('INSERT OR REPLACE INTO archive VALUES (?, ?, ?, ?, ?, ?)');
  const addSeries = database.prepare('INSERT OR IGNORE INTO archive_series (feed, station) VALUES (?, ?)');
  const findSeries = database.prepare('SELECT id FROM archive_series WHERE feed = ? AND station = ?');
  const select = database.prepare(
    'SELECT time, start, body FROM archive WHERE series = ? AND time > ? AND time <= ? ORDER BY time, start, span, seq',
  );
  const selectOne = database.prepare(
    'SELECT body FROM archive WHERE series = ? AND time = ? AND start = ? AND span = ? ORDER BY seq DESC LIMIT 1',
  );
  const last = database.prepare('SELECT max(time) AS time FROM archive WHERE series = ?');
  const allSeries = database.prepare('SELECT id FROM archive_series');
  const removeOld = database.prepare(
    'DELETE FROM archive WHERE series = ?1 AND time < ?2 AND (time, start, span, seq) IN (SELECT time, start, span, seq FROM archive WHERE series = ?1 AND time < ?2 LIMIT ?3)',
  );
  const ids = new Map<string, number>();
  const find = (feed: Feed, station: string): number | undefined => {
    const key = `${feed}/${station}`;
    const known = ids.get(key) ?? (findSeries.get(feed, station) as { id: number } | undefined)?.id;
    if (known !== undefined) ids.set(key, known);
    return known;
  };
  const seriesOf = (feed: Feed, station: string): number => {
    const id = find(feed, station);
    if (id !== undefined) return id;
    addSeries.run(feed, station);
    return find(feed, station)!;
  };

  return {
    insert: (seq, reading) => {
      const { feed, station, time, start } = reading;
      put.run(seriesOf(feed, station), time, start, spanOf(reading), seq, bodyOf(reading));
    },
    range: (feed, station, from, to) => {
      const id = find(feed, station);
      if (id === undefined) return [];
      const rows = select.all(id, Math.max(from, -8.64e15), Math.min(to, 8.64e15)) as {
        time: number;
        start: number;
        body: string;
      }[];
      const readings = rows.map(
        ({ time, start, body }): Reading => ({ feed, station, time, start, ...bodyFrom(body) }),
      );
      return lastEditions(readings);
    },
    edition: (key) => {
      const { feed, station, time, start } = key;
      const id = find(feed, station);
      const row = id === undefined ? undefined : selectOne.get(id, time, start, spanOf(key));
      return row && { feed, station, time, start, ...bodyFrom(String(row['body'])) };
    },
    newest: (feed, station) => {
      const id = find(feed, station);
      return id === undefined ? undefined : ((last.get(id) as { time: number | null }).time ?? undefined);
    },
    forget: (before, rows) => {
      let left = rows;
      for (const { id } of allSeries.all() as { id: number }[]) {
        if (left > 0) left -= Number(removeOld.run(id, before, left).changes);
      }
      return rows - left;
    },
    reload: () => ids.clear(),
  };
};
