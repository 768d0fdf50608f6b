import type { FeedDefinition, Payload, Quantity } from '../../sensors/feeds/definition.ts';
import { feeds } from '../../sensors/feeds/index.ts';
import type { Settings } from '../config/schema.ts';
import type { Catalog, FeedSchedule } from '../core/catalog.ts';
import { rememberedBy } from '../core/remembered.ts';
import type { Feed, Reading } from '../core/types.ts';
import { dustfallOf, exposureDays } from '../standards/hj1221.ts';
import { REASONS, type Reason, Stop } from './reasons.ts';
import { checkClock, checkLength, type Source, spanOf, type TimeSpan } from './span.ts';

export { REASONS, type Reason };

// message → reading, or a reason why not. Units are fixed here and nowhere later. What cannot be understood is never lost:
// it goes to quarantine with one of these reasons and the words that say where.

export interface Message {
  readonly topic: string;
  readonly payload: Buffer;
  /** When it arrived, epoch ms: live limits on time are counted from here, however late it is decoded. */
  readonly received: number;
  /** When it was tried again, if it was: by then a clock that was wrong may have been set. */
  readonly retried?: number | undefined;
}

export interface Misunderstood {
  readonly reason: Reason;
  readonly detail: string;
}

export type Decoded = { readonly reading: Reading } | Misunderstood;

const TOPIC = /^lantian\/v1\/([^/]+)\/([^/]+)\/([^/]+)$/;

/** A forecast is instant as a reading: its time of issue. Its window is `from` and `to`. */
const FORECAST: FeedSchedule = { period: 0, interval: 0 };

const readTopic = (topic: string, catalog: Catalog): Source => {
  const parts = TOPIC.exec(topic);
  if (!parts) throw new Stop('bad-topic', `${topic} is not lantian/v1/{county}/{feed}/{station}`);
  const [, county, feed, station] = parts as unknown as [string, string, string, string];
  if (county !== catalog.county.code)
    throw new Stop('unknown-county', `county ${county} is not ${catalog.county.code}`);
  const definition = Object.hasOwn(feeds, feed) ? feeds[feed as Feed] : undefined;
  if (definition === undefined) throw new Stop('unknown-feed', `${feed} is none of ${Object.keys(feeds).join(' ')}`);
  if (feed === 'forecast') {
    if (station !== 'county' && !catalog.townships.some(({ id }) => id === station))
      throw new Stop('unknown-station', `${station} is no township of the catalog`);
    return { definition, station, schedule: FORECAST };
  }
  const known = catalog.stations.get(station);
  if (known === undefined) throw new Stop('unknown-station', `${station} is not in the catalog`);
  const schedule = known.feeds[feed as Feed];
  if (schedule === undefined)
    throw new Stop('wrong-feed', `${station} reports ${Object.keys(known.feeds).join(' ')}, not ${feed}`);
  return { definition, station, schedule };
};

/** Sources by topic: the feeds of a catalog's stations bound them. */
const sourcesOf = rememberedBy((_catalog: Catalog) => new Map<string, Source>());

const sourceOf = (topic: string, catalog: Catalog): Source => {
  const sources = sourcesOf(catalog);
  const source = sources.get(topic);
  if (source !== undefined) return source;
  const read = readTopic(topic, catalog);
  sources.set(topic, read);
  return read;
};

/** What is wrong with a topic by the catalog as it is; undefined: nothing. */
export const strangeIn = (topic: string, catalog: Catalog): string | undefined => {
  try {
    sourceOf(topic, catalog);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof Stop) return thrown.message;
    throw thrown;
  }
};

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

const jsonOf = (payload: Buffer): unknown => {
  try {
    return JSON.parse(utf8.decode(payload));
  } catch (thrown) {
    throw new Stop('bad-json', (thrown as Error).message);
  }
};

const payloadOf = (content: unknown, definition: FeedDefinition): Payload => {
  if (definition.isOrdinary(content)) return content;
  const parsed = definition.payload.safeParse(content);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const stray = issues.every(
    (issue) => issue.code === 'unrecognized_keys' && ['values', 'flags'].includes(String(issue.path[0])),
  );
  const words = issues.slice(0, 5).map((issue) => `${issue.path.join('.') || 'message'}: ${issue.message}`);
  throw new Stop(stray ? 'unknown-quantity' : 'bad-payload', words.join('; '));
};

