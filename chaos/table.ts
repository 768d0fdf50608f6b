import { padTo, widthOf } from '../src/cli/width.ts';
import { held, type Row } from './scenario.ts';

const number = (value: number | string): string => (typeof value === 'number' ? value.toLocaleString('en-US') : value);

const HEAD = ['故障 fault', '次数 times', '丢失 lost', '重复 twice', '错误 wrong', '结论 verdict'];

const cellsOf = (row: Row): string[] => [
  `${row.what.zh} ${row.what.en}`,
  ...[row.times, row.lost, row.duplicated, row.wrong].map(number),
  held(row) ? '成立 held' : '不成立 broken',
];

const detailsOf = (row: Row): string[] => [
  ...(held(row) ? [] : row.broken.map((why) => `    ! ${why.trim()}`)),
  ...(Object.keys(row.measured).length === 0
    ? []
    : [
        `    ${Object.entries(row.measured)
          .map(([name, value]) => `${name.replaceAll('_', ' ')} ${number(value)}`)
          .join(' · ')}`,
      ]),
];

/** The rows of a run as a table for a terminal, in two languages, each with what was measured. */
export const tableOf = (rows: readonly Row[]): string => {
  const lines = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((cells) => widthOf(cells[column]!))));
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, i) => padTo(cell, widths[i]!)).join('  ')}`.trimEnd();
  return [line(HEAD), ...rows.flatMap((row) => [line(cellsOf(row)), ...detailsOf(row)])].join('\n').concat('\n');
};
