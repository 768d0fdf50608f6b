import { air } from '../../sensors/feeds/air.ts';
import type { Settings } from '../config/schema.ts';
import { DAY } from '../core/time.ts';
import type { Figure, Span } from '../core/types.ts';
import { maximum8h } from '../standards/hj663.ts';
import { countyAqi, stationAqi } from './aqi.ts';
import type { Cadence, Place } from './cadence.ts';
import { type Hourly, hourly } from './hourly.ts';
import {
  countOf,
  Draft,
  dayReach,
  daySpan,
  fieldsOf,
  hourSpan,
  hoursOf,
  intervalOf,
  longerReadings,
  putDayMean,
} from './longer.ts';
import type { CountyCadence, Member, Processor } from './processor.ts';
import { isUsable, type Marks, marksOfDay, marksOfHour, withMarks } from './quality.ts';
import type { Window } from './window.ts';

// 环境空气: hours need 45 minutes, days 20 hourly means (GB 3095 Table 4). Days are Beijing days 00-24. The day's O3 is the
// maximum of its 8-hour means (MDA8): no document knows a daily mean of O3. The county's figures are means of the valid
// figures of its assessed stations.

const { quantities } = air;
const FIELDS = fieldsOf(quantities, ['marks']);

const makeHour = (window: Window, span: Span, place: Place): Figure | undefined => {
  const found = hourly(window, span.start, quantities, intervalOf(place, 'air'));
  if (found === undefined) return undefined;
  const marks = marksOfHour(found, place.settings);
  const draft = new Draft();
  for (const [quantity, { value }] of found.values)
    draft.put(quantity, value, isUsable(found, quantity, marks, place.settings));
  return withMarks(draft.figure('air_hour', place.station.id, span, found.count), [marks]);
};

/** The AQI and the county's mean are made of it too, and so of the day. */
const hour: Cadence = {
  measurement: 'air_hour',
  fields: FIELDS,
  span: hourSpan,
  make: (window, span, place) => window.hourFigures.of(span.start, () => makeHour(window, span, place)),
};

/** Hours of a quantity that count in the day's figure. */
const usableHours = (
  hours: readonly (Hourly | undefined)[],
  marks: readonly Marks[],
  quantity: string,
  settings: Settings,
) =>
  hours.map((one, at) =>
    one !== undefined && isUsable(one, quantity, marks[at]!, settings) ? one.values.get(quantity) : undefined,
  );

const ozone = (hours: ReturnType<typeof usableHours>, { settings }: Place) =>
  maximum8h(
    hours.map((one) => one?.value),
    {
      hoursLeast: settings.air.ozone_hours,
      windowsLeast: settings.air.ozone_windows,
      limit: settings.air.ozone_limit,
    },
  );

const makeDay = (window: Window, span: Span, place: Place): Figure | undefined => {
  const { settings } = place;
  const hours = hoursOf(window, span, quantities, intervalOf(place, 'air'));
  const longer = longerReadings(window, span);
  const marks = marksOfDay(hours, settings);
  const draft = new Draft();
  for (const one of Object.entries(quantities)) {
    const usable = usableHours(hours, marks, one[0], settings);
    if (one[0] !== 'o3')
      putDayMean(
        draft,
        one,
        usable.flatMap((value) => value ?? []),
        longer,
        settings.air.day_hours,
      );
    const o3 = one[0] === 'o3' ? ozone(usable, place) : undefined;
    if (o3 !== undefined) draft.put('o3', o3.value, o3.valid);
  }
  return withMarks(draft.figure('air_day', place.station.id, span, countOf(hours, longer)), marks);
};

const day: Cadence = {
  measurement: 'air_day',
  fields: FIELDS,
  span: daySpan(() => 0),
  make: (window, span, place) => window.dayFigures.of(span.start, () => makeDay(window, span, place)),
};

/** The share of stations that the county's figure needs, HJ 663. */
const leastStations = (stations: number, { air }: Settings): number =>
  stations * (stations < air.county_few ? air.county_share_few : air.county_share);

/** Means over stations, quantity by quantity; `count`: stations with any figure. */
const countyMean = (
  cadence: Cadence,
  members: readonly Member[],
  span: Span,
  settings: Settings,
): Figure | undefined => {
  const figures = members.flatMap(({ station, window }) => cadence.make(window, span, { station, settings }) ?? []);
  const least = leastStations(members.filter(({ station }) => station.active).length, settings);
  const draft = new Draft();
  for (const quantity in quantities) {
    const valid = figures.filter(({ invalid }) => !invalid?.includes(quantity));
    const values = valid.flatMap(({ fields }) => (fields[quantity] as number | undefined) ?? []);
    if (values.length === 0) continue;
    draft.put(quantity, values.reduce((sum, value) => sum + value, 0) / values.length, values.length >= least);
  }
  return draft.figure(cadence.measurement, 'county', span, figures.length);
};

/** Readings that belong to a day stand up to a day beyond it; hours of one day are worked out from the same readings. */
const countyReach = (span: Span, settings: Settings): Span => dayReach(day, span, settings);

const countyOf = (cadence: Cadence): CountyCadence => ({
  ...cadence,
  reach: countyReach,
  make: (members, span, settings) => countyMean(cadence, members, span, settings),
});

export const airProcessor: Processor = {
  feed: 'air',
  cadences: [hour, day, stationAqi('aqi_hour', hour), stationAqi('aqi_day', day)],
  reach: (span, settings) => dayReach(day, span, settings),
  keep: 3 * DAY,
  countywide: [
    countyOf(hour),
    countyAqi('aqi_hour', countyOf(hour)),
    countyOf(day),
    countyAqi('aqi_day', countyOf(day)),
  ],
};
