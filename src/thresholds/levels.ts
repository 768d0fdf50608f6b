import type { Evidence, Reading } from '../core/types.ts';
import { ask, evidence, isSure, type Place, tellLacks } from './questions.ts';
import type { Verdict } from './rule.ts';
import type { Ladder, Ready, ReadyClause, ReadyCount, Strictness } from './sheet.ts';

// Levels of a document, each with clauses that are alternatives, held against the townships. A level is certain when enough townships are,
// and ruled out when even those not known would not make it up; in between nothing moves. A level in force is kept by eased limits.

type Places = readonly Place[];
type Finding = Pick<Verdict, 'least' | 'most' | 'keeps' | 'evidence' | 'lacking'> & {
  /** The rank is certain, and forecasts bear it out. */
  readonly develops: (rank: number) => boolean;
  /** By eased limits it can be ruled out neither that the rank holds nor that forecasts bear it out. */
  readonly mayDevelop: (rank: number) => boolean;
};

/** Whether a question has a forecast in it that holds: the thing goes on. */
const isExpected = (question: Ready, holds: (one: Ready) => boolean): boolean => {
  if (question.kind === 'all' || question.kind === 'any') return question.parts.some((one) => isExpected(one, holds));
  return (question.kind !== 'condition' || question.isForecast) && holds(question);
};

/** Whether so many townships are as asked; the rest is not looked at once it cannot change that. */
const areEnough = (places: Places, least: number, isOne: (place: Place) => boolean): boolean => {
  let [found, left] = [0, places.length];
  for (const place of places) {
    if (found >= least || found + left < least) break;
    left -= 1;
    if (isOne(place)) found += 1;
  }
  return found >= least;
};

const isOpen = (place: Place, question: Ready, strictness: Strictness): boolean =>
  ask(place, question, strictness) !== 'no';

const isCertain = (places: Places, clause: ReadyClause): boolean =>
  clause.every(({ townships, each }) => areEnough(places, townships, (place) => isSure(place, each)));

const isPossible = (places: Places, clause: ReadyClause, strictness: Strictness): boolean =>
  clause.every(({ townships, each }) => areEnough(places, townships, (place) => isOpen(place, each, strictness)));

/** So many townships in which the whole holds, and a forecast in it by itself. */
const isAhead = (places: Places, clause: ReadyClause, holds: (place: Place, question: Ready) => boolean): boolean =>
  clause.every(({ townships, each }) =>
    areEnough(places, townships, (place) => holds(place, each) && isExpected(each, (one) => holds(place, one))),
  );

const surely = (places: Places, { each }: ReadyCount): Place[] => places.filter((place) => isSure(place, each));

/** The highest rank above another that has a clause which holds; 0: none. */
const highestRank = (ladder: Ladder, above: number, holds: (clause: ReadyClause) => boolean): number => {
  for (let rank = ladder.length; rank > above; rank--) if (ladder[rank - 1]!.some(holds)) return rank;
  return 0;
};

/** What is lacking, and whether it is in each of the townships. */
type Lacks = Map<string, boolean[]>;

/** In the order of the catalog, so that the same lack reads the same. */
const named = (lacks: Lacks, places: Places): string[] =>
  [...lacks].map(([lack, where]) => {
    const names = places.filter((_, i) => where[i]).map(({ name }) => name);
    return `${lack}: ${names.length === places.length ? '全部乡镇 (all townships)' : names.join(' ')}`;
  });

/** What is not known of the clauses above a rank that are not ruled out. */
const lackingAbove = (ladder: Ladder, least: number, places: Places): string[] => {
  const lacks: Lacks = new Map();
  let at = 0;
  const tell = (lack: string): void => {
    let where = lacks.get(lack);
    if (where === undefined) {
      where = places.map(() => false);
      lacks.set(lack, where);
    }
    where[at] = true;
  };
  for (const clause of ladder.slice(least).flat())
    if (isPossible(places, clause, 'raise'))
      for (const { each } of clause) for (at = 0; at < places.length; at++) tellLacks(places[at]!, each, tell);
  return named(lacks, places);
};

/** What bears out the best of a rank's clauses: one that is certain; of those the one with most townships. */
const evidenceOf = (clauses: readonly ReadyClause[], places: Places): Evidence[] => {
  const counted = clauses.map((clause) => ({
    clause,
    certain: isCertain(places, clause),
    places: clause.reduce((sum, one) => sum + surely(places, one).length, 0),
  }));
  const [best] = counted.sort((a, b) => Number(b.certain) - Number(a.certain) || b.places - a.places);
  const found = (best?.clause ?? []).flatMap((one) =>
    surely(places, one).flatMap((place) => evidence(place, one.each)),
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
export const judgeLadder = (ladder: Ladder, places: Places, inForce: number): Finding => {
  const least = highestRank(ladder, 0, (clause) => isCertain(places, clause));
  const open = highestRank(ladder, least, (clause) => isPossible(places, clause, 'raise'));
  const kept = inForce === 0 ? 0 : highestRank(ladder, 0, (clause) => isPossible(places, clause, 'keep'));
  const clausesOf = (rank: number): readonly ReadyClause[] => ladder[rank - 1] ?? [];
  return {
    least,
    most: Math.max(least, open),
    keeps: Math.min(inForce, kept),
    lacking: open === 0 ? [] : lackingAbove(ladder, least, places),
    evidence: (rank) => evidenceOf(clausesOf(rank), places),
    develops: (rank) => clausesOf(rank).some((clause) => isAhead(places, clause, isSure)),
    mayDevelop: (rank) =>
      clausesOf(rank).some((clause) => isAhead(places, clause, (place, question) => isOpen(place, question, 'keep'))),
  };
};
