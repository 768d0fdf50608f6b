// The steps of people: which there are, who takes them and from where. 沁政办发〔2021〕19号 3.3, 3.4 and 3.8 for responses; 中国气象局令第16号
// has the meteorological station issue warning signals, and names no one who signs; 沁政办发〔2021〕16号, 17 orders the dustfall campaign.

import type { Bilingual, Signal } from '../core/types.ts';
import { AGREES, MEMBERS, SENT, SIGNS } from '../standards/weather-command-2021.ts';
import type { Level } from '../standards/weather-plan-2021.ts';
import { type Decision, isRefusal, type Refusal, refuse, type Situation, type Step, type Taken } from './decision.ts';
import { judged } from './judgement.ts';
import { entryOf } from './ledger.ts';
import { inState, isEnded, laterOf } from './life.ts';
import { MEMBER_OF, ROLES, type Role } from './roles.ts';

interface StepRule {
  /** Everyone who may ever take it. */
  readonly roles: readonly Role[];
  /** Who takes it on the signal as it stands; absent: `roles`. */
  readonly of?: (signal: Signal) => readonly Role[];
  /** Where it is taken from. */
  readonly fits: (signal: Signal) => boolean;
  /** The same in words, for who comes at another time. */
  readonly when: Bilingual;
  /** The level that is meant is to be named, so that no one signs another than the one in sight. */
  readonly level?: true;
  readonly reason?: true;
}

type StepTable = Readonly<Partial<Record<Step, StepRule>>>;

const words = (zh: string, en: string): Bilingual => ({ zh, en });

const isUp = (signal: Signal): boolean => !isEnded(signal);
const isIn =
  (...states: readonly Signal['state'][]) =>
  (signal: Signal): boolean =>
    states.includes(signal.state);
const isInForce = (signal: Signal): boolean => isUp(signal) && !!signal.in_force;
const isWatched = (signal: Signal): boolean => isInForce(signal) && signal.state !== 'lift-proposed';

const signerOf = ({ level }: Signal): Role => SIGNS[level as Level];
/** The commander's signature is the agreement too. */
const maySign = (signal: Signal): boolean =>
  signal.state === 'agreed' || (signal.state === 'proposed' && signerOf(signal) === AGREES);

const ANY_TIME = words('信号未结束时', 'while the signal is up');
const IN_FORCE = words('响应生效期间', 'while a response is in force');
const PROPOSED = words('提出之后、同意之前', 'once it is proposed and not agreed to yet');
const LIFT_PROPOSED = words('建议解除之后', 'once its end is proposed');

/** The office, and its director, who heads it. */
const OFFICE: readonly Role[] = ['office', 'office-director'];

const WEATHER_RESPONSE: StepTable = {
  judge: { roles: OFFICE, fits: isUp, when: ANY_TIME, reason: true },
  agree: { roles: [AGREES], fits: isIn('proposed'), when: PROPOSED, level: true },
  sign: {
    roles: ['office-director', 'emergency-director', 'commander'],
    of: (signal) => [signerOf(signal)],
    fits: maySign,
    when: words('指挥长同意之后', 'once the commander has agreed'),
    level: true,
  },
  'propose-lift': {
    roles: OFFICE,
    fits: (signal) => isWatched(signal) || signal.state === 'agreed',
    when: words('同意之后、响应生效期间', 'once it is agreed to, and while a response is in force'),
    reason: true,
  },
  lift: { roles: [AGREES], fits: isIn('lift-proposed'), when: LIFT_PROPOSED },
  report: {
    roles: ['office', 'office-director', 'emergency-director', 'ecology-bureau', 'township'],
    fits: isInForce,
    when: IN_FORCE,
    reason: true,
  },
  dispatch: {
    roles: [...OFFICE, 'emergency-director', 'commander'],
    fits: (signal) => isInForce(signal) && SENT[signal.in_force?.level as Level] !== undefined,
    when: words('Ⅲ级及以上响应生效期间', 'while a response of level III or above is in force'),
    reason: true,
  },
};

const WARNING_SIGNAL: StepTable = {
  judge: { roles: OFFICE, fits: isUp, when: ANY_TIME, reason: true },
  sign: {
    roles: OFFICE,
    fits: isIn('proposed', 'agreed'),
    when: words('提出之后', 'once it is proposed'),
    level: true,
  },
  'propose-lift': { roles: OFFICE, fits: isWatched, when: words('生效期间', 'while it is in force'), reason: true },
  lift: { roles: OFFICE, fits: isIn('lift-proposed'), when: LIFT_PROPOSED },
};

const BUREAU: readonly Role[] = ['ecology-bureau'];
const atStage =
  (stage: Signal['stage']) =>
  (signal: Signal): boolean =>
    isUp(signal) && signal.stage === stage;

