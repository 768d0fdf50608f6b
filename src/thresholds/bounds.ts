import { DAY, dayStart, HOUR } from '../core/time.ts';
import type { Reading } from '../core/types.ts';
import { validValue } from '../processors/hourly.ts';
import type { Condition, Days } from '../standards/conditions.ts';
import { EFFECTIVE_RAIN, effectiveRain } from './effective-rain.ts';
import { boundsFrom, type Heard, UNKNOWN } from './forecast.ts';
import { type Observed, observedBounds } from './observed.ts';
import type { World } from './rule.ts';

// What is known of each condition in a township, from gauges, forecasts or both: least for certain, most not ruled out.

export const isLow = ({ of: how }: Condition): boolean => how === 'lowest' || how === 'newest';

/** Nothing of the kind: below every limit. */
const NEVER = Number.NEGATIVE_INFINITY;

const expectedIn =
  (condition: Condition) =>
  (reading: Reading): number | undefined => {
    const value = validValue(reading, condition.quantity);
    if (value === undefined) return undefined;
    if (condition.during !== undefined && !reading.phenomena?.includes(condition.during)) return NEVER;
    return isLow(condition) ? -value : value;
  };

/** A township and what its forecasts say, looked up when it is first asked for. */
export interface Asked {
  readonly township: string;
  readonly heard: () => Heard;
}

/** What is known of a condition in a township, the higher the worse: values of `lowest` and `newest` are turned round. */
export const boundsOf = (condition: Condition, { township, heard }: Asked, world: World): Observed => {
  if (condition.quantity === EFFECTIVE_RAIN) return effectiveRain(world, township);
  if (condition.when === 'observed') return observedBounds(world, township, condition);
  return expectedBounds(condition, heard(), world);
};

/** What forecasts say of a condition's hours from `begin` on, or from now. */
const expectedBounds = (condition: Condition, heard: Heard, world: World, begin = world.now): Observed => {
  const of = condition.of === 'sum' ? 'sum' : 'highest';
  if (!heard.quantities.has(condition.quantity)) return UNKNOWN[of];
  const { tolerance } = world.settings.forecast;
  return boundsFrom(heard, expectedIn(condition), of, condition.hours, world.now, { tolerance, begin });
};

/** A day of the forecast. Of the one under way, what it has had and what is left of it count too. */
export const dayBounds = ({ each, seen }: Days, { township, heard }: Asked, world: World, start: number): Observed => {
  const whole = expectedBounds(each, heard(), world, start);
  if (start >= world.now) return whole;
  const hours = (world.now - start) / HOUR;
  const had = observedBounds(world, township, { ...each, when: 'observed', quantity: seen, hours });
  const left = expectedBounds({ ...each, hours: each.hours - hours }, heard(), world);
  const [best] = [whole, left, had].sort((a, b) => b.least - a.least);
  return { ...best!, most: Math.max(best!.least, Math.min(whole.most, Math.max(left.most, had.most))) };
};

/** The days that each of two runs is made of: one that begins with the day under way, one with the next. */
export const runsOf = ({ days }: Days, { now, settings }: World): number[][] => {
  const today = dayStart(now, Number(settings.weather.day_starts.slice(0, 2)) * HOUR);
  return [0, 1].map((first) => Array.from({ length: days }, (_, i) => today + (first + i) * DAY));
};
