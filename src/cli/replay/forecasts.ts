import type { Catalog } from '../../core/catalog.ts';
import { tidy } from '../../core/round.ts';
import { DAY, floorTo, HOUR } from '../../core/time.ts';
import type { Reading } from '../../core/types.ts';
import { forceOf } from '../../standards/gbt28591-2012.ts';
import { getOr } from './maps.ts';

/** Durations in milliseconds; `period` is that of the file's rows. */
export interface FromNext {
  /** Windows of each issue. */
  readonly fromNext: readonly number[];
  readonly every: number;
  readonly period: number;
}

/** Values of a quantity by the end of the period. */
type Values = ReadonlyMap<number, number>;

/** Quantity → values, of one station. */
type Seen = Map<string, Map<number, number>>;

/** What a stretch of hours had, none of it missing. */
interface Stretch {
  readonly sum: number;
  readonly highest: number;
  readonly lowest: number;
}

/** Over (t, t + window] and (t − 24 h, t]; undefined when a period of it is missing or beyond the file. */
interface Looks {
  ahead(quantity: string): Stretch | undefined;
  before(quantity: string): Stretch | undefined;
  readonly period: number;
}

/** How a forecast's quantity is made of the file's; undefined: it cannot be. */
type Make = (looks: Looks) => number | undefined;

const forceIn = (quantity: string): Make => {
  return ({ ahead }) => {
    const speed = ahead(quantity)?.highest;
    return speed === undefined ? undefined : forceOf(speed);
  };
};

/** The night's minimum of the day before, less the window's. */
const drop: Make = ({ ahead, before }) => {
  const [was, is] = [before('temperature')?.lowest, ahead('temperature')?.lowest];
  return was === undefined || is === undefined ? undefined : tidy(was - is);
};

/** Visibility is not among them: it counts in fog and sandstorms alone, which columns do not tell. */
const MAKES: Readonly<Record<string, Make>> = {
  rain: ({ ahead }) => ahead('rain')?.sum,
  rain_1h_max: ({ ahead, period }) => (period === HOUR ? ahead('rain')?.highest : undefined),
  snow: ({ ahead }) => ahead('snow')?.sum,
  hail: ({ ahead }) => ahead('hail')?.highest,
  temperature_max: ({ ahead }) => ahead('temperature')?.highest,
  temperature_min: ({ ahead }) => ahead('temperature')?.lowest,
  temperature_min_drop: drop,
  ground_temperature_min: ({ ahead }) => ahead('ground_temperature')?.lowest,
  wind_force: forceIn('wind_speed'),
  gust: ({ ahead }) => ahead('gust')?.highest,
  gust_force: forceIn('gust'),
};

/** Of these the lowest is the worst. */
const LOW: readonly string[] = ['temperature_min', 'ground_temperature_min'];

/** Township → what its stations saw. */
const stationsByTownship = (readings: readonly Reading[], catalog: Catalog): Map<string, Map<string, Seen>> => {
  const townships = new Map<string, Map<string, Seen>>();
  for (const { feed, station, time, values } of readings) {
    const township = feed === 'weather' ? catalog.stations.get(station)?.township : undefined;
    if (township === undefined) continue;
    const seen = getOr(
      getOr(townships, township, () => new Map<string, Seen>()),
      station,
      (): Seen => new Map(),
    );
    for (const [quantity, value] of Object.entries(values))
      getOr(seen, quantity, () => new Map<number, number>()).set(time, value);
  }
  return townships;
};

const stretchOf = (values: Values | undefined, begin: number, end: number, period: number): Stretch | undefined => {
  if (values === undefined) return undefined;
  let [sum, highest, lowest] = [0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let at = begin + period; at <= end; at += period) {
    const value = values.get(at);
    if (value === undefined) return undefined;
    sum += value;
    if (value > highest) highest = value;
    if (value < lowest) lowest = value;
  }
  return { sum: tidy(sum), highest, lowest };
};

const looksAt = (seen: Seen, t: number, window: number, period: number): Looks => {
  const ahead = new Map<string, Stretch | undefined>();
  return {
    ahead: (quantity) => {
      if (!ahead.has(quantity)) ahead.set(quantity, stretchOf(seen.get(quantity), t, t + window, period));
      return ahead.get(quantity);
    },
    before: (quantity) => stretchOf(seen.get(quantity), t - DAY, t, period),
    period,
  };
};

/** The worst of a township's stations that know all of it, as its observation is. */
const worstNext = (stations: Iterable<Seen>, t: number, window: number, period: number): Record<string, number> => {
  const worst: Record<string, number> = {};
  for (const seen of stations) {
    const looks = looksAt(seen, t, window, period);
    for (const [quantity, make] of Object.entries(MAKES)) {
      const value = make(looks);
      if (value === undefined) continue;
      const worse = LOW.includes(quantity) ? Math.min : Math.max;
      worst[quantity] = worse(worst[quantity] ?? value, value);
    }
  }
  return worst;
};

/** The issue of an instant: a forecast for each township and window of which anything is known. */
function* issueOf(townships: Map<string, Map<string, Seen>>, t: number, plan: FromNext): Generator<Reading> {
  for (const [station, stations] of townships)
    for (const window of plan.fromNext) {
      const values = worstNext(stations.values(), t, window, plan.period);
      if (Object.keys(values).length > 0)
        yield { feed: 'forecast', station, time: t, start: t, from: t, to: t + window, values };
    }
}

/**
 * Perfect forecasts, made of a file's own future: for each township with a weather station in the file one is issued at every whole `every`
 * between its first and last row, of what the file has. Missing is not zero: a quantity of which a period ahead is unknown is left out.
 */
export const forecastsOf = (readings: readonly Reading[], catalog: Catalog, plan: FromNext): Reading[] => {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { time } of readings) [first, last] = [Math.min(first, time), Math.max(last, time)];
  const townships = stationsByTownship(readings, catalog);
  const forecasts: Reading[] = [];
  for (let t = floorTo(first + plan.every - 1, plan.every); t <= last; t += plan.every)
    forecasts.push(...issueOf(townships, t, plan));
  return forecasts;
};
