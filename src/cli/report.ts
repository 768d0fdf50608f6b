import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCatalog } from '../config/catalog.ts';
import { loadSettings } from '../config/load.ts';
import { LantianError, reasonOf } from '../core/errors.ts';
import { makeFolder } from '../core/folder.ts';
import { monthName } from '../core/time.ts';
import type { Span } from '../core/types.ts';
import { csvOf } from '../publish/report/csv.ts';
import { tablesOf } from '../publish/report/index.ts';
import { lastWholeMonth, monthsOf, parseMonth } from '../publish/report/months.ts';
import { SIMULATED_NOTE } from '../publish/report/notes.ts';
import { remarksOf } from '../publish/report/remarks.ts';
import type { Source } from '../publish/report/source.ts';
import type { Table } from '../publish/report/table.ts';
import { workbookOf } from '../publish/report/workbook.ts';
import { openSeriesReader } from '../store/embedded-reader.ts';

export interface ReportOptions {
  readonly config?: string;
  /** YYYY-MM; absent: the last month that is over. */
  readonly month?: string;
  readonly out: string;
  readonly format: 'xlsx' | 'csv' | 'both';
}

const monthOf = (text: string | undefined, now: number): Span => {
  if (text === undefined) return lastWholeMonth(now);
  const month = parseMonth(text);
  if (month === undefined) throw new LantianError('usage', `--month ${text}: 不是月份 not a month such as 2026-10`);
  if (month.start > now) throw new LantianError('usage', `--month ${text}: 尚未开始 has not begun`);
  return month;
};

/** What a simulated county sent must not be taken for measured. */
const marked = (table: Table, simulated: boolean): Table => {
  if (!simulated) return table;
  const title = { zh: `【模拟数据】${table.title.zh}`, en: `[simulated data] ${table.title.en}` };
  return { ...table, title, notes: [SIMULATED_NOTE, ...table.notes] };
};

interface ReportFile {
  readonly name: string;
  readonly bytes: Uint8Array | string;
}

const filesOf = async (tables: readonly Table[], start: string, format: ReportOptions['format']) => {
  const files: ReportFile[] = [];
  if (format !== 'csv') files.push({ name: `${start}.xlsx`, bytes: await workbookOf(tables) });
  if (format !== 'xlsx')
    files.push(...tables.map((table) => ({ name: `${start}-${table.id}.csv`, bytes: csvOf(table) })));
  return files;
};

/** A file appears under its name only when it is whole. */
const write = (path: string, bytes: Uint8Array | string): void => {
  const temporary = `${path}.${process.pid}.part`;
  try {
    writeFileSync(temporary, bytes, { flush: true });
    renameSync(temporary, path);
  } catch (thrown) {
    rmSync(temporary, { force: true });
    throw new LantianError('data-unwritable', `cannot write ${path}: ${reasonOf(thrown)}`, { cause: thrown });
  }
};

const makeOut = (folder: string): void => {
  try {
    makeFolder(folder);
  } catch (thrown) {
    throw new LantianError('data-unwritable', `cannot make ${folder}: ${reasonOf(thrown)}`, { cause: thrown });
  }
};

interface Made {
  readonly files: readonly ReportFile[];
  readonly remarks: readonly string[];
}

const make = async (source: Source, folder: string, format: ReportOptions['format']): Promise<Made> => {
  const simulated = existsSync(join(folder, 'simulator.json'));
  const tables = tablesOf(source).map((table) => marked(table, simulated));
  const start = `lantian-${source.catalog.county.code}-${monthName(source.months.month.start)}`;
  const remarks = [...(simulated ? [SIMULATED_NOTE] : []), ...remarksOf(source)];
  return { files: await filesOf(tables, start, format), remarks: remarks.map(({ zh, en }) => `${zh} ${en}`) };
};

/**
 * `lantian report`: the tables of a month as a workbook, or as CSV files. Files that were made are named on stdout, what is to be said of
 * them on stderr.
 * @returns exit code 0, or 1 when rows of the store could not be read
 * @throws LantianError usage, config-invalid, catalog-invalid, file-unreadable, data-damaged, data-unwritable
 */
export const report = async (options: ReportOptions): Promise<number> => {
  const now = Date.now();
  const months = monthsOf(monthOf(options.month, now));
  const settings = loadSettings({ file: options.config, env: process.env });
  const catalog = loadCatalog(settings.catalog, settings.county);
  const { folder } = settings.data;
  let damaged = 0;
  const reader = openSeriesReader(join(folder, 'series.db'), (where, why) => {
    damaged += 1;
    process.stderr.write(`不可读 cannot be read, left out: ${where}: ${why}\n`);
  });
  try {
    const { files, remarks } = await make({ reader, catalog, settings, months, now }, folder, options.format);
    makeOut(options.out);
    for (const remark of remarks) process.stderr.write(`${remark}\n`);
    for (const { name, bytes } of files) {
      write(join(options.out, name), bytes);
      process.stdout.write(`${join(options.out, name)}\n`);
    }
  } finally {
    reader.close();
  }
  return damaged > 0 ? 1 : 0;
};
