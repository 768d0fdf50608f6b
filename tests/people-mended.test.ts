// What a second reading of people's steps found: each of these once went wrong.
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { HOUR, isoUtc, MINUTE } from '../src/core/time.ts';
import type { Signal } from '../src/core/types.ts';
import { createLedger } from '../src/signals/ledger.ts';
import type { Role } from '../src/signals/roles.ts';
import { reportsDue } from '../src/thresholds/report-due.ts';
import { at, catalogOf, MONTH, settingsOf, station } from './support/middle.ts';
import { createRig, type Rig } from './support/pipeline.ts';
import { forecastOf, SIX, TWELVE } from './support/steps.ts';

const BEGIN = at('2026-01-10 08:00');
const catalog = catalogOf([], TWELVE);

const rigOf = (clock: { now: number }, database = new DatabaseSync(':memory:')): Rig =>
  createRig(catalog, { database, settings: settingsOf(), now: () => clock.now });

const coldWave = (rig: Rig, fall: number, issued: number, townships = SIX): void => {
  const payload = forecastOf(fall, issued);
  rig.send(...townships.map((id) => ({ topic: `lantian/v1/140430/forecast/${id}`, payload, received: issued })));
  rig.pipeline.drain();
};

const signalOf = ({ pipeline }: Rig, key = 'weather-response/cold-wave'): Signal => pipeline.state().signals.get(key)!;

const take = async (rig: Rig, role: Role, step: string, more: object = {}): Promise<string> => {
  const person = { name: '某', role };
  const asked = rig.pipeline.decide({ person, signal: signalOf(rig).id, step, reason: '会商', ...more });
  rig.pipeline.drain();
  const { state, detail } = await asked;
  return state === 'done' ? 'done' : (JSON.parse(detail) as { refused: string }).refused;
};

const signed = async (clock: { now: number }): Promise<Rig> => {
  const rig = rigOf(clock);
  coldWave(rig, 10, clock.now);
  rig.tick(clock.now);
  rig.pipeline.drain();
  expect(await take(rig, 'commander', 'agree', { level: 'IV' })).toBe('done');
  expect(await take(rig, 'office-director', 'sign', { level: 'IV' })).toBe('done');
  return rig;
};

it('no end is proposed against the evidence, also by a process that has just started', async () => {
  const clock = { now: BEGIN };
  const rig = await signed(clock);
  expect(await take(rig, 'office', 'propose-lift')).toBe('out-of-order');
  const again = rigOf(clock, rig.database);
  expect(again.pipeline.state().verdicts.size).toBe(0);
  expect(await take(again, 'office', 'propose-lift')).toBe('out-of-order');
});

it('a judgement is taken before the first tick too', async () => {
  const rig = rigOf({ now: BEGIN });
  for (const subject of ['gale', 'frost', 'drought', 'rainstorm']) {
    const asked = rig.pipeline.decide({
      ...{ person: { name: '某', role: 'office' }, signal: `140430/weather-response/${subject}` },
      ...{ step: 'judge', level: 'IV', reason: '会商' },
    });
    rig.pipeline.drain();
    expect([subject, (await asked).state]).toEqual([subject, 'done']);
  }
});

it('what was agreed to is what is signed: another level, also a lower one, is a proposal again', async () => {
  const clock = { now: BEGIN };
  const rig = rigOf(clock);
  coldWave(rig, 12, clock.now, TWELVE);
  expect(await take(rig, 'commander', 'agree', { level: 'III' })).toBe('done');
  clock.now += 2 * HOUR;
  coldWave(rig, 10, clock.now, TWELVE);
  rig.tick(clock.now);
  rig.pipeline.drain();
  expect(signalOf(rig)).toMatchObject({ level: 'IV', state: 'proposed' });
  expect(await take(rig, 'office-director', 'sign', { level: 'IV' })).toBe('out-of-order');
});

it('a report is never of a time before the response it is about', async () => {
  const clock = { now: BEGIN };
  const rig = rigOf(clock);
  // A forecast a few minutes ahead of the clock, as it may be.
  coldWave(rig, 10, BEGIN + 8 * MINUTE);
  expect(await take(rig, 'commander', 'agree', { level: 'IV' })).toBe('done');
  expect(await take(rig, 'office-director', 'sign', { level: 'IV' })).toBe('done');
  clock.now += MINUTE;
  expect(await take(rig, 'ecology-bureau', 'report')).toBe('done');
  const { id, in_force } = signalOf(rig);
  const reported = createLedger(rig.database).reports(id);
  expect(reported.get('ecology')).toBeGreaterThanOrEqual(Date.parse(in_force!.since));
});

