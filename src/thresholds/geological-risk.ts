import type { HazardPoint, Township } from '../core/catalog.ts';
import { isoUtc, monthName } from '../core/time.ts';
import type { Evidence } from '../core/types.ts';
import type { Clause, Condition } from '../standards/conditions.ts';
import { EDITION, seasonOf } from '../standards/geological-plan-2021.ts';
import { COLOURS } from '../standards/warning-signals.ts';
import { EFFECTIVE_RAIN } from './effective-rain.ts';
import { judgeLadder } from './levels.ts';
import { placeUnder } from './place.ts';
import { townshipsOf } from './questions.ts';
import type { Rule, Trigger, Verdict, World } from './rule.ts';
import type { Ladder } from './sheet.ts';

// 地质灾害气象风险, a signal a township: rain held against a curve that the bureau of natural resources has signed off (geological.curve). Without
// one there is no verdict: no document at hand names the rain. The plan's season is told; it raises nothing.

const KIND = 'geological-risk';

const fell = (quantity: string, hours: number, atLeast: number): Condition => ({
  when: 'observed',
  quantity,
  hours,
  of: 'sum',
  atLeast,
});

type Entry = World['settings']['geological']['curve'][number];

/** All that an entry names holds in the township. */
const clauseOf = ({ effective_rain, rain_1h, rain_24h }: Entry): Clause => {
  const asked = [
    [EFFECTIVE_RAIN, 24, effective_rain],
    ['rain', 1, rain_1h],
    ['rain', 24, rain_24h],
  ] as const;
  const all = asked.flatMap(([quantity, hours, mm]) => (mm === undefined ? [] : [fell(quantity, hours, mm)]));
  return [{ townships: 1, each: { all } }];
};

const ladderOf = ({ answers, settings: { geological } }: World): Ladder =>
  answers.sheet.once(geological.curve, (ladder) =>
    ladder(COLOURS.map((colour) => geological.curve.filter(({ level }) => level === colour).map(clauseOf))),
  );

const SIZES = {
  large: { zh: '大型', rank: 3 },
  medium: { zh: '中型', rank: 2 },
  small: { zh: '小型', rank: 1 },
} as const;

/** Points of a township, larger first, then by number. */
export const pointsOf = (points: readonly HazardPoint[], township: string): HazardPoint[] =>
  points
    .filter((point) => point.township === township)
    .sort((a, b) => SIZES[b.size].rank - SIZES[a.size].rank || a.no - b.no);

/** A point as evidence: its name, `hazard_point_medium_rockfall`, and its number in the plan. */
const pointEvidence = ({ no, name, size, type }: HazardPoint, now: number): Evidence => {
  const [at, quantity] = [isoUtc(now), `hazard_point_${size}_${type}`];
  return { station: name, quantity, value: no, unit: '1', from: at, to: at };
};

const judge = ({ id, name }: Township, world: World): Verdict => {
  const townships = townshipsOf([placeUnder(world, id, name.zh)]);
  const found = judgeLadder(ladderOf(world), townships, world.rank(KIND, id));
  const { document = '', signed_by = '' } = world.settings.geological;
  const season = seasonOf(Number(monthName(world.now).slice(5)));
  const points = pointsOf(world.catalog.hazardPoints, id);
  return {
    subject: id,
    ...found,
    title: {
      zh: `${name.zh}地质灾害气象风险（${season.name.zh}，隐患点 ${points.length} 处）`,
      en: `${name.en}: geological risk (${season.name.en}, hazard points: ${points.length})`,
    },
    basis: { document, clause: `${signed_by}; ${EDITION.document} ${season.clause}` },
    evidence: (rank) => {
      const rain = found.evidence(rank);
      return rain.length === 0 ? [] : [...rain, ...points.map((point) => pointEvidence(point, world.now))];
    },
  };
};

/** The curve was taken back, or the township has left the catalog. */
const released = (subject: string): Verdict => ({
  subject,
  least: 0,
  most: 0,
  title: { zh: `${subject} 不再判定地质灾害气象风险`, en: `${subject}: geological risk is no longer judged` },
  evidence: () => [],
  lacking: [],
});

/** Townships that an event can raise: where rain fell; at a tick all. */
const concerned = (world: World, trigger: Trigger): readonly Township[] => {
  if (world.settings.geological.curve.length === 0) return [];
  const { townships, stations } = world.catalog;
  if (trigger.kind === 'tick') return townships;
  const { feed, station, values } = trigger.reading;
  if (feed !== 'weather' || !(values['rain']! > 0)) return [];
  return townships.filter(({ id }) => id === stations.get(station)?.township);
};

const releasedOf = (world: World, judged: readonly Township[]): string[] =>
  world.inForce(KIND).filter((subject) => !judged.some(({ id }) => id === subject));

export const geologicalRisk: Rule = {
  kind: KIND,
  basis: { document: EDITION.document, clause: '一' },
  levels: COLOURS,
  signed: false,
  falls: 'at-tick',
  feeds: ['weather'],
  hold: ({ response }) => response.hold,
  evaluate: (world, trigger) => {
    const judged = concerned(world, trigger);
    const gone = trigger.kind === 'tick' ? releasedOf(world, judged) : [];
    return [...judged.map((township) => judge(township, world)), ...gone.map(released)];
  },
};
