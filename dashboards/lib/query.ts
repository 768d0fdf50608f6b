import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';

// InfluxQL for Grafana's InfluxDB plugin. The foundation SDK has no class for it. Queries are raw text, so that InfluxDB 1.x, 2.x (its
// compatibility API) and 3.x take the same.

/** Which datasource a panel or variable asks: the one chosen at the top of the dashboard, never a fixed one. */
export const DATASOURCE = { type: 'influxdb', uid: '$' + '{datasource}' } as const;

export interface InfluxTarget extends Dataquery {
  readonly refId: string;
  readonly datasource: { readonly type: string; readonly uid: string };
  readonly query: string;
  readonly rawQuery: true;
  readonly resultFormat: 'time_series' | 'table';
  readonly alias?: string;
}

export type InfluxQuery = Builder<Dataquery> & { build(): InfluxTarget };

const target = (
  refId: string,
  query: string,
  resultFormat: InfluxTarget['resultFormat'],
  alias?: string,
): InfluxQuery => ({
  build: () => ({
    refId,
    datasource: DATASOURCE,
    query,
    rawQuery: true,
    resultFormat,
    ...(alias === undefined ? {} : { alias }),
    _implementsDataqueryVariant: () => {},
  }),
});

/** Curves. `alias` names each: `$tag_store`, `$col`, or a text. */
export const series = (refId: string, query: string, alias: string): InfluxQuery =>
  target(refId, query, 'time_series', alias);

/** Rows: Time, the tags of GROUP BY, the selected columns. */
export const rows = (refId: string, query: string): InfluxQuery => target(refId, query, 'table');

/** A chosen value of a variable, one or several or all, as a condition on a tag. */
export const where = (tag: string, variable = tag): string => `"${tag}" =~ /^$${variable}$/`;
