import type { Station } from '../../src/core/catalog.ts';
import { HOUR } from '../../src/core/time.ts';
import { rounded } from './values.ts';
import type { World } from './world.ts';

/** A month of a dustfall point, t/(km²·30d): about 2 to 5, more in the dusty spring. */
export const dustfallReading = (world: World, station: Station, start: number, _end: number) => {
  const spring = Math.max(0, Math.sin((2 * Math.PI * (new Date(start + 8 * HOUR).getUTCMonth() - 1)) / 12));
  const usual = 2 + spring + 1.8 * world.noise.unit(`dust ${station.id} ${start}`);
  return { values: { dustfall: rounded(world.dustfall(station, start) ?? usual, 1) } };
};
