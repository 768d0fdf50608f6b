import { feeds } from '../../sensors/feeds/index.ts';
import type { Settings } from '../config/schema.ts';
import type { Clause, Condition, Days, Limit, Question } from '../standards/conditions.ts';
import type { Worth } from './forecast.ts';

// What documents ask (src/standards/conditions.ts) is the same at every event: it is made ready once, for the settings that give words their
// numbers. Conditions that differ in their limit alone share a slot, and what is known of it in a township is looked up once for all of them.

/** What a question is held against: as the document says, or eased, as a level in force is kept. */
export type Strictness = 'raise' | 'keep';

/** A condition with its limits as numbers, the higher the worse: those of `lowest` and `newest` are turned round. */
export interface ReadyCondition {
  readonly kind: 'condition';
  readonly id: number;
  readonly condition: Condition;
  readonly slot: number;
  /** Which of what forecasts say it is about: conditions that differ in their hours too share it. */
  readonly told: number;
  readonly worth: Worth;
  readonly isForecast: boolean;
  readonly raise: number;
  readonly keep: number;
  /** Whether the limit itself is within. */
  readonly within: boolean;
  /** It speaks of what goes on, and the settings say that nothing is taken to. */
  readonly isIgnored: boolean;
  /** `24 h 降水量实况 (observed rain)`: what is said where it is not known. */
  readonly lack: string;
}

export interface ReadyDays {
  readonly kind: 'days';
  readonly id: number;
  readonly days: Days;
  /** What is asked of each day. */
  readonly each: ReadyCondition;
  /** What the day under way has had: its hours are those that are gone. */
  readonly seen: Condition;
  readonly slot: number;
  readonly lack: string;
}

export interface ReadyTrend {
  readonly kind: 'trend';
  readonly id: number;
  readonly lack: string;
}

export interface ReadyGroup {
  readonly kind: 'all' | 'any';
  readonly id: number;
  /** In the order of the document, in which they stand in the evidence. */
  readonly parts: readonly Ready[];
  /** The same with forecasts first: they are few, and mostly say no. */
  readonly quickest: readonly Ready[];
}

/** A question made ready; by its id townships remember their answers. */
export type Ready = ReadyCondition | ReadyDays | ReadyTrend | ReadyGroup;

export interface ReadyCount {
  readonly townships: number;
  readonly each: Ready;
  /** Whether forecasts have a say in it. */
  readonly asksForecasts: boolean;
}

export type ReadyClause = readonly ReadyCount[];

/** Clauses by rank: those of the lowest level first; a level without clauses cannot be reached by them. */
export type Ladder = readonly (readonly ReadyClause[])[];

/** Clauses by rank, as documents and settings have them. */
type Levels = readonly (readonly Clause[])[];

/** What is ready of documents and settings. */
export interface Sheet {
  /** What is made of a part of them, when it is first asked for. Each part is asked for by one rule. */
  once<T>(of: object, make: (ladderOf: (levels: Levels) => Ladder) => T): T;
}

type Words = Settings['response'];

export const isLow = ({ of: how }: Condition): boolean => how === 'lowest' || how === 'newest';

/** Nothing of the kind: below every limit. */
const NEVER = Number.NEGATIVE_INFINITY;

const worthOf = (condition: Condition): Worth => {
  const sign = isLow(condition) ? -1 : 1;
  const { during } = condition;
  if (during === undefined) return (value) => sign * value;
  return (value, { phenomena }) => (phenomena?.includes(during) ? sign * value : NEVER);
};

const limitIn = (limit: Limit, words: Words): number =>
  typeof limit === 'number' ? limit : (words[limit as 'fog_patch'] as number);

/** By how much a limit is eased, in the quantity's unit: a share of it; degrees and indices stand around zero, and forces are no measure that has shares. */
const easeOf = ({ quantity }: Condition, limit: number, words: Words): number => {
  if (quantity.includes('temperature')) return words.reset_degrees;
  if (quantity === 'drought_index') return words.reset_index;
  return quantity.endsWith('force') ? words.reset_force : Math.abs(limit) * words.reset_share;
};

