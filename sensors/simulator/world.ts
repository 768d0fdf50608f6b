import type { Station } from '../../src/core/catalog.ts';
import { DAY, HOUR } from '../../src/core/time.ts';
import type { Draft, Effects, Scenario, Setting } from './scenario.ts';

/** The county as all scenarios together make it. */
export interface World extends Setting {
  /** Rain of (from, to], mm. */
  rain(township: string | undefined, from: number, to: number): number;
  rainForecast(township: string, time: number): number;
  haze(time: number): number;
  dustfall(station: Station, start: number): number | undefined;
  emission(outlet: Station, quantity: string, time: number): number | undefined;
  /** -1 in the depth of winter, 1 in the height of summer. */
  summer(time: number): number;
  disturb(draft: Draft): readonly Draft[];
}

const dayOfYear = (time: number): number => {
  const date = new Date(time + 8 * HOUR);
  return (date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY + 1;
};

const given = <K extends keyof Effects>(all: readonly Effects[], key: K): NonNullable<Effects[K]>[] =>
  all.flatMap((effects) => (effects[key] === undefined ? [] : [effects[key] as NonNullable<Effects[K]>]));

const firstOf = <A extends unknown[]>(tellers: ((...args: A) => number | undefined)[], ...args: A) => {
  for (const tell of tellers) {
    const told = tell(...args);
    if (told !== undefined) return told;
  }
  return undefined;
};

const sumOf = <A extends unknown[]>(tellers: ((...args: A) => number)[], ...args: A): number =>
  tellers.reduce((sum, tell) => sum + tell(...args), 0);

/** Join scenarios: rain and haze add up, elsewhere the first that says something is heard, spoilers follow each other. */
export const createWorld = (scenarios: readonly Scenario[], setting: Setting): World => {
  const all = scenarios.map((scenario) => scenario.effects(setting));
  const fallen = given(all, 'fallen');
  const forecasts = given(all, 'rainForecast');
  const hazes = given(all, 'haze');
  const dusts = given(all, 'dustfall');
  const emissions = given(all, 'emission');
  const spoilers = given(all, 'disturb');
  const season = given(all, 'season')[0];
  return {
    ...setting,
    rain: (township, from, to) => Math.max(0, sumOf(fallen, township, to) - sumOf(fallen, township, from)),
    rainForecast: (township, time) => sumOf(forecasts, township, time),
    haze: (time) => sumOf(hazes, time),
    dustfall: (station, start) => firstOf(dusts, station, start),
    emission: (outlet, quantity, time) => firstOf(emissions, outlet, quantity, time),
    // The warmest days are about the 200th of the year (mid-July).
    summer: (time) => Math.cos((2 * Math.PI * ((season ?? dayOfYear(time)) - 200)) / 365),
    disturb: (draft) => spoilers.reduce<readonly Draft[]>((drafts, spoil) => drafts.flatMap(spoil), [draft]),
  };
};
