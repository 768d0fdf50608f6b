import type { Settings } from '../config/schema.ts';
import type { Catalog, Station } from '../core/catalog.ts';
import type { Bilingual, Evidence, Feed, Figure, Reading, Signal } from '../core/types.ts';
import type { Column } from '../processors/column.ts';
import type { Fallen, Rolling } from '../processors/rain.ts';
import type { RainDay } from '../processors/rain-days.ts';
import type { Answers } from './questions.ts';

/** What a rule may look at: the latest figures and forecasts, never a clock or a disk. */
export interface World {
  readonly catalog: Catalog;
  readonly settings: Settings;
  /** Event time: the later of the last tick and the reading at hand. */
  readonly now: number;
  /** Stations in service that report weather, by township. */
  readonly weatherStations: ReadonlyMap<string, readonly Station[]>;
  /** Rolling rain or snow of a station up to its newest reading, or up to now once its next reading is overdue. */
  fallen(station: string, what: Fallen): Rolling | undefined;
  /** Weather readings of a station still in memory, in order of time. */
  weather(station: string): readonly Reading[];
  /** Valid values in those readings, by quantity. */
  measured(station: string): (quantity: string) => Column;
  /** Days of rain of a station by their start, the last `geological.days` and a few more. */
  rainDays(station: string): ReadonlyMap<number, RainDay>;
  /** Forecasts for a township still in memory, by time of issue. */
  forecasts(township: string): readonly Reading[];
  /** Valid values in those, by quantity. */
  expected(township: string): (quantity: string) => Column;
  /** When a station last sent anything valid; before it ever did, when watching began. undefined: not watched yet. */
  lastValid(station: string): number | undefined;
  /** Since when messages have been heard without a break; silence before that may be ours. */
  readonly listeningSince: number;
  /** Figures of a month of every dustfall point that has one. */
  dustfallPoints(monthStart: number): readonly Figure[];
  /**
   * A station's newest figure of a closed period for which `decides` holds, as far back as memory reaches.
   * @param tags tells cadences that share a measurement apart
   */
  lastFigure(
    feed: Feed,
    station: string,
    measurement: string,
    decides: (figure: Figure) => boolean,
    tags?: Readonly<Record<string, string>>,
  ): Figure | undefined;
  /** Subjects of a kind's signals in force. */
  inForce(kind: string): readonly string[];
  /** Rank of the signal in force, 0 for none. */
  rank(kind: string, subject: string): number;
  /** When each unit last reported on a signal, by its id. */
  reports(id: string): ReadonlyMap<string, number>;
  /** What rules have worked out of this world; nothing that they ask of changes meanwhile. */
  readonly answers: Answers;
  /** The signal as it stands, in force or ended. */
  signal(kind: string, subject: string): Signal | undefined;
}

/** A feed of a station. */
export type Source = Pick<Reading, 'feed' | 'station'>;

interface Happened {
  readonly figures: readonly Figure[];
  /**
   * Stations of which a closed period may be different. Figures do not tell: a tick may have written one already, and after a start one is
   * written again that did not change. A rule that is asked by these is asked at the same events at least, whatever happened to the process; after a start once more, which must change nothing.
   */
  readonly closed: readonly Source[];
}

/** What happened, and the figures it wrote. A tick ends an instant: everything that was due at it is in. */
export type Trigger =
  | (Happened & { readonly kind: 'reading'; readonly reading: Reading })
  | (Happened & { readonly kind: 'tick'; readonly settled: boolean });

/** What a rule says of one subject: at least `least`, at most `most`; the truth lies between where something is not known. */
export interface Verdict {
  readonly subject: string;
  /** Rank that is certain, 0 for none. */
  readonly least: number;
  /** Highest rank that cannot be ruled out. */
  readonly most: number;
  /** Rank of the signal in force that its reset condition does not let fall yet; absent: raise and reset conditions are the same. */
  readonly keeps?: number;
  readonly title: Bilingual;
  /** Document and clause, where they hang on the data's date or on a setting; absent: the rule's. */
  readonly basis?: Rule['basis'];
  /** What bears out a rank. */
  evidence(rank: number): Evidence[];
  /** What would have to be known to decide between least and most; empty when they are the same. */
  readonly lacking: readonly string[];
}

/** figures → verdicts of one threshold of a document. Pure. */
export interface Rule {
  readonly kind: string;
  readonly basis: { readonly document: string; readonly clause: string };
  /** Names of ranks 1, 2, ... for the kind's levels; empty: the kind has none, rank 1 is raised. */
  readonly levels: readonly string[];
  /** People decide: a proposal, until the person whom the document names signs. */
  readonly signed: boolean;
  /**
   * A level rises as soon as it is certain. Rules that compare many stations fall only when an instant is complete, so that
   * readings of the same minute, arriving one by one, cannot lower what the next would raise again.
   */
  readonly falls: 'at-once' | 'at-tick';
  /** Feeds whose readings can change what it says; at ticks every rule is asked. */
  readonly feeds: readonly Feed[];
  /** How long a level is held at least before it may fall, ms. */
  readonly hold?: (settings: Settings) => number;
  /** Title of a subject that a person may raise by judgement; undefined: there is no such subject. */
  readonly titleOf?: (subject: string, settings: Settings) => Bilingual | undefined;
  evaluate(world: World, trigger: Trigger): readonly Verdict[];
}
