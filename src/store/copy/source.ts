// The embedded store's rows in pieces, in order of series and time. Each piece is read by itself, without a transaction over all of
// them: a pipeline that writes meanwhile is not kept from tidying its file, and memory holds one piece.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { LantianError, reasonOf } from '../../core/errors.ts';
import type { FieldValue, Point } from '../../core/types.ts';
import type { Damaged } from '../embedded-file.ts';
import { guarded } from '../embedded-reader.ts';

export interface SeriesOf {
  readonly id: number;
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Time of its newest row; later ones are not asked for. */
  readonly last: number;
}

/** A row by its series and time. */
export interface Place {
  readonly series: number;
  readonly time: number;
}

/** Which rows: `from` <= time < `until`. */
export interface Wish {
  readonly series: readonly SeriesOf[];
  readonly from: number;
  readonly until: number;
}

export interface Piece {
  readonly points: readonly Point[];
  /** The last row of the piece. */
  readonly upTo: Place;
  /** Equal for equal rows. */
  readonly digest: string;
}

export interface Source {
  /** Those that have rows, in order of their numbers. */
  series(): readonly SeriesOf[];
  /** Rows there are. */
  count(wish: Wish): number;
  /** The rows after a place, at most so many; undefined: there are no more. */
  next(wish: Wish, after: Place | undefined, atMost: number): Piece | undefined;
  /** The rows after a place up to another as they are now; undefined: none is left. */
  again(wish: Wish, after: Place | undefined, upTo: Place): Piece | undefined;
  /** Names of all fields that a measurement ever had. */
  fields(measurement: string): readonly string[];
  close(): void;
}

interface Range {
  readonly after: Place | undefined;
  readonly upTo: Place | undefined;
  readonly atMost: number;
}

const SERIES = `SELECT * FROM (SELECT id, measurement, tags, (SELECT max(time) FROM point WHERE series = id) AS last FROM series)
  WHERE last IS NOT NULL ORDER BY id`;

const opened = (file: string): DatabaseSync => {
  if (!existsSync(file)) throw new LantianError('file-unreadable', `there is no ${file}: nothing was stored there yet`);
  return guarded(file, () => {
    const db = new DatabaseSync(file, { readOnly: true });
    db.exec('PRAGMA busy_timeout = 5000; PRAGMA cache_size = -16384');
    db.prepare('SELECT count(*) FROM series').get();
    return db;
  });
};

/**
 * Open the file of an embedded store for reading.
 * @param damaged told of rows that cannot be read, which are left out
 * @throws LantianError file-unreadable, data-damaged; its methods too
 */
export const openSource = (file: string, damaged: Damaged): Source => {
  const db = opened(file);
  const span = 'FROM point WHERE series = ? AND time > ? AND time <= ?';
  const [rows, count] = guarded(file, () => [
    db.prepare(`SELECT time, fields ${span} ORDER BY time LIMIT ?`),
    db.prepare(`SELECT count(*) AS n ${span}`),
  ]);

  const pointOf = ({ measurement, tags }: SeriesOf, time: number, fields: string): Point | undefined => {
    try {
      return { measurement, tags, time, fields: JSON.parse(fields) as Record<string, FieldValue> };
    } catch (thrown) {
      damaged(`${measurement} ${JSON.stringify(tags)} ${time}`, reasonOf(thrown));
      return undefined;
    }
  };

  const read = ({ series, from, until }: Wish, { after, upTo, atMost }: Range): Piece | undefined => {
    const points: Point[] = [];
    const hash = createHash('sha1');
    let [many, last]: [number, Place | undefined] = [0, undefined];
    for (const one of series) {
      if (one.id < (after?.series ?? 0)) continue;
      if (many >= atMost || (upTo !== undefined && one.id > upTo.series)) break;
      const low = one.id === after?.series ? after.time : from - 1;
      const high = Math.min(one.last, one.id === upTo?.series ? upTo.time : until - 1);
      for (const { time, fields } of rows.all(one.id, low, high, atMost - many)) {
        const point = pointOf(one, Number(time), String(fields));
        if (point) points.push(point);
        hash.update(`${one.id} ${time} ${fields}\n`);
        many += 1;
        last = { series: one.id, time: Number(time) };
      }
    }
    return last && { points, upTo: last, digest: hash.digest('base64') };
  };

  const NO_MORE = Number.MAX_SAFE_INTEGER;
  return {
    series: () =>
      guarded(file, () => db.prepare(SERIES).all()).map((row) => ({
        id: Number(row['id']),
        last: Number(row['last']),
        measurement: String(row['measurement']),
        tags: JSON.parse(String(row['tags'])) as Record<string, string>,
      })),
    count: ({ series, from, until }) =>
      guarded(file, () =>
        series.reduce(
          (sum, { id, last }) => sum + Number(count.get(id, from - 1, Math.min(last, until - 1))?.['n']),
          0,
        ),
      ),
    next: (wish, after, atMost) => guarded(file, () => read(wish, { after, upTo: undefined, atMost })),
    again: (wish, after, upTo) => guarded(file, () => read(wish, { after, upTo, atMost: NO_MORE })),
    fields: (measurement) =>
      guarded(file, () => db.prepare('SELECT name FROM field WHERE measurement = ?').all(measurement)).map(({ name }) =>
        String(name),
      ),
    close: () => db.close(),
  };
};
