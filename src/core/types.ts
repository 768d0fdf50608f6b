// The few domain types that every room shares. Times are epoch milliseconds; units are those of the feed's quantity.

/** A kind of report (数据类别). */
export type Feed = 'air' | 'dustfall' | 'weather' | 'forecast' | 'water' | 'emission';

export const FEEDS: readonly Feed[] = ['air', 'dustfall', 'weather', 'forecast', 'water', 'emission'];

/** A half-open span of event time, (start, end]. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

/** A message that was understood (读数): one station, one span, its values in the feed's units. */
export interface Reading {
  readonly feed: Feed;
  /** Station id of the catalog; for a forecast a township id or `county`. */
  readonly station: string;
  /** END of the period the values cover; for a forecast the time of issue. */
  readonly time: number;
  /** START of the period, before `time`; equal to `time` for an instant. */
  readonly start: number;
  readonly values: Readonly<Record<string, number>>;
  /** HJ 212 data flags; a value whose flag is neither absent nor N is kept but never used. */
  readonly flags?: Readonly<Record<string, string>>;
  /** The window of a forecast, (from, to]. */
  readonly from?: number;
  readonly to?: number;
  readonly phenomena?: readonly string[];
  readonly trend?: string;
  readonly status?: string;
  readonly sequence?: number;
}

export type FieldValue = number | string | boolean;

/** A number derived for a station or area and a period (统计值). */
export interface Figure {
  readonly measurement: string;
  /** Station id, or `county`. */
  readonly station: string;
  /** Extra tags of the series beyond county, station, township and enterprise (a forecast's window, a class's period). */
  readonly tags?: Readonly<Record<string, string>>;
  readonly start: number;
  readonly end: number;
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** Quantities that are present but below their document's minimum of data: shown, never judged. */
  readonly invalid?: readonly string[];
  /** Fields that an earlier edition of this figure had and that are unknown now: stores must unset them. */
  readonly gone?: readonly string[];
}

/** One row of a series, as the stores take it. */
export interface Point {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly time: number;
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** Fields to unset in whatever the store has at this series and time. */
  readonly gone?: readonly string[];
}

export interface Evidence {
  readonly station: string;
  readonly quantity: string;
  readonly value: number;
  readonly unit: string;
  readonly from: string;
  readonly to: string;
}

export type SignalState = 'proposed' | 'agreed' | 'active' | 'lift-proposed' | 'lifted' | 'lapsed';

/** A level that was signed and has not been lifted. */
export interface InForce {
  readonly level: string | null;
  /** Event time of the signature, ISO 8601 UTC. */
  readonly since: string;
}

/** What a threshold says now (信号), exactly as it is published. Times are ISO 8601 UTC event times. */
export interface Signal {
  readonly id: string;
  readonly version: number;
  readonly county: string;
  readonly kind: string;
  readonly subject: string;
  readonly level: string | null;
  readonly state: SignalState;
  readonly since: string;
  readonly at: string;
  readonly title: Bilingual;
  readonly basis: { readonly document: string; readonly clause: string };
  readonly evidence: readonly Evidence[];
  readonly lacking: readonly string[];
  /** Kinds that people sign: what is signed now; null: nothing. `level` is what the threshold says, `state` what people made of it. */
  readonly in_force?: InForce | null;
  /** When the first level of this life was signed, ISO 8601 UTC. */
  readonly signed_since?: string;
  /** Kinds with levels: event time since when the level is held. */
  readonly level_since?: string;
  /** A level that a person has judged right, beyond what the data show: it is held until a person lifts it. */
  readonly judged?: string;
  /** How far people have come with a dustfall rectification; absent: it is raised. */
  readonly stage?: 'bulletin' | 'campaign' | 'closed';
}
