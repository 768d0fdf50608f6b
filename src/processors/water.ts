import { water } from '../../sensors/feeds/water.ts';
import type { Settings } from '../config/schema.ts';
import { tidy } from '../core/round.ts';
import { DAY, monthName, monthStart } from '../core/time.ts';
import type { Figure, Reading, Span } from '../core/types.ts';
import type { WaterBody } from '../standards/gb3838-2002.ts';
import {
  type Evaluation,
  evaluateSection,
  type ItemResult,
  type WaterConditions,
} from '../standards/water-evaluation-2011.ts';
import { roundedForClass, roundKeeping } from '../standards/water-rounding-2018.ts';
import { belowDetection, meanOf, scaleOf } from '../standards/water-statistics-2020.ts';
import type { Cadence, Place } from './cadence.ts';
import { isBelowDetection, type Piece, piecesBy, summarise, validValue } from './hourly.ts';
import { Draft, daySpan, fieldsOf, intervalOf, lastDayOf, monthSpan, readingsIn } from './longer.ts';
import type { Processor } from './processor.ts';
import type { DayMeans, Window } from './window.ts';

// 地表水: means of the day's readings, of the month's valid daily means, and of the year's valid monthly means, so that a day with many
// readings weighs no more than another. Averages first, then class (环办〔2011〕22号): a class is that of the period's means, never a mean
// of classes. An item below its minimum of data is not judged and stands in `missing`.

const { quantities } = water;
const dayOf = daySpan(() => 0);

/** Means of a period by quantity, and whether each has its minimum of data. */
interface Means {
  readonly values: ReadonlyMap<string, { readonly value: number; readonly valid: boolean }>;
  /** Readings, days or months with anything valid. */
  readonly count: number;
}

/** What a reading counts as in means; less than the detection limit as a share of it. */
const countedValue = (
  reading: Reading,
  quantity: string,
  { below_detection }: Settings['water'],
): number | undefined => {
  const value = validValue(reading, quantity);
  return value !== undefined && isBelowDetection(reading, quantity) ? belowDetection(value, below_detection) : value;
};

const meanOfPieces = (quantity: string, pieces: readonly Piece[], { ph_mean }: Settings['water']) => {
  const { enter, leave } = scaleOf(quantity, ph_mean);
  const mean = summarise(
    'mean',
    pieces.map((piece) => ({ ...piece, value: enter(piece.value) })),
  );
  return mean && { value: tidy(leave(mean.value)), count: pieces.length };
};

const makeDay = (window: Window, within: Span, place: Place): DayMeans => {
  const { settings } = place;
  const readings = readingsIn(window, within);
  const means = new Map<string, { value: number; count: number }>();
  if (readings.length === 0) return means;
  for (const quantity in quantities) {
    const value = (reading: Reading) => countedValue(reading, quantity, settings.water);
    const mean = meanOfPieces(quantity, piecesBy(readings, value, intervalOf(place, 'water')), settings.water);
    if (mean !== undefined) means.set(quantity, mean);
  }
  return means;
};

/** The means of a day; remembered in the window. */
const dayMeans = (window: Window, within: Span, place: Place): DayMeans =>
  window.days.of(within.start, () => makeDay(window, within, place));

const meansOfDay = (window: Window, span: Span, place: Place): Means => {
  const day = dayMeans(window, span, place);
  const least = place.settings.water.day_readings;
  const values = [...day].map(([quantity, { value, count }]) => [quantity, { value, valid: count >= least }] as const);
  return { values: new Map(values), count: Math.max(0, ...[...day.values()].map(({ count }) => count)) };
};

/** The means of the valid values of shorter periods; `least` of them make one valid. */
const meansOver = (parts: readonly Means[], least: number, { settings }: Place): Means => {
  const values = new Map<string, { value: number; valid: boolean }>();
  for (const quantity in quantities) {
    const found = parts.flatMap((part) => part.values.get(quantity) ?? []).filter(({ valid }) => valid);
    if (found.length === 0) continue;
    const mean = meanOf(
      quantity,
      found.map(({ value }) => value),
      settings.water.ph_mean,
    );
    values.set(quantity, { value: tidy(mean), valid: found.length >= least });
  }
  return { values, count: parts.filter((part) => part.values.size > 0).length };
};

