import { dustfall as feed } from '../../../sensors/feeds/dustfall.ts';
import { within } from '../../../src/cli/calculator.ts';
import { remarkOf, weighingIn } from '../../../src/cli/dustfall.ts';
import type { Settings } from '../../../src/config/schema.ts';
import { monthName } from '../../../src/core/time.ts';
import * as plan from '../../../src/standards/air-action-plan-2021.ts';
import {
  type DustfallMark,
  dustfallMarks,
  dustfallOf,
  exposureDays,
  roundDustfall,
} from '../../../src/standards/hj1221.ts';
import { rowOf, timedCells } from './cells.ts';

/** A jar's dustfall as flows carry it, t/(km²·30d). */
export interface DustfallWords {
  /** As it is reported, to 0.1: this is what is held against the line. */
  readonly dustfall: number;
  readonly exact: number;
  readonly unit: 't/(km²·30d)';
  /** Of the exposure, to 0.1. */
  readonly days: number;
  /** YYYY-MM, that of the exposure's middle. */
  readonly month: string;
  readonly marks: readonly DustfallMark[];
  readonly remark: string;
  /** The line of the county's plan, and whether the jar lies above it; at it is not above. */
  readonly line: number;
  readonly above: boolean;
  readonly basis: { readonly document: string; readonly clause: string };
}

/**
 * Dustfall of a weighing: `gross` `tare` `blank` (g), `area` (cm²), `start` and `end` of the exposure.
 * @throws RangeError where one is missing, none, or impossible
 */
export const dustfallWords = (payload: unknown, { dustfall: settings }: Settings): DustfallWords => {
  const weighing = weighingIn(timedCells(rowOf(payload)));
  const exact = within(feed.quantities, 'dustfall', dustfallOf(weighing));
  const days = exposureDays(weighing.start, weighing.end);
  const marks = dustfallMarks(exact, days, { least: settings.exposure_least, most: settings.exposure_most });
  const dustfall = roundDustfall(exact);
  return {
    dustfall,
    exact,
    unit: 't/(km²·30d)',
    days,
    month: monthName((weighing.start + weighing.end) / 2),
    marks,
    remark: marks.map((mark) => remarkOf(mark, settings)).join('; '),
    line: settings.rectification_above,
    above: dustfall > settings.rectification_above,
    basis: { document: plan.EDITION.document, clause: plan.RECTIFICATION_CLAUSE },
  };
};

/** `9.6 t/(km²·30d) > 9`. */
export const briefOf = ({ dustfall, unit, line, above, marks }: DustfallWords): string =>
  `${dustfall.toFixed(1)} ${unit} ${above ? '>' : '≤'} ${line} ${marks.join(' ')}`.trim();
