// The outbox: points on their way to the stores, in the pipeline's own database, so that they move in the transaction
// that moves the state and the journal's position.
//
// Format. `outbox`: a row is up to ROW_POINTS points as JSON, in the order they were made. Ids only rise; `sum_points`
// and `sum_bytes` are running sums over all rows ever, this one included, so that a store's depth is a subtraction.
// `outbox_cursor`: the last row each store has taken for good, with the sums there. `outbox_gap`: what a store will
// not get any more because the outbox was full, by time of the points, so that it can be filled from the archive.
//
// Invariants.
// - append and flush run inside the caller's transaction and never commit: rows appear with what made them, or not at all.
//   The caller does not await inside it. Should a rolled back row have been read nevertheless, its id is not used again.
// - A store gets the rows in order of id, whole. What it has taken is in memory until flush; memory only ever runs ahead.
// - A row leaves when every store has taken it, or when the rows exceed maxBytes: then the oldest leave, counted for the
//   stores that still lag and noted as a gap. The newest row is never dropped. Nothing else waits.
//
// Recovery. After a crash a store starts behind its cursor and may get rows again, which idempotent writes allow. A
// row whose JSON is damaged is a gap. A store new in the settings starts at the oldest row; one no longer there is
// forgotten once nothing waits for it, and until then its points are kept like any other's.
import type { DatabaseSync } from 'node:sqlite';
import type { Point } from '../core/types.ts';

export interface Batch {
  /** JSON arrays of points. */
  readonly texts: readonly string[];
  /** Points in them. */
  readonly count: number;
  /** The points, parsed when they are asked for. */
  readonly points: readonly Point[];
  /** To be given to `taken` when the store has the points for good. */
  readonly upTo: number;
}

export interface Depth {
  readonly points: number;
  readonly bytes: number;
}

/** Points that a store did not get, by their times (both ends included). */
export interface Gap extends Record<'id' | 'points' | 'from' | 'to', number> {}

export interface Outbox {
  /** A store that was not there at the start: it gets the oldest points that are left, and all that follow. */
  join(store: string): void;
  /** Add points, inside the caller's transaction. */
  append(points: readonly Point[]): void;
  /** The next points for a store: whole rows, at least one, and no more than `atMost` points where rows allow it. */
  read(store: string, atMost: number): Batch | undefined;
  /** The store has everything up to this row; remembered in memory until `flush`. */
  taken(store: string, upTo: number): void;
  /** Write down what was taken and remove what all have, inside the caller's transaction. */
  flush(): void;
  /** Stores that are not configured any more but for which points wait. */
  readonly unconfigured: readonly string[];
  /** The newest row there ever was; 0: none. */
  last(): number;
  /** What waits for a store. */
  depth(store: string): Depth;
  /** Points that a store did not get because the outbox was full or damaged, ever. */
  dropped(store: string): number;
  gaps(store: string): readonly Gap[];
  /** A gap was filled. */
  closeGap(id: number): void;
}

export interface OutboxLimits {
  /** JSON kept for stores that lag. */
  readonly maxBytes: number;
}

const ROW_POINTS = 1000;
/** Gaps kept apart for a store; further ones widen the newest. */
const GAPS = 100;

const TABLES = `
  CREATE TABLE IF NOT EXISTS outbox (
    id INTEGER PRIMARY KEY, count INTEGER NOT NULL, bytes INTEGER NOT NULL, sum_points INTEGER NOT NULL,
    sum_bytes INTEGER NOT NULL, earliest INTEGER NOT NULL, latest INTEGER NOT NULL, points TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS outbox_cursor (
    store TEXT PRIMARY KEY, id INTEGER NOT NULL, sum_points INTEGER NOT NULL, sum_bytes INTEGER NOT NULL,
    dropped INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS outbox_gap (
    id INTEGER PRIMARY KEY, store TEXT NOT NULL, points INTEGER NOT NULL, earliest INTEGER NOT NULL,
    latest INTEGER NOT NULL, up_to INTEGER NOT NULL);`;

type Columns = Record<'id' | 'count' | 'bytes' | 'sum_points' | 'sum_bytes' | 'earliest' | 'latest', number>;
type Row = Columns & { points: string };
type Place = Pick<Columns, 'id' | 'sum_points' | 'sum_bytes'>;

