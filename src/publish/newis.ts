import { isoBeijing } from '../core/time.ts';
import type { Signal } from '../core/types.ts';
import {
  areaOf,
  certaintyOf,
  descriptionOf,
  instructionOf,
  type Publisher,
  senderName,
  timesOf,
  urgencyOf,
} from './cap.ts';
import { colourName, colourOf, saidOf, type Warning } from './warning.ts';
import { element, xmlDocument } from './xml.ts';

// The dialect of the national release platform (国家突发事件预警信息发布系统), xmlns http://com.icss.amp. It looks like CAP and is none: sendTime
// and eventType, a colour for a severity, a list of codes for an area, references to the first alert alone. Known from one public writer
// of such files and one captured message, not from the platform's own document. It has no drafts: only what was signed goes there.

/** 国家应急平台体系信息资源分类与编码规范, by subject; the hazards that are not here have no code that is known. */
export const EVENT_CODES: Readonly<Record<string, { readonly code: string; readonly name: string }>> = {
  typhoon: { code: '11B01', name: '台风' },
  rainstorm: { code: '11B03', name: '暴雨' },
  snowstorm: { code: '11B04', name: '暴雪' },
  'cold-wave': { code: '11B05', name: '寒潮' },
  gale: { code: '11B06', name: '大风' },
  sandstorm: { code: '11B07', name: '沙尘暴' },
  'high-temperature': { code: '11B09', name: '高温' },
  lightning: { code: '11B14', name: '雷电' },
  hail: { code: '11B15', name: '冰雹' },
  frost: { code: '11B16', name: '霜冻' },
  fog: { code: '11B17', name: '大雾' },
  haze: { code: '11B19', name: '霾' },
  'road-icing': { code: '11B21', name: '道路结冰' },
  drought: { code: '11B22', name: '干旱' },
};

/** `2012-10-25 09:15:58+08:00`. */
const newisTime = (time: number): string => isoBeijing(Math.floor(time / 1000) * 1000).replace('T', ' ');

/** Code of the sender: six digits of the area and 41600000. */
const senderCode = ({ catalog, settings }: Publisher): string =>
  settings.cap.newis_sender ?? `${catalog.county.code}41600000`;

/** Code of the sender and the second, Beijing time: two hazards that are signed within one second would share it. */
const identifierOf = (signal: Signal, publisher: Publisher): string =>
  `${senderCode(publisher)}_${isoBeijing(Date.parse(signal.at)).slice(0, 19).replace(/\D/g, '')}`;

const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

/** Whether the platform has a form for it: signed, of a hazard with a code, of a level with a colour. */
export const isForNewis = (warning: Warning): boolean =>
  warning.actual && Object.hasOwn(EVENT_CODES, warning.signal.subject) && colourOf(warning.level) !== undefined;

/**
 * The message of a version for the national release platform, as XML.
 * @returns undefined where the platform has no form for it
 */
export const newisOf = (warning: Warning, publisher: Publisher): string | undefined => {
  const event = EVENT_CODES[warning.signal.subject];
  const colour = colourOf(warning.level);
  if (!isForNewis(warning) || event === undefined || colour === undefined) return undefined;
  const { signal, type, first } = warning;
  const { catalog, settings } = publisher;
  const sender = senderName(signal, catalog).zh;
  const times = timesOf(warning, settings);
  const headline = `${sender}${type === 'Cancel' ? '解除' : '发布'}${event.name}${colourName(colour)}预警`;
  const instruction = instructionOf(warning)?.zh;
  const info = element('info', [
    element('language', 'zh-CN'),
    element('eventType', event.code),
    element('urgency', urgencyOf(warning)),
    element('severity', capital(colour)),
    element('certainty', certaintyOf(warning)),
    element('effective', newisTime(times.effective)),
    element('onset', newisTime(times.onset)),
    element('expires', newisTime(times.expires)),
    element('senderName', sender),
    element('headline', headline),
    element('description', `${saidOf(warning).zh}。${descriptionOf(warning, catalog).zh}`),
    instruction === undefined ? undefined : element('instruction', instruction),
    element('area', [
      element('areaDesc', areaOf(warning, catalog).zh),
      element('geocode', `${catalog.county.code}000000`),
    ]),
  ]);
  const method = [element('methodName', 'SMS'), element('message', `${headline}。${areaOf(warning, catalog).zh}`)];
  return xmlDocument(
    element(
      'alert',
      [
        element('identifier', identifierOf(signal, publisher)),
        element('sender', sender),
        element('senderCode', senderCode(publisher)),
        element('sendTime', newisTime(times.effective)),
        element('status', publisher.simulated ? 'Test' : 'Actual'),
        element('msgType', type),
        element('scope', 'Public'),
        element('code', [element('method', method)]),
        element('secClassification', 'None'),
        type === 'Cancel' ? element('note', `依据${signal.basis.document}解除`) : undefined,
        first === undefined ? undefined : element('references', identifierOf(first, publisher)),
        info,
      ],
      { xmlns: 'http://com.icss.amp' },
    ),
  );
};
