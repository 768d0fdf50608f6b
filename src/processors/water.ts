import { water } from '../../sensors/feeds/water.ts';
import { DAY } from '../core/time.ts';
import type { Span } from '../core/types.ts';
import type { Cadence } from './cadence.ts';
import { piecesOf, summarise } from './hourly.ts';
import { Draft, daySpan, fieldsOf, intervalOf, lastDayOf, monthSpan, readingsIn } from './longer.ts';
import type { Processor } from './processor.ts';
import { anchorOf, type Window } from './window.ts';

// 地表水: means of the day's readings, and of the month's valid daily means, so that a day with many readings weighs no more
// than another. Averages first, then class (环办〔2011〕22号).

const { quantities } = water;
const span = daySpan(() => 0);

const dayMeans = (window: Window, within: Span, interval: number): Map<string, { value: number; count: number }> => {
  const readings = readingsIn(window, within);
  const means = new Map<string, { value: number; count: number }>();
  for (const [quantity, { aggregate }] of Object.entries(quantities)) {
    const pieces = piecesOf(readings, quantity, interval);
    const mean = summarise(aggregate, pieces);
    if (mean !== undefined) means.set(quantity, { value: mean.value, count: pieces.length });
  }
  return means;
};

const day: Cadence = {
  measurement: 'water_day',
  fields: fieldsOf(quantities),
  span,
  make: (window, within, place) => {
    const draft = new Draft();
    const means = dayMeans(window, within, intervalOf(place, 'water'));
    for (const [quantity, { value, count }] of means)
      draft.put(quantity, value, count >= place.settings.water.day_readings);
    const count = Math.max(0, ...[...means.values()].map((mean) => mean.count));
    return draft.figure('water_day', place.station.id, within, count);
  },
};

/** The days of a month that hold any reading. */
const daysWithReadings = (window: Window, month: Span, place: Parameters<Cadence['make']>[2]): Span[] => {
  const starts = new Set(readingsIn(window, month).map((reading) => span(anchorOf(reading), place.settings).start));
  return [...starts].sort((a, b) => a - b).map((start) => ({ start, end: start + DAY }));
};

const month: Cadence = {
  measurement: 'water_month',
  fields: fieldsOf(quantities),
  span: monthSpan,
  make: (window, within, place) => {
    const days = daysWithReadings(window, within, place).map((one) =>
      dayMeans(window, one, intervalOf(place, 'water')),
    );
    const { day_readings, month_days } = place.settings.water;
    const draft = new Draft();
    for (const quantity in quantities) {
      const means = days.flatMap((day) => day.get(quantity) ?? []).filter(({ count }) => count >= day_readings);
      if (means.length === 0) continue;
      const mean = means.reduce((sum, { value }) => sum + value, 0) / means.length;
      draft.put(quantity, mean, means.length >= month_days);
    }
    return draft.figure('water_month', place.station.id, within, days.filter((day) => day.size > 0).length);
  },
};

export const waterProcessor: Processor = {
  feed: 'water',
  cadences: [day, month],
  reach: (reading) => {
    const { start, end } = lastDayOf(reading);
    return { start: monthSpan(start).start - DAY, end: monthSpan(end).end + DAY };
  },
  keep: 35 * DAY,
};
