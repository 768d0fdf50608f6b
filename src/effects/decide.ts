import type { Settings } from '../config/schema.ts';
import type { Catalog } from '../core/catalog.ts';
import { monthStart, parseTime } from '../core/time.ts';
import type { Evidence, Figure, Signal } from '../core/types.ts';
import type { HandedEnd } from '../intake/desk.ts';
import type { JournalEvent } from '../intake/journal.ts';
import type { Middle, MiddleState } from '../middle.ts';
import { type Decision, isRefusal, type Refusal, refuse, type Situation, type Taken } from '../signals/decision.ts';
import { entryOf, type Ledger } from '../signals/ledger.ts';
import { isEnded } from '../signals/life.ts';
import { isPeoples, takeStep } from '../signals/steps.ts';
import { dustfallEvidence } from '../thresholds/dustfall.ts';
import { rules } from '../thresholds/index.ts';

// People's steps, journalled like readings and taken in their order: what a step finds is what the events before it have made.

export interface DecideParts {
  readonly state: MiddleState;
  readonly settings: Settings;
  readonly catalog: Catalog;
  readonly ledger: Ledger;
  readonly middle: Pick<Middle, 'verdict' | 'dustfallPoints'>;
  /** Write a change of a signal. */
  write(signal: Signal): void;
}

/** What was done: the signal as it is after it, and its lines in the ledger. */
export interface Done {
  readonly signal: string;
  readonly version: number;
  readonly entries: readonly number[];
}

const ended = (outcome: Refusal): HandedEnd => ({ state: 'refused', detail: JSON.stringify(outcome) });

/** `{county}/{kind}/{subject}` and, of a signal there is, `/{since}`. */
const partsOf = (reference: string): { county: string; kind: string; subject: string; since: string | undefined } => {
  const [county = '', kind = '', subject = '', since] = reference.split('/');
  return { county, kind, subject, since };
};

/** The highest dustfall of the month after the signal's, of the points that have one. */
const laterMonth = (subject: string, { state, middle }: DecideParts): Evidence | undefined => {
  const month = parseTime(`${subject}-01T00:00:00`);
  if (month === undefined) return undefined;
  const start = monthStart(month, 1);
  const dustfallOf = ({ fields }: Figure): number => Number(fields['dustfall']);
  const highest = [...middle.dustfallPoints(state, start)].sort((a, b) => dustfallOf(b) - dustfallOf(a))[0];
  return highest && dustfallEvidence(highest, 'dustfall', 'dustfall')[0];
};

const noSuch = (reference: string): Refusal =>
  refuse(
    'no-such-signal',
    `没有须人处置的信号 ${reference}`,
    `there is no signal ${reference} that is for people to decide`,
  );

const situationOf = (decision: Decision, at: number, parts: DecideParts): Situation | Refusal => {
  const { state, catalog, settings } = parts;
  const { county, kind, subject, since } = partsOf(decision.signal);
  const rule = rules.find((one) => one.kind === kind);
  const current = state.signals.get(`${kind}/${subject}`);
  if (rule === undefined || !isPeoples(kind) || county !== catalog.county.code) return noSuch(decision.signal);
  if (since !== undefined && current?.id !== decision.signal) return noSuch(decision.signal);
  const opens = current === undefined || (since === undefined && isEnded(current));
  // Nothing is up: only a judgement can begin it, of a subject that the document has.
  if (opens && (decision.step !== 'judge' || rule.titleOf?.(subject, settings) === undefined))
    return noSuch(decision.signal);
  return {
    ...{ current, rule, subject, county, at, settings },
    verdict: rule.signed ? parts.middle.verdict(state, kind, subject, at) : undefined,
    townships: new Set(catalog.townships.map(({ id }) => id)),
    later: kind === 'dustfall-rectification' ? laterMonth(subject, parts) : undefined,
  };
};

const settle = (taken: readonly Taken[], { state, ledger, write }: DecideParts): Done => {
  const entries: number[] = [];
  for (const { signal, entry } of taken) {
    const key = `${signal.kind}/${signal.subject}`;
    if (entry.step === 'report') {
      const reports = state.reports.get(signal.id) ?? new Map<string, number>();
      state.reports.set(signal.id, reports.set(entry.unit, Date.parse(entry.at)));
    }
    if (state.signals.get(key) !== signal) {
      state.signals.set(key, signal);
      write(signal);
    }
    if (entry.step === 'close') state.closed.add(key);
    entries.push(ledger.append(entry).seq);
  }
  const { id, version } = taken.at(-1)!.signal;
  return { signal: id, version, entries };
};

/** The end of a decision that could not be worked out. */
export const detailOf = (why: string): string => JSON.stringify(refuse('bad-step', `内部错误，见日志：${why}`, why));

/** Do a decision’s work, or say why it is not done; the detail of its end is JSON, `Done` or a `Refusal`. */
export const applyDecision = (event: JournalEvent, parts: DecideParts): HandedEnd => {
  const decision = JSON.parse(event.payload.toString()) as Decision;
  const situation = situationOf(decision, event.received, parts);
  if (isRefusal(situation)) return ended(situation);
  const outcome = takeStep(decision, situation);
  if (isRefusal(outcome)) return ended(outcome);
  return { state: 'done', detail: JSON.stringify(settle(outcome, parts)) };
};

/** What a threshold changed of a signal that people decide on stands in the ledger too: its level or state, not what is lacking. */
export const noteThreshold = (signal: Signal, ledger: Ledger): void => {
  if (!isPeoples(signal.kind)) return;
  const last = ledger.last(signal.id);
  if (last?.level === signal.level && last.state === signal.state) return;
  ledger.append(entryOf(signal, { step: 'threshold', person: 'lantian', role: 'threshold' }));
};
