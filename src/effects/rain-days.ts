// Days of rain on disk: the middle works with them and remembers them (src/processors/rain-days.ts); what it is handed at the start, and
// after a rollback, is what the same transaction wrote that holds the figures. Kept also while geological.curve is not set, so that the
// days before are there when it is.

import type { DatabaseSync } from 'node:sqlite';
import { DAY } from '../core/time.ts';
import type { Figure } from '../core/types.ts';
import { isRainDay, type RainDay, type RainDays, rainDayOf } from '../processors/rain-days.ts';

/** Days that are read beside those asked for. */
const SPARE = 8;

const SCHEMA = `
CREATE TABLE IF NOT EXISTS rain_day (
  station TEXT, start INTEGER, least REAL NOT NULL, known INTEGER NOT NULL, PRIMARY KEY (station, start)
) WITHOUT ROWID;`;

export interface RainDaysKept {
  /** Take a figure in; those that are no days of weather are passed over. Inside the caller's transaction. */
  take(figure: Figure): void;
  /** So many days before an instant (epoch ms), some more, and all after it. */
  before(instant: number, days: number): RainDays;
  /** Forget days that began before `before`; how many went. Inside the caller's transaction. */
  forget(before: number, rows: number): number;
}

export const createRainDays = (database: DatabaseSync): RainDaysKept => {
  database.exec(SCHEMA);
  const put = database.prepare('INSERT OR REPLACE INTO rain_day VALUES (?, ?, ?, ?)');
  const drop = database.prepare('DELETE FROM rain_day WHERE station = ? AND start = ?');
  const select = database.prepare('SELECT * FROM rain_day WHERE start >= ? ORDER BY station, start');
  const remove = database.prepare(
    'DELETE FROM rain_day WHERE (station, start) IN (SELECT station, start FROM rain_day WHERE start < ? LIMIT ?)',
  );
  return {
    take: (figure) => {
      if (!isRainDay(figure)) return;
      const day = rainDayOf(figure);
      if (day === undefined) drop.run(figure.station, figure.start);
      else put.run(figure.station, figure.start, day.least, Number(day.known));
    },
    before: (instant, count) => {
      const all: RainDays = new Map();
      for (const row of select.all(instant - (count + SPARE) * DAY)) {
        const days = all.get(String(row['station'])) ?? new Map<number, RainDay>();
        all.set(String(row['station']), days);
        days.set(Number(row['start']), { least: Number(row['least']), known: row['known'] === 1 });
      }
      return all;
    },
    forget: (before, rows) => Number(remove.run(before, rows).changes),
  };
};
