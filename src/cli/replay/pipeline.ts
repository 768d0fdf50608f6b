import { join } from 'node:path';
import type { Catalog } from '../../core/catalog.ts';
import type { Reading } from '../../core/types.ts';
import { rules } from '../../thresholds/index.ts';
import { backTestCsv, createBackTest } from './back-test.ts';
import { backTestTable } from './back-test-table.ts';
import { createFigureBook } from './figures.ts';
import type { FeedDefinitions, Mapping } from './mapping.ts';
import { createMistakes, type Mistakes } from './mistakes.ts';
import { createTextFile, type TextFile } from './output.ts';
import { createProgress, type Terminal } from './progress.ts';
import { type FileReadings, readFile } from './read.ts';
import { inEventOrder, type Output, type ReplayTarget, runReplay } from './run.ts';
import { countSignal, type SignalCounts, summaryOf } from './summary.ts';

/** One file and how to read it. */
export interface Input {
  readonly file: string;
  readonly mapping: Mapping;
}

/** What a replay needs from outside; `now` in milliseconds, for rates only. */
export interface ReplayContext {
  readonly catalog: Catalog;
  readonly definitions: FeedDefinitions;
  readonly target: ReplayTarget;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: Terminal;
  readonly now: () => number;
}

const readAll = async (inputs: readonly Input[], context: ReplayContext, mistakes: Mistakes): Promise<FileReadings> => {
  const all: FileReadings[] = [];
  for (const { file, mapping } of inputs) all.push(await readFile(file, mapping, { ...context, mistakes }));
  return { rows: all.reduce((sum, { rows }) => sum + rows, 0), readings: all.flatMap(({ readings }) => readings) };
};

const levelsOf = (kind: string): readonly string[] => rules.find((rule) => rule.kind === kind)?.levels ?? [];

/** Begin and end of readings in order of event. */
const spanOf = (ordered: readonly Reading[]): [number, number] | undefined => {
  const [first, last] = [ordered[0], ordered.at(-1)];
  return first === undefined || last === undefined ? undefined : [first.time, last.time];
};

const filesIn = (folder: string) => ({
  figures: createTextFile(join(folder, 'figures.csv')),
  signals: createTextFile(join(folder, 'signals.jsonl')),
  backTest: createTextFile(join(folder, 'backtest.csv')),
});

/** What the middle says, as it is kept, counted and written. */
const createCollector = (signalFile: TextFile) => {
  const book = createFigureBook();
  const signals: SignalCounts = new Map();
  const backTest = createBackTest(levelsOf);
  const collect = (output: Output): void => {
    for (const figure of output.figures) book.add(figure);
    for (const signal of output.signals) {
      countSignal(signals, signal);
      backTest.add(signal);
      signalFile.write(`${JSON.stringify(signal)}\n`);
    }
  };
  return { book, signals, backTest, collect };
};

/** Run everything through the middle and write the files; each appears under its name only when whole. */
const runInto = (folder: string, { rows, readings }: FileReadings, { target, stderr, now }: ReplayContext) => {
  const files = filesIn(folder);
  const progress = createProgress('rows', rows, stderr, now);
  const { book, signals, backTest, collect } = createCollector(files.signals);
  try {
    const ordered = inEventOrder(readings);
    // Rows become several readings each; progress is told in rows, by the share of readings done.
    const passed = (done: number): void => progress.show(Math.floor((done / readings.length) * rows));
    runReplay(ordered, target, collect, passed);
    const lines = book.write(files.figures);
    const span = spanOf(ordered);
    const tested = backTest.rows(span?.[1] ?? 0);
    files.backTest.write(backTestCsv(tested));
    for (const file of Object.values(files)) file.commit();
    return { figures: book.size, lines, signals, table: backTestTable(tested, span) };
  } finally {
    progress.end();
    for (const file of Object.values(files)) file.discard();
  }
};

/**
 * Replay files into `DIR/figures.csv`, `DIR/signals.jsonl` and `DIR/backtest.csv`; print a summary, and the back-test on stderr.
 * @returns 0, or 1 when rows were skipped; they are named on stderr
 * @throws LantianError file-unreadable, mapping-invalid, data-unwritable
 */
export const replayInto = async (inputs: readonly Input[], folder: string, context: ReplayContext): Promise<number> => {
  const began = context.now();
  const mistakes = createMistakes((line) => context.stderr.write(line));
  const read = await readAll(inputs, context, mistakes);
  mistakes.end();
  const { table, ...result } = runInto(folder, read, context);
  const seconds = (context.now() - began) / 1000;
  const totals = { ...result, rows: read.rows, skipped: mistakes.count, readings: read.readings.length, seconds };
  context.stdout.write(summaryOf(totals));
  context.stderr.write(table);
  return mistakes.count > 0 ? 1 : 0;
};
