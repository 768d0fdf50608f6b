import { air } from '../../sensors/feeds/air.ts';
import { DAY } from '../core/time.ts';
import { maximum8h } from '../standards/hj663.ts';
import type { Cadence, Place } from './cadence.ts';
import { coveredEnough, type Hourly } from './hourly.ts';
import {
  countOf,
  Draft,
  dayReach,
  daySpan,
  fieldsOf,
  hourCadence,
  hoursOf,
  intervalOf,
  longerReadings,
  putDayMean,
  validHours,
} from './longer.ts';
import type { Processor } from './processor.ts';

// 环境空气: hours need 45 minutes, days 20 hourly means (GB 3095 Table 4). Days are Beijing days 00-24. The day's O3 is the
// maximum of its 8-hour means (MDA8): no document knows a daily mean of O3.

const { quantities } = air;

const ozone = (hours: readonly (Hourly | undefined)[], { settings }: Place) =>
  maximum8h(
    hours.map((hour) => {
      const value = hour?.values.get('o3');
      return value !== undefined && coveredEnough(value, settings.air.hour_minutes) ? value.value : undefined;
    }),
    {
      hoursLeast: settings.air.ozone_hours,
      windowsLeast: settings.air.ozone_windows,
      limit: settings.air.ozone_limit,
    },
  );

const day: Cadence = {
  measurement: 'air_day',
  fields: fieldsOf(quantities),
  span: daySpan(() => 0),
  make: (window, span, place) => {
    const hours = hoursOf(window, span, quantities, intervalOf(place, 'air'));
    const longer = longerReadings(window, span);
    const { hour_minutes, day_hours } = place.settings.air;
    const draft = new Draft();
    for (const one of Object.entries(quantities))
      if (one[0] !== 'o3') putDayMean(draft, one, validHours(hours, one[0], hour_minutes), longer, day_hours);
    const o3 = ozone(hours, place);
    if (o3 !== undefined) draft.put('o3', o3.value, o3.valid);
    return draft.figure('air_day', place.station.id, span, countOf(hours, longer));
  },
};

export const airProcessor: Processor = {
  feed: 'air',
  cadences: [hourCadence('air', quantities), day],
  reach: (span, settings) => dayReach(day, span, settings),
  keep: 3 * DAY,
};
