import { HOUR } from '../../../src/core/time.ts';
import type { Scenario } from '../scenario.ts';
import { clamp, daily } from '../values.ts';

const RISES = 18 * HOUR;

/** Still winter air: PM2.5 climbs for 18 hours, stays about 150 to 250 µg/m³ for four days, and the wind comes back. */
export const heavyPollution: Scenario = {
  name: 'heavy-pollution',
  title: { zh: '重污染天气', en: 'Heavy pollution' },
  effects: ({ now }) => ({
    haze: (time) => {
      const rising = clamp((time - now + 66 * HOUR) / RISES, 0, 1);
      const clearing = clamp((now + 60 * HOUR - time) / RISES, 0, 1);
      return 172 * Math.min(rising, clearing) * (1 + 0.18 * daily(time, 7));
    },
    season: 10,
  }),
};
