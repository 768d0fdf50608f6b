import { readFileSync } from 'node:fs';
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { reasonOf } from '../core/errors.ts';
import { keysAt } from './form.ts';
import { didYouMean } from './nearest.ts';

export type Path = readonly PropertyKey[];

/** A YAML file as it was read: its content, the mistakes of its syntax, and where each part of it stands. */
export interface YamlSource {
  readonly file: string;
  readonly data: unknown;
  readonly mistakes: readonly string[];
  /** `file:line:col` of the value at a path; of the nearest part around it where it is absent. */
  at(path: Path, part?: 'key' | 'value'): string;
}

/** `stations[3].feeds`, as people write it. */
export const pathText = (path: Path): string =>
  path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? String(step) : `${text}.${String(step)}`;
  }, '');

/** One mistake as every part of the project writes it: `where path: message`. */
export const mistake = (where: string, path: Path, message: string): string =>
  path.length === 0 ? `${where}: ${message}` : `${where} ${pathText(path)}: ${message}`;

const isAt = (pair: Pair, step: PropertyKey): boolean => isScalar(pair.key) && String(pair.key.value) === step;

const offsetOf = (root: Node | null, document: ReturnType<typeof parseDocument>, path: Path, part: string): number => {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  path.forEach((step, depth) => {
    if (isAlias(node)) node = node.resolve(document);
    const pair: Pair | undefined = isMap(node) ? node.items.find((item) => isAt(item, step)) : undefined;
    const value: unknown = isSeq(node) ? node.items[Number(step)] : pair?.value;
    const key = part === 'key' && depth === path.length - 1 ? pair?.key : undefined;
    offset = ((key ?? value ?? pair?.key) as Node | undefined)?.range?.[0] ?? offset;
    node = value;
  });
  return offset;
};

/** Read YAML text; it never throws, mistakes of syntax (duplicate keys among them) are listed with their places. */
export const readYaml = (file: string, text: string): YamlSource => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
  };
  const mistakes = [...document.errors, ...document.warnings].map(({ pos, message }) => `${place(pos[0])}: ${message}`);
  visit(document, {
    Alias: (_, alias) => {
      if (!alias.resolve(document)) mistakes.push(`${place(alias.range?.[0] ?? 0)}: Unresolved alias *${alias.source}`);
    },
  });
  let data: unknown;
  try {
    if (mistakes.length === 0) data = document.toJS();
  } catch (thrown) {
    mistakes.push(`${file}:1:1: ${reasonOf(thrown)}`);
  }
  return {
    file,
    data,
    mistakes,
    at: (path, part = 'value') => place(offsetOf(document.contents, document, path, part)),
  };
};

/** Read a YAML file; one that cannot be read is a mistake of its own. */
export const readYamlFile = (file: string): YamlSource => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    return { file, data: undefined, mistakes: [`${file}: cannot be read: ${reasonOf(thrown)}`], at: () => file };
  }
  return readYaml(file, text);
};

/** File, then line, then column. */
const byPlace = new Intl.Collator('en', { numeric: true });

/** Mistakes in the order of their places, each once. */
export const inOrder = (mistakes: readonly string[]): string[] => [...new Set(mistakes)].sort(byPlace.compare);

/** `1 mistake`, `2 mistakes` */
export const howMany = (mistakes: readonly string[]): string =>
  mistakes.length === 1 ? '1 mistake' : `${mistakes.length} mistakes`;

/** What an issue says, without Zod's opening words. */
const wordsOf = ({ message }: z.core.$ZodIssue): string =>
  message.endsWith('received undefined')
    ? 'is missing'
    : message.replace(/^(Invalid (input|option|string)|Too (big|small)): /, '');

/** The mistakes that a schema found, one a key; `where` names the place of a path. */
export const mistakesOf = (
  error: Pick<z.ZodError, 'issues'>,
  schema: z.ZodType,
  where: (path: Path, part: 'key' | 'value') => string,
): string[] =>
  error.issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [mistake(where(issue.path, 'value'), issue.path, wordsOf(issue))];
    const known = keysAt(schema, issue.path);
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      return mistake(where(path, 'key'), path, `unknown key${didYouMean(key, known)}`);
    });
  });

/** Check what was read against a schema: the value, or every mistake as `file:line:col path: message`. */
export const checkYaml = <T>(source: YamlSource, schema: z.ZodType<T>): { value?: T; mistakes: string[] } => {
  if (source.mistakes.length > 0) return { mistakes: [...source.mistakes] };
  const checked = schema.safeParse(source.data);
  if (checked.success) return { value: checked.data, mistakes: [] };
  return { mistakes: mistakesOf(checked.error, schema, source.at) };
};

/** Read a YAML file and check it against a schema; mistakes come all at once and nothing is thrown. */
export const parseYamlFile = <T>(file: string, schema: z.ZodType<T>): { value?: T; mistakes: string[] } =>
  checkYaml(readYamlFile(file), schema);
