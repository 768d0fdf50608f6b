// What an event of the journal does: decoded, put through the middle, its effects written. All of it happens inside the cycle's
// transaction (src/pipeline.ts). What is in memory here is a cache of the database: `recall` reads it again, after a start, after
// a rollback, and when the catalog changed.

import type { DatabaseSync } from 'node:sqlite';
import type { Settings } from './config/schema.ts';
import type { Catalog } from './core/catalog.ts';
import { bump, type Counts } from './core/counts.ts';
import { reasonOf } from './core/errors.ts';
import type { Log } from './core/log.ts';
import { inSavepoint } from './core/sqlite.ts';
import type { Feed, Figure, Point, Reading, Signal } from './core/types.ts';
import { createAirPeriods } from './effects/air-periods.ts';
import { applyDecision, detailOf, noteThreshold } from './effects/decide.ts';
import { createDueMemory } from './effects/due.ts';
import { createLatest } from './effects/latest.ts';
import { createMemory } from './effects/memory.ts';
import { createRainDays } from './effects/rain-days.ts';
import { applyReview } from './effects/review.ts';
import type { Archive } from './intake/archive.ts';
import { decode, type Reason } from './intake/decode.ts';
import { type Desk, type DeskState, type HandedEnd, handedAt } from './intake/desk.ts';
import type { JournalEvent } from './intake/journal.ts';
import type { Quarantine } from './intake/quarantine.ts';
import type { Reviews } from './intake/reviews.ts';
import {
  createMiddle,
  createState,
  type Middle,
  type MiddleState,
  type Need,
  type Result,
  settleCounty,
} from './middle.ts';
import { processors } from './processors/index.ts';
import { createWindow, sameContent, type Window } from './processors/window.ts';
import type { Ledger } from './signals/ledger.ts';
import { isEnded, seriesRank } from './signals/life.ts';
import type { Register } from './signals/register.ts';
import { figurePoint, readingPoint, signalPoint } from './store/points.ts';
import { rules } from './thresholds/index.ts';

/** A tick of the clock, as it is journalled. */
export interface Tick {
  /** Event time, ms. */
  readonly time: number;
  /** Every broker is heard and no backlog is being read. */
  readonly settled: boolean;
  readonly listeningSince: number;
}

/** What someone who watches is told, after the commit. */
export interface Watcher {
  reading(reading: Reading): void;
  figure(figure: Figure): void;
  signal(signal: Signal): void;
}

export interface EffectsParts {
  readonly database: DatabaseSync;
  readonly settings: Settings;
  readonly archive: Archive;
  readonly quarantine: Quarantine;
  readonly desk: Desk;
  readonly reviews: Reviews;
  readonly register: Register;
  readonly ledger: Ledger;
  readonly counts: Counts;
  readonly log: Log;
  readonly now: () => number;
  readonly watcher?: Watcher | undefined;
}

/** What a cycle has to hand on. */
export interface Harvest {
  readonly points: readonly Point[];
  /** Messages for the watcher, to be told after the commit. */
  readonly told: readonly (() => void)[];
  /** Signals changed. */
  readonly spoken: boolean;
}

/** When a retry was entered: it stands behind the row of the quarantine in its source. */
const retriedAt = ({ kind, source }: JournalEvent): number | undefined =>
  kind === 'retry' ? Number(/@(\d+)/.exec(source)?.[1]) || undefined : undefined;

const isHanded = ({ kind, source }: JournalEvent): boolean => kind !== 'message' && handedAt(source) !== undefined;

export type Effects = ReturnType<typeof createEffects>;

/** A flood of bad messages is kept within the quarantine's bounds this often, besides once a minute. */
const BOUND_EVERY = 1_000;

/** After a long outage many of the county's figures are due at once: a tick works out so many, the next ones go on. */
const COUNTY_EACH_TICK = 500;
/** And so many months of air. */
const MONTHS_EACH_TICK = 200;

