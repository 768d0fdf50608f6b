// Dashboards as Grafana reads them, as far as their queries go.
import { type Asked, asAsked } from './grafana-query.ts';

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

/** What is chosen: nothing (all), or values of a variable. */
export type Choices = NonNullable<Asked['chosen']>;

/** A query as InfluxDB receives it; its server's own now is that of the moment. */
export const interpolated = (query: string, chosen: Choices, moment: Asked): string => {
  const text = asAsked(query, { ...moment, chosen }).replaceAll('now()', `${moment.to}ms`);
  const left = /\$(\w+|\{[^}]*\})/.exec(text);
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