const RECTIFICATION: StepTable = {
  bulletin: { roles: BUREAU, fits: atStage(undefined), when: words('信号发出之后', 'once it is raised'), reason: true },
  campaign: {
    roles: BUREAU,
    fits: atStage('bulletin'),
    when: words('通报之后', 'after the bulletin'),
    reason: true,
  },
  close: {
    roles: BUREAU,
    fits: atStage('campaign'),
    when: words('整治开始之后', 'after the campaign began'),
    reason: true,
  },
};

/** By kind. Kinds that are not here need no one. */
export const STEP_TABLES: Readonly<Record<string, StepTable>> = {
  'weather-response': WEATHER_RESPONSE,
  'warning-signal': WARNING_SIGNAL,
  'dustfall-rectification': RECTIFICATION,
};

/** Kinds whose changes stand in the ledger. */
export const isPeoples = (kind: string): boolean => Object.hasOwn(STEP_TABLES, kind);

/** Who takes a step on the signal as it stands. */
const rolesOf = ({ roles, of }: StepRule, signal: Signal): readonly Role[] => of?.(signal) ?? roles;

const ruleOf = (kind: string, step: string): StepRule | undefined => {
  const table = STEP_TABLES[kind] ?? {};
  return Object.hasOwn(table, step) ? table[step as Step] : undefined;
};

export interface NextStep {
  readonly step: Step;
  readonly roles: readonly Role[];
}

/** The steps that a signal as it stands is open to, and who takes each. */
export const nextSteps = (signal: Signal): NextStep[] =>
  (Object.entries(STEP_TABLES[signal.kind] ?? {}) as [Step, StepRule][])
    .filter(([, { fits }]) => fits(signal))
    .map(([step, found]) => ({ step, roles: rolesOf(found, signal) }));

const namesOf = (roles: readonly Role[], language: 'zh' | 'en'): string =>
  roles.map((role) => ROLES[role][language]).join(language === 'zh' ? '、' : ', ');

const notYours = (step: string, roles: readonly Role[]): Refusal =>
  refuse('not-your-step', `${step} 由${namesOf(roles, 'zh')}办理`, `${step} is for: ${namesOf(roles, 'en')}`);

const flawOf = (decision: Decision, { reason, level }: StepRule, { rule, current }: Situation): Refusal | undefined => {
  if (reason && !decision.reason?.trim())
    return refuse('bad-step', `${decision.step} 须写明 reason`, `${decision.step} needs a reason`);
  const asked = decision.step === 'judge' || (level === true && rule.levels.length > 0);
  if (!asked) return undefined;
  if (decision.level === undefined || (decision.level === null ? level : !rule.levels.includes(decision.level)))
    return refuse(
      'bad-step',
      `level 须为：${rule.levels.join('、')}`,
      `level is to be one of ${rule.levels.join(', ')}`,
    );
  if (!level || decision.level === current?.level) return undefined;
  const now = current?.level ?? '';
  return refuse(
    'signal-moved',
    `现为 ${now} 级，而非 ${decision.level}`,
    `it is at ${now} now, not at ${decision.level}`,
  );
};

const wrongTime = (step: string, { when }: StepRule, signal: Signal | undefined): Refusal => {
  const state = signal === undefined ? 'none' : `${signal.state}${signal.stage ? `, ${signal.stage}` : ''}`;
  return refuse(
    'out-of-order',
    `${step} 只能在${when.zh}办理（现为 ${state}）`,
    `${step} is taken ${when.en} (now: ${state})`,
  );
};

/** Why a decision may never be taken, however the signal stands: the kind has no such step, or it is never this role's. */
export const neverTaken = ({ step, person }: Decision, kind: string): Refusal | undefined => {
  const found = ruleOf(kind, step);
  if (found === undefined) {
    const steps = Object.keys(STEP_TABLES[kind] ?? {});
    return refuse(
      'bad-step',
      `${kind} 没有 ${step} 这一步；有：${steps.join('、')}`,
      `${kind} has no step ${step}; it has: ${steps.join(', ')}`,
    );
  }
  return found.roles.includes(person.role) ? undefined : notYours(step, found.roles);
};

/** Why a decision may not be taken now; undefined: it may. */
const refusalOf = (decision: Decision, situation: Situation): Refusal | undefined => {
  const { step, person, version } = decision;
  const { current, rule } = situation;
  const never = neverTaken(decision, rule.kind);
  if (never !== undefined) return never;
  const found = ruleOf(rule.kind, step)!;
  if (version !== undefined && version !== current?.version)
    return refuse(
      'signal-moved',
      `信号已是第 ${current?.version ?? 0} 版`,
      `the signal is at version ${current?.version ?? 0} now`,
    );
  const opens = step === 'judge' && (current === undefined || isEnded(current));
  if (!opens && (current === undefined || !found.fits(current))) return wrongTime(step, found, current);
  const roles = current === undefined || opens ? found.roles : rolesOf(found, current);
  return roles.includes(person.role) ? flawOf(decision, found, situation) : notYours(step, roles);
};

