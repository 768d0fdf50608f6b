import { MappingType, type ValueMap } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Bilingual } from '../../src/core/types.ts';
import { AQI_LEVELS } from '../../src/standards/aqi-levels.ts';
import { type Language, pick } from './language.ts';

// Colours and lines that documents give, from src/standards; the traffic lights of our own machine, from here.

type Step = readonly [number | null, string];

/** Colours of the AQI's levels, each from its lowest AQI: for `steps(...)`. */
export const AQI_STEPS: readonly Step[] = AQI_LEVELS.map(({ colour }, i): Step => {
  const below = AQI_LEVELS[i - 1];
  return [below === undefined ? null : below.most + 1, colour.hex];
});

/** Texts and colours of values that name something: states, levels, classes. */
export const mapping = (
  language: Language,
  values: Readonly<Record<string, { readonly text: Bilingual; readonly colour: string }>>,
): ValueMap => ({
  type: MappingType.ValueToText,
  options: Object.fromEntries(
    Object.entries(values).map(([value, { text, colour: color }], index) => [
      value,
      { text: pick(text, language), color, index },
    ]),
  ),
});

/** AQI levels 1 to 6 by name, in the document's colours. */
export const aqiLevels = (language: Language): ValueMap =>
  mapping(
    language,
    Object.fromEntries(
      AQI_LEVELS.map(({ level, name, colour }) => [String(level), { text: name, colour: colour.hex }]),
    ),
  );

/** Four levels of responses and of warning signals, by the `rank` of the series `signal`. The colours are those of 四色预警, by eye: no document gives codes. */
export const RANK_COLOURS = { 0: 'green', 1: 'blue', 2: 'yellow', 3: 'orange', 4: 'red' } as const;

export const GOOD = 'green';
export const WATCH = 'yellow';
export const BAD = 'red';

/** Good below `watch`, to be watched from there, bad from `bad`. */
export const risingTo = (watch: number, bad: number): readonly Step[] => [
  [null, GOOD],
  [watch, WATCH],
  [bad, BAD],
];