const prepareAll = (db: DatabaseSync) => ({
  add: db.prepare('INSERT INTO outbox VALUES (?, ?, ?, ?, ?, ?, ?, ?)'),
  newest: db.prepare('SELECT id, sum_points, sum_bytes FROM outbox ORDER BY id DESC LIMIT 1'),
  farthest: db.prepare('SELECT id, sum_points, sum_bytes FROM outbox_cursor ORDER BY id DESC LIMIT 1'),
  at: db.prepare('SELECT id, sum_points, sum_bytes FROM outbox WHERE id <= ? ORDER BY id DESC LIMIT 1'),
  oldest: db.prepare(
    'SELECT id, count, bytes, sum_points, sum_bytes, earliest, latest FROM outbox ORDER BY id LIMIT 1',
  ),
  next: db.prepare(
    "SELECT *, typeof(points) = 'text' AND json_valid(points) AS whole FROM outbox WHERE id > ? ORDER BY id LIMIT 1",
  ),
  remove: db.prepare('DELETE FROM outbox WHERE id <= ?'),
  cursor: db.prepare('SELECT id, sum_points, sum_bytes FROM outbox_cursor WHERE store = ?'),
  move: db.prepare('UPDATE outbox_cursor SET id = ?, sum_points = ?, sum_bytes = ? WHERE store = ?'),
  drop: db.prepare('UPDATE outbox_cursor SET dropped = dropped + ? WHERE store = ?'),
  dropped: db.prepare('SELECT dropped FROM outbox_cursor WHERE store = ?'),
  gaps: db.prepare('SELECT id, points, earliest AS "from", latest AS "to" FROM outbox_gap WHERE store = ? ORDER BY id'),
  lastGap: db.prepare(
    'SELECT max(id) AS id, up_to, (SELECT count(*) FROM outbox_gap WHERE store = ?1) AS n FROM outbox_gap WHERE store = ?1',
  ),
  addGap: db.prepare('INSERT INTO outbox_gap (store, points, earliest, latest, up_to) VALUES (?, ?, ?, ?, ?)'),
  widenGap: db.prepare(
    'UPDATE outbox_gap SET points = points + ?, earliest = min(earliest, ?), latest = max(latest, ?), up_to = ? WHERE id = ?',
  ),
  closeGap: db.prepare('DELETE FROM outbox_gap WHERE id = ?'),
});

/** Cursors at the oldest point for stores that have none. */
const placeCursors = (db: DatabaseSync, stores: readonly string[]): void => {
  const before = `(SELECT id - 1 AS id, sum_points - count AS sum_points, sum_bytes - bytes AS sum_bytes FROM outbox
    WHERE id = (SELECT min(id) FROM outbox)
    UNION ALL SELECT * FROM (SELECT id, sum_points, sum_bytes FROM outbox_cursor ORDER BY id DESC LIMIT 1)
    UNION ALL SELECT 0, 0, 0 LIMIT 1)`;
  db.prepare(`INSERT OR IGNORE INTO outbox_cursor
    SELECT value, before.id, before.sum_points, before.sum_bytes, 0 FROM json_each(?), ${before} AS before`).run(
    JSON.stringify(stores),
  );
};

/**
 * Cursors for the stores that there are now, and for those that are not configured but are still owed something: a start without
 * a setting, such as a command in another shell, must not throw their points away. The names of all.
 */
const meetStores = (db: DatabaseSync, stores: readonly string[]): string[] => {
  const names = JSON.stringify(stores);
  db.prepare(`DELETE FROM outbox_cursor WHERE store NOT IN (SELECT value FROM json_each(?))
    AND id >= (SELECT coalesce(max(id), 0) FROM outbox)`).run(names);
  db.exec('DELETE FROM outbox_gap WHERE store NOT IN (SELECT store FROM outbox_cursor)');
  placeCursors(db, stores);
  return db
    .prepare('SELECT store FROM outbox_cursor')
    .all()
    .map(({ store }) => String(store));
};

const batchOf = (rows: readonly Row[]): Batch => {
  const texts = rows.map(({ points }) => points);
  let points: Point[] | undefined;
  return {
    texts,
    count: rows.reduce((sum, { count }) => sum + count, 0),
    upTo: rows.at(-1)!.id,
    get points() {
      points ??= texts.flatMap((text) => JSON.parse(text) as Point[]);
      return points;
    },
  };
};

