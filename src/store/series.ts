import type { FieldValue, Point } from '../core/types.ts';

// The series as data: which tags and fields a measurement has. docs/stores.md says the same in words; a test compares
// them. A field has one type for ever: InfluxDB refuses a second one (only within a shard, so it can slip through a
// week later and spoil every query over both), and the embedded store refuses it as well.

export type FieldType = 'float' | 'int' | 'string' | 'bool';

export interface Series {
  readonly tags: readonly string[];
  /** Named fields; a name may end in `*`. Fields that are not named are quantities: float. */
  readonly fields: Readonly<Record<string, FieldType>>;
}

const PLACE = ['county', 'station', 'township', 'enterprise'];
const STATION = ['county', 'station'];
const OUTLET = ['county', 'enterprise', 'outlet'];
const READING: Series = {
  tags: PLACE,
  fields: { flag: 'string', phenomena: 'string', trend: 'string', status: 'string' },
};
const FIGURE: Series = { tags: PLACE, fields: { count: 'int', valid: 'bool', invalid: 'string' } };
/** A month or a year of air: counts of days are whole numbers. */
const AIR_PERIOD: Series = {
  tags: PLACE,
  fields: {
    ...FIGURE.fields,
    primary: 'string',
    good: 'int',
    good_no_dust: 'int',
    days: 'int',
    days_no_dust: 'int',
    days_left: 'int',
    dust_days: 'int',
    'level_*': 'int',
    target: 'int',
    needed: 'int',
  },
};
const AIR: Series = { tags: PLACE, fields: { ...FIGURE.fields, marks: 'string' } };
const AQI: Series = {
  tags: STATION,
  fields: { aqi: 'int', level: 'int', 'iaqi_*': 'int', primary: 'string', standard: 'string' },
};

export const SERIES: Readonly<Record<string, Series>> = {
  air: READING,
  dustfall: READING,
  weather: READING,
  forecast: { tags: [...PLACE, 'window'], fields: { ...READING.fields, window_from: 'int', window_to: 'int' } },
  water: READING,
  emission: READING,
  air_hour: AIR,
  air_day: AIR,
  air_month: AIR_PERIOD,
  air_year: AIR_PERIOD,
  weather_hour: FIGURE,
  weather_day: FIGURE,
  water_day: FIGURE,
  water_month: FIGURE,
  emission_hour: FIGURE,
  emission_day: FIGURE,
  aqi_hour: AQI,
  aqi_day: AQI,
  dustfall_month: { tags: STATION, fields: { ...FIGURE.fields, marks: 'string' } },
  rain_rolling: { tags: STATION, fields: {} },
  water_class: {
    tags: [...STATION, 'period'],
    fields: { ...FIGURE.fields, class: 'int', defining: 'string', missing: 'string', main: 'string' },
  },
  emission_compliance: {
    tags: OUTLET,
    fields: { judged: 'bool', exceeded: 'bool', reason: 'string', received: 'int', due: 'int', invalid: 'string' },
  },
  emission_compliance_day: { tags: OUTLET, fields: { ...FIGURE.fields, 'hours_*': 'int' } },
  signal: {
    tags: ['county', 'kind', 'subject'],
    fields: { level: 'string', state: 'string', version: 'int', rank: 'int', title: 'string' },
  },
  station_status: { tags: [...STATION, 'feed'], fields: { online: 'bool', last_seen: 'int', age: 'float' } },
  place: {
    tags: [...STATION, 'enterprise'],
    fields: {
      name: 'string',
      name_en: 'string',
      label: 'string',
      label_en: 'string',
      kind: 'string',
      feeds: 'string',
      active: 'bool',
      assessed: 'bool',
      township: 'string',
      township_name: 'string',
      township_name_en: 'string',
      enterprise_name: 'string',
      enterprise_name_en: 'string',
      target: 'int',
    },
  },
  pipeline: {
    tags: ['county'],
    fields: {
      received: 'int',
      stored: 'int',
      duplicate: 'int',
      quarantined: 'int',
      'quarantined_*': 'int',
      dropped: 'int',
      revisions: 'int',
      late: 'int',
      damage: 'int',
      ticks: 'int',
      signals_published: 'int',
      in_flight: 'int',
      journal_pending: 'int',
      journal_bytes: 'int',
      signals_pending: 'int',
      figures_due: 'int',
      brokers: 'int',
      brokers_connected: 'int',
      memory: 'int',
      disk_free: 'int',
    },
  },
  pipeline_store: {
    tags: ['county', 'store'],
    fields: {
      connected: 'bool',
      outbox_points: 'int',
      outbox_bytes: 'int',
      written: 'int',
      refused: 'int',
      failures: 'int',
      dropped: 'int',
    },
  },
};

