import type { Catalog } from '../core/catalog.ts';
import { figureFields } from '../core/figure.ts';
import { rememberedBy } from '../core/remembered.ts';
import { SECOND } from '../core/time.ts';
import type { FieldValue, Figure, Point, Reading, Signal } from '../core/types.ts';
import { SERIES } from './series.ts';
import { windowOf } from './window.ts';

// What the middle gives, as rows of series: which tags a row carries is the series' own table.

type Tags = Readonly<Record<string, string>>;

const makeTags = (catalog: Catalog, measurement: string, station: string): Tags => {
  const tags: Record<string, string> = { county: catalog.county.code };
  const wanted = SERIES[measurement]?.tags ?? ['station'];
  if (wanted.includes('station')) tags['station'] = station;
  if (wanted.includes('outlet')) tags['outlet'] = station;
  const known = catalog.stations.get(station);
  // A forecast's station is the township it is for.
  const township = known?.township ?? (measurement === 'forecast' && station !== 'county' ? station : undefined);
  if (township !== undefined && wanted.includes('township')) tags['township'] = township;
  if (known?.enterprise !== undefined && wanted.includes('enterprise')) tags['enterprise'] = known.enterprise;
  return tags;
};

const getOrMake = <K, V>(map: Map<K, V>, key: K, make: () => V): V => {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
};

/** Tags by measurement and station: a catalog's places bound them. */
const tagsIn = rememberedBy((_catalog: Catalog) => new Map<string, Map<string, Tags>>());

const placeTags = (catalog: Catalog, measurement: string, station: string): Tags => {
  const byStation = getOrMake(tagsIn(catalog), measurement, () => new Map<string, Tags>());
  return getOrMake(byStation, station, () => makeTags(catalog, measurement, station));
};

const flagText = (flags: Readonly<Record<string, string>>): string =>
  Object.entries(flags)
    .map(([quantity, flag]) => `${quantity}=${flag}`)
    .join(',');

type Fields = Readonly<Record<string, FieldValue>>;

const readingFields = ({ values, flags, phenomena, trend, status }: Reading): Fields => {
  if (!flags && !phenomena && !trend && !status) return values;
  return {
    ...values,
    ...(flags ? { flag: flagText(flags) } : {}),
    ...(phenomena ? { phenomena: phenomena.join(',') } : {}),
    ...(trend ? { trend } : {}),
    ...(status ? { status } : {}),
  };
};

const isEmpty = (fields: Fields): boolean => {
  for (const _ in fields) return false;
  return true;
};

/** A forecast's window is a tag as it is called, and two fields as it is. */
const withWindow = (point: Point, reading: Reading): Point => ({
  ...point,
  tags: { ...point.tags, window: windowOf(reading) },
  fields: {
    ...point.fields,
    window_from: Math.floor(reading.from! / SECOND),
    window_to: Math.floor(reading.to! / SECOND),
  },
});

/**
 * A reading as it came, at its own time.
 * @param replaced the earlier edition it takes the place of: what only that one had is unset
 * @returns undefined where it holds nothing at all
 */
export const readingPoint = (reading: Reading, replaced: Reading | undefined, catalog: Catalog): Point | undefined => {
  const fields = readingFields(reading);
  const gone = replaced === undefined ? [] : Object.keys(readingFields(replaced)).filter((name) => !(name in fields));
  if (gone.length === 0 && isEmpty(fields)) return undefined;
  const { feed, station, time, from, to } = reading;
  const tags = placeTags(catalog, feed, station);
  const point = { measurement: feed, tags, time, fields, ...(gone.length > 0 ? { gone } : {}) };
  return from === undefined || to === undefined ? point : withWindow(point, reading);
};

const tagsOf = ({ measurement, station, tags }: Figure, catalog: Catalog): Tags => {
  const place = placeTags(catalog, measurement, station);
  return tags === undefined ? place : { ...place, ...tags };
};

/** A figure at the start of its period. */
export const figurePoint = (figure: Figure, catalog: Catalog): Point => ({
  measurement: figure.measurement,
  tags: tagsOf(figure, catalog),
  time: figure.start,
  fields: figureFields(figure),
  ...(figure.gone ? { gone: figure.gone } : {}),
});

/** A signal's change; `time` keeps two changes at one instant apart. */
export const signalPoint = (signal: Signal, rank: number, time: number): Point => ({
  measurement: 'signal',
  tags: { county: signal.county, kind: signal.kind, subject: signal.subject },
  time,
  fields: {
    ...(signal.level === null ? {} : { level: signal.level }),
    state: signal.state,
    version: signal.version,
    rank,
    title: signal.title.zh,
  },
});
