// GB/T 28591-2012 风力等级: the wind that a force begins with. Gauges measure m/s, documents speak of forces.

import type { Edition } from './edition.ts';

export const EDITION = {
  document: 'GB/T 28591-2012',
  title: { zh: '风力等级', en: 'Wind scale' },
  from: null,
  to: null,
  doubts: [
    'the text was not at hand; no setting: three public implementations agree on the bounds, and the forecast’s forces come as numbers',
    'forces are of 2-minute means at 10 m: a station that reports means of an hour shows less; no setting: what is measured is a lower bound then',
    'first day in force; no setting: the scale is older than the standard',
  ],
} as const satisfies Edition;

/** Lower bounds of the forces 0 to 17, m/s. */
const BOUNDS = [0, 0.3, 1.6, 3.4, 5.5, 8, 10.8, 13.9, 17.2, 20.8, 24.5, 28.5, 32.7, 37, 41.5, 46.2, 51, 56.1] as const;

/** m/s from which a wind has this force. */
export const speedOf = (force: number): number => BOUNDS[force]!;

/** Force of a wind, m/s; 17 is not told from what is above it. */
export const forceOf = (speed: number): number => BOUNDS.findLastIndex((bound) => speed >= bound);
