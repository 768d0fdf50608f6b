import type { Catalog } from '../core/catalog.ts';
import { isoBeijing } from '../core/time.ts';
import type { Bilingual, Evidence, Signal } from '../core/types.ts';
import type { Version } from '../signals/history.ts';
import { isEnded } from '../signals/life.ts';
import { LEVELS } from '../standards/weather-plan-2021.ts';
import { isHazardPoint, quantityName } from './names.ts';

// What a version of a signal says to others, whatever the form it goes out in: whether it is in force or a draft, first, changed or ended,
// what level it speaks of, where, and why.

export type MessageType = 'Alert' | 'Update' | 'Cancel';

export interface Warning {
  readonly signal: Signal;
  /** It changed what is in force: what was signed, or its end. All else is a draft. */
  readonly actual: boolean;
  readonly type: MessageType;
  /** Of an actual one what is in force, of its end what was; of a draft what is proposed. */
  readonly level: string | null;
  /** The messages that this one takes the place of, the oldest first. */
  readonly replaces: readonly Signal[];
  /** The first actual one of the signal; undefined where there is none before. */
  readonly first: Signal | undefined;
}

const typeOf = (signal: Signal, actual: boolean, earlier: readonly Version[]): MessageType => {
  const before = earlier.at(-1)?.signal;
  if (actual) return !signal.in_force ? 'Cancel' : before?.in_force ? 'Update' : 'Alert';
  if (isEnded(signal) || signal.state === 'lift-proposed') return 'Cancel';
  return before === undefined ? 'Alert' : 'Update';
};

/** An actual one takes the place of all actual ones; a draft, of the draft before it and of what is in force. */
const replacedBy = (actual: boolean, earlier: readonly Version[]): Signal[] => {
  const signed = earlier.filter(({ signs }) => signs);
  const draft = earlier.at(-1);
  const replaced = actual ? signed : [...signed.slice(-1), ...(draft && !draft.signs ? [draft] : [])];
  return replaced.map(({ signal }) => signal);
};

/**
 * What a version says.
 * @param versions of one signal, the oldest first, up to the version
 */
export const warningOf = (versions: readonly Version[]): Warning | undefined => {
  const current = versions.at(-1);
  if (current === undefined) return undefined;
  const { signal, signs } = current;
  const earlier = versions.slice(0, -1);
  const signed = signal.in_force ?? earlier.at(-1)?.signal.in_force;
  return {
    signal,
    actual: signs,
    type: typeOf(signal, signs, earlier),
    level: signs && signed ? signed.level : signal.level,
    replaces: replacedBy(signs, earlier),
    first: earlier.find((one) => one.signs)?.signal,
  };
};

const NUMERALS: Readonly<Record<string, string>> = { I: 'Ⅰ', II: 'Ⅱ', III: 'Ⅲ', IV: 'Ⅳ' };
const COLOURS: Readonly<Record<string, string>> = { blue: '蓝色', yellow: '黄色', orange: '橙色', red: '红色' };
const RANKS: readonly string[] = ['blue', 'yellow', 'orange', 'red'];

/** The colour of a level of response or of a warning: Ⅳ is blue, Ⅰ is red. */
export const colourOf = (level: string | null): string | undefined => {
  const colour = RANKS[LEVELS.indexOf(level as 'I')] ?? level;
  return colour !== null && RANKS.includes(colour) ? colour : undefined;
};

export const colourName = (colour: string): string => COLOURS[colour] ?? colour;

export const levelName = (level: string | null): Bilingual => {
  if (level === null) return { zh: '', en: '' };
  if (NUMERALS[level] !== undefined) return { zh: `${NUMERALS[level]}级`, en: `level ${level}` };
  return { zh: COLOURS[level] ?? level, en: level };
};

const ACTS: Readonly<Record<MessageType, { readonly actual: Bilingual; readonly draft: Bilingual }>> = {
  Alert: { actual: { zh: '启动', en: 'in force' }, draft: { zh: '建议启动', en: 'proposed' } },
  Update: { actual: { zh: '变更为', en: 'changed' }, draft: { zh: '建议', en: 'proposed' } },
  Cancel: { actual: { zh: '解除', en: 'lifted' }, draft: { zh: '建议解除', en: 'end proposed' } },
};

export const actOf = ({ signal, type, actual }: Warning): Bilingual => {
  if (!actual && isEnded(signal)) return { zh: '撤回建议：', en: 'proposal withdrawn' };
  const act = ACTS[type][actual ? 'actual' : 'draft'];
  // A response is started (启动), a warning is given out (发布).
  return signal.kind === 'weather-response' ? act : { ...act, zh: act.zh.replace('启动', '发布') };
};

/** `解除暴雨应急响应（Ⅲ级）`, `Rainstorm response (level III): lifted`. */
export const saidOf = (warning: Warning): Bilingual => {
  const { title } = warning.signal;
  const level = levelName(warning.level);
  const bracketed = (text: string, zh: boolean) => (text === '' ? '' : zh ? `（${text}）` : ` (${text})`);
  const act = actOf(warning);
  return {
    zh: `${act.zh}${title.zh}${bracketed(level.zh, true)}`,
    en: `${title.en}${bracketed(level.en, false)}: ${act.en}`,
  };
};

/** Township of a station, or of itself; undefined: the county's. */
const townshipOf = (catalog: Catalog, { station }: Evidence): string | undefined => {
  const id = catalog.stations.get(station)?.township ?? station;
  return catalog.townships.some((one) => one.id === id) ? id : undefined;
};

/** Townships that the evidence is of, in the catalog's order; none: the whole county. */
export const townshipsOf = ({ evidence, kind, subject }: Signal, catalog: Catalog) => {
  const ids = new Set(evidence.map((one) => townshipOf(catalog, one)));
  if (kind === 'geological-risk') ids.add(subject);
  return catalog.townships.filter(({ id }) => ids.has(id));
};

export const isForecast = ({ quantity }: Evidence): boolean => /^forecast_|^daily_aqi/.test(quantity);

const placeName = (catalog: Catalog, one: Evidence): Bilingual => {
  if (isHazardPoint(one.quantity)) return { zh: one.station, en: one.station };
  const township = catalog.townships.find(({ id }) => id === townshipOf(catalog, one));
  return township?.name ?? catalog.stations.get(one.station)?.name ?? catalog.county.name;
};

/** `07-19 19:00` in Beijing time. */
export const shortTime = (iso: string): string => isoBeijing(Date.parse(iso)).slice(5, 16).replace('T', ' ');

export interface Fact {
  readonly place: Bilingual;
  readonly quantity: Bilingual;
  readonly value: number;
  readonly unit: string;
  /** Both ends, Beijing time. */
  readonly span: string;
  readonly forecast: boolean;
}

/** The evidence in words, in the order of the signal. */
export const factsOf = ({ evidence }: Signal, catalog: Catalog): Fact[] =>
  evidence.map((one) => ({
    place: placeName(catalog, one),
    quantity: quantityName(one.quantity),
    value: one.value,
    unit: one.unit === '1' ? '' : one.unit,
    span: `${shortTime(one.from)} – ${shortTime(one.to)}`,
    forecast: isForecast(one),
  }));
