import { EDITIONS } from '../standards/warning-editions.ts';
import { COLOURS, type WarningEdition, type WarningSignal } from '../standards/warning-signals.ts';
import { EDITION } from '../standards/warning-signals-2007.ts';
import { concernedBy, placeOf } from './concerned.ts';
import { judgeLadder, mayRaise } from './levels.ts';
import { countyUnder, type Townships } from './questions.ts';
import type { Rule, Trigger, Verdict, World } from './rule.ts';
import { isInSeason } from './season.ts';
import type { Ladder } from './sheet.ts';

// 气象灾害预警信号: proposals, as only the observatory issues. One township in which a level holds is enough; all in which it does stand in
// the evidence, and are the area. Signals that stations and forecasts cannot decide say at ticks what is not measured, and raise nothing.

const KIND = 'warning-signal';

const editionOf = ({ settings }: Pick<World, 'settings'>): WarningEdition =>
  settings.warning_signals.provincial ?? EDITIONS[settings.warning_signals.edition];

const COLOUR_NAMES = { blue: '蓝', yellow: '黄', orange: '橙', red: '红' } as const;

/** `附件 二、暴雨预警信号 (蓝 12 h, 黄 6 h, 橙 3 h, 红 3 h)`: the hours ahead that each colour speaks of. */
const clauseOf = ({ clause, levels }: WarningSignal): string => {
  const leads = COLOURS.flatMap((colour) => {
    const found = levels[colour];
    return found === undefined ? [] : [`${COLOUR_NAMES[colour]} ${found.lead} h`];
  });
  return `${clause} (${leads.join(', ')})`;
};

/** What is the same of a signal whatever the weather. */
interface ReadySignal extends Required<Pick<Verdict, 'title' | 'basis'>> {
  readonly ladder: Ladder;
}

const readyOf = (signal: WarningSignal, edition: WarningEdition, { answers }: World): ReadySignal =>
  answers.sheet.once(signal, (ladder) => ({
    ladder: ladder(COLOURS.map((colour) => signal.levels[colour]?.clauses ?? [])),
    title: titleOf(signal),
    basis: { document: signal.document ?? edition.document, clause: clauseOf(signal) },
  }));

type Said = Pick<Verdict, 'least' | 'most' | 'evidence' | 'lacking'> & { readonly keeps?: number };

const NOTHING: Said = { least: 0, most: 0, evidence: () => [], lacking: [] };

/** People decide: any colour that the signal has is possible. */
const undecided = ({ levels, unmeasured }: WarningSignal): Said => ({
  ...NOTHING,
  most: COLOURS.findLastIndex((colour) => levels[colour] !== undefined) + 1,
  lacking: unmeasured === undefined ? [] : [`不监测：${unmeasured.zh} (not measured: ${unmeasured.en})`],
});

const saidOf = (
  subject: string,
  signal: WarningSignal,
  { ladder }: ReadySignal,
  townships: Townships,
  world: World,
): Said => {
  if (signal.unmeasured !== undefined) return undecided(signal);
  if (!isInSeason(signal, world)) return NOTHING;
  return judgeLadder(ladder, townships, world.rank(KIND, subject));
};

const titleOf = ({ name }: WarningSignal) => ({ zh: `${name.zh}预警信号`, en: `${name.en} warning signal` });

/** A signal that the edition no longer has. */
const GONE: WarningSignal = { name: { zh: '', en: '' }, clause: '附件', levels: {} };

const judge = (subject: string, edition: WarningEdition, townships: Townships, world: World): Verdict => {
  const signal = edition.signals[subject] ?? { ...GONE, name: { zh: subject, en: subject } };
  const ready = readyOf(signal, edition, world);
  const { least, most, keeps, evidence, lacking } = saidOf(subject, signal, ready, townships, world);
  return {
    subject,
    least,
    most,
    ...(keeps === undefined ? {} : { keeps }),
    title: ready.title,
    basis: ready.basis,
    evidence,
    lacking,
  };
};

/** Rank that a certain level must be above to change anything; one whose end is proposed comes back by any. */
const heldRank = (subject: string, world: World): number =>
  world.signal(KIND, subject)?.state === 'lift-proposed' ? 0 : world.rank(KIND, subject);

/**
 * Subjects that are worth judging. An issue comes township by township: of a reading only its own township is asked first, as all of them at
 * each would be looked up a dozen times over.
 */
const worthJudging = (
  subjects: readonly string[],
  edition: WarningEdition,
  world: World,
  trigger: Trigger,
): readonly string[] => {
  if (trigger.kind === 'tick') return [...subjects, ...world.inForce(KIND).filter((one) => !(one in edition.signals))];
  const place = subjects.length === 0 ? undefined : placeOf(trigger.reading, world);
  if (place === undefined) return [];
  return subjects.filter((one) =>
    mayRaise(readyOf(edition.signals[one]!, edition, world).ladder, place, heldRank(one, world), trigger.reading),
  );
};

export const warningSignal: Rule = {
  kind: KIND,
  basis: { document: EDITION.document, clause: '附件' },
  levels: COLOURS,
  signed: true,
  falls: 'at-tick',
  feeds: ['weather', 'forecast'],
  hold: ({ response }) => response.hold,
  titleOf: (subject, settings) => {
    const { signals } = editionOf({ settings });
    return Object.hasOwn(signals, subject) ? titleOf(signals[subject]!) : undefined;
  },
  evaluate: (world, trigger) => {
    const edition = editionOf(world);
    const subjects = worthJudging(concernedBy(edition.looks, world, trigger), edition, world, trigger);
    if (subjects.length === 0) return [];
    const townships = countyUnder(world);
    return subjects.map((subject) => judge(subject, edition, townships, world));
  },
};
