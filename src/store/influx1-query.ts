import type { FieldValue, Point } from '../core/types.ts';
import type { Row, SeriesQuery } from './port.ts';
import { canonicalTags } from './series.ts';
import type { StoredRow } from './unset.ts';

/** One statement's part of an answer to /query. */
export interface Statement {
  readonly error?: string;
  readonly series?: readonly {
    readonly columns: readonly string[];
    readonly tags?: Readonly<Record<string, string>>;
    readonly values: readonly (readonly (FieldValue | null)[])[];
  }[];
}

/** A name or a text as InfluxQL writes it. */
export const name = (text: string): string => `"${text.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n')}"`;
export const text = (value: string): string => `'${value.replace(/['\\]/g, '\\$&').replace(/\n/g, '\\n')}'`;
const conditions = (tags: Readonly<Record<string, string>>): string[] =>
  Object.entries(tags).map(([tag, value]) => `${name(tag)} = ${text(value)}`);

export const queryOf = ({ measurement, tags, from, to, limit }: SeriesQuery): string => {
  const where = [...conditions(tags ?? {}), `time >= ${from}ms`, `time < ${to}ms`].join(' AND ');
  const most = limit === undefined ? '' : ` LIMIT ${limit}`;
  return `SELECT * FROM ${name(measurement)} WHERE ${where} GROUP BY *${most}`;
};

/** The row that a point would replace. */
export const rowQueryOf = ({ measurement, tags, time }: Point): string =>
  queryOf({ measurement, tags, from: time, to: time + 1 });

/**
 * Deletes rows of one measurement and time. The tags must name every tag key of the measurement, absent ones as '':
 * else longer series would lose their row too. One statement for all: InfluxDB takes some milliseconds for each.
 */
const deleteOf = (measurement: string, time: string, series: readonly StoredRow['tags'][]): string => {
  const any = series.map((tags) => `(${conditions(tags).join(' AND ')})`).join(' OR ');
  return `DELETE FROM ${name(measurement)} WHERE (${any}) AND time = ${time}ms`;
};

/** Statements that delete rows. */
export const deletesOf = (rows: readonly (StoredRow & { readonly point: Point })[]): string[] => {
  const together = new Map<string, StoredRow['tags'][]>();
  for (const { point, tags } of rows) {
    const key = `${point.time} ${point.measurement}`;
    together.set(key, [...(together.get(key) ?? []), tags]);
  }
  return [...together].map(([key, series]) => {
    const space = key.indexOf(' ');
    return deleteOf(key.slice(space + 1), key.slice(0, space), series);
  });
};

const without = (entries: readonly (readonly [string, FieldValue | null])[], none: '' | null) =>
  Object.fromEntries(entries.filter(([, value]) => value !== none)) as Record<string, FieldValue>;

/** Rows of an answer; a tag or field that a row lacks (InfluxDB gives '' and null) is absent. */
export const rowsOf = (statement: Statement | undefined): Row[] =>
  (statement?.series ?? []).flatMap((series) => {
    const tags = without(Object.entries(series.tags ?? {}), '') as Record<string, string>;
    const names = series.columns.slice(1);
    return series.values.map(([time, ...values]) => ({
      time: Number(time),
      tags,
      fields: without(
        names.map((field, i) => [field, values[i] ?? null] as const),
        null,
      ),
    }));
  });

/**
 * The row of exactly a point's series out of the answer to `rowQueryOf`, which holds longer series too. Its tags name
 * every tag key of the measurement, absent ones as '', as `deleteOf` wants them.
 */
export const storedRow = (answer: Statement | undefined, point: Point): StoredRow | undefined => {
  const wanted = canonicalTags(point.tags);
  for (const series of answer?.series ?? []) {
    const [row] = rowsOf({ series: [series] });
    if (row && canonicalTags(row.tags) === wanted) return { fields: row.fields, tags: series.tags ?? {} };
  }
  return undefined;
};
