import { dustfallRectification } from './dustfall-rectification.ts';
import { rainstorm } from './rainstorm.ts';
import type { Rule } from './rule.ts';
import { stationSilent } from './station-silent.ts';

/** One line a rule. */
export const rules: readonly Rule[] = [dustfallRectification, rainstorm, stationSilent];