const timeOf = (signal: Signal, { at }: Situation): string => laterOf(signal, at);

const staged = (signal: Signal, stage: Signal['stage'] & string, situation: Situation): Signal => ({
  ...signal,
  ...(stage === 'closed' ? { state: 'lifted' } : {}),
  stage,
  version: signal.version + 1,
  at: timeOf(signal, situation),
});

const lifting = (situation: Situation): Signal | Refusal => {
  const { verdict, rule } = situation;
  if (verdict !== undefined && verdict.least > 0) {
    const level = rule.levels[verdict.least - 1];
    return refuse(
      'out-of-order',
      `资料仍达到${level}级；数据有误时请先用 lantian review 判为无效`,
      `the evidence still makes up ${level}; where it is wrong, mark it with lantian review first`,
    );
  }
  const { judged: _, ...signal } = situation.current!;
  return inState(signal, 'lift-proposed', timeOf(signal, situation));
};

/** A report is from the person's own unit; the office hands in what came to it by telephone. */
const unitOf = ({ person, unit }: Decision, { townships }: Situation): string | Refusal => {
  const own = person.unit ?? MEMBER_OF[person.role];
  const named = unit ?? own;
  if (named === undefined) return refuse('bad-step', '须写明 unit（哪个单位的报告）', 'name the unit that reports');
  if (person.role !== 'office' && named !== own)
    return refuse('not-your-step', `只能代 ${own} 报告`, `you report for ${own} alone`);
  if (Object.hasOwn(MEMBERS, named) || townships.has(named)) return named;
  return refuse(
    'bad-step',
    `没有单位 ${named}`,
    `there is no unit ${named}; they are: ${Object.keys(MEMBERS).join(', ')}, townships`,
  );
};

/** What a step makes of the signal: the versions it goes through, each with the step's name. */
const changesOf = (decision: Decision, situation: Situation): readonly [Step, Signal][] | Refusal => {
  const signal = situation.current!;
  const to = (state: Signal['state'], from = signal): Signal => inState(from, state, timeOf(from, situation));
  const one = (step: Step, after: Signal | Refusal): [Step, Signal][] | Refusal =>
    isRefusal(after) ? after : [[step, after]];
  switch (decision.step as Step) {
    case 'judge':
      return one('judge', judged(situation, decision.level ?? null));
    case 'agree':
      return [['agree', to('agreed')]];
    case 'sign': {
      if (signal.state === 'agreed') return [['sign', to('active')]];
      const agreed = to('agreed');
      return [
        ['agree', agreed],
        ['sign', to('active', agreed)],
      ];
    }
    case 'propose-lift':
      return one('propose-lift', lifting(situation));
    case 'lift':
      return [['lift', to('lifted')]];
    case 'report':
    case 'dispatch':
      return [[decision.step as Step, signal]];
    case 'bulletin':
    case 'campaign':
      return [[decision.step as Step, staged(signal, decision.step as 'bulletin' | 'campaign', situation)]];
    case 'close': {
      if (situation.later !== undefined) return [['close', staged(signal, 'closed', situation)]];
      return refuse('out-of-order', '次月降尘结果尚未得出', 'the figures of the month after are not there yet');
    }
  }
};

const takenAs =
  (decision: Decision, situation: Situation, unit: string) =>
  ([step, signal]: readonly [Step, Signal]): Taken => {
    const { person } = decision;
    const reason = decision.reason?.trim() ?? '';
    // Never before the version it is about: data may be a little ahead of the clock.
    const at = timeOf(signal, situation);
    const entry = entryOf(signal, { step, person: person.name, role: person.role, unit, reason, at });
    const evidence = step === 'close' ? [situation.later!] : entry.evidence;
    return { signal, entry: { ...entry, evidence } };
  };

/**
 * Take a person's step, or say why not.
 * @returns the versions the signal goes through, each with its line for the ledger; a report or who is sent leaves the signal as it is
 */
export const takeStep = (decision: Decision, situation: Situation): readonly Taken[] | Refusal => {
  const refusal = refusalOf(decision, situation);
  if (refusal !== undefined) return refusal;
  const unit = decision.step === 'report' ? unitOf(decision, situation) : '';
  if (typeof unit !== 'string') return unit;
  const changes = changesOf(decision, situation);
  return isRefusal(changes) ? changes : changes.map(takenAs(decision, situation, unit));
};
