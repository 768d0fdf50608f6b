import { once } from 'node:events';
import { parse } from 'csv-parse/sync';
import type { FeedDefinition } from '../../sensors/feeds/definition.ts';
import { LantianError, reasonOf } from '../core/errors.ts';
import { createMistakes } from './replay/mistakes.ts';
import { textLinesOf } from './text-lines.ts';

// The loop that the calculators (aqi, water, dustfall) share: a CSV file with a header in, a line out for each row in, at once, so
// that a file of any length is read. A bad row is named by file:line on stderr and skipped; the others are done.

/** The text of one row's cell by its column; '' where the file has no such column. */
export type CellsOf = (column: string) => string;

/** What the rows of a file are put through. */
export interface Calculation {
  /** Names of the columns that are printed. */
  readonly prints: readonly string[];
  /**
   * The cells that are printed for a row. `note` says on stderr what a person should know of a row that is not bad.
   * @throws RangeError where the row is bad; its message says why
   */
  readonly each: (cell: CellsOf, note: (text: string) => void) => readonly (string | number)[];
}

export interface CalculatorAround {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: { write(text: string): unknown };
}

/**
 * Check the header of a file.
 * @throws LantianError columns-missing
 */
export const needColumns = (file: string, header: readonly string[], needed: readonly string[]): void => {
  const absent = needed.filter((name) => !header.includes(name));
  if (absent.length > 0)
    throw new LantianError(
      'columns-missing',
      `${file} 缺列 has no column ${absent.join(', ')}; needed: ${needed.join(',')}`,
    );
};

type Quantities = FeedDefinition['quantities'];

/** A value that the pipeline would set aside is set aside here too. @throws RangeError */
export const within = (quantities: Quantities, name: string, value: number): number => {
  const { least, most, unit } = quantities[name]!;
  if (!(value >= least && value <= most))
    throw new RangeError(`${name}: ${value} 超出 is not within ${least} to ${most} ${unit}`);
  return value;
};

/** A value as a cell has it, in the quantity's unit. @throws RangeError where it is no number, or out of the quantity's range */
export const numberIn = (quantities: Quantities, name: string, text: string): number => {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text))
    throw new RangeError(`${name}: 不是数 not a number "${text}"`);
  return within(quantities, name, Number(text));
};

/** The cells of one line. Each line is read by itself, so that a stray quote spoils its own row and no other. */
const cellsIn = (line: string): string[] => {
  if (!line.includes('"')) return line.split(',').map((cell) => cell.trim());
  try {
    return parse(line, { trim: true, relax_column_count: true })[0] ?? [];
  } catch (thrown) {
    throw new RangeError(`不是 CSV not CSV: ${reasonOf(thrown)}`);
  }
};

/** The columns of a file. @throws LantianError columns-missing: one stands twice */
export const headerOf = (file: string, line: string): string[] => {
  const header = line.includes('"') ? line.replaceAll('"', '').split(',') : line.split(',');
  const names = header.map((name) => name.trim());
  const twice = names.filter((name, at) => name !== '' && names.indexOf(name) !== at);
  if (twice.length > 0)
    throw new LantianError('columns-missing', `${file} 重列 has column ${twice.join(', ')} more than once`);
  return names;
};

/** The cells of one line. @throws RangeError where the line is no row of the header */
export const rowOf = (header: readonly string[], line: string): CellsOf => {
  const cells = cellsIn(line);
  if (cells.length !== header.length)
    throw new RangeError(`列数不符 ${cells.length} cells, the header has ${header.length}`);
  return (column) => cells[header.indexOf(column)] ?? '';
};

const quoted = (cell: string | number): string =>
  /[",\r\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell);
const lineOf = (cells: readonly (string | number)[]): string => `${cells.map(quoted).join(',')}\n`;

/** Writes lines, waits where the reader is slow, and knows when there is no reader any more (`| head`). */
const createPrinter = (stdout: NodeJS.WritableStream) => {
  let broken: NodeJS.ErrnoException | undefined;
  const listen = (error: NodeJS.ErrnoException): void => {
    broken ??= error;
  };
  stdout.on('error', listen);
  return {
    /** @returns false when nobody reads */
    print: async (line: string): Promise<boolean> => {
      if (broken === undefined && !stdout.write(line)) await once(stdout, 'drain').catch(listen);
      return broken === undefined;
    },
    /** Wait until everything is out. A reader that has seen enough is no failure. */
    end: async (): Promise<void> => {
      const late = await new Promise<Error | null | undefined>((resolve) => stdout.write('', resolve));
      const error: NodeJS.ErrnoException | null | undefined = broken ?? late;
      if (error && error.code !== 'EPIPE') throw error;
    },
  };
};

/**
 * Put each row of a CSV file (`-`: stdin; .gz: unpacked) through a calculation.
 * @param begin makes the calculation of a file with this header, and checks the header (`needColumns`)
 * @returns exit code 0, or 1 when rows were skipped
 * @throws LantianError file-unreadable, columns-missing
 */
export const calculate = async (
  file: string,
  begin: (header: readonly string[]) => Calculation,
  around: CalculatorAround = process,
): Promise<number> => {
  // Every bad row is named.
  const mistakes = createMistakes((text) => around.stderr.write(text), Number.POSITIVE_INFINITY);
  const printer = createPrinter(around.stdout);
  let rows: ((text: string, line: number) => readonly (string | number)[] | undefined) | undefined;

  const start = (text: string): readonly string[] => {
    const header = headerOf(file, text);
    const { prints, each } = begin(header);
    rows = (row, line) => {
      try {
        return each(rowOf(header, row), (note) => around.stderr.write(`${file}:${line}: ${note}\n`));
      } catch (thrown) {
        if (!(thrown instanceof RangeError)) throw thrown;
        mistakes.add(file, line, thrown.message);
        return undefined;
      }
    };
    return prints;
  };

  for await (const { line, text } of textLinesOf(file, around.stdin)) {
    const cells = rows === undefined ? start(text) : rows(text, line);
    if (cells !== undefined && !(await printer.print(lineOf(cells)))) break;
  }
  if (rows === undefined) throw new LantianError('file-unreadable', `${file} 是空的 is empty: a header is needed`);
  await printer.end();
  return mistakes.count > 0 ? 1 : 0;
};
