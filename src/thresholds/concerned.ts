import type { Reading } from '../core/types.ts';
import { validValue } from '../processors/hourly.ts';
import { ROLLING_HOURS } from '../processors/rain.ts';
import type { Condition, LooksAt } from '../standards/conditions.ts';
import { type Place, placeUnder } from './place.ts';
import type { Trigger, World } from './rule.ts';

// Which subjects an event can raise. Levels fall at ticks, which look at everything; in between only what can raise one is looked at.

/** Whether a forecast says anything of a quantity, or of the trend. */
const speaksOf = ({ values, trend }: Reading, name: string): boolean =>
  name === 'trend' ? trend !== undefined : values[name] !== undefined;

/** Whether a reading took what is known to have fallen over a limit: nothing less can raise a level. */
const crossesSum = (condition: Condition, { station, values }: Reading, world: World): boolean => {
  const { quantity, hours, atLeast, above } = condition;
  const fallen = values[quantity] ?? 0;
  if (fallen <= 0) return false;
  const sum = world.fallen(station, quantity as 'rain')?.sums[ROLLING_HOURS.indexOf(hours as 24)]?.min ?? 0;
  const isOver = (value: number): boolean => (atLeast === undefined ? value > Number(above) : value >= Number(atLeast));
  return isOver(sum) && !isOver(sum - fallen);
};

/** Whether a reading by itself can help to raise a level. */
const helps = (condition: Condition, reading: Reading, world: World): boolean => {
  const value = validValue(reading, condition.quantity);
  if (value === undefined) return false;
  if (condition.of === 'sum') return crossesSum(condition, reading, world);
  const { atLeast, above, below, atMost } = condition;
  if (atLeast !== undefined || above !== undefined) return value >= Number(atLeast ?? above);
  return value <= Number(below ?? atMost);
};

const canBeRaised = ({ observed, expected }: LooksAt, reading: Reading, world: World): boolean => {
  if (reading.feed === 'forecast') return expected.some((name) => speaksOf(reading, name));
  return reading.feed === 'weather' && observed.some((one) => helps(one, reading, world));
};

/** The township that a reading is of; it alone is looked up, as few readings raise anything. */
export const placeOf = ({ station }: Reading, world: World): Place | undefined => {
  const township = world.catalog.stations.get(station)?.township ?? station;
  const found = world.catalog.townships.find(({ id }) => id === township);
  return found && placeUnder(world, found.id, found.name.zh);
};

/** Subjects that an event can raise; at a tick all of them. */
export const concernedBy = (looks: readonly LooksAt[], world: World, trigger: Trigger): string[] =>
  looks
    .filter((one) => trigger.kind === 'tick' || canBeRaised(one, trigger.reading, world))
    .map(({ subject }) => subject);
