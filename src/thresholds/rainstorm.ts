import { HOUR, isoUtc } from '../core/time.ts';
import type { Evidence, Reading } from '../core/types.ts';
import { ROLLING_HOURS } from '../processors/rain.ts';
import {
  EDITION,
  LEVELS,
  RAINSTORM,
  RAINSTORM_CLAUSE,
  type RainClause,
  type RainCondition,
} from '../standards/weather-plan-2021.ts';
import type { Bounds } from './forecast.ts';
import { type TownshipRain, townshipRain } from './rain.ts';
import type { Rule, Trigger, Verdict, World } from './rule.ts';

// 暴雨 of the county's plan. Every question is asked of each township three ways: certain, ruled out, or not known. A level is
// certain when enough townships are, and ruled out when even those not known would not make it up. In between nothing moves.

type Answer = 'yes' | 'no' | 'unknown';

const answer = (bounds: Bounds, limit: number): Answer =>
  bounds.least >= limit ? 'yes' : bounds.most < limit ? 'no' : 'unknown';

interface Count {
  readonly clause: RainClause;
  readonly rank: number;
  readonly sure: TownshipRain[];
  readonly unsure: TownshipRain[];
}

const both = (a: Answer, b: Answer): Answer =>
  a === 'no' || b === 'no' ? 'no' : a === 'yes' && b === 'yes' ? 'yes' : 'unknown';

const limitOf = (condition: RainCondition, world: World): number =>
  condition.atLeast === 'strong' ? world.settings.rainstorm.strong_rain : condition.atLeast;

/** Whether what a clause asks of the rain that fell, and of the rain to come, holds in a township; 'yes' where it asks nothing. */
const answersOf = (place: TownshipRain, { observed, forecast }: RainClause, world: World): [Answer, Answer] => [
  observed ? answer(place.observed(observed.hours), limitOf(observed, world)) : 'yes',
  forecast ? answer(place.forecast(forecast.hours), limitOf(forecast, world)) : 'yes',
];

const count = (clause: RainClause, rank: number, places: readonly TownshipRain[], world: World): Count => {
  const holds = places.map((place) => both(...answersOf(place, clause, world)));
  return {
    clause,
    rank,
    sure: places.filter((_, i) => holds[i] === 'yes'),
    unsure: places.filter((_, i) => holds[i] === 'unknown'),
  };
};

const isCertain = (one: Count): boolean => one.sure.length >= one.clause.townships;
const isOpen = (one: Count): boolean => !isCertain(one) && one.sure.length + one.unsure.length >= one.clause.townships;

const evidenceOf = (place: TownshipRain, clause: RainClause, world: World): Evidence[] => {
  const evidence: Evidence[] = [];
  if (clause.observed) {
    const { hours } = clause.observed;
    const { station, least } = place.observed(hours);
    const end = (station && world.rain(station)?.time) || world.now;
    const [from, to] = [isoUtc(end - hours * HOUR), isoUtc(end)];
    evidence.push({ station: station ?? place.id, quantity: `rain_${hours}h`, value: least, unit: 'mm', from, to });
  }
  if (clause.forecast) {
    const { hours } = clause.forecast;
    const { least, from = world.now, to = world.now } = place.forecast(hours);
    const window = { from: isoUtc(from), to: isoUtc(to) };
    evidence.push({ station: place.id, quantity: `forecast_rain_${hours}h`, value: least, unit: 'mm', ...window });
  }
  return evidence;
};

const named = (what: string, places: ReadonlySet<string>, all: number): string[] =>
  places.size === 0 ? [] : [`${what}: ${places.size === all ? '全部乡镇 (all townships)' : [...places].join(' ')}`];

/** What is not known and would decide an open clause. */
const lackingOf = (open: readonly Count[], places: readonly TownshipRain[], world: World): string[] => {
  const asks = open.flatMap(({ clause, unsure }) =>
    unsure.map((place) => ({ name: place.name, answers: answersOf(place, clause, world) })),
  );
  // In the order of the catalog, so that the same lack reads the same.
  const unknown = (which: 0 | 1): ReadonlySet<string> => {
    const names = new Set(asks.filter(({ answers }) => answers[which] === 'unknown').map(({ name }) => name));
    return new Set(places.map(({ name }) => name).filter((name) => names.has(name)));
  };
  return [
    ...named('24 h 降水实况 (observed rain)', unknown(0), places.length),
    ...named('24 h 降水预报 (forecast rain)', unknown(1), places.length),
  ];
};

/** The clause that bears out a rank best: one that is certain, of those the one with most townships. */
const bestOf = (counts: readonly Count[], rank: number): Count | undefined =>
  counts
    .filter((one) => one.rank === rank)
    .sort((a, b) => Number(isCertain(b)) - Number(isCertain(a)) || b.sure.length - a.sure.length)[0];

const judge = (world: World): Verdict => {
  const places = townshipRain(world);
  const counts = LEVELS.flatMap((level, i) => RAINSTORM[level].map((clause) => count(clause, i + 1, places, world)));
  const least = Math.max(0, ...counts.filter(isCertain).map((one) => one.rank));
  const open = counts.filter((one) => one.rank > least && isOpen(one));
  return {
    subject: 'rainstorm',
    least,
    most: Math.max(least, ...open.map((one) => one.rank)),
    title: { zh: '暴雨应急响应', en: 'Rainstorm response' },
    evidence: (rank) => {
      const best = bestOf(counts, rank);
      return best === undefined ? [] : best.sure.flatMap((place) => evidenceOf(place, best.clause, world));
    },
    lacking: lackingOf(open, places, world),
  };
};

const OBSERVED = LEVELS.flatMap((level) => RAINSTORM[level].flatMap((clause) => clause.observed ?? []));

/** Whether a gauge's reading took what is known to have fallen over a limit of the annex: nothing less can raise a level. */
const crosses = (world: World, { station, values }: Reading): boolean => {
  const rain = values['rain'] ?? 0;
  if (rain <= 0) return false;
  const sums = world.rain(station)?.sums;
  return OBSERVED.some((condition) => {
    const fallen = sums?.[ROLLING_HOURS.indexOf(condition.hours as 24)]?.min ?? 0;
    const limit = limitOf(condition, world);
    return fallen >= limit && fallen - rain < limit;
  });
};

/** Levels fall at ticks, which look at everything; in between only what can raise one is looked at. */
const concerns = (world: World, trigger: Trigger): boolean => {
  if (trigger.kind === 'tick' || trigger.reading.feed === 'forecast') return true;
  return trigger.reading.feed === 'weather' && crosses(world, trigger.reading);
};

export const rainstorm: Rule = {
  kind: 'weather-response',
  basis: { document: EDITION.document, clause: RAINSTORM_CLAUSE },
  levels: LEVELS,
  signed: true,
  falls: 'at-tick',
  evaluate: (world, trigger) => (concerns(world, trigger) ? [judge(world)] : []),
};
