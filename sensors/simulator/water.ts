import type { Station } from '../../src/core/catalog.ts';
import { DAY, HOUR } from '../../src/core/time.ts';
import { daily, rounded } from './values.ts';
import type { World } from './world.ts';

// Oxygen that water holds at 950 m, mg/L: Henry's law as the usual fit 468/(31.6+T), times the pressure of the height.
const saturation = (celsius: number): number => (468 / (31.6 + celsius)) * 0.895;

/** A reading of a water section: clean water (class II of GB 3838-2002), browner after rain. */
export const waterReading = (world: World, station: Station, _start: number, end: number) => {
  const runoff = world.rain(station.township, end - 24 * HOUR, end) / 100;
  const own = (name: string, size: number) =>
    1 +
    size *
      (0.7 * world.noise.smooth(`${name} ${station.id}`, end, DAY) +
        0.3 * world.noise.grain(`${name} ${station.id}`, end));
  const celsius = Math.max(0.5, 11 + 9.5 * world.summer(end) + 0.7 * daily(end, 16) + 0.5 * own('celsius', 1) - 0.5);
  return {
    values: {
      water_temperature: rounded(celsius, 1),
      ph: rounded(7.9 * own('ph', 0.02) + 0.1 * daily(end, 16), 2),
      dissolved_oxygen: rounded(saturation(celsius) * (0.93 + 0.05 * daily(end, 16)) * own('oxygen', 0.03), 2),
      conductivity: rounded((560 / (1 + runoff / 3)) * own('conductivity', 0.04), 0),
      turbidity: rounded((9 + 60 * runoff) * own('turbidity', 0.25), 1),
      permanganate_index: rounded((2.6 + 0.5 * runoff) * own('permanganate', 0.12), 1),
      ammonia_nitrogen: rounded((0.22 + 0.1 * runoff) * own('ammonia', 0.25), 2),
      total_phosphorus: rounded(
        (station.waterBody === 'lake' ? 0.017 : 0.05) * (1 + 0.3 * runoff) * own('phosphorus', 0.2),
        3,
      ),
      total_nitrogen: rounded((station.waterBody === 'lake' ? 0.42 : 1.6) * own('nitrogen', 0.1), 2),
      water_level: rounded((1.2 + 0.5 * runoff) * own('level', 0.02), 2),
    },
  };
};
