import type { Settings } from '../config/schema.ts';
import { roundHalfEven } from '../core/round.ts';
import { DAY, monthStart } from '../core/time.ts';
import type { Figure, Span } from '../core/types.ts';
import type { Cadence } from './cadence.ts';
import { validValue } from './hourly.ts';
import { Draft, monthSpan } from './longer.ts';
import type { Member, Processor } from './processor.ts';
import { anchorOf, readingsAround } from './window.ts';

// 降尘: an exposure belongs to the month that holds its middle; one decimal (HJ 1221-2021), exact ties to even (GB/T 8170).
// Values are per 30 days already and are never scaled by the length of the month. Two jars of one point are averaged.

/** The method exposes a jar for 30 ± 2 days; what hung out half as long again says nothing of one month. */
const LONGEST = 45 * DAY;

const month: Cadence = {
  measurement: 'dustfall_month',
  fields: ['dustfall', 'count', 'valid', 'invalid'],
  span: monthSpan,
  make: (window, span, { station }) => {
    const values = readingsAround(window.readings, span, LONGEST)
      .filter((reading) => anchorOf(reading) >= span.start && anchorOf(reading) < span.end)
      .filter((reading) => reading.time - reading.start <= LONGEST)
      .flatMap((reading) => validValue(reading, 'dustfall') ?? []);
    if (values.length === 0) return undefined;
    const draft = new Draft();
    draft.put('dustfall', roundHalfEven(values.reduce((sum, value) => sum + value, 0) / values.length, 1), true);
    return draft.figure('dustfall_month', station.id, span, values.length);
  },
};

/** When a month's mean counts without all points. */
const finalAt = (monthEnd: number, settings: Settings): number =>
  monthEnd + (settings.dustfall.mean_final_day - 1) * DAY;

/**
 * The county's month: the highest of its points, and their mean, each to 0.1 t/(km²·30d).
 * The maximum counts at once; the mean when every point in service has reported, or from the day of the next month that the
 * settings name, and is marked invalid before.
 */
const county = (members: readonly Member[], instant: number, clock: number, settings: Settings): Figure | undefined => {
  const span = monthSpan(instant);
  let complete = true;
  const values = members.flatMap(({ station, window }) => {
    const figure = month.make(window, span, { station, settings });
    if (figure === undefined && station.active) complete = false;
    return figure === undefined ? [] : (figure.fields['dustfall'] as number);
  });
  if (values.length === 0) return undefined;
  const draft = new Draft();
  draft.put('max', Math.max(...values), true);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  draft.put('mean', roundHalfEven(mean, 1), complete || clock >= finalAt(span.end, settings));
  return draft.figure('dustfall_month', 'county', span, values.length);
};

const KEPT = 500 * DAY;

/** The months whose mean counts from a day in (from, to] on, as far back as readings are kept. */
const due = (from: number, to: number, settings: Settings): number[] => {
  const instants: number[] = [];
  for (let last = monthStart(to) - 1; last > to - KEPT; last = monthStart(last) - 1) {
    const final = finalAt(last + 1, settings);
    if (final <= from) break;
    if (final <= to) instants.unshift(last);
  }
  return instants;
};

const reach = (span: Span): Span => ({
  start: monthSpan(span.start).start - LONGEST,
  end: monthSpan(span.end).end + LONGEST,
});

export const dustfallProcessor: Processor = {
  feed: 'dustfall',
  cadences: [month],
  reach,
  keep: KEPT,
  county: { figure: county, due, reach },
};
