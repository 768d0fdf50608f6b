import type { Signal } from '../../core/types.ts';
import { isEnded } from '../../signals/life.ts';
import { isPeoples } from '../../signals/steps.ts';
import { isUrgent, quietEnd } from './route.ts';
import type { Rules } from './rules.ts';
import type { State, Thread, Watch } from './state.ts';

// What one channel hears of one signal: one message waits at most, and it says how things stand when it is sent.

export const isOver = ({ signal, closed }: Watch): boolean => closed === true || isEnded(signal);

const NEW_THREAD: Thread = { told: 0, tell: 0, due: 0, times: 0, last: 0, tries: 0 };

/** News are due at once, those that are not urgent after the quiet hours. */
export const withNews = (
  thread: Thread | undefined,
  name: string,
  signal: Signal,
  now: number,
  rules: Rules,
): Thread => {
  const { unsure: _, ...before } = thread ?? NEW_THREAD;
  const { quiet, type } = rules.channels[name] ?? {};
  // What is not urgent tells a siren to be still, which is never to wait for the morning.
  const held = quiet !== false && type !== 'siren' && !isUrgent(signal);
  const due = held ? quietEnd(now, rules.quiet) : now;
  return { ...before, tell: signal.version, due, times: 0, tries: 0 };
};

/** Told, or handed over so that it may have been. */
const isHeard = ({ told, sending, unsure }: Thread): boolean => told > 0 || sending !== undefined || unsure === true;

/** Whoever was told of a signal is told of its end; whoever was not needs no word of it. */
export const withoutNeedless = (state: State, id: string): State => {
  const watch = state.watches[id];
  if (watch === undefined || !isOver(watch)) return state;
  const needed = (thread: Thread): boolean => isHeard(thread) && watch.closed !== true;
  const dropped = Object.values(watch.threads).filter((thread) => thread.tell > 0 && !needed(thread)).length;
  if (dropped === 0) return state;
  const threads = Object.fromEntries(
    Object.entries(watch.threads).flatMap(([name, thread]) => {
      if (thread.tell === 0 || needed(thread)) return [[name, thread]];
      return isHeard(thread) ? [[name, { ...thread, tell: 0 }]] : [];
    }),
  );
  return withWatch({ ...state, overtaken: state.overtaken + dropped }, { ...watch, threads });
};

export const withWatch = (state: State, watch: Watch): State => ({
  ...state,
  watches: { ...state.watches, [watch.signal.id]: watch },
});

export const withThread = (state: State, id: string, name: string, thread: Thread): State => {
  const watch = state.watches[id]!;
  return withWatch(state, { ...watch, threads: { ...watch.threads, [name]: thread } });
};

/** What changed for people: not what is lacking, unless the rules say so. */
export const isNews = (before: Signal, after: Signal, rules: Rules): boolean => {
  const of = ({ level, state, stage, in_force, lacking }: Signal) =>
    JSON.stringify([level, state, stage, in_force?.level, in_force?.since, rules.lacking ? lacking : 0]);
  return of(before) !== of(after);
};

/** A person's step stands behind the signal as it is: someone knows of it. */
export const isTaken = ({ kind, state, level, in_force }: Signal): boolean =>
  isPeoples(kind) && (state === 'agreed' || (state === 'active' && !!in_force && in_force.level === level));

/** Whether a channel is to be told again until someone acknowledges. A proposed end does not ask for it: what is in force stays. */
export const isPressing = (watch: Watch): boolean =>
  !isOver(watch) &&
  watch.acknowledged === undefined &&
  watch.signal.state !== 'lift-proposed' &&
  isUrgent(watch.signal);
