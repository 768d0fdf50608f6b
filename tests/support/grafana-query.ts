// What Grafana's InfluxDB plugin makes of a panel's text before it asks (public/app/plugins/datasource/influxdb/datasource.ts and
// pkg/tsdb/influxdb/models/query.go): the time, the interval, and what is chosen, escaped for a regular expression.

export interface Asked {
  /** Epoch ms. */
  readonly from: number;
  readonly to: number;
  /** `$__interval`, as InfluxQL has it. */
  readonly interval?: string;
  /** Variables that are not "all". */
  readonly chosen?: Readonly<Record<string, readonly string[]>>;
}

const escaped = (value: string): string => value.replace(/[\\^$*+?.()|[\]{}/]/g, '\\$&');

const choiceOf = (values: readonly string[] | undefined): string => {
  if (values === undefined) return '.*';
  return values.length === 1 ? escaped(values[0]!) : `(${values.map(escaped).join('|')})`;
};

/** The text that reaches InfluxDB. */
export const asAsked = (query: string, { from, to, interval = '5m', chosen = {} }: Asked): string =>
  query
    .replaceAll('$timeFilter', `time >= ${from}ms and time <= ${to}ms`)
    .replaceAll('$' + '{__from}', String(from))
    .replaceAll('$' + '{__to}', String(to))
    .replaceAll('$__interval', interval)
    .replace(/\$(\w+)(?=\$\/)/g, (_, name: string) => choiceOf(chosen[name]));
