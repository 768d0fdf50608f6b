// How many series there can be: each tag has a value of the catalog or of a closed list, so the catalog bounds them, whatever
// arrives. The dustfall signals alone are one a month.
import type { Settings } from '../config/schema.ts';
import type { Catalog } from '../core/catalog.ts';
import { DAY } from '../core/time.ts';
import { FEEDS, type Feed } from '../core/types.ts';
import { EDITIONS } from '../standards/warning-editions.ts';
import { HAZARDS } from '../standards/weather-plan-2021.ts';
import { storeNames } from './index.ts';
import { WINDOWS } from './window.ts';

const MONTH_LEAST = 28 * DAY;
/** Year, month, day of `water_class`. */
const PERIODS = 3;

const signalsOf = (catalog: Catalog, settings: Settings, stations: (feed: Feed) => number): number => {
  const { edition, provincial } = settings.warning_signals;
  const warnings = new Set([EDITIONS[edition], provincial].flatMap((one) => Object.keys(one?.signals ?? {}))).size;
  const hazards = Object.keys(HAZARDS).length;
  const months = Math.ceil((settings.store.keep + settings.intake.max_age) / MONTH_LEAST) + 1;
  const { townships } = catalog;
  // dustfall-rectification and -assessment; weather-response and report-late; heavy-pollution; geological-risk; station-silent
  const counts = [2 * months, 2 * hazards, 1, townships.length, catalog.stations.size];
  return [...counts, warnings, stations('emission'), stations('water')].reduce((sum, count) => sum + count, 0);
};

/**
 * The most series that a store can have of each measurement with this catalog and within `store.keep`; the county itself counts as a
 * station. A station that is moved to another township begins another series.
 */
export const seriesMost = (catalog: Catalog, settings: Settings): Readonly<Record<string, number>> => {
  const all = [...catalog.stations.values()];
  const stations = (feed: Feed): number => all.filter(({ feeds }) => feeds[feed] !== undefined).length;
  const places = (feed: Feed): number => stations(feed) + 1;
  const each = (names: readonly string[], count: number) => Object.fromEntries(names.map((name) => [name, count]));
  return {
    ...Object.fromEntries(FEEDS.map((feed) => [feed, stations(feed)])),
    forecast: (catalog.townships.length + 1) * WINDOWS.length,
    ...each(['air_hour', 'air_day', 'air_month', 'air_year', 'aqi_hour', 'aqi_day'], places('air')),
    ...each(['weather_hour', 'weather_day', 'rain_rolling'], places('weather')),
    ...each(['water_day', 'water_month'], places('water')),
    water_class: places('water') * PERIODS,
    dustfall_month: places('dustfall'),
    ...each(['emission_hour', 'emission_day', 'emission_compliance', 'emission_compliance_day'], stations('emission')),
    signal: signalsOf(catalog, settings, stations),
    station_status: all.reduce((sum, { feeds }) => sum + Object.keys(feeds).length, 0),
    place: all.length + catalog.townships.length + catalog.enterprises.size,
    pipeline: 1,
    pipeline_store: storeNames(settings, catalog).length,
  };
};

/** The same, of all measurements together. */
export const seriesMostOf = (catalog: Catalog, settings: Settings): number =>
  Object.values(seriesMost(catalog, settings)).reduce((sum, count) => sum + count, 0);
