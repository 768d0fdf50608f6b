// One file of the drop folder: its rows as messages, and what is wrong with the others.
import { existsSync } from 'node:fs';
import { feeds } from '../../../sensors/feeds/index.ts';
import { createDecoder, type Decoder } from '../../../src/cli/replay/decode.ts';
import { type Mapping, mappingSchema } from '../../../src/cli/replay/mapping.ts';
import { rowsOf } from '../../../src/cli/replay/rows.ts';
import { parseYamlFile } from '../../../src/config/yaml.ts';
import { LantianError } from '../../../src/core/errors.ts';
import { formatDuration, isoBeijing } from '../../../src/core/time.ts';
import type { Reading } from '../../../src/core/types.ts';
import type { Known } from './county.ts';
import type { Outgoing } from './outbox.ts';
import { readingOf } from './reading.ts';

export interface BadRow {
  readonly line: number;
  readonly why: string;
}

export interface FileRead {
  /** Rows below the header. */
  readonly rows: number;
  readonly messages: readonly Outgoing[];
  readonly bad: readonly BadRow[];
}

/**
 * The mapping of a drop folder: the form of `npx lantian replay`, without forecasts made of the file's future.
 * @throws LantianError mapping-invalid with every mistake; file-unreadable where there is none
 */
export const readDropMapping = (file: string, { catalog }: Known): Mapping => {
  if (!existsSync(file)) throw new LantianError('file-unreadable', `缺映射文件 there is no mapping ${file}`);
  const { value, mistakes } = parseYamlFile(file, mappingSchema(catalog, feeds));
  const details = value?.forecast ? [...mistakes, `${file} forecast: 只用于回放 for a replay alone`] : mistakes;
  if (value !== undefined && details.length === 0) return value;
  throw new LantianError('mapping-invalid', `映射文件有误 the mapping ${file} has mistakes`, { details });
};

/** A row's reading as a feed's message; the period is the mapping's, else the catalog's. */
const payloadOf = ({ time, values, from, to }: Reading, { period }: Mapping): object => ({
  time: isoBeijing(time),
  ...(period === undefined || from !== undefined ? {} : { period: formatDuration(period) }),
  ...(from === undefined || to === undefined ? {} : { from: isoBeijing(from), to: isoBeijing(to) }),
  values,
});

/**
 * Read a file to its end. A bad row is told, the rest goes on; what the pipeline would quarantine is told as well.
 * @param now epoch ms, what limits on time are counted from
 * @param most rows that a file may have
 * @throws LantianError file-unreadable: also a compressed file that is cut off, an empty one or one with more rows; mapping-invalid: a
 * column is absent
 */
export const readDropFile = async (
  file: string,
  { mapping, known, now, most }: { mapping: Mapping; known: Known; now: number; most: number },
): Promise<FileRead> => {
  const messages: Outgoing[] = [];
  const bad: BadRow[] = [];
  let rows = 0;
  let decode: Decoder | undefined;
  const take = (reading: Reading, line: number): void => {
    const { feed, station } = reading;
    const found = readingOf({ feed, station, payload: payloadOf(reading, mapping) }, known, now);
    if ('reason' in found) bad.push({ line, why: `${found.reason} ${found.words}: ${found.detail}` });
    else messages.push(found);
  };
  for await (const { line, cells } of rowsOf(file, (line, why) => bad.push({ line, why }))) {
    if (!decode) {
      decode = createDecoder(mapping, { catalog: known.catalog, definitions: feeds, header: cells, file });
      continue;
    }
    if (++rows > most)
      throw new LantianError('file-unreadable', `${file}: 超过 ${most} 行，请拆分 more than ${most} rows, divide it`);
    for (const reading of decode(cells, (why) => bad.push({ line, why }))) take(reading, line);
  }
  if (!decode) throw new LantianError('file-unreadable', `${file} 是空文件 is empty: a header is needed`);
  return { rows, messages, bad };
};