/** The outbox in a database; makes its tables. */
export const createOutbox = (db: DatabaseSync, configured: readonly string[], limits: OutboxLimits): Outbox => {
  db.exec(TABLES);
  const stores = meetStores(db, configured);
  const sql = prepareAll(db);
  const positions = new Map<string, number>();
  // Never at or below a cursor, or a store would step over the row.
  let highest = Number(sql.farthest.get()?.['id'] ?? 0);

  const cursor = (store: string): Place => {
    const place = sql.cursor.get(store);
    if (!place) throw new Error(`${store} is not one of the outbox's stores: ${stores.join(', ')}`);
    return place as unknown as Place;
  };
  const position = (store: string): number => Math.max(positions.get(store) ?? 0, cursor(store).id);
  const end = (): Place =>
    (sql.newest.get() ?? sql.farthest.get() ?? { id: 0, sum_points: 0, sum_bytes: 0 }) as unknown as Place;

  const add = (points: readonly Point[]): void => {
    const last = end();
    const text = JSON.stringify(points);
    const bytes = Buffer.byteLength(text);
    // A time that is none is for the stores to refuse; here it would fail the commit, and the next, for ever.
    const times = points.map(({ time }) => (Number.isSafeInteger(time) ? time : 0));
    highest = Math.max(highest, last.id) + 1;
    const sums = [last.sum_points + points.length, last.sum_bytes + bytes] as const;
    sql.add.run(highest, points.length, bytes, ...sums, Math.min(...times), Math.max(...times), text);
  };

  /** A store will not get a row: count it, note the time, step over it. */
  const lose = (store: string, row: Columns): void => {
    const last = sql.lastGap.get(store) as unknown as { id: number | null; up_to: number; n: number };
    const widens = last.id !== null && (last.up_to === position(store) || last.n >= GAPS);
    if (widens) sql.widenGap.run(row.count, row.earliest, row.latest, row.id, last.id);
    else sql.addGap.run(store, row.count, row.earliest, row.latest, row.id);
    sql.drop.run(row.count, store);
    sql.move.run(row.id, row.sum_points, row.sum_bytes, store);
  };

  const trim = (): void => {
    const { id: newest, sum_bytes } = end();
    for (;;) {
      const row = sql.oldest.get() as unknown as Columns | undefined;
      if (!row || row.id === newest || sum_bytes - row.sum_bytes + row.bytes <= limits.maxBytes) return;
      for (const store of stores) if (position(store) < row.id) lose(store, row);
      sql.remove.run(row.id);
    }
  };

  const next = (store: string, after: number): Row | undefined => {
    const row = sql.next.get(after) as unknown as (Row & { whole: number }) | undefined;
    if (!row || row.whole === 1) return row;
    lose(store, row);
    return next(store, row.id);
  };

  return {
    unconfigured: stores.filter((store) => !configured.includes(store)),
    join: (store) => {
      if (stores.includes(store)) return;
      placeCursors(db, [store]);
      stores.push(store);
    },
    append: (points) => {
      if (stores.length === 0 || points.length === 0) return;
      for (let i = 0; i < points.length; i += ROW_POINTS) add(points.slice(i, i + ROW_POINTS));
      trim();
    },
    read: (store, atMost) => {
      const rows: Row[] = [];
      let count = 0;
      for (let row = next(store, position(store)); row; row = next(store, row.id)) {
        count += row.count;
        if (rows.length > 0 && count > atMost) break;
        rows.push(row);
      }
      return rows.length === 0 ? undefined : batchOf(rows);
    },
    taken: (store, upTo) => {
      positions.set(store, Math.max(position(store), upTo));
    },
    flush: () => {
      for (const store of stores) {
        const upTo = positions.get(store) ?? 0;
        if (upTo <= cursor(store).id) continue;
        const { sum_points, sum_bytes } = (sql.at.get(upTo) as unknown as Place | undefined) ?? cursor(store);
        sql.move.run(upTo, sum_points, sum_bytes, store);
      }
      if (stores.length > 0) sql.remove.run(Math.min(...stores.map((store) => cursor(store).id)));
    },
    last: () => end().id,
    depth: (store) => {
      const { sum_points, sum_bytes } = end();
      const there = (sql.at.get(position(store)) as unknown as Place | undefined) ?? cursor(store);
      return { points: sum_points - there.sum_points, bytes: sum_bytes - there.sum_bytes };
    },
    dropped: (store) => Number(sql.dropped.get(store)?.['dropped'] ?? 0),
    gaps: (store) => sql.gaps.all(store) as unknown as Gap[],
    closeGap: (id) => {
      sql.closeGap.run(id);
    },
  };
};
