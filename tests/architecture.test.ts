// The laws of the layout that can be read from the text of the sources.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const text = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Code of a folder and below it; none where there is no folder, as git keeps no empty ones. */
const codeIn = (folder: string): string[] =>
  (existsSync(join(root, folder)) ? readdirSync(join(root, folder), { recursive: true, withFileTypes: true }) : [])
    .filter((entry) => entry.isFile() && /\.(ts|mjs|js)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();

/** Source without comments and with empty strings: what is left is what runs. Templates keep their `${}` code. */
const bare = (source: string): string =>
  source.replace(/\/\*[\s\S]*?\*\/|(?<![:\\])\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g, (found) =>
    found.startsWith('/') ? '' : "''",
  );

interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
}

const importsOf = (source: string): Import[] => [
  ...[...source.matchAll(/^\s*(?:import|export)\s+(type\s)?[^'";]*?from\s+['"]([^'"]+)['"]/gm)].map((match) => ({
    from: match[2] ?? '',
    typeOnly: match[1] !== undefined,
  })),
  ...[...source.matchAll(/^\s*import\s+['"]([^'"]+)['"]|\b(?:import|require)\(\s*['"]([^'"]+)['"]/gm)].map((match) => ({
    from: match[1] ?? match[2] ?? '',
    typeOnly: false,
  })),
];

/** An import as a path from the project's root, or the package's name. */
const targetOf = (file: string, from: string): string =>
  from.startsWith('.') ? relative(root, join(root, dirname(file), from)) : from;

