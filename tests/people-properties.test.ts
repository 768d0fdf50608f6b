// Random sequences of forecasts, ticks and decisions on a cold wave: never a level without its evidence, never a step out of order, the
// ledger's chain always whole. What may be done is worked out here a second time, from 3.4 and 3.8 of the plan.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HOUR, MINUTE } from '../src/core/time.ts';
import type { Signal } from '../src/core/types.ts';
import { STEPS } from '../src/signals/decision.ts';
import { createLedger } from '../src/signals/ledger.ts';
import type { Role } from '../src/signals/roles.ts';
import { at, catalogOf, settingsOf } from './support/middle.ts';
import { createRig, type Rig } from './support/pipeline.ts';
import { forecastOf, TWELVE } from './support/steps.ts';

/** 附件6 (4): fall of the night's minimum in six townships, °C. */
const LIMITS: Readonly<Record<string, number>> = { IV: 10, III: 12, II: 16, I: 20 };
const LEVELS = Object.keys(LIMITS);
/** 3.4.1 to 3.4.4. */
const SIGNERS: Readonly<Record<string, Role>> = {
  IV: 'office-director',
  III: 'emergency-director',
  II: 'commander',
  I: 'commander',
};
const ROLES: readonly Role[] = ['office', 'office-director', 'emergency-director', 'commander', 'township', 'viewer'];
const BEGIN = at('2026-01-10 08:00');
const SUBJECT = '140430/weather-response/cold-wave';

type Event =
  | { readonly kind: 'issue'; readonly townships: number; readonly fall: number }
  | { readonly kind: 'tick'; readonly hours: number }
  | { readonly kind: 'step'; readonly role: Role; readonly step: string; readonly level: string };

const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('issue' as const),
      townships: fc.integer({ min: 4, max: 12 }),
      fall: fc.constantFrom(0, 9.9, 10, 11.9, 12, 15, 16, 19.9, 20, 24),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('tick' as const), hours: fc.constantFrom(0, 1, 2, 13) }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('step' as const),
      role: fc.constantFrom(...ROLES),
      step: fc.constantFrom(...STEPS),
      level: fc.constantFrom(...LEVELS),
    }),
  },
);

/** A step that is likely to be in place, so that lives get far: what to do next is looked up when its turn comes. */
const willing: fc.Arbitrary<Event> = fc.constant({ kind: 'step', role: 'office', step: 'next', level: '' });

const signalOf = ({ pipeline }: Rig): Signal | undefined => pipeline.state().signals.get('weather-response/cold-wave');
const rank = (level: string | null | undefined): number => LEVELS.indexOf(level ?? '') + 1;
const isUp = (signal: Signal | undefined): signal is Signal =>
  signal !== undefined && !['lifted', 'lapsed'].includes(signal.state);

/** Whether the plan has this step for this person now; undefined: a judgement, or a report, is looked at elsewhere. */
const planned = (signal: Signal | undefined, role: Role, step: string, level: string): boolean | undefined => {
  if (step === 'judge') return ['office', 'office-director'].includes(role) ? undefined : false;
  if (!isUp(signal)) return false;
  const own = SIGNERS[signal.level ?? ''];
  if (step === 'agree') return role === 'commander' && signal.state === 'proposed' && level === signal.level;
  if (step === 'sign') {
    const open = signal.state === 'agreed' || (signal.state === 'proposed' && own === 'commander');
    return role === own && open && level === signal.level;
  }
  if (step === 'lift') return role === 'commander' && signal.state === 'lift-proposed';
  if (step === 'propose-lift') {
    const open = signal.state === 'agreed' || (signal.in_force && signal.state !== 'lift-proposed');
    return ['office', 'office-director'].includes(role) && open ? undefined : false;
  }
  if (step === 'dispatch')
    return (
      ['office', 'office-director', 'emergency-director', 'commander'].includes(role) &&
      rank(signal.in_force?.level) > 1
    );
  if (step === 'report')
    return ['office-director', 'emergency-director', 'township'].includes(role) && !!signal.in_force;
  return false;
};

/** The next step of a willing office, commander and directors. */
const nextOf = (signal: Signal | undefined): { role: Role; step: string; level: string } => {
  const level = signal?.level ?? 'IV';
  if (!isUp(signal)) return { role: 'office', step: 'judge', level };
  if (signal.state === 'lift-proposed') return { role: 'commander', step: 'lift', level };
  if (signal.state === 'proposed' && SIGNERS[level] !== 'commander') return { role: 'commander', step: 'agree', level };
  if (signal.state === 'active') return { role: 'office', step: 'propose-lift', level };
  return { role: SIGNERS[level]!, step: 'sign', level };
};

