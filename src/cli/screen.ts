// What `run` shows. On a terminal: lines that scroll, and under them a block of status that is redrawn in place about once a
// second. Elsewhere (a file, a service's log): a plain line of status every few seconds. Changes of signals are always shown,
// of readings and figures a sample.
//
// Invariant: after every write the cursor stands at the start of the line under the block, so a process that ends at any
// moment leaves the terminal in order; the cursor is never hidden and nothing needs to be put back.
import { type Counts, total } from '../core/counts.ts';
import { SECOND } from '../core/time.ts';
import { clock, lineOf, type Paints, paintsOf, type ScreenEvent } from './lines.ts';
import { type Started, startedLines } from './started.ts';
import { cutTo, widthOf } from './width.ts';

export interface ScreenStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

export interface ScreenOptions {
  readonly stream: ScreenStream;
  readonly color: boolean;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface ScreenStatus {
  readonly counts: Counts;
  readonly signalsInForce: number;
}

export interface Screen {
  /** The table of what runs where, with what to try first. */
  started(rows: readonly Started[]): void;
  /** What happened: a signal is always shown, of readings and figures one in a while. */
  line(event: ScreenEvent): void;
  /** Show the status now. */
  refresh(status: ScreenStatus): void;
  /** Ask for the status about once a second (every five where there is no terminal) until `stop`. */
  watch(status: () => ScreenStatus): void;
  /** Show the status a last time and leave the cursor under it. Nothing is drawn afterwards. */
  stop(): void;
}

/** Time between two lines of status, and between two samples of readings or figures. */
const PACE = {
  terminal: { status: SECOND, sample: SECOND },
  plain: { status: 5 * SECOND, sample: 10 * SECOND },
};

const thousands = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

interface Speed {
  readonly at: number;
  readonly received: number;
  /** Messages a second, as shown. */
  readonly shown: string;
}

const speedOf = ({ counts }: ScreenStatus, before: Speed, at: number): Speed => {
  const seconds = (at - before.at) / SECOND;
  // A moment is too short to tell a speed from.
  if (seconds < 0.5) return before;
  const speed = (counts.received - before.received) / seconds;
  const shown = speed < 10 ? String(Number(speed.toFixed(1))) : thousands(Math.round(speed));
  return { at, received: counts.received, shown };
};

const statusParts = ({ counts, signalsInForce }: ScreenStatus, speed: string, paints: Paints): string[] => {
  const mark = (value: number, paint: (text: string) => string): string =>
    value > 0 ? paint(thousands(value)) : thousands(value);
  return [
    `报文 messages ${thousands(counts.received)} (${speed}/s)`,
    `读数 readings ${thousands(total(counts.readings))}`,
    `统计值 figures ${thousands(total(counts.figures))}`,
    `生效信号 signals in force ${mark(signalsInForce, paints.bold)}`,
    `隔离 quarantined ${mark(counts.outcomes.quarantined, paints.yellow)}`,
    `待写 outbox ${thousands(total(counts.outboxPoints))}`,
  ];
};

const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** Parts joined to as few lines as fit. */
const wrapped = (parts: readonly string[], columns: number): string[] => {
  const lines: string[] = [];
  for (const part of parts) {
    const joined = lines.length === 0 ? part : `${lines.at(-1)} · ${part}`;
    if (lines.length > 0 && widthOf(joined) <= columns) lines[lines.length - 1] = joined;
    else lines.push(part);
  }
  return lines.map((line) => cutTo(line, columns));
};

class StreamScreen implements Screen {
  readonly #stream: ScreenStream;
  readonly #now: () => number;
  readonly #paints: Paints;
  readonly #terminal: boolean;
  readonly #pace: { readonly status: number; readonly sample: number };
  readonly #sampled = new Map<string, number>();
  #block: readonly string[] = [];
  #speed: Speed;
  #source: (() => ScreenStatus) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor({ stream, color, now }: ScreenOptions) {
    this.#stream = stream;
    this.#now = now;
    this.#paints = paintsOf(color);
    this.#terminal = stream.isTTY === true;
    this.#pace = this.#terminal ? PACE.terminal : PACE.plain;
    this.#speed = { at: now(), received: 0, shown: '0' };
  }

  started(rows: readonly Started[]): void {
    this.#print(startedLines(rows, this.#paints));
  }

  line(event: ScreenEvent): void {
    if (this.#stopped) return;
    if ((event.type === 'reading' || event.type === 'figure') && !this.#isDue(event.type)) return;
    // A signal may wrap, none of its words is lost; a sample is cut.
    const line = lineOf(event, this.#paints);
    this.#print([event.type === 'signal' || !this.#terminal ? line : cutTo(line, this.#room())]);
  }

  refresh(status: ScreenStatus): void {
    if (this.#stopped) return;
    const at = this.#now();
    this.#speed = speedOf(status, this.#speed, at);
    this.#show(statusParts(status, this.#speed.shown, this.#paints), at);
  }

  watch(status: () => ScreenStatus): void {
    this.#source = status;
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.refresh(status()), this.#pace.status);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    if (this.#source !== undefined) this.refresh(this.#source());
    this.#stopped = true;
    this.#block = [];
  }

  #isDue(type: string): boolean {
    const last = this.#sampled.get(type);
    if (last !== undefined && this.#now() - last < this.#pace.sample) return false;
    this.#sampled.set(type, this.#now());
    return true;
  }

  #print(lines: readonly string[]): void {
    this.#stream.write(`${this.#erase()}${textOf(lines)}${textOf(this.#block)}`);
  }

  #show(parts: readonly string[], at: number): void {
    if (!this.#terminal) return void this.#stream.write(`${clock(at)} ${parts.join(' · ')}\n`);
    const before = this.#erase();
    const ruler = this.#paints.dim('─'.repeat(Math.min(this.#room(), 60)));
    this.#block = [ruler, ...wrapped(parts, this.#room())];
    this.#stream.write(`${before}${textOf(this.#block)}`);
  }

  /** Columns to write in. One stays free: a character in the last one makes some terminals wrap. */
  #room(): number {
    return Math.max(1, (this.#stream.columns || 80) - 1);
  }

  /** Take the block away: up over the rows it takes now (a window made narrower has wrapped its lines), and clear down. */
  #erase(): string {
    if (this.#block.length === 0) return '';
    const rows = this.#block.map((line) => Math.max(1, Math.ceil(widthOf(line) / (this.#room() + 1))));
    return `\u001b[${rows.reduce((sum, count) => sum + count, 0)}A\u001b[J`;
  }
}

/** A screen that writes to a stream; it neither reads the terminal nor hides the cursor. */
export const createScreen = (options: ScreenOptions): Screen => new StreamScreen(options);
