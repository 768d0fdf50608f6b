import type { DynamicConfigValue, ValueMap } from '@grafana/grafana-foundation-sdk/dashboard';
import { levelName } from '../../src/publish/warning.ts';
import { type Clause, leavesOf } from '../../src/standards/conditions.ts';
import { COLOURS } from '../../src/standards/warning-signals.ts';
import { CMA_2007 } from '../../src/standards/warning-signals-2007.ts';
import { CLASS_COLOURS, CLASS_NUMERALS, gradeOf } from '../../src/standards/water-evaluation-2011.ts';
import { HAZARDS, LEVELS } from '../../src/standards/weather-plan-2021.ts';
import { BAD, GOOD, mapping, RANK_COLOURS, WATCH } from './colours.ts';
import type { Language } from './language.ts';

// Levels of the documents of weather and water: their names, their colours, and the amounts of rain that they name.

type Step = readonly [number | null, string];
type Rank = keyof typeof RANK_COLOURS;

const NONE = { zh: '无', en: 'none' };

const ranked = (language: Language, levels: readonly string[]): ValueMap =>
  mapping(
    language,
    Object.fromEntries([
      ['0', { text: NONE, colour: RANK_COLOURS[0] }],
      ...levels.map((level, i) => [String(i + 1), { text: levelName(level), colour: RANK_COLOURS[(i + 1) as Rank] }]),
    ]),
  );

/** Ranks of weather responses, by the levels of the plan. */
export const responseLevels = (language: Language): ValueMap => ranked(language, LEVELS);
/** Ranks of warning signals, by their colours. */
export const warningLevels = (language: Language): ValueMap => ranked(language, COLOURS);

/** Classes of water 1 to 6 by their numerals and grades, in the colours of 环办〔2011〕22号. */
export const waterClasses = (language: Language): ValueMap =>
  mapping(
    language,
    Object.fromEntries(
      CLASS_NUMERALS.map((numeral, i) => {
        const { zh, en } = gradeOf((i + 1) as 1);
        const text = { zh: `${numeral} ${zh}`, en: `${numeral} ${en}` };
        return [String(i + 1), { text, colour: CLASS_COLOURS[i]! }];
      }),
    ),
  );

/** Hazards of the plan, or signals of the measures, by name. */
export const hazardNames = (language: Language): ValueMap =>
  mapping(
    language,
    Object.fromEntries(
      Object.entries({ ...CMA_2007.signals, ...HAZARDS }).map(([id, { name }]) => [id, { text: name, colour: 'text' }]),
    ),
  );

/** States of a signal's life (docs/signals.md) in words. */
export const signalStates = (language: Language): ValueMap =>
  mapping(language, {
    proposed: { text: { zh: '建议', en: 'proposed' }, colour: WATCH },
    agreed: { text: { zh: '已同意，待签发', en: 'agreed, to be signed' }, colour: WATCH },
    active: { text: { zh: '生效', en: 'in force' }, colour: BAD },
    'lift-proposed': { text: { zh: '建议解除', en: 'end proposed' }, colour: WATCH },
    lifted: { text: { zh: '已解除', en: 'lifted' }, colour: GOOD },
    lapsed: { text: { zh: '未采纳，条件已消失', en: 'lapsed' }, colour: GOOD },
  });

/** Levels of signals as the series has them, in words: of responses and of warnings. */
export const levelWords = (language: Language): ValueMap =>
  mapping(
    language,
    Object.fromEntries(
      [LEVELS, COLOURS].flatMap((levels) =>
        levels.map((level, i) => [level, { text: levelName(level), colour: RANK_COLOURS[(i + 1) as Rank] }]),
      ),
    ),
  );

/** Truths in words. `bad` says which of them is shown as bad. */
export const yesNo = (language: Language, bad: 'true' | 'false' = 'false'): ValueMap =>
  mapping(language, {
    true: { text: { zh: '是', en: 'yes' }, colour: bad === 'true' ? BAD : GOOD },
    false: { text: { zh: '否', en: 'no' }, colour: bad === 'false' ? WATCH : GOOD },
  });

interface Amount {
  readonly when: 'observed' | 'forecast';
  readonly hours: number;
  readonly atLeast: number;
}

/** Sums of rain that a clause names with a number. */
const amountsOf = (clause: Clause): Amount[] =>
  clause
    .flatMap(({ each }) => leavesOf(each))
    .flatMap((leaf): Amount[] => {
      if (!('when' in leaf) || leaf.quantity !== 'rain' || leaf.of !== 'sum') return [];
      const { when, hours, atLeast } = leaf;
      return typeof atLeast === 'number' ? [{ when, hours, atLeast }] : [];
    });

/** The highest rank for each amount, as steps of colour. */
const stepsOf = (found: readonly (readonly [number, Rank])[]): readonly Step[] => {
  const highest = new Map<number, Rank>();
  for (const [amount, rank] of found) highest.set(amount, Math.max(rank, highest.get(amount) ?? 0) as Rank);
  const sorted = [...highest].sort(([a], [b]) => a - b);
  return [[null, 'transparent'], ...sorted.map(([amount, rank]): Step => [amount, RANK_COLOURS[rank]])];
};

/** Amounts of 24 h, fallen or forecast, that rainstorm's table in the plan names, each in the colour of the highest level it counts for. */
export const planRain = (when: Amount['when']): readonly Step[] =>
  stepsOf(
    LEVELS.flatMap((level, i) =>
      (HAZARDS['rainstorm']?.levels[level] ?? []).flatMap((clause) => {
        const amounts = amountsOf(clause);
        const alone = when === 'observed' || amounts.every((one) => one.when === 'forecast');
        return amounts
          .filter((one) => alone && one.when === when)
          .map(({ atLeast }): [number, Rank] => [atLeast, (i + 1) as Rank]);
      }),
    ),
  );

/** Amounts within so many hours that warning signals for rainstorm name, in their colours. */
export const warningRain = (hours: number): readonly Step[] =>
  stepsOf(
    COLOURS.flatMap((colour, i) =>
      (CMA_2007.signals['rainstorm']?.levels[colour]?.clauses ?? [])
        .flatMap(amountsOf)
        .filter((one) => one.hours === hours && one.when === 'observed')
        .map(({ atLeast }): [number, Rank] => [atLeast, (i + 1) as Rank]),
    ),
  );

/** A table's cell on the colour of its value. */
export const coloured = (steps?: readonly Step[], values?: ValueMap): DynamicConfigValue[] => [
  { id: 'custom.cellOptions', value: { type: 'color-background', mode: 'basic' } },
  ...(steps === undefined
    ? []
    : [{ id: 'thresholds', value: { mode: 'absolute', steps: steps.map(([value, color]) => ({ value, color })) } }]),
  ...(values === undefined ? [] : [{ id: 'mappings', value: [values] }]),
];
