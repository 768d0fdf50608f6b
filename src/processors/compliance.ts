import { figureFields } from '../core/figure.ts';
import { tidy } from '../core/round.ts';
import { HOUR, MINUTE } from '../core/time.ts';
import type { FieldValue, Figure, Reading } from '../core/types.ts';
import { convertedConcentration } from '../standards/hj212-2017.ts';
import { exemptStatuses } from '../standards/marking-rules-2022.ts';
import type { Place } from './cadence.ts';
import { CONCENTRATIONS, outcomeOf, type Row, STATUSES } from './compliance-rows.ts';
import {
  coveredBy,
  coveredEnough,
  type HourValue,
  type Piece,
  piecesBy,
  piecesOf,
  readingsOfHour,
  summarise,
  validValue,
} from './hourly.ts';
import { intervalOf } from './longer.ts';
import type { Window } from './window.ts';

// 排放达标: an outlet's hour, converted to the reference oxygen and held against the permit's limits. What one hour says is a row of
// emission_compliance; whoever judges or sums up reads it from there.

/** Why an hour is not judged. */
export type Reason = 'no-limits' | 'stopped' | 'marked' | 'no-oxygen' | 'too-few-minutes';

/** What becomes of a reading: it counts, or why it does not. */
type Use = 'counts' | 'stopped' | 'marked' | 'no-oxygen';

const useOf = (reading: Reading, place: Place, exempt: readonly string[]): Use => {
  const { status = 'running' } = reading;
  if (status === 'fault' || status === 'calibration') return 'marked';
  if (exempt.includes(status)) return status === 'stopped' ? 'stopped' : 'marked';
  if (place.station.referenceOxygen === undefined) return 'counts';
  const oxygen = validValue(reading, 'o2');
  if (oxygen === undefined) return 'no-oxygen';
  return oxygen >= place.settings.emission.oxygen_stopped ? 'stopped' : 'counts';
};

/** Readings of an hour, what becomes of each, and for how long each stands. */
interface Hour {
  readonly readings: readonly Reading[];
  readonly uses: ReadonlyMap<Reading, Use>;
  readonly pieces: readonly Piece[];
}

const hourOf = (window: Window, start: number, place: Place): Hour => {
  const readings = readingsOfHour(window, start);
  const { station, settings } = place;
  const exempt = exemptStatuses(start, station.exemptStatuses ?? settings.emission.exempt_statuses);
  const uses = new Map(readings.map((reading) => [reading, useOf(reading, place, exempt)]));
  return { readings, uses, pieces: piecesBy(readings, () => 0, intervalOf(place, 'emission')) };
};

const minutesOf = ({ pieces }: Hour, chosen: (reading: Reading) => boolean): number =>
  tidy(coveredBy(pieces.filter(({ reading }) => chosen(reading))) / MINUTE);

/** The mean of a quantity's pieces at the reference oxygen: each converted at its own oxygen, then averaged, or the other way round. */
const convertedMean = (pieces: readonly Piece[], { station, settings }: Place): HourValue | undefined => {
  const { referenceOxygen } = station;
  const mean = summarise('mean', pieces);
  if (mean === undefined || referenceOxygen === undefined) return mean;
  const meanOf = (value: (piece: Piece) => number): HourValue =>
    summarise(
      'mean',
      pieces.map((piece) => ({ ...piece, value: value(piece) })),
    )!;
  const oxygen = ({ reading }: Piece): number => validValue(reading, 'o2')!;
  if (settings.emission.convert === 'reading')
    return meanOf((piece) => convertedConcentration(piece.value, oxygen(piece), referenceOxygen));
  const value = convertedConcentration(mean.value, meanOf(oxygen).value, referenceOxygen);
  return { ...mean, value: tidy(value) };
};

/**
 * Converted means of an hour, with the names of those that are measured, or that the outlet is to measure, and have too few minutes of
 * what counts: a quantity of which nothing came is not within its limit, it is not known.
 */
