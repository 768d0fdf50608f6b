import type { Settings } from '../config/schema.ts';
import { DAY, monthStart } from '../core/time.ts';
import type { Figure, Reading, Span } from '../core/types.ts';
import { countyDustfall } from '../standards/dustfall-bulletin.ts';
import { DUSTFALL_MARKS, type DustfallMark, dustfallMarks, exposureDays, roundDustfall } from '../standards/hj1221.ts';
import type { Cadence } from './cadence.ts';
import { validValue } from './hourly.ts';
import { Draft, monthSpan } from './longer.ts';
import type { Member, Processor } from './processor.ts';
import { anchorOf, readingsAround } from './window.ts';

// 降尘: an exposure belongs to the month that holds its middle; one decimal (HJ 1221-2021), exact ties to even (GB/T 8170).
// Values are per 30 days already and are never scaled by the length of the month. Two jars of one point are averaged. An exposure
// that is not the method's, and a value below its limit of detection, are marked and used all the same.

/** What hung out longer than this says nothing of one month, ms. */
const longestOf = ({ dustfall }: Settings): number => dustfall.exposure_longest * DAY;

interface Jar {
  readonly value: number;
  readonly marks: readonly DustfallMark[];
}

/** What a reading says of the jar that it is of. */
const jarOf = (reading: Reading, { exposure_least: least, exposure_most: most }: Settings['dustfall']): Jar[] => {
  const value = validValue(reading, 'dustfall');
  if (value === undefined) return [];
  return [{ value, marks: dustfallMarks(value, exposureDays(reading.start, reading.time), { least, most }) }];
};

/** `dustfall=exposure+below-detection`, over all jars of a point. */
const marksText = (jars: readonly Jar[]): { marks?: string } => {
  const found = DUSTFALL_MARKS.filter((mark) => jars.some(({ marks }) => marks.includes(mark)));
  return found.length === 0 ? {} : { marks: `dustfall=${found.join('+')}` };
};

const month: Cadence = {
  measurement: 'dustfall_month',
  fields: ['dustfall', 'marks', 'count', 'valid', 'invalid'],
  span: monthSpan,
  make: (window, span, { station, settings }) => {
    const jars = readingsAround(window.readings, span, longestOf(settings))
      .filter((reading) => anchorOf(reading) >= span.start && anchorOf(reading) < span.end)
      .filter((reading) => reading.time - reading.start <= longestOf(settings))
      .flatMap((reading) => jarOf(reading, settings.dustfall));
    if (jars.length === 0) return undefined;
    const draft = new Draft();
    draft.put('dustfall', roundDustfall(jars.reduce((sum, { value }) => sum + value, 0) / jars.length), true);
    Object.assign(draft.fields, marksText(jars));
    return draft.figure('dustfall_month', station.id, span, jars.length);
  },
};

/** When a month's mean counts without all points. */
const finalAt = (monthEnd: number, settings: Settings): number =>
  monthEnd + (settings.dustfall.mean_final_day - 1) * DAY;

/**
 * The county's month: the highest and the lowest of its points, and their mean, each to 0.1 t/(km²·30d).
 * Both count at once; the mean when every point in service has reported, or from the day of the next month that the settings
 * name, and is marked invalid before.
 */
const county = (members: readonly Member[], instant: number, clock: number, settings: Settings): Figure | undefined => {
  const span = monthSpan(instant);
  let complete = true;
  const values = members.flatMap(({ station, window }) => {
    const figure = month.make(window, span, { station, settings });
    if (figure === undefined && station.active) complete = false;
    return figure === undefined ? [] : (figure.fields['dustfall'] as number);
  });
  const found = countyDustfall(values);
  if (found === undefined) return undefined;
  const draft = new Draft();
  draft.put('max', found.max, true);
  draft.put('min', found.min, true);
  draft.put('mean', found.mean, complete || clock >= finalAt(span.end, settings));
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

const reach = (span: Span, settings: Settings): Span => ({
  start: monthSpan(span.start).start - longestOf(settings),
  end: monthSpan(span.end).end + longestOf(settings),
});

export const dustfallProcessor: Processor = {
  feed: 'dustfall',
  cadences: [month],
  reach,
  keep: KEPT,
  county: { figure: county, due, reach },
};
