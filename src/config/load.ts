import { existsSync } from 'node:fs';
import { LantianError } from '../core/errors.ts';
import { EDITIONS } from '../standards/warning-editions.ts';
import { type Override, overridesOf, resolveSecrets } from './environment.ts';
import { type Settings, settingsSchema } from './schema.ts';
import { readWarningSignals } from './warning-signals.ts';
import {
  howMany,
  inOrder,
  mistake,
  mistakesOf,
  type Path,
  pathText,
  readYaml,
  readYamlFile,
  type YamlSource,
} from './yaml.ts';

export interface SettingsSource {
  /** The file to read; absent: lantian.yaml of the working folder, if there is one. */
  readonly file?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/** What was found: the settings, or every mistake in them; and where the catalog is, which needs no other setting to be right. */
export interface Inspection {
  readonly from: string;
  readonly settings?: Settings;
  readonly mistakes: readonly string[];
  readonly catalog: { readonly folder: string; readonly county: string } | undefined;
}

const STANDARD_FILE = 'lantian.yaml';

type Tree = Record<string, unknown>;

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

const sourceOf = (file: string | undefined): YamlSource => {
  if (file === undefined && !existsSync(STANDARD_FILE)) return readYaml('', '');
  const source = readYamlFile(file ?? STANDARD_FILE);
  if (source.data === undefined && !existsSync(source.file))
    throw new LantianError('file-unreadable', `there is no file ${source.file}`);
  return source;
};

/** Settings of the file under those of the environment. A section that is no section stays as it is: its own mistake tells. */
const merge = (file: unknown, overrides: readonly Override[]): unknown => {
  const root: unknown = structuredClone(file ?? {});
  for (const { path, value } of overrides) {
    let place: unknown = root;
    for (const step of path.slice(0, -1)) if (isTree(place)) place = place[step] ??= {};
    if (isTree(place)) place[path.at(-1)!] = value;
  }
  return root;
};

const startsWith = (path: Path, start: Path): boolean => start.every((step, index) => path[index] === step);

/** The variable, or the file's line and column, that a setting came from. */
const originOf =
  (source: YamlSource, overrides: readonly Override[]) =>
  (path: Path, part: 'key' | 'value' = 'value'): string =>
    overrides.find((override) => startsWith(path, override.path))?.variable ?? source.at(path, part);

const catalogOf = (given: unknown): Inspection['catalog'] => {
  const { county, catalog } = isTree(given) ? given : {};
  const code = settingsSchema.shape.county.safeParse(county);
  const folder = settingsSchema.shape.catalog.safeParse(catalog);
  return code.success && folder.success ? { folder: folder.data, county: code.data } : undefined;
};

/** Read the files that settings name; their mistakes join the others. */
const withFiles = (settings: Settings, mistakes: string[]): Settings => {
  const { file } = settings.warning_signals;
  if (file === undefined) return settings;
  const { edition, mistakes: found } = readWarningSignals(file, EDITIONS[settings.warning_signals.edition]);
  mistakes.push(...found);
  return { ...settings, warning_signals: { ...settings.warning_signals, ...(edition ? { provincial: edition } : {}) } };
};

/**
 * Read the settings and tell everything that is wrong with them.
 * @throws LantianError file-unreadable: a file that was named is missing
 */
export const inspectSettings = ({ file, env }: SettingsSource): Inspection => {
  const source = sourceOf(file);
  const { overrides, mistakes: unknown } = overridesOf(env, settingsSchema);
  const where = originOf(source, overrides);
  const mistakes = [...source.mistakes, ...unknown];
  const secretless = new Set<string>();
  const given = resolveSecrets(merge(source.data, overrides), env, (path, message) => {
    secretless.add(pathText(path));
    mistakes.push(mistake(where(path), path, message));
  });
  const checked = settingsSchema.safeParse(given);
  // A text whose secret is missing is told once; that it then fits no form says nothing more.
  const issues = checked.error?.issues.filter(({ path }) => !secretless.has(pathText(path))) ?? [];
  mistakes.push(...mistakesOf({ issues }, settingsSchema, where));
  const settings = checked.success ? withFiles(checked.data, mistakes) : undefined;
  const found = { from: source.file || 'the environment', mistakes: inOrder(mistakes), catalog: catalogOf(given) };
  return settings !== undefined && mistakes.length === 0 ? { ...found, settings } : found;
};

/**
 * The settings of a file and the environment, durations in milliseconds.
 * @throws LantianError config-invalid, its details every mistake at once as `file:line:col path: message`
 * (`LANTIAN_MQTT_URL mqtt.url: message` for a variable); file-unreadable: a file that was named is missing
 */
export const loadSettings = (options: SettingsSource): Settings => {
  const { from, settings, mistakes } = inspectSettings(options);
  if (settings) return settings;
  throw new LantianError('config-invalid', `${howMany(mistakes)} in ${from}`, { details: mistakes });
};
