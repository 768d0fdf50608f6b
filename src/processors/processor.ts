import type { Settings } from '../config/schema.ts';
import type { Station } from '../core/catalog.ts';
import type { Feed, Figure, Reading, Span } from '../core/types.ts';
import type { Cadence, Place } from './cadence.ts';
import type { Window } from './window.ts';

/** readings → figures of one feed: pure, all that it knows is handed in. */
export interface Processor {
  readonly feed: Feed;
  readonly cadences: readonly Cadence[];
  /** The range of times of the station's readings that must be known to work out figures of a reading with this span. */
  reach(span: Span, settings: Settings): Span;
  /** How long readings stay in memory behind the station's newest, ms. */
  readonly keep: number;
  /**
   * Figures that have their own rhythm, such as rolling sums: after `changed` was taken in, when the newest reading was of
   * `from`, or after the clock moved from `from` to `to` without one. `before` holds what `beforehand` returned.
   */
  readonly rolling?: {
    /** Figures as they stand that `changed` may alter, worked out before it is taken in. */
    beforehand(window: Window, changed: Reading, newest: number, place: Place): readonly Figure[];
    figures(window: Window, change: RollingChange, place: Place): readonly Figure[];
  };
  /** Figures of the whole county, worked out from the windows of all its stations of the feed. */
  readonly county?: {
    /** The figure of the period that holds an instant; `clock`: the last tick. */
    figure(members: readonly Member[], instant: number, clock: number, settings: Settings): Figure | undefined;
    /** Instants whose figure changes because the clock moved from `from` to `to`, without any reading. */
    due(from: number, to: number, settings: Settings): readonly number[];
    /** Readings of other stations that the figure of a reading with this span looks at. */
    reach(span: Span, settings: Settings): Span;
  };
  readonly countywide?: readonly CountyCadence[];
}

/**
 * A figure of the whole county over its assessed stations. Readings change it one after the other, so it is written at ticks: once
 * its period is over, and again after every change.
 */
export interface CountyCadence {
  readonly measurement: string;
  /** Every field that a figure may have. */
  readonly fields: readonly string[];
  /** The period that holds an instant. */
  span(instant: number, settings: Settings): Span;
  /** The range of times of the stations' readings that the figure of a period looks at. */
  reach(span: Span, settings: Settings): Span;
  /** undefined: nothing valid in the period. */
  make(members: readonly Member[], span: Span, settings: Settings): Figure | undefined;
}

export interface Member {
  readonly station: Station;
  readonly window: Window;
}

export interface RollingChange {
  readonly changed?: Reading;
  readonly before: readonly Figure[];
  readonly from: number;
  readonly to: number;
}
