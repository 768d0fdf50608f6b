// Days of air, and the months and years that they make. A figure of a day that is written marks its month as due; ticks work out what is
// due from the days in the database, so that a day which comes, changes or vanishes late reaches its month and its year.
//
// Tables, in the transaction that holds the figures: `air_day` holds what months need of a day; `air_due` the months whose days changed
// since they were worked out; `air_period` the last edition of each month and year, so that only what changed is written again. Years whose
// days were forgotten stay as they were written (`air_kept`). A row that is damaged is as if it were not there, and is told.

import type { DatabaseSync } from 'node:sqlite';
import type { Settings } from '../config/schema.ts';
import type { Catalog } from '../core/catalog.ts';
import { monthStart } from '../core/time.ts';
import type { FieldValue, Figure, Span } from '../core/types.ts';
import { AIR_PERIODS, type AirDay, type AirPeriod, airPeriod } from '../processors/air-periods.ts';
import { editionOf, revise } from '../processors/cadence.ts';
import { RANKED_ITEMS } from '../standards/ranking-2014.ts';

const SCHEMA = `
CREATE TABLE IF NOT EXISTS air_day (station TEXT, start INTEGER, day TEXT NOT NULL, PRIMARY KEY (station, start)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS air_due (station TEXT, start INTEGER, PRIMARY KEY (station, start)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS air_period (
  measurement TEXT, station TEXT, start INTEGER, fields TEXT NOT NULL, PRIMARY KEY (measurement, station, start)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS air_dust_day (date TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS air_kept (one INTEGER PRIMARY KEY CHECK (one = 1), since INTEGER NOT NULL);`;

/** One row of `air_day`: null takes a value away. */
type DayPatch = Record<string, number | null>;

const DAY_FIELDS: Readonly<Record<string, readonly string[]>> = {
  air_day: RANKED_ITEMS,
  aqi_day: ['aqi', 'level'],
};

const patchOf = ({ measurement, fields, invalid }: Figure): DayPatch =>
  Object.fromEntries(
    DAY_FIELDS[measurement]!.map((name) => {
      const value = invalid?.includes(name) ? undefined : (fields[name] as number | undefined);
      return [name, value ?? null];
    }),
  );

const dayOf = (start: number, text: string): AirDay => {
  const { aqi, level, ...values } = JSON.parse(text) as Record<string, number>;
  return { start, values, aqi, level };
};

export interface AirPeriods {
  /** Take a figure in; those that are no days of air are passed over. Inside the caller's transaction. */
  take(figure: Figure): void;
  /** Work out at most so many of the months that are due, each with its year. Inside the caller's transaction. */
  settle(catalog: Catalog, settings: Settings, most?: number): Figure[];
  /** Months that are due. */
  due(): number;
  /** The newest month and year of each station and of the county. */
  latest(): Figure[];
  /** Forget the days of years that ended before `before`; how many went. Inside the caller's transaction. */
  forget(before: number, rows: number): number;
}

