import type { Catalog } from '../../../src/core/catalog.ts';
import { DAY, HOUR, MINUTE } from '../../../src/core/time.ts';
import type { Scenario, Setting } from '../scenario.ts';
import { clamp } from '../values.ts';

// A July storm crosses the county from west to east in about 36 hours. At `now` the middle townships have had some 190 mm in
// 24 hours and about 75 mm are to come: all levels of the plan's rainstorm (沁政办发〔2021〕19号 附件6) have been passed, one after
// the other, and the highest is in force. The rain ends some ten hours later.
const BEGINS = -23.3 * HOUR;
const LASTS = 32 * HOUR;
/** The storm is over the last township this much later than over the first. */
const CROSSING = 5 * HOUR;
const HEAVIEST = 275;

/** Running total of one burst of rain that swells and dies away: 0 at the begin of the burst, 1 at its end. */
const burst = (share: number): number => {
  const x = clamp(share, 0, 1);
  return x - Math.sin(2 * Math.PI * x) / (2 * Math.PI);
};

/** Running share of a storm of two bursts, the second the heavier. */
const fallenShare = (share: number): number => 0.45 * burst(share / 0.55) + 0.55 * burst((share - 0.35) / 0.65);

const longitudeOf = (catalog: Catalog, township: string): number | undefined => {
  const known = [...catalog.stations.values()].flatMap((station) =>
    station.township === township && station.longitude !== undefined ? [station.longitude] : [],
  );
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length;
};

/** Places along the storm's track, 0 in the west to 1 in the east; catalog order where a place has no longitude. */
const track = (catalog: Catalog): Map<string, number> => {
  const places = catalog.townships.map(({ id }) => ({ id, longitude: longitudeOf(catalog, id) }));
  const known = places.every(({ longitude }) => longitude !== undefined);
  const sorted = known ? places.toSorted((a, b) => a.longitude! - b.longitude!) : places;
  return new Map(sorted.map(({ id }, index) => [id, index / Math.max(1, sorted.length - 1)]));
};

/** Heaviest a third of the way along the track, less than half of that at its end. */
const totalAt = (x: number): number => HEAVIEST * (1 - 0.85 * Math.abs(x - 0.35));

const fallenIn =
  ({ catalog, noise, now }: Setting) =>
  (places: ReadonlyMap<string, number>) =>
  (township: string | undefined, time: number): number => {
    const x = places.get(township ?? '') ?? 0.35;
    const name = `storm ${township ?? catalog.county.code}`;
    // The clock of the storm is warped by minutes, so that rain comes in showers; it never runs backwards.
    const warped = time + 10 * MINUTE * noise.smooth(name, time, HOUR);
    const total = totalAt(x) * (0.98 + 0.04 * noise.unit(name));
    return total * fallenShare((warped - now - BEGINS - CROSSING * x) / LASTS);
  };

/**
 * The forecaster follows what has fallen: before the storm it is taken for an ordinary one, and each issue believes more of what
 * is coming, never above 95 mm. So the levels are reached by observed rain with a forecast that bears it out, not by forecast alone.
 */
const believed = (coming: number, observed: number): number => Math.min(coming, 36 + 0.3 * observed, 95);

export const rainstorm: Scenario = {
  name: 'rainstorm',
  title: { zh: '暴雨', en: 'Rainstorm' },
  effects: (setting) => {
    const fallen = fallenIn(setting)(track(setting.catalog));
    const rain = (township: string, from: number, to: number) => fallen(township, to) - fallen(township, from);
    return {
      fallen,
      rainForecast: (township, time) => believed(rain(township, time, time + DAY), rain(township, time - DAY, time)),
      // A storm of this size comes in the main flood season (mid-July), so its air is July's, whatever the date.
      season: 200,
    };
  },
};
