import { HOUR } from '../core/time.ts';
import type { Signal } from '../core/types.ts';
import { REPORTS_A_DAY } from '../standards/weather-command-2021.ts';
import type { Level } from '../standards/weather-plan-2021.ts';

// Reports of the command's members (沁政办发〔2021〕19号, 3.4): once a day at levels IV and III, twice at II and I. The plan names no hours: the
// days, or half days, are counted from the signature, and a report at any time of one is that one's.

export interface Due {
  /** How often, ms. */
  readonly every: number;
  /** The span under way, ms. */
  readonly from: number;
  readonly to: number;
  /** Since when a report is missed of units that are late, ms. */
  readonly judged: number;
  /** Units that have not reported in it yet. */
  readonly open: readonly string[];
  /** Units whose report of the span before never came, nor any since. */
  readonly late: readonly string[];
}

export interface Asked {
  readonly units: readonly string[];
  readonly grace: number;
}

/**
 * Reports that are due and late for a response in force; undefined: none is in force.
 * @param reports when each unit last reported, ms
 */
export const reportsDue = (
  { in_force, signed_since }: Signal,
  reports: ReadonlyMap<string, number>,
  now: number,
  { units, grace }: Asked,
): Due | undefined => {
  if (!in_force) return undefined;
  const since = Date.parse(in_force.since);
  const every = (24 * HOUR) / REPORTS_A_DAY[in_force.level as Level];
  const startOf = (time: number): number => since + Math.max(0, Math.floor((time - since) / every)) * every;
  const missing = (start: number): string[] =>
    units.filter((unit) => (reports.get(unit) ?? Number.NEGATIVE_INFINITY) < start);
  const from = startOf(now);
  // The newest span whose grace is over. Where the level was signed since, a day before that is looked at: another level forgives no one.
  const newest = startOf(now - grace) - every;
  const judged = newest < since ? since - 24 * HOUR : newest;
  const late = judged < Date.parse(signed_since ?? in_force.since) ? [] : missing(judged);
  return { every, from, to: from + every, judged, open: missing(from), late };
};
