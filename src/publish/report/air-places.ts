import type { Bilingual, Span } from '../../core/types.ts';
import { heldAir, heldTownship } from './air-periods.ts';
import { type Held, placesOf, rowsOf, type Source, type Stated } from './source.ts';

// Places that tables of air have rows for.

export interface AirPlace {
  /** Station or township id, or `county`. */
  readonly id: string;
  readonly name: Bilingual;
  readonly township?: string | undefined;
  readonly held: Held<Stated>;
}

export const nameOf = ({ name }: AirPlace): string => name.zh;

const hasAny = (source: Source, station: string, span: Span): boolean =>
  rowsOf(source, 'air_month', span, { station }).length > 0;

export const countyPlace = (source: Source): AirPlace => ({
  id: 'county',
  name: { zh: `全县`, en: 'county' },
  held: heldAir(source, 'county'),
});

export const stationPlaces = (source: Source): AirPlace[] =>
  placesOf(source, 'air', ({ id }) => hasAny(source, id, source.months.month)).map(({ id, name, township }) => ({
    id,
    name,
    township,
    held: heldAir(source, id),
  }));

/** Townships that have an air station. */
export const townshipPlaces = (source: Source, stations: readonly AirPlace[]): AirPlace[] =>
  source.catalog.townships.flatMap((township) => {
    const own = stations.filter((one) => one.township === township.id).map(({ id }) => id);
    if (own.length === 0) return [];
    return [{ id: township.id, name: township.name, township: township.id, held: heldTownship(source, township, own) }];
  });
