import { feeds } from '../../sensors/feeds/index.ts';
import { isoUtc } from '../core/time.ts';
import type { Evidence } from '../core/types.ts';
import type { Condition } from '../standards/conditions.ts';
import { runsOf } from './bounds.ts';
import { EFFECTIVE_RAIN, effectiveLack } from './effective-rain.ts';
import type { Observed } from './observed.ts';
import { boundsFor, dayFor, isDeveloping, isReached, type Place, placeUnder } from './place.ts';
import type { World } from './rule.ts';
import {
  isLow,
  type Ready,
  type ReadyCondition,
  type ReadyDays,
  type ReadyGroup,
  type Sheet,
  type Strictness,
} from './sheet.ts';

// One evaluator for all that documents ask of townships, made ready by sheet.ts. Every question has three answers: certain, ruled
// out, or not known. Inside, the higher is always the worse: where a document asks for something low, values are turned round.
// A question is put to all townships at once: limits are many, and numbers in rows are compared many times faster than one by one.

/** Ruled out, not known, certain: all of several is as certain as the least of them, any as the greatest. */
export const NO = 0;
export const UNKNOWN = 1;
export const YES = 2;

/** A number of each township, in their order. */
type Row = readonly number[];

/** Townships under questions; what was worked out once is remembered. */
export interface Townships {
  readonly places: readonly Place[];
  /** What is certain of conditions, and what is not ruled out, by their slot. */
  readonly least: (Row | undefined)[];
  readonly most: (Row | undefined)[];
  /** Answers to questions, by their id. */
  readonly answers: Readonly<Record<Strictness, (Row | undefined)[]>>;
}

/** What was worked out of a world: rules that ask the same of it share the answers. */
export interface Answers {
  readonly sheet: Sheet;
  places?: Map<string, Place>;
  county?: Townships;
}

export const noAnswers = (sheet: Sheet): Answers => ({ sheet });

/** These townships under questions. */
export const townshipsOf = (places: readonly Place[]): Townships => ({
  places,
  least: [],
  most: [],
  answers: { raise: [], keep: [] },
});

/** Every township of the county, in the catalog's order. */
export const countyUnder = (world: World): Townships => {
  world.answers.county ??= townshipsOf(world.catalog.townships.map(({ id, name }) => placeUnder(world, id, name.zh)));
  return world.answers.county;
};

const leastOf = ({ places, least }: Townships, asked: ReadyCondition): Row => {
  least[asked.slot] ??= places.map((place) => boundsFor(place, asked).least);
  return least[asked.slot]!;
};

const mostOf = ({ places, most }: Townships, asked: ReadyCondition): Row => {
  most[asked.slot] ??= places.map((place) => boundsFor(place, asked).most);
  return most[asked.slot]!;
};

const isRuledOut = (most: number, mark: number, within: boolean): boolean => (within ? most < mark : most <= mark);

const hold = ({ least, most }: Observed, asked: ReadyCondition, strictness: Strictness): number => {
  const { [strictness]: mark, within } = asked;
  if (isReached(least, mark, within)) return YES;
  return isRuledOut(most, mark, within) ? NO : UNKNOWN;
};

const askCondition = (townships: Townships, asked: ReadyCondition, strictness: Strictness): Row => {
  if (asked.isIgnored) return townships.places.map(() => NO);
  const { [strictness]: mark, within } = asked;
  const least = leastOf(townships, asked);
  const most = mostOf(townships, asked);
  return least.map((proved, at) => {
    if (isReached(proved, mark, within)) return YES;
    return isRuledOut(most[at]!, mark, within) ? NO : UNKNOWN;
  });
};

/** All of several, or any; what comes after those that decide it everywhere is not looked up. */
const askGroup = (townships: Townships, { kind, quickest }: ReadyGroup, strictness: Strictness): Row => {
  const isAll = kind === 'all';
  const row: number[] = townships.places.map(() => (isAll ? YES : NO));
  let open = row.length;
  for (const part of quickest) {
    if (open === 0) break;
    const found = answersTo(townships, part, strictness);
    open = 0;
    for (let at = 0; at < row.length; at++) {
      const answer = found[at]!;
      if (isAll ? answer < row[at]! : answer > row[at]!) row[at] = answer;
      if (row[at] !== (isAll ? NO : YES)) open += 1;
    }
  }
  return row;
};

const askRun = (place: Place, asked: ReadyDays, run: readonly number[], strictness: Strictness): number => {
  let answer: number = YES;
  // The day under way, if it is one of them, comes last: it takes most to work out.
  for (let i = run.length - 1; i >= 0 && answer !== NO; i--)
    answer = Math.min(answer, hold(dayFor(place, asked, run[i]!), asked.each, strictness));
  return answer;
};

const askDays = ({ places }: Townships, asked: ReadyDays, strictness: Strictness): Row => {
  const runs = places.length === 0 ? [] : runsOf(asked, places[0]!.world);
  return places.map((place) =>
    runs.reduce((answer, run) => (answer === YES ? YES : Math.max(answer, askRun(place, asked, run, strictness))), NO),
  );
};

const askTrend = ({ places }: Townships): Row =>
  places.map((place) => {
    const isIt = isDeveloping(place);
    return isIt === undefined ? UNKNOWN : isIt ? YES : NO;
  });

const work = (townships: Townships, question: Ready, strictness: Strictness): Row => {
  if (question.kind === 'condition') return askCondition(townships, question, strictness);
  if (question.kind === 'days') return askDays(townships, question, strictness);
  return question.kind === 'trend' ? askTrend(townships) : askGroup(townships, question, strictness);
};

/** The answers of townships to a question. */
export const answersTo = (townships: Townships, question: Ready, strictness: Strictness): Row => {
  const known = townships.answers[strictness];
  const found = known[question.id] ?? work(townships, question, strictness);
  known[question.id] = found;
  return found;
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
  const run = runsOf(question, place.world).find((one) => askRun(place, question, one, 'keep') === YES) ?? [];
  return run.map((start) => {
    const found = dayFor(place, question, start);
    return evidenceOf(found.station === undefined ? question.each.condition : question.seen, place, found);
  });
};

/** What bears out an answer of yes, of the township that stands there. */
export const evidence = (townships: Townships, at: number, question: Ready): Evidence[] => {
  const place = townships.places[at]!;
  switch (question.kind) {
    case 'all':
      return question.parts.flatMap((one) => evidence(townships, at, one));
    case 'any':
      return question.parts
        .filter((one) => answersTo(townships, one, 'keep')[at] === YES)
        .flatMap((one) => evidence(townships, at, one));
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

/** Told what is not known, and in which township. */
export type Tell = (lack: string, at: number) => void;

/** Tell what is not known of a question and would decide it; of effective rain in a township's own words. */
export const tellLacks = (townships: Townships, question: Ready, tell: Tell): void => {
  const { places } = townships;
  for (let at = 0; at < places.length; at++) tellLacksAt(townships, at, question, tell);
};

const tellLacksAt = (townships: Townships, at: number, question: Ready, tell: Tell): void => {
  if (answersTo(townships, question, 'raise')[at] !== UNKNOWN) return;
  if ('parts' in question) {
    for (const one of question.parts) tellLacksAt(townships, at, one, tell);
    return;
  }
  const isEffective = question.kind === 'condition' && question.condition.quantity === EFFECTIVE_RAIN;
  const { world, id } = townships.places[at]!;
  tell(isEffective ? effectiveLack(world, id) : question.lack, at);
};
