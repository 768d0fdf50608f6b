// Why a message is not understood: a closed list.

export const REASONS = [
  'too-large',
  'bad-topic',
  'unknown-county',
  'unknown-feed',
  'unknown-station',
  'wrong-feed',
  'bad-json',
  'bad-payload',
  'unknown-quantity',
  'bad-time',
  'future',
  'too-old',
  'out-of-range',
  'failed',
] as const;
export type Reason = (typeof REASONS)[number];

/** Ends the reading of a message; thrown and caught within intake. */
export class Stop extends Error {
  readonly reason: Reason;
  constructor(reason: Reason, detail: string) {
    super(detail);
    this.reason = reason;
  }
}