const MIDDLE = ['src/standards', 'src/processors', 'src/thresholds'];
const SHELL = /^src\/(intake|store|publish|server|signals|cli)\//;
const IMPURE = [
  [/\bDate\.now\b/, 'Date.now'],
  [/\bnew Date\(\s*\)/, 'new Date()'],
  [/(?<!new )\bDate\(/, 'Date()'],
  [/\bMath\.random\b/, 'Math.random'],
  [/\b(process|performance|globalThis|crypto|console)\s*\./, 'a global of the machine'],
  [/\b(setTimeout|setInterval|setImmediate|queueMicrotask|fetch)\s*\(/, 'a timer or the network'],
  [/^(export )?(let|var)\s/m, 'a variable of the module'],
  [
    /^(export )?const \w+[^=\n]*= new (Map|Set|WeakMap|WeakSet|Array)(<[^\n]*>)?\(\s*\);/m,
    'a collection of the module',
  ],
] as const;

const impurities = (source: string): string[] =>
  IMPURE.filter(([pattern]) => pattern.test(bare(source))).map(([, name]) => name);

/** Everything that a file needs when it runs: its imports, and theirs. */
const reachedFrom = (file: string, seen = new Set<string>()): Set<string> => {
  for (const { from, typeOnly } of importsOf(text(file))) {
    const target = targetOf(file, from);
    if (typeOnly || seen.has(target)) continue;
    seen.add(target);
    if (from.startsWith('.')) reachedFrom(target, seen);
  }
  return seen;
};

/** What a file of standards/ imports that is not of its own kind, types too. */
const notStandards = (file: string, source: string): string[] =>
  importsOf(source)
    .map(({ from }) => targetOf(file, from))
    .filter((target) => !target.startsWith('src/standards/'));

describe('the reading of sources', () => {
  test('finds imports of every form', () => {
    const source = [
      "import { a } from './a.ts';",
      "import type { B } from '../b.ts';",
      "import 'c';",
      "export * from './d.ts';",
      'import {\n  e,\n  f,\n} from "node:fs";',
      "const g = await import('g');",
    ].join('\n');
    expect(importsOf(source).map(({ from }) => from)).toEqual(['./a.ts', '../b.ts', './d.ts', 'node:fs', 'c', 'g']);
    expect(importsOf(source).filter(({ typeOnly }) => typeOnly)).toEqual([{ from: '../b.ts', typeOnly: true }]);
  });

  test('sees what is impure, and not what only speaks of it', () => {
    const impure = [
      'Date.now()',
      'new Date()',
      'Math.random()',
      'process.env',
      'let count = 0;',
      'const a = new Map();',
    ];
    for (const source of impure) expect(impurities(source), source).not.toEqual([]);
    const pure = ['// Date.now()', "'process.env'", 'new Date(time)', '  let sum = 0;', 'const a = new Map([[1, 2]]);'];
    for (const source of pure) expect(impurities(source), source).toEqual([]);
    expect(impurities("const url = 'http://x'; const t = Date.now();")).toEqual(['Date.now']);
  });
});

test('a standard that imports anything else is found out', () => {
  const foreign = [
    ["import { tidy } from '../core/round.ts';", 'src/core/round.ts'],
    ["import type { Settings } from '../config/schema.ts';", 'src/config/schema.ts'],
    ["export { DAY } from '../core/time.ts';", 'src/core/time.ts'],
    ["import {\n  readFileSync,\n} from 'node:fs';", 'node:fs'],
    ["import 'zod';", 'zod'],
    ["const later = await import('../../sensors/feeds/air.ts');", 'sensors/feeds/air.ts'],
    ["import { a } from '../standards-of-ours.ts';", 'src/standards-of-ours.ts'],
  ] as const;
  for (const [source, target] of foreign) expect(notStandards('src/standards/made-up.ts', source)).toEqual([target]);
  expect(notStandards('src/standards/made-up.ts', "import { DAY } from './units.ts';\n// from 'zod'")).toEqual([]);
});

describe('the middle is pure', () => {
  const files = MIDDLE.flatMap(codeIn);

  test('all three rooms are there', () => {
    for (const folder of MIDDLE) expect(codeIn(folder).length, folder).toBeGreaterThan(2);
  });

  test.each(files)('%s does no I/O, reads no clock, keeps no state', (file) => {
    expect(impurities(text(file))).toEqual([]);
    const targets = importsOf(text(file)).map(({ from }) => targetOf(file, from));
    expect(targets.filter((target) => SHELL.test(target))).toEqual([]);
    const packages = [...reachedFrom(file)].filter((target) => !/^(src|sensors)\//.test(target));
    expect(
      packages.filter((name) => name !== 'zod'),
      'reached through its imports',
    ).toEqual([]);
  });

  test.each(codeIn('src/standards'))('%s imports nothing but its own kind', (file) => {
    expect(notStandards(file, text(file))).toEqual([]);
  });

  test.each(codeIn('src/processors'))('%s knows no threshold', (file) => {
    const targets = importsOf(text(file)).map(({ from }) => targetOf(file, from));
    expect(targets.filter((target) => target.startsWith('src/thresholds/'))).toEqual([]);
  });
});

describe('a file is read in one go', () => {
  const folders = ['src', 'sensors', 'tests', 'bench', 'chaos', 'bin', 'dashboards', 'flows', '.ci'];
  const files = folders.flatMap(codeIn);

  test.each(files.filter((file) => !file.includes('tests/data/')))('%s has at most 400 lines', (file) => {
    expect(text(file).trimEnd().split('\n').length).toBeLessThanOrEqual(400);
  });
});

describe('a part that is added is registered', () => {
  const PARTS = [
    ['sensors/feeds', /^export const \w+: FeedDefinition\b/m, 6],
    ['src/processors', /^export const \w+: Processor\b/m, 6],
    ['src/thresholds', /^export const \w+: Rule\b/m, 3],
    ['src/store', /^export const create\w*Store = /m, 3],
  ] as const;

  test.each(PARTS)('%s: index.ts names each', (folder, part, least) => {
    const index = `${folder}/index.ts`;
    const parts = codeIn(folder).filter((file) => file !== index && part.test(text(file)));
    expect(parts.length).toBeGreaterThanOrEqual(least);
    const named = importsOf(text(index)).map(({ from }) => targetOf(index, from));
    expect(parts.filter((file) => !named.includes(file))).toEqual([]);
  });

  test('no source lies about that nothing imports', () => {
    const sources = ['src', 'sensors', 'bench', 'chaos', 'bin', 'tests'].flatMap(codeIn);
    const imported = new Set(sources.flatMap((file) => importsOf(text(file)).map(({ from }) => targetOf(file, from))));
    const begun = /^src\/cli\.ts$/;
    const orphans = ['src', 'sensors'].flatMap(codeIn).filter((file) => !imported.has(file) && !begun.test(file));
    expect(orphans).toEqual([]);
  });
});
