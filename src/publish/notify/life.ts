// The life of what is sent: (state, event) → (state, deliveries). Pure: the clock is an event.
//
// Promises: a channel is told of a version once, told again only while it is pressing (Ⅰ, Ⅱ, red, orange; nobody acknowledged). Of every
// change that is routed to it a channel hears, or of what took its place; only a signal that ended before the channel heard of it at
// all stays untold. The state with a delivery in `sending` is on disk before the delivery leaves: a process that dies between the two
// sends it once more, marked as unsure, so each such death repeats one message at most and loses none.

import { DAY, MINUTE } from '../../core/time.ts';
import type { Signal } from '../../core/types.ts';
import { channelsFor, isUrgent } from './route.ts';
import type { Rules } from './rules.ts';
import { type Delivery, type Event, healthOf, type State, type Thread, type Ticket, type Watch } from './state.ts';
import { isNews, isOver, isPressing, isTaken, withNews, withoutNeedless, withThread, withWatch } from './threads.ts';

export interface Step {
  readonly state: State;
  readonly deliveries: readonly Delivery[];
}

/** Ended signals are retained for 30 d; known for longer, none that comes again is taken for another. */
const FORGET_AFTER = 40 * DAY;

/** Other signals of the same kind and subject are over: the topic has this one now. */
const closeOthers = (state: State, kind: string, subject: string, id: string | undefined): State =>
  Object.values(state.watches)
    .filter(({ signal }) => signal.kind === kind && signal.subject === subject && signal.id !== id)
    .reduce((after, watch) => {
      if (watch.closed) return after;
      return withoutNeedless(withWatch(after, { ...watch, closed: true }), watch.signal.id);
    }, state);

const acknowledgedBy = (signal: Signal, before: Watch | undefined, news: boolean, now: number) => {
  if (isTaken(signal)) return { acknowledged: { by: 'step', at: now } };
  return news || before?.acknowledged === undefined ? {} : { acknowledged: before.acknowledged };
};

const heard = (state: State, signal: Signal, places: readonly string[], now: number, rules: Rules): State => {
  const before = state.watches[signal.id];
  if (before !== undefined && before.signal.version >= signal.version) return state;
  const news =
    before === undefined ? Date.parse(signal.at) >= state.begun - rules.news : isNews(before.signal, signal, rules);
  const threads = { ...before?.threads };
  // Whoever was told of it is told how it goes on, also at a level that would not have been routed there.
  if (news)
    for (const name of new Set([...channelsFor(signal, places, rules), ...Object.keys(threads)]))
      threads[name] = withNews(threads[name], name, signal, now, rules);
  const watch: Watch = { signal, heard: now, ...acknowledgedBy(signal, before, news, now), threads };
  const closed = closeOthers(state, signal.kind, signal.subject, signal.id);
  return withoutNeedless(withWatch(closed, watch), signal.id);
};

/** Nothing more is told again; a siren is told to be still. */
const acknowledged = (state: State, id: string, by: string, now: number, rules: Rules): State => {
  const watch = state.watches[id];
  if (watch === undefined || watch.acknowledged !== undefined || isOver(watch)) return state;
  const quieted = ([name, thread]: [string, Thread]): [string, Thread] => {
    const siren = rules.channels[name]?.type === 'siren' && (thread.told > 0 || thread.sending !== undefined);
    const times = Math.max(thread.times, (thread.sending?.times ?? 0) + 1);
    if (siren) return [name, { ...thread, tell: watch.signal.version, times, due: now }];
    return [name, thread];
  };
  const threads = Object.fromEntries(Object.entries(watch.threads).map(quieted));
  return withWatch(state, { ...watch, acknowledged: { by, at: now }, threads });
};

const isOf = (thread: Thread | undefined, { version, times }: Ticket): thread is Thread => {
  if (thread === undefined) return false;
  const waits = thread.sending ?? { version: thread.tell, times: thread.times };
  return waits.version === version && waits.times === times;
};

