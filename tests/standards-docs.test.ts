// docs/standards.md against src/standards/, both ways; and the settings that hold what is doubtful.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { leavesOf } from '../src/config/form.ts';
import { settingsSchema } from '../src/config/schema.ts';
import type { Edition } from '../src/standards/edition.ts';
import { rowsOf } from './support/tables.ts';

const root = join(import.meta.dirname, '..');
const text = (file: string): string => readFileSync(join(root, file), 'utf8');

type Module = Readonly<Record<string, unknown>> & { readonly EDITION?: Edition };
const files = readdirSync(join(root, 'src/standards')).toSorted();
const modules = new Map<string, Module>(
  await Promise.all(files.map(async (file) => [file, (await import(`../src/standards/${file}`)) as Module] as const)),
);
const editions = [...modules].flatMap(([file, { EDITION }]) => (EDITION === undefined ? [] : [{ file, ...EDITION }]));

const page = text('docs/standards.md');
const documents = rowsOf(page, 'document');
const parts = rowsOf(page, 'file');

const named = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
const fileOf = (row: readonly string[]): string => named(row[3] ?? '')[0] ?? '';
const plain = (cell: string): string => cell.replaceAll('`', '');

/** Settings that a doubt names in brackets; `*` stands for the rest of a name. */
const NAMES = /\(((?:[a-z_]+\.[a-z0-9_.*]+(?:, )?)+)\)/g;
const namedIn = (doubt: string): string[] => [...doubt.matchAll(NAMES)].flatMap(([, names]) => names!.split(', '));
const leaves = leavesOf(settingsSchema).map(({ path }) => path.join('.'));
const settingsOf = (name: string): string[] =>
  leaves.filter((leaf) => (name.endsWith('*') ? leaf.startsWith(name.slice(0, -1)) : leaf === name));
const doubts = editions.flatMap(({ file, doubts: all }) => all.map((doubt) => ({ file, doubt })));

describe('docs/standards.md', () => {
  test('has every file of src/standards once, and no other', () => {
    expect(documents.map(fileOf).toSorted()).toEqual(editions.map(({ file }) => file));
    expect(parts.map(([file]) => plain(file!)).toSorted()).toEqual(
      files.filter((file) => modules.get(file)!.EDITION === undefined),
    );
  });

  test.each(editions)('says of $file what the file says', ({ file, document, title, from, to, doubts: all }) => {
    const row = documents.find((cells) => fileOf(cells) === file)!;
    expect(row.map(plain)).toEqual([
      document,
      `${title.zh}<br>${title.en}`,
      `${from ?? '–'} to ${to ?? '–'}`,
      expect.stringContaining(`${file}: `),
      all.length === 0 ? 'none' : all.join('<br>'),
    ]);
  });

  test('names what the files export, and every function of them', () => {
    const rows = [
      ...documents.map((row) => [fileOf(row), row[3]!] as const),
      ...parts.map(([file, , exported]) => [plain(file!), exported!] as const),
    ];
    for (const [file, cell] of rows) {
      const names = named(cell).filter((name) => !name.endsWith('.ts'));
      const exported = modules.get(file)!;
      expect(
        names.filter((name) => !(name in exported)),
        file,
      ).toEqual([]);
      const functions = Object.keys(exported).filter((name) => typeof exported[name] === 'function');
      expect(
        functions.filter((name) => !names.includes(name)),
        file,
      ).toEqual([]);
      for (const other of named(cell).filter((name) => name.endsWith('.ts'))) expect(files).toContain(other);
    }
  });

  test('stands in both READMEs', () => {
    for (const readme of ['README.md', 'README.zh-CN.md']) expect(text(readme)).toContain('(docs/standards.md)');
  });
});

describe('an edition', () => {
  test('has a number of its own, a title in both languages, and days that are days', () => {
    const numbers = editions.map(({ document }) => document);
    expect(numbers).toEqual([...new Set(numbers)]);
    for (const { document, title, from, to } of editions) {
      expect([title.zh, title.en], document).toEqual([
        expect.stringMatching(/\p{Script=Han}/u),
        expect.stringMatching(/^[A-Z][^\p{Script=Han}]+$/u),
      ]);
      for (const day of [from, to].filter((one) => one !== null))
        expect(new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10), document).toBe(day);
      expect(from === null || to === null || from <= to, document).toBe(true);
    }
  });
});

describe('a doubt', () => {
  test.each(doubts)('of $file names settings, or says why there is none: $doubt', ({ doubt }) => {
    expect(namedIn(doubt).length > 0 || /no setting: \S/.test(doubt)).toBe(true);
    expect(namedIn(doubt).filter((name) => settingsOf(name).length === 0)).toEqual([]);
    // Whatever looks like a setting stands in brackets as one.
    const section = new RegExp(`\\b(${[...new Set(leaves.map((leaf) => leaf.split('.')[0]))].join('|')})\\.[a-z_]+`);
    expect(doubt.replace(NAMES, '')).not.toMatch(section);
  });

  const held = [...new Set(doubts.flatMap(({ doubt }) => namedIn(doubt).flatMap(settingsOf)))];
  const documented = new Map(
    rowsOf(text('docs/settings.md'), 'setting').map(([name, , , , source]) => [plain(name!), source!]),
  );

  test('is held by settings that are documented, and that something reads', () => {
    const code = ['src/standards', 'src/processors', 'src/thresholds', 'src/cli', 'src/intake', 'src/effects']
      .flatMap((folder) =>
        readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
      )
      .filter((file) => file.endsWith('.ts'))
      .map(text)
      .join('\n')
      // A doubt that names a setting does not read it.
      .replace(/doubts: \[[^\]]*\]/g, '');
    expect(held.length).toBeGreaterThan(30);
    for (const setting of held) {
      expect(documented.has(setting), setting).toBe(true);
      expect(code, setting).toMatch(new RegExp(`\\b${setting.split('.').at(-1)}\\b`));
    }
  });

  test('stands for every setting that is known from memory or second-hand', () => {
    const unsure = [...documented].filter(([, source]) => /memory|second-hand/.test(source)).map(([name]) => name);
    expect(unsure.length).toBeGreaterThan(20);
    expect(unsure.filter((name) => !held.includes(name))).toEqual([]);
  });
});
