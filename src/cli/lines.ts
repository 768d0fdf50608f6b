import { createColors } from 'picocolors';
import { isoBeijing } from '../core/time.ts';
import type { Figure, Reading, Signal, SignalState } from '../core/types.ts';
import { isEnded } from '../signals/life.ts';
import { plain } from './width.ts';

// One line of the terminal for what happened: Chinese first, English beside it.

export type ScreenEvent =
  | { readonly type: 'signal'; readonly signal: Signal }
  | { readonly type: 'figure'; readonly figure: Figure }
  | { readonly type: 'reading'; readonly reading: Reading }
  | { readonly type: 'note'; readonly text: string };

export type Paint = (text: string) => string;

export interface Paints {
  readonly red: Paint;
  readonly orange: Paint;
  readonly yellow: Paint;
  readonly blue: Paint;
  readonly magenta: Paint;
  readonly green: Paint;
  readonly dim: Paint;
  readonly bold: Paint;
}

/** The colours of the terminal, or none. Orange is colour 208 of the 256, which the sixteen do not have. */
export const paintsOf = (color: boolean): Paints => {
  const { red, yellow, blue, magenta, green, dim, bold } = createColors(color);
  const orange: Paint = color ? (text) => `\u001b[38;5;208m${text}\u001b[39m` : (text) => text;
  return { red, orange, yellow, blue, magenta, green, dim, bold };
};

export const STATES: Readonly<Record<SignalState, string>> = {
  proposed: '建议发布',
  agreed: '已同意',
  active: '生效',
  'lift-proposed': '建议解除',
  lifted: '已解除',
  lapsed: '已失效',
};

const LEVELS: Readonly<Record<string, keyof Paints>> = {
  I: 'red',
  II: 'orange',
  III: 'yellow',
  IV: 'blue',
  red: 'red',
  orange: 'orange',
  yellow: 'yellow',
  blue: 'blue',
};

const paintOf = (signal: Signal, paints: Paints): Paint => {
  if (isEnded(signal)) return paints.green;
  // The level of a water section is its class, where I is clean: no colour of alarm.
  if (signal.level === null || signal.kind === 'water-section') return paints.magenta;
  return paints[LEVELS[signal.level] ?? 'magenta'];
};

/** Beijing's time of day, HH:MM:SS. */
export const clock = (time: number): string => isoBeijing(time).slice(11, 19);
const moment = (time: number): string => isoBeijing(time).slice(5, 16).replace('T', ' ');

const signalLine = (signal: Signal, paints: Paints): string => {
  const level = signal.level === null ? '' : ` [${signal.level}]`;
  const state = `${STATES[signal.state]} ${signal.state}`;
  const lacking = signal.lacking.length === 0 ? '' : ` · 缺 lacking ${signal.lacking.length}`;
  const head = paintOf(signal, paints)(plain(`● 信号 signal${level} ${signal.kind}/${signal.subject} ${state}`));
  const body = plain(`${signal.title.zh} ${signal.title.en} · 证据 evidence ${signal.evidence.length}${lacking}`);
  return `${paints.dim(moment(Date.parse(signal.at)))} ${head} ${body}`;
};

const valuesOf = (values: Readonly<Record<string, number | string | boolean>>): string =>
  Object.entries(values)
    .slice(0, 6)
    .map(([name, value]) => `${name} ${typeof value === 'number' ? Number(value.toPrecision(4)) : value}`)
    .join('  ');

const figureLine = ({ measurement, station, start, end, fields }: Figure, paints: Paints): string => {
  const span = start === end ? moment(end) : `${moment(start)} – ${moment(end)}`;
  return `${paints.dim('统计值 figure ')} ${plain(`${measurement} ${station} ${span}  ${valuesOf(fields)}`)}`;
};

const readingLine = ({ feed, station, time, values }: Reading, paints: Paints): string =>
  `${paints.dim('读数   reading')} ${plain(`${feed} ${station} ${moment(time)}  ${valuesOf(values)}`)}`;

/** What happened, as one line. */
export const lineOf = (event: ScreenEvent, paints: Paints): string => {
  if (event.type === 'signal') return signalLine(event.signal, paints);
  if (event.type === 'figure') return figureLine(event.figure, paints);
  return event.type === 'reading' ? readingLine(event.reading, paints) : plain(event.text);
};
