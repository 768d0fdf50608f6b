/** A terminal, or what only looks like a stream. */
export interface Terminal {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** One line on a terminal that tells how far a count is; nothing where there is no terminal. `now` in milliseconds. */
export interface Progress {
  show(done: number): void;
  end(): void;
}

const EVERY = 200;

const lineOf = (label: string, done: number, total: number, seconds: number): string => {
  const rate = done / Math.max(seconds, 0.001);
  const left = rate > 0 ? Math.ceil((total - done) / rate) : 0;
  return `${label} ${done.toLocaleString('en')} of ${total.toLocaleString('en')}, ${Math.round(rate).toLocaleString('en')}/s, ${left} s left`;
};

export const createProgress = (label: string, total: number, terminal: Terminal, now: () => number): Progress => {
  const began = now();
  let last = began;
  return {
    show: (done) => {
      if (!terminal.isTTY || now() - last < EVERY) return;
      last = now();
      terminal.write(`\r\u001b[K${lineOf(label, done, total, (last - began) / 1000)}`);
    },
    end: () => {
      if (terminal.isTTY) terminal.write('\r\u001b[K');
    },
  };
};
