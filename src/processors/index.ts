import type { Feed } from '../core/types.ts';
import { airProcessor } from './air.ts';
import { dustfallProcessor } from './dustfall.ts';
import { emissionProcessor } from './emission.ts';
import { forecastProcessor } from './forecast.ts';
import type { Processor } from './processor.ts';
import { waterProcessor } from './water.ts';
import { weatherProcessor } from './weather.ts';

/** One line a feed. */
export const processors: Readonly<Record<Feed, Processor>> = {
  air: airProcessor,
  dustfall: dustfallProcessor,
  weather: weatherProcessor,
  forecast: forecastProcessor,
  water: waterProcessor,
  emission: emissionProcessor,
};
