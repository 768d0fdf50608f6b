import { DAY, HOUR, monthStart } from '../core/time.ts';
import { FEEDS } from '../core/types.ts';
import { SERIES } from '../store/series.ts';

/**
 * What a stored time means. `start` of an hour, day, month or year; the `end` of a period whose length the row does not tell
 * (a reading, a rolling sum); or an `instant` (a change of a signal, a station's status).
 */
type Label = 'hour' | 'day' | 'month' | 'year' | 'class' | 'end' | 'instant';

const NAMED: Readonly<Record<string, Label>> = {
  rain_rolling: 'end',
  water_class: 'class',
  emission_compliance: 'hour',
  signal: 'instant',
  station_status: 'instant',
  place: 'instant',
  pipeline: 'instant',
  pipeline_store: 'instant',
  ...Object.fromEntries(FEEDS.map((feed) => [feed, 'end' as const])),
};

/** What the times of a measurement mean, by its name; undefined: no series has such a name. */
export const labelOf = (measurement: string): Label | undefined => {
  if (Object.hasOwn(NAMED, measurement)) return NAMED[measurement];
  const suffix = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*_(hour|day|month|year)$/.exec(measurement)?.[1];
  return suffix as Label | undefined;
};

export interface Period {
  /** null where the series does not keep it. */
  readonly start: number | null;
  readonly end: number;
}

const yearsOn = (time: number): number => monthStart(time, 12);

const classEnd = (time: number, period: string | undefined): number => {
  if (period === 'year') return yearsOn(time);
  return period === 'day' ? time + DAY : monthStart(time, 1);
};

/** The period of a stored row: figures are stored by their START and shown by their END, as the bureaus do. */
export const periodOf = (label: Label, time: number, tags: Readonly<Record<string, string>>): Period => {
  if (label === 'hour') return { start: time, end: time + HOUR };
  if (label === 'day') return { start: time, end: time + DAY };
  if (label === 'month') return { start: time, end: monthStart(time, 1) };
  if (label === 'year') return { start: time, end: yearsOn(time) };
  if (label === 'class') return { start: time, end: classEnd(time, tags['period']) };
  return { start: label === 'instant' ? time : null, end: time };
};

/** Whether rows are stored by their end: then a span asked for is (from, to], else the period's start lies in [from, to). */
export const storedByEnd = (label: Label): boolean => label === 'end' || label === 'instant';

/** How far back a question without `from` looks: about a screen of rows for each station. */
export const usualSpan = (label: Label): number => {
  if (label === 'day') return 31 * DAY;
  if (label === 'year') return 1100 * DAY;
  return label === 'month' || label === 'class' ? 400 * DAY : DAY;
};

/** The tag that says where: a station, of compliance the outlet, of signals their subject. */
export const placeTag = (measurement: string): 'station' | 'outlet' | 'subject' => {
  if (measurement === 'signal') return 'subject';
  return SERIES[measurement]?.tags.includes('outlet') ? 'outlet' : 'station';
};
