import { rememberedBy } from '../core/remembered.ts';
import { FEEDS, type Signal } from '../core/types.ts';
import type { Cadence } from '../processors/cadence.ts';
import { type Column, columnOf, emptyColumn } from '../processors/column.ts';
import { processors } from '../processors/index.ts';
import { type Fallen, newestFallen, type Rolling, rollingRain } from '../processors/rain.ts';
import { anchorOf, newestOf, type Window } from '../processors/window.ts';
import { advance, isEnded, rankOf, signAtOnce } from '../signals/life.ts';
import { rules } from '../thresholds/index.ts';
import { noAnswers } from '../thresholds/questions.ts';
import type { Rule, Trigger, Verdict, World } from '../thresholds/rule.ts';
import { createSheet, type Sheet } from '../thresholds/sheet.ts';
import { type Known, lastValidOf, type MiddleState, membersOf, placeOf, windowKey } from './state.ts';

// figures → signals: what the rules may look at, and what comes of their verdicts.

export interface Judging {
  /** Judge rules that compare stations at every reading too (live), or at ticks alone (a replay, whose ticks end each instant). */
  readonly judge: 'reading' | 'tick';
  /** Take the steps of people as given at once. */
  readonly autoSign: boolean;
}

type LastFigure = Parameters<World['lastFigure']>;

export interface Judge {
  (state: MiddleState, trigger: Trigger, now: number): Signal[];
  /**
   * What a rule says of a subject as of the last tick, worked out anew: the same whatever happened to the process.
   * @param at the time where there was no tick yet
   */
  verdict(state: MiddleState, kind: string, subject: string, at: number): Verdict | undefined;
}

/** Rolling rain or snow is as of the station's newest reading of it, until its next one is overdue. */
const fallenNow = (
  state: MiddleState,
  { catalog }: Known,
  station: string,
  now: number,
  what: Fallen,
): Rolling | undefined => {
  const window = state.windows.get(windowKey('weather', station));
  const newest = window && newestFallen(window, what);
  if (newest === undefined) return undefined;
  const interval = Math.max(catalog.stations.get(station)?.feeds.weather?.interval ?? 0, newest.time - newest.start);
  const due = newest.time + interval;
  // A tick ends its instant: what was due then is overdue. Among readings of one instant the others may just be on their way.
  const time = state.tick >= due || now > due ? now : newest.time;
  const key = `${what}/${station}`;
  const known = state.fallen.get(key);
  if (known?.time === time) return known;
  const rolling = rollingRain(window!, time, what);
  state.fallen.set(key, rolling);
  return rolling;
};

/** Figures of a month of every dustfall point that has one. */
export const dustfallPoints = (state: MiddleState, known: Known, monthStart: number) => {
  const cadence = processors.dustfall.cadences[0]!;
  const span = cadence.span(monthStart, known.settings);
  return membersOf(state, known, 'dustfall').flatMap(
    ({ station, window }) => cadence.make(window, span, { station, settings: known.settings }) ?? [],
  );
};

const sameTags = (a: Cadence['tags'], b: Cadence['tags']): boolean =>
  Object.keys({ ...a, ...b }).every((name) => a?.[name] === b?.[name]);

/**
 * A period is closed when the station's own readings or the clock have passed its end. What began before memory reaches for certain is not
 * looked at: of that one window may hold more than another.
 */
const lastFigure = (state: MiddleState, known: Known, ...[feed, id, name, decides, tags]: LastFigure) => {
  const cadence = processors[feed].cadences.find((one) => one.measurement === name && sameTags(one.tags, tags));
  const window = state.windows.get(windowKey(feed, id));
  if (cadence === undefined || window === undefined) return undefined;
  const newest = newestOf(window) ?? state.tick;
  const closed = Math.max(newest, state.tick);
  let before = Number.POSITIVE_INFINITY;
  for (const reading of window.readings.toReversed()) {
    if (anchorOf(reading) >= before) continue;
    const span = cadence.span(anchorOf(reading), known.settings);
    before = span.start;
    if (span.start <= newest - processors[feed].keep) return undefined;
    const figure = span.end <= closed ? cadence.make(window, span, placeOf(known, id)) : undefined;
    if (figure !== undefined && decides(figure)) return figure;
  }
  return undefined;
};

const NO_COLUMN = emptyColumn();

const columnsOf =
  (window: Window | undefined) =>
  (quantity: string): Column =>
    window === undefined ? NO_COLUMN : columnOf(window, quantity);

/** What worlds share: it does not change from event to event. */
type Lasting = Known & Pick<World, 'weatherStations'> & { readonly sheet: Sheet };

/** What is the same of a state's worlds at any instant. */
type Timeless = Omit<World, 'now' | 'listeningSince' | 'answers' | 'fallen'>;

const LEVELS = new Map(rules.map(({ kind, levels }) => [kind, levels]));

