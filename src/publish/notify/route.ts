import { dayStart } from '../../core/time.ts';
import type { Signal } from '../../core/types.ts';
import { WARNINGS } from '../../signals/history.ts';
import { colourOf } from '../warning.ts';
import type { Level, Route, Rules } from './rules.ts';

// Which channels a signal goes to, and when.

/** Levels that a signal speaks of: what is proposed and what is in force. Classes of water are called I to V too, and are no levels. */
export const levelsOf = ({ kind, level, in_force }: Signal): Level[] =>
  WARNINGS.includes(kind) ? ([level, in_force?.level].filter((one) => !!one) as Level[]) : [];

const URGENT: readonly (string | undefined)[] = ['red', 'orange'];

/** Ⅰ, Ⅱ, red or orange: told at any hour, and again until someone acknowledges. */
export const isUrgent = (signal: Signal): boolean => levelsOf(signal).some((level) => URGENT.includes(colourOf(level)));

const holds = <T>(asked: readonly T[] | undefined, found: readonly T[]): boolean =>
  asked === undefined || found.some((one) => asked.includes(one));

const fits = ({ kinds, levels, states, townships }: Route, signal: Signal, places: readonly string[]): boolean =>
  holds(kinds, [signal.kind]) &&
  holds(levels, levelsOf(signal)) &&
  holds(states, [signal.state]) &&
  holds(townships, places);

/** @param places townships that the signal is of, by id; none: the whole county, which every route of a township is told of */
export const channelsFor = (signal: Signal, places: readonly string[], { routes, channels }: Rules): string[] => {
  const whole = places.length === 0;
  const taken = routes.filter((route) => fits(whole ? { ...route, townships: undefined } : route, signal, places));
  return [...new Set(taken.flatMap(({ to }) => to))].filter((name) => Object.hasOwn(channels, name));
};

const DAY = 86_400_000;

/** When the quiet hours that hold an instant end; the instant itself outside them. Epoch ms, hours of Beijing. */
export const quietEnd = (now: number, quiet: Rules['quiet']): number => {
  if (quiet === undefined || quiet.from === quiet.to) return now;
  const midnight = dayStart(now);
  const [from, to] = [midnight + quiet.from, midnight + quiet.to];
  if (from < to) return now >= from && now < to ? to : now;
  if (now < to) return to;
  return now >= from ? to + DAY : now;
};
