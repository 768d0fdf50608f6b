// The last figures as docs/reliability.md shows them, between two marks; a test compares the two.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Result, Results } from './results.ts';
import { held, type Row } from './scenario.ts';

const FILE = join(import.meta.dirname, '..', 'docs', 'reliability.md');
const [BEGIN, END] = ['<!-- chaos: begin -->\n', '<!-- chaos: end -->'];

const number = (value: number | string): string => (typeof value === 'number' ? value.toLocaleString('en-US') : value);

const measuredOf = ({ measured }: Row): string =>
  Object.entries(measured)
    .map(([name, value]) => `${name.replaceAll('_', ' ')} ${number(value)}`)
    .join('; ');

const rowOf = (name: string, { date, size }: Result, row: Row): string => {
  const costs = [row.times, row.lost, row.duplicated, row.wrong].map(number);
  const verdict = held(row) ? '成立 held' : `**不成立 broken** ${row.broken.length}`;
  const cells = [
    `\`${name}\``,
    `${row.what.zh} ${row.what.en}`,
    ...costs,
    verdict,
    measuredOf(row),
    `${date.slice(0, 10)}, ${size}`,
  ];
  return `| ${cells.join(' | ')} |`;
};

const machineOf = ({ machine }: Result): string =>
  Object.entries(machine)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

/** The kept results as a table, and the machines that they were found on. */
export const docTable = (results: Results): string => {
  const byMachine = Map.groupBy(Object.entries(results), ([, result]) => machineOf(result));
  return [
    '| scenario | 故障 fault | 次数 times | 丢失 lost | 重复 duplicated | 错误 wrong | 结论 verdict | 另测 measured besides | 何时 when, size |',
    '|---|---|---|---|---|---|---|---|---|',
    ...Object.entries(results).flatMap(([name, result]) => result.rows.map((row) => rowOf(name, result, row))),
    '',
    ...[...byMachine].map(
      ([machine, entries]) => `- 机器 machine of ${entries.map(([name]) => `\`${name}\``).join(', ')}: ${machine}.`,
    ),
    '',
  ].join('\n');
};

const split = (): [before: string, table: string, after: string] => {
  const text = readFileSync(FILE, 'utf8');
  const [from, to] = [text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)];
  if (from < BEGIN.length || to < from) throw new Error(`${FILE} has no place for the table: ${BEGIN.trim()} ${END}`);
  return [text.slice(0, from), text.slice(from, to), text.slice(to)];
};

/** The table as it stands in the document. */
export const tableInDoc = (): string => split()[1];

export const writeDoc = (results: Results): void => {
  const [before, , after] = split();
  writeFileSync(FILE, before + docTable(results) + after);
};