const timelessOf = (state: MiddleState, known: Lasting): Timeless => ({
  catalog: known.catalog,
  settings: known.settings,
  weatherStations: known.weatherStations,
  weather: (station) => state.windows.get(windowKey('weather', station))?.readings ?? [],
  measured: (station) => columnsOf(state.windows.get(windowKey('weather', station))),
  rainDays: (station) => state.rainDays.get(station) ?? new Map(),
  forecasts: (township) => state.windows.get(windowKey('forecast', township))?.readings ?? [],
  expected: (township) => columnsOf(state.windows.get(windowKey('forecast', township))),
  lastValid: (station) => lastValidOf(state, known, station) ?? state.since,
  dustfallPoints: (start) => dustfallPoints(state, known, start),
  lastFigure: (...which) => lastFigure(state, known, ...which),
  inForce: (kind) =>
    [...state.signals.values()].filter((one) => one.kind === kind && !isEnded(one)).map((one) => one.subject),
  reports: (id) => state.reports.get(id) ?? new Map(),
  signal: (kind, subject) => state.signals.get(`${kind}/${subject}`),
  rank: (kind, subject) => rankOf(state.signals.get(`${kind}/${subject}`), LEVELS.get(kind) ?? []),
});

/** Makes worlds of a state. One is made at each event: what does not hang on the instant is made once a state. */
const createWorlds = (known: Lasting): ((state: MiddleState, now: number) => World) => {
  const timeless = rememberedBy((state: MiddleState) => timelessOf(state, known));
  return (state, now) => ({
    ...timeless(state),
    now,
    listeningSince: state.listeningSince,
    answers: noAnswers(known.sheet),
    fallen: (station, what) => fallenNow(state, known, station, now, what),
  });
};

export const createJudge = (known: Known, { judge, autoSign }: Judging): Judge => {
  const { catalog } = known;
  const county = catalog.county.code;
  // Where people's steps are taken as given, so are their reports.
  const judged = autoSign ? rules.filter(({ kind }) => kind !== 'report-late') : rules;
  const judgedBy = new Map(FEEDS.map((feed) => [feed, judged.filter(({ feeds }) => feeds.includes(feed))]));
  const weatherStations = new Map(
    catalog.townships.map(({ id }) => [
      id,
      [...catalog.stations.values()].filter((one) => one.active && one.township === id && one.feeds.weather),
    ]),
  );
  const worldOf = createWorlds({ ...known, weatherStations, sheet: createSheet(known.settings) });

  const apply = (state: MiddleState, rule: Rule, verdict: Verdict, at: number, mayFall: boolean): Signal[] => {
    const key = `${rule.kind}/${verdict.subject}`;
    state.verdicts.set(key, { rule, verdict });
    if (state.closed.has(key)) return [];
    const held = rule.hold?.(known.settings) ?? 0;
    const changed = advance(state.signals.get(key), rule, verdict, { county, at, mayFall, held });
    if (changed === undefined) return [];
    const steps = [changed, ...(autoSign ? signAtOnce(changed) : [])];
    state.signals.set(key, steps.at(-1)!);
    return steps;
  };

  /**
   * Ticks run behind the clock, readings and forecasts do not: rules that compare stations look from the newest of these, or a
   * tick would take back what a newer forecast raised a moment before.
   */
  const newestInstant = (state: MiddleState, now: number): number => {
    let newest = now;
    for (const [key, { readings }] of state.windows)
      if (key.startsWith('forecast/') || key.startsWith('weather/'))
        newest = Math.max(newest, readings.at(-1)?.time ?? now);
    return newest;
  };

  const verdict: Judge['verdict'] = (state, kind, subject, at) => {
    const now = Number.isFinite(state.tick) ? state.tick : at;
    const world = worldOf(state, newestInstant(state, now));
    const said = rules
      .find((rule) => rule.kind === kind)
      ?.evaluate(world, { kind: 'tick', settled: false, figures: [], closed: [] });
    return said?.find((one) => one.subject === subject);
  };

  const judgeAll = (state: MiddleState, trigger: Trigger, now: number): Signal[] => {
    const ofTrigger = worldOf(state, now);
    const latest = trigger.kind === 'tick' ? newestInstant(state, now) : now;
    const ofLatest = latest === now ? ofTrigger : worldOf(state, latest);
    const changes: Signal[] = [];
    const asked = trigger.kind === 'tick' ? judged : judgedBy.get(trigger.reading.feed)!;
    for (const rule of asked) {
      const mayFall = rule.falls === 'at-once' || trigger.kind === 'tick';
      if (!mayFall && judge === 'tick') continue;
      const world = rule.falls === 'at-tick' ? ofLatest : ofTrigger;
      for (const verdict of rule.evaluate(world, trigger))
        for (const change of apply(state, rule, verdict, world.now, mayFall)) changes.push(change);
    }
    return changes;
  };
  return Object.assign(judgeAll, { verdict });
};
