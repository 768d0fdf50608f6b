import { feeds } from '../../sensors/feeds/index.ts';
import { mappingSchema } from '../../src/cli/replay/mapping.ts';
import { createMistakes } from '../../src/cli/replay/mistakes.ts';
import { readFile } from '../../src/cli/replay/read.ts';
import { inEventOrder } from '../../src/cli/replay/run.ts';
import { loadCatalog } from '../../src/config/catalog.ts';
import { parseYamlFile } from '../../src/config/yaml.ts';
import { isoBeijing } from '../../src/core/time.ts';
import type { Reading } from '../../src/core/types.ts';

/** A message that a station would have sent, and the time of its reading. */
export interface StationMessage {
  readonly time: number;
  readonly topic: string;
  readonly payload: string;
}

const messageOf = ({ feed, station, time, start, from, to, values }: Reading): StationMessage => {
  const window = from === undefined ? {} : { from: isoBeijing(from), to: isoBeijing(to!) };
  const period = time === start ? {} : { period: `PT${(time - start) / 60_000}M` };
  const body = { time: isoBeijing(time), ...period, ...window, values };
  return { time, topic: `lantian/v1/140430/${feed}/${station}`, payload: JSON.stringify(body) };
};

/** The rows of CSV files as MQTT messages, in the order in which a replay takes them. */
export const messagesOf = async (files: readonly { file: string; mapping: string }[]): Promise<StationMessage[]> => {
  const catalog = loadCatalog('sensors/counties', '140430');
  const mistakes = createMistakes((line) => {
    throw new Error(line);
  });
  const readings: Reading[] = [];
  for (const { file, mapping } of files) {
    const { value } = parseYamlFile(mapping, mappingSchema(catalog, feeds));
    const read = await readFile(file, value!, { catalog, definitions: feeds, mistakes });
    readings.push(...read.readings);
  }
  return inEventOrder(readings).map(messageOf);
};
