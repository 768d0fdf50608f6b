import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ERRORS } from '../src/core/errors.ts';

const root = join(import.meta.dirname, '..');
const text = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Rows of the tables of a document whose heading row begins with `first`, as trimmed cells. */
const rowsOf = (markdown: string, first: string): string[][] => {
  let inside = false;
  return markdown.split('\n').flatMap((line) => {
    const cells = line.split('|').slice(1, -1);
    const trimmed = cells.map((cell) => cell.trim());
    if (cells.length === 0) inside = false;
    if (trimmed[0] === first) inside = true;
    return inside && trimmed[0] !== first && !/^-+$/.test(trimmed[0] ?? '') ? [trimmed] : [];
  });
};

/** Rows by their first cell; a name that stands twice is a mistake. */
const byName = (rows: readonly string[][]): Map<string, string[]> => {
  const names = rows.map((row) => row[0]?.replaceAll('`', '') ?? '');
  expect(names, 'each stands once').toEqual([...new Set(names)]);
  return new Map(rows.map((row, index) => [names[index] ?? '', row]));
};

const manifest = JSON.parse(text('package.json')) as Record<'dependencies' | 'devDependencies', Record<string, string>>;
const lock = JSON.parse(text('package-lock.json')) as {
  packages: Record<string, { license?: string; resolved?: string; inBundle?: boolean }>;
};

test('docs/dependencies.md lists the dependencies of package.json, no more and no fewer', () => {
  const listed = byName(rowsOf(text('docs/dependencies.md'), 'package'));
  const used = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)];
  expect([...listed.keys()].sort()).toEqual(used.sort());
  for (const [name, cells] of listed) {
    expect(cells, name).toHaveLength(4);
    expect(
      cells.every((cell) => cell.length > 0),
      `${name} has an empty cell`,
    ).toBe(true);
    expect(cells[3], `licence of ${name}`).toBe(lock.packages[`node_modules/${name}`]?.license);
  }
});

test('docs/errors.md lists the codes of src/core/errors.ts with their exit codes, no more and no fewer', () => {
  const listed = byName(rowsOf(text('docs/errors.md'), 'code'));
  expect([...listed.keys()].sort()).toEqual(Object.keys(ERRORS).sort());
  for (const [code, { exit }] of Object.entries(ERRORS)) {
    const cells = listed.get(code) ?? [];
    expect(cells, code).toHaveLength(6);
    expect(cells[1], `exit code of ${code}`).toBe(String(exit));
    expect(
      cells.every((cell) => cell.length > 0),
      `${code} has an empty cell`,
    ).toBe(true);
  }
});

test('package-lock.json names no address, so that any registry serves it, and checks what it gets', () => {
  for (const [path, entry] of Object.entries(lock.packages)) {
    expect(entry.resolved, path).toBeUndefined();
    // What comes inside another package is held by that one's.
    if (path !== '' && !entry.inBundle) expect(entry, path).toHaveProperty('integrity');
  }
});

test('package-lock.json is complete: npm ci of an empty clone takes it without asking a registry', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lantian-lock-'));
  for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(root, file), join(folder, file));
  const npm = join(root, 'node_modules/npm/bin/npm-cli.js');
  const args = [
    'ci',
    '--dry-run',
    '--offline',
    '--ignore-scripts',
    '--loglevel=error',
    `--cache=${join(folder, 'cache')}`,
  ];
  const { status, stderr } = spawnSync(process.execPath, [npm, ...args], { cwd: folder, encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringContaining('npm error') });
}, 60_000);

// The project's own files: what git ignores and git itself are left out by name, so that a copy without git is tested too.
const IGNORED = new Set(['.git', 'node_modules', 'data', 'coverage']);
const BINARY = /\.(gz|png|ico|db|xlsx|pdf|woff2?)$/;
const isOwn = (file: string): boolean =>
  !IGNORED.has(file.split('/')[0] ?? '') && !BINARY.test(file) && !file.endsWith('.log');
const ownFiles = (): string[] =>
  readdirSync(root, { withFileTypes: true })
    .filter((entry) => !IGNORED.has(entry.name))
    .flatMap((entry) =>
      entry.isFile()
        ? [entry.name]
        : readdirSync(join(root, entry.name), { recursive: true, withFileTypes: true })
            .filter((inner) => inner.isFile())
            .map((inner) => join(inner.parentPath, inner.name).slice(root.length + 1)),
    )
    .filter(isOwn);

const REGISTRY = /\b(registry|npm|mirrors?)\.[a-z0-9-]+\.(org|com|cn|net|io|dev)\b|\bnpmmirror\.com\b/i;

test('a registry host is recognised', () => {
  const host = ['registry', 'example', 'org'].join('.');
  expect(REGISTRY.test(`"resolved": "https://${host}/zod/-/zod-4.tgz"`)).toBe(true);
  expect(REGISTRY.test('register.clear(); npm ci; const registry = client.registry;')).toBe(false);
});

test('no file of the project names a registry host', () => {
  const files = ownFiles();
  expect(files).toContain('package-lock.json');
  expect(files).toContain('bin/with-install.mjs');
  expect(files.filter((file) => REGISTRY.test(text(file)))).toEqual([]);
});
