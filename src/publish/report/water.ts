import { monthName } from '../../core/time.ts';
import { CLASS_NUMERALS, gradeOf } from '../../standards/water-evaluation-2011.ts';
import { type Months, monthTitle } from './months.ts';
import { type Source, type Stated, titleOf, townshipCell, wordOf } from './source.ts';
import { type Cell, type Column, type Table, text } from './table.ts';
import {
  classCell,
  classOf,
  isDoubtful,
  isWholeYear,
  itemName,
  type Section,
  soundClass,
  targetOf,
} from './water-class.ts';
import { waterNotes } from './water-notes.ts';

// 地表水: a row for each section with its class of the month.

/** Classes have no percent: how many classes better or worse. */
const classChange = (base: Stated | undefined, now: Stated | undefined): Cell => {
  const [from, to] = [classOf(base), classOf(now)];
  if (from === undefined || to === undefined) return text(undefined);
  const words = to < from ? `好转${from - to}类 better` : to > from ? `变差${to - from}类 worse` : '持平 same';
  return { value: words, doubtful: isDoubtful(base) || isDoubtful(now) };
};

const targetCell = ({ station, held }: Section): Cell => {
  const [one, target] = [soundClass(held.month), targetOf(station)];
  if (one === undefined || target === undefined) return text(undefined);
  return one <= target ? text('达标 reached') : { value: '未达标 missed', bold: true };
};

/** `total_phosphorus(0.5),cod(0.2)` in Chinese. */
const itemsText = (list: string | undefined): string | undefined =>
  list
    ?.split(',')
    .map((item) => item.replace(/^[a-z0-9_]+/, itemName))
    .join('、');

const sectionCells = (source: Source, section: Section): Cell[] => {
  const { station, held } = section;
  const month = held.month;
  const grade = classOf(month) === undefined ? undefined : gradeOf(classOf(month)!);
  return [
    text(station.name.zh),
    townshipCell(source, station.township),
    text(station.waterBody === 'lake' ? '湖库 lake' : '河流 river'),
    text(CLASS_NUMERALS[(targetOf(station) ?? 0) - 1]),
    classCell(month),
    classCell(held.lastYear),
    classChange(held.lastYear, month),
    classCell(held.before),
    classChange(held.before, month),
    { value: grade && `${grade.zh} ${grade.en}`, doubtful: isDoubtful(month) },
    targetCell(section),
    text(itemsText(wordOf(month, 'defining'))),
    text(itemsText(wordOf(month, 'main'))),
    text(itemsText(wordOf(month, 'missing'))),
    ...(isWholeYear(source)
      ? [classCell(held.year), classCell(held.yearBefore), classChange(held.yearBefore, held.year)]
      : []),
  ];
};

const columnsOf = (source: Source): Column[] => {
  const { month, lastYear, before } = source.months;
  const ofMonth = (span: Months['month']): Column => ({
    zh: `${monthTitle(span)}类别`,
    en: `class, ${monthName(span.start)}`,
    width: 11,
  });
  return [
    { zh: '断面（点位）', en: 'section', width: 18 },
    { zh: '乡镇', en: 'township', width: 12 },
    { zh: '水体', en: 'water body', width: 11 },
    { zh: '目标', en: 'target', width: 7 },
    ofMonth(month),
    ofMonth(lastYear),
    { zh: '同比', en: 'year on year', width: 14 },
    ofMonth(before),
    { zh: '环比', en: 'on the month before', width: 14 },
    { zh: '水质状况', en: 'grade', width: 18 },
    { zh: '目标判定', en: 'target', width: 13 },
    { zh: '定类指标', en: 'defining items', width: 20 },
    { zh: '主要污染指标（超Ⅲ类倍数）', en: 'main pollutants (times over III)', width: 24 },
    { zh: '未测项目', en: 'not measured', width: 34 },
    ...(isWholeYear(source)
      ? [
          { zh: '全年类别', en: 'class of the year', width: 11 },
          { zh: '上年类别', en: 'class of last year', width: 11 },
          { zh: '全年同比', en: 'year on year', width: 14 },
        ]
      : []),
  ];
};

export const sectionsTable = (source: Source, sections: readonly Section[]): Table => ({
  id: 'water',
  sheet: '水质断面',
  title: titleOf(source, '地表水水质', 'Surface water'),
  columns: columnsOf(source),
  rows: sections.map((section) => sectionCells(source, section)),
  frozen: 1,
  notes: waterNotes(source),
});
