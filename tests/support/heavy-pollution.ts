// The county's forecast of the daily AQI, issue by issue, and what the rule of heavy pollution says of it.
import { DAY, HOUR, isoBeijing } from '../../src/core/time.ts';
import type { Reading, Signal } from '../../src/core/types.ts';
import { at, catalogOf, createShell, reading, type Shell, settingsOf } from './middle.ts';

export type Plan = '2018' | '2024';
export const PLANS: readonly Plan[] = ['2018', '2024'];
export const KIND = 'heavy-pollution';
export const TODAY = at('2026-12-10 00:00');
export const MORNING = TODAY + 9 * HOUR;

/** A day's AQI; `dust`: with a dust storm; undefined: no message. */
export type Expected = number | 'dust' | undefined;

/** An issue: a message a day from `first` on. */
export const issue = (time: number, expected: readonly Expected[], first = TODAY): Reading[] =>
  expected.flatMap((aqi, ahead) => {
    if (aqi === undefined) return [];
    const from = first + ahead * DAY;
    const dust = aqi === 'dust' ? { phenomena: ['sandstorm'] } : {};
    const values = { daily_aqi: aqi === 'dust' ? 500 : aqi };
    return [reading('forecast', 'county', time, 0, values, { from, to: from + DAY, ...dust })];
  });

export const shellOf = (plan: Plan, more: object = {}): Shell =>
  createShell(catalogOf([]), settingsOf({ heavy_pollution: { plan, ...more } }));
export const signalsOf = ({ signals }: { signals: readonly Signal[] }) => signals.filter(({ kind }) => kind === KIND);
export const last = (shell: Shell): Signal | undefined => signalsOf(shell).at(-1);
/** The level in force. */
export const levelOf = (shell: Shell): string | null | undefined => {
  const signal = last(shell);
  return signal?.state === 'active' ? signal.level : undefined;
};
/** What the rule said last. */
export const verdictOf = (shell: Shell) => shell.state().verdicts.get(`${KIND}/pm`)!.verdict;
const dayName = (ahead: number): string => isoBeijing(TODAY + ahead * DAY).slice(0, 10);
export const lacking = (...days: number[]): string[] => [
  `日 AQI 预报 (forecast daily AQI): ${days.map(dayName).join(' ')}`,
];