/** @param damaged is told of rows that cannot be read */
export const createAirPeriods = (database: DatabaseSync, damaged: (what: string) => void = () => {}): AirPeriods => {
  database.exec(SCHEMA);
  const kept = database.prepare('SELECT since FROM air_kept');
  const keepSince = database.prepare('INSERT OR REPLACE INTO air_kept VALUES (1, ?)');
  const put = database.prepare(
    `INSERT INTO air_day VALUES (?1, ?2, json_patch('{}', ?3)) ON CONFLICT DO UPDATE SET
       day = json_patch(CASE WHEN json_valid(day) AND json_type(day) = 'object' THEN day ELSE '{}' END, ?3)`,
  );
  const mark = database.prepare('INSERT OR IGNORE INTO air_due VALUES (?, ?)');
  const unmark = database.prepare('DELETE FROM air_due WHERE station = ? AND start = ?');
  const marked = database.prepare('SELECT station, start FROM air_due ORDER BY station, start LIMIT ?');
  const countMarked = database.prepare('SELECT count(*) AS n FROM air_due');
  const days = database.prepare(
    `SELECT start, day, iif(json_valid(day), json_type(day) = 'object', 0) AS whole FROM air_day
       WHERE station = ? AND start >= ? AND start < ? ORDER BY start`,
  );
  const dated = database.prepare('SELECT DISTINCT station FROM air_day WHERE start >= ? AND start < ?');
  const edition = database.prepare(
    'SELECT fields FROM air_period WHERE measurement = ? AND station = ? AND start = ? AND json_valid(fields)',
  );
  const keep = database.prepare('INSERT OR REPLACE INTO air_period VALUES (?, ?, ?, ?)');
  const drop = database.prepare('DELETE FROM air_period WHERE measurement = ? AND station = ? AND start = ?');
  const newest = database.prepare(
    'SELECT measurement, station, max(start) AS start, fields FROM air_period WHERE json_valid(fields) GROUP BY measurement, station',
  );
  const dustDays = database.prepare('SELECT date FROM air_dust_day');
  const addDust = database.prepare('INSERT INTO air_dust_day VALUES (?)');
  const removeDust = database.prepare('DELETE FROM air_dust_day WHERE date = ?');
  const remove = database.prepare(
    'DELETE FROM air_day WHERE (station, start) IN (SELECT station, start FROM air_day WHERE start < ? LIMIT ?)',
  );

  const daysOf = (station: string, { start, end }: Span): AirDay[] =>
    days.all(station, start, end).flatMap((row) => {
      if (row['whole'] === 1) return [dayOf(Number(row['start']), String(row['day']))];
      damaged(`air_day ${station} ${row['start']}`);
      return [];
    });

  const editionIn = (measurement: AirPeriod, station: string, start: number, fields: unknown): Figure => ({
    measurement,
    station,
    ...AIR_PERIODS[measurement](start),
    fields: JSON.parse(String(fields)) as Record<string, FieldValue>,
  });

  const lastEdition = (measurement: AirPeriod, station: string, { start }: Span): Figure | undefined => {
    const row = edition.get(measurement, station, start);
    return row && editionIn(measurement, station, start, row['fields']);
  };

  /** The new edition of the period that holds an instant, where it differs from the last. */
  const renew = (measurement: AirPeriod, station: string, instant: number, catalog: Catalog, settings: Settings) => {
    const span = AIR_PERIODS[measurement](instant);
    if (span.start < Number(kept.get()?.['since'] ?? Number.NEGATIVE_INFINITY)) return [];
    const figure = airPeriod(measurement, span, daysOf(station, span), { ...catalog, station, settings });
    const changed = revise(lastEdition(measurement, station, span), figure);
    if (changed === undefined) return [];
    if (figure === undefined) drop.run(measurement, station, span.start);
    else keep.run(measurement, station, span.start, JSON.stringify(editionOf(figure)));
    return [changed];
  };

  /** A date that came onto the list of dust days, or left it, changes the month of every station. */
  const takeDust = ({ dustDays: given }: Catalog): void => {
    const known = new Set(dustDays.all().map(({ date }) => String(date)));
    const added = [...given].filter((date) => !known.has(date));
    const gone = [...known].filter((date) => !given.has(date));
    for (const date of added) addDust.run(date);
    for (const date of gone) removeDust.run(date);
    for (const date of [...added, ...gone]) {
      const start = monthStart(Date.parse(`${date}T00:00:00+08:00`));
      for (const { station } of dated.all(start, monthStart(start, 1))) mark.run(String(station), start);
    }
  };

  return {
    take: (figure) => {
      if (!(figure.measurement in DAY_FIELDS)) return;
      put.run(figure.station, figure.start, JSON.stringify(patchOf(figure)));
      mark.run(figure.station, monthStart(figure.start));
    },
    settle: (catalog, settings, most = -1) => {
      takeDust(catalog);
      const months = marked.all(most).map((row) => [String(row['station']), Number(row['start'])] as const);
      const years = new Map(
        months.map(([station, start]) => [
          `${station}/${AIR_PERIODS.air_year(start).start}`,
          [station, start] as const,
        ]),
      );
      for (const [station, start] of months) unmark.run(station, start);
      return [
        ...months.flatMap(([station, start]) => renew('air_month', station, start, catalog, settings)),
        ...[...years.values()].flatMap(([station, start]) => renew('air_year', station, start, catalog, settings)),
      ];
    },
    due: () => Number(countMarked.get()?.['n']),
    latest: () =>
      newest
        .all()
        .map(({ measurement, station, start, fields }) =>
          editionIn(measurement as AirPeriod, String(station), Number(start), fields),
        ),
    forget: (before, rows) => {
      // Before the first tick there is no time to count back from.
      if (!Number.isFinite(before)) return 0;
      // Whole years: one of which days are gone would be worked out wrong.
      const { start } = AIR_PERIODS.air_year(before);
      keepSince.run(Math.max(start, Number(kept.get()?.['since'] ?? start)));
      return Number(remove.run(start, rows).changes);
    },
  };
};
