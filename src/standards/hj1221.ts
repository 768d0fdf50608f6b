// HJ 1221-2021 环境空气 降尘的测定 重量法. Formula confirmed by two unrelated implementations and by its dimensions, the limits of
// detection by a reprint of clause 1. The area is that of the jar as measured (9.2.1): no default stands in for it.

import type { Edition } from './edition.ts';
import { roundHalfEven } from './gbt8170.ts';
import { DAY } from './units.ts';

export const EDITION = {
  document: 'HJ 1221-2021',
  title: {
    zh: '环境空气 降尘的测定 重量法',
    en: 'Ambient air: determination of dustfall, gravimetric method',
  },
  from: null,
  to: null,
  doubts: [
    'exposure of 30 ± 2 d: from memory (dustfall.exposure_least, dustfall.exposure_most)',
    'first day in force is not known; no setting: every weighing is of this method',
  ],
} as const satisfies Edition;

/** Clause 1, 方法检出限, t/(km²·30d). */
export const DETECTION_LIMIT = 0.3;

/** Clause 1, 测定下限, t/(km²·30d): below it a value is there, but not quantified. */
export const LOWER_LIMIT = 1.2;

/** Days that a jar is exposed, 30 ± 2: from memory, so the pipeline's settings decide. */
export const EXPOSURE = { least: 28, most: 32 } as const;

/** One weighing of a dustfall jar. */
export interface Weighing {
  /** Dust and crucible, constant mass, g (W1). */
  readonly gross: number;
  /** Empty crucible, g (Wa). */
  readonly tare: number;
  /** Residue of the same amount of glycol solution, g (Wc). */
  readonly blank: number;
  /** Mouth of the jar, cm² (S). */
  readonly area: number;
  /** Exposure, ms of event time. */
  readonly start: number;
  readonly end: number;
}

/** Exposure in days to 0.1 d, as the method counts it (n); ties to even (GB/T 8170). */
export const exposureDays = (start: number, end: number): number => roundHalfEven((end - start) / DAY, 1);

/** Dust, g, to a nanogram: what the difference of two weights holds beyond that is binary noise, and would decide ties. */
const massOf = ({ gross, tare, blank }: Weighing): number => Math.round((gross - tare - blank) * 1e9) / 1e9;

/**
 * Dustfall M = (W1 − Wa − Wc) / (S · n) · 30 · 10⁴, in t/(km²·30d), not rounded.
 * @throws RangeError where area or exposure is not above zero
 */
export const dustfallOf = (weighing: Weighing): number => {
  const days = exposureDays(weighing.start, weighing.end);
  if (!(weighing.area > 0) || !(days > 0)) throw new RangeError('a weighing needs an area and an exposure above zero');
  return (massOf(weighing) / (weighing.area * days)) * 30 * 1e4;
};

/** As it is reported: one decimal, t/(km²·30d), exact ties to even (GB/T 8170). */
export const roundDustfall = (value: number): number => roundHalfEven(value, 1);

/** What is to be said of a value: the exposure was not the method's; what fell is below what the method detects. */
export const DUSTFALL_MARKS = ['exposure', 'below-detection'] as const;
export type DustfallMark = (typeof DUSTFALL_MARKS)[number];

/**
 * Marks of one jar. They take nothing out of use: the value stays, and is judged.
 * @param value t/(km²·30d); as reported, to 0.1, it is held against the limit of detection
 * @param days exposure, d
 * @param exposure days that the method allows, both ends included
 */
export const dustfallMarks = (
  value: number,
  days: number,
  exposure: { readonly least: number; readonly most: number },
): DustfallMark[] => {
  const marked = {
    exposure: days < exposure.least || days > exposure.most,
    'below-detection': roundDustfall(value) < DETECTION_LIMIT,
  };
  return DUSTFALL_MARKS.filter((mark) => marked[mark]);
};
