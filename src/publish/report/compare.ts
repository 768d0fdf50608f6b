import { monthName } from '../../core/time.ts';
import { changeFrom } from '../../standards/change.ts';
import { type Months, monthTitle, yearTitle } from './months.ts';
import { type Held, type Told, toldCell } from './source.ts';
import { type Cell, type Change, type Column, figure, text, UNITS } from './table.ts';

// A figure with what it is held against: the same month of last year (同比), the month before (环比). Changes are between figures as they
// are given, each already rounded, so that a reader who works them out again gets the same. Missing on either side: no change.

/** A figure that a table gives of each place. */
export interface Measure<T> {
  readonly zh: string;
  readonly en: string;
  readonly unit: string;
  readonly decimals: number;
  readonly change: Change['unit'];
  /** #RRGGBB behind its name. */
  readonly fill?: string;
  readonly of: (from: T) => Told | undefined;
}

/** Decimals of a change: a percentage has one, a difference as many as the figure. */
const changeShow = ({ change, decimals }: Measure<never>): Change => ({
  unit: change,
  decimals: change === 'percent' ? 1 : decimals,
});

/** What became of a figure. */
export const changeCell = <T>(measure: Measure<T>, base: Told | undefined, now: Told | undefined): Cell => {
  const show = changeShow(measure);
  const change = changeFrom(base?.value, now?.value, show.decimals);
  const value = measure.change === 'percent' ? change?.percent : change?.difference;
  return figure(value, show, base?.doubtful || now?.doubtful);
};

const toldOf = <T>(measure: Measure<T>, from: T | undefined): Told | undefined =>
  from === undefined ? undefined : measure.of(from);

/** Three cells: the month's figure, 同比, 环比. */
export const monthCells = <T>(measure: Measure<T>, held: Held<T>): Cell[] => {
  const now = toldOf(measure, held.month);
  return [
    toldCell(now, measure.decimals),
    changeCell(measure, toldOf(measure, held.lastYear), now),
    changeCell(measure, toldOf(measure, held.before), now),
  ];
};

/** Two cells: the figure of the year so far, 同比. */
export const yearCells = <T>(measure: Measure<T>, held: Held<T>): Cell[] => {
  const now = toldOf(measure, held.year);
  return [toldCell(now, measure.decimals), changeCell(measure, toldOf(measure, held.yearBefore), now)];
};

const named = ({ zh, unit }: Measure<never>): string => (unit === '' ? zh : `${zh}（${unit}）`);

/** 个百分点 takes room. */
const changeWidth = ({ change }: Measure<never>): number => (change === 'points' ? 16 : 10);

export const monthColumns = (measure: Measure<never>): Column[] => [
  { zh: named(measure), en: measure.en, width: 11 },
  { zh: `${measure.zh} 同比`, en: 'year on year', width: changeWidth(measure) },
  { zh: `${measure.zh} 环比`, en: 'on the month before', width: changeWidth(measure) },
];

export const yearColumns = (measure: Measure<never>): Column[] => [
  { zh: `累计${named(measure)}`, en: `${measure.en}, year so far`, width: 12 },
  { zh: `累计${measure.zh} 同比`, en: 'year on year', width: changeWidth(measure) },
];

/** Columns of a table that has a row for each figure of each place. */
export const periodColumns = ({ month, lastYear, before, year, yearBefore }: Months): Column[] => [
  { zh: '指标', en: 'figure', width: 44 },
  { zh: '单位', en: 'unit', width: 8 },
  { zh: monthTitle(month), en: monthName(month.start), width: 12 },
  { zh: monthTitle(lastYear), en: monthName(lastYear.start), width: 12 },
  { zh: '同比', en: 'year on year', width: 15 },
  { zh: monthTitle(before), en: monthName(before.start), width: 12 },
  { zh: '环比', en: 'on the month before', width: 15 },
  { zh: `${yearTitle(year).zh}累计`, en: yearTitle(year).en, width: 16 },
  { zh: `${yearTitle(yearBefore).zh}累计`, en: yearTitle(yearBefore).en, width: 16 },
  { zh: '累计同比', en: 'year on year', width: 15 },
  { zh: '变化单位', en: 'changes in', width: 10 },
];

/** A row of such a table. */
export const periodCells = <T>(measure: Measure<T>, held: Held<T>): Cell[] => {
  const show = (from: T | undefined): Cell => toldCell(toldOf(measure, from), measure.decimals);
  const [now, lastYear, before] = monthCells(measure, held);
  const [year, yearBefore] = yearCells(measure, held);
  return [
    { value: `${measure.zh} ${measure.en}`, fill: measure.fill },
    text(measure.unit === '' ? undefined : measure.unit),
    ...[now!, show(held.lastYear), lastYear!, show(held.before), before!],
    ...[year!, show(held.yearBefore), yearBefore!],
    text(UNITS[measure.change].zh || undefined),
  ];
};

/** Columns or cells of such a table without those of the year. */
export const withoutYear = <T>(all: readonly T[]): T[] => [...all.slice(0, -4), all.at(-1)!];