export const createEffects = (parts: EffectsParts, first: Catalog) => {
  const { settings, archive, quarantine, desk, reviews, register, ledger, counts, log, now, watcher } = parts;
  const memory = createMemory(parts.database);
  const due = createDueMemory(memory);
  const periods = createAirPeriods(parts.database, (what) => {
    log.error({ what }, 'a day of air cannot be read; its month is worked out without it');
    counts.damage++;
  });
  const rainDays = createRainDays(parts.database);
  const latest = createLatest();
  let catalog = first;
  let middle: Middle;
  let state: MiddleState;
  let points: Point[] = [];
  let told: (() => void)[] = [];
  let spoken = false;
  /** Messages quarantined since the quarantine was last kept within its bounds. */
  let unbounded = 0;
  /** Arrival of the last reading that came long after its time: a sign that a backlog is being read. */
  let backlogAt = Number.NEGATIVE_INFINITY;
  /** Time of the newest reading there is. */
  let newest = Number.NEGATIVE_INFINITY;

  /** Readings of the archive, under what people said of them. */
  const reviewed = (feed: Feed, station: string, from: number, to: number): readonly Reading[] =>
    reviews.layAll(feed, station, archive.range(feed, station, from, to));

  /** Readings that the middle asks for; a loan is handed back to be lent. */
  const load = ({ feed, station, range, into }: Need): Window | undefined => {
    if (range === 'newest') {
      const newest = archive.newest(feed, station);
      const from = newest === undefined ? Number.NEGATIVE_INFINITY : newest - processors[feed].keep;
      middle.provide(state, feed, station, from, newest === undefined ? [] : reviewed(feed, station, from, newest));
      return undefined;
    }
    const readings = reviewed(feed, station, range.from, range.to);
    if (into === 'loan') return createWindow(range.from, readings);
    middle.provide(state, feed, station, range.from, readings);
    return undefined;
  };

  const loadMissing = (): void => {
    for (const need of middle.missing(state)) load(need);
  };

  /** The middle's memory as the database has it, within the transaction under way if there is one. */
  const remember = (): void => {
    const tick = memory.read('tick') ?? Number.NEGATIVE_INFINITY;
    state = createState(register.all(), rainDays.before(tick, settings.geological.days));
    state.tick = tick;
    state.since = memory.read('since');
    due.read(state.due);
    for (const key of ledger.closed()) state.closed.add(key);
    for (const { id, in_force } of state.signals.values()) if (in_force) state.reports.set(id, ledger.reports(id));
    loadMissing();
    for (const { readings } of state.windows.values()) newest = Math.max(newest, readings.at(-1)?.time ?? newest);
  };

  const rememberDue = (): void => due.write(state.due);

  const recall = (): void => {
    [points, told, spoken] = [[], [], false];
    archive.reload();
    reviews.reload();
    quarantine.reload();
    middle = createMiddle({ catalog, settings, judge: 'reading', autoSign: false, status: true });
    remember();
    latest.clear();
    for (const figure of [...middle.lastFigures(state), ...periods.latest()]) latest.keep(figure);
  };
  recall();

  const putSignal = (signal: Signal): void => {
    spoken = true;
    const levels = rules.find((rule) => rule.kind === signal.kind)?.levels ?? [];
    points.push(signalPoint(signal, seriesRank(signal, levels), register.put(signal)));
    bump(counts.signalChanges, signal.kind);
    if (watcher) told.push(() => watcher.signal(signal));
  };

  /** What thresholds changed. */
  const writeSignals = (signals: readonly Signal[]): void => {
    for (const signal of signals) {
      putSignal(signal);
      noteThreshold(signal, ledger);
    }
  };

  const writeFigures = (figures: readonly Figure[]): void => {
    for (const figure of figures) {
      points.push(figurePoint(figure, catalog));
      periods.take(figure);
      rainDays.take(figure);
      bump(counts.figures, figure.measurement);
      latest.keep(figure);
      if (watcher && figure.measurement !== 'station_status' && Object.keys(figure.fields).length > 0)
        told.push(() => watcher.figure(figure));
    }
  };

  const process = (reading: Reading): Result => {
    let loan: Window | undefined;
    for (let asked = 0; ; asked++) {
      const step = middle.reading(state, reading, loan);
      if (step.need === undefined) return step;
      // Every answer brings the middle further; it asks at most for each station of the feed, twice.
      if (asked > 2 * catalog.stations.size + 4)
        throw new Error(`the middle keeps asking for ${step.need.feed}/${step.need.station}`);
      loan = load(step.need) ?? loan;
    }
  };

  const count = (event: JournalEvent, reading: Reading, { arrival, late }: Result): void => {
    counts.outcomes.stored++;
    newest = Math.max(newest, reading.time);
    bump(counts.readings, reading.feed);
    if (arrival === 'revised') counts.revisions++;
    if (late) counts.late++;
    // What people enter always comes long after its time.
    if (event.received - reading.time > settings.silent.at_least && !isHanded(event)) backlogAt = now();
  };

  const write = (reading: Reading, { replaced, figures, signals }: Result): void => {
    const point = readingPoint(reading, replaced, catalog);
    if (point !== undefined) points.push(point);
    writeFigures(figures);
    writeSignals(signals);
  };

  /** Say at the desk what came of an event, if a person handed it in. */
  const settle = (event: JournalEvent, end: DeskState, detail = ''): void => {
    const row = event.kind === 'message' ? undefined : handedAt(event.source);
    if (row !== undefined) desk.settle(row.id, end, detail);
  };

  /** Whether a reading that changes nothing is another edition all the same, its differences under the marks of a review. */
  const isHidden = (raw: Reading, reading: Reading): boolean => {
    const kept = raw === reading ? undefined : archive.edition(raw);
    return kept !== undefined && !sameContent(kept, raw);
  };

  const store = (event: JournalEvent, raw: Reading): void => {
    const reading = reviews.lay(raw);
    const result = process(reading);
    const arrival = result.arrival === 'duplicate' && isHidden(raw, reading) ? 'revised' : result.arrival;
    settle(event, arrival);
    if (arrival === 'duplicate') {
      counts.outcomes.duplicate++;
      return;
    }
    if (arrival === result.arrival) write(reading, result);
    archive.insert(event.seq, raw);
    count(event, reading, { ...result, arrival });
    if (watcher) told.push(() => watcher.reading(reading));
  };

  const setAside = (event: JournalEvent, reason: Reason, detail: string): void => {
    const { received, source, topic, payload } = event;
    settle(event, 'quarantined', `${reason}: ${detail}`);
    quarantine.put({ received, source, topic, payload, reason, detail });
    counts.outcomes.quarantined++;
    bump(counts.quarantined, reason);
    if (++unbounded < BOUND_EVERY) return;
    unbounded = 0;
    counts.quarantineDropped += quarantine.bound(settings.quarantine.max_rows, settings.quarantine.max_bytes);
  };

  /**
   * Do the work of a single event; where it throws, nothing of it stays but what `failed` does. The middle, which is all that can
   * throw but the disk, comes before anything is written.
   */
  const attempt = (work: () => void, failed: (thrown: unknown) => void, keep = rememberDue): void => {
    const [pointsBefore, toldBefore] = [points.length, told.length];
    try {
      work();
    } catch (thrown) {
      // Trouble with the disk is no fault of the event: the whole cycle is tried again.
      if ((thrown as { errcode?: number }).errcode !== undefined) throw thrown;
      points.length = pointsBefore;
      told.length = toldBefore;
      // Marks of the events before it are not in the database yet; one too many does no harm.
      keep();
      remember();
      failed(thrown);
    }
  };

  const applyMessage = (event: JournalEvent): void => {
    const decoded = decode({ ...event, retried: retriedAt(event) }, catalog, settings);
    if ('reason' in decoded) setAside(event, decoded.reason, decoded.detail);
    else
      attempt(
        () => store(event, decoded.reading),
        (thrown) => {
          log.error(
            { seq: event.seq, topic: event.topic, error: reasonOf(thrown) },
            'a reading could not be worked out',
          );
          setAside(event, 'failed', reasonOf(thrown));
        },
      );
  };

  /** What people handed in that is no message: its end is counted and said at the desk. */
  const handle = (event: JournalEvent, work: () => HandedEnd, failed: (why: string) => string): void => {
    const end = ({ state: outcome, detail }: HandedEnd): void => {
      bump(event.kind === 'review' ? counts.reviews : counts.decisions, outcome);
      settle(event, outcome, detail);
    };
    attempt(
      () => end(work()),
      (thrown) => {
        log.error({ seq: event.seq, error: reasonOf(thrown) }, `a ${event.kind} could not be worked out`);
        end({ state: 'refused', detail: failed(reasonOf(thrown)) });
      },
    );
  };

  const review = (event: JournalEvent): void => {
    const work = () => applyReview(event, { archive, reviews, catalog, process, write });
    handle(event, work, (why) => why);
  };

  const decide = (event: JournalEvent): void => {
    const decided = { state, settings, catalog, ledger, middle, write: putSignal };
    handle(event, () => inSavepoint(parts.database, () => applyDecision(event, decided)), detailOf);
  };

  /** Ended signals stay retained for a while, then their topics are cleared. */
  const clearOld = (time: number): void => {
    for (const [key, signal] of state.signals)
      if (isEnded(signal) && Date.parse(signal.at) <= time - settings.signals.retain_ended) {
        register.clear(signal);
        state.signals.delete(key);
        spoken = true;
      }
  };

  const applyTick = (event: JournalEvent): void => {
    const { time, ...how } = JSON.parse(event.payload.toString()) as Tick;
    const result = middle.tick(state, time, how);
    writeFigures(result.figures);
    writeFigures(settleCounty(middle, state, load, COUNTY_EACH_TICK));
    writeFigures(periods.settle(catalog, settings, MONTHS_EACH_TICK));
    writeSignals(result.signals);
    clearOld(time);
    memory.write('tick', state.tick);
    if (state.since !== undefined) memory.write('since', state.since);
    counts.ticks++;
  };

  /** What is due is written first: a tick takes marks away, and one that fails must not have. */
  const tick = (event: JournalEvent): void => {
    rememberDue();
    attempt(
      () => inSavepoint(parts.database, () => applyTick(event)),
      (thrown) => {
        log.error(
          { seq: event.seq, error: reasonOf(thrown) },
          'a tick could not be worked out; the next one does its work',
        );
        counts.damage++;
      },
      () => {},
    );
  };

  return {
    apply: (event: JournalEvent): void => {
      if (event.kind === 'tick') tick(event);
      else if (event.kind === 'review') review(event);
      else if (event.kind === 'decision') decide(event);
      else applyMessage(event);
    },
    /** What the events applied since the last harvest have to hand on. */
    harvest: (): Harvest => {
      rememberDue();
      const harvest = { points, told, spoken };
      [points, told, spoken] = [[], [], false];
      return harvest;
    },
    recall,
    setCatalog: (next: Catalog): void => {
      catalog = next;
      recall();
    },
    catalog: (): Catalog => catalog,
    state: (): MiddleState => state,
    latest: latest.all,
    /** Figures of the county and months of air whose readings changed since they were written. */
    figuresDue: (): number => [...state.due.values()].reduce((sum, { size }) => sum + size, periods.due()),
    forgetDays: (before: number, rows: number): number =>
      Math.max(periods.forget(before, rows), rainDays.forget(before, rows)),
    backlogAt: (): number => backlogAt,
    newestReading: (): number => newest,
  };
};
