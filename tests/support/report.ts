// A report as a user makes it: rows in a real embedded store, `lantian report` as a process of its own, its workbook read back.
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { Point } from '../../src/core/types.ts';
import { createEmbeddedStore } from '../../src/store/embedded.ts';
import { tempFolder } from './servers.ts';
import { type ReadSheet, readWorkbook, type SheetCell } from './xlsx.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const COUNTY = '140430';

export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A data folder, a catalog and settings; nothing is stored yet. */
export interface Desk {
  readonly folder: string;
  /** The embedded store's file. */
  readonly store: string;
  write(points: readonly Point[]): Promise<void>;
  /** `lantian report` with these arguments, the files into `out` of the folder. */
  report(...args: string[]): Promise<Said>;
  /** The sheets of the month's workbook. */
  sheets(month: string): ReadSheet[];
  /** A file that was written. */
  read(name: string): Buffer;
}

/** Beijing's midnight of YYYY-MM-DD. */
export const day = (date: string): number => Date.parse(`${date}T00:00:00+08:00`);
export const month = (name: string): number => day(`${name}-01`);

/** @param catalog files of the county, by name: county.yaml is made of their names */
export const desk = (catalog: Readonly<Record<string, unknown>>, townships: readonly unknown[]): Desk => {
  const folder = tempFolder('report');
  const county = join(folder, 'counties', COUNTY);
  mkdirSync(county, { recursive: true });
  const own = { county: { code: COUNTY, name: { zh: '沁县', en: 'Qinxian County' } }, townships };
  writeFileSync(join(county, 'county.yaml'), JSON.stringify({ ...own, files: Object.keys(catalog) }));
  for (const [name, content] of Object.entries(catalog)) writeFileSync(join(county, name), JSON.stringify(content));
  const config = join(folder, 'lantian.yaml');
  const data = join(folder, 'data');
  writeFileSync(config, JSON.stringify({ catalog: join(folder, 'counties'), data: { folder: data } }));
  mkdirSync(data);
  const [store, out] = [join(data, 'series.db'), join(folder, 'out')];
  return {
    folder,
    store,
    write: async (points) => {
      const series = createEmbeddedStore({ file: store });
      expect(await series.write(points)).toEqual([]);
      await series.close();
    },
    report: (...args) => run(['report', '--config', config, '--out', out, ...args]),
    sheets: (name) => readWorkbook(readFileSync(join(out, `lantian-${COUNTY}-${name}.xlsx`))),
    read: (name) => readFileSync(join(out, name)),
  };
};

const run = (args: readonly string[]): Promise<Said> =>
  new Promise((resolve) => {
    const own = Object.entries(process.env).filter(([name]) => !name.startsWith('LANTIAN_') && name !== 'FORCE_COLOR');
    const options = { cwd: ROOT, env: { ...Object.fromEntries(own), NO_COLOR: '1' }, timeout: 50_000 };
    execFile(process.execPath, ['bin/lantian.mjs', ...args], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
    });
  });

/** A row of a series of a station. */
export const row = (
  measurement: string,
  station: string,
  time: number,
  fields: Point['fields'],
  tags: Readonly<Record<string, string>> = {},
): Point => ({ measurement, tags: { county: COUNTY, station, ...tags }, time, fields });

const TITLE_ROWS = 3;

/** A table of a workbook: cells by the text of a row's first cells and a column's Chinese heading. */
export const tableIn = (sheets: readonly ReadSheet[], name: string) => {
  const sheet = sheets.find((one) => one.name === name);
  if (sheet === undefined) throw new Error(`no sheet ${name} among ${sheets.map((one) => one.name).join(' ')}`);
  const headings = sheet.rows[1]!.map(({ value }) => String(value));
  // Notes stretch over columns: nothing stands in their second.
  const rows = sheet.rows.slice(TITLE_ROWS).filter((cells) => cells[1]?.value !== undefined);
  const find = (...first: string[]): readonly SheetCell[] => {
    const found = rows.find((cells) => first.every((text, at) => String(cells[at]?.value).startsWith(text)));
    if (found === undefined) throw new Error(`no row ${first.join(' | ')} in ${name}`);
    return found;
  };
  const cell = (heading: string, ...first: string[]): SheetCell => {
    const at = headings.indexOf(heading);
    if (at < 0) throw new Error(`no column ${heading} in ${name}: ${headings.join(' ')}`);
    return find(...first)[at]!;
  };
  return {
    sheet,
    headings,
    rows,
    cell,
    value: (heading: string, ...first: string[]) => cell(heading, ...first).value,
    /** Values of one row under several headings. */
    values: (columns: readonly string[], ...first: string[]) => columns.map((heading) => cell(heading, ...first).value),
  };
};
