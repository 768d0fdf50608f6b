import { join } from 'node:path';
import type { Catalog } from '../../core/catalog.ts';
import { createFigureBook } from './figures.ts';
import type { FeedDefinitions, Mapping } from './mapping.ts';
import { createMistakes, type Mistakes } from './mistakes.ts';
import { createTextFile } from './output.ts';
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

/** Run everything through the middle and write both files; each appears under its name only when whole. */
const runInto = (folder: string, { rows, readings }: FileReadings, context: ReplayContext) => {
  const { target, stderr, now } = context;
  const figureFile = createTextFile(join(folder, 'figures.csv'));
  const signalFile = createTextFile(join(folder, 'signals.jsonl'));
  const progress = createProgress('rows', rows, stderr, now);
  const book = createFigureBook();
  const signals: SignalCounts = new Map();
  const collect = (output: Output): void => {
    for (const figure of output.figures) book.add(figure);
    for (const signal of output.signals) {
      countSignal(signals, signal);
      signalFile.write(`${JSON.stringify(signal)}\n`);
    }
  };
  try {
    // Rows become several readings each; progress is told in rows, by the share of readings done.
    const passed = (done: number): void => progress.show(Math.floor((done / readings.length) * rows));
    runReplay(inEventOrder(readings), target, collect, passed);
    const lines = book.write(figureFile);
    signalFile.commit();
    figureFile.commit();
    return { figures: book.size, lines, signals };
  } finally {
    progress.end();
    for (const file of [signalFile, figureFile]) file.discard();
  }
};

/**
 * Replay files into `DIR/figures.csv` and `DIR/signals.jsonl` and print a summary.
 * @returns 0, or 1 when rows were skipped; they are named on stderr
 * @throws LantianError file-unreadable, mapping-invalid, data-unwritable
 */
export const replayInto = async (inputs: readonly Input[], folder: string, context: ReplayContext): Promise<number> => {
  const began = context.now();
  const mistakes = createMistakes((line) => context.stderr.write(line));
  const read = await readAll(inputs, context, mistakes);
  mistakes.end();
  const result = runInto(folder, read, context);
  const seconds = (context.now() - began) / 1000;
  const totals = { ...result, rows: read.rows, skipped: mistakes.count, readings: read.readings.length, seconds };
  context.stdout.write(summaryOf(totals));
  return mistakes.count > 0 ? 1 : 0;
};
