import { feeds } from '../../sensors/feeds/index.ts';
import type { Settings } from '../config/schema.ts';
import { HOUR, isoUtc } from '../core/time.ts';
import type { Evidence } from '../core/types.ts';
import type { Condition, Days, Limit, Question } from '../standards/conditions.ts';
import { boundsOf, dayBounds, isLow, runsOf } from './bounds.ts';
import { EFFECTIVE_RAIN, effectiveLack } from './effective-rain.ts';
import { heardOf, newestIssue } from './forecast.ts';
import type { Observed } from './observed.ts';
import type { World } from './rule.ts';

// One evaluator for all that documents ask of a township (src/standards/conditions.ts). Every question has three answers: certain, ruled
// out, or not known. Inside, the higher is always the worse: where a document asks for something low, values are turned round.

export type Answer = 'yes' | 'no' | 'unknown';

/** What a question is held against: as the document says, or eased, as a level in force is kept. */
export type Strictness = 'raise' | 'keep';

/** A township under questions; what was looked up once is remembered. */
export interface Place {
  readonly id: string;
  readonly name: string;
  ask(question: Question, strictness: Strictness): Answer;
  /** Whether the answer is yes, as the document says; what parts a no from not knowing is not looked up. */
  isSure(question: Question): boolean;
  /** What bears out an answer of yes. */
  evidence(question: Question): Evidence[];
  /** What is not known and would decide. */
  unknown(question: Question): string[];
}

type Words = Settings['response'];

const limitIn = (limit: Limit, words: Words): number =>
  typeof limit === 'number' ? limit : (words[limit as 'fog_patch'] as number);

/** By how much a limit is eased, in the quantity's unit: a share of it; degrees and indices stand around zero, and forces are no measure that has shares. */
const easeOf = ({ quantity }: Condition, limit: number, words: Words): number => {
  if (quantity.includes('temperature')) return words.reset_degrees;
  if (quantity === 'drought_index') return words.reset_index;
  return quantity.endsWith('force') ? words.reset_force : Math.abs(limit) * words.reset_share;
};

/** A limit with the higher the worse, and whether it is itself within. */
interface Mark {
  readonly mark: number;
  readonly within: boolean;
}

const markOf = (condition: Condition, strictness: Strictness, words: Words): Mark => {
  const { atLeast, above, atMost, below } = condition;
  const given = limitIn((atLeast ?? above ?? atMost ?? below)!, words);
  const mark = (isLow(condition) ? -given : given) - (strictness === 'keep' ? easeOf(condition, given, words) : 0);
  return { mark, within: (atLeast ?? atMost) !== undefined };
};

const isReached = ({ least }: Observed, { mark, within }: Mark): boolean => (within ? least >= mark : least > mark);

const hold = (found: Observed, asked: Mark): Answer => {
  if (isReached(found, asked)) return 'yes';
  const { mark, within } = asked;
  return (within ? found.most < mark : found.most <= mark) ? 'no' : 'unknown';
};

const isForecast = (question: Question): boolean => 'when' in question && question.when === 'forecast';

/** Whether all hold, or any; what comes after the one that decides is not looked up. */
const foldBy =
  (decides: Answer, otherwise: Answer) =>
  <T>(asked: readonly T[], ask: (one: T) => Answer): Answer => {
    let answer = otherwise;
    for (const one of asked) {
      const found = ask(one);
      if (found === decides) return found;
      if (found === 'unknown') answer = found;
    }
    return answer;
  };
const all = foldBy('no', 'yes');
const any = foldBy('yes', 'no');

/** 预计进一步发展: as the newest forecast that speaks of it says. */
const trendOf = (township: string, { forecasts, now, settings }: World): Answer => {
  const told = newestIssue(
    forecasts(township).filter(({ trend }) => trend !== undefined),
    now,
    settings.forecast.max_age,
  ).at(-1)?.trend;
  return told === undefined ? 'unknown' : told === 'developing' ? 'yes' : 'no';
};

const keyOf = ({ when, quantity, hours, of, during }: Condition): string => [when, quantity, hours, of, during].join();

const NAMES = { observed: { zh: '实况', en: 'observed' }, forecast: { zh: '预报', en: 'forecast' } } as const;

/** `24 h 降水量实况 (observed rain)`. */
const lackOf = ({ when, quantity, hours }: Condition): string => {
  const found = feeds[when === 'observed' ? 'weather' : 'forecast'].quantities[quantity];
  const zh = found?.name.zh.replace(/^预报/, '') ?? quantity;
  return `${hours} h ${zh}${NAMES[when].zh} (${NAMES[when].en} ${quantity.replaceAll('_', ' ')})`;
};

const evidenceOf = (condition: Condition, place: string, found: Observed, now: number): Evidence => {
  const { when, quantity, hours } = condition;
  const { from = now, to = now, station = place } = found;
  const isEffective = quantity === EFFECTIVE_RAIN;
  const unit = isEffective
    ? 'mm'
    : (feeds[when === 'observed' ? 'weather' : 'forecast'].quantities[quantity]?.unit ?? '');
  const name = `${condition.of === 'fall' ? `${quantity}_fall` : quantity}_${hours}h`;
  return {
    station,
    quantity: isEffective ? quantity : when === 'observed' ? name : `forecast_${name}`,
    value: isLow(condition) ? -found.least : found.least,
    unit,
    from: isoUtc(from),
    to: isoUtc(to),
  };
};

/** Of a day: what was forecast, or what the gauge of a township has seen. */
const dayEvidence = ({ each, seen }: Days, place: string, found: Observed, now: number): Evidence =>
  evidenceOf(found.station === undefined ? each : { ...each, when: 'observed', quantity: seen }, place, found, now);

