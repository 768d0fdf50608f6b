import type { Station } from '../../src/core/catalog.ts';
import { DAY, HOUR } from '../../src/core/time.ts';
import { peak, rounded } from './values.ts';
import { skyOver } from './weather.ts';
import type { World } from './world.ts';

const traffic = (time: number): number => peak(time, 8, 4) + peak(time, 19, 5);

/** Fine particles of the county, µg/m³: more in winter and at rush hours, washed out by rain. */
export const fineParticles = (world: World, time: number, hourRain = 0): number => {
  const usual = 26 - 10 * world.summer(time) + 6 * traffic(time) + 8 * world.noise.smooth('particles', time, DAY);
  return (usual + world.haze(time)) / (1 + hourRain / 6);
};

// Ozone is made by the afternoon's sun.
const ozoneOf = (world: World, time: number, cloud: number): number =>
  42 +
  12 * world.summer(time) +
  (62 + 28 * world.summer(time)) * peak(time, 15, 7) * (1 - 0.8 * cloud) -
  12 * traffic(time);

/** A reading of an air station: one air mass, so that all fractions of dust rise and fall together. */
export const airReading = (world: World, station: Station, start: number, end: number) => {
  const time = (start + end) / 2;
  const sky = skyOver(world, station.township, time);
  const own = (name: string, size: number) =>
    1 +
    size *
      (0.6 * world.noise.smooth(`${name} ${station.id}`, time, 3 * HOUR) +
        0.4 * world.noise.grain(`${name} ${station.id}`, time));
  const fine = Math.max(3, fineParticles(world, time, sky.hourRain) * own('pm', 0.1));
  const coarse = fine * (1.35 + 0.05 * own('coarse', 1)) + 14 / (1 + sky.hourRain);
  const no2 = (17 - 5 * world.summer(time) + 9 * traffic(time) + world.haze(time) * 0.15) * own('no2', 0.12);
  return {
    values: {
      pm25: rounded(fine, 0),
      pm10: rounded(coarse, 0),
      tsp: rounded(coarse * 1.4 + 8, 0),
      so2: rounded((9 - 3 * world.summer(time) + world.haze(time) * 0.06) * own('so2', 0.15), 0),
      no2: rounded(no2, 0),
      nox: rounded(no2 * 1.25 + 3, 0),
      co: rounded((0.35 + 0.007 * fine) * own('co', 0.1), 2),
      o3: rounded(Math.max(4, ozoneOf(world, time, sky.cloud) * own('o3', 0.08)), 0),
    },
  };
};
