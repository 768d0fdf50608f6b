// Outlets of every kind, and their readings of five minutes from the begin of a day.
import type { Settings } from '../../src/config/schema.ts';
import type { Station } from '../../src/core/catalog.ts';
import { DAY, MINUTE } from '../../src/core/time.ts';
import type { Reading } from '../../src/core/types.ts';
import { at, catalogOf, createShell, everyInstant, PT1H, PT5M, reading, settingsOf, station } from './middle.ts';

const PT1M = { period: MINUTE, interval: MINUTE };
export const outlet = (id: string, more: Partial<Station> = {}, feed = PT5M): Station =>
  station(id, { emission: feed }, { enterprise: 'works', ...more });

export const LIMITS = { pm: 20, so2: 50, nox: 150 };
/** Of a plant that the marking rules bind. */
export const BOUND = ['starting', 'stopping', 'stopped'];
export const catalog = catalogOf([
  outlet('kiln', { referenceOxygen: 8, limits: LIMITS, exemptStatuses: BOUND }),
  outlet('watched', { limits: LIMITS, monitored: ['so2', 'nox'] }),
  outlet('brick', { referenceOxygen: 18, limits: LIMITS }),
  outlet('chimney', { limits: LIMITS }),
  outlet('free', { referenceOxygen: 8 }),
  outlet('strict', { referenceOxygen: 8, limits: LIMITS, exemptStatuses: ['stopped'] }),
  outlet('minute', { referenceOxygen: 8, limits: LIMITS }, PT1M),
  outlet('spot', { limits: LIMITS }, everyInstant(5 * MINUTE)),
  outlet('hourly', { referenceOxygen: 8, limits: LIMITS, exemptStatuses: BOUND }, PT1H),
]);
export const DAY_0 = at('2026-07-20 00:00');
export const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

/** `count` readings of five minutes, from the `first` on. */
export const fives = (
  id: string,
  count: number,
  values: Reading['values'],
  { first = 1, ...more }: Partial<Reading> & { first?: number } = {},
): Reading[] =>
  numbers(count).map((n) => reading('emission', id, DAY_0 + (first + n - 1) * 5 * MINUTE, 5 * MINUTE, values, more));

export const run = (readings: readonly Reading[], settings: Settings = settingsOf()) => {
  const shell = createShell(catalog, settings);
  shell.take(...readings);
  shell.tick(Math.max(...readings.map(({ time }) => time)) + 2 * DAY);
  return shell;
};
export const hourOf = (readings: readonly Reading[], settings?: Settings) =>
  run(readings, settings).figure('emission_compliance', readings[0]!.station, DAY_0);
