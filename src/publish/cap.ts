import type { Settings } from '../config/schema.ts';
import type { Catalog } from '../core/catalog.ts';
import { HOUR, isoBeijing } from '../core/time.ts';
import type { Bilingual, Signal } from '../core/types.ts';
import { measuresFor, NONE_NAMED } from '../standards/weather-measures-2021.ts';
import { type Fact, factsOf, isForecast, saidOf, townshipsOf, type Warning } from './warning.ts';
import { type Element, element, xmlDocument } from './xml.ts';

// CAP 1.2 (OASIS, urn:oasis:names:tc:emergency:cap:1.2) of signals that go out as warnings, a message for each version. Actual and public is
// what a person signed, and its end; everything else is a draft and restricted. docs/signals.md has the tables.

export interface Publisher {
  readonly catalog: Catalog;
  readonly settings: Settings;
  /** The data folder holds what a simulated county sent: nothing of it is actual. */
  readonly simulated: boolean;
}

/** One message a version: no blanks, commas, < or & (3.2.1), and the same after a restart. */
export const identifierOf = ({ id, version }: Signal): string => `${id}/${version}`;

/** Beijing time with its offset, without fraction: what the schema's pattern takes. */
export const capTime = (time: number): string => isoBeijing(Math.floor(time / 1000) * 1000);

const CATEGORIES: Readonly<Record<string, readonly string[]>> = {
  'heavy-pollution': ['Env', 'Health'],
  'geological-risk': ['Geo'],
};

const SEVERITIES: Readonly<Record<string, string>> = {
  I: 'Extreme',
  red: 'Extreme',
  II: 'Severe',
  orange: 'Severe',
  III: 'Moderate',
  yellow: 'Moderate',
  IV: 'Minor',
  blue: 'Minor',
};

/** What is measured is there; what is forecast alone is likely; without evidence (a person's judgement) it is not said. */
export const certaintyOf = ({ signal }: Warning): 'Observed' | 'Likely' | 'Unknown' => {
  if (signal.evidence.length === 0) return 'Unknown';
  return signal.evidence.every(isForecast) ? 'Likely' : 'Observed';
};

/** Past at its end; now where it is measured; else the two higher levels are to be expected, the lower ones ahead. */
export const urgencyOf = (warning: Warning): 'Immediate' | 'Expected' | 'Future' | 'Past' => {
  if (warning.type === 'Cancel') return 'Past';
  if (certaintyOf(warning) === 'Observed') return 'Immediate';
  return ['Extreme', 'Severe'].includes(SEVERITIES[warning.level ?? ''] ?? '') ? 'Expected' : 'Future';
};

export interface Times {
  readonly effective: number;
  readonly onset: number;
  readonly expires: number;
}

/** effective <= onset < expires: from when it was sent, when the first forecast begins, when the last one ends. */
export const timesOf = ({ signal }: Warning, settings: Settings): Times => {
  const effective = Date.parse(signal.at);
  const ahead = signal.evidence.filter(isForecast);
  const allAhead = ahead.length > 0 && ahead.length === signal.evidence.length;
  const begins = allAhead ? Math.min(...ahead.map(({ from }) => Date.parse(from))) : effective;
  const onset = Math.max(effective, begins);
  const last = Math.max(effective + settings.cap.expires, ...ahead.map(({ to }) => Date.parse(to)));
  return { effective, onset, expires: Math.max(last, onset + HOUR) };
};

/** The office that gives out what the plan's headquarters decide (沁政办发〔2021〕19号, 3.7); of other kinds the county. */
export const senderName = ({ kind }: Signal, { county }: Catalog): Bilingual => {
  if (kind === 'warning-signal')
    return { zh: `${county.name.zh}气象台`, en: `Meteorological station of ${county.name.en}` };
  if (kind !== 'weather-response') return county.name;
  return {
    zh: `${county.name.zh}气象灾害应急指挥部办公室`,
    en: `Office of the meteorological disaster headquarters, ${county.name.en}`,
  };
};

const factLine = ({ place, quantity, value, unit, span, forecast }: Fact, language: 'zh' | 'en'): string => {
  const kind = language === 'zh' ? (forecast ? '预报' : '实况') : forecast ? 'forecast' : 'observed';
  const name = language === 'zh' ? quantity.zh.replace(/^预报/, '') : quantity.en;
  return `${place[language]} ${kind} ${name} ${value} ${unit}`
    .trimEnd()
    .concat(language === 'zh' ? `（${span}）` : ` (${span}, Beijing time)`);
};

/** Why: document and clause, evidence, and what is lacking. */
export const descriptionOf = ({ signal }: Warning, catalog: Catalog): Bilingual => {
  const { document, clause } = signal.basis;
  const facts = factsOf(signal, catalog);
  const list = (language: 'zh' | 'en') => facts.map((fact) => factLine(fact, language));
  const lacking = signal.lacking.join('; ');
  return {
    zh: [`依据${document} ${clause}。`, ...list('zh'), ...(lacking ? [`缺少：${lacking}`] : [])].join('\n'),
    en: [`By ${document} ${clause}.`, ...list('en'), ...(lacking ? [`Lacking: ${lacking}`] : [])].join('\n'),
  };
};