/** Fall that the newest forecast of each township says, and when it was issued. */
type Forecasts = Map<string, { readonly fall: number; readonly issued: number }>;

const townshipsAt = (forecasts: Forecasts, level: string, now: number): number =>
  [...forecasts.values()].filter(({ fall, issued }) => fall >= LIMITS[level]! && now - issued <= 12 * HOUR).length;

const checkRaise = (before: Signal | undefined, after: Signal | undefined, forecasts: Forecasts, now: number): void => {
  if (!isUp(after) || after.state === 'lift-proposed') return;
  const held = isUp(before) && before.state !== 'lift-proposed' ? rank(before.level) : 0;
  if (rank(after.level) <= held || after.judged === after.level) return;
  expect(townshipsAt(forecasts, after.level!, now)).toBeGreaterThanOrEqual(6);
  const falls = after.evidence.filter(({ quantity }) => quantity.includes('temperature_min_drop'));
  expect(falls.filter(({ value }) => value >= LIMITS[after.level!]!).length).toBeGreaterThanOrEqual(6);
};

const play = async (events: readonly Event[]): Promise<{ done: number; lifted: number }> => {
  let now = BEGIN;
  const catalog = catalogOf([], TWELVE);
  const rig = createRig(catalog, { settings: settingsOf({ response: { develops_after: 'P30D' } }), now: () => now });
  const ledger = createLedger(rig.database);
  const forecasts: Forecasts = new Map();
  const tally = { done: 0, lifted: 0 };

  const take = async (role: Role, step: string, level: string): Promise<void> => {
    const before = signalOf(rig);
    const rows = ledger.count();
    const person = { name: '某', role, ...(role === 'township' ? { unit: 'guocun' } : {}) };
    const signal = step === 'judge' && !isUp(before) ? SUBJECT : (before?.id ?? SUBJECT);
    const asked = rig.pipeline.decide({ person, signal, step, level, reason: '会商' });
    rig.pipeline.drain();
    const { state } = await asked;
    const expected = planned(before, role, step, level);
    if (expected !== undefined)
      expect([role, step, level, before?.state, state]).toEqual([
        role,
        step,
        level,
        before?.state,
        expected ? 'done' : 'refused',
      ]);
    if (state === 'refused') expect([signalOf(rig), ledger.count()]).toEqual([before, rows]);
    else tally.done++;
    if (signalOf(rig)?.state === 'lifted' && state === 'done') tally.lifted++;
  };

  for (const one of events) {
    const before = signalOf(rig);
    now += MINUTE;
    if (one.kind === 'issue') {
      for (const township of TWELVE.slice(0, one.townships)) {
        forecasts.set(township, { fall: one.fall, issued: now });
        rig.send({
          topic: `lantian/v1/140430/forecast/${township}`,
          payload: forecastOf(one.fall, now),
          received: now,
        });
      }
      rig.pipeline.drain();
    } else if (one.kind === 'tick') {
      now += one.hours * HOUR;
      rig.tick(now);
      rig.pipeline.drain();
    } else if (one.step === 'next') {
      const { role, step, level } = nextOf(before);
      await take(role, step, level);
    } else await take(one.role, one.step, one.level);
    checkRaise(before, signalOf(rig), forecasts, now);
    expect(ledger.audit()).toEqual({ rows: ledger.count(), head: ledger.newest(1)[0]?.hash ?? '0'.repeat(64) });
  }
  rig.database.close();
  return tally;
};

it('holds whatever comes, in whatever order', async () => {
  const total = { done: 0, lifted: 0 };
  const events = fc.array(fc.oneof({ weight: 2, arbitrary: event }, { weight: 1, arbitrary: willing }), {
    minLength: 30,
    maxLength: 90,
  });
  await fc.assert(
    fc.asyncProperty(events, async (all) => {
      const { done, lifted } = await play(all);
      total.done += done;
      total.lifted += lifted;
    }),
    { numRuns: 60, seed: 20261126 },
  );
  // Lives went far enough for the property to say something.
  expect(total.done).toBeGreaterThan(300);
  expect(total.lifted).toBeGreaterThan(20);
}, 120_000);
