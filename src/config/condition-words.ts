import { z } from 'zod';
import { feeds } from '../../sensors/feeds/index.ts';
import type { Condition, Question } from '../standards/conditions.ts';
import type { Path } from './yaml.ts';

// Questions of src/standards/conditions.ts as people write them in YAML, and what no form finds wrong with them.

const PHENOMENA = ['fog', 'sandstorm', 'thunderstorm', 'haze'] as const;
const LIMITS = ['at_least', 'above', 'at_most', 'below'] as const;
/** Hours of rolling sums that figures have. */
const SUMS = [1, 3, 6, 12, 24];
/** Hours before that memory holds for certain, and hours ahead that any forecast is asked for. */
const FARTHEST = { observed: 48, forecast: 240 };

const limit = z.number().optional();
const hours = z.number().int().min(1);

/** One form for all questions, so that a mistake names the key and not "no match of five". */
export const written = z.strictObject({
  all: z.array(z.lazy((): z.ZodType<Written> => written)).optional(),
  any: z.array(z.lazy((): z.ZodType<Written> => written)).optional(),
  trend: z.enum(['developing']).optional(),
  days: z.number().int().min(1).max(7).optional(),
  each: z.lazy((): z.ZodType<Written> => written).optional(),
  seen: z.enum(Object.keys(feeds.weather.quantities) as [string, ...string[]]).optional(),
  when: z.enum(['observed', 'forecast']).optional(),
  quantity: z.string().optional(),
  hours: hours.optional(),
  of: z.enum(['sum', 'highest', 'lowest', 'newest', 'fall']).optional(),
  at_least: limit,
  above: limit,
  at_most: limit,
  below: limit,
  during: z.enum(PHENOMENA).optional(),
  going_on: z.literal(true).optional(),
});

interface Written {
  all?: Written[] | undefined;
  any?: Written[] | undefined;
  trend?: 'developing' | undefined;
  days?: number | undefined;
  each?: Written | undefined;
  seen?: string | undefined;
  when?: 'observed' | 'forecast' | undefined;
  quantity?: string | undefined;
  hours?: number | undefined;
  of?: Condition['of'] | undefined;
  at_least?: number | undefined;
  above?: number | undefined;
  at_most?: number | undefined;
  below?: number | undefined;
  during?: (typeof PHENOMENA)[number] | undefined;
  going_on?: true | undefined;
}

const FORMS = ['all', 'any', 'trend', 'days', 'when'] as const;

export type Complain = (path: Path, message: string) => void;

const isLow = ({ of: how }: Written): boolean => how === 'lowest' || how === 'newest';

/** What a condition says of hours that cannot be known, or with a limit that its values cannot be held against. */
const conditionMistakes = (one: Written, path: Path, complain: Complain): void => {
  const { when = 'observed', quantity = '', of: how } = one;
  for (const name of ['quantity', 'hours', 'of'] as const)
    if (one[name] === undefined) complain([...path, name], 'is missing');
  const known = feeds[when === 'observed' ? 'weather' : 'forecast'].quantities;
  if (one.quantity !== undefined && !Object.hasOwn(known, quantity))
    complain([...path, 'quantity'], `the ${when === 'observed' ? 'weather' : 'forecast'} feed has no ${quantity}`);
  const given = LIMITS.filter((name) => one[name] !== undefined);
  if (given.length !== 1) complain(path, `one limit: ${LIMITS.join(', ')}`);
  const fitting = isLow(one) ? ['at_most', 'below'] : ['at_least', 'above'];
  for (const name of given)
    if (how !== undefined && !fitting.includes(name)) complain([...path, name], `${how} takes ${fitting.join(' or ')}`);
  if (when === 'observed' && how === 'sum' && !(['rain', 'snow'].includes(quantity) && SUMS.includes(one.hours ?? 0)))
    complain([...path, 'of'], `sums are known of rain and snow, over ${SUMS.join(', ')} h`);
  if (when === 'forecast' && (how === 'newest' || how === 'fall'))
    complain([...path, 'of'], `${how} is of what was observed`);
  if ((one.hours ?? 0) > FARTHEST[when]) complain([...path, 'hours'], `at most ${FARTHEST[when]}`);
};

export const questionMistakes = (one: Written, path: Path, complain: Complain): void => {
  const forms = FORMS.filter((name) => one[name] !== undefined);
  if (forms.length !== 1) {
    complain(path, `one of ${FORMS.join(', ')}`);
    return;
  }
  for (const name of ['all', 'any'] as const)
    one[name]?.forEach((inner, i) => {
      questionMistakes(inner, [...path, name, i], complain);
    });
  if (one.when !== undefined) conditionMistakes(one, path, complain);
  if (one.days === undefined) return;
  if (one.seen === undefined) complain([...path, 'seen'], 'is missing');
  if (one.each?.when !== 'forecast' || one.each.hours !== 24 || one.each.of !== 'highest')
    complain([...path, 'each'], 'days ask for the highest of 24 hours of a forecast');
  else conditionMistakes(one.each, [...path, 'each'], complain);
};

const conditionOf = (one: Written): Condition => {
  const { at_least: atLeast, above, at_most: atMost, below, during, going_on: goingOn } = one;
  const rest = Object.entries({ atLeast, above, atMost, below, during, goingOn }).filter(
    ([, value]) => value !== undefined,
  );
  return { when: one.when!, quantity: one.quantity!, hours: one.hours!, of: one.of!, ...Object.fromEntries(rest) };
};

export const questionOf = (one: Written): Question => {
  if (one.all) return { all: one.all.map(questionOf) };
  if (one.any) return { any: one.any.map(questionOf) };
  if (one.trend) return { trend: one.trend };
  if (one.days) return { days: one.days, each: conditionOf(one.each!), seen: one.seen! };
  return conditionOf(one);
};
