import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

// Types of nodes that `npm run flows` has: those that the editor part of each installed package registers.

const ROOT = join(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);

/** What an export may hold that no package registers. */
const BUILT_IN = ['tab', 'group', 'junction', 'subflow', 'global-config'];

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly 'node-red'?: { readonly nodes?: Readonly<Record<string, string>> };
}

const manifestIn = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

const editorFilesOf = (folder: string): string[] =>
  Object.values(manifestIn(folder)['node-red']?.nodes ?? {})
    .map((file) => join(folder, file.replace(/\.c?js$/, '.html')))
    .filter((file) => existsSync(file));

const htmlBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.html') && !entry.parentPath.includes('locales'))
    .map((entry) => join(entry.parentPath, entry.name));

const coreFiles = (): string[] => {
  const nodes = createRequire(require.resolve('node-red')).resolve('@node-red/nodes/package.json');
  return htmlBelow(join(dirname(nodes), 'core'));
};

const typesIn = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/registerType\(\s*['"]([^'"]+)['"]/g)].map(([, type]) => type!);

/** Every type that may stand in a flow. */
export const knownTypes = (): ReadonlySet<string> => {
  const names = Object.keys(manifestIn(ROOT).dependencies ?? {});
  const folders = names.map((name) => join(ROOT, 'node_modules', name)).filter((folder) => existsSync(folder));
  const files = [...coreFiles(), ...[...folders, join(ROOT, 'flows/nodes')].flatMap(editorFilesOf)];
  return new Set([...BUILT_IN, ...files.flatMap(typesIn)]);
};
