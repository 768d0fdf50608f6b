import { feeds } from '../../sensors/feeds/index.ts';
import { loadCatalog } from '../config/catalog.ts';
import { loadSettings } from '../config/load.ts';
import { parseYamlFile } from '../config/yaml.ts';
import type { Catalog } from '../core/catalog.ts';
import { LantianError } from '../core/errors.ts';
import { type Mapping, mappingSchema } from './replay/mapping.ts';
import { type Input, replayInto } from './replay/pipeline.ts';
import type { Terminal } from './replay/progress.ts';
import { createReplayTarget } from './replay/target.ts';

export interface ReplayOptions {
  /** One mapping file for each CSV file, in the same order; a single one serves all. */
  readonly mapping: readonly string[];
  /** Folder of figures.csv and signals.jsonl. */
  readonly out: string;
  /** Take people's steps as given at once; else proposals stay proposals. */
  readonly autoSign?: boolean;
  /** Settings file; absent: the default one, or the defaults where there is none. */
  readonly config?: string;
}

const loadMappings = (files: readonly string[], catalog: Catalog): Mapping[] => {
  const schema = mappingSchema(catalog, feeds);
  const read = files.map((file) => parseYamlFile(file, schema));
  const details = [...new Set(read.flatMap(({ mistakes }) => mistakes))];
  if (details.length > 0)
    throw new LantianError('mapping-invalid', `the mapping has mistakes (${details.length})`, { details });
  return read.map(({ value }) => value as Mapping);
};

const inputsOf = (files: readonly string[], { mapping }: ReplayOptions, catalog: Catalog): Input[] => {
  if (files.length === 0) throw new LantianError('usage', 'no file to replay');
  if (mapping.length !== 1 && mapping.length !== files.length)
    throw new LantianError(
      'usage',
      `${files.length} files need as many --mapping, or one for all; there are ${mapping.length}`,
    );
  const mappings = loadMappings(mapping, catalog);
  return files.map((file, index) => ({ file, mapping: (mappings[index] ?? mappings[0]) as Mapping }));
};

/** Where the summary and the mistakes go, and settings of the environment; `process` fits. */
export interface ReplayAround {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: Terminal;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Replay files with the streams and environment of the caller.
 * @returns exit code 0, or 1 when rows were skipped
 * @throws LantianError usage, config-invalid, catalog-invalid, mapping-invalid, file-unreadable, data-unwritable
 */
export const replayWith = async (
  files: readonly string[],
  options: ReplayOptions,
  around: ReplayAround,
): Promise<number> => {
  const settings = loadSettings({ file: options.config, env: around.env });
  const catalog = loadCatalog(settings.catalog, settings.county);
  const inputs = inputsOf(files, options, catalog);
  const target = createReplayTarget({ catalog, settings, autoSign: options.autoSign ?? false });
  const { stdout, stderr } = around;
  const now = () => performance.now();
  return replayInto(inputs, options.out, { catalog, definitions: feeds, target, stdout, stderr, now });
};

/** `lantian replay`: run files through the whole middle at event time into `out` (CONTRACT 4); see `replayWith`. */
export const replay = (files: string[], options: ReplayOptions): Promise<number> => replayWith(files, options, process);
