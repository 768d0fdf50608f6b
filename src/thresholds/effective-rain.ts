import { tidy } from '../core/round.ts';
import { beijingDate, DAY, dayStart, HOUR } from '../core/time.ts';
import { coveredBy, piecesBy, validValue, WANDER } from '../processors/hourly.ts';
import type { RainDay } from '../processors/rain-days.ts';
import { indexAfter } from '../processors/window.ts';
import { effectiveRainOf } from '../standards/effective-rain.ts';
import { type Observed, worstOf } from './observed.ts';
import type { World } from './rule.ts';

// Effective antecedent rain of a township: of its gauges the worst. A gauge's day under way comes from its readings, the days before from
// their figures. A day that is not whole counts with what is known to have fallen, and leaves the sum open upwards.

/** Quantity of a condition that asks for it, mm. */
export const EFFECTIVE_RAIN = 'effective_rain';

const NO_DAY: RainDay = { least: 0, known: false };

/** What fell from the begin of a day to an instant in it. */
const fallenSince = (world: World, station: string, start: number, to: number): RainDay => {
  const readings = world.weather(station);
  const inside = readings
    .slice(indexAfter(readings, start), indexAfter(readings, to))
    .filter((reading) => reading.start < reading.time && reading.start >= start - WANDER);
  const pieces = piecesBy(inside, (reading) => validValue(reading, 'rain'), HOUR);
  const least = tidy(pieces.reduce((sum, { value }) => sum + value, 0));
  return { least, known: coveredBy(pieces) >= to - start - WANDER };
};

/** A gauge as of its newest reading of rain, until its next one is overdue; the instant 20:00 still belongs to the day that ends then. */
const daysAt = (world: World, station: string) => {
  const { days, today } = world.settings.geological;
  const to = world.fallen(station, 'rain')?.time ?? world.now;
  const start = dayStart(to - 1, Number(world.settings.weather.day_starts.slice(0, 2)) * HOUR);
  const starts = Array.from({ length: days }, (_, i) => start - (i + 1) * DAY);
  const known = world.rainDays(station);
  const underWay = today ? fallenSince(world, station, start, to) : { least: 0, known: true };
  return { to, start, starts, underWay, before: starts.map((one) => known.get(one) ?? NO_DAY) };
};

const atGauge = (world: World, station: string): Observed => {
  const { to, starts, underWay, before } = daysAt(world, station);
  const rain = before.map(({ least }) => least);
  const least = tidy(effectiveRainOf(underWay.least, rain, world.settings.geological.k));
  const isKnown = [underWay, ...before].every(({ known }) => known);
  return { station, least, most: isKnown ? least : Number.POSITIVE_INFINITY, from: starts.at(-1)!, to };
};

const gaugesOf = (world: World, township: string): readonly string[] =>
  (world.weatherStations.get(township) ?? []).map(({ id }) => id);

/** Effective rain of a township, mm. */
export const effectiveRain = (world: World, township: string): Observed =>
  worstOf(gaugesOf(world, township).map((station) => atGauge(world, station)));

/** Beijing date on which a weather day ends, as bureaus label it. */
const labelOf = (start: number): string => beijingDate(start + DAY - 1);

/** Days of a gauge that are not whole, the oldest first. */
const missingAt = (world: World, station: string): number[] => {
  const { start, starts, underWay, before } = daysAt(world, station);
  return [...starts.filter((_, i) => !before[i]!.known).toReversed(), ...(underWay.known ? [] : [start])];
};

/** `有效降雨，缺 07-03 07-04 (effective rain, days missing)`: of the township's gauges the one that lacks least. */
export const effectiveLack = (world: World, township: string): string => {
  const missing = gaugesOf(world, township).map((station) => missingAt(world, station));
  const [fewest] = missing.sort((a, b) => a.length - b.length);
  if (fewest === undefined) return '有效降雨，无雨量站 (effective rain, no gauge)';
  const labels = fewest.map((start) => labelOf(start).slice(5));
  return `有效降雨，缺 ${labels.join(' ')} (effective rain, days missing)`;
};
