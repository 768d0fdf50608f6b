import { isoUtc } from '../../core/time.ts';
import type { Rules } from './rules.ts';
import { healthOf, type State } from './state.ts';
import { isOver, isPressing } from './threads.ts';

// How notifying stands, for people to see: no address, no secret.

const timeOf = (at: number | undefined): string | null => (at === undefined || at === 0 ? null : isoUtc(at));

export interface ChannelView {
  readonly channel: string;
  readonly type: string;
  readonly ok: boolean;
  /** Messages that wait: for the quiet hours' end, for the channel, or for its answer. */
  readonly waiting: number;
  readonly held: number;
  readonly sent: number;
  readonly failed: number;
  readonly error: string | null;
  readonly last_sent: string | null;
  readonly last_failed: string | null;
  /** When a channel that failed is tried again. */
  readonly next: string | null;
}

export interface View {
  readonly channels: readonly ChannelView[];
  readonly overtaken: number;
  /** Signals not ended that someone was told of: whether they are told again, and who has acknowledged. */
  readonly signals: readonly {
    readonly id: string;
    readonly pressing: boolean;
    readonly acknowledged: { readonly by: string; readonly at: string } | null;
  }[];
}

const channelOf = (name: string, state: State, rules: Rules, now: number): ChannelView => {
  const { sent, failed, failures, until, error = null, last_sent, last_failed } = healthOf(state, name);
  const waiting = Object.values(state.watches).flatMap(({ threads }) => {
    const thread = threads[name];
    return thread !== undefined && thread.tell > 0 ? [thread] : [];
  });
  const held = waiting.filter(({ due, tries, sending }) => due > now && tries === 0 && sending === undefined).length;
  return {
    ...{ channel: name, type: rules.channels[name]!.type, ok: failures === 0, waiting: waiting.length, held },
    ...{ sent, failed, error, last_sent: timeOf(last_sent), last_failed: timeOf(last_failed) },
    next: failures === 0 ? null : timeOf(until),
  };
};

/** @param now epoch ms */
export const viewOf = (state: State, rules: Rules, now: number): View => ({
  channels: Object.keys(rules.channels).map((name) => channelOf(name, state, rules, now)),
  overtaken: state.overtaken,
  signals: Object.values(state.watches)
    .filter((watch) => !isOver(watch) && Object.keys(watch.threads).length > 0)
    .map((watch) => ({
      id: watch.signal.id,
      pressing: isPressing(watch),
      acknowledged: watch.acknowledged ? { by: watch.acknowledged.by, at: isoUtc(watch.acknowledged.at) } : null,
    })),
});
