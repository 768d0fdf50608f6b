import { DAY } from '../core/time.ts';
import type { Processor } from './processor.ts';

// 预报: a forecast is held against thresholds as it was issued; nothing is derived from it. Its readings stay in memory as
// long as a rule may look at them.

export const forecastProcessor: Processor = {
  feed: 'forecast',
  cadences: [],
  reach: (span) => ({ start: span.start - 1, end: span.end }),
  keep: 2 * DAY,
};
