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
  /** `fall` (observed): by how much the lowest of the hours lies below the lowest of the day before them. */
  readonly of: 'sum' | 'highest' | 'lowest' | 'newest' | 'fall';
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

/** On each of so many consecutive days of the forecast, of which the first is the one under way or the next. */
export interface Days<Word extends string = string> {
  readonly days: number;
  /** Its hours are a day's. */
  readonly each: Condition<Word>;
  /** Quantity of the weather feed that shows what the day under way has had so far. */
  readonly seen: string;
}

export type Question<Word extends string = string> =
  | Condition<Word>
  | Trend
  | Days<Word>
  | { readonly all: readonly Question<Word>[] }
  | { readonly any: readonly Question<Word>[] };

/** So many townships (the zone is one) in which what is asked of each holds. */
export interface Count<Word extends string = string> {
  readonly townships: Limit<Word>;
  readonly each: Question<Word>;
}

/** All counts of a clause hold. */
export type Clause<Word extends string = string> = readonly Count<Word>[];

/** Conditions and trends that a question is made of. */
export const leavesOf = (question: Question): (Condition | Trend)[] => {
  if ('all' in question) return question.all.flatMap(leavesOf);
  if ('any' in question) return question.any.flatMap(leavesOf);
  if (!('days' in question)) return [question];
  return [question.each, { ...question.each, when: 'observed', quantity: question.seen }];
};

/** A condition that a gauge can meet at any reading, and whose it is. */
export interface Observing {
  readonly subject: string;
  readonly condition: Condition;
}

/** What the levels of subjects look at, by quantity: most readings concern few of them. */
export interface Looks {
  /** All of them, in the order of their document. */
  readonly subjects: readonly string[];
  readonly observed: ReadonlyMap<string, readonly Observing[]>;
  /** Of forecasts; `trend` is one. */
  readonly expected: ReadonlyMap<string, readonly string[]>;
}

const addTo = <T>(lists: Map<string, T[]>, name: string, one: T): void => {
  const list = lists.get(name) ?? [];
  lists.set(name, list);
  if (!list.includes(one)) list.push(one);
};

/**
 * What subjects look at, by the clauses of all their levels.
 * What falls over days does so slowly: a subject with such a condition observes nothing here, the clock's ticks are enough.
 */
export const looksOf = (subjects: readonly (readonly [string, readonly Clause[]])[]): Looks => {
  const observed = new Map<string, Observing[]>();
  const expected = new Map<string, string[]>();
  for (const [subject, clauses] of subjects) {
    const leaves = clauses.flatMap((clause) => clause.flatMap(({ each }) => leavesOf(each)));
    const isSlow = leaves.some((one) => 'when' in one && one.when === 'observed' && one.of === 'fall');
    for (const one of leaves) {
      if (!('when' in one)) addTo(expected, 'trend', subject);
      else if (one.when === 'forecast') addTo(expected, one.quantity, subject);
      else if (!isSlow) addTo(observed, one.quantity, { subject, condition: one });
    }
  }
  return { subjects: subjects.map(([subject]) => subject), observed, expected };
};
