import { emission } from '../../sensors/feeds/emission.ts';
import { figureFields } from '../core/figure.ts';
import { DAY, HOUR } from '../core/time.ts';
import type { Figure, Span } from '../core/types.ts';
import type { Cadence, Place } from './cadence.ts';
import { complianceHour } from './compliance.ts';
import { CONCENTRATIONS, complianceOf, meanOfRows, minutesOfRows, type Row, STATUSES } from './compliance-rows.ts';
import {
  countOf,
  Draft,
  dayReach,
  daySpan,
  fieldsOf,
  hourCadence,
  hourSpan,
  hoursOf,
  intervalOf,
  longerReadings,
  putDayMean,
  validHours,
} from './longer.ts';
import type { Processor } from './processor.ts';
import type { Window } from './window.ts';

// 固定污染源: an hour needs 45 valid minutes, a day 20 valid hours (HJ 212-2017 Appendix D, eq. 24-25). emission_hour and emission_day
// are as measured, dry standard state; readings taken in fault or calibration count for nothing. emission_compliance is what is
// held against the permit.

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

const converted = CONCENTRATIONS.map((quantity) => `converted_${quantity}`);
const minutes = STATUSES.map((status) => `minutes_${status}`);

const complianceHours: Cadence = {
  measurement: 'emission_compliance',
  fields: [
    ...converted,
    ...CONCENTRATIONS.flatMap((quantity) => [`limit_${quantity}`, `multiple_${quantity}`]),
    ...['judged', 'exceeded', 'reason', 'received', 'due', 'invalid'],
    ...minutes,
  ],
  span: hourSpan,
  make: (window, span, place) => complianceHour(window, span.start, place),
};

/** Rows of the hours of a day that have any reading. */
const rowsOf = (window: Window, span: Span, place: Place): Row[] => {
  const hours: (Figure | undefined)[] = [];
  for (let start = span.start; start < span.end; start += HOUR) hours.push(complianceHour(window, start, place));
  return hours.filter((hour) => hour !== undefined).map(figureFields);
};

const complianceDay: Cadence = {
  measurement: 'emission_compliance_day',
  fields: [
    ...converted,
    ...['hours_judged', 'hours_exceeded', 'compliance', 'transfer', 'count', 'valid', 'invalid'],
    ...minutes,
  ],
  span: day.span,
  make: (window, span, place) => {
    const rows = rowsOf(window, span, place);
    if (rows.length === 0) return undefined;
    const { judged, exceeded, compliance, transfer } = complianceOf(rows, DAY / HOUR);
    const draft = new Draft();
    for (const quantity of CONCENTRATIONS) {
      const mean = meanOfRows(rows, quantity, place.settings.emission.day_hours);
      if (mean !== undefined) draft.put(`converted_${quantity}`, mean.value, mean.valid);
    }
    const counts = { hours_judged: judged, hours_exceeded: exceeded, transfer: transfer!, ...minutesOfRows(rows) };
    Object.assign(draft.fields, counts, compliance === undefined ? {} : { compliance });
    return draft.figure('emission_compliance_day', place.station.id, span, rows.length);
  },
};

export const emissionProcessor: Processor = {
  feed: 'emission',
  cadences: [hourCadence('emission', quantities), day, complianceHours, complianceDay],
  reach: (span, settings) => dayReach(day, span, settings),
  keep: 3 * DAY,
};
