import { type FluxTableMetaData, flux, fluxDateTime, fluxExpression, type QueryApi } from '@influxdata/influxdb-client';
import type { FieldValue, Point } from '../core/types.ts';
import type { Row, SeriesQuery } from './port.ts';

export interface Target {
  readonly org: string;
  readonly bucket: string;
}

/** Columns of a Flux answer that are neither a tag nor a field. */
const OWN = new Set(['result', 'table', '_start', '_stop', '_time', '_measurement', '_field']);

const fluxOf = (bucket: string, { measurement, tags, from, to, limit }: SeriesQuery) => {
  const wanted = Object.entries(tags ?? {}).map(([tag, value]) =>
    flux`|> filter(fn: (r) => r[${tag}] == ${value})`.toString(),
  );
  const start = fluxDateTime(new Date(from).toISOString());
  const stop = fluxDateTime(new Date(to).toISOString());
  const most = limit === undefined ? '' : `|> limit(n: ${limit})`;
  return flux`from(bucket: ${bucket}) |> range(start: ${start}, stop: ${stop})
    |> filter(fn: (r) => r._measurement == ${measurement}) ${fluxExpression(wanted.join(' '))}
    |> pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value") ${fluxExpression(most)}`;
};

const rowOf = (values: string[], meta: FluxTableMetaData): Row => {
  const tags: Record<string, string> = {};
  const fields: Record<string, FieldValue> = {};
  for (const column of meta.columns) {
    const value = column.get(values) as FieldValue | null | undefined;
    if (OWN.has(column.label) || value === null || value === undefined) continue;
    if (!column.group) fields[column.label] = value;
    else if (value !== '') tags[column.label] = String(value);
  }
  return { time: Date.parse(String(meta.get(values, '_time'))), tags, fields };
};

/** Rows by Flux, as they come. */
export const readFlux =
  (api: QueryApi, bucket: string) =>
  (query: SeriesQuery): Promise<Row[]> =>
    api.collectRows(fluxOf(bucket, query), rowOf);

const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

/**
 * Body of /api/v2/delete for a point's row. A predicate knows only equality, so a series with the same tags and more
 * would lose its row of that time too; a measurement's stations always carry the same tags. Rows are whole
 * milliseconds: the span ends within the same one, whether the server counts its end in or not.
 */
export const predicateOf = ({ measurement, tags, time }: Point): string => {
  const start = new Date(time).toISOString();
  const equal = Object.entries({ _measurement: measurement, ...tags }).map(
    ([tag, value]) => `${quoted(tag)}=${quoted(value)}`,
  );
  return JSON.stringify({ start, stop: start.replace('Z', '999999Z'), predicate: equal.join(' AND ') });
};
