import type { Settings } from '../config/schema.ts';
import type { FieldValue, Figure } from '../core/types.ts';
import {
  AQI_ITEMS,
  type AqiInput,
  type AqiItem,
  type AqiPeriod,
  aqi,
  type Concentration,
  editionAt,
  primaryText,
} from '../standards/hj633.ts';
import type { Cadence } from './cadence.ts';
import type { CountyCadence } from './processor.ts';

// AQI of what an air figure holds: its valid values, by the edition in force when its period begins. An hour's takes six
// 1-hour means, a day's the MDA8 of ozone (HJ 633).

export type AqiMeasurement = 'aqi_hour' | 'aqi_day';

const FIELDS = ['aqi', 'level', 'primary', 'standard', ...AQI_ITEMS.map((item) => `iaqi_${item}`)];

const PERIODS: Readonly<Record<AqiMeasurement, AqiPeriod>> = { aqi_hour: 'hour', aqi_day: 'day' };

/** Drift below zero counts as 0; what is invalid or absent is missing, unless the plan does not have it. */
const inputOf = ({ fields, invalid = [] }: Figure, notMonitored: readonly string[]): AqiInput => {
  const given = (item: AqiItem): Concentration => {
    const value = invalid.includes(item) ? undefined : (fields[item] as number | undefined);
    if (value !== undefined) return Math.max(0, value);
    return notMonitored.includes(item) ? '/' : undefined;
  };
  return {
    so2: given('so2'),
    no2: given('no2'),
    pm10: given('pm10'),
    pm25: given('pm25'),
    co: given('co'),
    o3: given('o3'),
  };
};

/** The AQI of an air figure; undefined: no item is valid. */
const aqiOf = (
  measurement: AqiMeasurement,
  source: Figure | undefined,
  notMonitored: readonly string[],
  { air }: Settings,
): Figure | undefined => {
  if (source === undefined) return undefined;
  const options = { pm10Blocks: air.aqi_pm10_blocks, rounds2012: air.aqi_rounds_2012 };
  const found = aqi(editionAt(source.start), PERIODS[measurement], inputOf(source, notMonitored), options);
  const parts = Object.entries(found.iaqi);
  if (parts.length === 0) return undefined;
  const fields: Record<string, FieldValue> = { standard: found.standard };
  for (const [item, index] of parts) fields[`iaqi_${item}`] = index;
  if (found.aqi !== undefined) fields['aqi'] = found.aqi;
  if (found.level !== undefined) fields['level'] = found.level;
  if (found.primary.length > 0) fields['primary'] = primaryText(found.primary);
  const { station, start, end } = source;
  return { measurement, station, start, end, fields };
};

/** A station's AQI, from its air figures. */
export const stationAqi = (measurement: AqiMeasurement, source: Cadence): Cadence => ({
  measurement,
  fields: FIELDS,
  span: source.span,
  make: (window, span, place) =>
    aqiOf(measurement, source.make(window, span, place), place.station.notMonitored ?? [], place.settings),
});

/** The county's AQI, from its means; what none of its stations monitors is not missing. */
export const countyAqi = (measurement: AqiMeasurement, source: CountyCadence): CountyCadence => ({
  ...source,
  measurement,
  fields: FIELDS,
  make: (members, span, settings) => {
    const [first = [], ...rest] = members.map(({ station }) => station.notMonitored ?? []);
    const nowhere = first.filter((item) => rest.every((items) => items.includes(item)));
    return aqiOf(measurement, source.make(members, span, settings), nowhere, settings);
  },
});
