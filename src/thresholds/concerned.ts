import type { Reading } from '../core/types.ts';
import { validValue } from '../processors/hourly.ts';
import { type Fallen, ROLLING_HOURS, type Rolling } from '../processors/rain.ts';
import type { Condition, Looks, Observing } from '../standards/conditions.ts';
import { type Place, placeUnder } from './place.ts';
import type { Trigger, World } from './rule.ts';

// Which subjects an event can raise. Levels fall at ticks, which look at everything; in between only what can raise one is looked at.

/** Whether a reading took what is known to have fallen, of which it is a part, over a limit: nothing less can raise a level. */
const crossesSum = ({ hours, atLeast, above }: Condition, fallen: number, known: Rolling | undefined): boolean => {
  const sum = known?.sums[ROLLING_HOURS.indexOf(hours as 24)]?.min ?? 0;
  const isOver = (value: number): boolean => (atLeast === undefined ? value > Number(above) : value >= Number(atLeast));
  return isOver(sum) && !isOver(sum - fallen);
};

const reaches = ({ atLeast, above, below, atMost }: Condition, value: number): boolean =>
  atLeast !== undefined || above !== undefined ? value >= Number(atLeast ?? above) : value <= Number(below ?? atMost);

/** Add the subjects that a reading by itself can help to raise by one of its quantities. */
const addHelped = (
  found: string[],
  observing: readonly Observing[],
  quantity: string,
  reading: Reading,
  world: World,
): void => {
  const value = validValue(reading, quantity);
  if (value === undefined) return;
  let known: Rolling | undefined;
  const crosses = (condition: Condition): boolean => {
    known ??= world.fallen(reading.station, quantity as Fallen);
    return crossesSum(condition, value, known);
  };
  for (const { condition, subject } of observing) {
    const helps = condition.of === 'sum' ? value > 0 && crosses(condition) : reaches(condition, value);
    if (helps) found.push(subject);
  }
};

/** Subjects that a reading can raise, each as often as it does. */
const raisedBy = ({ observed, expected }: Looks, reading: Reading, world: World): string[] => {
  const { feed, values, trend } = reading;
  const found: string[] = [];
  if (feed === 'forecast') {
    for (const quantity in values) found.push(...(expected.get(quantity) ?? []));
    if (trend !== undefined) found.push(...(expected.get('trend') ?? []));
  } else if (feed === 'weather')
    for (const quantity in values) {
      const observing = observed.get(quantity);
      if (observing !== undefined) addHelped(found, observing, quantity, reading, world);
    }
  return found;
};

/** The township that a reading is of; it alone is looked up, as few readings raise anything. */
export const placeOf = ({ station }: Reading, world: World): Place | undefined => {
  const township = world.catalog.stations.get(station)?.township ?? station;
  const found = world.catalog.townships.find(({ id }) => id === township);
  return found && placeUnder(world, found.id, found.name.zh);
};

/** Subjects that an event can raise; at a tick all of them. */
export const concernedBy = (looks: Looks, world: World, trigger: Trigger): readonly string[] => {
  if (trigger.kind === 'tick') return looks.subjects;
  const raised = raisedBy(looks, trigger.reading, world);
  return raised.length === 0 ? raised : looks.subjects.filter((subject) => raised.includes(subject));
};
