import type { FeedSchedule, Station } from '../../src/core/catalog.ts';
import { DAY, HOUR, isoBeijing, monthStart } from '../../src/core/time.ts';
import { FEEDS, type Feed } from '../../src/core/types.ts';
import { airReading } from './air.ts';
import { dustfallReading } from './dustfall.ts';
import { emissionReading } from './emission.ts';
import { countyForecast, townshipForecast } from './forecast.ts';
import type { Draft } from './scenario.ts';
import { waterReading } from './water.ts';
import { weatherReading } from './weather.ts';
import type { World } from './world.ts';

/** Something that reports. `ends` are the times of its readings that it publishes in (from, to]. */
export interface Source {
  readonly ends: (from: number, to: number) => number[];
  readonly drafts: (end: number) => Draft[];
  /** Time between the end of a reading and its publishing, ms: a modem is not the quickest. */
  readonly delay: number;
  /** Whether the latest reading before a run's begin is worth sending: one a month is. */
  readonly rare: boolean;
}

type Reader = (
  world: World,
  station: Station,
  start: number,
  end: number,
) => Omit<Draft['body'], 'time'> & Pick<Draft['body'], 'values'>;

const READERS: Partial<Record<Feed, Reader>> = {
  air: airReading,
  weather: weatherReading,
  water: waterReading,
  emission: emissionReading,
  dustfall: dustfallReading,
};

/** Whole steps of Beijing time in (from, to]. */
const steps = (step: number, from: number, to: number): number[] => {
  const shift = 8 * HOUR;
  const found: number[] = [];
  for (let time = (Math.floor((from + shift) / step) + 1) * step - shift; time <= to; time += step) found.push(time);
  return found;
};

const months = (from: number, to: number): number[] => {
  const found: number[] = [];
  for (let time = monthStart(from, 1); time <= to; time = monthStart(time, 1)) found.push(time);
  return found;
};

const startOf = (schedule: FeedSchedule, end: number): number =>
  schedule.period === 'month' ? monthStart(end, -1) : end - schedule.period;

const stationSource = (world: World, station: Station, feed: Feed, schedule: FeedSchedule, read: Reader): Source => {
  const delay = Math.floor(world.noise.unit(`delay ${feed} ${station.id}`) * Math.min(15_000, schedule.interval / 4));
  const monthly = schedule.period === 'month';
  return {
    delay,
    rare: monthly,
    ends: monthly ? months : (from, to) => steps(schedule.interval, from, to),
    drafts: (end) => {
      const body = { time: isoBeijing(end), ...read(world, station, startOf(schedule, end), end) };
      return [{ time: end + delay, end, feed, station: station.id, body }];
    },
  };
};

const forecastDraft = (station: string, time: number, delay: number, said: Pick<Draft['body'], 'values'>): Draft => ({
  time: time + delay,
  end: time,
  feed: 'forecast',
  station,
  body: { time: isoBeijing(time), ...said },
});

/** Every hour a forecast for each township. */
const townshipSource = (world: World, township: string): Source => {
  const delay = Math.floor(world.noise.unit(`delay forecast ${township}`) * 15_000);
  return {
    delay,
    rare: false,
    ends: (from, to) => steps(HOUR, from, to),
    drafts: (end) => [forecastDraft(township, end, delay, townshipForecast(world, township, end))],
  };
};

/** At 17:00 the AQI of today and of the next three days, a message each. */
const countySource = (world: World): Source => ({
  delay: 0,
  rare: false,
  ends: (from, to) => steps(DAY, from - 17 * HOUR, to - 17 * HOUR).map((day) => day + 17 * HOUR),
  drafts: (end) =>
    [0, 1, 2, 3].map((ahead) =>
      forecastDraft('county', end, ahead * 100, countyForecast(world, end - 17 * HOUR + ahead * DAY)),
    ),
});

const stationSources = (world: World, station: Station): Source[] =>
  FEEDS.flatMap((feed) => {
    const [schedule, read] = [station.feeds[feed], READERS[feed]];
    return schedule && read ? [stationSource(world, station, feed, schedule, read)] : [];
  });

/** Every station in service, every township's forecast and the county's. */
export const sourcesOf = (world: World): Source[] => [
  ...[...world.catalog.stations.values()]
    .filter((station) => station.active)
    .flatMap((station) => stationSources(world, station)),
  ...world.catalog.townships.map(({ id }) => townshipSource(world, id)),
  countySource(world),
];
