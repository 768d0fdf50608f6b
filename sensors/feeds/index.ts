import type { Feed } from '../../src/core/types.ts';
import { air } from './air.ts';
import type { FeedDefinition } from './definition.ts';
import { dustfall } from './dustfall.ts';
import { emission } from './emission.ts';
import { forecast } from './forecast.ts';
import { water } from './water.ts';
import { weather } from './weather.ts';

/** Every feed, by the word that stands in its topic. A new feed is one file beside this one and one line here. */
export const feeds: Readonly<Record<Feed, FeedDefinition>> = {
  air,
  dustfall,
  weather,
  forecast,
  water,
  emission,
};
