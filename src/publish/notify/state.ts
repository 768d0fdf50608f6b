import type { Signal } from '../../core/types.ts';

// What notifying remembers. It is written to disk before anything is sent, so its form is a format: what is added is optional.

/** What one channel is yet to hear, or has heard, of one signal. */
export interface Thread {
  /** Newest version that the channel was told; 0: none. */
  readonly told: number;
  /** Version that waits to be told; 0: nothing waits. */
  readonly tell: number;
  /** Not before, epoch ms. */
  readonly due: number;
  /** How often the version was told: from 1 on it is told again. */
  readonly times: number;
  /** When it was last told, epoch ms. */
  readonly last: number;
  /** Failures in a row. */
  readonly tries: number;
  /** Handed to the channel, and not answered yet. */
  readonly sending?: { readonly version: number; readonly times: number; readonly since: number };
  /** It was handed over when the process died: whether it arrived is not known. */
  readonly unsure?: true;
}

export interface Acknowledgement {
  readonly by: string;
  /** Epoch ms. */
  readonly at: number;
}

/** A signal, as of its newest version. */
export interface Watch {
  readonly signal: Signal;
  /** When it was heard last, epoch ms. */
  readonly heard: number;
  /** The topic was cleared, or has another signal now. */
  readonly closed?: true;
  readonly acknowledged?: Acknowledgement;
  readonly threads: Readonly<Record<string, Thread>>;
}

/** How a channel is. Counts are since notifying began. */
export interface Health {
  readonly sent: number;
  readonly failed: number;
  /** Failures in a row; 0: it works. */
  readonly failures: number;
  /** Nothing is sent before, epoch ms. */
  readonly until: number;
  readonly error?: string;
  readonly last_sent?: number;
  readonly last_failed?: number;
  /** Start of the minute that sendings are counted in, epoch ms, and how many were begun in it. */
  readonly minute: number;
  readonly begun: number;
}

export interface State {
  readonly format: 1;
  /** When notifying began, epoch ms. */
  readonly begun: number;
  readonly watches: Readonly<Record<string, Watch>>;
  readonly channels: Readonly<Record<string, Health>>;
  /** Messages that something newer, or the signal's end, made needless before they were sent. */
  readonly overtaken: number;
}

export const stateAt = (begun: number): State => ({ format: 1, begun, watches: {}, channels: {}, overtaken: 0 });

export const NEW_HEALTH: Health = { sent: 0, failed: 0, failures: 0, until: 0, minute: 0, begun: 0 };

export const healthOf = ({ channels }: State, name: string): Health => channels[name] ?? NEW_HEALTH;

/** What happens. `now` is epoch ms, and does not go back. */
export type Event = { readonly now: number } & (
  | { readonly type: 'started' }
  | { readonly type: 'tick' }
  /** @param places townships that the signal is of */
  | { readonly type: 'signal'; readonly signal: Signal; readonly places: readonly string[] }
  | { readonly type: 'cleared'; readonly kind: string; readonly subject: string }
  | { readonly type: 'acknowledged'; readonly id: string; readonly by: string }
  | ({ readonly type: 'sent' } & Ticket)
  | ({ readonly type: 'failed'; readonly why: string } & Ticket)
);

/** What a delivery is told apart by. */
export interface Ticket {
  readonly id: string;
  readonly channel: string;
  readonly version: number;
  readonly times: number;
}

/** One message for one channel. */
export interface Delivery extends Ticket {
  readonly signal: Signal;
  readonly acknowledged?: Acknowledgement | undefined;
  readonly unsure: boolean;
  /** Another signal presses on the same channel: its siren goes on. */
  readonly others: boolean;
}