const checkRange = (name: string, value: number, { least, most, unit }: Quantity): void => {
  if (!(value >= least && value <= most))
    throw new Stop('out-of-range', `values.${name}: ${value} is not within ${least} to ${most} ${unit}`);
};

const valuesOf = (payload: Payload, { quantities }: FeedDefinition): Record<string, number> => {
  const values: Record<string, number> = {};
  // In the order of the quantities, whatever the message's: readings with equal values are equal texts, but for dustfall that is weighed.
  for (const name in quantities) {
    const value = payload.values[name];
    if (value === null || value === undefined) continue;
    checkRange(name, value, quantities[name]!);
    // JSON knows -0, the archive gives it back as 0.
    values[name] = value + 0;
  }
  return values;
};

/** A weighing becomes dustfall here; the weights stay beside it. */
const weigh = (values: Record<string, number>, { start, time }: TimeSpan, { quantities }: FeedDefinition): void => {
  const { gross, tare, blank, area } = values;
  if (gross === undefined || tare === undefined || blank === undefined || area === undefined) return;
  const exposure = exposureDays(start, time);
  if (!(exposure > 0)) throw new Stop('bad-time', 'start: the exposure is shorter than 0.1 d');
  const dustfall = dustfallOf({ gross, tare, blank, area, start, end: time });
  checkRange('dustfall', dustfall, quantities['dustfall']!);
  values['dustfall'] = dustfall;
};

/** What dustfall is weighed from. */
export const WEIGHTS = ['gross', 'tare', 'blank', 'area'] as const;

/** Flags in the order of the quantities. What is weighed from a doubtful weight is as doubtful. */
const flagsOf = (
  payload: Payload,
  values: Readonly<Record<string, number>>,
  { quantities }: FeedDefinition,
): Reading['flags'] => {
  if (payload.flags === undefined) return undefined;
  const flags: Record<string, string> = {};
  for (const name in quantities) if (payload.flags[name] !== undefined) flags[name] = payload.flags[name];
  if (Object.keys(flags).length === 0) return undefined;
  const doubt = WEIGHTS.map((name) => flags[name]).find((flag) => (flag ?? 'N') !== 'N');
  const weighed = doubt !== undefined && values['dustfall'] !== undefined && flags['dustfall'] === undefined;
  return weighed ? { ...flags, dustfall: doubt } : flags;
};

type Draft = { -readonly [name in keyof Reading]: Reading[name] };

const understand = (message: Message, catalog: Catalog, settings: Settings): Reading => {
  const { length } = message.payload;
  if (length > settings.intake.max_payload)
    throw new Stop('too-large', `${length} bytes are more than ${settings.intake.max_payload}`);
  const source = sourceOf(message.topic, catalog);
  const payload = payloadOf(jsonOf(message.payload), source.definition);
  const { definition, station } = source;
  const { feed } = definition;
  const span = spanOf(payload, source);
  const { time, start, from, to } = span;
  checkClock(time, message.received, message.retried ?? message.received, settings);
  checkLength(payload, time - start, settings);
  const values = valuesOf(payload, definition);
  if (feed === 'dustfall') weigh(values, span, definition);
  const reading: Draft =
    from === undefined || to === undefined
      ? { feed, station, time, start, values }
      : { feed, station, time, start, from, to, values };
  const flags = flagsOf(payload, values, definition);
  if (flags) reading.flags = flags;
  if (payload.phenomena) reading.phenomena = payload.phenomena;
  if (payload.trend) reading.trend = payload.trend;
  if (payload.status) reading.status = payload.status;
  if (payload.sequence !== undefined) reading.sequence = payload.sequence;
  return reading;
};

/** Understand a message, or say why not. Never throws. */
export const decode = (message: Message, catalog: Catalog, settings: Settings): Decoded => {
  try {
    return { reading: understand(message, catalog, settings) };
  } catch (thrown) {
    if (thrown instanceof Stop) return { reason: thrown.reason, detail: thrown.message };
    return { reason: 'failed', detail: (thrown as Error).message };
  }
};
