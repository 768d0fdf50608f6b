import type { Settings } from '../config/schema.ts';
import type { Bilingual, Evidence, Signal } from '../core/types.ts';
import type { Rule, Verdict } from '../thresholds/rule.ts';
import type { Entry } from './ledger.ts';
import type { Person } from './roles.ts';

/** What a person does with a signal. docs/people.md tells who may take which, and when. */
export const STEPS = [
  ...['judge', 'agree', 'sign', 'propose-lift', 'lift', 'report', 'dispatch'],
  ...['bulletin', 'campaign', 'close'],
] as const;

export type Step = (typeof STEPS)[number];

/** A step as a person asks for it. */
export interface Decision {
  readonly person: Person;
  /** Id of the signal; for a judgement where none is up, `{county}/{kind}/{subject}`. */
  readonly signal: string;
  readonly step: string;
  /** The level that is judged right, agreed to or signed; null withdraws a judgement. */
  readonly level?: string | null | undefined;
  /** Why; of a report and of who is sent, what. */
  readonly reason?: string | undefined;
  /** Whom the office hands a report in for. */
  readonly unit?: string | undefined;
  /** The version that the person had in sight; another one is refused. */
  readonly version?: number | undefined;
}

/** Why a step is not taken. */
export const REFUSALS = ['no-such-signal', 'bad-step', 'not-your-step', 'out-of-order', 'signal-moved'] as const;
export type RefusalCode = (typeof REFUSALS)[number];

export interface Refusal extends Bilingual {
  readonly refused: RefusalCode;
}

export const refuse = (refused: RefusalCode, zh: string, en: string): Refusal => ({ refused, zh, en });

/** What is known when a step is asked for. */
export interface Situation {
  readonly current: Signal | undefined;
  readonly rule: Rule;
  readonly subject: string;
  /** What the threshold says now; undefined: nothing. */
  readonly verdict: Verdict | undefined;
  readonly county: string;
  /** Event time, ms. */
  readonly at: number;
  readonly settings: Settings;
  readonly townships: ReadonlySet<string>;
  /** The highest dustfall of the month after the subject's; undefined: no point has one yet. */
  readonly later: Evidence | undefined;
}

/** A step that was taken: the signal after it, and its line in the ledger. */
export interface Taken {
  readonly signal: Signal;
  readonly entry: Entry;
}

export const isRefusal = <T extends object>(outcome: T | Refusal): outcome is Refusal => 'refused' in outcome;
