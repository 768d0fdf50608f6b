import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CASES } from './cases/index.ts';
import { keptFolders, type Result, readResult } from './results.ts';
import { cellsOf, HEAD } from './table.ts';

// The table of docs/performance.md is made of the kept results; a test holds both against each other.

export const DOCUMENT = join(import.meta.dirname, '..', 'docs', 'performance.md');
const [BEGIN, END] = ['<!-- results -->', '<!-- /results -->'];

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const machineText = ({ machine: m }: Result): string =>
  `${m['cpu']}, ${m['cores']} cores, ${m['memoryGiB']} GiB, ${m['platform']}; Node ${m['node']}, Mosquitto ${m['mosquitto']}, InfluxDB ${m['influxdb']}`;

/** Kept results of one processor as Markdown, by case. */
const tableText = (results: readonly Result[]): string => {
  const rows = results.flatMap((result) =>
    result.rows.map((row) => [...cellsOf(result.name, row), result.date.slice(0, 10)]),
  );
  const head = [...HEAD, '日期 date'];
  const machines = [...new Set(results.map(machineText))];
  return [
    `### ${results[0]?.machine['cpu']}`,
    '',
    line(head),
    line(head.map(() => '---')),
    ...rows.map(line),
    '',
    ...machines.map((text) => `机器 machine: ${text}.`),
  ].join('\n');
};

/** Kept results of the full size as Markdown, processor by processor. */
export const resultsText = (kept: readonly (readonly Result[])[]): string => kept.map(tableText).join('\n\n');

/** Kept results of the full size: of each processor the cases that were run on it. */
export const keptResults = (): Result[][] =>
  keptFolders()
    .map((folder) => CASES.flatMap(({ name }) => readResult(folder, 'full', name) ?? []))
    .filter((results) => results.length > 0);

/** What stands between the marks of the document. */
export const documented = (text: string): string =>
  text.slice(text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)).trim();

/** @returns exit code 0 */
export const writeDocument = (say: (text: string) => void): number => {
  const text = readFileSync(DOCUMENT, 'utf8');
  const [before, after] = [text.slice(0, text.indexOf(BEGIN)), text.slice(text.indexOf(END))];
  writeFileSync(DOCUMENT, `${before}${BEGIN}\n\n${resultsText(keptResults())}\n\n${after}`);
  say(`写入 written: ${DOCUMENT}`);
  return 0;
};
