// How far each copy is, on disk: `copy` is a target with what was wished for, `reach` the series there were when it began and how far they
// went, `page` a piece that the target has, with a digest of its rows, `tally` what was copied so far. A piece is marked after the target took it, so an end in between makes it go again,
// which changes nothing there. A copy that is done leaves no marks.
import type { DatabaseSync } from 'node:sqlite';
import { inTransaction, openDatabase } from '../../core/sqlite.ts';
import type { Place, SeriesOf } from './source.ts';

/** A piece that was written; the rows after `after` up to `upTo`. */
export interface Page {
  readonly n: number;
  readonly after: Place | undefined;
  readonly upTo: Place;
  readonly digest: string;
}

/** Rows by measurement. */
export interface Tally {
  readonly measurement: string;
  readonly rows: number;
  readonly refused: number;
}

export interface Marks {
  /** The outbox's newest row when the copy began. */
  readonly newest: number;
  /** Whether an earlier run has begun it. */
  readonly resumed: boolean;
  /** Whether the series that it began with have their numbers still: they do not in a file that took the place of another. */
  fits(series: readonly SeriesOf[]): boolean;
  /** The series that it began with, each as far as it went then. */
  reached(series: readonly SeriesOf[]): readonly SeriesOf[];
  last(): Page | undefined;
  pages(): Iterable<Page>;
  /** The target has one more piece. */
  add(page: Omit<Page, 'n'>, tallies: readonly Tally[]): void;
  /** The target has a piece anew. */
  amend(page: Page): void;
  tallies(): readonly Tally[];
  /** It is done, or to be begun anew. */
  clear(): void;
}

const TABLES = `
  CREATE TABLE IF NOT EXISTS copy (
    id INTEGER PRIMARY KEY, target TEXT NOT NULL, wish TEXT NOT NULL, newest INTEGER NOT NULL, UNIQUE (target, wish));
  CREATE TABLE IF NOT EXISTS reach (
    copy INTEGER NOT NULL, series INTEGER NOT NULL, name TEXT NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (copy, series)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS page (
    copy INTEGER NOT NULL, n INTEGER NOT NULL, after_series INTEGER, after_time INTEGER, series INTEGER NOT NULL,
    time INTEGER NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (copy, n)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS tally (
    copy INTEGER NOT NULL, measurement TEXT NOT NULL, rows INTEGER NOT NULL, refused INTEGER NOT NULL,
    PRIMARY KEY (copy, measurement)) WITHOUT ROWID;`;

type PageRow = Record<'n' | 'after_series' | 'after_time' | 'series' | 'time', number> & { digest: string };

const pageOf = (row: PageRow | undefined): Page | undefined =>
  row && {
    n: row.n,
    after: row.after_series === null ? undefined : { series: row.after_series, time: row.after_time },
    upTo: { series: row.series, time: row.time },
    digest: row.digest,
  };

/** The database of marks. A damaged one is set aside, and copies begin anew. @throws LantianError data-unwritable */
export const openMarks = (file: string, damaged: (aside: string, why: string) => void): DatabaseSync => {
  const db = openDatabase(file, damaged);
  db.exec(TABLES);
  return db;
};

const nameOf = ({ measurement, tags }: SeriesOf): string => JSON.stringify([measurement, tags]);

/** What a copy begins with. */
export interface Beginning {
  /** The outbox's newest row. */
  readonly newest: number;
  readonly series: readonly SeriesOf[];
}

const begin = (db: DatabaseSync, target: string, wish: string, { newest, series }: Beginning): boolean => {
  const copy = db.prepare('INSERT OR IGNORE INTO copy (target, wish, newest) VALUES (?, ?, ?)');
  const reach = db.prepare('INSERT INTO reach VALUES (?, ?, ?, ?)');
  return inTransaction(db, () => {
    const made = copy.run(target, wish, newest);
    if (made.changes > 0) for (const one of series) reach.run(made.lastInsertRowid, one.id, nameOf(one), one.last);
    return made.changes > 0;
  });
};

/** Marks of one target and wish; the beginning is that of the first run. */
export const marksOf = (db: DatabaseSync, target: string, wish: string, beginning: Beginning): Marks => {
  const made = begin(db, target, wish, beginning);
  const copy = db.prepare('SELECT id, newest FROM copy WHERE target = ? AND wish = ?').get(target, wish) as {
    id: number;
    newest: number;
  };
  const { id } = copy;
  const reach = new Map(
    db
      .prepare('SELECT series, name, last FROM reach WHERE copy = ?')
      .all(id)
      .map((row) => [Number(row['series']), { name: String(row['name']), last: Number(row['last']) }]),
  );
  const last = db.prepare('SELECT * FROM page WHERE copy = ? ORDER BY n DESC LIMIT 1');
  const all = db.prepare('SELECT * FROM page WHERE copy = ? ORDER BY n');
  const put = db.prepare('INSERT OR REPLACE INTO page VALUES (?, ?, ?, ?, ?, ?, ?)');
  const count = db.prepare(`INSERT INTO tally VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET rows = rows + excluded.rows, refused = refused + excluded.refused`);
  const tallies = db.prepare('SELECT measurement, rows, refused FROM tally WHERE copy = ? ORDER BY measurement');
  const write = ({ n, after, upTo, digest }: Page): void => {
    put.run(id, n, after?.series ?? null, after?.time ?? null, upTo.series, upTo.time, digest);
  };
  const newestPage = (): Page | undefined => pageOf(last.get(id) as PageRow | undefined);
  return {
    newest: copy.newest,
    resumed: !made,
    fits: (series) => {
      const there = new Map(series.map((one) => [one.id, nameOf(one)]));
      return [...reach].every(([number, { name }]) => !there.has(number) || there.get(number) === name);
    },
    reached: (series) =>
      series.flatMap((one) => {
        const known = reach.get(one.id);
        return known === undefined ? [] : [{ ...one, last: known.last }];
      }),
    last: newestPage,
    pages: () => all.all(id).map((row) => pageOf(row as unknown as PageRow)!),
    add: (page, counted) =>
      inTransaction(db, () => {
        write({ ...page, n: (newestPage()?.n ?? 0) + 1 });
        for (const { measurement, rows, refused } of counted) count.run(id, measurement, rows, refused);
      }),
    amend: write,
    tallies: () => tallies.all(id) as unknown as Tally[],
    clear: () =>
      inTransaction(db, () => {
        for (const table of ['reach', 'page', 'tally']) db.prepare(`DELETE FROM ${table} WHERE copy = ?`).run(id);
        db.prepare('DELETE FROM copy WHERE id = ?').run(id);
      }),
  };
};
