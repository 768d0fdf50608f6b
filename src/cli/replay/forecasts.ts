import type { Catalog } from '../../core/catalog.ts';
import { tidy } from '../../core/round.ts';
import { floorTo } from '../../core/time.ts';
import type { Reading } from '../../core/types.ts';
import { getOr } from './maps.ts';

/** Durations in milliseconds; `period` is that of the file's rain. */
export interface FromNext {
  readonly fromNext: number;
  readonly every: number;
  readonly period: number;
}

type Rain = ReadonlyMap<number, number>;

/** Township → its gauges' rain by the end of the period. */
const gaugesByTownship = (
  readings: readonly Reading[],
  catalog: Catalog,
): Map<string, Map<string, Map<number, number>>> => {
  const townships = new Map<string, Map<string, Map<number, number>>>();
  for (const { feed, station, time, values } of readings) {
    const township = feed === 'weather' ? catalog.stations.get(station)?.township : undefined;
    if (township === undefined) continue;
    const gauges = getOr(townships, township, () => new Map<string, Map<number, number>>());
    const rain = getOr(gauges, station, () => new Map<number, number>());
    if (values['rain'] !== undefined) rain.set(time, values['rain']);
  }
  return townships;
};

/** Rain over (t, t + window]; undefined when a period of it is missing or beyond the file. */
const nextSum = (rain: Rain, t: number, { fromNext, period }: FromNext): number | undefined => {
  let sum = 0;
  for (let end = t + period; end <= t + fromNext; end += period) {
    const value = rain.get(end);
    if (value === undefined) return undefined;
    sum += value;
  }
  return tidy(sum);
};

/** The worst of a township's gauges that know all of it, as its observation is. */
const worstNext = (gauges: Iterable<Rain>, t: number, plan: FromNext): number | undefined => {
  const sums = [...gauges].map((rain) => nextSum(rain, t, plan)).filter((sum) => sum !== undefined);
  return sums.length === 0 ? undefined : Math.max(...sums);
};

/**
 * Perfect forecasts, made of a file's own future rain: for each township with a gauge in the file one is issued at every whole `every`
 * between its first and last row. Missing is not zero: where an hour ahead is unknown none is made.
 */
export const forecastsOf = (readings: readonly Reading[], catalog: Catalog, plan: FromNext): Reading[] => {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { time } of readings) [first, last] = [Math.min(first, time), Math.max(last, time)];
  const townships = gaugesByTownship(readings, catalog);
  const forecasts: Reading[] = [];
  for (let t = floorTo(first + plan.every - 1, plan.every); t <= last; t += plan.every)
    for (const [station, gauges] of townships) {
      const rain = worstNext(gauges.values(), t, plan);
      if (rain === undefined) continue;
      forecasts.push({
        feed: 'forecast',
        station,
        time: t,
        start: t,
        from: t,
        to: t + plan.fromNext,
        values: { rain },
      });
    }
  return forecasts;
};
