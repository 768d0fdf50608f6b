import type { Settings } from '../config/schema.ts';
import type { Catalog } from '../core/catalog.ts';
import { floorTo } from '../core/time.ts';
import type { Feed, Figure, Signal } from '../core/types.ts';
import type { Window } from './window.ts';

// station_status: when each station was last heard of, feed by feed, written at every `status.every` of the clock.

interface Heard {
  readonly windows: ReadonlyMap<string, Window>;
  readonly signals: ReadonlyMap<string, Signal>;
}

const figureOf = (station: string, feed: Feed, seen: number, online: boolean, time: number): Figure => ({
  measurement: 'station_status',
  station,
  tags: { feed },
  start: time,
  end: time,
  fields: { online, last_seen: Math.floor(seen / 1000), age: (time - seen) / 1000 },
});

/** Status of every station heard of, if a whole `status.every` lies in (from, to]. */
export const statusFigures = (
  heard: Heard,
  catalog: Catalog,
  from: number,
  to: number,
  settings: Settings,
): Figure[] => {
  const due = floorTo(to, settings.status.every);
  if (due <= from) return [];
  const figures: Figure[] = [];
  for (const station of catalog.stations.values()) {
    const online = heard.signals.get(`station-silent/${station.id}`)?.state !== 'active';
    for (const feed of Object.keys(station.feeds) as Feed[]) {
      const newest = heard.windows.get(`${feed}/${station.id}`)?.readings.at(-1);
      if (newest !== undefined) figures.push(figureOf(station.id, feed, newest.time, online, to));
    }
  }
  return figures;
};
