import { monthName } from '../../core/time.ts';
import type { Bilingual } from '../../core/types.ts';
import { EDITION as PLAN, RECTIFICATION_CLAUSE } from '../../standards/air-action-plan-2021.ts';
import { EDITION as BULLETIN, changePercent } from '../../standards/dustfall-bulletin.ts';
import { type DustfallMark, EDITION as METHOD, roundDustfall } from '../../standards/hj1221.ts';
import { assessmentOf } from '../../thresholds/dustfall-assessment.ts';
import { monthTitle } from './months.ts';
import { DOUBTFUL_NOTE } from './notes.ts';
import {
  type Held,
  heldMonths,
  placesOf,
  type Source,
  type Stated,
  stated,
  type Told,
  titleOf,
  told,
  toldCell,
  townshipCell,
  wordOf,
} from './source.ts';
import { type Cell, figure, type Table, text } from './table.ts';

// 降尘: points, then the county's highest, mean and lowest as in the bulletins, held against the assessment and the campaign's mark.

const MARKS: Readonly<Record<DustfallMark, string>> = {
  exposure: '采样天数 exposure',
  'below-detection': '低于检出限 below detection',
};

const marksOf = (row: Stated | undefined): string | undefined =>
  wordOf(row, 'marks')
    ?.replace('dustfall=', '')
    .split('+')
    .map((mark) => MARKS[mark as DustfallMark] ?? mark)
    .join('; ');

const changeCell = (now: Told | undefined, base: Told | undefined): Cell =>
  figure(
    now && changePercent(now.value, base?.value),
    { unit: 'percent', decimals: 1 },
    now?.doubtful || base?.doubtful,
  );

/** Month, last year, 同比, month before, 环比. */
const cellsOf = (held: Held<Stated>, field: string): Cell[] => {
  const [now, lastYear, before] = [held.month, held.lastYear, held.before].map((row) =>
    told(row, field, roundDustfall),
  );
  return [
    toldCell(now, 1),
    toldCell(lastYear, 1),
    changeCell(now, lastYear),
    toldCell(before, 1),
    changeCell(now, before),
  ];
};

interface Words {
  readonly above: string;
  readonly within: string;
}

const CAMPAIGN: Words = { above: '须专项整治 campaign', within: '未超过 not above' };
const ASSESSED: Words = { above: '超标 above', within: '达标 complies' };

/** The limit, and what comes of it; a figure that is doubtful is not judged. */
const judged = (one: Told | undefined, limit: number | undefined, words: Words): Cell[] => {
  if (limit === undefined) return [text(undefined), text(undefined)];
  if (one === undefined || one.doubtful) return [figure(limit, 1), text(undefined)];
  return [figure(limit, 1), one.value > limit ? { value: words.above, bold: true } : text(words.within)];
};

const countyRows = (source: Source): Cell[][] => {
  const held = heldMonths(source, 'dustfall_month', { station: 'county' });
  const { settings, months } = source;
  const limit = assessmentOf(monthName(months.month.start), settings)?.limit;
  const [max, mean] = ['max', 'mean'].map((field) => told(held.month, field, roundDustfall));
  // The highest point is judged at once, whatever points are to come.
  const campaign = judged(max && { ...max, doubtful: false }, settings.dustfall.rectification_above, CAMPAIGN);
  const row = (zh: string, field: string, verdict: readonly Cell[]): Cell[] => [
    { value: zh, bold: true },
    text(undefined),
    ...cellsOf(held, field),
    text(undefined),
    ...verdict,
  ];
  return [
    row('全县最大值 highest', 'max', campaign),
    row('全县平均值 mean', 'mean', judged(mean, limit, ASSESSED)),
    row('全县最小值 lowest', 'min', [text(undefined), text(undefined)]),
  ];
};

const notesOf = ({ settings, months }: Source): Bilingual[] => {
  const assessment = assessmentOf(monthName(months.month.start), settings);
  const { rectification_above } = settings.dustfall;
  return [
    {
      zh: `单位：吨/(平方公里·30天)，按30天计，不按当月天数折算。测定：${METHOD.document}；修约到一位小数：GB/T 8170-2008；最大、平均、最小值与同比：${BULLETIN.document}。`,
      en: `Unit: t/(km²·30d), never scaled by the month's length. Method: ${METHOD.document}, rounded to 0.1 by GB/T 8170-2008; highest, mean, lowest and changes as in the province's bulletins.`,
    },
    {
      zh: `最大值高于 ${rectification_above} 开展专项整治：${PLAN.document} ${RECTIFICATION_CLAUSE}；平均值考核：${assessment?.document ?? '当月无文件'}（恰为限值即达标）。`,
      en: `Highest above ${rectification_above}: a rectification campaign, ${PLAN.document} ${RECTIFICATION_CLAUSE}; the mean is assessed by ${assessment?.document ?? 'no document in that month'}, at the limit complies.`,
    },
    {
      zh: `平均值在全部点位报齐前、且未到次月${settings.dustfall.mean_final_day}日时为暂定值，不作判定。同比：与上年同月；环比：与上月；由修约后的数值计算。`,
      en: `The mean is provisional, and not judged, until every point has reported or the ${settings.dustfall.mean_final_day}th of the next month. Changes are between the rounded figures.`,
    },
    DOUBTFUL_NOTE,
  ];
};

export const dustfallTable = (source: Source): Table => {
  const { month, lastYear, before } = source.months;
  const points = placesOf(source, 'dustfall', ({ id }) => !!stated(source, 'dustfall_month', month, { station: id }));
  const value = (span: typeof month) => ({ zh: monthTitle(span), en: monthName(span.start), width: 12 });
  return {
    id: 'dustfall',
    sheet: '降尘',
    title: titleOf(source, '降尘', 'Dustfall'),
    columns: [
      { zh: '点位', en: 'point', width: 26 },
      { zh: '乡镇', en: 'township', width: 24 },
      value(month),
      value(lastYear),
      { zh: '同比', en: 'year on year', width: 11 },
      value(before),
      { zh: '环比', en: 'on the month before', width: 11 },
      { zh: '标记', en: 'marks', width: 24 },
      { zh: '限值', en: 'limit', width: 8 },
      { zh: '判定', en: 'result', width: 22 },
    ],
    rows: [
      ...points.map((point): Cell[] => {
        const held = heldMonths(source, 'dustfall_month', { station: point.id });
        const place = [text(point.name.zh), townshipCell(source, point.township)];
        return [...place, ...cellsOf(held, 'dustfall'), text(marksOf(held.month)), text(undefined), text(undefined)];
      }),
      ...countyRows(source),
    ],
    frozen: 1,
    notes: notesOf(source),
  };
};
