// A shell around the middle for tests: the real archive and the real middle, no broker and no clock. It keeps the last edition of each
// figure as a store does, field by field, and every change of a signal.
import { DatabaseSync } from 'node:sqlite';
import { type Settings, settingsSchema } from '../../src/config/schema.ts';
import type { Catalog, FeedSchedule, Station } from '../../src/core/catalog.ts';
import { figureFields } from '../../src/core/figure.ts';
import { HOUR, MINUTE, parseTime } from '../../src/core/time.ts';
import type { Feed, FieldValue, Figure, Reading, Signal } from '../../src/core/types.ts';
import { type Archive, createArchive } from '../../src/intake/archive.ts';
import {
  createMiddle,
  createState,
  type MiddleOptions,
  type Need,
  type Result,
  settleCounty,
} from '../../src/middle.ts';
import { processors } from '../../src/processors/index.ts';
import { createWindow, type Window } from '../../src/processors/window.ts';

export const settingsOf = (given: object = {}): Settings => settingsSchema.parse(given);

/** Epoch ms of a Beijing time such as `2026-07-20 08:00`. */
export const at = (text: string): number => {
  const time = parseTime(text);
  if (time === undefined) throw new Error(`${text} is not a time`);
  return time;
};

const nameOf = (id: string) => ({ zh: id, en: id });

export const PT5M: FeedSchedule = { period: 5 * MINUTE, interval: 5 * MINUTE };
export const PT1H: FeedSchedule = { period: HOUR, interval: HOUR };
export const MONTH: FeedSchedule = { period: 'month', interval: 31 * 24 * HOUR };
export const everyInstant = (interval: number): FeedSchedule => ({ period: 0, interval });

export const station = (id: string, feeds: Station['feeds'], more: Partial<Station> = {}): Station => ({
  id,
  name: nameOf(id),
  feeds,
  active: true,
  assessed: false,
  example: true,
  ...more,
});

export const catalogOf = (stations: readonly Station[], townships: readonly string[] = []): Catalog => ({
  county: { code: '140430', name: { zh: '沁县', en: 'Qinxian' } },
  townships: townships.map((id) => ({ id, name: nameOf(id), kind: 'township' })),
  stations: new Map(stations.map((one) => [one.id, one])),
  enterprises: new Map(),
  hazardPoints: [],
  dustDays: new Set(),
});

/** A reading that ends at `time` (Beijing text or ms) and lasts `period` ms. */
export const reading = (
  feed: Feed,
  id: string,
  time: string | number,
  period: number,
  values: Reading['values'],
  more: Partial<Reading> = {},
): Reading => {
  const end = typeof time === 'number' ? time : at(time);
  return { feed, station: id, time: end, start: end - period, values, ...more };
};

export type Finals = Map<string, Record<string, FieldValue>>;

/** `air_hour/a/2026-07-19T23:00:00.000Z`; a measurement with tags is called `water_class:month`. */
export const seriesKey = (measurement: string, id: string, start: number): string =>
  `${measurement}/${id}/${new Date(start).toISOString()}`;

/** Write editions as a store does. */
export const writeInto = (finals: Finals, figures: readonly Figure[]): void => {
  for (const figure of figures) {
    const tags = Object.values(figure.tags ?? {}).map((value) => `:${value}`);
    const key = seriesKey(figure.measurement + tags.join(''), figure.station, figure.start);
    const fields = { ...finals.get(key) };
    for (const name of figure.gone ?? []) delete fields[name];
    Object.assign(fields, figureFields(figure));
    if (Object.keys(fields).length > 0) finals.set(key, fields);
    else finals.delete(key);
  }
};

export interface Shell {
  take(...readings: Reading[]): Result[];
  tick(time: string | number, how?: { settled?: boolean; listeningSince?: number }): Result;
  /** Forget memory as a crash does; signals, days of rain and the clock's position are on disk. */
  crash(): void;
  /** Drop windows whose key is chosen. */
  drop(chosen: (key: string) => boolean): void;
  /** Fields of a figure as a store has them; undefined: none. */
  figure(measurement: string, id: string, start: string | number): Record<string, FieldValue> | undefined;
  readonly finals: Finals;
  readonly signals: Signal[];
  readonly asked: Need[];
  readonly archive: Archive;
  state(): ReturnType<typeof createState>;
  /** The newest change of a subject's signal. */
  signal(kind: string, subject: string): Signal | undefined;
}

export const createShell = (
  catalog: Catalog,
  settings: Settings = settingsOf(),
  options: Partial<MiddleOptions> = {},
): Shell => {
  const archive = createArchive(new DatabaseSync(':memory:'));
  const middle = createMiddle({ catalog, settings, judge: 'reading', autoSign: false, status: false, ...options });
  let state = createState();
  let seq = 0;
  const finals: Finals = new Map();
  const signals: Signal[] = [];
  const asked: Need[] = [];

  const supply = ({ feed, station: id, range, into }: Need): Window | undefined => {
    const newest = archive.newest(feed, id);
    const whole = { from: newest === undefined ? -Infinity : newest - processors[feed].keep, to: newest ?? -Infinity };
    const { from, to } = range === 'newest' ? whole : range;
    const readings = archive.range(feed, id, from, to);
    if (into === 'loan') return createWindow(from, readings);
    middle.provide(state, feed, id, from, readings);
    return undefined;
  };
  const ask = (need: Need): Window | undefined => {
    asked.push(need);
    return supply(need);
  };
  const fill = (): void => {
    for (const need of middle.missing(state)) supply(need);
  };
  const keep = (result: Result): Result => {
    writeInto(finals, result.figures);
    signals.push(...result.signals);
    return result;
  };
  const takeOne = (one: Reading): Result => {
    fill();
    let loan: Window | undefined;
    for (;;) {
      const result = middle.reading(state, one, loan);
      if (result.need === undefined) {
        if (result.arrival !== 'duplicate') archive.insert(++seq, one);
        return keep(result);
      }
      loan = ask(result.need) ?? loan;
    }
  };
  return {
    take: (...readings) => readings.map(takeOne),
    tick: (time, { settled = true, listeningSince = -Infinity } = {}) => {
      fill();
      const result = middle.tick(state, typeof time === 'number' ? time : at(time), { settled, listeningSince });
      return keep({ ...result, figures: [...result.figures, ...settleCounty(middle, state, ask)] });
    },
    crash: () => {
      const { tick, since, due, rainDays } = state;
      // As the register keeps them: as JSON.
      state = createState(JSON.parse(JSON.stringify([...state.signals.values()])) as Signal[], rainDays);
      state.tick = tick;
      state.since = since;
      for (const [measurement, starts] of due) state.due.set(measurement, new Map(starts));
    },
    drop: (chosen) => {
      for (const key of state.windows.keys()) if (chosen(key)) state.windows.delete(key);
    },
    figure: (measurement, id, start) =>
      finals.get(seriesKey(measurement, id, typeof start === 'number' ? start : at(start))),
    finals,
    signals,
    asked,
    archive,
    state: () => state,
    signal: (kind, subject) => signals.findLast((one) => one.kind === kind && one.subject === subject),
  };
};
