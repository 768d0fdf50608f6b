import { DAY, dayStart, HOUR } from '../core/time.ts';
import type { Reading } from '../core/types.ts';
import { validValue } from '../processors/hourly.ts';
import type { World } from './rule.ts';

// The county's forecast, day by day: one message a Beijing day with its AQI, several days an issue. Of each day from today on the newest
// issue that speaks of it counts, as long as it is not too old. The day under way is a whole day: the plans' 24 hours may cross
// natural days, and its AQI is the mean that the hours gone by are part of.

export interface ForecastDay {
  readonly start: number;
  /** undefined: no issue speaks of it. */
  readonly aqi: number | undefined;
  /** A dust storm is foreseen: its AQI is not of this pollution. */
  readonly dust: boolean;
  /** When the issue that counts was made, epoch ms; undefined: there is none. */
  readonly issued: number | undefined;
}

/** A day of which nothing is known. */
export const unknownDay = (start: number): ForecastDay => ({ start, aqi: undefined, dust: false, issued: undefined });

/** Days ahead that are looked at, at most: no forecast of a day's AQI says more. */
const FARTHEST = 15 * DAY;

/** A reading is of a day when its window is one. */
const dayOf = (reading: Reading): ForecastDay | undefined => {
  const { from: start, to } = reading;
  const aqi = validValue(reading, 'daily_aqi');
  if (start === undefined || aqi === undefined || start !== dayStart(start) || to !== start + DAY) return undefined;
  return { start, aqi, dust: reading.phenomena?.includes('sandstorm') ?? false, issued: reading.time };
};

/** Start of the last day that the next hours touch. */
export const lastDayWithin = (hours: number, now: number): number => dayStart(now + hours * HOUR - 1);

/** Every day from today to the last that is forecast, and at least as far as the hours ahead that end a level reach. */
export const forecastDays = ({ now, settings, forecasts }: World): ForecastDay[] => {
  const { max_age, lift_hours } = settings.heavy_pollution;
  const today = dayStart(now);
  const known = new Map<number, ForecastDay>();
  // In order of issue: the newest stands, also when an older one comes after it.
  for (const reading of forecasts('county')) {
    const day = reading.time >= now - max_age ? dayOf(reading) : undefined;
    if (day !== undefined && day.start >= today && day.start < today + FARTHEST) known.set(day.start, day);
  }
  const last = Math.max(lastDayWithin(lift_hours, now), ...known.keys());
  return Array.from({ length: (last - today) / DAY + 1 }, (_, ahead) => {
    const start = today + ahead * DAY;
    return known.get(start) ?? unknownDay(start);
  });
};
