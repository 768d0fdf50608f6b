import { isoBeijing } from '../../core/time.ts';
import { padTo, plain, widthOf } from '../width.ts';
import type { BackTestRow } from './back-test.ts';

// The back-test as a table for people: Chinese first, English beside it, Beijing time.

const moment = (time: number): string => isoBeijing(time).slice(0, 16).replace('T', ' ');

const HEAD = ['级别 level', '次数 times', '小时 hours', '最长 longest', '首次 first', '末次 last'];

const cellsOf = ({ level, times, hours, longest, first, last }: BackTestRow): string[] => [
  plain(level === '' ? '-' : level),
  ...[times, hours, longest].map(String),
  moment(first),
  moment(last),
];

/** `weather-response/rainstorm 暴雨应急响应 Rainstorm response · 最高 highest I`. */
const nameOf = ({ kind, subject, title, level }: BackTestRow): string =>
  plain(`${kind}/${subject} ${title.zh} ${title.en}${level === '' ? '' : ` · 最高 highest ${level}`}`);

const lineOf = (cells: readonly string[], widths: readonly number[]): string =>
  `  ${cells.map((cell, i) => padTo(cell, widths[i]!)).join('  ')}`.trimEnd();

const isSame = (a: BackTestRow, b: BackTestRow | undefined): boolean => a.kind === b?.kind && a.subject === b.subject;

/**
 * Lines of the table, each with its line end; the highest level of a subject first.
 * @param rows of `createBackTest`, in its order
 * @param span begin and end of the file, epoch ms; undefined: nothing in it
 */
export const backTestTable = (rows: readonly BackTestRow[], span: readonly [number, number] | undefined): string => {
  const when = span === undefined ? '' : ` ${moment(span[0])} – ${moment(span[1])}，北京时间 Beijing time`;
  if (rows.length === 0) return `回测 back-test${when}: 没有达到任何级别 no level was reached\n`;
  const cells = rows.map(cellsOf);
  const widths = HEAD.map((head, i) => Math.max(widthOf(head), ...cells.map((row) => widthOf(row[i]!))));
  const body = rows.flatMap((row, i) => [
    ...(isSame(row, rows[i - 1]) ? [] : [nameOf(row)]),
    lineOf(cells[i]!, widths),
  ]);
  return [`回测 back-test${when}`, lineOf(HEAD, widths), ...body].map((line) => `${line}\n`).join('');
};
