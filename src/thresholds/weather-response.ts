import { looksOf } from '../standards/conditions.ts';
import { EDITION, HAZARDS, type Hazard, LEVELS, RULE_11 } from '../standards/weather-plan-2021.ts';
import { concernedBy, placeOf } from './concerned.ts';
import { judgeLadder, mayRaise } from './levels.ts';
import { countyUnder, type Townships } from './questions.ts';
import type { Rule, Trigger, Verdict, World } from './rule.ts';
import { isInSeason } from './season.ts';
import type { Ladder } from './sheet.ts';

// 气象灾害应急响应: the ten hazards of the county's plan, all by one evaluator. Rule (11): a response that has been in force for a while, and
// whose level forecasts still make up, goes up one step; so it stays while they do.

const KIND = 'weather-response';

const ladderOf = (hazard: Hazard, { answers }: World): Ladder =>
  answers.sheet.once(hazard, (ladder) => ladder(LEVELS.map((level) => hazard.levels[level] ?? [])));

/** Whether the signal that is up went up to one above this rank by rule (11). */
const isStepped = (subject: string, rank: number, world: World): boolean =>
  world.rank(KIND, subject) === rank + 1 && world.signal(KIND, subject)!.basis.clause.endsWith(RULE_11);

/**
 * The rank that rule (11) makes of one that clauses make up and that goes on developing: one above it once it has been in force for a
 * while, and then for as long as it does.
 */
const stepUp = (subject: string, rank: number, world: World): number => {
  if (rank === 0 || rank === LEVELS.length) return rank;
  if (isStepped(subject, rank, world)) return rank + 1;
  const { level, since } = world.signal(KIND, subject)?.in_force ?? {};
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

const judge = (subject: string, hazard: Hazard, townships: Townships, world: World): Verdict => {
  if (!isInSeason(hazard, world)) return nothing(subject, hazard);
  const current = world.rank(KIND, subject);
  const found = judgeLadder(ladderOf(hazard, world), townships, current);
  const rank = found.least;
  const stepped = found.develops(rank) ? stepUp(subject, rank, world) : rank;
  // A step up is kept as a level is: until what it stands on is ruled out by eased limits.
  const isKept = stepped < current && isStepped(subject, current - 1, world) && found.mayDevelop(current - 1);
  const [top, below] = isKept ? [current, current - 1] : [stepped, rank];
  return {
    subject,
    least: stepped,
    most: Math.max(stepped, found.most),
    keeps: isKept ? current : (found.keeps ?? 0),
    title: titleOf(hazard.name),
    basis: { document: EDITION.document, clause: top > below ? `${hazard.clause}; ${RULE_11}` : hazard.clause },
    // What a step up stands on is what makes up the level below it.
    evidence: (asked) => found.evidence(asked === top ? below : asked),
    lacking: found.lacking,
  };
};

/** What the hazards look at. */
const LOOKS = looksOf(Object.entries(HAZARDS).map(([subject, { levels }]) => [subject, Object.values(levels).flat()]));

/**
 * Hazards that are worth judging. An issue comes township by township: a hazard that is not up is only looked at where the reading's own
 * township counts for it, as all of them at each reading would be looked up a dozen times over.
 */
const worthJudging = (subjects: readonly string[], world: World, trigger: Trigger): readonly string[] => {
  if (trigger.kind === 'tick' || subjects.length === 0) return subjects;
  const place = placeOf(trigger.reading, world);
  const counts = (subject: string): boolean =>
    place !== undefined && mayRaise(ladderOf(HAZARDS[subject]!, world), place, 0, trigger.reading);
  return subjects.filter((subject) => world.rank(KIND, subject) > 0 || counts(subject));
};

export const weatherResponse: Rule = {
  kind: KIND,
  basis: { document: EDITION.document, clause: '附件6' },
  levels: LEVELS,
  signed: true,
  falls: 'at-tick',
  feeds: ['weather', 'forecast'],
  hold: ({ response }) => response.hold,
  titleOf: (subject) => (Object.hasOwn(HAZARDS, subject) ? titleOf(HAZARDS[subject]!.name) : undefined),
  evaluate: (world, trigger) => {
    const subjects = worthJudging(concernedBy(LOOKS, world, trigger), world, trigger);
    if (subjects.length === 0) return [];
    const townships = countyUnder(world);
    return subjects.map((subject) => judge(subject, HAZARDS[subject]!, townships, world));
  },
};
