// What Grafana makes of a dashboard's queries before the InfluxDB plugin sends them: variables are put in, then the macros of time. Written
// after the behaviour of public/app/features/templating, public/app/plugins/datasource/influxdb/datasource.ts (interpolateQueryExpr) and
// pkg/tsdb/influxdb/models/query.go (Build) in Grafana's repository.

export interface Target {
  readonly refId: string;
  readonly query: string;
  readonly resultFormat: 'time_series' | 'table';
  readonly hide?: boolean;
}

export interface Variable {
  readonly name: string;
  readonly type: string;
  readonly query: string;
  readonly regex?: string;
  readonly multi?: boolean;
  readonly includeAll?: boolean;
  readonly allValue?: string;
}

export interface Panel {
  readonly type: string;
  readonly title: string;
  readonly targets?: readonly Target[];
  readonly timeFrom?: string;
  /** Least length of `$__interval`. */
  readonly interval?: string;
  readonly panels?: readonly Panel[];
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly time: { readonly from: string; readonly to: string };
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
  readonly annotations: { readonly list?: readonly { readonly name: string; readonly query?: string }[] };
}

/** Panels that ask, also those inside of rows. */
export const panelsOf = ({ panels }: Pick<Dashboard, 'panels'>): Panel[] =>
  panels.flatMap((panel) => [
    ...((panel.targets ?? []).length > 0 ? [panel] : []),
    ...panelsOf({ panels: panel.panels ?? [] }),
  ]);

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `24h`, or of `now-24h`. */
export const lengthOf = (text: string): number => {
  const found = /^(?:now-)?(\d+)([mhd])$/.exec(text);
  if (!found) throw new Error(`${text} is not understood as a length of time`);
  return Number(found[1]) * UNITS[found[2]!]!;
};

const escaped = (value: string): string => value.replace(/[\\^$*+?.()|[\]{}/]/g, '\\$&');

/** What is chosen: nothing (all), or values of a variable. */
export type Choices = Readonly<Record<string, readonly string[]>>;

/** A variable's text in a query: its "all" as it is; chosen values escaped, since they stand in a regular expression. */
const chosen = ({ name, allValue }: Variable, choices: Choices): string => {
  const values = choices[name];
  if (values === undefined) {
    if (allValue === undefined) throw new Error(`variable ${name} has no value for all`);
    return allValue;
  }
  return values.length === 1 ? escaped(values[0]!) : `(${values.map(escaped).join('|')})`;
};

export interface Moment {
  readonly from: number;
  readonly to: number;
  readonly interval: string;
}

/** A query as InfluxDB receives it. Its server's own now is that of the moment. */
export const interpolated = (
  query: string,
  variables: readonly Variable[],
  choices: Choices,
  moment: Moment,
): string => {
  const { from, to, interval } = moment;
  const own: Record<string, string> = { __from: String(from), __to: String(to) };
  const texts = Object.fromEntries(variables.map((one) => [one.name, () => chosen(one, choices)]));
  const textOf = (whole: string, name: string): string => own[name] ?? texts[name]?.() ?? whole;
  const text = query
    .replace(/\$\{(\w+)(?::\w+)?\}/g, textOf)
    .replace(/\$(\w+)/g, textOf)
    .replaceAll('$timeFilter', `time >= ${from}ms and time <= ${to}ms`)
    .replaceAll('$__interval', interval)
    .replaceAll('now()', `${to}ms`);
  const left = /\$(\w+|\{[^}]*\})/.exec(text.replace(/\$\//g, ''));
  if (left) throw new Error(`${left[0]} is left in ${text}`);
  return text;
};

/** Values of a variable as Grafana takes them from a query's rows: the whole text, or what the groups `text` and `value` hold. */
export const valuesOf = (texts: readonly string[], { regex }: Pick<Variable, 'regex'>): string[] => {
  const pattern = /^\/(.*)\/$/.exec(regex ?? '')?.[1];
  if (pattern === undefined) return [...new Set(texts)];
  const found = texts.flatMap((text) => new RegExp(pattern).exec(text)?.groups?.['value'] ?? []);
  return [...new Set(found)];
};
