import { feeds } from '../../sensors/feeds/index.ts';
import { isoUtc } from '../core/time.ts';
import type { Evidence } from '../core/types.ts';
import { indexAfter } from '../processors/window.ts';
import type { Condition } from '../standards/conditions.ts';
import { boundsOf, dayBounds, type Looked, runsOf } from './bounds.ts';
import { EFFECTIVE_RAIN, effectiveLack } from './effective-rain.ts';
import { Gauge, type Observed } from './observed.ts';
import type { World } from './rule.ts';
import { isLow, type Ready, type ReadyCondition, type ReadyDays, type Sheet, type Strictness } from './sheet.ts';

// One evaluator for all that documents ask of a township, made ready by sheet.ts. Every question has three answers: certain, ruled
// out, or not known. Inside, the higher is always the worse: where a document asks for something low, values are turned round.

export type Answer = 'yes' | 'no' | 'unknown';

/** A township under questions; what was looked up once is remembered. */
export interface Place extends Looked {
  readonly name: string;
  /** What is known of conditions, by their slot. */
  readonly known: (Observed | undefined)[];
  /** What is known of days, by the slot of what asks for them and their start. */
  readonly days: (Map<number, Observed> | undefined)[];
  /** Answers to questions that have an id, by it. */
  readonly answers: Readonly<Record<Strictness, (Answer | undefined)[]>>;
}

/** What was worked out of a world: rules that ask the same of it share the answers. */
export interface Answers {
  readonly sheet: Sheet;
  readonly places: Map<string, Place>;
}

export const noAnswers = (sheet: Sheet): Answers => ({ sheet, places: new Map() });

const createPlace = (world: World, id: string, name: string): Place => ({
  world,
  id,
  name,
  gauges: (world.weatherStations.get(id) ?? []).map((station) => new Gauge(world, station.id)),
  expected: world.expected(id),
  told: [],
  known: [],
  days: [],
  answers: { raise: [], keep: [] },
});

/** A township of the world, under questions. */
export const placeUnder = (world: World, id: string, name: string): Place => {
  const { places } = world.answers;
  let place = places.get(id);
  if (place === undefined) {
    place = createPlace(world, id, name);
    places.set(id, place);
  }
  return place;
};

/** Every township of the county, in the catalog's order. */
export const placesOf = (world: World): Place[] =>
  world.catalog.townships.map(({ id, name }) => placeUnder(world, id, name.zh));

const boundsFor = (place: Place, asked: ReadyCondition): Observed => {
  const { known } = place;
  const found = known[asked.slot] ?? boundsOf(place, asked);
  known[asked.slot] = found;
  return found;
};

const dayFor = (place: Place, asked: ReadyDays, start: number): Observed => {
  place.days[asked.slot] ??= new Map();
  const days = place.days[asked.slot]!;
  const found = days.get(start) ?? dayBounds(place, asked, start);
  days.set(start, found);
  return found;
};

const isReached = (least: number, mark: number, within: boolean): boolean => (within ? least >= mark : least > mark);

const hold = (found: Observed, asked: ReadyCondition, strictness: Strictness): Answer => {
  const { within } = asked;
  const mark = asked[strictness];
  if (isReached(found.least, mark, within)) return 'yes';
  return (within ? found.most < mark : found.most <= mark) ? 'no' : 'unknown';
};

/** Whether all hold, or any; what comes after the one that decides is not looked up. */
const fold = <T>(parts: readonly T[], kind: 'all' | 'any', askOne: (one: T) => Answer): Answer => {
  const decides = kind === 'all' ? 'no' : 'yes';
  let answer: Answer = kind === 'all' ? 'yes' : 'no';
  for (const one of parts) {
    const found = askOne(one);
    if (found === decides) return found;
    if (found === 'unknown') answer = found;
  }
  return answer;
};

/** 预计进一步发展: as the newest forecast that speaks of it says. */
const trendOf = ({ id, world: { forecasts, now, settings } }: Place): Answer => {
  const readings = forecasts(id);
  const oldest = now - settings.forecast.max_age;
  for (let i = indexAfter(readings, now) - 1; i >= 0 && readings[i]!.time >= oldest; i--) {
    const { trend } = readings[i]!;
    if (trend !== undefined) return trend === 'developing' ? 'yes' : 'no';
  }
  return 'unknown';
};

const askRun = (place: Place, asked: ReadyDays, run: readonly number[], strictness: Strictness): Answer =>
  fold(run, 'all', (start) => hold(dayFor(place, asked, start), asked.each, strictness));

const work = (place: Place, question: Exclude<Ready, ReadyCondition>, strictness: Strictness): Answer => {
  if (question.kind === 'trend') return trendOf(place);
  if (question.kind === 'days')
    return fold(runsOf(question, place.world), 'any', (run) => askRun(place, question, run, strictness));
  return fold(question.quickest, question.kind, (one) => ask(place, one, strictness));
};

/** The answer to a question in a township. */
export const ask = (place: Place, question: Ready, strictness: Strictness): Answer => {
  if (question.kind === 'condition')
    return question.isIgnored ? 'no' : hold(boundsFor(place, question), question, strictness);
  const answers = place.answers[strictness];
  const found = answers[question.id] ?? work(place, question, strictness);
  answers[question.id] = found;
  return found;
};

/** Whether the answer is yes, as the document says; what parts a no from not knowing is not looked up. */
export const isSure = (place: Place, question: Ready): boolean => {
  switch (question.kind) {
    case 'condition':
      return !question.isIgnored && isReached(boundsFor(place, question).least, question.raise, question.within);
    case 'all':
      for (const one of question.quickest) if (!isSure(place, one)) return false;
      return true;
    case 'any':
      for (const one of question.quickest) if (isSure(place, one)) return true;
      return false;
    default:
      return ask(place, question, 'raise') === 'yes';
  }
};

const evidenceOf = (condition: Condition, place: Place, found: Observed): Evidence => {
  const { when, quantity, hours } = condition;
  const { from = place.world.now, to = place.world.now, station = place.id } = found;
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

/** Of each day of a run that holds: what was forecast, or what a gauge has seen. */
const daysEvidence = (place: Place, question: ReadyDays): Evidence[] => {
  const run = runsOf(question, place.world).find((one) => askRun(place, question, one, 'keep') === 'yes') ?? [];
  return run.map((start) => {
    const found = dayFor(place, question, start);
    return evidenceOf(found.station === undefined ? question.each.condition : question.seen, place, found);
  });
};

/** What bears out an answer of yes. */
export const evidence = (place: Place, question: Ready): Evidence[] => {
  switch (question.kind) {
    case 'all':
      return question.parts.flatMap((one) => evidence(place, one));
    case 'any':
      return question.parts.filter((one) => ask(place, one, 'keep') === 'yes').flatMap((one) => evidence(place, one));
    case 'trend':
      return [];
    case 'days':
      return daysEvidence(place, question);
    default: {
      const found = boundsFor(place, question);
      return Number.isFinite(found.least) ? [evidenceOf(question.condition, place, found)] : [];
    }
  }
};

/** Tell what is not known of a question and would decide it; of effective rain in a township's own words. */
export const tellLacks = (place: Place, question: Ready, tell: (lack: string) => void): void => {
  if (ask(place, question, 'raise') !== 'unknown') return;
  if ('parts' in question) {
    for (const one of question.parts) tellLacks(place, one, tell);
    return;
  }
  const isEffective = question.kind === 'condition' && question.condition.quantity === EFFECTIVE_RAIN;
  tell(isEffective ? effectiveLack(place.world, place.id) : question.lack);
};
