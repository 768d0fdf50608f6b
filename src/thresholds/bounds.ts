import { DAY, dayStart, HOUR } from '../core/time.ts';
import type { Column } from '../processors/column.ts';
import { EFFECTIVE_RAIN, effectiveRain } from './effective-rain.ts';
import { boundsFrom, type Told, toldOf } from './forecast.ts';
import { type Gauge, type Observed, observedBounds } from './observed.ts';
import type { World } from './rule.ts';
import type { ReadyCondition, ReadyDays } from './sheet.ts';

// What is known of each condition in a township, from gauges, forecasts or both: least for certain, most not ruled out.

/** A township that is looked at, and what was looked up of it. */
export interface Looked {
  readonly world: World;
  readonly id: string;
  readonly gauges: readonly Gauge[];
  /** Valid values of its forecasts, by quantity. */
  readonly expected: (quantity: string) => Column;
  /** What forecasts say, by `ReadyCondition.told`. */
  readonly told: (Told | undefined)[];
}

const toldIn = (looked: Looked, { condition, told, worth }: ReadyCondition): Told => {
  const known = looked.told[told];
  if (known !== undefined) return known;
  const { now, settings } = looked.world;
  const of = condition.of === 'sum' ? 'sum' : 'highest';
  const found = toldOf(looked.expected(condition.quantity), worth, of, now, settings.forecast.max_age);
  looked.told[told] = found;
  return found;
};

/** What forecasts say of a condition's hours, or of so many of them, from `begin` on. */
const expectedBounds = (
  looked: Looked,
  asked: ReadyCondition,
  begin: number,
  hours = asked.condition.hours,
): Observed => boundsFrom(toldIn(looked, asked), hours, begin, looked.world.settings.forecast.tolerance);

/** What is known of a condition in a township, the higher the worse: values of `lowest` and `newest` are turned round. */
export const boundsOf = (looked: Looked, asked: ReadyCondition): Observed => {
  if (asked.condition.quantity === EFFECTIVE_RAIN) return effectiveRain(looked.world, looked.id);
  if (asked.isForecast) return expectedBounds(looked, asked, looked.world.now);
  return observedBounds(looked.gauges, asked.condition);
};

/** A day of the forecast. Of the one under way, what it has had and what is left of it count too. */
export const dayBounds = (looked: Looked, { each, seen }: ReadyDays, start: number): Observed => {
  const { now } = looked.world;
  const whole = expectedBounds(looked, each, start);
  if (start >= now) return whole;
  const hours = (now - start) / HOUR;
  const had = observedBounds(looked.gauges, { ...seen, hours });
  const left = expectedBounds(looked, each, now, each.condition.hours - hours);
  const [best] = [whole, left, had].sort((a, b) => b.least - a.least);
  return { ...best!, most: Math.max(best!.least, Math.min(whole.most, Math.max(left.most, had.most))) };
};

/** The days that each of two runs is made of: one that begins with the day under way, one with the next. */
export const runsOf = ({ days: { days } }: ReadyDays, { now, settings }: World): readonly (readonly number[])[] => {
  const today = dayStart(now, Number(settings.weather.day_starts.slice(0, 2)) * HOUR);
  return [0, 1].map((first) => Array.from({ length: days }, (_, i) => today + (first + i) * DAY));
};
