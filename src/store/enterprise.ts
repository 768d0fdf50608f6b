// An enterprise's own store: a database or bucket on a server that holds its rows and no other's, so that whatever is asked with its
// credentials shows nothing of another enterprise. It is a store like any: its own place in the outbox, the same promises.
import type { Catalog } from '../core/catalog.ts';
import type { Point } from '../core/types.ts';
import type { Store } from './port.ts';

type Series = Pick<Point, 'measurement' | 'tags'>;

/** The tag by which a series without the tag `enterprise` names an outlet. */
const outletOf = ({ measurement, tags }: Series): string | undefined => {
  if (measurement === 'station_status') return tags['station'];
  return measurement === 'signal' && tags['kind'] === 'emission' ? tags['subject'] : undefined;
};

/** Whether rows of a series are an enterprise's: its emissions, the signals about them, and whether its outlets report. */
export const isOf = (enterprise: string, series: Series, catalog: Catalog): boolean => {
  const owner = series.tags['enterprise'];
  if (owner !== undefined) return owner === enterprise;
  const outlet = outletOf(series);
  return outlet !== undefined && catalog.stations.get(outlet)?.enterprise === enterprise;
};

/** A store that takes an enterprise's rows alone; `catalog` gives the one in force. */
export const createEnterpriseStore = (store: Store, enterprise: string, catalog: () => Catalog): Store => {
  const wants = (series: Series): boolean => isOf(enterprise, series, catalog());
  return { ...store, wants, write: async (points) => store.write(points.filter(wants)) };
};
