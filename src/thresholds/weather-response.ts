import { beijingDate } from '../core/time.ts';
import type { Reading, Signal } from '../core/types.ts';
import { validValue } from '../processors/hourly.ts';
import { ROLLING_HOURS } from '../processors/rain.ts';
import type { Condition, Question, Trend } from '../standards/conditions.ts';
import { EDITION, HAZARDS, type Hazard, LEVELS, RULE_11 } from '../standards/weather-plan-2021.ts';
import { judgeLadder, type Ladder } from './levels.ts';
import { type Place, placesOf } from './questions.ts';
import type { Rule, Trigger, Verdict, World } from './rule.ts';

// 气象灾害应急响应: the ten hazards of the county's plan, all by one evaluator. Rule (11): a response that has been in force for a while, and
// whose level forecasts still make up, goes up one step; so it stays while they do.

const KIND = 'weather-response';

const ladderOf = ({ levels }: Hazard): Ladder => LEVELS.map((level) => levels[level] ?? []);

/** Whether the day lies in one of the spans of dates (MM-DD), both ends in it. */
const isInSeason = ({ season }: Hazard, { settings, now }: World): boolean => {
  const day = beijingDate(now).slice(5);
  return season === undefined || settings.response.frost_seasons.some(([from, to]) => day >= from && day <= to);
};

/** Whether the signal as it stands went up to one above this rank by rule (11). */
const isStepped = (signal: Signal | undefined, rank: number): boolean =>
  signal?.basis.clause.endsWith(RULE_11) === true && signal.level === LEVELS[rank];

/**
 * The rank that rule (11) makes of one that clauses make up and that goes on developing: one above it once it has been in force for a
 * while, and then for as long as it does.
 */
const stepUp = (subject: string, rank: number, world: World): number => {
  if (rank === 0 || rank === LEVELS.length) return rank;
  const signal = world.signal(KIND, subject);
  if (isStepped(signal, rank)) return rank + 1;
  const { level, since } = signal?.in_force ?? {};
  if (since === undefined || level !== LEVELS[rank - 1]) return rank;
  return world.now - Date.parse(since) >= world.settings.response.develops_after ? rank + 1 : rank;
};

const nothing = (subject: string, { name }: Hazard): Verdict => ({
  subject,
  least: 0,
  most: 0,
  title: titleOf(name),
  evidence: () => [],
  lacking: [],
});

const titleOf = ({ zh, en }: Hazard['name']) => ({ zh: `${zh}应急响应`, en: `${en} response` });

const judge = (subject: string, hazard: Hazard, places: readonly Place[], world: World): Verdict => {
  if (!isInSeason(hazard, world)) return nothing(subject, hazard);
  const found = judgeLadder(ladderOf(hazard), places, world, world.rank(KIND, subject));
  const rank = found.least;
  const stepped = found.developing(rank) ? stepUp(subject, rank, world) : rank;
  const clause = stepped > rank ? `${hazard.clause}; ${RULE_11}` : hazard.clause;
  return {
    subject,
    least: stepped,
    most: Math.max(stepped, found.most),
    keeps: found.keeps ?? 0,
    title: titleOf(hazard.name),
    basis: { document: EDITION.document, clause },
    // What a step up stands on is what makes up the level below it.
    evidence: (asked) => found.evidence(asked === stepped ? rank : asked),
    lacking: found.lacking,
  };
};

const leavesOf = (question: Question): (Condition | Trend)[] => {
  if ('all' in question) return question.all.flatMap(leavesOf);
  return 'any' in question ? question.any.flatMap(leavesOf) : [question];
};

/** What each hazard looks at: the conditions that a gauge can meet, and the quantities of forecasts. */
const CONDITIONS = Object.entries(HAZARDS).map(([subject, { levels }]) => {
  const leaves = Object.values(levels).flatMap((clauses) =>
    clauses.flatMap((clause) => clause.flatMap(({ each }) => leavesOf(each))),
  );
  const observed = leaves.filter((one) => 'when' in one && one.when === 'observed') as Condition[];
  const ahead = leaves.filter((one) => !('when' in one) || one.when === 'forecast');
  return { subject, observed, expected: [...new Set(ahead.map((one) => ('when' in one ? one.quantity : 'trend')))] };
});

/** Whether a forecast says anything of a quantity, or of the trend. */
const speaksOf = ({ values, trend }: Reading, name: string): boolean =>
  name === 'trend' ? trend !== undefined : values[name] !== undefined;

/** Whether a reading took what is known to have fallen over a limit: nothing less can raise a level. */
const crossesSum = ({ quantity, hours, atLeast }: Condition, { station, values }: Reading, world: World): boolean => {
  const fallen = values[quantity] ?? 0;
  if (fallen <= 0) return false;
  const sum = world.fallen(station, quantity as 'rain')?.sums[ROLLING_HOURS.indexOf(hours as 24)]?.min ?? 0;
  return sum >= Number(atLeast) && sum - fallen < Number(atLeast);
};

/** Whether a reading by itself can help to raise a level. */
const helps = (condition: Condition, reading: Reading, world: World): boolean => {
  const value = validValue(reading, condition.quantity);
  if (value === undefined) return false;
  if (condition.of === 'sum') return crossesSum(condition, reading, world);
  const { atLeast, below, atMost } = condition;
  if (atLeast !== undefined) return value >= Number(atLeast);
  return value <= Number(below ?? atMost);
};

/** Levels fall at ticks, which look at everything; in between only what can raise one is looked at. */
const concerned = (world: World, trigger: Trigger): string[] => {
  if (trigger.kind === 'tick') return Object.keys(HAZARDS);
  const { reading } = trigger;
  if (reading.feed === 'forecast')
    return CONDITIONS.filter(({ expected }) => expected.some((name) => speaksOf(reading, name))).map(
      ({ subject }) => subject,
    );
  if (reading.feed !== 'weather') return [];
  return CONDITIONS.filter(({ observed }) => observed.some((one) => helps(one, reading, world))).map(
    ({ subject }) => subject,
  );
};

export const weatherResponse: Rule = {
  kind: KIND,
  basis: { document: EDITION.document, clause: '附件6' },
  levels: LEVELS,
  signed: true,
  falls: 'at-tick',
  hold: ({ response }) => response.hold,
  evaluate: (world, trigger) => {
    const subjects = concerned(world, trigger);
    if (subjects.length === 0) return [];
    const places = placesOf(world);
    return subjects.map((subject) => judge(subject, HAZARDS[subject]!, places, world));
  },
};
