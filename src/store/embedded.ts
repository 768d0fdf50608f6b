// The series in one SQLite file.
//
// Format: `series` numbers each measurement and set of tags; `point` holds a row's fields as JSON, clustered by series
// and time, so that a range is read in one sweep; `field` remembers the one type of every field ever written.
// A write merges as InfluxDB does: fields given replace, others stay, `gone` ones leave. json_patch (RFC 7396) does
// just that, with null for what is gone, in one statement and without reading the row first.
// Invariants: one transaction a write, synchronous=FULL: when `write` resolves the points survive a power cut.
// Recovery: a file that is no database, or a page that turns out to be damaged, is set aside whole, what can still be
// read of it is copied to a new file, and `damaged` is told; writing goes on.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { reasonOf } from '../core/errors.ts';
import { inTransaction, isDamage } from '../core/sqlite.ts';
import type { FieldValue, Point } from '../core/types.ts';
import { type Damaged, openSeries, renewSeries } from './embedded-file.ts';
import type { Refusal, Row, SeriesQuery, Store } from './port.ts';
import { hasTags, inOrder } from './rows.ts';
import { canonicalTags, type FieldType, fieldType, mistakeOf } from './series.ts';

export interface EmbeddedOptions {
  readonly file: string;
  readonly damaged?: Damaged;
}

/** Series remembered by number; more are looked up in the file. */
const SERIES_IN_MEMORY = 100_000;

// Equal rows are left as they are: a batch that is sent again costs no write. A row whose JSON is damaged is replaced.
const UPSERT = `INSERT INTO point VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET fields =
  CASE WHEN json_valid(fields) THEN json_patch(fields, excluded.fields) ELSE excluded.fields END
  WHERE fields IS NOT excluded.fields`;
// The patch of a row that is not there yet must not leave nulls behind.
const UPSERT_GONE = `INSERT INTO point VALUES (?1, ?2, json_patch('{}', ?3)) ON CONFLICT DO UPDATE SET fields =
  CASE WHEN json_valid(fields) THEN json_patch(fields, ?3) ELSE excluded.fields END`;

/** A point and the number of its series. */
interface Placed {
  readonly id: number;
  readonly point: Point;
}

/** In the order of the file a page is looked for, changed and logged once a write, however many of its rows come. Equal rows keep their order. */
const inFileOrder = (a: Placed, b: Placed): number => a.id - b.id || a.point.time - b.point.time;

/** The statements and memories that belong to one open file. */
const openWriter = (db: DatabaseSync) => {
  const upsert = db.prepare(UPSERT);
  const upsertGone = db.prepare(UPSERT_GONE);
  const dropEmpty = db.prepare("DELETE FROM point WHERE series = ? AND time = ? AND fields = '{}'");
  const findSeries = db.prepare('SELECT id FROM series WHERE measurement = ? AND tags = ?');
  const addSeries = db.prepare('INSERT INTO series (measurement, tags) VALUES (?, ?) RETURNING id');
  const addField = db.prepare('INSERT INTO field VALUES (?, ?, ?)');
  const ids = new Map<string, number>();
  const types = new Map<string, Map<string, FieldType>>();
  for (const row of db.prepare('SELECT measurement, name, type FROM field').all()) {
    const fields = types.get(String(row['measurement'])) ?? new Map<string, FieldType>();
    types.set(String(row['measurement']), fields.set(String(row['name']), row['type'] as FieldType));
  }

  const seriesId = (measurement: string, tags: string): number => {
    const key = `${measurement}\n${tags}`;
    const known = ids.get(key);
    if (known !== undefined) return known;
    const row = findSeries.get(measurement, tags) ?? addSeries.get(measurement, tags)!;
    if (ids.size >= SERIES_IN_MEMORY) ids.clear();
    ids.set(key, Number(row['id']));
    return Number(row['id']);
  };

  const typesOf = (measurement: string): Map<string, FieldType> => {
    const fields = types.get(measurement) ?? new Map<string, FieldType>();
    if (fields.size === 0) types.set(measurement, fields);
    return fields;
  };

  /** The words of a conflict of types; fields seen for the first time are remembered. */
  const conflict = ({ measurement, fields }: Point): string | undefined => {
    const known = typesOf(measurement);
    for (const name in fields) {
      const type = fieldType(measurement, name, fields[name]!);
      const before = known.get(name);
      if (before !== undefined && before !== type)
        return `field type conflict: ${name} of ${measurement} is ${before}, not ${type}`;
    }
    for (const name in fields) {
      if (known.has(name)) continue;
      const type = fieldType(measurement, name, fields[name]!);
      addField.run(measurement, name, type);
      known.set(name, type);
    }
    return undefined;
  };

  const put = ({ id, point }: Placed): void => {
    if (!point.gone?.length) {
      upsert.run(id, point.time, JSON.stringify(point.fields));
      return;
    }
    const nothing = Object.fromEntries(point.gone.map((name) => [name, null]));
    upsertGone.run(id, point.time, JSON.stringify({ ...nothing, ...point.fields }));
    dropEmpty.run(id, point.time);
  };

  return (points: readonly Point[]): Refusal[] => {
    const refused: Refusal[] = [];
    const placed: Placed[] = [];
    for (const point of points) {
      const words = mistakeOf(point) ?? conflict(point);
      if (words === undefined) placed.push({ id: seriesId(point.measurement, canonicalTags(point.tags)), point });
      else refused.push({ point, words });
    }
    for (const one of placed.sort(inFileOrder)) put(one);
    return refused;
  };
};

