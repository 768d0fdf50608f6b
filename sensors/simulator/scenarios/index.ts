import { LantianError } from '../../../src/core/errors.ts';
import type { Scenario } from '../scenario.ts';
import { calm } from './calm.ts';
import { dustfall } from './dustfall.ts';
import { emissionExceedance } from './emission-exceedance.ts';
import { faultySensors } from './faulty-sensors.ts';
import { heavyPollution } from './heavy-pollution.ts';
import { rainstorm } from './rainstorm.ts';

export const SCENARIOS: readonly Scenario[] = [
  calm,
  rainstorm,
  dustfall,
  heavyPollution,
  emissionExceedance,
  faultySensors,
];

/**
 * Scenarios by their names, joined by commas.
 * @throws LantianError usage
 */
export const scenariosOf = (names: string): Scenario[] =>
  names.split(',').map((name) => {
    const found = SCENARIOS.find((scenario) => scenario.name === name.trim());
    if (found) return found;
    throw new LantianError(
      'usage',
      `no scenario "${name.trim()}": there are ${SCENARIOS.map((one) => one.name).join(', ')}`,
    );
  });
