// What a fault cost: everything that the disturbed pipeline left, beside what the undisturbed one left.

import { SERIES } from '../src/store/series.ts';
import { influxTable } from '../tests/support/influx.ts';
import type { Child } from '../tests/support/lantian.ts';
import { OF_CLOCK, quarantineOf, readingsOf, type SeriesLeft, seriesOf, standOf } from '../tests/support/left.ts';
import type { Costs } from './scenario.ts';

/** Contents by identity. */
export type Contents = ReadonlyMap<string, string>;

export interface Difference extends Costs {
  /** A few of what differs, in words. */
  readonly some: readonly string[];
}

const SOME = 5;

/** What `ours` lacks, has too much, and has otherwise than `theirs`. */
export const difference = (name: string, ours: Contents, theirs: Contents): Difference => {
  const lost = [...theirs.keys()].filter((key) => !ours.has(key));
  const duplicated = [...ours.keys()].filter((key) => !theirs.has(key));
  const wrong = [...ours.keys()].filter((key) => theirs.has(key) && theirs.get(key) !== ours.get(key));
  const some = [
    ...lost.slice(0, SOME).map((key) => `${name} lost: ${key} ${theirs.get(key)}`),
    ...duplicated.slice(0, SOME).map((key) => `${name} too much: ${key} ${ours.get(key)}`),
    ...wrong.slice(0, SOME).map((key) => `${name} wrong: ${key} ${ours.get(key)} for ${theirs.get(key)}`),
  ];
  return { lost: lost.length, duplicated: duplicated.length, wrong: wrong.length, some };
};

export const sum = (parts: readonly Difference[]): Difference => ({
  lost: parts.reduce((all, { lost }) => all + lost, 0),
  duplicated: parts.reduce((all, { duplicated }) => all + duplicated, 0),
  wrong: parts.reduce((all, { wrong }) => all + wrong, 0),
  some: parts.flatMap(({ some }) => some).slice(0, 3 * SOME),
});

/** Rows as texts whose fields stand in one order. */
export const contentsOf = (series: Iterable<readonly [string, object]>): Contents =>
  new Map([...series].map(([key, fields]) => [key, JSON.stringify(Object.entries(fields).sort())]));

/** Texts that stand for themselves. */
export const setOf = (texts: Iterable<string>): Contents => new Map([...texts].map((text) => [text, '']));

/** Silence of stations is judged anew from when a broker is heard again, which an undisturbed pipeline need not do. */
const stands = (child: Child): Contents =>
  new Map(
    standOf(child)
      .filter(({ kind }) => kind !== 'station-silent')
      .map(({ kind, subject, ...stand }) => [`${kind} ${subject}`, JSON.stringify(stand)]),
  );

const tagsOf = (row: Record<string, unknown>, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(names.filter((name) => (row[name] ?? '') !== '').map((name) => [name, row[name]]));

/** The same rows as `seriesOf`, read from InfluxDB 1.x. */
export const influxSeries = async (url: string, database: string): Promise<SeriesLeft> => {
  const left: SeriesLeft = new Map();
  for (const [measurement, { tags }] of Object.entries(SERIES)) {
    if (OF_CLOCK.includes(measurement)) continue;
    for (const row of await influxTable(url, database, `SELECT * FROM "${measurement}" GROUP BY *`)) {
      const fields = Object.entries(row).filter(
        ([name, value]) => name !== 'time' && value !== null && !tags.includes(name as never),
      );
      const named = JSON.stringify(Object.fromEntries(Object.entries(tagsOf(row, tags)).sort()));
      left.set(`${measurement} ${named} ${row['time']}`, Object.fromEntries(fields));
    }
  }
  return left;
};

/** All that two pipelines left, messages apart; both must have ended or be idle. */
export const leftDifference = async (
  ours: Child,
  theirs: Child,
  influx?: { url: string; database: string },
): Promise<Difference> => {
  const right = contentsOf(seriesOf(theirs));
  return sum([
    difference('series', contentsOf(seriesOf(ours)), right),
    ...(influx ? [difference('InfluxDB', contentsOf(await influxSeries(influx.url, influx.database)), right)] : []),
    difference('reading', setOf(readingsOf(ours)), setOf(readingsOf(theirs))),
    difference('quarantine', setOf(quarantineOf(ours)), setOf(quarantineOf(theirs))),
    difference('signal', stands(ours), stands(theirs)),
  ]);
};
