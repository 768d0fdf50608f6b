// A folder that others put CSV files into. A file is taken when it has been left alone for a while; it is moved only after its
// messages are kept, so that one that was interrupted is taken again whole (what was sent before counts as a duplicate).
//   NAME            waits, or is being written
//   done/T-NAME     was taken; done/T-NAME.report.txt tells its bad lines. T is the UTC time, so that a name may come again
//   failed/T-NAME   could not be read at all; failed/T-NAME.report.txt tells why
import { closeSync, mkdirSync, openSync, readdirSync, readSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isoUtc, MINUTE } from '../../../src/core/time.ts';
import type { FileRead } from './drop-file.ts';

export interface DropFolder {
  /** The file to take next; undefined: none, or all are still being written. */
  next(): string | undefined;
  /**
   * Move a file out of the way, with its report beside it. The file's new place; undefined: it was written to after it was given out, so
   * it stays and is taken again whole.
   * @throws where it cannot be moved; it is not given out again until it is another, or it would be sent without end
   */
  settle(name: string, to: 'done' | 'failed', report: string): string | undefined;
}

/** A file that does not end with a line's end (or is compressed) may be half of one: it is given longer. */
const CUT_OFF = MINUTE;

const TAKEN = /\.(csv|csv\.gz)$/i;

/** Whether a file's last byte ends a line. */
const endsLine = (file: string, size: number): boolean => {
  const handle = openSync(file, 'r');
  try {
    const last = Buffer.alloc(1);
    return readSync(handle, last, 0, 1, size - 1) === 1 && last[0] === 0x0a;
  } finally {
    closeSync(handle);
  }
};

/** @param quiet how long a file must have been left alone, ms */
export const createDropFolder = (folder: string, quiet: number, now: () => number): DropFolder => {
  for (const name of ['done', 'failed']) mkdirSync(join(folder, name), { recursive: true });
  const seen = new Map<string, { stamp: string; since: number }>();
  /** Files that were taken and could not be moved, as they were then. */
  const stuck = new Map<string, string>();
  const stampOf = (name: string): { size: number; stamp: string } => {
    const { size, mtimeMs } = statSync(join(folder, name));
    return { size, stamp: `${size} ${mtimeMs}` };
  };
  const isLeftAlone = (name: string): boolean => {
    const file = join(folder, name);
    const { size, stamp } = stampOf(name);
    if (stuck.get(name) === stamp) return false;
    const before = seen.get(name);
    if (before?.stamp !== stamp) seen.set(name, { stamp, since: now() });
    if (before?.stamp !== stamp || size === 0) return size === 0 && now() - (before?.since ?? now()) >= CUT_OFF;
    return now() - before.since >= (endsLine(file, size) ? quiet : CUT_OFF);
  };
  const waiting = (): string[] =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && TAKEN.test(entry.name) && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .sort();
  return {
    next: () => {
      const names = waiting();
      for (const known of [seen, stuck]) for (const name of known.keys()) if (!names.includes(name)) known.delete(name);
      return names.filter(isLeftAlone)[0];
    },
    settle: (name, to, report) => {
      const place = join(folder, to, `${isoUtc(now()).replace(/[:.]/g, '')}-${name}`);
      const [{ stamp }, given] = [stampOf(name), seen.get(name)];
      if (given !== undefined && given.stamp !== stamp) return undefined;
      stuck.set(name, stamp);
      // The report first: a file that is done has one.
      writeFileSync(`${place}.report.txt`, report);
      renameSync(join(folder, name), place);
      for (const known of [seen, stuck]) known.delete(name);
      return place;
    },
  };
};

/** Bad lines that a report names. */
const NAMED = 10_000;

/** What a report says of a file that was taken. */
export const reportOf = (name: string, { rows, messages, bad }: FileRead): string => {
  const lines = bad.slice(0, NAMED).map(({ line, why }) => `第 ${line} 行 line ${line}: ${why}`);
  const more = bad.length > NAMED ? [`另有 ${bad.length - NAMED} 处 and ${bad.length - NAMED} more`] : [];
  const head = `${name}: ${rows} 行 rows, ${messages.length} 条读数已接收 readings taken, ${bad.length} 处有误 wrong`;
  return `${[head, ...lines, ...more].join('\n')}\n`;
};
