import { type Station, stationsOf } from '../../../src/core/catalog.ts';
import { HOUR } from '../../../src/core/time.ts';
import type { Scenario } from '../scenario.ts';

const quantityOf = (outlet: Station | undefined): string | undefined => {
  const limited = Object.keys(outlet?.limits ?? {});
  return ['nox', 'so2', 'pm'].find((quantity) => limited.includes(quantity));
};

/** An outlet's flue-gas cleaning fails: its converted concentration is 1.2 to 1.6 times its permit's limit for ten hours. */
export const emissionExceedance: Scenario = {
  name: 'emission-exceedance',
  title: { zh: '排放超标', en: 'Emission above its permit' },
  effects: ({ catalog, noise, now }) => {
    const outlets = stationsOf(catalog, 'emission').filter((outlet) => quantityOf(outlet) !== undefined);
    const failing = outlets[Math.floor(noise.unit('failing') * outlets.length)];
    const fails = quantityOf(failing);
    return {
      emission: (outlet, quantity, time) => {
        if (outlet.id !== failing?.id || quantity !== fails) return undefined;
        if (time <= now - 6 * HOUR || time > now + 4 * HOUR) return undefined;
        return 1.4 + 0.15 * noise.smooth('failure', time, 2 * HOUR);
      },
    };
  },
};
