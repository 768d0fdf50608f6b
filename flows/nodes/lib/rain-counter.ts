// A station's rain counter → rain of a span. What fell between two lines is their difference; a counter that was set back began
// at zero in between, so what it shows fell since (and what fell before the reset is not known: at least so much).
import { feeds } from '../../../sensors/feeds/index.ts';
import { tidy } from '../../../src/core/round.ts';
import { floorTo, formatDuration, MINUTE, SECOND } from '../../../src/core/time.ts';
import { BadLine, type WeatherLine } from './weather-line.ts';

/** Where the counter stood, and when; times in epoch ms. */
export interface CounterState {
  readonly at: number;
  readonly total: number;
}

/** A payload for the feed `weather`. */
export interface WeatherPayload {
  readonly time: number;
  readonly period?: string;
  readonly values: Readonly<Record<string, number>>;
}

export interface Counted {
  readonly payloads: readonly WeatherPayload[];
  readonly state: CounterState | undefined;
}

/** Lines further apart than this left a gap: its rain is known as a whole, the other values are of the moment of the line. */
const GAP = 15 * MINUTE;

/**
 * The readings of a line that came at `came`, taken as its whole second, so that periods meet without overlap. The first line tells no rain, as it is not known when its counter began; after a gap the
 * rain of the gap is a reading of its own, with the gap as its period.
 * @throws BadLine: a counter that leaps beyond what can fall was misread. Were it taken, the next line would look like a reset, and all
 * that the counter shows would be rain.
 */
export const countRain = (line: WeatherLine, before: CounterState | undefined, came: number): Counted => {
  const now = floorTo(came, SECOND);
  const { values, rainTotal } = line;
  const state = rainTotal === undefined ? before : { at: now, total: rainTotal };
  const plain = Object.keys(values).length > 0 ? [{ time: now, values }] : [];
  if (rainTotal === undefined || before === undefined) return { payloads: plain, state };
  const span = now - before.at;
  if (span <= 0) return { payloads: plain, state: before };
  const rain = tidy(rainTotal < before.total ? rainTotal : rainTotal - before.total);
  const period = formatDuration(span);
  const { most } = feeds.weather.quantities['rain']!;
  if (span <= GAP && rain > most) throw new BadLine(`rain ${rain} 超出范围 the counter leapt from ${before.total} mm`);
  if (span <= GAP) return { payloads: [{ time: now, period, values: { ...values, rain } }], state };
  return { payloads: [...plain, { time: now, period, values: { rain } }], state };
};