const convertedFields = ({ readings, uses }: Hour, place: Place) => {
  const fields: Record<string, FieldValue> = {};
  const invalid: string[] = [];
  for (const quantity of CONCENTRATIONS) {
    const isMonitored = place.station.monitored?.includes(quantity) === true;
    if (!isMonitored && !readings.some(({ values }) => values[quantity] !== undefined)) continue;
    const pieces = piecesOf(readings, quantity, intervalOf(place, 'emission'));
    const mean = convertedMean(
      pieces.filter(({ reading }) => uses.get(reading) === 'counts'),
      place,
    );
    if (mean !== undefined) fields[`converted_${quantity}`] = mean.value;
    if (mean === undefined || !coveredEnough(mean, place.settings.emission.hour_minutes))
      invalid.push(`converted_${quantity}`);
  }
  return { fields, invalid };
};

/** Limits of the permit, and by how much of it a valid value is above its limit, (C − L) / L. Exactly at it is within. */
const heldAgainst = (fields: Row, invalid: readonly string[], place: Place) => {
  const found: Record<string, number> = {};
  for (const [quantity, limit] of Object.entries(place.station.limits ?? {})) {
    found[`limit_${quantity}`] = limit;
    const value = fields[`converted_${quantity}`] as number | undefined;
    if (value !== undefined && value > limit && !invalid.includes(`converted_${quantity}`))
      found[`multiple_${quantity}`] = tidy((value - limit) / limit);
  }
  return found;
};

/** Why an hour could not be judged: what alone took more minutes than there are to spare, the most of them first. */
const reasonOf = (hour: Hour, { station, settings }: Place): Reason => {
  if (Object.keys(station.limits ?? {}).length === 0) return 'no-limits';
  const spare = HOUR / MINUTE - settings.emission.hour_minutes;
  const lost = (['stopped', 'marked', 'no-oxygen'] as const)
    .map((use) => ({ use, minutes: minutesOf(hour, (reading) => hour.uses.get(reading) === use) }))
    .filter(({ minutes }) => minutes > spare)
    .sort((a, b) => b.minutes - a.minutes);
  return lost[0]?.use ?? 'too-few-minutes';
};

/** An exceedance is certain by one quantity; that there is none, only when every one that is measured is known. */
const judgement = (fields: Row, hour: Hour, place: Place): Record<string, FieldValue> => {
  const outcomes = CONCENTRATIONS.map((quantity) => outcomeOf(fields, quantity));
  if (outcomes.includes('exceeded')) return { judged: true, exceeded: true };
  if (outcomes.includes('within') && !outcomes.includes('unknown')) return { judged: true, exceeded: false };
  return { judged: false, reason: reasonOf(hour, place) };
};

/** Minutes in each state; a plant whose oxygen is that of air stands, whatever it says. Absent: none. */
const minutesFields = (hour: Hour): Record<string, number> => {
  const stateOf = (reading: Reading): string =>
    hour.uses.get(reading) === 'stopped' ? 'stopped' : (reading.status ?? 'running');
  return Object.fromEntries(
    STATUSES.map(
      (status) => [`minutes_${status}`, minutesOf(hour, (reading) => stateOf(reading) === status)] as const,
    ).filter(([, minutes]) => minutes > 0),
  );
};

const make = (window: Window, start: number, place: Place): Figure | undefined => {
  const hour = hourOf(window, start, place);
  if (hour.readings.length === 0) return undefined;
  const { fields: converted, invalid } = convertedFields(hour, place);
  const held = { ...converted, ...heldAgainst(converted, invalid, place) };
  const figure = { measurement: 'emission_compliance', station: place.station.id, start, end: start + HOUR, invalid };
  const judged = judgement(figureFields({ ...figure, fields: held }), hour, place);
  const due = Math.max(1, Math.round(HOUR / intervalOf(place, 'emission')));
  const counts = { received: hour.readings.length, due };
  return { ...figure, fields: { ...held, ...judged, ...minutesFields(hour), ...counts } };
};

/** The row of the hour that begins at `start`; undefined: no reading belongs to it. Remembered in the window. */
export const complianceHour = (window: Window, start: number, place: Place): Figure | undefined =>
  window.hourFigures.of(start, () => make(window, start, place));
