import type { Station } from '../../src/core/catalog.ts';
import { HOUR } from '../../src/core/time.ts';
import { rounded } from './values.ts';
import type { World } from './world.ts';

/** Converted concentrations of an outlet whose permit names none, mg/m³: an ordinary small boiler behind its filters. */
const USUAL: Readonly<Record<string, number>> = { pm: 5, so2: 15, nox: 45 };

/** Analysers are where the permit has limits. */
const measuredAt = (outlet: Station): string[] =>
  Object.keys(USUAL).filter((quantity) => outlet.limits === undefined || outlet.limits[quantity] !== undefined);

// Oxygen a little above the reference of the permit, as in a stack with some false air; ambient air holds 21 %.
const oxygenOf = (world: World, outlet: Station, time: number): number => {
  const reference = outlet.referenceOxygen ?? 9;
  return reference + (21 - reference) * (0.2 + 0.06 * world.noise.smooth(`oxygen ${outlet.id}`, time, 4 * HOUR));
};

const convertedOf = (world: World, outlet: Station, quantity: string, time: number): number => {
  const usual = 0.45 + 0.12 * world.noise.smooth(`${quantity} ${outlet.id}`, time, 6 * HOUR);
  const share = world.emission(outlet, quantity, time) ?? usual;
  const limit = outlet.limits?.[quantity];
  return (
    (limit ?? (USUAL[quantity] ?? 0) * 2) * share * (1 + 0.03 * world.noise.grain(`${quantity} ${outlet.id}`, time))
  );
};

/** A reading of a stack: what the analyser sees at the oxygen of the moment, so that conversion gives the meant share of the limit. */
export const emissionReading = (world: World, outlet: Station, _start: number, end: number) => {
  const o2 = rounded(oxygenOf(world, outlet, end), 2);
  const dilution = outlet.referenceOxygen === undefined ? 1 : (21 - o2) / (21 - outlet.referenceOxygen);
  const measured = (quantity: string) => rounded(convertedOf(world, outlet, quantity, end) * dilution, 2);
  const load = 1 + 0.06 * world.noise.smooth(`load ${outlet.id}`, end, 3 * HOUR);
  return {
    values: {
      ...Object.fromEntries(measuredAt(outlet).map((quantity) => [quantity, measured(quantity)])),
      o2,
      flow: rounded((60_000 + 90_000 * world.noise.unit(`size ${outlet.id}`)) * load, 0),
      temperature: rounded(118 * load + 2 * world.noise.grain(`heat ${outlet.id}`, end), 1),
    },
    status: 'running',
  };
};
