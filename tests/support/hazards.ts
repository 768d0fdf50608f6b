// A county of twelve townships with a gauge each, and the weather of each as readings and forecasts: for tests of the plan's responses.
import { DAY, HOUR } from '../../src/core/time.ts';
import type { Reading, Signal } from '../../src/core/types.ts';
import type { MiddleOptions } from '../../src/middle.ts';
import type { Verdict } from '../../src/thresholds/rule.ts';
import { at, catalogOf, createShell, PT1H, reading, type Shell, settingsOf, station } from './middle.ts';

/** A day in late spring on which every hazard of the plan can be judged. */
export const NOW = at('2026-05-20 08:00');

export const PLACES = Array.from({ length: 12 }, (_, i) => `t${i + 1}`);
const catalog = catalogOf(
  PLACES.map((township) => station(`g-${township}`, { weather: PT1H }, { township })),
  PLACES,
);

type Values = Reading['values'];

/** What a township has beyond a calm day. */
export interface Weather {
  /** Its gauge: the day before yesterday, yesterday but for the last hour, the last hour. */
  readonly before?: Values;
  readonly day?: Values;
  readonly hour?: Values;
  /** Its forecast: the next 12 hours, those up to 24, those up to 48. */
  readonly soon?: Values;
  readonly later?: Values;
  readonly after?: Values;
  /** Of the last hour and of every window of the forecast. */
  readonly phenomena?: readonly string[];
  readonly trend?: string;
  /** Nothing comes: of its gauge, of its forecast. */
  readonly silent?: true;
  readonly unforecast?: true;
}

const SEEN: Values = {
  rain: 0,
  snow: 0,
  hail: 0,
  lightning: 0,
  gust: 3,
  visibility: 20_000,
  temperature: 20,
  drought_index: 0,
};
const EXPECTED: Values = {
  rain: 0,
  snow: 0,
  hail: 0,
  rain_1h_max: 0,
  gust: 5,
  wind_force: 2,
  gust_force: 3,
  visibility: 20_000,
  temperature_max: 25,
  temperature_min_drop: 1,
  ground_temperature_min: 12,
};

const HOURS = [
  ['soon', 0, 12],
  ['later', 12, 24],
  ['after', 24, 48],
] as const;

/** A forecast issued at `time`. */
export const forecastsOf = (place: string, weather: Weather, time = NOW): Reading[] => {
  const { phenomena = [], trend = 'easing', unforecast } = weather;
  if (unforecast) return [];
  return HOURS.map(([name, begin, end]) => {
    const window = { from: time + begin * HOUR, to: time + end * HOUR };
    return reading('forecast', place, time, 0, { ...EXPECTED, ...weather[name] }, { ...window, phenomena, trend });
  });
};

/** What the gauge has sent of two days up to `time`. */
export const gaugeOf = (place: string, weather: Weather, time = NOW): Reading[] => {
  const { before, day, hour, phenomena = [], silent } = weather;
  if (silent) return [];
  const sent = (end: number, period: number, values: Values = {}, what: readonly string[] = []): Reading =>
    reading('weather', `g-${place}`, end, period, { ...SEEN, ...values }, { phenomena: what });
  return [sent(time - DAY, DAY, before), sent(time - HOUR, DAY - HOUR, day), sent(time, HOUR, hour, phenomena)];
};

/** The last hour of a gauge alone. */
export const hourOf = (place: string, weather: Weather, time = NOW): Reading[] =>
  gaugeOf(place, weather, time).slice(-1);

const CALM: Weather = {};

/** The first townships have what is given, the others are calm. */
export const readingsOf = (weathers: readonly Weather[], time = NOW): Reading[] =>
  PLACES.flatMap((place, i) => {
    const weather = weathers[i] ?? CALM;
    return [...gaugeOf(place, weather, time), ...forecastsOf(place, weather, time)];
  });

export const openShell = (given: object = {}, options: Partial<MiddleOptions> = {}): Shell =>
  createShell(catalog, settingsOf(given), options);

/** A county in which the first townships have what is given, judged at NOW. */
export const judge = (weathers: readonly Weather[], given: object = {}): Shell => {
  const shell = openShell(given);
  shell.tick(NOW - 3 * DAY);
  shell.take(...readingsOf(weathers));
  shell.tick(NOW);
  return shell;
};

export const signalOf = (shell: Shell, hazard: string): Signal | undefined => shell.signal('weather-response', hazard);

/** Level that is up, `none` where no signal is or it has ended. */
export const levelOf = (shell: Shell, hazard: string): string => {
  const signal = signalOf(shell, hazard);
  return signal === undefined || ['lapsed', 'lifted'].includes(signal.state) ? 'none' : signal.level!;
};

/** Levels a signal went through, `none` where none was up; what repeats is told once. */
export const pathOf = (shell: Shell, hazard: string): string[] =>
  shell.signals
    .filter(({ kind, subject }) => kind === 'weather-response' && subject === hazard)
    .map(({ level, state }) => (['lift-proposed', 'lapsed', 'lifted'].includes(state) ? 'none' : level!))
    .filter((level, i, levels) => level !== levels[i - 1]);

/** What the threshold says, whether a signal is up or not. */
export const verdictOf = (shell: Shell, hazard: string): Verdict =>
  shell.state().verdicts.get(`weather-response/${hazard}`)!.verdict;

export const times = (count: number, weather: Weather): Weather[] => Array.from({ length: count }, () => weather);

export const cold = (temperature_min_drop: number, wind_force: number): Weather => ({
  later: { temperature_min_drop, wind_force },
});
export const wind = (wind_force: number): Weather => ({ later: { wind_force } });
export const dim = (phenomenon: string, visibility: number): Weather => ({
  later: { visibility },
  phenomena: [phenomenon],
});

/** Ⅳ of each hazard at its line, by forecasts (of heat and drought by gauges too). */
export const FOUR: readonly (readonly [hazard: string, clause: string, weathers: readonly Weather[]])[] = [
  ['rainstorm', '附件6 (1) 暴雨', times(6, { soon: { rain: 50 } })],
  ['snowstorm', '附件6 (2) 暴雪', times(8, { soon: { snow: 5 } })],
  ['severe-convection', '附件6 (3) 强对流', times(6, { later: { hail: 3 } })],
  ['cold-wave', '附件6 (4) 寒潮', times(6, cold(10, 5))],
  ['gale', '附件6 (5) 大风', times(6, wind(5))],
  ['sandstorm', '附件6 (6) 沙尘暴', times(6, dim('sandstorm', 999))],
  ['high-temperature', '附件6 (7) 高温', times(6, { before: { temperature: 37 }, after: { temperature_max: 37 } })],
  ['drought', '附件6 (8) 气象干旱', times(6, { hour: { drought_index: -1.5 }, trend: 'developing' })],
  ['frost', '附件6 (9) 霜冻', times(6, { later: { ground_temperature_min: 0 } })],
  ['fog', '附件6 (10) 雾', times(6, dim('fog', 499))],
];
