import type { Catalog } from '../../core/catalog.ts';
import type { Bilingual, Signal } from '../../core/types.ts';
import { WARNINGS } from '../../signals/history.ts';
import { isEnded } from '../../signals/life.ts';
import { MEMBERS } from '../../standards/weather-command-2021.ts';
import { colourOf, factsOf, levelName, shortTime, townshipsOf } from '../warning.ts';
import { levelsOf } from './route.ts';
import type { Rules } from './rules.ts';
import { standingOf } from './standing.ts';
import type { Delivery } from './state.ts';

// What a message says: first in Chinese, and where the rules say so in English below. Plain text, the same for every channel; a short
// form for telephones.

export interface Words {
  /** One line. */
  readonly title: string;
  /** Lines below the title. */
  readonly body: string;
  /** All that matters in about 70 characters. */
  readonly short: string;
}

/** Pieces of evidence that a message lists. */
const LISTED = 5;

const levelIn = ({ kind, level, in_force, state }: Signal): Bilingual => {
  if (!WARNINGS.includes(kind)) return levelName(level);
  return levelName(state === 'lift-proposed' || isEnded({ state } as Signal) ? (in_force?.level ?? level) : level);
};

const headOf = (signal: Signal): Bilingual => {
  const [{ tag }, level] = [standingOf(signal), levelIn(signal)];
  return {
    zh: `【${tag.zh}】${signal.title.zh}${level.zh === '' ? '' : `（${level.zh}）`}`,
    en: `${tag.en}: ${signal.title.en}${level.en === '' ? '' : ` (${level.en})`}`,
  };
};

const placesOf = (signal: Signal, catalog: Catalog): Bilingual => {
  const places = townshipsOf(signal, catalog);
  if (places.length === 0) return catalog.county.name;
  return { zh: places.map(({ name }) => name.zh).join('、'), en: places.map(({ name }) => name.en).join(', ') };
};

const factLines = (signal: Signal, catalog: Catalog, most = LISTED): string[] => {
  const facts = factsOf(signal, catalog);
  const lines = facts
    .slice(0, most)
    .map(
      ({ place, quantity, value, unit, span, forecast }) =>
        `· ${place.zh} ${quantity.zh} ${value}${unit === '' ? '' : ` ${unit}`}（${forecast ? '预报 ' : ''}${span}）`,
    );
  const rest = facts.length - most;
  return rest > 0 ? [...lines, `· 其余 ${rest} 项见值班台或接口`] : lines;
};

const lackingLine = ({ lacking }: Signal): string[] => {
  if (lacking.length === 0) return [];
  const rest = lacking.length - LISTED;
  return [`缺少：${lacking.slice(0, LISTED).join('；')}${rest > 0 ? `；等 ${lacking.length} 项` : ''}`];
};

const reminderLines = ({ times, unsure, acknowledged }: Delivery): string[] => [
  ...(times > 0 && acknowledged === undefined ? [`第 ${times} 次提醒：尚无人确认，请在值班台确认收到。`] : []),
  ...(unsure ? ['（可能重复：上次发送是否成功不明）'] : []),
];

const english = ({ times, unsure, signal }: Delivery, head: Bilingual, places: Bilingual): string => {
  const again = times > 0 ? ` Reminder ${times}: nobody has acknowledged.` : '';
  const doubt = unsure ? ' (May be a repeat.)' : '';
  return `${head.en}. ${standingOf(signal).says.en} ${places.en}.${again}${doubt}`;
};

/** Mail programs and robots take `<` for the begin of a tag. */
const plain = (text: string): string => text.replaceAll('<', '＜');

export const wordsOf = (delivery: Delivery, catalog: Catalog, { language }: Pick<Rules, 'language'>): Words => {
  const { signal } = delivery;
  const { basis, at, version, id } = signal;
  const [head, places, { says }] = [headOf(signal), placesOf(signal, catalog), standingOf(signal)];
  const lines = [
    says.zh,
    ...reminderLines(delivery),
    `地点：${places.zh}`,
    `时间：${shortTime(at)}（第 ${version} 版）`,
    `依据：${basis.document} ${basis.clause}`,
    ...factLines(signal, catalog),
    ...lackingLine(signal),
    `编号：${id}`,
    ...(language === 'zh+en' ? ['', english(delivery, head, places)] : []),
  ];
  const short = `${head.zh}${says.zh}${shortTime(at)} ${placesShort(places.zh)}`;
  return { title: plain(head.zh), body: plain(lines.join('\n')), short: plain(short) };
};

const placesShort = (zh: string): string => {
  const all = zh.split('、');
  return all.length > 3 ? `${all.slice(0, 3).join('、')}等${all.length}处` : zh;
};

/** Pieces of evidence that the desk lists. */
const SHOWN = 30;

/** A signal as the duty desk shows it. */
export interface Shown {
  readonly tag: Bilingual;
  readonly says: Bilingual;
  readonly level: Bilingual;
  /** blue yellow orange red; null: it has no level. */
  readonly colour: string | null;
  readonly places: Bilingual;
  readonly facts: readonly string[];
  /** Beijing time, `07-20 08:00`. */
  readonly since: string;
}

export const shownOf = (signal: Signal, catalog: Catalog): Shown => {
  const level = levelIn(signal);
  const colour = levelsOf(signal).length === 0 ? undefined : colourOf(levelsOf(signal)[0]!);
  return {
    ...standingOf(signal),
    ...{ level, colour: colour ?? null, places: placesOf(signal, catalog) },
    ...{ facts: factLines(signal, catalog, SHOWN), since: shortTime(signal.since) },
  };
};

/** Units that owe a report, by name. */
export const unitNames = (units: readonly string[], catalog: Catalog): string[] =>
  units.map((id) => MEMBERS[id]?.zh ?? catalog.townships.find((one) => one.id === id)?.name.zh ?? id);
