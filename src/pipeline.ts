// The shell around the middle: journal, then effects, then acknowledgement.
//
// One cycle is one transaction, committed with an fsync:
//   1. messages that arrived are written to the journal, in the order of arrival;
//   2. events after the position are applied until the cycle's slice of time is used: decoded, put through the middle, and
//      their effects written (archive, figures into the outbox, signals, quarantine), together with the new position;
//   3. commit; only then are the messages of step 1 acknowledged, in order.
// Under overload step 1 goes on while step 2 falls behind: the journal grows, up to its bounds, and brokers are not kept waiting.
// If the commit fails (a full disk) everything of the cycle is rolled back, memory is dropped and read again from the database,
// nothing is acknowledged, and the cycle is tried again: the middle's state is a cache of what is on disk.

import type { DatabaseSync } from 'node:sqlite';
import type { Settings } from './config/schema.ts';
import type { Catalog } from './core/catalog.ts';
import { type Counts, noCounts } from './core/counts.ts';
import { reasonOf } from './core/errors.ts';
import type { Log } from './core/log.ts';
import { inTransaction, isDamage } from './core/sqlite.ts';
import { DAY } from './core/time.ts';
import type { Point } from './core/types.ts';
import { createDecisions } from './effects/decisions.ts';
import { createEffects, type Harvest, type Tick, type Watcher } from './effects.ts';
import { createArchive } from './intake/archive.ts';
import { createDesk, type DeskRow, deskSource, handedAt } from './intake/desk.ts';
import { createJournal, type EventKind, isMessage, type JournalEvent, weightOf } from './intake/journal.ts';
import { createQuarantine } from './intake/quarantine.ts';
import { createReviews } from './intake/reviews.ts';
import type { Decision } from './signals/decision.ts';
import { createLedger } from './signals/ledger.ts';
import { createRegister } from './signals/register.ts';
import { createTokens } from './signals/tokens.ts';
import type { Outbox } from './store/outbox.ts';

/** A message as a broker's client hands it over. */
export interface Arrived {
  readonly source: string;
  readonly topic: string;
  readonly payload: Buffer;
  readonly received: number;
  /** 0: dropped when too many wait, since no one can be asked to hold it back. */
  readonly qos: 0 | 1;
  /** Called once, after the commit that holds the message. */
  acknowledge(): void;
}

export interface PipelineParts {
  readonly database: DatabaseSync;
  readonly settings: Settings;
  readonly catalog: Catalog;
  readonly outbox: Outbox;
  readonly brokers: readonly string[];
  readonly log: Log;
  /** Epoch ms. */
  readonly now: () => number;
  /** Milliseconds of a clock that only goes forward, for slices of time. */
  readonly steady: () => number;
  readonly watcher?: Watcher | undefined;
  /** There are points in the outbox. */
  wake(): void;
  /** There are signals to publish. */
  speak(): void;
  /** After a commit: the outbox's newest row, and when the messages that it applied were received. */
  committed?(upTo: number, received: readonly number[]): void;
  /** The database has damaged pages: nothing more is done until it is opened again and mended. */
  damaged(thrown: unknown): void;
}

/** Points about the pipeline itself that wait while commits fail; then the oldest go. */
const OWN_MOST = 10_000;
const MEMORY_QUEUE = 20_000;
const RETRY_AFTER = 1_000;
const FLUSH_AFTER = 200;
/** Rows of the quarantine and of the desk that are taken at a time. */
const ASKED_MOST = 1_000;
const HOUSEKEEPING_ROWS = 2_000;
const HOUSEKEEPING_TIME = 200;
const YEAR = 366 * DAY;
/** Events between two looks at the clock. */
const LOOK = 16;

interface Waiting extends Omit<Arrived, 'qos'> {
  readonly kind: EventKind;
  /** The quarantine's row that a retry comes from. */
  readonly quarantined?: number;
  /** The desk's row that an entry or a review comes from. */
  readonly handed?: number;
}

export type Pipeline = ReturnType<typeof createPipeline>;

const nothing = (): void => {};

