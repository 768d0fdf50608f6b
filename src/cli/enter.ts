import { feeds } from '../../sensors/feeds/index.ts';
import { loadCatalog } from '../config/catalog.ts';
import { didYouMean } from '../config/nearest.ts';
import { LantianError } from '../core/errors.ts';
import { isoBeijing } from '../core/time.ts';
import type { Feed, Reading } from '../core/types.ts';
import type { DeskRow } from '../intake/desk.ts';
import { type CellsOf, headerOf, needColumns, rowOf } from './calculator.ts';
import { handIn, lineOf, settingsOf, withDatabase } from './desk.ts';
import { BESIDE, columnsOf, type Entering, feedOf, type Understood, understand } from './enter/message.ts';
import { textLinesOf } from './text-lines.ts';

// Values of the laboratory, and whatever else a person reads off: a file, or one reading on the command line. Rows that are good are
// entered, all of them or none; those that are not are named.

export interface EnterOptions {
  readonly config?: string;
  readonly by: string;
  readonly dryRun?: boolean;
  readonly value?: readonly string[];
  readonly station?: string;
  readonly time?: string;
  readonly start?: string;
  readonly end?: string;
  readonly period?: string;
  readonly from?: string;
  readonly to?: string;
  readonly status?: string;
  readonly trend?: string;
  readonly phenomena?: string;
}

/** A reading and where it was written. */
interface Entry extends Understood {
  readonly place: string;
}

/** What a file or a command line holds. */
interface Given {
  readonly entries: readonly Entry[];
  /** Rows that were not understood; they are named already. */
  readonly mistakes: number;
}

const headOf = (file: string, text: string, entering: Entering): string[] => {
  const header = headerOf(file, text);
  const known = columnsOf(feeds[entering.feed]);
  const strange = header.find((name) => !known.includes(name));
  if (strange !== undefined)
    throw new LantianError(
      'columns-missing',
      `${file} 有未知列 has a column "${strange}" that ${entering.feed} does not have${didYouMean(strange, known)}`,
    );
  needColumns(file, header, ['station', header.includes('end') ? 'end' : 'time']);
  return header;
};

const tryRow = (place: string, cells: () => CellsOf, entering: Entering): Entry[] => {
  try {
    return [{ place, ...understand(cells(), entering) }];
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    process.stderr.write(`${place}: ${thrown.message}\n`);
    return [];
  }
};

const inFile = async (file: string, entering: Entering): Promise<Given> => {
  const entries: Entry[] = [];
  let header: string[] | undefined;
  let rows = 0;
  for await (const { line, text } of textLinesOf(file, process.stdin)) {
    if (header === undefined) {
      header = headOf(file, text, entering);
      continue;
    }
    const names = header;
    rows++;
    entries.push(...tryRow(`${file}:${line}`, () => rowOf(names, text), entering));
  }
  if (rows === 0) throw new LantianError('file-unreadable', `${file} 没有数据行 has no rows below its header`);
  return { entries, mistakes: rows - entries.length };
};

/** QUANTITY=NUMBER. @throws LantianError usage */
const valueIn = (text: string, feed: Feed): [name: string, value: string] => {
  const { quantities } = feeds[feed];
  const [, name = text, value] = /^([^=]*)=\s*(\S.*)$/.exec(text) ?? [];
  if (value !== undefined && Object.hasOwn(quantities, name)) return [name, value];
  const hint = didYouMean(name, Object.keys(quantities));
  throw new LantianError('usage', `--value ${text} is not QUANTITY=NUMBER of ${feed}${hint}`);
};

const onCommandLine = (options: EnterOptions, entering: Entering): Given => {
  const cells = new Map<string, string>(BESIDE.map((name) => [name, options[name] ?? '']));
  for (const text of options.value ?? []) {
    const [name, value] = valueIn(text, entering.feed);
    if (cells.has(name)) throw new LantianError('usage', `--value ${name} is given twice`);
    cells.set(name, value);
  }
  const entries = tryRow('命令行 command line', () => (name) => (cells.get(name) ?? '').trim(), entering);
  return { entries, mistakes: 1 - entries.length };
};

const givenBy = (file: string | undefined, options: EnterOptions, entering: Entering): Given | Promise<Given> => {
  const single = options.value !== undefined || BESIDE.some((name) => options[name] !== undefined);
  if (file !== undefined && single) throw new LantianError('usage', 'give a file, or one reading by options, not both');
  if (file !== undefined) return inFile(file, entering);
  if (!single) throw new LantianError('usage', 'give a file, or --station, its times and --value QUANTITY=NUMBER');
  return onCommandLine(options, entering);
};

const valuesText = ({ values, flags, phenomena = [], trend, status }: Reading): string =>
  [
    ...Object.entries(values).map(([name, value]) => `${name}=${flags?.[name] ?? Number(value.toPrecision(12))}`),
    ...[...phenomena, trend, status].filter((word) => word !== undefined),
  ].join(' ');

const print = (entries: readonly Entry[], ends: readonly string[]): void => {
  const lines = entries.map(({ place, reading }, i) => {
    const { station, start, time } = reading;
    return [place, station, isoBeijing(start), isoBeijing(time), ends[i], valuesText(reading)].join('\t');
  });
  process.stdout.write(['row\tstation\tstart\ttime\toutcome\tvalues', ...lines, ''].join('\n'));
};

const OUTCOMES = [
  ['stored', '入库'],
  ['revised', '修订'],
  ['duplicate', '重复'],
  ['quarantined', '隔离'],
] as const;

/** How many ended how, and why some did not end well. */
const sayEnds = (rows: readonly DeskRow[], entries: readonly Entry[], mistakes: number): void => {
  rows.forEach(({ state, detail }, i) => {
    if (state === 'quarantined') process.stderr.write(`${entries[i]!.place}: 隔离 quarantined: ${detail}\n`);
  });
  const counts = OUTCOMES.map(([state, zh]) => `${zh} ${state} ${rows.filter((row) => row.state === state).length}`);
  process.stderr.write(`${[...counts, `有错 mistakes ${mistakes}`].join(', ')}\n`);
};

/**
 * `lantian enter FEED [FILE] --by NAME`
 * @returns exit code 0, or 1 when a row was not understood, was quarantined, or is not applied yet
 * @throws LantianError usage, file-unreadable, columns-missing, catalog-invalid, desk-full
 */
export const enter = async (feed: string, file: string | undefined, options: EnterOptions): Promise<number> => {
  const settings = settingsOf(options.config);
  const entering: Entering = {
    feed: feedOf(feed),
    person: lineOf('--by', options.by, 64),
    now: Date.now(),
    settings,
    catalog: loadCatalog(settings.catalog, settings.county),
  };
  const { entries, mistakes } = await givenBy(file, options, entering);
  const isDry = options.dryRun === true;
  const handed = entries.map((entry) => entry.handed);
  const rows = isDry || handed.length === 0 ? [] : await withDatabase(settings, (opened) => handIn(opened, handed));
  print(entries, isDry ? entries.map(() => 'dry-run') : rows.map(({ state }) => state));
  sayEnds(rows, entries, mistakes);
  const isDone = rows.every(({ state }) => ['stored', 'revised', 'duplicate'].includes(state));
  return mistakes === 0 && isDone ? 0 : 1;
};
