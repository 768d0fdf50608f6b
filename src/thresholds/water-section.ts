import { water as feed } from '../../sensors/feeds/water.ts';
import type { Station } from '../core/catalog.ts';
import { isoUtc, monthName } from '../core/time.ts';
import type { Evidence, Figure } from '../core/types.ts';
import { conditionsOf } from '../processors/water.ts';
import * as gb3838 from '../standards/gb3838-2002.ts';
import * as evaluation from '../standards/water-evaluation-2011.ts';
import type { Rule, Trigger, Verdict, World } from './rule.ts';

// 断面水质: the class of a section's newest month against the target that the catalog has for it; the target's own class complies. A month is
// judged once it is over, as its class is that of the whole month's means. A class from which required items are missing is a lower bound: it
// can raise a level, it can never lower one.

const KIND = 'water-section';
const MEASUREMENT = 'water_class';
const MONTH = { period: 'month' };
const { CLASS_NAMES } = gb3838;

type Section = Station & Required<Pick<Station, 'target'>>;

const targetOf = ({ target }: Section): number => CLASS_NAMES.indexOf(target) + 1;
const classOf = ({ fields }: Figure): number => Number(fields['class']);
const isBound = ({ invalid }: Figure): boolean => invalid?.includes('class') === true;

/** The items of a month as they were judged, by its means. */
const itemsOf = (section: Section, { start }: Figure, world: World): readonly evaluation.ItemResult[] => {
  const means = world.lastFigure('water', section.id, 'water_month', (one) => one.start === start);
  const valid = Object.entries(means?.fields ?? {}).filter(([quantity]) => !means?.invalid?.includes(quantity));
  const conditions = conditionsOf({ station: section, settings: world.settings });
  return evaluation.evaluateSection(Object.fromEntries(valid) as evaluation.WaterValues, conditions)?.items ?? [];
};

/** Means of a month whose items are of these classes. */
const evidenceOf = (section: Section, month: Figure, world: World, among: (one: number) => boolean): Evidence[] => {
  const [from, to] = [isoUtc(month.start), isoUtc(month.end)];
  return itemsOf(section, month, world)
    .filter((item) => among(item.class))
    .map(({ item, value }) => {
      const { unit } = feed.quantities[item]!;
      return { station: section.id, quantity: item, value, unit, from, to };
    });
};

/** Required items without which a month's class is only a lower bound. */
const lackingOf = (month: Figure, { settings }: World): string[] => {
  const missing = String(month.fields['missing']).split(',');
  const required = settings.water.required_items.filter((item) => missing.includes(item));
  const reason = `${monthName(month.start)} 无有效月均值 (no valid mean of the month)`;
  return required.map((item) => {
    const { zh, en } = feed.quantities[item]!.name;
    return `${zh} (${en}): ${reason}`;
  });
};

const NO_MONTH = '水质类别 (class): 近一年无已评价的月份 (no month of the last year has a class)';

const titleOf = ({ name, target }: Section): Verdict['title'] => ({
  zh: `${name.zh}水质劣于目标${target}类`,
  en: `${name.en}: water worse than its target, class ${target}`,
});

/** What is known of a section: its newest month that is over, and the newest of these that decides. */
const monthsOf = (
  section: Section,
  { lastFigure }: World,
): { newest?: Figure | undefined; deciding?: Figure | undefined } => {
  const last = (decides: (figure: Figure) => boolean) => lastFigure('water', section.id, MEASUREMENT, decides, MONTH);
  return { newest: last(() => true), deciding: last((one) => !isBound(one) || classOf(one) > targetOf(section)) };
};

const verdict = (section: Section, world: World): Verdict => {
  const { newest, deciding } = monthsOf(section, world);
  const target = targetOf(section);
  const least = deciding !== undefined && classOf(deciding) > target ? classOf(deciding) : 0;
  const most = newest === undefined || isBound(newest) ? CLASS_NAMES.length : least;
  const evidence = (rank: number): Evidence[] => {
    if (rank > 0 && rank === least) return evidenceOf(section, deciding!, world, (one) => one > target);
    // A level that is only not ruled out keeps the evidence that it was raised by; what ended one are the items that define the class.
    return rank > 0 || newest === undefined ? [] : evidenceOf(section, newest, world, (one) => one === classOf(newest));
  };
  const lacking = newest === undefined ? [NO_MONTH] : lackingOf(newest, world);
  return { subject: section.id, least, most, title: titleOf(section), evidence, lacking: least < most ? lacking : [] };
};

const isJudged = (section: Station | undefined): section is Section =>
  section?.active === true && section.feeds.water !== undefined && section.target !== undefined;

/** A section that has left the catalog, is out of service, or has no target any more. */
const released = (subject: string): Verdict => ({
  subject,
  least: 0,
  most: 0,
  title: { zh: `${subject} 已不再判定`, en: `${subject} is no longer judged` },
  evidence: () => [],
  lacking: [],
});

/**
 * Sections of which something may be different: at each reading, as one of a month that the clock has passed counts before its figure is
 * written again, and at ticks that write figures.
 */
const concernedBy = (trigger: Trigger): string[] => {
  if (trigger.kind === 'reading') return trigger.reading.feed === 'water' ? [trigger.reading.station] : [];
  return trigger.figures.filter(({ measurement }) => measurement === MEASUREMENT).map(({ station }) => station);
};

/** Signals that no longer fit the catalog, which may have changed: to be judged at once, not when the month ends. */
const unfitting = ({ catalog, inForce, rank }: World): string[] =>
  inForce(KIND).filter((id) => {
    const section = catalog.stations.get(id);
    return !isJudged(section) || rank(KIND, id) <= targetOf(section);
  });

export const waterSection: Rule = {
  kind: KIND,
  basis: {
    document: gb3838.EDITION.document,
    clause: `表1 基本项目标准限值；断面类别：${evaluation.EDITION.document} 单因子评价法`,
  },
  levels: CLASS_NAMES,
  signed: false,
  falls: 'at-once',
  feeds: ['water'],
  evaluate: (world, trigger) => {
    const concerned = new Set([...concernedBy(trigger), ...(trigger.kind === 'tick' ? unfitting(world) : [])]);
    return [...concerned].flatMap((id) => {
      const section = world.catalog.stations.get(id);
      if (isJudged(section)) return [verdict(section, world)];
      return world.rank(KIND, id) > 0 ? [released(id)] : [];
    });
  },
};
