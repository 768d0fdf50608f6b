import { STATES } from '../../../src/cli/lines.ts';
import type { Catalog } from '../../../src/core/catalog.ts';
import type { Signal } from '../../../src/core/types.ts';
import { seriesRank } from '../../../src/signals/life.ts';
import { rules } from '../../../src/thresholds/index.ts';
import { isTree } from './cells.ts';

// Which signals go on in a flow. A retained signal comes again with every connection, and after a crash of the pipeline: what came before
// is told by id and version. An empty message clears the topic of a signal that ended long ago.

/** What a flow wants to hear of; empty: everything. */
export interface Wanted {
  readonly kinds: readonly string[];
  /** 1 (IV, blue) to 4 (I, red); kinds without such levels count as 4. */
  readonly least: number;
  readonly states: readonly string[];
  readonly subjects: readonly string[];
  /** Ids of townships: the subject's own, or of what the evidence is from. */
  readonly townships: readonly string[];
}

/** What was last heard on a topic. */
export interface Heard {
  readonly id: string;
  readonly version: number;
  /** It went on: so do its later versions, also with a lower level. */
  readonly told: boolean;
}

/** By topic. */
export type Memory = Readonly<Record<string, Heard>>;

/** A topic that was cleared. */
export interface Cleared {
  readonly kind: string;
  readonly subject: string;
  readonly cleared: true;
}

export type Arrived = { readonly topic: string; readonly signal: Signal } | ({ readonly topic: string } & Cleared);

const TOPIC = /^lantian\/v1\/[^/]+\/signal\/([^/]+)\/([^/]+)$/;
const TEXTS = ['id', 'kind', 'subject', 'state', 'county'] as const;

const signalIn = (content: unknown): Signal => {
  if (!isTree(content)) throw new RangeError('payload: 不是信号 not a signal');
  const lacks = TEXTS.filter((name) => typeof content[name] !== 'string');
  if (lacks.length > 0 || !Number.isInteger(content['version']))
    throw new RangeError(`payload: 不是信号，缺 not a signal, without ${lacks[0] ?? 'version'}`);
  return { evidence: [], lacking: [], level: null, ...content } as unknown as Signal;
};

const contentOf = (payload: unknown): unknown => {
  if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return payload;
  try {
    return JSON.parse(payload.toString());
  } catch (thrown) {
    throw new RangeError(`payload: 不是 JSON not JSON: ${(thrown as Error).message}`);
  }
};

const isEmpty = (payload: unknown): boolean =>
  payload === undefined || payload === null || payload === '' || (Buffer.isBuffer(payload) && payload.length === 0);

/** A message as a broker delivers it. @throws RangeError where it is no signal */
export const arrivedIn = (topic: unknown, payload: unknown): Arrived => {
  if (!isEmpty(payload)) {
    const signal = signalIn(contentOf(payload));
    const { county, kind, subject } = signal;
    return { topic: `lantian/v1/${county}/signal/${kind}/${subject}`, signal };
  }
  const [, kind, subject] = TOPIC.exec(String(topic)) ?? [];
  if (kind === undefined || subject === undefined)
    throw new RangeError(`topic: 空报文的主题不是信号的 an empty message on no topic of a signal: ${topic}`);
  return { topic: String(topic), kind, subject, cleared: true };
};

const levelsOf = (kind: string): readonly string[] => rules.find((rule) => rule.kind === kind)?.levels ?? [];

/** By the level that is there, also where the signal has ended. */
const rankOf = (signal: Signal): number => seriesRank({ ...signal, state: 'active' }, levelsOf(signal.kind));

const isIn = (list: readonly string[], one: string): boolean => list.length === 0 || list.includes(one);

const townshipsOf = ({ subject, evidence }: Signal, { stations }: Catalog): string[] =>
  [subject, ...evidence.map(({ station }) => station)].map((id) => stations.get(id)?.township ?? id);

const isWanted = (signal: Signal, wanted: Wanted, catalog: Catalog): boolean =>
  isIn(wanted.kinds, signal.kind) &&
  isIn(wanted.subjects, signal.subject) &&
  (wanted.townships.length === 0 || townshipsOf(signal, catalog).some((id) => wanted.townships.includes(id)));

const isRepeated = ({ id, version }: Signal, heard: Heard | undefined): boolean =>
  heard?.id === id && version <= heard.version;

export interface Taken {
  readonly memory: Memory;
  /** It goes on. */
  readonly goes: boolean;
  /** Why it does not, for a glance. */
  readonly because: 'repeated' | 'other' | 'below' | undefined;
}

const takeCleared = ({ topic, kind, subject }: { topic: string } & Cleared, wanted: Wanted, memory: Memory): Taken => {
  const { [topic]: heard, ...rest } = memory;
  const goes = isIn(wanted.kinds, kind) && isIn(wanted.subjects, subject) && heard?.told === true;
  return { memory: rest, goes, because: goes ? undefined : 'other' };
};

/** Whether what arrived goes on, and what is remembered from then on. */
export const take = (arrived: Arrived, wanted: Wanted, memory: Memory, catalog: Catalog): Taken => {
  if (!('signal' in arrived)) return takeCleared(arrived, wanted, memory);
  const { topic, signal } = arrived;
  const heard = memory[topic];
  if (isRepeated(signal, heard)) return { memory, goes: false, because: 'repeated' };
  const wasTold = heard?.id === signal.id && heard.told;
  const high = rankOf(signal) >= wanted.least || wasTold;
  const goes = isWanted(signal, wanted, catalog) && isIn(wanted.states, signal.state) && high;
  const { id, version } = signal;
  return {
    memory: { ...memory, [topic]: { id, version, told: wasTold || goes } },
    goes,
    because: goes ? undefined : high ? 'other' : 'below',
  };
};

/** `[III] 暴雨应急响应 建议发布 Rainstorm response proposed`. */
export const titleOf = (arrived: Arrived): string => {
  if (!('signal' in arrived)) return `${arrived.kind}/${arrived.subject} 信号已清除 signal cleared`;
  const { kind, subject, level, state, title } = arrived.signal;
  const { zh, en } = title ?? { zh: `${kind}/${subject}`, en: '' };
  return `${level === null ? '' : `[${level}] `}${zh} ${STATES[state] ?? state} ${en} ${state}`.replaceAll(/ +/g, ' ');
};
