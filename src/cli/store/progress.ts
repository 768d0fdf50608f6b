import type { Terminal } from '../replay/progress.ts';

/** How far a copy is: on a terminal one line that is written over, elsewhere a line now and then. */
export interface CopyProgress {
  /** So many more rows are done. */
  add(rows: number): void;
  /** Take the line away, so that something else can be said. */
  clear(): void;
  /** Say it a last time. */
  end(): void;
}

const EVERY = { terminal: 200, file: 5_000 };

const number = (value: number): string => Math.round(value).toLocaleString('en');

/** 3:05 of seconds. */
const duration = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

const lineOf = (label: string, done: number, total: number, rate: number): string => {
  const percent = total === 0 ? 100 : Math.min(100, Math.floor((done / total) * 100));
  const left = rate > 0 ? duration(Math.max(0, total - done) / rate) : '—';
  return `${label} ${number(done)}/${number(total)} 行 rows ${percent}% ${number(rate)} 行/秒 rows/s 剩余 left ${left}`;
};

/** @param before rows that an earlier run has done; they do not count for the rate. `now` in ms. */
export const copyProgress = (
  label: string,
  total: number,
  before: number,
  terminal: Terminal,
  now: () => number,
): CopyProgress => {
  const began = now();
  const every = terminal.isTTY ? EVERY.terminal : EVERY.file;
  let [done, last] = [before, began];
  const clear = (): void => {
    if (terminal.isTTY) terminal.write('\r\u001b[K');
  };
  const say = (): void => {
    const rate = (done - before) / Math.max((now() - began) / 1000, 0.001);
    clear();
    terminal.write(lineOf(label, done, total, rate) + (terminal.isTTY ? '' : '\n'));
  };
  return {
    add: (rows) => {
      done += rows;
      if (now() - last < every) return;
      last = now();
      say();
    },
    clear,
    end: () => {
      say();
      if (terminal.isTTY) terminal.write('\n');
    },
  };
};
