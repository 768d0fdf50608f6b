import { z } from 'zod';
import type { FeedDefinition, Quantity } from '../../../sensors/feeds/definition.ts';
import type { Catalog } from '../../core/catalog.ts';
import { parseDuration } from '../../core/time.ts';
import { FEEDS, type Feed } from '../../core/types.ts';
import { conversion } from './units.ts';

export type FeedDefinitions = Readonly<Record<Feed, FeedDefinition>>;

/** The column of a quantity, and how its cells are written. */
export interface Source {
  readonly column: string;
  /** Unit of the file; absent: the feed's own. */
  readonly unit?: string | undefined;
  /** Cells hold compass points; absent: they may where the quantity is a direction. */
  readonly compass?: boolean | undefined;
}

/** How the rows of a CSV file become readings (CONTRACT 4). Durations in milliseconds. */
export interface Mapping {
  readonly time: string;
  /** Zone of times without an offset; absent: Beijing. */
  readonly zone?: string | undefined;
  readonly station: {
    readonly column: string;
    /** Name in the file → id for every feed, or an id a feed. */
    readonly map: Readonly<Record<string, string | Readonly<Partial<Record<Feed, string | undefined>>>>>;
  };
  /** Span of a row; absent: the catalog's period of the station. */
  readonly period?: number | undefined;
  /** Added to the file's times, where it labels periods by their start. */
  readonly offset: number;
  /** Columns of a forecast's window. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly missing: readonly string[];
  readonly feeds: Readonly<Partial<Record<Feed, Readonly<Record<string, Source | undefined>> | undefined>>>;
  /** Forecasts made of the file's own future, of one window or several. */
  readonly forecast?: { readonly fromNext: readonly number[]; readonly every: number } | undefined;
}

type Complain = (path: (string | number)[], message: string) => void;

const duration = z.string().transform((text, ctx) => {
  const value = parseDuration(text);
  if (value === undefined) ctx.addIssue({ code: 'custom', message: 'not an ISO 8601 duration such as PT1H' });
  return value ?? 0;
});

/** One duration, or a list of them. */
const durations = z.preprocess((given) => (typeof given === 'string' ? [given] : given), z.array(duration).min(1));

const column = z.string().min(1);

const sourceOf = (quantity: Quantity) =>
  z
    .union(
      [
        column.transform((name): Source => ({ column: name })),
        z.strictObject({ column, unit: z.string().optional(), compass: z.boolean().optional() }),
      ],
      {
        error: 'a column name, or column with unit or compass',
      },
    )
    .refine((source) => source.unit === undefined || conversion(source.unit, quantity.unit) !== undefined, {
      error: (issue) => `no conversion from ${(issue.input as Source).unit} to ${quantity.unit}`,
    });

const quantitiesOf = (definition: FeedDefinition) =>
  z.strictObject(
    Object.fromEntries(
      Object.entries(definition.quantities).map(([name, quantity]) => [name, sourceOf(quantity).optional()]),
    ),
  );

const feedsSchema = (definitions: FeedDefinitions) =>
  z.strictObject(Object.fromEntries(FEEDS.map((feed) => [feed, quantitiesOf(definitions[feed]).optional()])));

const idMap = z.record(
  z.string(),
  z.union([z.string(), z.partialRecord(z.enum(FEEDS), z.string())], { error: 'a station id, or an id for each feed' }),
);

/** The id that a name of the file has for a feed. */
export const idFor = (entry: Mapping['station']['map'][string], feed: Feed): string | undefined =>
  typeof entry === 'string' ? entry : entry[feed];

const idMistake = (catalog: Catalog, feed: Feed, id: string): string | undefined => {
  if (feed === 'forecast')
    return id === 'county' || catalog.townships.some((township) => township.id === id)
      ? undefined
      : `no township ${id} in the catalog`;
  const station = catalog.stations.get(id);
  if (!station) return `no station ${id} in the catalog`;
  return station.feeds[feed] ? undefined : `station ${id} does not report ${feed}`;
};

const checkStations = (mapping: Mapping, catalog: Catalog, complain: Complain): void => {
  for (const [name, entry] of Object.entries(mapping.station.map))
    for (const feed of Object.keys(mapping.feeds) as Feed[]) {
      const id = idFor(entry, feed);
      const mistake = id === undefined ? undefined : idMistake(catalog, feed, id);
      if (mistake) complain(['station', 'map', name, ...(typeof entry === 'string' ? [] : [feed])], mistake);
    }
};

const checkForecast = (mapping: Mapping, complain: Complain): void => {
  if (mapping.feeds.forecast && !(mapping.from && mapping.to))
    complain(['feeds', 'forecast'], 'a forecast needs the columns `from` and `to` of its window');
  if (!mapping.forecast) return;
  const { fromNext, every } = mapping.forecast;
  if (!mapping.feeds.weather) complain(['forecast'], '`fromNext` needs feeds.weather');
  const { period } = mapping;
  if (!period) complain(['forecast'], '`fromNext` needs `period`');
  else if (fromNext.some((window) => window <= 0 || window % period !== 0))
    complain(['forecast', 'fromNext'], 'not a whole number of periods');
  if (every <= 0) complain(['forecast', 'every'], 'not above zero');
};

// The schema is made from the feeds at hand, so its keys are not in its type: the casts give them back.
/** The form of a mapping file, for this catalog and these feeds: unknown quantities, stations and units are mistakes. */
export const mappingSchema = (catalog: Catalog, definitions: FeedDefinitions): z.ZodType<Mapping> =>
  z
    .strictObject({
      time: column,
      zone: z
        .string()
        .regex(/^(Z|[+-]\d{2}:\d{2})$/, 'not an offset such as +08:00 or Z')
        .optional(),
      station: z.strictObject({ column, map: idMap }),
      period: duration.optional(),
      offset: duration.optional().transform((given) => given ?? 0),
      from: column.optional(),
      to: column.optional(),
      missing: z.array(z.string()).default(['']),
      feeds: feedsSchema(definitions),
      forecast: z.strictObject({ fromNext: durations, every: duration }).optional(),
    })
    .superRefine((mapping, ctx) => {
      const complain: Complain = (path, message) => ctx.addIssue({ code: 'custom', path, message });
      checkStations(mapping as Mapping, catalog, complain);
      checkForecast(mapping as Mapping, complain);
    }) as unknown as z.ZodType<Mapping>;

/** Every column of a file that a mapping names. */
export const columnsOf = (mapping: Mapping): string[] => [
  mapping.time,
  mapping.station.column,
  ...[mapping.from, mapping.to].filter((name) => name !== undefined),
  ...Object.values(mapping.feeds).flatMap((sources) =>
    Object.values(sources ?? {}).flatMap((source) => (source ? [source.column] : [])),
  ),
];
