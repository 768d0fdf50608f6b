import type { Station } from '../../../src/core/catalog.ts';
import { DAY, HOUR, isoUtc, parseTime } from '../../../src/core/time.ts';
import type { Bilingual, Evidence, Feed, Reading } from '../../../src/core/types.ts';
import { decode } from '../../../src/intake/decode.ts';
import { createMiddle, createState } from '../../../src/middle.ts';
import { compareReadings } from '../../../src/processors/window.ts';
import { EDITION, HAZARDS, LEVELS } from '../../../src/standards/weather-plan-2021.ts';
import { weatherResponse } from '../../../src/thresholds/weather-response.ts';
import { isTree, type Tree } from './cells.ts';
import type { Known } from './county.ts';
import { nested } from './reading.ts';

// What the county's plan says of figures and forecasts of townships: the pipeline's own middle, on a state that is made for one message
// and holds nothing else. So there is no level in force, none of the eased limits that would keep one, and no rule (11).

export const HAZARD_NAMES: readonly string[] = Object.keys(HAZARDS);

/** What the plan says of one hazard. */
export interface ResponseWords {
  readonly hazard: string;
  readonly title: Bilingual;
  /** What is certain; null: none. */
  readonly level: string | null;
  /** The highest that cannot be ruled out; the same as `level` where all is known. */
  readonly possible: string | null;
  readonly basis: { readonly document: string; readonly clause: string };
  readonly evidence: readonly Evidence[];
  /** What would have to be known to decide between `level` and `possible`. */
  readonly lacking: readonly string[];
}

/** A township as if it had one gauge, of its own name. Without a period a sum is of 24 h. */
const gaugeOf = ({ id, name }: Known['catalog']['townships'][number]): Station => ({
  id,
  name,
  township: id,
  feeds: { weather: { period: DAY, interval: HOUR } },
  active: true,
  assessed: false,
  example: false,
});

const withGauges = ({ settings, catalog }: Known): Known => ({
  settings,
  catalog: {
    ...catalog,
    stations: new Map(catalog.townships.map((one) => [one.id, gaugeOf(one)])),
    enterprises: new Map(),
  },
});

const SUMS = ['rain', 'snow'];

/** A sum without a period is of 24 h; what is highest or lowest has to say of which hours. */
const observedMessage = (entry: Tree, now: number): Tree => {
  const content = isTree(entry['values']) ? entry : nested(entry);
  const others = Object.keys(content['values'] as Tree).filter((name) => !SUMS.includes(name));
  if (others.length > 0 && !('period' in content) && !('start' in content))
    throw new RangeError(`period: 缺 missing: of which hours is ${others[0]}? (PT1H, PT24H, PT48H)`);
  return { time: now, ...content };
};

/** `hours` (24 where absent) from the time of issue on, unless `from` and `to` say otherwise. */
const forecastMessage = ({ hours = 24, ...entry }: Tree, now: number): Tree => {
  const content = isTree(entry['values']) ? entry : nested(entry);
  if (typeof hours !== 'number' || !(hours > 0)) throw new RangeError('hours: 不是正数 not a number above zero');
  return { time: now, from: now, to: now + hours * HOUR, ...content };
};

const KINDS = {
  observed: { feed: 'weather', messageOf: observedMessage },
  forecast: { feed: 'forecast', messageOf: forecastMessage },
} as const satisfies Record<string, { feed: Feed; messageOf: (entry: Tree, now: number) => Tree }>;

/** The readings of one township, in order; each is checked as a message of a station is. @throws RangeError */
const readingsOf = (kind: keyof typeof KINDS, township: string, given: unknown, known: Known, now: number) => {
  const { feed, messageOf } = KINDS[kind];
  const place = `${kind}.${township}`;
  const topic = `lantian/v1/${known.catalog.county.code}/${feed}/${township}`;
  const entries: unknown[] = Array.isArray(given) ? given : [given];
  return entries.map((entry): Reading => {
    if (!isTree(entry)) throw new RangeError(`${place}: 不是对象 not an object`);
    try {
      const payload = Buffer.from(JSON.stringify(messageOf(entry, now)));
      const decoded = decode({ topic, payload, received: now }, known.catalog, known.settings);
      if ('reason' in decoded) throw new RangeError(`${decoded.reason}: ${decoded.detail}`);
      return decoded.reading;
    } catch (thrown) {
      throw thrown instanceof RangeError ? new RangeError(`${place}: ${thrown.message}`) : thrown;
    }
  });
};

const timeIn = (payload: Tree, now: number): number => {
  const given = payload['time'] ?? now;
  const time = typeof given === 'string' ? parseTime(given) : given;
  if (typeof time !== 'number' || !Number.isInteger(time))
    throw new RangeError(`time: 不是时间 not a time ${JSON.stringify(given)}`);
  return time;
};

/** @throws RangeError where a township is none of the catalog's, or an entry would be set aside */
const allReadings = (payload: Tree, known: Known, now: number): Reading[] =>
  (['observed', 'forecast'] as const).flatMap((kind) => {
    const given = payload[kind] ?? {};
    if (!isTree(given)) throw new RangeError(`${kind}: 不是对象 not an object by township`);
    return Object.entries(given).flatMap(([township, entry]) => readingsOf(kind, township, entry, known, now));
  });

const judgeAt = (readings: readonly Reading[], known: Known, now: number) => {
  const middle = createMiddle({ ...known, judge: 'tick', autoSign: false, status: false, ignoreUnheard: true });
  const state = createState();
  for (const { feed, station } of middle.missing(state)) {
    const own = readings.filter((one) => one.feed === feed && one.station === station).sort(compareReadings);
    middle.provide(state, feed, station, Number.NEGATIVE_INFINITY, own);
  }
  middle.tick(state, now, { settled: true, listeningSince: now });
  return (hazard: string) => state.verdicts.get(`${weatherResponse.kind}/${hazard}`)?.verdict;
};

const levelName = (rank: number): string | null => (rank === 0 ? null : LEVELS[rank - 1]!);

/**
 * The level that the plan's clauses ask for.
 * @param payload `{ time?, observed: { township: entry | entries }, forecast: { township: entry | entries } }`, an entry being a reading's
 * values: `{ rain: 63.5 }`, `{ temperature: 38, period: 'PT48H' }`; of a forecast `{ rain: 60, hours: 24 }`
 * @param hazards those that are asked for
 * @throws RangeError where something is wrong, with its place
 */
export const responsesOf = (
  payload: unknown,
  hazards: readonly string[],
  county: Known,
  clock: number,
): { readonly time: string; readonly responses: readonly ResponseWords[] } => {
  if (!isTree(payload)) throw new RangeError('payload: 不是对象 not an object');
  const known = withGauges(county);
  const now = timeIn(payload, clock);
  const verdictOf = judgeAt(allReadings(payload, known, now), known, now);
  const responses = hazards.flatMap((hazard): ResponseWords[] => {
    const found = verdictOf(hazard);
    if (found === undefined) return [];
    const { least, most, title, lacking } = found;
    return [
      {
        hazard,
        title,
        level: levelName(least),
        possible: levelName(most),
        basis: found.basis ?? { document: EDITION.document, clause: HAZARDS[hazard]!.clause },
        evidence: least === 0 ? [] : found.evidence(least),
        lacking,
      },
    ];
  });
  return { time: isoUtc(now), responses };
};
