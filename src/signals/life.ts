import { isoUtc } from '../core/time.ts';
import type { Signal, SignalState } from '../core/types.ts';
import type { Rule, Verdict } from '../thresholds/rule.ts';

// The life of a signal. Kinds that no one signs are active, then lifted. Kinds that people sign are proposed; a proposal whose
// condition ends is lapsed; one that was agreed never lifts itself, it proposes to. What is signed stays in force (`in_force`) while
// another level is proposed, until that is signed or the end is. A change of level, state or `lacking` is a new version; new evidence
// alone is not.

const ENDED: readonly SignalState[] = ['lifted', 'lapsed'];

export const isEnded = (signal: Signal): boolean => ENDED.includes(signal.state);

/** Rank of a signal in force by its rule's levels; 0 for none or an ended one. */
export const rankOf = (signal: Signal | undefined, levels: readonly string[]): number => {
  if (signal === undefined || isEnded(signal)) return 0;
  return levels.length === 0 ? 1 : levels.indexOf(signal.level ?? '') + 1;
};

/** The highest rank in the series: of I and red, and of kinds whose levels are no warning's. */
const HIGHEST = 4;

/** What the series calls rank: 4 for I or red down to 1 for IV or blue, 4 for other active kinds, 0 for ended. */
export const seriesRank = (signal: Signal, levels: readonly string[]): number => {
  const rank = rankOf(signal, levels);
  if (rank === 0) return 0;
  // A plan without blue begins at yellow; more levels than four are classes.
  return levels.length === 0 || levels.length > HIGHEST ? HIGHEST : rank + HIGHEST - levels.length;
};

/** Where the level goes: up to what is certain, down to what is neither possible nor kept by its reset condition, else it stays. */
export const nextRank = (current: number, { least, most, keeps = 0 }: Verdict, mayFall: boolean): number =>
  Math.max(least, mayFall ? Math.min(current, Math.max(most, keeps)) : current);

export interface Occasion {
  readonly county: string;
  /** Event time of the change, ms. */
  readonly at: number;
  readonly mayFall: boolean;
  /** How long a level is held at least, ms. */
  readonly held?: number;
}

/** A level may fall when the occasion allows it and it has been held long enough. */
const maySink = (current: Signal | undefined, { at, mayFall, held = 0 }: Occasion): boolean =>
  mayFall && (current?.level_since === undefined || at - Date.parse(current.level_since) >= held);

const stateOf = (signal: Signal | undefined, rule: Rule, level: string | null, rank: number): SignalState => {
  if (!rule.signed) return rank > 0 ? 'active' : 'lifted';
  const state = signal?.state;
  if (rank === 0) return state === 'proposed' && !signal?.in_force ? 'lapsed' : 'lift-proposed';
  if (signal?.in_force && signal.in_force.level === level) return 'active';
  // Another level than the one that was agreed on, or than the one in force, is a proposal again.
  return state === 'agreed' && rank === rankOf(signal, rule.levels) ? 'agreed' : 'proposed';
};

const begin = (rule: Rule, verdict: Verdict, occasion: Occasion, ended: Signal | undefined): Signal => {
  // Two lives of the same subject may not share an id, even within one instant, and the later begins after the earlier ended.
  const least = ended === undefined ? [] : [Date.parse(ended.since) + 1, Date.parse(ended.at)];
  const at = isoUtc(Math.max(occasion.at, ...least));
  const id = `${occasion.county}/${rule.kind}/${verdict.subject}/${at}`;
  const { county } = occasion;
  const name = { id, version: 1, county, kind: rule.kind, subject: verdict.subject };
  const about = { title: verdict.title, basis: verdict.basis ?? rule.basis, evidence: [], lacking: [] };
  return { ...name, level: null, state: 'active', since: at, at, ...about };
};

const same = (a: Signal, level: string | null, state: SignalState, lacking: readonly string[]): boolean =>
  a.level === level && a.state === state && a.lacking.join('\n') === lacking.join('\n');

/** A reading may be a little ahead of the clock, and the tick or step after it behind: a later version is never of an earlier time. */
export const laterOf = (signal: Signal, at: number): string => isoUtc(Math.max(at, Date.parse(signal.at)));

/**
 * The signal after a verdict, or undefined where nothing changed.
 * @param current the subject's signal so far, in force or ended
 */
export const advance = (
  current: Signal | undefined,
  rule: Rule,
  verdict: Verdict,
  occasion: Occasion,
): Signal | undefined => {
  const before = rankOf(current, rule.levels);
  // Once its end is proposed, only a certain level brings a signal back, never something unknown.
  const held = current?.state === 'lift-proposed' ? 0 : before;
  const judged = before === 0 ? 0 : rule.levels.indexOf(current?.judged ?? '') + 1;
  const rank = Math.max(
    nextRank(held, verdict, maySink(current, occasion)),
    current?.state === 'lift-proposed' ? 0 : judged,
  );
  if (before === 0 && rank === 0) return undefined;
  const born = before === 0 ? begin(rule, verdict, occasion, current) : undefined;
  const signal = born ?? current!;
  // Ended or about to be lifted, the level last held stays in sight.
  const level = rank === 0 ? signal.level : (rule.levels[rank - 1] ?? null);
  const state = stateOf(born === undefined ? current : undefined, rule, level, rank);
  const lacking = rank === 0 ? [] : occasion.mayFall || rank !== before ? verdict.lacking : signal.lacking;
  if (born === undefined && same(signal, level, state, lacking)) return undefined;
  const found = verdict.evidence(rank);
  // What ended it is evidence too, where the rule has any.
  const evidence = found.length > 0 ? found : signal.evidence;
  const moved = { level, state, lacking, evidence, title: verdict.title, basis: verdict.basis ?? rule.basis };
  const marks = (at: string) => ({
    ...(rule.signed ? { in_force: (born === undefined && current?.in_force) || null } : {}),
    ...(rule.levels.length === 0 ? {} : { level_since: level === signal.level ? (signal.level_since ?? at) : at }),
  });
  if (born) return { ...born, ...moved, ...marks(born.at) };
  const at = laterOf(signal, occasion.at);
  return { ...signal, ...moved, ...marks(at), version: signal.version + 1, at };
};

/** The signal after a person's step. */
export const inState = (signal: Signal, state: SignalState, at = signal.at): Signal => {
  const { judged, ...rest } = signal;
  const ended = ENDED.includes(state);
  return {
    ...rest,
    ...(ended || judged === undefined ? {} : { judged }),
    ...(state === 'active'
      ? { in_force: { level: signal.level, since: at }, signed_since: signal.signed_since ?? at }
      : ended
        ? { in_force: null }
        : {}),
    state,
    at,
    version: signal.version + 1,
  };
};

/** The steps people would take, taken at once: for replays that ask what would have been in force. */
export const signAtOnce = (signal: Signal): Signal[] => {
  const next: Partial<Record<SignalState, SignalState>> = {
    proposed: 'agreed',
    agreed: 'active',
    'lift-proposed': 'lifted',
  };
  const steps: Signal[] = [];
  for (let last = signal, state = next[last.state]; state !== undefined; state = next[last.state]) {
    last = inState(last, state);
    steps.push(last);
  }
  return steps;
};
