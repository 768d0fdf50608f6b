import type { Evidence, Reading } from '../core/types.ts';
import type { Clause, Count, Limit, Question } from '../standards/conditions.ts';
import type { Place, Strictness } from './questions.ts';
import type { Verdict, World } from './rule.ts';

// Levels of a document, each with clauses that are alternatives, held against the townships. A level is certain when enough townships are,
// and ruled out when even those not known would not make it up; in between nothing moves. A level in force is kept by eased limits.

/** Clauses by rank: those of the lowest level first; a level without clauses cannot be reached by them. */
export type Ladder = readonly (readonly Clause[])[];

type Finding = Pick<Verdict, 'least' | 'most' | 'keeps' | 'evidence' | 'lacking'> & {
  /** The rank is certain, and forecasts bear it out. */
  readonly develops: (rank: number) => boolean;
  /** By eased limits it can be ruled out neither that the rank holds nor that forecasts bear it out. */
  readonly mayDevelop: (rank: number) => boolean;
};

const townshipsOf = (limit: Limit, { settings }: World): number =>
  typeof limit === 'number' ? limit : (settings.response[limit as 'fog_patch'] as number);

/** Whether a question has a forecast in it that holds: the thing goes on. */
const isExpected = (question: Question, holds: (one: Question) => boolean): boolean => {
  if ('all' in question) return question.all.some((one) => isExpected(one, holds));
  if ('any' in question) return question.any.some((one) => isExpected(one, holds));
  if ('when' in question && question.when === 'observed') return false;
  return holds(question);
};

/** Whether so many townships are as asked; the rest is not looked at once it cannot change that. */
const areEnough = (places: readonly Place[], least: number, isOne: (place: Place) => boolean): boolean => {
  let [found, left] = [0, places.length];
  for (const place of places) {
    if (found >= least || found + left < least) break;
    left -= 1;
    if (isOne(place)) found += 1;
  }
  return found >= least;
};

const createCounter = (places: readonly Place[], world: World) => {
  const enough = ({ townships }: Count, isOne: (place: Place) => boolean): boolean =>
    areEnough(places, townshipsOf(townships, world), isOne);
  const isSure = (question: Question, place: Place): boolean => place.isSure(question);
  const isOpen = (question: Question, place: Place, strictness: Strictness): boolean =>
    place.ask(question, strictness) !== 'no';
  /** So many townships in which the whole holds, and a forecast in it by itself. */
  const ahead = (one: Count, holds: (question: Question, place: Place) => boolean): boolean =>
    enough(one, (place) => holds(one.each, place) && isExpected(one.each, (question) => holds(question, place)));
  return {
    sure: ({ each }: Count): Place[] => places.filter((place) => isSure(each, place)),
    unsure: ({ each }: Count): Place[] => places.filter((place) => place.ask(each, 'raise') === 'unknown'),
    isCertain: (clause: Clause): boolean => clause.every((one) => enough(one, (place) => isSure(one.each, place))),
    isPossible: (clause: Clause, strictness: Strictness): boolean =>
      clause.every((one) => enough(one, (place) => isOpen(one.each, place, strictness))),
    develops: (clause: Clause): boolean => clause.every((one) => ahead(one, isSure)),
    mayDevelop: (clause: Clause): boolean =>
      clause.every((one) => ahead(one, (question, place) => isOpen(question, place, 'keep'))),
  };
};

/** In the order of the catalog, so that the same lack reads the same. */
const named = (lacks: ReadonlyMap<string, ReadonlySet<string>>, places: readonly Place[]): string[] =>
  [...lacks].map(([what, ids]) => {
    const names = places.filter(({ id }) => ids.has(id)).map(({ name }) => name);
    return `${what}: ${names.length === places.length ? '全部乡镇 (all townships)' : names.join(' ')}`;
  });

/** Whether forecasts have a say in a question. */
const asksForecasts = (question: Question): boolean => {
  if ('all' in question) return question.all.some(asksForecasts);
  if ('any' in question) return question.any.some(asksForecasts);
  return 'trend' in question || 'days' in question || question.when === 'forecast';
};

/**
 * Whether an event in a township can have made up a rank above one: the township counts for one of its clauses. A forecast can have
 * done so by what it has a say in alone.
 */
export const mayRaise = (ladder: Ladder, place: Place, above: number, by: Reading): boolean => {
  const counts = ({ each }: Count): boolean => (by.feed !== 'forecast' || asksForecasts(each)) && place.isSure(each);
  return ladder.some((clauses, rank) => rank >= above && clauses.some((clause) => clause.some(counts)));
};

/**
 * What the townships say of a ladder.
 * @param inForce rank of the signal in force, 0 for none: it is kept while its eased limits are possible
 */
export const judgeLadder = (ladder: Ladder, places: readonly Place[], world: World, inForce: number): Finding => {
  const counter = createCounter(places, world);
  const ranks = ladder.map((clauses, at) => ({ rank: at + 1, clauses }));
  const highest = (holds: (clause: Clause) => boolean, from = 0): number =>
    ranks.findLast(({ rank, clauses }) => rank > from && clauses.some(holds))?.rank ?? 0;
  const least = highest(counter.isCertain);
  const most = Math.max(
    least,
    highest((clause) => counter.isPossible(clause, 'raise'), least),
  );
  const kept = inForce === 0 ? 0 : highest((clause) => counter.isPossible(clause, 'keep'));

  const lacking = (): string[] => {
    const lacks = new Map<string, Set<string>>();
    const open = ranks.filter(({ rank }) => rank > least).flatMap(({ clauses }) => clauses);
    for (const clause of open.filter((one) => counter.isPossible(one, 'raise')))
      for (const one of clause)
        for (const place of counter.unsure(one))
          for (const what of place.unknown(one.each)) lacks.set(what, (lacks.get(what) ?? new Set()).add(place.id));
    return named(lacks, places);
  };

  const evidence = (rank: number): Evidence[] => {
    const clauses = ranks.find((one) => one.rank === rank)?.clauses ?? [];
    const counted = clauses.map((clause) => ({
      clause,
      places: clause.reduce((sum, one) => sum + counter.sure(one).length, 0),
    }));
    // One that is certain; of those the one with most townships.
    const [best] = counted.sort(
      (a, b) => Number(counter.isCertain(b.clause)) - Number(counter.isCertain(a.clause)) || b.places - a.places,
    );
    const found = (best?.clause ?? []).flatMap((one) => counter.sure(one).flatMap((place) => place.evidence(one.each)));
    return [...new Map(found.map((one) => [JSON.stringify(one), one])).values()];
  };

  return {
    least,
    most,
    keeps: Math.min(inForce, kept),
    lacking: lacking(),
    evidence,
    develops: (rank) => (ladder[rank - 1] ?? []).some(counter.develops),
    mayDevelop: (rank) => (ladder[rank - 1] ?? []).some(counter.mayDevelop),
  };
};