/** What each department does at the level; of an end, that measures cease. */
export const instructionOf = ({ signal, level, type }: Warning): Bilingual | undefined => {
  if (type === 'Cancel' || !['weather-response', 'warning-signal'].includes(signal.kind)) return undefined;
  const measures = measuresFor(signal.subject, level ?? '');
  if (measures.length === 0) return NONE_NAMED;
  const lines = (language: 'zh' | 'en', between: string, colon: string) =>
    measures
      .map(
        ({ department, items }) =>
          `${department[language]}${colon}${items.map((item) => item[language]).join(between)}`,
      )
      .join('\n');
  return { zh: lines('zh', '；', '：'), en: lines('en', '. ', ': ') };
};

/** Where, by name; the whole county where the evidence names no township. */
export const areaOf = ({ signal }: Warning, catalog: Catalog): Bilingual => {
  const towns = townshipsOf(signal, catalog);
  const { name } = catalog.county;
  if (towns.length === 0) return name;
  return {
    zh: `${name.zh}：${towns.map((one) => one.name.zh).join('、')}`,
    en: `${name.en}: ${towns.map((one) => one.name.en).join(', ')}`,
  };
};

const pair = (name: string, valueName: string, value: string): Element =>
  element(name, [element('valueName', valueName), element('value', value)]);

/** The signal itself, so that whoever reads the message has all of it. */
const parametersOf = (signal: Signal): Element[] => {
  const { id, version, county, kind, subject, evidence, lacking, title, basis, ...rest } = signal;
  const parameter = (name: string, value: string) => pair('parameter', `lantian.${name}`, value);
  const named = Object.entries({ id, version, county, kind, subject, ...rest })
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => parameter(name, typeof value === 'object' ? JSON.stringify(value) : String(value)));
  return [
    ...named,
    parameter('title', JSON.stringify(title)),
    parameter('basis', JSON.stringify(basis)),
    ...evidence.map((one) => parameter('evidence', JSON.stringify(one))),
    ...lacking.map((one) => parameter('lacking', one)),
  ];
};

const infoOf = (warning: Warning, { catalog, settings }: Publisher, language: 'zh' | 'en'): Element => {
  const { signal, type, level } = warning;
  const times = timesOf(warning, settings);
  const instruction = instructionOf(warning)?.[language];
  return element('info', [
    element('language', language === 'zh' ? 'zh-CN' : 'en'),
    ...(CATEGORIES[signal.kind] ?? ['Met']).map((category) => element('category', category)),
    element('event', signal.title[language]),
    element('responseType', type === 'Cancel' ? 'AllClear' : 'Execute'),
    element('urgency', urgencyOf(warning)),
    element('severity', SEVERITIES[level ?? ''] ?? 'Unknown'),
    element('certainty', certaintyOf(warning)),
    element('effective', capTime(times.effective)),
    element('onset', capTime(times.onset)),
    element('expires', capTime(times.expires)),
    element('senderName', senderName(signal, catalog)[language]),
    element('headline', saidOf(warning)[language]),
    element('description', descriptionOf(warning, catalog)[language]),
    instruction === undefined ? undefined : element('instruction', instruction),
    ...parametersOf(signal),
    element('area', [
      element('areaDesc', areaOf(warning, catalog)[language]),
      pair('geocode', 'GB/T 2260', catalog.county.code),
    ]),
  ]);
};

const DRAFT = '尚未签发，仅供内部审核，不得对外发布 Not signed: for review inside, not for release';

const SIMULATED = '模拟数据，仅供测试 Simulated data: a test';

/** Public is what a person signed of what was measured; a test and a draft stay inside. */
const standingOf = ({ actual }: Warning, { simulated }: Publisher): (Element | undefined)[] => {
  const inside = simulated ? SIMULATED : actual ? undefined : DRAFT;
  return [
    element('scope', inside === undefined ? 'Public' : 'Restricted'),
    inside === undefined ? undefined : element('restriction', inside),
  ];
};

/** The CAP 1.2 message of a version, as XML. */
export const capOf = (warning: Warning, publisher: Publisher): string => {
  const { signal, actual, type, replaces } = warning;
  const { sender } = publisher.settings.cap;
  const named = replaces.map((one) => `${sender},${identifierOf(one)},${capTime(Date.parse(one.at))}`);
  return xmlDocument(
    element(
      'alert',
      [
        element('identifier', identifierOf(signal)),
        element('sender', sender),
        element('sent', capTime(Date.parse(signal.at))),
        element('status', actual ? (publisher.simulated ? 'Test' : 'Actual') : 'Draft'),
        element('msgType', type),
        ...standingOf(warning, publisher),
        named.length === 0 ? undefined : element('references', named.join(' ')),
        element('incidents', signal.id),
        infoOf(warning, publisher, 'zh'),
        infoOf(warning, publisher, 'en'),
      ],
      { xmlns: 'urn:oasis:names:tc:emergency:cap:1.2' },
    ),
  );
};
