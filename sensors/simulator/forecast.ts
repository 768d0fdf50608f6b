import { DAY, HOUR, isoBeijing } from '../../src/core/time.ts';
import { fineParticles } from './air.ts';
import { clamp, rounded } from './values.ts';
import { type Sky, skyOver } from './weather.ts';
import type { World } from './world.ts';

const STEP = 3 * HOUR;

// Lower bounds of forces 1-12 at 10 m, m/s (GB/T 28591-2012).
const BEAUFORT = [0.3, 1.6, 3.4, 5.5, 8, 10.8, 13.9, 17.2, 20.8, 24.5, 28.5, 32.7];
const force = (speed: number): number => BEAUFORT.filter((bound) => speed >= bound).length;

const skies = (world: World, township: string, from: number, to: number): Sky[] => {
  const seen: Sky[] = [];
  for (let time = from + STEP; time <= to; time += STEP) seen.push(skyOver(world, township, time));
  return seen;
};

/** Issued at `time` for the 24 hours after it. The weather is foreseen as it comes, but for what a scenario says of its rain. */
export const townshipForecast = (world: World, township: string, time: number) => {
  const coming = skies(world, township, time, time + DAY);
  const gone = skies(world, township, time - DAY, time);
  const least = (list: Sky[], key: 'temperature' | 'ground' | 'visibility') => Math.min(...list.map((sky) => sky[key]));
  const most = (key: 'temperature' | 'wind' | 'gust' | 'hourRain') => Math.max(...coming.map((sky) => sky[key]));
  const rain = rounded(world.rainForecast(township, time), 0);
  const hardest = rounded(Math.min(rain, most('hourRain')), 0);
  return {
    from: isoBeijing(time),
    to: isoBeijing(time + DAY),
    values: {
      rain,
      snow: 0,
      temperature_max: rounded(most('temperature'), 0),
      temperature_min: rounded(least(coming, 'temperature'), 0),
      temperature_min_drop: rounded(least(gone, 'temperature') - least(coming, 'temperature'), 0),
      ground_temperature_min: rounded(least(coming, 'ground'), 0),
      wind_force: force(most('wind')),
      gust_force: force(most('gust')),
      gust: rounded(most('gust'), 0),
      visibility: rounded(least(coming, 'visibility') / 100, 0) * 100,
      rain_1h_max: hardest,
    },
    ...(hardest >= 5 ? { phenomena: ['thunderstorm'] } : {}),
  };
};

// Daily mean of PM2.5 (µg/m³) and its index: points on which HJ 633-2012 and HJ 633-2026 agree (Table 1).
const INDEX: readonly (readonly [number, number])[] = [
  [0, 0],
  [35, 50],
  [115, 150],
  [150, 200],
  [250, 300],
  [350, 400],
  [500, 500],
];

const indexOf = (mean: number): number => {
  const upper = INDEX.findIndex(([bound]) => bound >= mean);
  if (upper < 1) return upper === 0 ? 0 : 500;
  const [low, lowIndex] = INDEX[upper - 1]!;
  const [high, highIndex] = INDEX[upper]!;
  return lowIndex + ((highIndex - lowIndex) * (mean - low)) / (high - low);
};

/** The AQI that is foreseen for the Beijing day that begins at `day`; `time` is the issue. */
export const countyForecast = (world: World, day: number) => {
  const hours = Array.from({ length: 24 }, (_, hour) => fineParticles(world, day + (hour + 0.5) * HOUR));
  const mean = hours.reduce((sum, value) => sum + value, 0) / 24;
  return {
    from: isoBeijing(day),
    to: isoBeijing(day + DAY),
    values: { daily_aqi: clamp(rounded(indexOf(mean) * (1 + 0.04 * world.noise.grain('aqi', day)), 0), 1, 500) },
  };
};
