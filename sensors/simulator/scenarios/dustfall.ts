import { stationsOf } from '../../../src/core/catalog.ts';
import { monthStart } from '../../../src/core/time.ts';
import type { Scenario } from '../scenario.ts';

/** One point of last month is above the 9 t/(km²·30d) of 沁政办发〔2021〕16号, 17; the others are dusty and below it. */
export const dustfall: Scenario = {
  name: 'dustfall',
  title: { zh: '降尘超标', en: 'Dustfall above its limit' },
  effects: ({ catalog, noise, now }) => {
    const points = stationsOf(catalog, 'dustfall');
    const worst = points[Math.floor(noise.unit('dustiest') * points.length)]?.id;
    const month = monthStart(now, -1);
    return {
      dustfall: (station, start) => {
        if (start !== month) return undefined;
        return station.id === worst ? 9.6 : 4.5 + 4 * noise.unit(`dusty ${station.id}`);
      },
    };
  },
};
