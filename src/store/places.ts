import type { Catalog, Enterprise, Station, Township } from '../core/catalog.ts';
import type { Bilingual, FieldValue, Point } from '../core/types.ts';

// The series `place`: what the catalog calls each place and where it lies, so that dashboards, which know ids alone, can say it.

const CLASSES = ['I', 'II', 'III', 'IV', 'V'];

const named = (id: string, name: Bilingual): Record<string, FieldValue> => ({
  name: name.zh,
  name_en: name.en,
  label: `${name.zh}|${id}`,
  label_en: `${name.en}|${id}`,
});

const townshipFields = (township: Township | undefined): Record<string, FieldValue> =>
  township === undefined
    ? {}
    : { township: township.id, township_name: township.name.zh, township_name_en: township.name.en };

const enterpriseFields = (enterprise: Enterprise | undefined): Record<string, FieldValue> =>
  enterprise === undefined ? {} : { enterprise_name: enterprise.name.zh, enterprise_name_en: enterprise.name.en };

/** Longitude, latitude, target class and permit limits, where the catalog has them. */
const factsOf = ({ longitude, latitude, target, limits = {} }: Station): Record<string, FieldValue> => ({
  ...(longitude === undefined || latitude === undefined ? {} : { longitude, latitude }),
  ...(target === undefined ? {} : { target: CLASSES.indexOf(target) + 1 }),
  ...Object.fromEntries(Object.entries(limits).map(([quantity, limit]) => [`limit_${quantity}`, limit])),
});

const kindOf = ({ enterprise, feeds }: Station): string =>
  enterprise === undefined ? (Object.keys(feeds)[0] ?? 'station') : 'outlet';

const stationFields = (catalog: Catalog, station: Station): Record<string, FieldValue> => ({
  ...named(station.id, station.name),
  kind: kindOf(station),
  feeds: Object.keys(station.feeds).join(','),
  active: station.active,
  assessed: station.assessed,
  ...townshipFields(catalog.townships.find(({ id }) => id === station.township)),
  ...enterpriseFields(station.enterprise === undefined ? undefined : catalog.enterprises.get(station.enterprise)),
  ...factsOf(station),
});

/** A row for each station and outlet, township and enterprise, at one time (epoch ms). */
export const placePoints = (catalog: Catalog, time: number): Point[] => {
  const point = (station: string, fields: Record<string, FieldValue>, enterprise?: string): Point => ({
    measurement: 'place',
    tags: { county: catalog.county.code, station, ...(enterprise === undefined ? {} : { enterprise }) },
    time,
    fields,
  });
  return [
    ...[...catalog.stations.values()].map((one) => point(one.id, stationFields(catalog, one), one.enterprise)),
    ...catalog.townships.map(({ id, name }) => point(id, { ...named(id, name), kind: 'township' })),
    ...[...catalog.enterprises.values()].map(({ id, name }) =>
      point(id, { ...named(id, name), kind: 'enterprise' }, id),
    ),
  ];
};