/** Limits with the higher the worse. */
const marksOf = (condition: Condition, words: Words): Pick<ReadyCondition, 'raise' | 'keep' | 'within'> => {
  const { atLeast, above, atMost, below } = condition;
  const given = limitIn((atLeast ?? above ?? atMost ?? below)!, words);
  const raise = isLow(condition) ? -given : given;
  return { raise, keep: raise - easeOf(condition, given, words), within: (atLeast ?? atMost) !== undefined };
};

const NAMES = { observed: { zh: '实况', en: 'observed' }, forecast: { zh: '预报', en: 'forecast' } } as const;

const lackOf = ({ when, quantity, hours }: Condition): string => {
  const found = feeds[when === 'observed' ? 'weather' : 'forecast'].quantities[quantity];
  const zh = found?.name.zh.replace(/^预报/, '') ?? quantity;
  return `${hours} h ${zh}${NAMES[when].zh} (${NAMES[when].en} ${quantity.replaceAll('_', ' ')})`;
};

const asksForecasts = (question: Ready): boolean => {
  if (question.kind === 'condition') return question.isForecast;
  return question.kind === 'all' || question.kind === 'any' ? question.parts.some(asksForecasts) : true;
};

/** Numbers for keys, in the order in which they are first asked for. */
const numbering = (): ((key: string) => number) => {
  const numbers = new Map<string, number>();
  return (key) => {
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  };
};

const readier = (words: Words): ((question: Question) => Ready) => {
  const slotOf = numbering();
  const toldOf = numbering();
  let ids = 0;

  const condition = (one: Condition): ReadyCondition => {
    const { when, quantity, hours, of, during, goingOn } = one;
    return {
      kind: 'condition',
      id: ids++,
      condition: one,
      slot: slotOf([when, quantity, hours, of, during].join()),
      told: toldOf([quantity, of === 'sum', isLow(one), during].join()),
      worth: worthOf(one),
      isForecast: when === 'forecast',
      ...marksOf(one, words),
      isIgnored: goingOn === true && !words.going_on,
      lack: lackOf(one),
    };
  };
  const daily = (days: Days): ReadyDays => {
    const each = condition(days.each);
    return {
      kind: 'days',
      id: ids++,
      days,
      each,
      seen: { ...days.each, when: 'observed', quantity: days.seen },
      slot: slotOf(['days', each.slot, days.days, days.seen].join()),
      lack: lackOf({ ...days.each, hours: days.days * days.each.hours }),
    };
  };
  const group = (kind: 'all' | 'any', questions: readonly Question[]): ReadyGroup => {
    const parts = questions.map(ready);
    const isFirst = (one: Ready): boolean => one.kind === 'condition' && one.isForecast;
    return { kind, id: ids++, parts, quickest: [...parts.filter(isFirst), ...parts.filter((one) => !isFirst(one))] };
  };
  const ready = (question: Question): Ready => {
    if ('all' in question) return group('all', question.all);
    if ('any' in question) return group('any', question.any);
    if ('days' in question) return daily(question);
    if ('trend' in question) return { kind: 'trend', id: ids++, lack: '趋势预报 (forecast trend)' };
    return condition(question);
  };
  return ready;
};

/** What documents ask, by the words of the settings. */
export const createSheet = ({ response: words }: Settings): Sheet => {
  const ready = readier(words);
  const made = new WeakMap<object, unknown>();
  const readyClause = (clause: Clause): ReadyClause =>
    clause.map(({ townships, each }) => {
      const asked = ready(each);
      return { townships: limitIn(townships, words), each: asked, asksForecasts: asksForecasts(asked) };
    });
  const ladderOf = (levels: Levels): Ladder => levels.map((clauses) => clauses.map(readyClause));
  return {
    once: <T>(of: object, make: (ladders: typeof ladderOf) => T): T => {
      const found = (made.get(of) as T | undefined) ?? make(ladderOf);
      made.set(of, found);
      return found;
    },
  };
};
