import { DAY } from '../core/time.ts';
import { type AqiClause, type AqiCondition, meets } from '../standards/heavy-pollution-2018.ts';
import { type ForecastDay, unknownDay } from './forecast-days.ts';

// Runs of consecutive days: whether a clause of a plan is made up by days that are forecast, or might be by days that are not.

type Answer = 'yes' | 'no' | 'unknown';

/** A dust storm is answered by other plans: its day is not one of heavy pollution. */
const answer = (condition: AqiCondition, { aqi, dust }: ForecastDay): Answer => {
  if (aqi === undefined) return 'unknown';
  return !dust && meets(condition, aqi) ? 'yes' : 'no';
};

type Holds = (condition: AqiCondition) => (day: ForecastDay) => boolean;
export const isSure: Holds = (condition) => (day) => answer(condition, day) === 'yes';
export const isPossible: Holds = (condition) => (day) => answer(condition, day) !== 'no';

/** The longest runs of consecutive days for which something holds. */
const runsOf = (days: readonly ForecastDay[], holds: (day: ForecastDay) => boolean): ForecastDay[][] => {
  const runs: ForecastDay[][] = [];
  days.forEach((day, at) => {
    if (!holds(day)) return;
    if (at > 0 && holds(days[at - 1]!)) runs.at(-1)!.push(day);
    else runs.push([day]);
  });
  return runs;
};

const longEnough = (days: readonly ForecastDay[], condition: AqiCondition, holds: Holds): boolean =>
  runsOf(days, holds(condition)).some((run) => run.length >= condition.days);

/** The first run of days that makes up a clause for certain. */
export const sureRun = (days: readonly ForecastDay[], [first, ...rest]: AqiClause): ForecastDay[] | undefined =>
  runsOf(days, isSure(first)).find(
    (run) => run.length >= first.days && rest.every((condition) => longEnough(run, condition, isSure)),
  );

/** A run that has begun and reaches the end of the forecast may go on: with the days that it still needs, which no one knows. */
const goneOn = (days: readonly ForecastDay[], condition: AqiCondition): readonly ForecastDay[] => {
  const last = days.at(-1)!;
  const run = runsOf(days, isPossible(condition)).at(-1) ?? [];
  if (run.at(-1) !== last || !run.some(isSure(condition))) return days;
  const needed = Math.max(0, condition.days - run.length);
  return [...days, ...Array.from({ length: needed }, (_, i) => unknownDay(last.start + (i + 1) * DAY))];
};

export const isUnknown = ({ aqi }: ForecastDay): boolean => aqi === undefined;

/** Each day once, in order. */
export const distinct = (days: readonly ForecastDay[]): ForecastDay[] =>
  [...new Map(days.map((day) => [day.start, day])).values()].sort((a, b) => a.start - b.start);

/** The days, known or not, that might make up a clause; none: it is ruled out. */
export const possibleDays = (days: readonly ForecastDay[], [first, ...rest]: AqiClause): ForecastDay[] => {
  const whole = goneOn(days, first);
  return runsOf(whole, isPossible(first)).flatMap((run) => {
    const atEnd = run.at(-1) === whole.at(-1);
    const inner = rest.map((condition) => ({ condition, days: atEnd ? goneOn(run, condition) : run }));
    const possible = inner.every((one) => longEnough(one.days, one.condition, isPossible));
    return run.length >= first.days && possible ? [run, ...inner.map((one) => one.days)].flat() : [];
  });
};
