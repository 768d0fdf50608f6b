// What documents about weather ask of a place, as data: the plan of the county (weather-plan-2021.ts) and the warning signals
// (warning-signals-2007.ts) are written in these words and read by one evaluator (src/thresholds/questions.ts).

/** A word of a document without a number; the pipeline's settings give it one. */
export type Limit<Word extends string = string> = number | Word;

/** One quantity over the hours before (observed) or ahead (forecast). Exactly one of the four limits; 以上 and 以下 include the number. */
export interface Condition<Word extends string = string> {
  readonly when: 'observed' | 'forecast';
  /** Quantity of the weather or the forecast feed. */
  readonly quantity: string;
  readonly hours: number;
  readonly of: 'sum' | 'highest' | 'lowest' | 'newest';
  readonly atLeast?: Limit<Word>;
  readonly above?: Limit<Word>;
  readonly atMost?: Limit<Word>;
  readonly below?: Limit<Word>;
  /** Counts only where this phenomenon goes with it. */
  readonly during?: 'fog' | 'sandstorm' | 'thunderstorm' | 'haze';
  /** 或者已经出现并可能持续: what the gauges show now and what may go on. */
  readonly goingOn?: true;
}

/** 预计进一步发展: what the newest forecast says of the course of things. */
export interface Trend {
  readonly trend: 'developing';
}

export type Question<Word extends string = string> =
  | Condition<Word>
  | Trend
  | { readonly all: readonly Question<Word>[] }
  | { readonly any: readonly Question<Word>[] };

/** So many townships (the zone is one) in which what is asked of each holds. */
export interface Count<Word extends string = string> {
  readonly townships: Limit<Word>;
  readonly each: Question<Word>;
}

/** All counts of a clause hold. */
export type Clause<Word extends string = string> = readonly Count<Word>[];