/** What townships under the same questions share: of each condition what does not hang on the township, made once. */
interface Shared {
  readonly key: (condition: Condition) => string;
  readonly lack: (condition: Condition) => string;
  readonly mark: Readonly<Record<Strictness, (condition: Condition) => Mark>>;
}

const once = <T>(make: (condition: Condition) => T): ((condition: Condition) => T) => {
  const made = new Map<Condition, T>();
  return (condition) => {
    const found = made.get(condition) ?? make(condition);
    made.set(condition, found);
    return found;
  };
};

const sharedIn = ({ settings: { response } }: World): Shared => ({
  key: once(keyOf),
  lack: once(lackOf),
  mark: { raise: once((one) => markOf(one, 'raise', response)), keep: once((one) => markOf(one, 'keep', response)) },
});

/** A value that is worked out when it is first asked for. */
const lazily = <T>(make: () => T): (() => T) => {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

/** What was worked out of a world: rules that ask the same of it share the answers. */
export interface Answers {
  shared?: Shared;
  readonly places: Map<string, Place>;
}

export const noAnswers = (): Answers => ({ places: new Map() });

/** A township of the world, under questions. */
export const placeUnder = (world: World, id: string, name: string): Place => {
  const { answers } = world;
  answers.shared ??= sharedIn(world);
  const place = answers.places.get(id) ?? createPlace(world, id, name, answers.shared);
  answers.places.set(id, place);
  return place;
};

const createPlace = (world: World, id: string, name: string, shared: Shared): Place => {
  const known = new Map<string, Observed>();
  const words = world.settings.response;
  const remembered = (key: string, find: () => Observed): Observed => {
    const found = known.get(key) ?? find();
    known.set(key, found);
    return found;
  };
  const asked = {
    township: id,
    heard: lazily(() => heardOf(world.forecasts(id), world.now, world.settings.forecast.max_age)),
  };
  const boundsFor = (condition: Condition): Observed =>
    remembered(shared.key(condition), () => boundsOf(condition, asked, world));
  const dayFor = (question: Days, start: number): Observed =>
    remembered(`${keyOf(question.each)},${start}`, () => dayBounds(question, asked, world, start));
  const isIgnored = ({ goingOn }: Condition): boolean => goingOn === true && !words.going_on;
  const askOne = (condition: Condition, strictness: Strictness): Answer =>
    isIgnored(condition) ? 'no' : hold(boundsFor(condition), shared.mark[strictness](condition));

  const askDay = (question: Days, start: number, strictness: Strictness): Answer =>
    hold(dayFor(question, start), shared.mark[strictness](question.each));
  const askRun = (question: Days, run: readonly number[], strictness: Strictness): Answer =>
    all(run, (start) => askDay(question, start, strictness));

  const answered = { raise: new Map<Question, Answer>(), keep: new Map<Question, Answer>() };
  const ask: Place['ask'] = (question, strictness) => {
    const found = answered[strictness].get(question) ?? work(question, strictness);
    answered[strictness].set(question, found);
    return found;
  };
  const work: Place['ask'] = (question, strictness) => {
    if ('all' in question) return all(question.all, (one) => ask(one, strictness));
    if ('any' in question) return any(question.any, (one) => ask(one, strictness));
    if ('days' in question) return any(runsOf(question, world), (run) => askRun(question, run, strictness));
    return 'trend' in question ? trendOf(id, world) : askOne(question, strictness);
  };
  const isSure: Place['isSure'] = (question) => {
    const known = answered.raise.get(question);
    if (known !== undefined) return known === 'yes';
    // Forecasts first: they are few, and mostly say no.
    if ('all' in question)
      return (
        question.all.every((one) => !isForecast(one) || isSure(one)) &&
        question.all.every((one) => isForecast(one) || isSure(one))
      );
    if ('any' in question) return question.any.some(isSure);
    if ('days' in question || 'trend' in question) return ask(question, 'raise') === 'yes';
    return !isIgnored(question) && isReached(boundsFor(question), shared.mark.raise(question));
  };
  const evidence: Place['evidence'] = (question) => {
    if ('all' in question) return question.all.flatMap(evidence);
    if ('any' in question) return question.any.filter((one) => ask(one, 'keep') === 'yes').flatMap(evidence);
    if ('trend' in question) return [];
    if ('days' in question) {
      const run = runsOf(question, world).find((one) => askRun(question, one, 'keep') === 'yes') ?? [];
      return run.map((start) => dayEvidence(question, id, dayFor(question, start), world.now));
    }
    const found = boundsFor(question);
    return Number.isFinite(found.least) ? [evidenceOf(question, id, found, world.now)] : [];
  };
  const unknown: Place['unknown'] = (question) => {
    if (ask(question, 'raise') !== 'unknown') return [];
    if ('all' in question) return question.all.flatMap(unknown);
    if ('any' in question) return question.any.flatMap(unknown);
    if ('days' in question) return [lackOf({ ...question.each, hours: question.days * question.each.hours })];
    if ('trend' in question) return ['趋势预报 (forecast trend)'];
    return [question.quantity === EFFECTIVE_RAIN ? effectiveLack(world, id) : shared.lack(question)];
  };
  return { id, name, ask, isSure, evidence, unknown };
};

/** Every township of the county, in the catalog's order. */
export const placesOf = (world: World): Place[] =>
  world.catalog.townships.map(({ id, name }) => placeUnder(world, id, name.zh));

/** Ms of the hours before that any observed condition looks at: what memory must hold. */
export const LOOK_BACK = 48 * HOUR;
