import { DAY, isoBeijing, isoUtc } from '../core/time.ts';
import type { Evidence } from '../core/types.ts';
import * as edition2018 from '../standards/heavy-pollution-2018.ts';
import { HEAVY_POLLUTION_LEVELS, lowestMark } from '../standards/heavy-pollution-2018.ts';
import * as edition2024 from '../standards/heavy-pollution-2024.ts';
import { type ForecastDay, forecastDays, lastDayWithin, unknownDay } from './forecast-days.ts';
import type { Rule, Trigger, Verdict, World } from './rule.ts';
import { distinct, isPossible, isUnknown, possibleDays, sureRun } from './runs-of-days.ts';

// 重污染天气预警, from the forecast of the daily AQI. A level is certain when its days are forecast; it is open when days that are not
// would make it up. A level in force stays until every day that the next 36 hours touch is forecast at or below its lowest mark.

const EDITIONS = { '2018': edition2018, '2024': edition2024 };
const KIND = 'heavy-pollution';
const CLAUSE = '预警分级';

/** What the forecast says of a level: the days that make it certain, and those that might. */
interface Stand {
  readonly rank: number;
  readonly sure: readonly ForecastDay[];
  readonly possible: readonly ForecastDay[];
}

/**
 * An issue comes day by day, and what the issue before says of the days still to come may not complete its runs: a peak that is now
 * expected a day earlier would stand twice. A tick takes the days as they are.
 */
const certainDays = (days: readonly ForecastDay[], trigger: Trigger): readonly ForecastDay[] =>
  trigger.kind === 'tick'
    ? days
    : days.map((day) => (day.issued === trigger.reading.time ? day : unknownDay(day.start)));

const standOf = (days: readonly ForecastDay[], certain: readonly ForecastDay[], { settings }: World): Stand[] => {
  const { LEVELS } = EDITIONS[settings.heavy_pollution.plan];
  return HEAVY_POLLUTION_LEVELS.map((level, i) => ({
    rank: i + 1,
    sure: distinct(LEVELS[level].flatMap((clause) => sureRun(certain, clause) ?? [])),
    possible: distinct(LEVELS[level].flatMap((clause) => possibleDays(days, clause))),
  }));
};

/** The days that the hours ahead touch, and those of them that keep a level in force: above its lowest mark, or not known. */
const keeping = (days: readonly ForecastDay[], world: World) => {
  const { plan, lift_hours } = world.settings.heavy_pollution;
  const near = days.filter(({ start }) => start <= lastDayWithin(lift_hours, world.now));
  const keep = (rank: number): ForecastDay[] => {
    const level = HEAVY_POLLUTION_LEVELS[rank - 1];
    const mark = level === undefined ? undefined : { aqi: lowestMark(EDITIONS[plan].LEVELS[level]), days: 1 };
    return mark === undefined ? [] : near.filter(isPossible(mark));
  };
  return { near, keep };
};

const evidenceOf = ({ start, aqi, dust }: ForecastDay): Evidence[] => {
  if (aqi === undefined || dust) return [];
  const [from, to] = [isoUtc(start), isoUtc(start + DAY)];
  return [{ station: 'county', quantity: 'forecast_daily_aqi', value: aqi, unit: '1', from, to }];
};

const lackingOf = (unknown: readonly ForecastDay[]): string[] => {
  const names = distinct(unknown).map(({ start }) => isoBeijing(start).slice(0, 10));
  return names.length === 0 ? [] : [`日 AQI 预报 (forecast daily AQI): ${names.join(' ')}`];
};

const ranksOf = (stands: readonly { readonly rank: number }[]): number[] => stands.map(({ rank }) => rank);

const judge = (world: World, trigger: Trigger): Verdict => {
  const days = forecastDays(world);
  const stands = standOf(days, certainDays(days, trigger), world);
  const { near, keep } = keeping(days, world);
  const least = Math.max(0, ...ranksOf(stands.filter(({ sure }) => sure.length > 0)));
  const open = stands.filter(({ rank, possible }) => rank > least && possible.length > 0);
  const inForce = world.rank(KIND, 'pm');
  const kept = Math.max(0, ...ranksOf(stands.filter(({ rank }) => rank <= inForce && keep(rank).length > 0)));
  const deciding = [...open.flatMap(({ possible }) => possible), ...(kept > least ? keep(kept) : [])];
  return {
    subject: 'pm',
    least,
    most: Math.max(least, kept, ...ranksOf(open)),
    title: { zh: '重污染天气预警', en: 'Heavy pollution warning' },
    basis: { document: EDITIONS[world.settings.heavy_pollution.plan].EDITION.document, clause: CLAUSE },
    // The days that make it certain; else those that keep it, or might make it up; of a level that ended, those that ended it.
    evidence: (rank) => {
      const stand = stands.find((one) => one.rank === rank);
      const choices = stand === undefined ? [near] : [stand.sure, keep(rank), stand.possible];
      return choices.map((chosen) => chosen.flatMap(evidenceOf)).find((found) => found.length > 0) ?? [];
    },
    lacking: lackingOf(deciding.filter(isUnknown)),
  };
};

/** The county's forecast alone can raise a level; levels fall at ticks, when all days of an issue are in. */
const concerns = (trigger: Trigger): boolean =>
  trigger.kind === 'tick' || (trigger.reading.feed === 'forecast' && trigger.reading.station === 'county');

export const heavyPollution: Rule = {
  kind: KIND,
  basis: { document: edition2024.EDITION.document, clause: CLAUSE },
  levels: HEAVY_POLLUTION_LEVELS,
  signed: false,
  falls: 'at-tick',
  feeds: ['forecast'],
  evaluate: (world, trigger) => (concerns(trigger) ? [judge(world, trigger)] : []),
};
