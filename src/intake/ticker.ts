import type { Settings } from '../config/schema.ts';
import type { Log } from '../core/log.ts';
import { floorTo, HOUR, isoBeijing, SECOND } from '../core/time.ts';
import type { Tick } from '../effects.ts';
import type { BrokerClient } from './acknowledge.ts';

// The clock's ticks, one every `intake.tick` of event time, `intake.grace` behind the clock. They wait, though never longer than
// `intake.settle`:
// - while a backlog is read after a connection, so that hours are not closed before their readings came;
// - when the clock has leapt ahead of the time that really passed (or that the program was away): a clock set wrong would find
//   every station silent and hold all that follows for the past. A reading of the new time bears it out; readings of the old
//   time go on holding it, however long.
// Silence of stations is judged only while every broker is heard, or has been away longer than `intake.settle`.

const QUIET = 3 * SECOND;
/** A clock may be corrected by this much without a word. */
const LEAP = HOUR;

export interface TickerParts {
  readonly settings: Settings;
  readonly log: Log;
  readonly now: () => number;
  /** ms of a clock that is never set. */
  readonly steady: () => number;
  readonly clients: () => readonly BrokerClient[];
  readonly lastTick: () => number;
  /** Arrival of the last reading that came long after its time. */
  readonly backlogAt: () => number;
  /** Time of the newest reading there is. */
  readonly newestReading: () => number;
  /** When the catalog was read again: a station that is new in it has not been silent before. */
  readonly reloadedAt: () => number;
}

export interface Ticker {
  /** The tick that is due now, once. */
  due(): Tick | undefined;
}

export const createTicker = (parts: TickerParts): Ticker => {
  const { settings, log, now, steady } = parts;
  const began = steady();
  let given = Number.NEGATIVE_INFINITY;
  let givenAt = began;
  /** Since when a tick is held back, by the steady clock. */
  let heldSince: number | undefined;
  let warned = false;
  /** Since when a broker is missed, by the steady clock. */
  let missedSince: number | undefined;

  const leapt = (time: number, last: number): boolean => {
    const passed = steady() - (given === last ? givenAt : began);
    return Number.isFinite(last) && time - last > passed + LEAP && parts.newestReading() < time - LEAP;
  };

  /** Whether the tick must wait. */
  const held = (time: number, last: number): boolean => {
    const age = now() - Math.max(...parts.clients().map((client) => client.since() ?? Number.NEGATIVE_INFINITY));
    const backlog = now() - parts.backlogAt() < QUIET;
    const leap = leapt(time, last);
    if (age >= QUIET && !backlog && !leap) return false;
    heldSince ??= steady();
    if (steady() - heldSince < settings.intake.settle) return true;
    // Long enough; but readings that keep coming of the old time say that the clock is wrong.
    const contradicted = leap && now() - parts.backlogAt() < settings.intake.settle;
    if (contradicted && !warned)
      log.error({ clock: isoBeijing(now()) }, 'the clock is far ahead of the readings: is it right? ticks wait');
    warned = contradicted;
    return contradicted;
  };

  /** Since when all brokers are heard that are not given up; undefined: one is missed since lately. */
  const heardSince = (): number | undefined => {
    const times = parts.clients().map((client) => client.since());
    if (times.every((time) => time !== undefined)) missedSince = undefined;
    else missedSince ??= steady();
    if (missedSince !== undefined && steady() - missedSince < settings.intake.settle) return undefined;
    return Math.max(...times.filter((time) => time !== undefined));
  };

  return {
    due: () => {
      if (!parts.clients().some((client) => client.connected())) return undefined;
      const time = floorTo(now() - settings.intake.grace, settings.intake.tick);
      const last = Math.max(parts.lastTick(), given);
      if (time <= last || held(time, last)) return undefined;
      [given, givenAt, heldSince] = [time, steady(), undefined];
      const since = heardSince();
      return { time, settled: since !== undefined, listeningSince: Math.max(since ?? now(), parts.reloadedAt()) };
    },
  };
};
