import type { Settings } from '../config/schema.ts';
import { MINUTE } from '../core/time.ts';
import type { Figure } from '../core/types.ts';
import type { Hourly } from './hourly.ts';

// 数据质量: what looks wrong with an hour of air is marked, never deleted. A mark takes a value out of figures only where
// `quality.exclude` names its rule, as data of a system that runs normally must be used (HJ 817, HJ 818). Rules that compare hours
// look no further than the day, so that a day's marks depend on its own readings alone, in whatever order they came.

/** flag: flagged by the station; negative: beyond zero drift; inverted: PM2.5 above PM10; stuck: too long the same; spike: far above both neighbours. */
export const QUALITY_RULES = ['flag', 'negative', 'inverted', 'stuck', 'spike'] as const;
export type QualityRule = (typeof QUALITY_RULES)[number];

/** Rules that an hour's quantities fell under, by quantity. */
export type Marks = ReadonlyMap<string, ReadonlySet<QualityRule>>;

type Marking = Map<string, Set<QualityRule>>;

const GASES = { so2: 'drift_so2', no2: 'drift_no2', nox: 'drift_no2', o3: 'drift_o3', co: 'drift_co' } as const;

const driftOf = (quantity: string, { quality }: Settings): number =>
  quality[quantity in GASES ? GASES[quantity as keyof typeof GASES] : 'drift_pm'];

const spikeOf = (quantity: string, { quality }: Settings): number => {
  if (quantity === 'co') return quality.spike_co;
  return quantity in GASES ? quality.spike_gas : quality.spike_pm;
};

const mark = (marks: Marking, quantity: string, rule: QualityRule): void => {
  const rules = marks.get(quantity);
  if (rules === undefined) marks.set(quantity, new Set([rule]));
  else rules.add(rule);
};

const valueIn = (hour: Hourly | undefined, quantity: string): number | undefined => hour?.values.get(quantity)?.value;

/** Marks of an hour by itself. */
export const marksOfHour = (hour: Hourly, settings: Settings): Marks => {
  const marks: Marking = new Map();
  for (const quantity of hour.flagged) mark(marks, quantity, 'flag');
  for (const [quantity, { value }] of hour.values)
    if (value < -driftOf(quantity, settings)) mark(marks, quantity, 'negative');
  const [fine, coarse] = [valueIn(hour, 'pm25'), valueIn(hour, 'pm10')];
  // The national platform leaves PM10 out of such hours, so the mark is PM10's.
  if (fine !== undefined && coarse !== undefined && fine > coarse) mark(marks, 'pm10', 'inverted');
  return marks;
};

/** How many hours around this one, itself included, have the very same value. */
const runAround = (hours: readonly (Hourly | undefined)[], at: number, quantity: string): number => {
  const value = valueIn(hours[at], quantity);
  let [first, last] = [at, at];
  while (first > 0 && valueIn(hours[first - 1], quantity) === value) first--;
  while (last + 1 < hours.length && valueIn(hours[last + 1], quantity) === value) last++;
  return last - first + 1;
};

const isSpike = (hours: readonly (Hourly | undefined)[], at: number, quantity: string, settings: Settings): boolean => {
  const [before, value, after] = [at - 1, at, at + 1].map((hour) => valueIn(hours[hour], quantity));
  if (before === undefined || value === undefined || after === undefined) return false;
  const neighbours = Math.max(before, after);
  return value > neighbours * settings.quality.spike_ratio && value - neighbours > spikeOf(quantity, settings);
};

const sequenceMarks = (
  hours: readonly (Hourly | undefined)[],
  at: number,
  marks: Marking,
  settings: Settings,
): void => {
  for (const [quantity, { value }] of hours[at]!.values) {
    // Zero is what a clean night reads, hour after hour.
    if (value !== 0 && runAround(hours, at, quantity) >= settings.quality.stuck_hours) mark(marks, quantity, 'stuck');
    if (isSpike(hours, at, quantity, settings)) mark(marks, quantity, 'spike');
  }
};

/** Marks of each hour of a day. */
export const marksOfDay = (hours: readonly (Hourly | undefined)[], settings: Settings): Marks[] =>
  hours.map((hour, at): Marks => {
    if (hour === undefined) return new Map();
    const marks: Marking = new Map(
      [...marksOfHour(hour, settings)].map(([quantity, rules]) => [quantity, new Set(rules)]),
    );
    sequenceMarks(hours, at, marks, settings);
    return marks;
  });

/** Whether marks take a quantity out of figures. */
export const isExcluded = (marks: Marks, quantity: string, { quality }: Settings): boolean =>
  quality.exclude.some((rule) => marks.get(quantity)?.has(rule) === true);

/** `pm10=inverted,so2=flag+stuck`, over one or several hours; empty when there is none. */
export const marksText = (all: readonly Marks[]): string => {
  const found: Marking = new Map();
  for (const marks of all) for (const [quantity, rules] of marks) for (const rule of rules) mark(found, quantity, rule);
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([quantity, rules]) => `${quantity}=${QUALITY_RULES.filter((rule) => rules.has(rule)).join('+')}`)
    .join(',');
};

/** The figure with its marks as a field, where there are any. */
export const withMarks = (figure: Figure | undefined, marks: readonly Marks[]): Figure | undefined => {
  const text = marksText(marks);
  return figure === undefined || text === '' ? figure : { ...figure, fields: { ...figure.fields, marks: text } };
};

/** Whether an hour's value covers enough minutes and is not excluded. */
export const isUsable = (hour: Hourly, quantity: string, marks: Marks, settings: Settings): boolean => {
  const value = hour.values.get(quantity);
  if (value === undefined || value.covered < settings.air.hour_minutes * MINUTE) return false;
  return !isExcluded(marks, quantity, settings);
};
