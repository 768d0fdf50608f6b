import type { Settings } from '../config/schema.ts';
import type { Feed, Figure, Reading, Span } from '../core/types.ts';
import { blankOf, editionOf } from '../processors/cadence.ts';
import { processors } from '../processors/index.ts';
import type { CountyCadence, Member } from '../processors/processor.ts';
import { anchorOf, type Window } from '../processors/window.ts';
import type { Need } from './needs.ts';
import { type Known, type MiddleState, membersOf } from './state.ts';

// Figures of the county over its assessed stations. A reading marks the periods it changes; at a tick those that are over are
// worked out, each from all stations at once.

interface DueFigure {
  readonly feed: Feed;
  readonly cadence: CountyCadence;
  readonly span: Span;
}

/** Mark the county's periods that a reading changes. */
export const markDue = (state: MiddleState, { catalog, settings }: Known, reading: Reading): void => {
  const { countywide } = processors[reading.feed];
  if (countywide === undefined || catalog.stations.get(reading.station)?.assessed !== true) return;
  const anchor = anchorOf(reading);
  for (const cadence of countywide) {
    const { start, end } = cadence.span(anchor, settings);
    const starts = state.due.get(cadence.measurement) ?? new Map<number, boolean>();
    if (starts.size === 0) state.due.set(cadence.measurement, starts);
    // While the period is not over, nothing of it can have been written.
    if (end <= state.tick || !starts.has(start)) starts.set(start, end <= state.tick);
  }
};

const assessedOf = (state: MiddleState, known: Known, feed: Feed): Member[] =>
  membersOf(state, known, feed).filter(({ station }) => station.assessed);

const nextDue = ({ due, tick }: MiddleState, { settings }: Known): DueFigure | undefined => {
  for (const { feed, countywide } of Object.values(processors))
    for (const cadence of countywide ?? [])
      for (const start of due.get(cadence.measurement)?.keys() ?? []) {
        const span = cadence.span(start, settings);
        if (span.end <= tick) return { feed, cadence, span };
      }
  return undefined;
};

/** What the figure looks at: the window of each assessed station, or the loan in its place. */
const lookAt = (
  members: readonly Member[],
  { feed, cadence, span }: DueFigure,
  settings: Settings,
  lent: ReadonlyMap<string, Window>,
): Member[] | Need => {
  const { start, end } = cadence.reach(span, settings);
  const found: Member[] = [];
  for (const { station, window } of members) {
    const loan = window.from <= start ? window : lent.get(station.id);
    if (loan === undefined || (loan !== window && loan.from !== start))
      return { feed, station: station.id, range: { from: start, to: end }, into: 'loan' };
    found.push({ station, window: loan });
  }
  return found;
};

/** Fields of an edition that may have been written before and are not in this one are unset. */
const editionToWrite = (due: DueFigure, figure: Figure | undefined, again: boolean): Figure[] => {
  if (!again) return figure === undefined ? [] : [figure];
  const { cadence, span } = due;
  const blank = blankOf({ ...cadence, ...span, station: 'county', names: cadence.fields, reach: 0 });
  const fields = figure === undefined ? {} : editionOf(figure);
  return [{ ...(figure ?? blank), gone: cadence.fields.filter((name) => !(name in fields)) }];
};

/** The county's figures of the last periods that the clock has passed, as memory has them. */
export const lastOfCounty = (state: MiddleState, known: Known): Figure[] => {
  if (!Number.isFinite(state.tick)) return [];
  return Object.values(processors).flatMap(({ feed, countywide }) => {
    const members = countywide === undefined ? [] : assessedOf(state, known, feed);
    return (countywide ?? []).flatMap((cadence) => {
      const last = cadence.span(cadence.span(state.tick, known.settings).start - 1, known.settings);
      return cadence.make(members, last, known.settings) ?? [];
    });
  });
};

/** Work out the next figure of the county that is due. */
export const nextOfCounty = (
  state: MiddleState,
  known: Known,
  lent: ReadonlyMap<string, Window>,
): { readonly figures: readonly Figure[] } | { readonly need: Need } | undefined => {
  const due = nextDue(state, known);
  if (due === undefined) return undefined;
  const members = lookAt(assessedOf(state, known, due.feed), due, known.settings, lent);
  if (!Array.isArray(members)) return { need: members };
  const starts = state.due.get(due.cadence.measurement)!;
  const again = starts.get(due.span.start) === true;
  starts.delete(due.span.start);
  return { figures: editionToWrite(due, due.cadence.make(members, due.span, known.settings), again) };
};
