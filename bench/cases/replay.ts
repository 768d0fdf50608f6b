import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { feeds } from '../../sensors/feeds/index.ts';
import { type Mapping, mappingSchema } from '../../src/cli/replay/mapping.ts';
import { createMistakes } from '../../src/cli/replay/mistakes.ts';
import { readFile } from '../../src/cli/replay/read.ts';
import { inEventOrder, runReplay } from '../../src/cli/replay/run.ts';
import { createReplayTarget } from '../../src/cli/replay/target.ts';
import { loadCatalog } from '../../src/config/catalog.ts';
import { loadSettings } from '../../src/config/load.ts';
import { parseYamlFile } from '../../src/config/yaml.ts';
import { caseOf } from '../case.ts';
import { clock } from '../clock.ts';
import { compared, type Measured } from '../numbers.ts';
import { profiled } from '../profiling.ts';
import { julyFile, yearFile } from '../prsa.ts';
import { takeTurns } from '../rounds.ts';

const MAPPING = 'sensors/mappings/prsa.yaml';

/** Rows a second of reading and splitting alone. */
const bare = (file: string): Measured => {
  const began = clock();
  const lines = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
  let cells = 0;
  for (const line of lines) cells += line.split(',').length;
  const took = clock() - began;
  if (cells < lines.length) throw new Error(`${file} has no columns`);
  return { figure: ((lines.length - 1) * 1000) / took };
};

/** Rows a second through decoding, forecasts, the whole middle and back to figures and signals, which are counted and dropped. */
const replayed = async (file: string): Promise<Measured & { rows: number }> => {
  const settings = loadSettings({ env: {} });
  const catalog = loadCatalog(settings.catalog, settings.county);
  const mapping = parseYamlFile(MAPPING, mappingSchema(catalog, feeds)).value as Mapping;
  const mistakes = createMistakes(() => {});
  const began = clock();
  const { rows, readings } = await readFile(file, mapping, { catalog, definitions: feeds, mistakes });
  let [figures, signals] = [0, 0];
  runReplay(inEventOrder(readings), createReplayTarget({ catalog, settings, autoSign: true }), (output) => {
    figures += output.figures.length;
    signals += output.signals.length;
  });
  const figure = (rows * 1000) / (clock() - began);
  if (mistakes.count > 0 || figures === 0 || signals === 0)
    throw new Error(`${file}: ${mistakes.count} rows skipped, ${figures} figures, ${signals} signals`);
  return { figure, rows };
};

const fileOf = (year: boolean): string => (year ? yearFile() : julyFile());

/** A file of hourly measurements through the whole middle. */
export const replay = caseOf({
  name: 'replay',
  about: { zh: '整个处理链回放，输出不计', en: 'replay through the whole middle, output not counted' },
  beside: { zh: '只读取并拆分同一 CSV', en: 'reading and splitting the same CSV' },
  sizes: { full: { year: true, rounds: 2 }, quick: { year: false, rounds: 2 } },
  run: async ({ year, rounds }, { profile, say }) => {
    const file = fileOf(year);
    const round = async () => ({ beside: bare(file), ours: await replayed(file) });
    const turns = await profiled(profile, 'replay', () =>
      takeTurns(
        rounds,
        '回放 replay',
        say,
        round,
        ({ beside, ours }) => `${Math.round(beside.figure)} rows/s, ${Math.round(ours.figure)} rows/s`,
      ),
    );
    const rows = Math.round(turns[0]!.ours.rows / 1000);
    const about = {
      name: 'rows',
      what: { zh: `行/秒，${rows} 千行`, en: `rows a second, ${rows} thousand rows` },
      unit: '/s',
    };
    return [compared(about, turns, { of: 'ratio', least: 0.1 })];
  },
});