/** Fields that have one type wherever they stand, so that a new measurement needs no entry for them. */
const EVERYWHERE: Readonly<Record<string, FieldType>> = { count: 'int', valid: 'bool' };

const natural = (value: FieldValue): FieldType => {
  if (typeof value === 'string') return 'string';
  return typeof value === 'boolean' ? 'bool' : 'float';
};

/** Remembers what a pure function said, up to a number of texts. */
const remembering = <T>(work: (text: string) => T, most = 100_000): ((text: string) => T) => {
  const known = new Map<string, T>();
  return (text) => {
    if (known.has(text)) return known.get(text) as T;
    if (known.size >= most) known.clear();
    const result = work(text);
    known.set(text, result);
    return result;
  };
};

const lookUp = (measurement: string) => {
  const fields = new Map<string, FieldType>(Object.entries({ ...EVERYWHERE, ...SERIES[measurement]?.fields }));
  return remembering((field) => {
    const underscore = field.indexOf('_');
    return fields.get(field) ?? (underscore > 0 ? fields.get(`${field.slice(0, underscore)}_*`) : undefined);
  }, 1000);
};
const named = remembering(lookUp, 1000);

/** The type the tables name for a field; undefined for a quantity or a field that no table knows. */
export const namedType = (measurement: string, field: string): FieldType | undefined => named(measurement)(field);

/** The type to store a field as: the named one, else that of the value, where every number is a float. */
export const fieldType = (measurement: string, field: string, value: FieldValue): FieldType =>
  namedType(measurement, field) ?? natural(value);

const fits = (type: FieldType, value: unknown): boolean => {
  if (type === 'float') return typeof value === 'number' && Number.isFinite(value);
  if (type === 'int') return Number.isSafeInteger(value);
  return typeof value === (type === 'bool' ? 'boolean' : 'string');
};

/** Line breaks cannot be written in a tag or a name, nor a backslash that would escape what follows it. */
const UNWRITABLE = /[\n\r\0]|\\(?=[\\ ,='"]|$)/;
const writable = remembering((text) => text !== '' && text !== 'time' && !UNWRITABLE.test(text));
const nameMistake = (kind: string, text: unknown): string | undefined => {
  if (typeof text === 'string' && writable(text)) return undefined;
  if (typeof text !== 'string' || text === '') return `${kind} is empty`;
  if (text === 'time') return `${kind} is called time, which is the row's own`;
  return `${kind} ${JSON.stringify(text)} has a line break or a backslash that escapes`;
};

const tagMistake = (tags: Readonly<Record<string, string>>): string | undefined => {
  for (const name in tags) {
    const mistake =
      nameMistake('a tag name', name) ?? (tags[name] === 'time' ? undefined : nameMistake(`tag ${name}`, tags[name]));
    if (mistake) return mistake;
  }
  return undefined;
};

const fieldMistake = ({ measurement, fields, gone }: Point): string | undefined => {
  let any = gone !== undefined && gone.length > 0;
  for (const name in fields) {
    any = true;
    const type = fieldType(measurement, name, fields[name]!);
    if (!fits(type, fields[name])) return `field ${name} of ${measurement} is ${type}, not ${String(fields[name])}`;
    const mistake = nameMistake('a field name', name);
    if (mistake) return mistake;
  }
  return any ? undefined : 'no fields';
};

/** Why no store can take a point, in words; undefined: it may be sent. Every engine asks this first, so that all refuse alike. */
export const mistakeOf = (point: Point): string | undefined =>
  nameMistake('the measurement', point.measurement) ??
  tagMistake(point.tags) ??
  (Number.isSafeInteger(point.time) ? fieldMistake(point) : 'its time is not whole milliseconds');

/** Tags as JSON with sorted names: equal text, equal series. */
export const canonicalTags = (tags: Readonly<Record<string, string>>): string => {
  const names = Object.keys(tags);
  const sorted = names.every((name, i) => i === 0 || names[i - 1]! < name);
  return JSON.stringify(sorted ? tags : Object.fromEntries(names.sort().map((name) => [name, tags[name]])));
};

/** Equal for two points that replace one another. */
export const rowKey = (point: Point): string => `${point.measurement}\n${point.time}\n${canonicalTags(point.tags)}`;