const sent = (state: State, ticket: Ticket, now: number): State => {
  const thread = state.watches[ticket.id]?.threads[ticket.channel];
  const { error: _, ...health } = healthOf(state, ticket.channel);
  const counted = { ...health, sent: health.sent + 1, failures: 0, until: 0, last_sent: now };
  const after = { ...state, channels: { ...state.channels, [ticket.channel]: counted } };
  if (!isOf(thread, ticket)) return after;
  const { sending: __, unsure: ___, ...rest } = thread;
  // What came to wait meanwhile goes on waiting: a newer version, or a siren that is to be still.
  const more = rest.tell > ticket.version || (rest.tell === ticket.version && rest.times > ticket.times);
  const done = more ? {} : { tell: 0, times: ticket.times + 1 };
  const told = { ...rest, told: Math.max(rest.told, ticket.version), last: now, tries: 0, ...done };
  return withThread(after, ticket.id, ticket.channel, told);
};

const pauseOf = (failures: number, { retry }: Rules): number =>
  Math.min(retry.first * 2 ** Math.min(failures - 1, 30), retry.most);

const failed = (state: State, ticket: Ticket, why: string, now: number, rules: Rules): State => {
  const thread = state.watches[ticket.id]?.threads[ticket.channel];
  if (thread?.sending === undefined || !isOf(thread, ticket)) return state;
  const health = healthOf(state, ticket.channel);
  const failures = health.failures + 1;
  const until = now + pauseOf(failures, rules);
  const counted = { ...health, failed: health.failed + 1, failures, until, error: why, last_failed: now };
  const { sending: _, ...rest } = thread;
  const tries = rest.tries + 1;
  const after = withThread(state, ticket.id, ticket.channel, { ...rest, tries, due: now + pauseOf(tries, rules) });
  return withoutNeedless({ ...after, channels: { ...after.channels, [ticket.channel]: counted } }, ticket.id);
};

/** What was handed over when the process died waits again; channels that are no more are forgotten, and signals long ended. */
const started = (state: State, now: number, rules: Rules): State => {
  const again = (thread: Thread): Thread => {
    const { sending, ...rest } = thread;
    return sending === undefined ? thread : { ...rest, due: now, unsure: true };
  };
  const kept = Object.values(state.watches).filter((watch) => !isOver(watch) || now - watch.heard < FORGET_AFTER);
  const watches = kept.map((watch) => {
    const known = Object.entries(watch.threads).filter(([name]) => Object.hasOwn(rules.channels, name));
    return [watch.signal.id, { ...watch, threads: Object.fromEntries(known.map(([name, one]) => [name, again(one)])) }];
  });
  // A channel that waited may have been put right in the meantime: it is tried at once.
  const channels = Object.keys(rules.channels).map((name) => [name, { ...healthOf(state, name), until: 0 }]);
  return { ...state, watches: Object.fromEntries(watches), channels: Object.fromEntries(channels) };
};

const apply = (state: State, event: Event, rules: Rules): State => {
  const { now } = event;
  switch (event.type) {
    case 'started':
      return started(state, now, rules);
    case 'tick':
      return state;
    case 'signal':
      return heard(state, event.signal, event.places, now, rules);
    case 'cleared':
      return closeOthers(state, event.kind, event.subject, undefined);
    case 'acknowledged':
      return acknowledged(state, event.id, event.by, now, rules);
    case 'sent':
      return sent(state, event, now);
    case 'failed':
      return failed(state, event, event.why, now, rules);
  }
};

interface Place {
  readonly watch: Watch;
  readonly name: string;
  readonly thread: Thread;
}

const placesOf = ({ watches }: State): Place[] =>
  Object.values(watches).flatMap((watch) =>
    Object.entries(watch.threads).map(([name, thread]) => ({ watch, name, thread })),
  );

