import type { Township } from '../../core/catalog.ts';
import { figureFields } from '../../core/figure.ts';
import type { Span } from '../../core/types.ts';
import { type AirDay, airPeriod } from '../../processors/air-periods.ts';
import { aqi, editionAt } from '../../standards/hj633.ts';
import { areaValue } from '../../standards/hj663.ts';
import { RANKED_ITEMS } from '../../standards/ranking-2014.ts';
import { type Held, heldMonths, rowsOf, type Source, type Stated } from './source.ts';

// Months of air are rows of air_month. The year so far ends with the report's month, and so does last year's beside it, while air_year
// goes on to the last day there is: both are worked out from the days, as air_year is. So is a township that has several stations.

const daysOf = (source: Source, station: string, span: Span): AirDay[] => {
  const indices = new Map(rowsOf(source, 'aqi_day', span, { station }).map(({ time, fields }) => [time, fields]));
  return rowsOf(source, 'air_day', span, { station }).map(({ time, fields }) => {
    const invalid = String(fields['invalid'] ?? '').split(',');
    const valid = RANKED_ITEMS.filter((item) => typeof fields[item] === 'number' && !invalid.includes(item));
    const { aqi, level } = (indices.get(time) ?? {}) as { aqi?: number; level?: number };
    return { start: time, values: Object.fromEntries(valid.map((item) => [item, fields[item] as number])), aqi, level };
  });
};

const periodOf = (source: Source, span: Span, days: readonly AirDay[], station: string): Stated | undefined => {
  const { settings, catalog, now } = source;
  const figure = airPeriod('air_month', span, days, { station, settings, dustDays: catalog.dustDays });
  return figure && { span, fields: figureFields(figure), provisional: span.end > now };
};

/** A station, or `county`: its months as they are stored, and the year up to the month's end. */
export const heldAir = (source: Source, station: string): Held<Stated> => {
  const { year, yearBefore } = source.months;
  return {
    ...heldMonths(source, 'air_month', { station }),
    year: periodOf(source, year, daysOf(source, station, year), station),
    yearBefore: periodOf(source, yearBefore, daysOf(source, station, yearBefore), station),
  };
};

/** The day of an area, from its stations' days: an item counts where enough of them have it; what none monitors is not missing. */
const areaDay = (
  start: number,
  days: readonly (AirDay | undefined)[],
  nowhere: readonly string[],
  { settings: { air } }: Source,
): AirDay => {
  const rule = { share: air.county_share, shareFew: air.county_share_few, few: air.county_few };
  const values = Object.fromEntries(
    RANKED_ITEMS.flatMap((item) => {
      const found = areaValue(
        days.map((day) => day?.values[item]),
        rule,
      );
      return found?.valid ? [[item, found.value] as const] : [];
    }),
  );
  const given = [
    ...nowhere.map((item) => [item, '/'] as const),
    ...Object.entries(values).map(([item, value]) => [item, Math.max(0, value)] as const),
  ];
  const options = { pm10Blocks: air.aqi_pm10_blocks, rounds2012: air.aqi_rounds_2012 };
  const index = aqi(editionAt(start), 'day', Object.fromEntries(given), options);
  return { start, values, aqi: index.aqi, level: index.level };
};

/** Items that none of some stations monitors. */
const monitoredNowhere = ({ catalog }: Source, stations: readonly string[]): string[] =>
  RANKED_ITEMS.filter((item) => stations.every((id) => catalog.stations.get(id)?.notMonitored?.includes(item)));

const areaDays = (source: Source, stations: readonly string[], span: Span): AirDay[] => {
  const nowhere = monitoredNowhere(source, stations);
  const each = stations.map((one) => new Map(daysOf(source, one, span).map((day) => [day.start, day])));
  const starts = [...new Set(each.flatMap((days) => [...days.keys()]))].sort((a, b) => a - b);
  return starts.map((start) =>
    areaDay(
      start,
      each.map((days) => days.get(start)),
      nowhere,
      source,
    ),
  );
};

/** A township: its station's figures; of several in service the means of their days (HJ 663). */
export const heldTownship = (source: Source, { id }: Township, listed: readonly string[]): Held<Stated> => {
  const active = listed.filter((one) => source.catalog.stations.get(one)?.active);
  const stations = active.length > 0 ? active : listed;
  const [only, ...others] = stations;
  if (only !== undefined && others.length === 0) return heldAir(source, only);
  const held = Object.entries(source.months).map(([period, span]) => [
    period,
    periodOf(source, span as Span, areaDays(source, stations, span as Span), id),
  ]);
  return Object.fromEntries(held) as Held<Stated>;
};
