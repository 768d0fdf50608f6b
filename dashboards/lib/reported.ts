import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { DataTransformerConfig, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Language } from './language.ts';
import { type InfluxQuery, rows, where } from './query.ts';

// Rows of places that have reported, by name; a place without a row is left out. On a map it would have the colour of the lowest step, and a
// station that says nothing would look like one with clean air. (`rowsByName` of names.ts keeps such places.)

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

/** A table of what places reported: column `name`, and those that `placeNames` was asked for. `key` is the tag that holds the id. */
export const reported = <P extends Panelled>(panel: P, columns: Columns, key = 'station'): P =>
  panel.transformations([...joined(key), arranged({ [key]: null, ...columns })]);

/** A map of what places reported. */
export const reportedOnMap = <P extends Panelled>(panel: P): P => panel.transformations(joined('station'));

/** An outlet's id is a place's: for `curvesByName`, whose rows are of stations. */
export const OUTLETS: DataTransformerConfig = { id: 'organize', options: { renameByName: { outlet: 'station' } } };
