import { weather } from '../../sensors/feeds/weather.ts';
import { DAY, HOUR } from '../core/time.ts';
import type { Cadence } from './cadence.ts';
import { type Hourly, type HourValue, piecesOf, summarise } from './hourly.ts';
import {
  countOf,
  Draft,
  dayReach,
  daySpan,
  fieldsOf,
  hourCadence,
  hoursOf,
  intervalOf,
  lastDayOf,
  longerReadings,
  putDayMean,
  readingsIn,
  validHours,
} from './longer.ts';
import type { Processor } from './processor.ts';
import { rainBeforehand, rainFigures } from './rain.ts';

// 气象: days begin at 20:00 or 08:00 (`weather.day_starts`). Sums need the whole day; means need `weather.day_hours` hours.
// Beside its mean, the day of a temperature has its extremes.

const { quantities } = weather;
const EXTREMES = ['temperature', 'ground_temperature'];
const extremeFields = EXTREMES.flatMap((quantity) => [`${quantity}_max`, `${quantity}_min`]);

const hoursWith = (hours: readonly (Hourly | undefined)[], quantity: string): HourValue[] =>
  hours.flatMap((hour) => hour?.values.get(quantity) ?? []);

const putExtremes = (draft: Draft, quantity: string, hours: readonly HourValue[], valid: boolean): void => {
  if (hours.length === 0) return;
  draft.put(`${quantity}_max`, Math.max(...hours.map((hour) => hour.most)), valid);
  draft.put(`${quantity}_min`, Math.min(...hours.map((hour) => hour.least)), valid);
};

const day: Cadence = {
  measurement: 'weather_day',
  fields: fieldsOf(quantities, extremeFields),
  span: daySpan((settings) => Number(settings.weather.day_starts.slice(0, 2)) * HOUR),
  make: (window, span, place) => {
    const interval = intervalOf(place, 'weather');
    const { hour_minutes, day_hours } = place.settings.weather;
    const hours = hoursOf(window, span, quantities, interval);
    const readings = readingsIn(window, span);
    const longer = longerReadings(window, span);
    const draft = new Draft();
    for (const one of Object.entries(quantities)) {
      const [quantity, { aggregate }] = one;
      const valid = validHours(hours, quantity, hour_minutes);
      const enough = valid.length >= day_hours;
      if (aggregate === 'mean') {
        putDayMean(draft, one, valid, longer, day_hours);
        if (EXTREMES.includes(quantity)) putExtremes(draft, quantity, hoursWith(hours, quantity), enough);
        continue;
      }
      const whole = summarise(aggregate, piecesOf(readings, quantity, interval));
      if (whole === undefined) continue;
      if (aggregate === 'sum') draft.putSum(quantity, whole, span);
      else draft.put(quantity, whole.value, valid.length > 0 ? enough : whole.covered >= day_hours * HOUR);
    }
    return draft.figure('weather_day', place.station.id, span, countOf(hours, longer));
  },
};

export const weatherProcessor: Processor = {
  feed: 'weather',
  cadences: [hourCadence('weather', quantities), day],
  // A reading changes rolling sums up to 24 h later, and those look back 24 h from there.
  reach: (span, settings) => {
    const days = dayReach(day, span, settings);
    const { start, end } = lastDayOf(span);
    return { start: Math.min(days.start, start - DAY - HOUR), end: Math.max(days.end, end + DAY) };
  },
  keep: 3 * DAY,
  rolling: { beforehand: rainBeforehand, figures: rainFigures },
};
