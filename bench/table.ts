import { padTo, widthOf } from '../src/cli/width.ts';
import type { Bilingual } from '../src/core/types.ts';
import { type Goal, type Row, reached } from './case.ts';

/** Rows of a case, with what they stand beside. */
export interface Told {
  readonly name: string;
  readonly beside: Bilingual;
  readonly rows: readonly Row[];
}

export const HEAD = [
  '项目 case',
  '内容 what',
  '结果 figure',
  '对照 beside',
  '比值 ratio',
  '目标 goal',
  '达到 reached',
  'CPU µs/条 a message',
] as const;

const withUnit = (value: number, unit: string): string => {
  const text = Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-US') : String(value);
  return unit.startsWith('/') ? `${text}${unit}` : `${text} ${unit}`;
};

/** Three digits that count; a ratio of two places from one on. */
const ratioText = (ratio: number): string =>
  ratio >= 1 ? ratio.toFixed(2) : ratio.toFixed(Math.max(3, 2 - Math.floor(Math.log10(ratio))));

const goalText = ({ of, least, most }: Goal, unit: string): string => {
  const limit = (value: number): string => (of === 'ratio' ? String(value) : withUnit(value, unit));
  return least === undefined ? `≤ ${limit(most ?? Number.NaN)}` : `≥ ${limit(least)}`;
};

const REACHED = { true: '是 yes', false: '否 no' } as const;

const cpuText = ({ cpu }: Row): string =>
  cpu === undefined
    ? ''
    : [cpu.figure, ...(cpu.beside === undefined ? [] : [cpu.beside])].map((value) => value.toFixed(1)).join(' / ');

/** The cells of a row, as HEAD names them. */
export const cellsOf = (name: string, row: Row): string[] => {
  const isReached = reached(row);
  return [
    name,
    `${row.what.zh} ${row.what.en}`,
    withUnit(row.figure, row.unit),
    row.beside === undefined ? '' : withUnit(row.beside, row.unit),
    row.ratio === undefined ? '' : ratioText(row.ratio),
    row.goal === undefined ? '' : goalText(row.goal, row.unit),
    isReached === undefined ? '' : REACHED[`${isReached}`],
    cpuText(row),
  ];
};

/** What cases found as a table for a terminal, in two languages; each line with its end. */
export const tableOf = (told: readonly Told[]): string => {
  const lines = [[...HEAD], ...told.flatMap(({ name, rows }) => rows.map((row) => cellsOf(name, row)))];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((cells) => widthOf(cells[column]!))));
  const table = lines.map((cells) =>
    cells
      .map((cell, i) => padTo(cell, widths[i]!))
      .join('  ')
      .trimEnd(),
  );
  const notes = told.map(({ name, beside }) => `${name}: 对照 beside ${beside.zh} ${beside.en}`);
  return [...table, '', ...notes].map((line) => `${line}\n`).join('');
};
