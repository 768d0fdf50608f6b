// Sends what waits in a queue and takes it out when it is acknowledged: in order, a window at a time, nothing passed over.
// The one who sends for us (Node-RED's `mqtt out`) tells of an acknowledgement, and of a message that it dropped because there was
// no connection it tells nothing. MQTT acknowledges in the order of sending (5.0, 4.6), so:
//  - an acknowledgement of the first under way takes it out;
//  - one of a later message says that those before it were dropped: all under way are sent again, so that of two editions of a
//    reading the later one arrives last;
//  - with none for `patience`, the first alone is sent again, and the window opens with its acknowledgement.
// A message may so be sent twice, byte for byte: the pipeline calls the second a duplicate.

/** A message that waits; ids grow in the order of arrival. */
export interface Waiting {
  readonly id: number;
  readonly topic: string;
  readonly payload: string;
}

export interface Queue {
  /** At most `count` that wait behind an id, in order. */
  after(id: number, count: number): readonly Waiting[];
  /** An id and all before it are acknowledged. */
  remove(id: number): void;
}

/** Which sending of which message. */
export interface Sending {
  readonly id: number;
  readonly round: number;
}

export interface SenderOptions {
  readonly queue: Queue;
  readonly send: (message: Waiting, sending: Sending) => void;
  /** Messages under way, at most. */
  readonly window: number;
  /** How long an acknowledgement is waited for, ms. */
  readonly patience: number;
  readonly now: () => number;
}

export interface Sender {
  /** Send what may be sent; to be called after something was put into the queue. */
  more(): void;
  acknowledged(sending: Sending): void;
  /** To be called now and then: knocks again where nothing was acknowledged. */
  tick(): void;
  /** Whether the last knock went unanswered. */
  readonly silent: boolean;
}

export const createSender = ({ queue, send, window, patience, now }: SenderOptions): Sender => {
  let underWay: Waiting[] = [];
  let last = 0;
  let round = 0;
  let open = window;
  let heard = now();
  const more = (): void => {
    if (underWay.length >= open) return;
    if (underWay.length === 0) heard = now();
    for (const message of queue.after(last, open - underWay.length)) {
      last = message.id;
      underWay.push(message);
      send(message, { id: message.id, round });
    }
  };
  const again = (): void => {
    round += 1;
    last = (underWay[0]?.id ?? last + 1) - 1;
    underWay = [];
    more();
  };
  return {
    more,
    acknowledged: (sending) => {
      const place = underWay.findIndex(({ id }) => id === sending.id);
      if (place > 0 && sending.round === round) again();
      if (place !== 0) return;
      underWay.shift();
      [open, heard] = [window, now()];
      queue.remove(sending.id);
      more();
    },
    tick: () => {
      if (underWay.length === 0 || now() - heard < patience) return;
      [open, heard] = [1, now()];
      again();
    },
    get silent() {
      return open === 1 && window > 1 && underWay.length > 0;
    },
  };
};
