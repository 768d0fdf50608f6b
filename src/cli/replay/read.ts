import type { Catalog } from '../../core/catalog.ts';
import { LantianError } from '../../core/errors.ts';
import type { Reading } from '../../core/types.ts';
import { createDecoder, type Decoder } from './decode.ts';
import { forecastsOf } from './forecasts.ts';
import type { FeedDefinitions, Mapping } from './mapping.ts';
import type { Mistakes } from './mistakes.ts';
import { rowsOf } from './rows.ts';

/** What the readings of a file are judged by. */
export interface ReadContext {
  readonly catalog: Catalog;
  readonly definitions: FeedDefinitions;
  readonly mistakes: Mistakes;
}

export interface FileReadings {
  /** Records below the header. */
  readonly rows: number;
  readonly readings: readonly Reading[];
}

const madeForecasts = (readings: readonly Reading[], mapping: Mapping, catalog: Catalog): Reading[] =>
  mapping.forecast && mapping.period
    ? forecastsOf(readings, catalog, { ...mapping.forecast, period: mapping.period })
    : [];

/**
 * Every reading of a CSV file in the file's order, then the forecasts made of its future. The whole file is held in memory: forecasts look
 * ahead, and rows may come in any order.
 * @throws LantianError file-unreadable, mapping-invalid (a column is absent)
 */
export const readFile = async (file: string, mapping: Mapping, context: ReadContext): Promise<FileReadings> => {
  const { catalog, definitions, mistakes } = context;
  const readings: Reading[] = [];
  let rows = 0;
  let decode: Decoder | undefined;
  for await (const { line, cells } of rowsOf(file, (line, why) => mistakes.add(file, line, why))) {
    if (!decode) {
      decode = createDecoder(mapping, { catalog, definitions, header: cells, file });
      continue;
    }
    rows += 1;
    for (const reading of decode(cells, (why) => mistakes.add(file, line, why))) readings.push(reading);
  }
  if (!decode) throw new LantianError('file-unreadable', `${file} is empty: a header is needed`);
  return { rows, readings: [...readings, ...madeForecasts(readings, mapping, catalog)] };
};