export const createPipeline = (parts: PipelineParts) => {
  const { database, settings, outbox, log, now, steady } = parts;
  const journal = createJournal(database);
  const archive = createArchive(database);
  const quarantine = createQuarantine(database);
  const desk = createDesk(database);
  const reviews = createReviews(database);
  const register = createRegister(database, parts.brokers);
  const ledger = createLedger(database);
  const tokens = createTokens(database);
  const counts: Counts = noCounts();
  const effects = createEffects(
    { ...parts, archive, quarantine, desk, reviews, register, ledger, counts },
    parts.catalog,
  );
  // What was journalled before a crash is in flight again.
  counts.received += journal.pendingMessages();
  /** The counts as of the last commit, to go back to when one fails. */
  let committed = structuredClone(counts);

  const decisions = createDecisions({ database, desk, now });
  let incoming: Waiting[] = [];
  /** Journalled events not applied yet, the next ones first; when it is empty the journal is read. */
  let queue: JournalEvent[] = [];
  /** When the messages applied in this cycle were received. */
  let applied: number[] = [];
  /** Points about the pipeline itself, which no event makes: lost with the process, and missed by nobody. */
  let own: Point[] = [];
  let flushDue = false;
  let scheduled = false;
  let stopped = false;
  let trouble: string | undefined;

  const nextEvents = (): JournalEvent[] => {
    if (queue.length === 0 && journal.position < journal.last)
      queue = journal.after(journal.position, settings.journal.batch);
    return queue;
  };

  /** Apply events until the slice is used. */
  const applySome = (): void => {
    const end = steady() + settings.journal.slice;
    const events = nextEvents();
    let bytes = 0;
    let done = 0;
    while (done < events.length && (done % LOOK !== 0 || done === 0 || steady() < end)) {
      const event = events[done++]!;
      effects.apply(event);
      if (event.kind === 'message') applied.push(event.received);
      bytes += weightOf(event);
    }
    if (done === 0) return;
    journal.advance(events[done - 1]!.seq, bytes);
    queue = events.slice(done);
  };

  const hasRoom = (): boolean =>
    journal.last - journal.position < settings.journal.max_pending && journal.pendingBytes < settings.journal.max_bytes;

  /** Write what arrived to the journal; what does not fit stays unacknowledged. */
  const takeIn = (): Waiting[] => {
    if (!hasRoom()) return [];
    const taken = incoming.slice(0, settings.journal.batch);
    for (const message of taken) {
      const event = journal.append(message);
      if (message.quarantined !== undefined) quarantine.retried(message.quarantined);
      if (message.handed !== undefined) desk.taken(message.handed);
      if (isMessage(message.kind)) counts.received++;
      // The queue in memory holds the next events without a gap, or it is left to the journal.
      const before = queue.at(-1)?.seq ?? journal.position;
      if (queue.length < MEMORY_QUEUE && before === event.seq - 1) queue.push(event);
    }
    return taken;
  };

  const work = (): { taken: Waiting[]; harvest: Harvest } => {
    database.exec('BEGIN IMMEDIATE');
    const taken = takeIn();
    applySome();
    const harvest = effects.harvest();
    outbox.append(own.length === 0 ? harvest.points : [...harvest.points, ...own]);
    outbox.flush();
    database.exec('COMMIT');
    return { taken, harvest };
  };

  const rollBack = (thrown: unknown): void => {
    const error = reasonOf(thrown);
    if (error !== trouble) log.error({ error }, 'a commit failed: nothing is acknowledged, it is tried again');
    trouble = error;
    if (database.isTransaction) database.exec('ROLLBACK');
    if (isDamage(thrown)) {
      stopped = true;
      parts.damaged(thrown);
      return;
    }
    journal.reload();
    queue = [];
    applied = [];
    // What was dropped stays dropped.
    const { unacknowledgedDropped, quarantineDropped } = counts;
    Object.assign(counts, structuredClone(committed), { unacknowledgedDropped, quarantineDropped });
    effects.recall();
  };

  const settle = (taken: readonly Waiting[], { told, points, spoken }: Harvest): void => {
    if (trouble !== undefined) log.info({}, 'commits succeed again');
    trouble = undefined;
    flushDue = false;
    committed = structuredClone(counts);
    incoming = incoming.length === taken.length ? [] : incoming.slice(taken.length);
    for (const message of taken) message.acknowledge();
    for (const tell of told) tell();
    if (points.length > 0 || own.length > 0) parts.wake();
    parts.committed?.(outbox.last(), applied);
    [applied, own] = [[], []];
    if (spoken) parts.speak();
    decisions.answer();
  };

  /** One transaction; whether there is more to do at once. */
  const cycle = (): boolean => {
    if (incoming.length === 0 && journal.position === journal.last && !flushDue) return false;
    try {
      const { taken, harvest } = work();
      settle(taken, harvest);
    } catch (thrown) {
      rollBack(thrown);
      return false;
    }
    return (incoming.length > 0 && hasRoom()) || journal.position < journal.last;
  };

  const run = (): void => {
    scheduled = false;
    if (stopped) return;
    if (cycle()) schedule();
    else if (trouble !== undefined) setTimeout(schedule, RETRY_AFTER).unref();
  };
  const schedule = (): void => {
    if (scheduled || stopped) return;
    scheduled = true;
    setImmediate(run);
  };

  const enter = (message: Waiting): void => {
    incoming.push(message);
    schedule();
  };

  const takeRetries = (): void => {
    const under = new Set(incoming.map((message) => message.quarantined));
    for (const { id, received, source: before, topic, payload } of quarantine.asked(ASKED_MOST)) {
      if (under.has(id)) continue;
      // What a person handed in stays that person's.
      const handed = handedAt(before);
      const source = `quarantine:${id}@${now()}${handed === undefined ? '' : ` ${handed.source}`}`;
      enter({ kind: 'retry', source, topic, payload, received, quarantined: id, acknowledge: nothing });
    }
  };

  const takeHanded = (): void => {
    const under = new Set(incoming.map((message) => message.handed));
    for (const row of desk.asked(ASKED_MOST)) {
      if (under.has(row.id)) continue;
      const { kind, id, asked: received, topic, payload } = row;
      enter({ kind, source: deskSource(row), topic, payload, received, handed: id, acknowledge: nothing });
    }
  };

  /** What commands asked for becomes events of the journal; it leaves the quarantine or the desk in the same commit. */
  const takeAsked = (): void => {
    takeRetries();
    takeHanded();
  };

  const decide = (decision: Decision, key?: string): Promise<DeskRow> => {
    const answer = decisions.ask(decision, key);
    takeHanded();
    return answer;
  };

  const enterTick = (tick: Tick): void => {
    const payload = Buffer.from(JSON.stringify(tick));
    enter({ kind: 'tick', source: 'clock', topic: '', payload, received: now(), acknowledge: nothing });
  };

  /** Remove some of what is older than it need be kept; whether there is more. Counted back from the last tick: clocks are set wrong. */
  const forgetSome = (): boolean => {
    const time = Math.min(now(), effects.state().tick + DAY);
    const journalled = journal.forget(time - settings.journal.keep, HOUSEKEEPING_ROWS);
    const past = time - settings.archive.keep - DAY;
    const kept = [archive, reviews, desk].map((part) => part.forget(past, HOUSEKEEPING_ROWS));
    // A reading as old as the archive still changes its year, all of whose days are needed then.
    const days = effects.forgetDays(past - YEAR, HOUSEKEEPING_ROWS);
    const gone = quarantine.bound(settings.quarantine.max_rows, settings.quarantine.max_bytes);
    counts.quarantineDropped += gone;
    if (gone > 0) log.warn({ gone }, 'the quarantine was full; its oldest messages went');
    return [journalled, days, ...kept].includes(HOUSEKEEPING_ROWS);
  };

  /** Remove what is older than it need be kept, for a slice of time; then others get their turn. */
  const housekeep = (): void => {
    const end = steady() + HOUSEKEEPING_TIME;
    let more = true;
    try {
      while (more && steady() < end) more = inTransaction(database, forgetSome);
    } catch (thrown) {
      quarantine.reload();
      throw thrown;
    }
  };

  const liveCounts = (): Counts => {
    const { stored, duplicate, quarantined } = counts.outcomes;
    return {
      ...counts,
      inFlight: counts.received - stored - duplicate - quarantined,
      journalPending: journal.last - journal.position,
      journalBytes: journal.pendingBytes,
      signalsPending: register.pending(),
      figuresDue: effects.figuresDue(),
      ledgerEntries: ledger.count(),
    };
  };

  return {
    /** Take a message over. It is acknowledged after the commit that holds it. */
    receive: (message: Arrived): void => {
      if (message.qos === 0 && incoming.length >= settings.intake.waiting) counts.unacknowledgedDropped++;
      else enter({ ...message, kind: 'message' });
    },
    tick: enterTick,
    takeAsked,
    housekeep,
    /** Write down soon how far the stores are, with whatever else is to be committed. */
    flushSoon: (): void => {
      if (flushDue) return;
      flushDue = true;
      setTimeout(schedule, FLUSH_AFTER).unref();
    },
    /** Hand points to the stores that are about the pipeline itself, in the next commit. */
    write: (points: readonly Point[]): void => {
      own = [...own, ...points].slice(-OWN_MOST);
      flushDue = true;
      schedule();
    },
    /** Apply all that is journalled or waiting; for commands and before the end. */
    drain: (): void => {
      while (cycle());
    },
    /** Before the end: journal what is in memory and write down how far the stores are. What is not applied is at the next start. */
    finish: (): void => {
      flushDue = true;
      do {
        const waiting = incoming.length;
        cycle();
        if (incoming.length >= waiting) break;
      } while (incoming.length > 0);
      stopped = true;
    },
    /** Use another catalog from the next event on. */
    setCatalog: effects.setCatalog,
    stop: (): void => {
      stopped = true;
    },
    register,
    quarantine,
    desk,
    ledger,
    tokens,
    decide,
    counts: liveCounts,
    catalog: effects.catalog,
    state: effects.state,
    latest: effects.latest,
    backlogAt: effects.backlogAt,
    newestReading: effects.newestReading,
    lastTick: (): number => effects.state().tick,
    /** The last commit succeeded and the journal has room. */
    healthy: (): boolean => trouble === undefined && hasRoom(),
  };
};
