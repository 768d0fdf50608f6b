// A page that SQLite finds whole can hold a text that a disk has spoilt. What the start reads must not end it: such rows are set aside, in
// a table of the same form, and told. A number that was spoilt into another number is not noticed: rows carry no sums of their own.

import type { DatabaseSync } from 'node:sqlite';

/** What must hold of a row's text, as SQL: that it is JSON, and has what is read without asking. */
const has = (column: string, types: Readonly<Record<string, string>>): string =>
  `CASE WHEN json_valid(${column}) THEN ${Object.entries(types)
    .map(([path, type]) => `json_type(${column}, '${path}') IS '${type}'`)
    .join(' AND ')} ELSE 0 END`;

const SIGNAL = has('body', {
  '$.id': 'text',
  '$.version': 'integer',
  '$.county': 'text',
  '$.kind': 'text',
  '$.subject': 'text',
  '$.state': 'text',
  '$.since': 'text',
  '$.at': 'text',
  '$.title': 'object',
  '$.basis': 'object',
  '$.evidence': 'array',
  '$.lacking': 'array',
});

const WHOLE: Readonly<Record<string, string>> = {
  archive: has('body', { '$.values': 'object' }),
  signal: `${SIGNAL} AND json_extract(body, '$.kind') IS kind AND json_extract(body, '$.subject') IS subject`,
  signal_version: SIGNAL,
  review_mark: has('marks', { $: 'object' }),
  state: `name <> 'county_due' OR (${has('value', { $: 'array' })})`,
};

/**
 * Move rows that are not whole out of the way; how many of each table went is told.
 * @param told the table and the number of its rows
 */
export const setRowsAside = (database: DatabaseSync, told: (table: string, rows: number) => void): void => {
  for (const [table, whole] of Object.entries(WHOLE)) {
    if (database.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').get(table) === undefined) continue;
    const { n } = database.prepare(`SELECT count(*) AS n FROM ${table} WHERE NOT (${whole})`).get() as { n: number };
    if (n === 0) continue;
    database.exec(`BEGIN IMMEDIATE;
      CREATE TABLE IF NOT EXISTS ${table}_damaged AS SELECT * FROM ${table} WHERE 0;
      INSERT INTO ${table}_damaged SELECT * FROM ${table} WHERE NOT (${whole});
      DELETE FROM ${table} WHERE NOT (${whole});
      COMMIT`);
    told(table, n);
  }
};
