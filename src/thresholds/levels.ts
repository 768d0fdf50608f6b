import type { Evidence, Reading } from '../core/types.ts';
import { isSure, type Place } from './place.ts';
import { answersTo, evidence, type Tell, type Townships, tellLacks, UNKNOWN, YES } from './questions.ts';
import type { Verdict } from './rule.ts';
import type { Ladder, Ready, ReadyClause, ReadyCount, Strictness } from './sheet.ts';

// Levels of a document, each with clauses that are alternatives, held against the townships. A level is certain when enough townships are,
// and ruled out when even those not known would not make it up; in between nothing moves. A level in force is kept by eased limits.

type Finding = Pick<Verdict, 'least' | 'most' | 'keeps' | 'evidence' | 'lacking'> & {
  /** The rank is certain, and forecasts bear it out. */
  readonly develops: (rank: number) => boolean;
  /** By eased limits it can be ruled out neither that the rank holds nor that forecasts bear it out. */
  readonly mayDevelop: (rank: number) => boolean;
};

/** What is asked for at the least: an answer, as the document says or by eased limits. */
interface Wanted {
  readonly answer: number;
  readonly strictness: Strictness;
}

const CERTAIN: Wanted = { answer: YES, strictness: 'raise' };
const POSSIBLE: Wanted = { answer: UNKNOWN, strictness: 'raise' };
const KEPT: Wanted = { answer: UNKNOWN, strictness: 'keep' };

/** Whether so many townships give the answer to all that a clause counts. */
const holds = (townships: Townships, clause: ReadyClause, { answer, strictness }: Wanted): boolean =>
  clause.every((one) => {
    let found = 0;
    for (const given of answersTo(townships, one.each, strictness)) if (given >= answer) found += 1;
    return found >= one.townships;
  });

/** Whether a question has a forecast in it that holds in the township that stands there: the thing goes on. */
const isExpected = (townships: Townships, at: number, question: Ready, wanted: Wanted): boolean => {
  if ('parts' in question) return question.parts.some((one) => isExpected(townships, at, one, wanted));
  const isAhead = question.kind !== 'condition' || question.isForecast;
  return isAhead && answersTo(townships, question, wanted.strictness)[at]! >= wanted.answer;
};

/** Whether in so many townships the whole holds, and a forecast in it by itself. */
const goesOn = (townships: Townships, clause: ReadyClause, wanted: Wanted): boolean =>
  clause.every(({ townships: least, each }) => {
    const answers = answersTo(townships, each, wanted.strictness);
    const isOne = (at: number): boolean => answers[at]! >= wanted.answer && isExpected(townships, at, each, wanted);
    return townships.places.filter((_, at) => isOne(at)).length >= least;
  });

/** Where the townships stand that surely are as asked. */
const surely = (townships: Townships, { each }: ReadyCount): number[] =>
  answersTo(townships, each, 'raise').flatMap((answer, at) => (answer === YES ? [at] : []));

/** The highest rank above another that has a clause which holds; 0: none. */
const highestRank = (ladder: Ladder, above: number, holds: (clause: ReadyClause) => boolean): number => {
  for (let rank = ladder.length; rank > above; rank--) if (ladder[rank - 1]!.some(holds)) return rank;
  return 0;
};

/** What is lacking, and whether it is in each of the townships. */
type Lacks = Map<string, boolean[]>;

/** In the order of the catalog, so that the same lack reads the same. */
const named = (lacks: Lacks, places: readonly Place[]): string[] =>
  [...lacks].map(([lack, where]) => {
    const names = places.filter((_, i) => where[i]).map(({ name }) => name);
    return `${lack}: ${names.length === places.length ? '全部乡镇 (all townships)' : names.join(' ')}`;
  });

/** What is not known of the clauses above a rank that are not ruled out. */
const lackingAbove = (ladder: Ladder, least: number, townships: Townships): string[] => {
  const { places } = townships;
  const lacks: Lacks = new Map();
  const tell: Tell = (lack, at) => {
    let where = lacks.get(lack);
    if (where === undefined) {
      where = places.map(() => false);
      lacks.set(lack, where);
    }
    where[at] = true;
  };
  for (const clause of ladder.slice(least).flat())
    if (holds(townships, clause, POSSIBLE)) for (const { each } of clause) tellLacks(townships, each, tell);
  return named(lacks, places);
};

/** What bears out the best of a rank's clauses: one that is certain; of those the one with most townships. */
const evidenceOf = (clauses: readonly ReadyClause[], townships: Townships): Evidence[] => {
  const counted = clauses.map((clause) => ({
    clause,
    certain: holds(townships, clause, CERTAIN),
    places: clause.reduce((sum, one) => sum + surely(townships, one).length, 0),
  }));
  const [best] = counted.sort((a, b) => Number(b.certain) - Number(a.certain) || b.places - a.places);
  const found = (best?.clause ?? []).flatMap((one) =>
    surely(townships, one).flatMap((at) => evidence(townships, at, one.each)),
  );
  return [...new Map(found.map((one) => [JSON.stringify(one), one])).values()];
};

/**
 * Whether an event in a township can have made up a rank above one: the township counts for one of its clauses. A forecast can have
 * done so by what it has a say in alone.
 */
export const mayRaise = (ladder: Ladder, place: Place, above: number, by: Reading): boolean => {
  const counts = ({ each, asksForecasts }: ReadyCount): boolean =>
    (by.feed !== 'forecast' || asksForecasts) && isSure(place, each);
  return ladder.some((clauses, rank) => rank >= above && clauses.some((clause) => clause.some(counts)));
};

/**
 * What the townships say of a ladder.
 * @param inForce rank of the signal in force, 0 for none: it is kept while its eased limits are possible
 */
export const judgeLadder = (ladder: Ladder, townships: Townships, inForce: number): Finding => {
  const least = highestRank(ladder, 0, (clause) => holds(townships, clause, CERTAIN));
  const open = highestRank(ladder, least, (clause) => holds(townships, clause, POSSIBLE));
  const kept = inForce === 0 ? 0 : highestRank(ladder, 0, (clause) => holds(townships, clause, KEPT));
  const clausesOf = (rank: number): readonly ReadyClause[] => ladder[rank - 1] ?? [];
  return {
    least,
    most: Math.max(least, open),
    keeps: Math.min(inForce, kept),
    lacking: open === 0 ? [] : lackingAbove(ladder, least, townships),
    evidence: (rank) => evidenceOf(clausesOf(rank), townships),
    develops: (rank) => clausesOf(rank).some((clause) => goesOn(townships, clause, CERTAIN)),
    mayDevelop: (rank) => clausesOf(rank).some((clause) => goesOn(townships, clause, KEPT)),
  };
};
