import { emission } from '../../sensors/feeds/emission.ts';
import { DAY } from '../core/time.ts';
import type { Cadence } from './cadence.ts';
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

// 固定污染源: an hour needs 45 valid minutes, a day 20 valid hours (HJ 212-2017 Appendix D, eq. 24-25). Values as measured,
// dry standard state; readings taken in fault or calibration count for nothing.

const { quantities } = emission;

const day: Cadence = {
  measurement: 'emission_day',
  fields: fieldsOf(quantities),
  span: daySpan(() => 0),
  make: (window, span, place) => {
    const hours = hoursOf(window, span, quantities, intervalOf(place, 'emission'));
    const longer = longerReadings(window, span);
    const { hour_minutes, day_hours } = place.settings.emission;
    const draft = new Draft();
    for (const one of Object.entries(quantities))
      putDayMean(draft, one, validHours(hours, one[0], hour_minutes), longer, day_hours);
    return draft.figure('emission_day', place.station.id, span, countOf(hours, longer));
  },
};

export const emissionProcessor: Processor = {
  feed: 'emission',
  cadences: [hourCadence('emission', quantities), day],
  reach: (span, settings) => dayReach(day, span, settings),
  keep: 3 * DAY,
};