const meansOfMonth = (window: Window, month: Span, place: Place): Means => {
  const days: Means[] = [];
  for (let start = month.start; start < month.end; start += DAY)
    days.push(meansOfDay(window, { start, end: start + DAY }, place));
  return meansOver(days, place.settings.water.month_days, place);
};

const yearSpan = (instant: number): Span => {
  const start = monthStart(instant, 1 - Number(monthName(instant).slice(5)));
  return { start, end: monthStart(start, 12) };
};

/** Of a year that memory does not hold from its start nothing is said. */
const meansOfYear = (window: Window, year: Span, place: Place): Means => {
  const months: Means[] = [];
  if (window.from >= year.start) return { values: new Map(), count: 0 };
  for (let start = year.start; start < year.end; start = monthStart(start, 1))
    months.push(meansOfMonth(window, monthSpan(start), place));
  return meansOver(months, place.settings.water.year_months, place);
};

type MeansOf = (window: Window, span: Span, place: Place) => Means;

const meansCadence = (measurement: string, span: Cadence['span'], meansOfPeriod: MeansOf): Cadence => ({
  measurement,
  fields: fieldsOf(quantities),
  span,
  make: (window, within, place) => {
    const { values, count } = meansOfPeriod(window, within, place);
    const draft = new Draft();
    for (const [quantity, { value, valid }] of values) draft.put(quantity, value, valid);
    return draft.figure(measurement, place.station.id, within, count);
  },
});

/** A value as it is judged. */
export const judgedValue = (quantity: string, value: number, { water }: Settings): number =>
  water.rounded_first ? roundedForClass(quantity, value) : value;

/** How water of a body is judged. */
export const conditionsFor = (body: WaterBody, settings: Settings): WaterConditions => ({
  body,
  pressure: settings.water.do_saturation ? settings.water.pressure : undefined,
  rounded: (item, value) => judgedValue(item, value, settings),
});

/** How a station's water is judged. */
export const conditionsOf = ({ station, settings }: Place): WaterConditions =>
  conditionsFor(station.waterBody ?? 'river', settings);

const evaluate = ({ values }: Means, place: Place): Evaluation | undefined => {
  const valid = [...values].filter(([, mean]) => mean.valid).map(([quantity, { value }]) => [quantity, value]);
  return evaluateSection(Object.fromEntries(valid), conditionsOf(place));
};

/** `total_phosphorus(0.5)`; pH and dissolved oxygen have no multiple. */
export const withMultiple = ({ item, multiple }: ItemResult): string =>
  multiple === undefined ? item : `${item}(${roundKeeping(multiple, 1)})`;

const classCadence = (period: string, span: Cadence['span'], meansOfPeriod: MeansOf): Cadence => ({
  measurement: 'water_class',
  tags: { period },
  fields: ['class', 'defining', 'missing', 'main', 'count', 'valid', 'invalid'],
  span,
  make: (window, within, place): Figure | undefined => {
    const means = meansOfPeriod(window, within, place);
    const found = evaluate(means, place);
    if (found === undefined) return undefined;
    const lacks = place.settings.water.required_items.some((item) => found.missing.includes(item));
    const lists = { defining: found.defining.join(), missing: found.missing.join() };
    const main = found.main.map(withMultiple).join();
    const fields = { class: found.class, ...lists, main, count: means.count, valid: !lacks };
    const series = { measurement: 'water_class', station: place.station.id, tags: { period } };
    return { ...series, start: within.start, end: within.end, fields, invalid: lacks ? ['class'] : [] };
  },
});

export const waterProcessor: Processor = {
  feed: 'water',
  cadences: [
    meansCadence('water_day', dayOf, meansOfDay),
    meansCadence('water_month', monthSpan, meansOfMonth),
    classCadence('day', dayOf, meansOfDay),
    classCadence('month', monthSpan, meansOfMonth),
    classCadence('year', yearSpan, meansOfYear),
  ],
  reach: (reading) => {
    const { start, end } = lastDayOf(reading);
    return { start: yearSpan(start).start - DAY, end: yearSpan(end).end + DAY };
  },
  // A year that ends is still in memory, and so is the month before the newest reading's.
  keep: 400 * DAY,
};
