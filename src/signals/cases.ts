import type { Settings } from '../config/schema.ts';
import { HOUR, isoUtc } from '../core/time.ts';
import type { Bilingual, Signal } from '../core/types.ts';
import { DUTY, SENT } from '../standards/weather-command-2021.ts';
import type { Level } from '../standards/weather-plan-2021.ts';
import { reportsDue } from '../thresholds/report-due.ts';
import { isEnded } from './life.ts';
import { type NextStep, nextSteps } from './steps.ts';

/** The people's side of a signal (处置): what is to be done next, and by whom. */
export interface Case {
  /** Id of the signal. */
  readonly signal: string;
  readonly version: number;
  readonly kind: string;
  readonly subject: string;
  readonly title: Bilingual;
  readonly level: string | null;
  readonly state: string;
  readonly stage: string | null;
  readonly in_force: Signal['in_force'] | null;
  readonly next: readonly NextStep[];
  /** Reports of a response in force; null: none are due. */
  readonly reports: Reports | null;
  readonly duty: Bilingual | null;
  readonly sent: Bilingual | null;
}

export interface Reports {
  readonly every_h: number;
  /** The span under way, ISO 8601 UTC. */
  readonly from: string;
  readonly to: string;
  readonly open: readonly string[];
  readonly late: readonly string[];
}

const reportsOf = (
  signal: Signal,
  reports: ReadonlyMap<string, number>,
  now: number,
  { reports: asked }: Settings,
): Reports | null => {
  const due =
    signal.kind === 'weather-response' && !isEnded(signal) ? reportsDue(signal, reports, now, asked) : undefined;
  if (due === undefined) return null;
  const { every, from, to, open, late } = due;
  return { every_h: every / HOUR, from: isoUtc(from), to: isoUtc(to), open, late };
};

/** @param reports when each unit last reported on it, ms */
export const caseOf = (signal: Signal, reports: ReadonlyMap<string, number>, now: number, settings: Settings): Case => {
  const { id, version, kind, subject, title, level, state, stage = null, in_force = null } = signal;
  const signed = kind === 'weather-response' ? (in_force?.level as Level | undefined) : undefined;
  return {
    ...{ signal: id, version, kind, subject, title, level, state, stage, in_force },
    next: nextSteps(signal),
    reports: reportsOf(signal, reports, now, settings),
    duty: signed === undefined ? null : DUTY[signed],
    sent: signed === undefined ? null : (SENT[signed] ?? null),
  };
};