/** Channels that did not answer in time have failed. */
const withoutLost = (state: State, now: number, rules: Rules): State =>
  placesOf(state).reduce((after, { watch, name, thread }) => {
    const { sending } = thread;
    if (sending === undefined || now - sending.since < rules.retry.patience) return after;
    const { version, times } = sending;
    return failed(after, { id: watch.signal.id, channel: name, version, times }, 'no answer', now, rules);
  }, state);

/** What is pressing and was told long enough ago waits again; a reminder of what is pressing no more does not. */
const reminded = ({ watch, name, thread }: Place, now: number, rules: Rules): Thread => {
  if (thread.sending !== undefined || thread.told === 0) return thread;
  const { type, resend } = rules.channels[name] ?? {};
  const pressing = isPressing(watch);
  if (thread.tell > 0) return thread.times > 0 && !pressing && type !== 'siren' ? { ...thread, tell: 0 } : thread;
  if (!pressing || resend !== true || now - thread.last < rules.resend.every) return thread;
  return { ...thread, tell: watch.signal.version, times: Math.max(thread.times, 1), due: now, tries: 0 };
};

const withReminders = (state: State, now: number, rules: Rules): State =>
  placesOf(state).reduce((after, place) => {
    const thread = reminded(place, now, rules);
    return thread === place.thread ? after : withThread(after, place.watch.signal.id, place.name, thread);
  }, state);

const byUrgency = (a: Place, b: Place): number =>
  Number(isUrgent(b.watch.signal)) - Number(isUrgent(a.watch.signal)) ||
  a.thread.tries - b.thread.tries ||
  a.thread.due - b.thread.due;

const mayBegin = (state: State, name: string, busy: boolean, now: number, rules: Rules): boolean => {
  const { failures, until, minute, begun } = healthOf(state, name);
  const channel = rules.channels[name];
  // One at a time finds out whether a channel that failed works again.
  if (channel === undefined || until > now || (failures > 0 && busy)) return false;
  return now - minute >= MINUTE || begun < channel.per_minute;
};

const begin = (state: State, { watch, name, thread }: Place, now: number): Step => {
  const { signal, acknowledged: known } = watch;
  const { unsure, tell: _, ...rest } = thread;
  const sending = {
    ...rest,
    tell: signal.version,
    sending: { version: signal.version, times: thread.times, since: now },
  };
  const others = placesOf(state).some(
    (one) => one.name === name && one.watch.signal.id !== signal.id && isPressing(one.watch),
  );
  const health = healthOf(state, name);
  const minute = now - health.minute >= MINUTE ? { minute: now, begun: 1 } : { begun: health.begun + 1 };
  const after = withThread(state, signal.id, name, unsure ? { ...sending, unsure } : sending);
  const ticket = { id: signal.id, channel: name, version: signal.version, times: thread.times };
  return {
    state: { ...after, channels: { ...after.channels, [name]: { ...health, ...minute } } },
    deliveries: [{ ...ticket, signal, acknowledged: known, unsure: unsure === true, others }],
  };
};

const sendDue = (state: State, now: number, rules: Rules): Step => {
  const places = placesOf(state);
  const busy = new Set(places.filter(({ thread }) => thread.sending !== undefined).map(({ name }) => name));
  const waiting = places.filter(({ thread }) => thread.tell > 0 && thread.sending === undefined && thread.due <= now);
  return waiting.sort(byUrgency).reduce<Step>(
    (step, place) => {
      if (!mayBegin(step.state, place.name, busy.has(place.name), now, rules)) return step;
      busy.add(place.name);
      const { state: after, deliveries } = begin(step.state, place, now);
      return { state: after, deliveries: [...step.deliveries, ...deliveries] };
    },
    { state, deliveries: [] },
  );
};

/**
 * Take an event: what is remembered then, and what is to be sent once that is on disk.
 * @returns the same state, by identity, where nothing changed
 */
export const advance = (state: State, event: Event, rules: Rules): Step => {
  const { now } = event;
  const after = withoutLost(apply(state, event, rules), now, rules);
  return sendDue(withReminders(after, now, rules), now, rules);
};
