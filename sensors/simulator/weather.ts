import type { Station } from '../../src/core/catalog.ts';
import { DAY, HOUR } from '../../src/core/time.ts';
import { clamp, daily, rounded } from './values.ts';
import type { World } from './world.ts';

/** The air over a township at an instant: what stations and forecasters both look at. */
export interface Sky {
  readonly temperature: number;
  readonly ground: number;
  readonly humidity: number;
  readonly pressure: number;
  readonly wind: number;
  readonly gust: number;
  readonly visibility: number;
  /** Share of the sky that is covered, 0-1. */
  readonly cloud: number;
  /** Rain of the last hour, mm. */
  readonly hourRain: number;
}

const temperatureOf = (world: World, time: number, cloud: number, wet: number): number =>
  9.5 +
  13.5 * world.summer(time) +
  6 * (1 - 0.6 * cloud) * daily(time, 15) +
  2.5 * world.noise.smooth('warmth', time, 3 * DAY) -
  3 * wet;

const windOf = (world: World, time: number, wet: number): number =>
  Math.max(0.2, 2 + 1.1 * daily(time, 15) + 0.8 * world.noise.smooth('wind', time, 5 * HOUR) + 3 * wet) /
  (1 + world.haze(time) / 100);

// About 950 m above the sea the air weighs some 906 hPa, more in winter.
const pressureOf = (world: World, time: number, wet: number): number =>
  906 - 5 * world.summer(time) + 4 * world.noise.smooth('pressure', time, 3 * DAY) + 0.6 * daily(time, 10) - 3 * wet;

const humidityOf = (world: World, time: number, wet: number): number => {
  const dry = 52 + 12 * world.summer(time) - 18 * daily(time, 15) + 8 * world.noise.smooth('moisture', time, DAY);
  return clamp(dry + (97 - dry) * wet + world.haze(time) / 6, 12, 99);
};

/** County-wide fields with the rain of the township in them. */
export const skyOver = (world: World, township: string | undefined, time: number): Sky => {
  const hourRain = world.rain(township, time - HOUR, time);
  const wet = clamp(world.rain(township, time - 3 * HOUR, time) / 8, 0, 1);
  const cloud = Math.max(wet, clamp(0.35 + 0.35 * world.noise.smooth('cloud', time, 9 * HOUR), 0, 1));
  const temperature = temperatureOf(world, time, cloud, wet);
  const wind = windOf(world, time, wet);
  return {
    temperature,
    ground: temperature + 5 * (1 - cloud) * daily(time, 14),
    humidity: humidityOf(world, time, wet),
    pressure: pressureOf(world, time, wet),
    wind,
    gust: wind * 1.5 + 0.6,
    visibility: 25_000 / (1 + hourRain / 1.5 + world.haze(time) / 15),
    cloud,
    hourRain,
  };
};

/** A tipping bucket gives whole tenths: the difference of two rounded totals, so that no rain is lost by rounding. */
const bucket = (world: World, station: Station, start: number, end: number): number => {
  const begin = world.now - 400 * DAY;
  const total = (time: number) => rounded(world.rain(station.township, begin, time) * catchOf(world, station), 1);
  return rounded(total(end) - total(start), 1);
};

const catchOf = (world: World, station: Station): number => 0.98 + 0.04 * world.noise.unit(`gauge ${station.id}`);

// Strokes counted around the station: none below 5 mm/h.
const strokes = (world: World, station: Station, sky: Sky, time: number, hours: number): number =>
  Math.max(
    0,
    Math.round((sky.hourRain - 5) * 3 * Math.max(hours, 0.1) * (1 + world.noise.grain(`stroke ${station.id}`, time))),
  );

const windDirection = (world: World, station: Station, time: number): number =>
  (360 +
    Math.round(
      200 +
        110 * world.noise.smooth('direction', time, 8 * HOUR) +
        12 * world.noise.grain(`direction ${station.id}`, time),
    )) %
  360;

const phenomenaOf = (lightning: number, sky: Sky, haze: number) => {
  if (lightning > 0) return { phenomena: ['thunderstorm'] };
  return haze > 50 && sky.visibility < 10_000 ? { phenomena: ['haze'] } : {};
};

/** A reading of a weather station that covers (start, end]. */
export const weatherReading = (world: World, station: Station, start: number, end: number) => {
  const sky = skyOver(world, station.township, end);
  const own = (name: string, size: number) =>
    (size *
      (world.noise.smooth(`${name} ${station.id}`, end, HOUR) +
        0.5 * world.noise.grain(`${name} ${station.id}`, end))) /
    1.5;
  const wind = Math.max(0, sky.wind + own('wind', 0.4));
  const lightning = strokes(world, station, sky, end, (end - start) / HOUR);
  return {
    values: {
      rain: bucket(world, station, start, end),
      wind_speed: rounded(wind, 1),
      gust: rounded(Math.max(wind, sky.gust + own('gust', 0.6)), 1),
      wind_direction: windDirection(world, station, end),
      temperature: rounded(sky.temperature + own('temperature', 0.6), 1),
      ground_temperature: rounded(sky.ground + own('ground', 0.8), 1),
      humidity: rounded(clamp(sky.humidity + own('humidity', 2), 5, 100), 0),
      visibility: rounded(clamp(sky.visibility * (1 + own('visibility', 0.08)), 50, 35_000), 0),
      pressure: rounded(sky.pressure + own('pressure', 0.3), 1),
      lightning,
    },
    ...phenomenaOf(lightning, sky, world.haze(end)),
  };
};
