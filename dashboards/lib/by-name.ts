import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { DataTransformerConfig, DynamicConfigValue, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Language } from './language.ts';
import { type InfluxQuery, rows, where } from './query.ts';

// Names of places in place of their ids. A tag holds an id; what a place is called is the catalog's, which the pipeline writes to `place`.
// InfluxQL joins nothing, so a panel asks for both and Grafana joins them by the id.

/** refId of the query that asks for names. */
const PLACES = 'P';
const NAME = { zh: 'name', en: 'name_en' } as const;
const TOWNSHIP = { zh: 'township_name', en: 'township_name_en' } as const;

/** What places are called, and what else is asked of them: fields of `place` by the names of their columns. */
export const placeNames = (language: Language, more: Readonly<Record<string, string>> = {}): InfluxQuery => {
  const columns = Object.entries(more).map(([column, field]) => `, "${field}" AS "${column}"`);
  return rows(
    PLACES,
    `SELECT last("${NAME[language]}") AS "name"${columns.join('')} FROM "place" WHERE time > now() - 2d AND ${where('county')} GROUP BY "station"`,
  );
};

/** The township of a place, for `placeNames`. */
export const townshipOf = (language: Language): Readonly<Record<string, string>> => ({ township: TOWNSHIP[language] });

/** The rest of a row joins the place's name by its id, in the column `key`. */
const joined = (key: string): DataTransformerConfig[] => [
  {
    id: 'organize',
    filter: { id: 'byRefId', options: PLACES },
    options: { excludeByName: { Time: true }, renameByName: { station: key } },
  },
  { id: 'joinByField', options: { byField: key, mode: 'inner' } },
];

interface Panelled extends Builder<Panel> {
  transformations(all: DataTransformerConfig[]): this;
}

interface Curves extends Panelled {
  overrideByFieldType(type: string, properties: DynamicConfigValue[]): this;
}

const NAMED: DynamicConfigValue[] = [{ id: 'displayName', value: '$' + '{__field.labels.name}' }];

/**
 * Curves or states by time, each called by its place's name. Queries are `rows` of one value GROUP BY `key`, and `placeNames`.
 * @param key the tag that holds the id
 */
export const curvesByName = <P extends Curves>(panel: P, key = 'station'): P =>
  ['number', 'boolean', 'string'].reduce(
    // By overrides: what the partition calls a curve stands before a default.
    (named, type) => named.overrideByFieldType(type, NAMED),
    panel.transformations([
      ...joined(key),
      { id: 'organize', options: { excludeByName: { [key]: true } } },
      // Not prepareTimeSeries: it takes texts and truths for names of curves, so that states would have no values.
      { id: 'partitionByValues', options: { fields: ['name'], keepFields: false, naming: { asLabels: true } } },
    ]),
  );

/** Columns of a table in their order, by what a query calls them: the heading, or null for one that is not shown. */
export type Columns = Readonly<Record<string, string | null>>;

/** Order, headings and absence of columns. */
export const arranged = (columns: Columns): DataTransformerConfig => {
  const names = Object.keys(columns);
  return {
    id: 'organize',
    options: {
      indexByName: Object.fromEntries(names.map((name, index) => [name, index])),
      excludeByName: Object.fromEntries(names.filter((name) => columns[name] === null).map((name) => [name, true])),
      renameByName: Object.fromEntries(names.flatMap((name) => (columns[name] ? [[name, columns[name]]] : []))),
    },
  };
};

/** A table whose rows are called by their places' names: column `name`, and those that `placeNames` was asked for. */
export const rowsByName = <P extends Panelled>(panel: P, columns: Columns, key = 'station'): P =>
  panel.transformations([...joined(key), arranged({ [key]: null, ...columns })]);

/**
 * A map's rows: places and what was measured there. A place without a row is not drawn: it would have the colour of the lowest step, and a
 * station that says nothing would look like one with clean air.
 */
export const placesByName = <P extends Panelled>(panel: P, key = 'station'): P => panel.transformations(joined(key));