const readSeries = (
  select: StatementSync,
  id: number,
  query: SeriesQuery,
  tags: Row['tags'],
  damaged: Damaged,
): Row[] => {
  const rows: Row[] = [];
  for (const { time, fields } of select.all(id, query.from, query.to, query.limit ?? -1)) {
    try {
      rows.push({ time: Number(time), tags, fields: JSON.parse(String(fields)) as Record<string, FieldValue> });
    } catch (thrown) {
      damaged(`${query.measurement} ${JSON.stringify(tags)} ${time}`, reasonOf(thrown));
    }
  }
  return rows;
};

/** Rows of an open file, in order of time, then tags. */
export const readRows = (db: DatabaseSync, query: SeriesQuery, damaged: Damaged): readonly Row[] => {
  const select = db.prepare(
    'SELECT time, fields FROM point WHERE series = ? AND time >= ? AND time < ? ORDER BY time LIMIT ?',
  );
  const rows: Row[] = [];
  for (const { id, tags } of db.prepare('SELECT id, tags FROM series WHERE measurement = ?').all(query.measurement)) {
    const parsed = JSON.parse(String(tags)) as Record<string, string>;
    if (hasTags(parsed, query.tags))
      for (const row of readSeries(select, Number(id), query, parsed, damaged)) rows.push(row);
  }
  return inOrder(rows, query.limit);
};

const forgetRows = (db: DatabaseSync, before: number, rows: number): number => {
  const remove = db.prepare(
    'DELETE FROM point WHERE series = ?1 AND time IN (SELECT time FROM point WHERE series = ?1 AND time < ?2 LIMIT ?3)',
  );
  let left = rows;
  for (const { id } of db.prepare('SELECT id FROM series').all())
    if (left > 0) left -= Number(remove.run(id!, before, left).changes);
  return rows - left;
};

/**
 * A store in a file of the data folder; no server.
 * @throws LantianError data-unwritable
 */
export const createEmbeddedStore = (options: EmbeddedOptions): Store => {
  const damaged = options.damaged ?? (() => {});
  let db = openSeries(options.file, damaged);
  let writer = openWriter(db);
  const renew = (thrown: unknown): void => {
    db = renewSeries(options.file, db, damaged, reasonOf(thrown));
    writer = openWriter(db);
  };
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (thrown) {
      if (!isDamage(thrown)) throw thrown;
      renew(thrown);
      return work();
    }
  };
  const write = (points: readonly Point[]): Refusal[] => {
    try {
      return inTransaction(db, () => writer(points));
    } catch (thrown) {
      writer = openWriter(db); // what it remembered of the rolled back transaction is not in the file
      throw thrown;
    }
  };
  return {
    name: 'embedded',
    init: async () => {},
    write: async (points) => (points.length === 0 ? [] : guarded(() => write(points))),
    read: async (query) => guarded(() => readRows(db, query, damaged)),
    forget: async (before, rows) => guarded(() => inTransaction(db, () => forgetRows(db, before, rows))),
    close: async () => db.close(),
  };
};
