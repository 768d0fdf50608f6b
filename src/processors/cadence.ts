import type { Settings } from '../config/schema.ts';
import type { Station } from '../core/catalog.ts';
import { figureFields } from '../core/figure.ts';
import { floorTo, HOUR } from '../core/time.ts';
import type { FieldValue, Figure, Reading, Span } from '../core/types.ts';
import { type Arrival, anchorOf, arrivalOf, indexAfter, insert, type Window } from './window.ts';

// When figures are written. A station's own newest reading closes the periods that end by then; a reading that comes for one
// of those is late, and changed figures are written again at once. A tick closes, provisionally, the periods that ended
// without the station having gone on; they are written again at the next tick or when the station goes on, if they changed.
// So a backlog read in order writes each figure once, however far behind the clock it is.

export interface Place {
  readonly station: Station;
  readonly settings: Settings;
}

/** One kind of figure of a feed: its periods, and how one is made of the readings in a window. */
export interface Cadence {
  readonly measurement: string;
  /** Tags of its figures' series, where several cadences share a measurement. */
  readonly tags?: Readonly<Record<string, string>>;
  /** The period that holds an instant: start <= instant < end. All periods begin and end at whole hours. */
  span(instant: number, settings: Settings): Span;
  /** undefined: nothing valid in the period. */
  make(window: Window, span: Span, place: Place): Figure | undefined;
  /** Every field that a figure may have. */
  readonly fields: readonly string[];
}

const sameValue = (a: FieldValue | undefined, b: FieldValue | undefined): boolean => Object.is(a, b);

/** The fields of a figure as its series has them: with the names of those below their minimum of data. */
export const editionOf = (figure: Figure | undefined): Record<string, FieldValue> =>
  figure === undefined ? {} : figureFields(figure);

/** The later edition of a figure with what is gone from the earlier; undefined: nothing changed. */
export const revise = (before: Figure | undefined, after: Figure | undefined): Figure | undefined => {
  if (before === undefined) return after;
  const fields = editionOf(after);
  const earlier = editionOf(before);
  const gone = Object.keys(earlier).filter((name) => !(name in fields));
  const changed = Object.keys(fields).some((name) => !sameValue(earlier[name], fields[name]));
  if (gone.length === 0 && !changed) return undefined;
  return { ...(after ?? { ...before, fields: {}, invalid: [] }), ...(gone.length > 0 ? { gone } : {}) };
};

/** A figure's place in its series, whether it has anything to hold or not. */
export interface Slot {
  readonly measurement: string;
  readonly station: string;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly start: number;
  readonly end: number;
  /** Every field that it may have. */
  readonly names: readonly string[];
  /** How long after its newest reading a station's figure may begin and still hold something, ms. */
  readonly reach: number;
}

export const blankOf = ({ measurement, station, tags, start, end }: Slot): Figure => ({
  measurement,
  station,
  ...(tags === undefined ? {} : { tags }),
  start,
  end,
  fields: {},
  invalid: [],
});

/** Whether a tick before the window was loaded may have written the figure; then what it held is no longer known. */
const mayBeThere = ({ loadedTo }: Window, { start, reach }: Slot): boolean =>
  loadedTo !== undefined && start <= loadedTo + reach;

/** What is to be written of a figure that may have been written before as provisional; undefined: nothing changed. */
export const settleFigure = (
  window: Window,
  slot: Slot,
  figure: Figure | undefined,
  provisional: boolean,
): Figure | undefined => {
  const key = `${slot.measurement}/${Object.values(slot.tags ?? {}).join()}/${slot.start}`;
  const earlier = window.provisional.get(key);
  if (!provisional) window.provisional.delete(key);
  else if (figure !== undefined || earlier !== undefined) window.provisional.set(key, figure ?? blankOf(slot));
  if (earlier !== undefined || !mayBeThere(window, slot)) return revise(earlier, figure);
  if (provisional) window.provisional.set(key, figure ?? blankOf(slot));
  const fields = editionOf(figure);
  return { ...(figure ?? blankOf(slot)), gone: slot.names.filter((name) => !(name in fields)) };
};

/** Periods that end in (from, to] and to which readings belong, in order of those. */
const periodsClosed = (cadence: Cadence, { readings }: Window, place: Place, from: number, to: number): Span[] => {
  const first = cadence.span(from, place.settings);
  if (first.end > to) return [];
  const spans = new Map<number, Span>();
  for (let i = indexAfter(readings, first.start - 1); i < readings.length; i++) {
    const span = cadence.span(anchorOf(readings[i]!), place.settings);
    if (span.end > from && span.end <= to) spans.set(span.start, span);
  }
  return [...spans.values()];
};

/** Figures whose period ends in (from, to]; `provisional`: a tick's, which readings may yet change. */
export const closing = (
  cadence: Cadence,
  window: Window,
  place: Place,
  from: number,
  to: number,
  provisional: boolean,
): Figure[] =>
  periodsClosed(cadence, window, place, from, to).flatMap((span) => {
    const { measurement, tags, fields } = cadence;
    const slot = { measurement, tags, station: place.station.id, ...span, names: fields, reach: 0 };
    return settleFigure(window, slot, cadence.make(window, span, place), provisional) ?? [];
  });

export interface Admission {
  readonly arrival: Arrival;
  /** The earlier reading that a revision took the place of. */
  readonly replaced?: Reading | undefined;
  readonly late: boolean;
  /** Whether a period of the station ended by it, or it is of one that was over: only then is a closed period different. */
  readonly closed: boolean;
  readonly figures: Figure[];
}

/** Whether a whole hour, at which alone periods end, lies in (from, to]. */
const endsHour = (from: number, to: number): boolean => floorTo(to, HOUR) > from;

/** The periods of a reading that are over, as the station's newest reading before it has it. */
const periodsOver = (cadences: readonly Cadence[], { settings }: Place, anchor: number, newest: number) => {
  if (floorTo(anchor, HOUR) + HOUR > newest) return [];
  const periods = cadences.map((cadence) => ({ cadence, span: cadence.span(anchor, settings) }));
  return periods.filter(({ span }) => span.end <= newest);
};

/**
 * Take a reading into its window and say which figures it writes or changes.
 * @param newest time of the station's newest reading before this one
 */
export const admit = (
  cadences: readonly Cadence[],
  window: Window,
  place: Place,
  reading: Reading,
  newest: number,
): Admission => {
  const at = arrivalOf(window, reading);
  if (at.arrival === 'duplicate') return { arrival: 'duplicate', late: false, closed: false, figures: [] };
  const over = periodsOver(cadences, place, anchorOf(reading), newest);
  const before = over.map(({ cadence, span }) => cadence.make(window, span, place));
  const replaced = at.arrival === 'revised' ? window.readings[at.index] : undefined;
  insert(window, reading, at);
  const figures = over.flatMap(({ cadence, span }, i) => revise(before[i], cadence.make(window, span, place)) ?? []);
  const to = Math.max(newest, reading.time);
  const ended = endsHour(newest, to);
  if (ended) for (const cadence of cadences) figures.push(...closing(cadence, window, place, newest, to, false));
  window.clock = to;
  return { arrival: at.arrival, replaced, late: over.length > 0, closed: ended || over.length > 0, figures };
};
