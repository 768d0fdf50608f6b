import { type InfluxQuery, series } from './query.ts';

/** A curve: a field of a series over time, by the function that sums up an interval. */
export interface Curve {
  readonly field: string;
  readonly name: string;
  /** InfluxQL: `sum` for what is counted since the row before, `last` or `max` for what is held. */
  readonly by: 'sum' | 'last' | 'max' | 'mean';
}

/** The queries of curves, A, B, ...; an interval without a row is a gap. `tags` are grouped by, and may stand in `name` as `$tag_x`. */
export const counted = (
  measurement: string,
  conditions: readonly string[],
  curves: readonly Curve[],
  tags: readonly string[] = [],
): InfluxQuery[] =>
  curves.map(({ field, name, by }, index) => {
    const group = ['time($__interval)', ...tags.map((tag) => `"${tag}"`)].join(', ');
    const where = ['$timeFilter', ...conditions].join(' AND ');
    return series(
      String.fromCharCode('A'.charCodeAt(0) + index),
      `SELECT ${by}("${field}") FROM "${measurement}" WHERE ${where} GROUP BY ${group} fill(null)`,
      name,
    );
  });
