import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { loadCatalog } from '../../config/catalog.ts';
import { loadSettings } from '../../config/load.ts';
import type { Settings } from '../../config/schema.ts';
import type { Catalog } from '../../core/catalog.ts';
import { createLog } from '../../core/log.ts';
import { MINUTE } from '../../core/time.ts';
import { holdFolder } from '../../intake/folder.ts';
import { copyHistory, type Outflow } from '../../store/copy/copy.ts';
import { type Marks, marksOf, openMarks } from '../../store/copy/marks.ts';
import { isFed, noOutflow, outflowOf } from '../../store/copy/outflow.ts';
import { patient } from '../../store/copy/patient.ts';
import { openSource, type Source, type Wish } from '../../store/copy/source.ts';
import { isOf } from '../../store/enterprise.ts';
import { createServerStore, EMBEDDED, type Server } from '../../store/index.ts';
import type { Refusal } from '../../store/port.ts';
import { withDatabase } from '../desk.ts';
import { deliverHere } from './deliver.ts';
import { copyProgress } from './progress.ts';
import { type CopyOptions, targetsOf, type Wished, wishedBy } from './wishes.ts';

/** A server may be away for so long before a copy gives up, ms. */
const PATIENCE = MINUTE;
/** Refusals of a run that are shown with the server's words; all are counted. */
const SHOWN = 5;

const say = (words: string): void => {
  process.stderr.write(`lantian: ${words}\n`);
};

interface Copying {
  readonly settings: Settings;
  readonly catalog: Catalog;
  readonly source: Source;
  readonly marks: DatabaseSync;
  readonly outflow: Outflow;
  readonly wished: Wished;
}

const wishOf = ({ source, wished, catalog }: Copying, { enterprise }: Server): Wish => {
  const { from, until, measurements } = wished;
  const series = source
    .series()
    .filter((one) => measurements === undefined || measurements.includes(one.measurement))
    .filter((one) => enterprise === undefined || isOf(enterprise, one, catalog));
  return { series, from, until };
};

/** Marks of this copy. Those that do not fit the file that is there now (it was replaced) are cleared. */
const standing = ({ marks: database, outflow, source, wished }: Copying, name: string, wish: Wish): Marks => {
  const open = () => marksOf(database, name, wished.text, { newest: outflow.newest(), series: wish.series });
  const marks = open();
  const last = marks.last();
  const all = source.series();
  if (marks.fits(all) && (last === undefined || all.some(({ id }) => id === last.upTo.series))) return marks;
  say(
    `${name}: 内置库已不是原来的文件，重新复制 the embedded store is another file now; it is copied from the beginning`,
  );
  marks.clear();
  return open();
};

/** Shows the first refusals. */
const shower = (name: string, clear: () => void) => {
  let shown = 0;
  return (refusals: readonly Refusal[]): void => {
    for (const { point, words } of refusals.slice(0, Math.max(0, SHOWN - shown))) {
      shown += 1;
      clear();
      say(`${name}: 拒收 refused ${point.measurement} ${JSON.stringify(point.tags)} ${point.time}: ${words}`);
    }
  };
};

const printTallies = (name: string, marks: Marks): number => {
  const tallies = marks.tallies();
  for (const { measurement, rows, refused } of tallies)
    process.stdout.write(`${[name, measurement, rows, refused].join('\t')}\n`);
  return tallies.reduce((sum, { refused }) => sum + refused, 0);
};

/** Copy to one server; how many rows it refused. */
const copyTo = async (copying: Copying, server: Server): Promise<number> => {
  const { settings, source, outflow } = copying;
  // What is owed may begin series, which are to be copied too.
  await outflow.caughtUp(outflow.newest());
  const whole = wishOf(copying, server);
  const marks = standing(copying, server.name, whole);
  const wish = { ...whole, series: marks.reached(whole.series) };
  const before = marks.tallies().reduce((sum, { rows, refused }) => sum + rows + refused, 0);
  if (marks.resumed && before > 0) say(`${server.name}: 从停下处继续 goes on after ${before} rows`);
  const progress = copyProgress(server.name, source.count(wish), before, process.stderr, Date.now);
  const store = createServerStore(server, createLog(settings.log.level));
  const waiting = (words: string): void => {
    progress.clear();
    say(`${server.name}: ${words}; 等待后再试 it is tried again`);
  };
  const insisting = patient(store, {
    retryMost: settings.outbox.retry_most,
    patience: PATIENCE,
    now: Date.now,
    waiting,
  });
  try {
    await insisting.init();
    await copyHistory({
      source,
      wish,
      store: insisting,
      marks,
      outflow,
      atMost: settings.outbox.batch,
      progress: progress.add,
      refused: shower(server.name, progress.clear),
    });
  } finally {
    await store.close();
  }
  progress.end();
  const refused = printTallies(server.name, marks);
  marks.clear();
  return refused;
};

const copyAll = async (copying: Copying, servers: readonly Server[]): Promise<number> => {
  let refused = 0;
  process.stdout.write('store\tmeasurement\trows\trefused\n');
  for (const server of servers) refused += await copyTo(copying, server);
  if (refused > 0) say(`拒收 ${refused} 行 rows were refused`);
  return refused;
};

/** Work with the outbox of the data folder, where there is one. */
const withOutflow = <T>(
  { settings, catalog }: Pick<Copying, 'settings' | 'catalog'>,
  servers: readonly Server[],
  work: (outflow: Outflow) => Promise<T>,
): Promise<T> => {
  if (!existsSync(join(settings.data.folder, 'lantian.db'))) return work(noOutflow);
  return withDatabase(settings, ({ database }) => {
    for (const { name } of servers.filter((server) => !isFed(database, server.name)))
      say(
        `${name}: 流水线尚未写入此库，先重启 lantian run，否则其间的行会缺 the pipeline does not write to it yet: restart lantian run first, or rows of the time between are missing`,
      );
    const deliver = () => deliverHere(database, settings, catalog);
    return work(outflowOf(database, { store: EMBEDDED, deliver, patience: PATIENCE }));
  });
};

/**
 * `lantian store copy`: the embedded store's history into the servers of the settings. Rows by measurement on stdout, progress on stderr.
 * @returns exit code 0, or 1 when rows were refused or could not be read
 * @throws LantianError usage, config-invalid, catalog-invalid, file-unreadable, data-damaged, data-unwritable, data-in-use,
 * store-unreachable, store-refused
 */
export const copy = async (options: CopyOptions): Promise<number> => {
  const wished = wishedBy(options);
  const settings = loadSettings({ file: options.config, env: process.env });
  const catalog = loadCatalog(settings.catalog, settings.county);
  const servers = targetsOf(options.to, settings, catalog);
  const { folder } = settings.data;
  let unreadable = 0;
  const source = openSource(join(folder, 'series.db'), (where, why) => {
    unreadable += 1;
    say(`不可读 cannot be read, left out: ${where}: ${why}`);
  });
  const release = holdFolder(join(folder, 'store-copy'));
  const marks = openMarks(join(folder, 'store-copy', 'marks.db'), (aside, why) =>
    say(`${aside}: ${why}; 复制从头开始 copies begin anew`),
  );
  try {
    return await withOutflow({ settings, catalog }, servers, async (outflow) => {
      const refused = await copyAll({ settings, catalog, source, marks, outflow, wished }, servers);
      return refused + unreadable > 0 ? 1 : 0;
    });
  } finally {
    marks.close();
    source.close();
    release();
  }
};
