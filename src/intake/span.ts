import type { FeedDefinition, Payload } from '../../sensors/feeds/definition.ts';
import type { Settings } from '../config/schema.ts';
import type { FeedSchedule } from '../core/catalog.ts';
import { formatDuration, isoBeijing, monthStart, parseDuration, parseTime } from '../core/time.ts';
import { Stop } from './reasons.ts';

// The time a message speaks of.

/** What the catalog says of a message's sender. */
export interface Source {
  readonly definition: FeedDefinition;
  readonly station: string;
  readonly schedule: FeedSchedule;
}

/** The first and last instant of four-digit years. */
const [YEAR_0, YEAR_9999] = [Date.parse('0000-01-02T00:00:00Z'), Date.parse('9999-12-30T00:00:00Z')];

const instantOf = (name: string, given: string | number): number => {
  const time = typeof given === 'number' ? given : parseTime(given);
  if (time === undefined || !Number.isInteger(time) || time < YEAR_0 || time > YEAR_9999)
    throw new Stop('bad-time', `${name}: ${JSON.stringify(given)} is not ISO 8601 or epoch milliseconds`);
  return time;
};

/** A month that ends on the 1st is the month before; any other is counted back to the same day, or the month's last. */
const monthBefore = (time: number): number => {
  const start = monthStart(time);
  const before = monthStart(start, -1);
  return Math.min(before + (time - start), start);
};

const startOf = (payload: Payload, time: number, { period }: FeedSchedule): number => {
  if (payload.start !== undefined) return instantOf('start', payload.start);
  const given = payload.period ?? (period === 'month' ? 'P1M' : period);
  if (given === 'P1M') return monthBefore(time);
  const length = typeof given === 'number' ? given : parseDuration(given);
  if (length === undefined || !Number.isInteger(length))
    throw new Stop('bad-time', `period: ${given} is not an ISO 8601 duration such as PT1H or P1M`);
  return time - length;
};

/** A span that reaches further back than any reading may come late would make the middle look through all of the archive. */
export const checkLength = (payload: Payload, length: number, { intake }: Settings): void => {
  if (length <= intake.max_age) return;
  const name = payload.start === undefined ? 'period' : 'start';
  throw new Stop('bad-time', `${name}: spans more than ${formatDuration(intake.max_age)}`);
};

/** What a message's times say. */
export interface TimeSpan {
  readonly time: number;
  readonly start: number;
  readonly from?: number;
  readonly to?: number;
}

/** A forecast covers its window, not a span up to its issue. */
export const spanOf = (payload: Payload, { definition, schedule }: Source): TimeSpan => {
  const time = instantOf('time', payload.time);
  if (payload.end !== undefined && instantOf('end', payload.end) !== time)
    throw new Stop('bad-time', 'end: is not the time of the message');
  if (definition.feed === 'forecast') {
    const [from, to] = [instantOf('from', payload.from ?? time), instantOf('to', payload.to ?? time)];
    if (to <= from) throw new Stop('bad-time', 'to: is not after from');
    return { time, start: time, from, to };
  }
  const start = startOf(payload, time, schedule);
  if (start > time) throw new Stop('bad-time', 'start: is after the time of the message');
  return { time, start };
};

/** A clock that was set wrong, ahead or behind, is forgiven when a message is tried again by a right one (`now`). */
export const checkClock = (time: number, received: number, now: number, { intake }: Settings): void => {
  if (time > now + intake.future) throw new Stop('future', `time ${isoBeijing(time)} is ahead of ${isoBeijing(now)}`);
  if (time < Math.min(received, now) - intake.max_age)
    throw new Stop('too-old', `time ${isoBeijing(time)} is too long before ${isoBeijing(received)}`);
};
