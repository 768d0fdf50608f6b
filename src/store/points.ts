import type { Catalog } from '../core/catalog.ts';
import { figureFields } from '../core/figure.ts';
import { SECOND } from '../core/time.ts';
import type { FieldValue, Figure, Point, Reading, Signal } from '../core/types.ts';
import { SERIES } from './series.ts';
import { windowOf } from './window.ts';

// What the middle gives, as rows of series: which tags a row carries is the series' own table.

const placeTags = (catalog: Catalog, measurement: string, station: string): Record<string, string> => {
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

const flagText = (flags: Readonly<Record<string, string>>): string =>
  Object.entries(flags)
    .map(([quantity, flag]) => `${quantity}=${flag}`)
    .join(',');

const readingFields = (reading: Reading): Record<string, FieldValue> => {
  const fields: Record<string, FieldValue> = { ...reading.values };
  if (reading.flags) fields['flag'] = flagText(reading.flags);
  if (reading.phenomena) fields['phenomena'] = reading.phenomena.join(',');
  if (reading.trend) fields['trend'] = reading.trend;
  if (reading.status) fields['status'] = reading.status;
  return fields;
};

/**
 * A reading as it came, at its own time.
 * @param replaced the earlier edition it takes the place of: what only that one had is unset
 * @returns undefined where it holds nothing at all
 */
export const readingPoint = (reading: Reading, replaced: Reading | undefined, catalog: Catalog): Point | undefined => {
  const fields = readingFields(reading);
  const gone = replaced === undefined ? [] : Object.keys(readingFields(replaced)).filter((name) => !(name in fields));
  if (Object.keys(fields).length === 0 && gone.length === 0) return undefined;
  const tags = placeTags(catalog, reading.feed, reading.station);
  if (reading.from !== undefined && reading.to !== undefined) {
    tags['window'] = windowOf(reading);
    fields['window_from'] = Math.floor(reading.from / SECOND);
    fields['window_to'] = Math.floor(reading.to / SECOND);
  }
  return { measurement: reading.feed, tags, time: reading.time, fields, ...(gone.length > 0 ? { gone } : {}) };
};

/** A figure at the start of its period. */
export const figurePoint = (figure: Figure, catalog: Catalog): Point => ({
  measurement: figure.measurement,
  tags: { ...placeTags(catalog, figure.measurement, figure.station), ...figure.tags },
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