it('another level forgives no late report', () => {
  const signal = (level: string, since: number): Signal =>
    ({ in_force: { level, since: isoUtc(since) }, signed_since: isoUtc(BEGIN) }) as unknown as Signal;
  const asked = { units: ['power', 'water'], grace: 2 * HOUR };
  const reports = new Map([['water', BEGIN + 20 * HOUR]]);
  const late = (level: string, since: number, now: number) =>
    reportsDue(signal(level, since), reports, now, asked)!.late;
  expect(late('IV', BEGIN, BEGIN + 27 * HOUR)).toEqual(['power']);
  expect(late('III', BEGIN + 27 * HOUR, BEGIN + 28 * HOUR)).toEqual(['power']);
  // Within the first day of a response no one is late, whatever is signed.
  expect(late('II', BEGIN + 5 * HOUR, BEGIN + 6 * HOUR)).toEqual([]);
});

it('half a character in a reason does not break the chain', async () => {
  const rig = await signed({ now: BEGIN });
  expect(await take(rig, 'ecology-bureau', 'report', { reason: 'x\ud800y' })).toBe('done');
  expect(createLedger(rig.database).audit().broken).toBeUndefined();
});

it('two people of one name may use the same key', async () => {
  const rig = await signed({ now: BEGIN });
  const report = (unit: string) => {
    const person = { name: '王强', role: 'township' as const, unit };
    const asked = rig.pipeline.decide({ person, signal: signalOf(rig).id, step: 'report', reason: '无灾情' }, '1');
    rig.pipeline.drain();
    return asked;
  };
  const [one, other, again] = [await report('guocun'), await report('xindian'), await report('guocun')];
  expect(other.id).not.toBe(one.id);
  expect(again.id).toBe(one.id);
  const entries = createLedger(rig.database)
    .of(signalOf(rig).id)
    .filter(({ step }) => step === 'report');
  expect(entries.map(({ unit }) => unit)).toEqual(['guocun', 'xindian']);
});

it('a rectification stands on the month after it, and once it is closed a late revision does not begin it again', async () => {
  const clock = { now: at('2026-07-02 08:00') };
  const jars = catalogOf([station('jar', { dustfall: MONTH })]);
  const rig = createRig(jars, { settings: settingsOf({ intake: { max_age: 'P400D' } }), now: () => clock.now });
  const weigh = (end: string, value: number): void => {
    const time = isoUtc(at(`${end} 00:00`));
    clock.now = Math.max(clock.now + MINUTE, at(`${end} 08:00`));
    const payload = JSON.stringify({ time, period: 'P1M', values: { dustfall: value } });
    rig.send({ topic: 'lantian/v1/140430/dustfall/jar', payload, received: clock.now });
    rig.tick(clock.now);
    rig.pipeline.drain();
  };
  const key = 'dustfall-rectification/2026-06';
  const step = async (role: Role, name: string): Promise<string> => {
    const person = { name: '王芳', role };
    const asked = rig.pipeline.decide({ person, signal: signalOf(rig, key).id, step: name, reason: '通报' });
    rig.pipeline.drain();
    const { state, detail } = await asked;
    return state === 'done' ? 'done' : (JSON.parse(detail) as { refused: string }).refused;
  };
  weigh('2026-07-01', 12);
  expect(signalOf(rig, key)).toMatchObject({ state: 'active' });
  expect(await step('office', 'bulletin')).toBe('not-your-step');
  expect(await step('ecology-bureau', 'campaign')).toBe('out-of-order');
  expect(await step('ecology-bureau', 'bulletin')).toBe('done');
  expect(await step('ecology-bureau', 'campaign')).toBe('done');
  expect(await step('ecology-bureau', 'close')).toBe('out-of-order');
  // The month after is July; that of August does not stand in for it.
  weigh('2026-09-01', 5);
  expect(await step('ecology-bureau', 'close')).toBe('out-of-order');
  weigh('2026-08-01', 14);
  expect(await step('ecology-bureau', 'close')).toBe('done');
  expect(signalOf(rig, key)).toMatchObject({ state: 'lifted', stage: 'closed' });
  const last = createLedger(rig.database).last(signalOf(rig, key).id)!;
  expect(last.evidence).toMatchObject([{ station: 'jar', quantity: 'dustfall', value: 14 }]);
  // Its topic is cleared after a month; the laboratory mends June later.
  clock.now += 40 * 24 * HOUR;
  rig.tick(clock.now);
  rig.pipeline.drain();
  expect(rig.pipeline.state().signals.has(key)).toBe(false);
  weigh('2026-07-01', 11.5);
  expect(rig.pipeline.state().signals.has(key)).toBe(false);
});
