// What panels have to show, worked out from what the pipeline wrote (the embedded store) and from the catalog, in plain code that shares
// nothing with the panels' queries.
import type { Row } from '../../../src/store/port.ts';
import type { County } from '../county.ts';

/** A row of a panel: `time`, tags and columns; what is absent is not there. */
export type Shown = Readonly<Record<string, unknown>>;

/** The chosen time of the dashboard, or of a panel that has its own. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** What a panel's queries give, by refId. */
export type Expected = (county: County, range: Range) => Promise<Readonly<Record<string, readonly Shown[]>>>;

/** Rows of a measurement as a panel has them, those without any of the fields left out. */
export interface Wanted {
  readonly tag?: string;
  /** Fields by what the panel calls them. */
  readonly columns: Readonly<Record<string, string>> | readonly string[];
  readonly where?: (row: Row) => boolean;
  /** The newest of each group alone. */
  readonly newest?: boolean;
}

const columnsOf = ({ columns }: Wanted): [string, string][] =>
  Array.isArray(columns) ? columns.map((name) => [name, name]) : Object.entries(columns as Record<string, string>);

const newestOf = (rows: readonly Row[], tag: string | undefined): Row[] => {
  const newest = new Map<string, Row>();
  for (const row of rows) newest.set(row.tags[tag ?? ''] ?? '', row);
  return [...newest.values()];
};

export const shown = async (county: County, measurement: string, range: Range, wanted: Wanted): Promise<Shown[]> => {
  const columns = columnsOf(wanted);
  const all = await county.read({ measurement, from: range.from, to: range.to + 1 });
  const kept = all.filter(
    (row) => (wanted.where?.(row) ?? true) && columns.some(([, field]) => row.fields[field] !== undefined),
  );
  const { tag } = wanted;
  return (wanted.newest ? newestOf(kept, tag) : kept).map(({ time, tags, fields }) => ({
    time,
    ...(tag === undefined ? {} : { [tag]: tags[tag] }),
    ...Object.fromEntries(columns.map(([column, field]) => [column, fields[field]])),
  }));
};

/** What the catalog calls places, by fields that are asked of them. */
export const catalogued = (
  { catalog, now }: County,
  more: Readonly<Record<string, (id: string) => unknown>> = {},
): Shown[] => {
  const { stations, townships, enterprises } = catalog;
  return [...stations.values(), ...townships, ...enterprises.values()].map(({ id, name }) => ({
    time: now,
    station: id,
    name: name.zh,
    ...Object.fromEntries(Object.entries(more).map(([column, of]) => [column, of(id)])),
  }));
};

/** Positions, for maps. */
export const onMap = (county: County): Shown[] =>
  catalogued(county, {
    longitude: (id) => county.catalog.stations.get(id)?.longitude,
    latitude: (id) => county.catalog.stations.get(id)?.latitude,
  });

/** Townships by name. */
export const withTownship = (county: County): Shown[] =>
  catalogued(county, {
    township: (id) => {
      const { township } = county.catalog.stations.get(id) ?? {};
      return county.catalog.townships.find((one) => one.id === township)?.name.zh;
    },
  });

/** The while before the end of the chosen time, without its first instant. */
export const lastly = ({ to }: Range, milliseconds: number): Range => ({ from: to - milliseconds + 1, to });
