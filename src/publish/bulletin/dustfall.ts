import { isoBeijing, monthName } from '../../core/time.ts';
import type { Bilingual, Signal } from '../../core/types.ts';
import { isEnded } from '../../signals/life.ts';
import { EDITION as PLAN, RECTIFICATION_CLAUSE } from '../../standards/air-action-plan-2021.ts';
import { changePercent } from '../../standards/dustfall-bulletin.ts';
import { roundDustfall } from '../../standards/hj1221.ts';
import type { SeriesReader } from '../../store/embedded-reader.ts';
import type { Row } from '../../store/port.ts';
import { dustfallTable } from '../report/dustfall.ts';
import { monthTitle } from '../report/months.ts';
import { SIMULATED_NOTE } from '../report/notes.ts';
import { heldMonths, placesOf, type Source, stated, told } from '../report/source.ts';
import { type Cell, decimalsOf, NOTHING, type Table, UNITS } from '../report/table.ts';
import { type Html, heading, headings, html, pageOf, paragraph, signatures } from './html.ts';

// 降尘通报 of a month: highest, lowest and mean of the county with 同比, whether the campaign is ordered, each point. The table is the one of
// the monthly report.

export const MEASUREMENT = 'dustfall_month';

/** A reader of rows that were read before. */
export const readerOf = (rows: readonly Row[]): SeriesReader => ({
  read: ({ tags = {}, from, to }) =>
    rows.filter(
      (row) =>
        row.time >= from && row.time < to && Object.entries(tags).every(([name, value]) => row.tags[name] === value),
    ),
  close: () => {},
});

const shown = ({ value, show, doubtful }: Cell): string => {
  if (value === undefined) return NOTHING;
  if (typeof value === 'string' || show === undefined) return String(value);
  const text = value.toFixed(decimalsOf(show));
  const change = typeof show === 'number' ? text : `${value > 0 ? '+' : ''}${text}${UNITS[show.unit].zh}`;
  return doubtful ? `${change}*` : change;
};

const classOf = ({ value, bold, doubtful }: Cell): string =>
  [typeof value === 'number' ? 'number' : '', bold ? 'bold' : '', doubtful ? 'doubtful' : ''].filter(Boolean).join(' ');

const tableOf = ({ columns, rows }: Table): Html =>
  html`<table>${[headings(columns)]}<tbody>${rows.map(
    (cells) => html`<tr>${cells.map((cell) => html`<td class="${classOf(cell)}">${shown(cell)}</td>`)}</tr>\n`,
  )}</tbody></table>`;

/** 10.4（上年同月 9.1，同比 +14.3%）. */
const countyFigure = (source: Source, field: string, zh: string, en: string): Bilingual | undefined => {
  const held = heldMonths(source, MEASUREMENT, { station: 'county' });
  const [now, base] = [held.month, held.lastYear].map((row) => told(row, field, roundDustfall));
  if (now === undefined) return undefined;
  const change = changePercent(now.value, base?.value);
  const sign = change !== undefined && change > 0 ? '+' : '';
  const value = `${now.value.toFixed(1)}${now.doubtful ? '*' : ''}`;
  if (base === undefined || change === undefined)
    return { zh: `${zh} ${value}（无同比）`, en: `${en} ${value} (no year before)` };
  const was = base.value.toFixed(1);
  return {
    zh: `${zh} ${value}（上年同月 ${was}，同比 ${sign}${change.toFixed(1)}%）`,
    en: `${en} ${value} (a year before ${was}, ${sign}${change.toFixed(1)} %)`,
  };
};

const summaryOf = (source: Source): Html => {
  const figures = [
    countyFigure(source, 'max', '最大值', 'highest'),
    countyFigure(source, 'min', '最小值', 'lowest'),
    countyFigure(source, 'mean', '平均值', 'mean'),
  ].filter((one) => one !== undefined);
  const { name } = source.catalog.county;
  return paragraph({
    zh: `${monthTitle(source.months.month)}${name.zh}降尘量：${figures.map(({ zh }) => zh).join('；')}。单位：吨/(平方公里·30天)。`,
    en: `Dustfall of ${name.en} in ${monthName(source.months.month.start)}: ${figures.map(({ en }) => en).join('; ')}. Unit: t/(km²·30d).`,
  });
};

/** Points above the limit of the campaign. */
const above = (source: Source, limit: number): string[] =>
  placesOf(source, 'dustfall', () => true).flatMap(({ id, name }) => {
    const one = told(stated(source, MEASUREMENT, source.months.month, { station: id }), 'dustfall', roundDustfall);
    return one !== undefined && one.value > limit ? [`${name.zh} ${one.value.toFixed(1)}`] : [];
  });

const STATES: Readonly<Record<string, Bilingual>> = {
  true: { zh: '专项整治已结束', en: 'the campaign has ended' },
  false: { zh: '专项整治正在进行', en: 'the campaign is under way' },
};

const orderOf = (source: Source, signal: Signal | undefined): Html[] => {
  const limit = source.settings.dustfall.rectification_above;
  const max = told(stated(source, MEASUREMENT, source.months.month, { station: 'county' }), 'max', roundDustfall);
  const clause = `${PLAN.document} ${RECTIFICATION_CLAUSE}`;
  if (max === undefined || max.value <= limit)
    return [
      paragraph({
        zh: `当月最大值未超过 ${limit} 吨/(平方公里·30天)，不启动专项整治（${clause}）。`,
        en: `The highest is not above ${limit} t/(km²·30d): no campaign is ordered (${clause}).`,
      }),
    ];
  const state = signal && STATES[String(isEnded(signal))];
  const points = above(source, limit).join('、') || NOTHING;
  return [
    paragraph({
      zh: `当月最大值 ${max.value.toFixed(1)} 超过 ${limit} 吨/(平方公里·30天)，须开展降尘专项整治（${clause}）。超过的点位：${points}。${state ? `${state.zh}。` : ''}`,
      en: `The highest, ${max.value.toFixed(1)}, is above ${limit} t/(km²·30d): a rectification campaign is ordered (${clause}). Points above: ${points}.${state ? ` ${state.en.replace(/^t/, 'T')}.` : ''}`,
    }),
  ];
};

/**
 * The bulletin of a month, as a page for print.
 * @param signal dustfall-rectification of the month, where there is one
 */
export const dustfallBulletin = (source: Source, signal: Signal | undefined, simulated: boolean): string => {
  const table = dustfallTable(source);
  const { name } = source.catalog.county;
  return pageOf({
    title: {
      zh: `${name.zh}${monthTitle(source.months.month)}降尘监测结果通报`,
      en: `Dustfall of ${name.en}, ${monthName(source.months.month.start)}`,
    },
    under: { zh: `生成时间 ${isoBeijing(source.now).slice(0, 16).replace('T', ' ')}`, en: 'made, Beijing time' },
    marks: simulated ? [SIMULATED_NOTE] : [],
    body: [
      heading({ zh: '一、总体情况', en: 'Summary' }),
      summaryOf(source),
      heading({ zh: '二、专项整治', en: 'Rectification' }),
      ...orderOf(source, signal),
      heading({ zh: '三、各点位结果', en: 'Points' }),
      tableOf(table),
      html`<div class="notes">${table.notes.map(paragraph)}</div>`,
      signatures([
        { zh: '审核', en: 'checked' },
        { zh: '签发', en: 'signed' },
        { zh: '盖章', en: 'seal' },
      ]),
    ],
  });
};
