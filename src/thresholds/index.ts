import { dustfallAssessment } from './dustfall-assessment.ts';
import { dustfallRectification } from './dustfall-rectification.ts';
import { emission } from './emission.ts';
import { geologicalRisk } from './geological-risk.ts';
import { heavyPollution } from './heavy-pollution.ts';
import { reportLate } from './report-late.ts';
import type { Rule } from './rule.ts';
import { stationSilent } from './station-silent.ts';
import { warningSignal } from './warning-signal.ts';
import { waterSection } from './water-section.ts';
import { weatherResponse } from './weather-response.ts';

/** One line a rule. */
export const rules: readonly Rule[] = [
  dustfallRectification,
  dustfallAssessment,
  heavyPollution,
  weatherResponse,
  warningSignal,
  geologicalRisk,
  reportLate,
  emission,
  waterSection,
  stationSilent,
];
