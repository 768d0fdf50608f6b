import { ROLLING_HOURS, type RollingSum } from '../processors/rain.ts';
import { type Bounds, forecastSum } from './forecast.ts';
import type { World } from './rule.ts';

// Rain by township: what fell, as its gauges say, and what is expected.

/** mm over the hours before (observed) or ahead (forecast). */
export interface TownshipRain {
  readonly id: string;
  readonly name: string;
  readonly observed: (hours: number) => Bounds & { readonly station?: string };
  readonly forecast: (hours: number) => Bounds;
}

/** The worst of a township's gauges; known while any of them has the whole window. */
const observedRain = (world: World, township: string, hours: number): Bounds & { station?: string } => {
  const index = ROLLING_HOURS.indexOf(hours as (typeof ROLLING_HOURS)[number]);
  let worst: { least: number; station?: string } = { least: 0 };
  let known = false;
  for (const { id } of world.weatherStations.get(township) ?? []) {
    const rolling = world.rain(id);
    const found: RollingSum | undefined = rolling?.sums[index];
    if (found === undefined) continue;
    if (found.min > worst.least || worst.station === undefined) worst = { least: found.min, station: id };
    known ||= found.sum !== undefined;
  }
  return { ...worst, most: known ? worst.least : Number.POSITIVE_INFINITY };
};

/** The rain of every township, in the catalog's order. */
export const townshipRain = (world: World): TownshipRain[] => {
  const limits = { maxAge: world.settings.forecast.max_age, tolerance: world.settings.forecast.tolerance };
  return world.catalog.townships.map(({ id, name }) => {
    const observed = observedRain(world, id, 24);
    const forecast = forecastSum(world.forecasts(id), 'rain', 24, world.now, limits);
    // All conditions of the annex for rain look at 24 h; another length would be worked out when asked for.
    return {
      id,
      name: name.zh,
      observed: (hours) => (hours === 24 ? observed : observedRain(world, id, hours)),
      forecast: (hours) =>
        hours === 24 ? forecast : forecastSum(world.forecasts(id), 'rain', hours, world.now, limits),
    };
  });
};
