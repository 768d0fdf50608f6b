import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { CsvError, parse } from 'csv-parse';
import { LantianError, reasonOf } from '../../core/errors.ts';

/** One record of a CSV file and the line it ends on. */
export interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

interface Record {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

const OPTIONS = { bom: true, info: true, trim: true, relax_column_count: true, skip_empty_lines: true } as const;

const open = (file: string): NodeJS.ReadableStream => {
  const bytes = createReadStream(file);
  if (!file.endsWith('.gz')) return bytes;
  const text = createGunzip();
  bytes.on('error', (error) => text.destroy(error));
  return bytes.pipe(text);
};

/**
 * The records of a CSV file, gzipped when its name ends in .gz, the header among them.
 * A quote that is never closed ends the file there: `broken` is told and what came before stands.
 * @throws LantianError file-unreadable
 */
export async function* rowsOf(file: string, broken: (line: number, why: string) => void): AsyncGenerator<Row> {
  const bytes = open(file);
  const parser = parse(OPTIONS);
  bytes.on('error', (error) => parser.destroy(error));
  bytes.pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<Record>) yield { line: info.lines, cells: record };
  } catch (thrown) {
    if (!(thrown instanceof CsvError))
      throw new LantianError('file-unreadable', `cannot read ${file}: ${reasonOf(thrown)}`, { cause: thrown });
    broken(Number((thrown as { lines?: number }).lines ?? 0), thrown.message);
  }
}
