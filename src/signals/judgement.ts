import type { Signal } from '../core/types.ts';
import type { Verdict } from '../thresholds/rule.ts';
import { type Refusal, refuse, type Situation } from './decision.ts';
import { advance, isEnded, laterOf } from './life.ts';

// A person's judgement of a level: 附件6 (11) has responses for damage done and for what may reach other districts, which no gauge shows,
// and a gauge may be missing. It holds its level until a person withdraws it or the signal ends, and the evidence may go above it.

/** A threshold that has not spoken yet: nothing is certain and nothing ruled out. */
const unknown = ({ rule, subject, settings }: Situation): Verdict => ({
  subject,
  least: 0,
  most: rule.levels.length,
  title: rule.titleOf?.(subject, settings) ?? { zh: subject, en: subject },
  evidence: () => [],
  lacking: [],
});

/** A judgement stands on what the threshold can show, at whatever level that is. */
const asJudged = (verdict: Verdict, rank: number): Verdict => ({
  ...verdict,
  least: Math.max(verdict.least, rank),
  most: Math.max(verdict.most, rank),
  evidence: () => (verdict.least > 0 ? verdict.evidence(verdict.least) : []),
});

const open = (situation: Situation, verdict: Verdict, level: string, rank: number): Signal => {
  const { county, at, rule, current } = situation;
  const born = advance(current, rule, asJudged(verdict, rank), { county, at, mayFall: true });
  // A rank above 0 where none was up always begins a signal.
  return { ...born!, judged: level };
};

/** As it goes on from here: with the judgement, and no longer about to be lifted. */
const marked = (signal: Signal, level: string | null): Signal => {
  const { judged: _, ...rest } = signal;
  if (level === null) return rest;
  const back = signal.state === 'lift-proposed' ? ({ state: signal.in_force ? 'active' : 'proposed' } as const) : {};
  return { ...rest, ...back, judged: level };
};

/** @param level null withdraws the judgement there is */
export const judged = (situation: Situation, level: string | null): Signal | Refusal => {
  const { current, rule, county, at } = situation;
  const verdict = situation.verdict ?? unknown(situation);
  const rank = level === null ? 0 : rule.levels.indexOf(level) + 1;
  if (level !== null && verdict.least >= rank) {
    const proven = rule.levels[verdict.least - 1];
    return refuse('out-of-order', `资料已达到${proven}级，无需研判`, `the evidence makes up ${proven} already`);
  }
  if (current === undefined || isEnded(current)) {
    if (level === null) return refuse('out-of-order', '没有可撤销的研判', 'there is no judgement to withdraw');
    return open(situation, verdict, level, rank);
  }
  if ((current.judged ?? null) === level)
    return refuse(
      'out-of-order',
      '研判没有变化',
      level === null ? 'there is no judgement to withdraw' : 'it is judged so already',
    );
  const next = marked(current, level);
  // What the evidence cannot tell is the person's to say: it does not hold a level against the judgement.
  const decided: Verdict = { ...verdict, most: verdict.least, keeps: 0 };
  const moved = advance(next, rule, decided, { county, at, mayFall: true });
  return moved ?? { ...next, version: current.version + 1, at: laterOf(current, at) };
};
