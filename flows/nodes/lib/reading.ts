import type { Feed } from '../../../src/core/types.ts';
import { decode } from '../../../src/intake/decode.ts';
import type { Reason } from '../../../src/intake/reasons.ts';
import { isTree, type Tree } from './cells.ts';
import type { Known } from './county.ts';
import { REASON_WORDS } from './reason-words.ts';

// What a flow knows of a measurement, as the message that the pipeline takes; checked before it is sent by the rules that it will be
// decoded with, so that what would be quarantined is seen where it is made. Units are not converted: a feed has one for each quantity.

/** What stands beside `values` in a message (docs/messages.md); all else in a flat object is a value. */
const BESIDE = [
  'time',
  'period',
  'start',
  'end',
  'from',
  'to',
  'phenomena',
  'trend',
  'status',
  'sequence',
  'flags',
] as const;

export interface Asked {
  readonly feed: string;
  readonly station: string;
  readonly payload: unknown;
}

/** A message as it may be published. */
export interface Publishable {
  readonly topic: string;
  /** JSON. */
  readonly payload: string;
}

export interface Wrong {
  readonly topic: string;
  readonly reason: Reason;
  /** What the reason means, in Chinese. */
  readonly words: string;
  /** What is wrong, and where. */
  readonly detail: string;
  readonly original: unknown;
}

/** What a flat object holds, as time, values and the rest. */
export const nested = (flat: Tree): Tree => {
  const entries = Object.entries(flat);
  const stands = ([name]: [string, unknown]): boolean => (BESIDE as readonly string[]).includes(name);
  return {
    ...Object.fromEntries(entries.filter(stands)),
    values: Object.fromEntries(entries.filter((entry) => !stands(entry))),
  };
};

/** A reading without a time is of the moment it came; a weighing's is the end of its exposure. */
const timed = (content: Tree, now: number): Tree => ({ time: content['end'] ?? now, ...content });

/** Text and bytes are JSON already, and are sent as they are. */
const bytesOf = (payload: unknown, now: number): Buffer => {
  if (Buffer.isBuffer(payload)) return payload;
  if (typeof payload === 'string') return Buffer.from(payload);
  if (!isTree(payload)) return Buffer.from(JSON.stringify(payload ?? null));
  return Buffer.from(JSON.stringify(timed('values' in payload ? payload : nested(payload), now)));
};

/**
 * The message of a measurement for a station's feed, or what is wrong with it.
 * @param now when it came, epoch ms: the time of a reading that has none, and what its limits on time are counted from
 */
export const readingOf = (
  { feed, station, payload }: Asked,
  { settings, catalog }: Known,
  now: number,
): Publishable | Wrong => {
  const topic = `lantian/v1/${catalog.county.code}/${feed}/${station}`;
  const bytes = bytesOf(payload, now);
  const decoded = decode({ topic, payload: bytes, received: now }, catalog, settings);
  if (!('reason' in decoded)) return { topic, payload: bytes.toString() };
  return { topic, words: REASON_WORDS[decoded.reason], ...decoded, original: payload };
};

const OWN_TOPIC = /^lantian\/v1\/[^/]+\/([^/]+)\/([^/]+)$/;

/** Feed and station that a topic names: our own topic, or one whose last part is the station. */
export const namedIn = (topic: unknown): { feed?: string; station?: string } => {
  if (typeof topic !== 'string' || topic === '') return {};
  const [, feed, station] = OWN_TOPIC.exec(topic) ?? [];
  return feed === undefined || station === undefined
    ? { station: topic.split('/').at(-1) ?? '' }
    : { feed: feed as Feed, station };
};
