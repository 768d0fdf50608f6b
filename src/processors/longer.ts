import type { Quantity } from '../../sensors/feeds/definition.ts';
import type { Settings } from '../config/schema.ts';
import { tidy } from '../core/round.ts';
import { DAY, dayStart, floorTo, HOUR, monthStart } from '../core/time.ts';
import type { FieldValue, Figure, Reading, Span } from '../core/types.ts';
import type { Cadence, Place } from './cadence.ts';
import { coveredEnough, type Hourly, type HourValue, hasValid, hourly, piecesOf, summarise, WANDER } from './hourly.ts';
import { anchorOf, readingsAround, type Window } from './window.ts';

// What hours, days and months have in common. Feeds say what differs: minima, and what a quantity's name becomes.

export const hourSpan = (instant: number): Span => {
  const start = floorTo(instant, HOUR);
  return { start, end: start + HOUR };
};

export const daySpan =
  (begins: (settings: Settings) => number) =>
  (instant: number, settings: Settings): Span => {
    const start = dayStart(instant, begins(settings));
    return { start, end: start + DAY };
  };

export const monthSpan = (instant: number): Span => ({ start: monthStart(instant), end: monthStart(instant, 1) });

/** A reading's span without what is more than a day before its end: a longer one belongs to no hour and no day. */
export const lastDayOf = ({ start, end }: Span): Span => ({ start: Math.max(start, end - DAY), end });

export type Quantities = Readonly<Record<string, Quantity>>;

/** Names of the fields that figures of these quantities may have. */
export const fieldsOf = (quantities: Quantities, more: readonly string[] = []): string[] => [
  ...Object.entries(quantities).flatMap(([name, { aggregate }]) =>
    aggregate === 'sum' ? [name, `${name}_min`] : name,
  ),
  ...more,
  'count',
  'valid',
  'invalid',
];

/** A figure under way: quantities with their values and whether each has its minimum of data. */
export class Draft {
  readonly fields: Record<string, FieldValue> = {};
  readonly invalid: string[] = [];

  put(quantity: string, value: number, valid: boolean): void {
    this.fields[quantity] = tidy(value);
    if (!valid) this.invalid.push(quantity);
  }

  /** Put a sum: known only where the whole period is covered, else `{quantity}_min` says what is known to have fallen. */
  putSum(quantity: string, { value, covered }: HourValue, span: Span): void {
    this.put(covered >= span.end - span.start - WANDER ? quantity : `${quantity}_min`, value, true);
  }

  /** The figure, or undefined where it holds nothing. `valid`: every quantity in it has its minimum of data. */
  figure(measurement: string, station: string, span: Span, count: number): Figure | undefined {
    const names = Object.keys(this.fields);
    if (names.length === 0) return undefined;
    const fields = { ...this.fields, count, valid: this.invalid.length === 0 };
    return { measurement, station, start: span.start, end: span.end, fields, invalid: this.invalid };
  }
}

/** Figures of the hour of a feed. */
export const hourCadence = (feed: 'air' | 'weather' | 'emission', quantities: Quantities): Cadence => ({
  measurement: `${feed}_hour`,
  fields: fieldsOf(quantities),
  span: hourSpan,
  make: (window, span, place) => {
    const hour = hourly(window, span.start, quantities, intervalOf(place, feed));
    if (hour === undefined) return undefined;
    const draft = new Draft();
    for (const [quantity, value] of hour.values) {
      if (quantities[quantity]!.aggregate === 'sum') draft.putSum(quantity, value, span);
      else draft.put(quantity, value.value, coveredEnough(value, place.settings[feed].hour_minutes));
    }
    return draft.figure(`${feed}_hour`, place.station.id, span, hour.count);
  },
});

/** The hours of a day, first hour first; undefined where nothing valid was read. */
export const hoursOf = (
  window: Window,
  span: Span,
  quantities: Quantities,
  interval: number,
): (Hourly | undefined)[] => {
  const hours: (Hourly | undefined)[] = [];
  for (let start = span.start; start < span.end; start += HOUR) hours.push(hourly(window, start, quantities, interval));
  return hours;
};

/** A quantity's hours that have their minimum of data. */
export const validHours = (hours: readonly (Hourly | undefined)[], quantity: string, minutes: number): HourValue[] =>
  hours.flatMap((hour) => hour?.values.get(quantity) ?? []).filter((value) => coveredEnough(value, minutes));

/** Readings that belong to a day or month, none of them longer than a day; in order of time. */
export const readingsIn = (window: Window, span: Span): Reading[] =>
  readingsAround(window.readings, span, DAY).filter((reading) => {
    const anchor = anchorOf(reading);
    return anchor >= span.start && anchor < span.end && reading.time - reading.start <= DAY;
  });

/** Of those the ones longer than an hour, such as a 24 h sampler's. */
export const longerReadings = (window: Window, span: Span): Reading[] =>
  readingsIn(window, span).filter((reading) => reading.time - reading.start > HOUR);

/** The mean of a day from its valid hourly means, or from readings longer than an hour where no hour has any. */
export const putDayMean = (
  draft: Draft,
  [quantity, { aggregate }]: readonly [string, Quantity],
  hours: readonly HourValue[],
  longer: readonly Reading[],
  hoursLeast: number,
): void => {
  if (hours.length > 0) {
    const mean = hours.reduce((sum, hour) => sum + hour.value, 0) / hours.length;
    draft.put(quantity, mean, hours.length >= hoursLeast);
    return;
  }
  const whole = longer.length === 0 ? undefined : summarise(aggregate, piecesOf(longer, quantity, 0));
  if (whole !== undefined) draft.put(quantity, whole.value, whole.covered >= hoursLeast * HOUR);
};

/** The `count` of a day: hours with anything valid, or readings longer than an hour where there are no such hours. */
export const countOf = (hours: readonly (Hourly | undefined)[], longer: readonly Reading[]): number =>
  hours.filter((hour) => hour !== undefined).length || longer.filter(hasValid).length;

/** The days that a reading may change, and on either side what readings that belong to them may stand at: none is longer than a day. */
export const dayReach = (day: Cadence, reading: Span, settings: Settings): Span => {
  const { start, end } = lastDayOf(reading);
  return { start: day.span(start, settings).start - HOUR, end: day.span(end, settings).end + DAY };
};

export const intervalOf = (place: Place, feed: 'air' | 'weather' | 'emission' | 'water'): number =>
  place.station.feeds[feed]?.interval ?? HOUR;
