// A whole response by HTTP, from IV to I and back, with the right and the wrong people at every step.
import { setTimeout as sleep } from 'node:timers/promises';
import type { MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROLES, type Role } from '../src/signals/roles.ts';
import { lantian } from './support/command.ts';
import { type Child, lantianChild } from './support/lantian.ts';
import { type Answer, clientOf, coldWave, FALLS, step, type Tokens, TWELVE, tokensOf } from './support/steps.ts';
import { until } from './support/until.ts';

let child: Child;
let client: MqttClient;
let tokens: Tokens;

beforeAll(async () => {
  child = await lantianChild({ intake: { tick: 'PT1S', grace: 'PT0S' }, response: { hold: 'PT0S' } });
  await child.start();
  client = await clientOf(child);
  tokens = await tokensOf(child);
}, 60_000);
afterAll(() => client.endAsync());

interface Case {
  readonly signal: string;
  readonly level: string;
  readonly state: string;
  readonly in_force: { readonly level: string } | null;
  readonly leads: boolean;
  readonly next: { step: string; roles: Role[]; yours: boolean }[];
  readonly reports: { readonly every_h: number; readonly open: string[]; readonly late: string[] } | null;
}

const get = async <T>(path: string, token?: string): Promise<T> => {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return (await (await fetch(`${child.http}${path}`, { headers })).json()) as T;
};
const cases = async (token?: string): Promise<Case[]> =>
  (await get<(Case & { kind: string; subject: string })[]>('/api/v1/cases?state=all', token)).filter(
    ({ kind, subject }) => kind === 'weather-response' && subject === 'cold-wave',
  );
const now = async (): Promise<Case> => (await cases())[0]!;

const reach = (level: string, state: string): Promise<void> =>
  until(
    `${level} ${state}`,
    async () => {
      const [found] = await cases();
      return found?.level === level && found.state === state;
    },
    { state: now },
  );

/** Everyone but those named is turned away, and nothing changes. */
const onlyFor = async (mine: Role, body: object): Promise<Answer> => {
  const before = await now();
  for (const role of Object.keys(tokens) as Role[]) {
    if (role === mine) continue;
    const { status, body: said } = await step(child, tokens[role], before.signal, body);
    expect([role, status, said.error]).toEqual([role, 403, 'not-your-step']);
    expect(said.message).toContain(ROLES[mine].en);
  }
  expect((await step(child, undefined, before.signal, body)).body.error).toBe('no-token');
  expect((await step(child, 'lantian_forged', before.signal, body)).body.error).toBe('bad-token');
  expect(await now()).toEqual(before);
  return step(child, tokens[mine], before.signal, body);
};

const refusedFor = async (role: Role, body: object): Promise<string> =>
  (await step(child, tokens[role], (await now()).signal, body)).body.error ?? 'taken';

it('from IV to I and back to lifted: each step by its own role alone, in its order, and in the ledger', async () => {
  await coldWave(client, FALLS.IV);
  await reach('IV', 'proposed');
  expect((await now()).next).toEqual([
    { step: 'judge', roles: ['office', 'office-director'], yours: false },
    { step: 'agree', roles: ['commander'], yours: false },
  ]);
  expect((await cases(tokens.commander))[0]!.next[1]).toMatchObject({ yours: true });
  // Signed before it is agreed to, agreed to at another level, or without one.
  expect(await refusedFor('office-director', { step: 'sign', level: 'IV' })).toBe('out-of-order');
  expect(await refusedFor('commander', { step: 'agree', level: 'III' })).toBe('signal-moved');
  expect(await refusedFor('commander', { step: 'agree' })).toBe('bad-step');
  expect(await refusedFor('commander', { step: 'lift' })).toBe('out-of-order');
  expect(await refusedFor('commander', { step: 'bulletin', reason: 'x' })).toBe('bad-step');

  expect(await onlyFor('commander', { step: 'agree', level: 'IV' })).toMatchObject({
    status: 200,
    body: { now: { state: 'agreed' } },
  });
  expect(await onlyFor('office-director', { step: 'sign', level: 'IV' })).toMatchObject({
    body: { now: { state: 'active', in_force: { level: 'IV' } } },
  });
  expect(await refusedFor('office-director', { step: 'sign', level: 'IV' })).toBe('out-of-order');

  expect((await now()).reports).toMatchObject({ every_h: 24, late: [] });
  expect((await now()).reports!.open).toContain('transport');
  const report = (role: Role, unit?: string) =>
    step(child, tokens[role], `140430/weather-response/cold-wave/${sinceOf}`, {
      step: 'report',
      reason: '无灾情',
      unit,
    });
  const sinceOf = (await now()).signal.split('/')[3]!;
  expect((await report('office')).body.error).toBe('bad-step');
  expect((await report('office', 'nobody')).body.error).toBe('bad-step');
  expect((await report('township', 'xindian')).body.error).toBe('not-your-step');
  expect((await report('viewer', 'transport')).body.error).toBe('not-your-step');
  for (const [role, unit] of [['office', 'transport'], ['ecology-bureau'], ['township']] as const)
    expect((await report(role, unit)).status).toBe(200);
  expect((await now()).reports!.open).not.toContain('transport');
  expect((await now()).reports!.open).not.toContain('ecology');
  // 3.6: a response of level IV sends no one.
  const dispatch = { step: 'dispatch', reason: '第一工作组赴郭村' };
  expect(await refusedFor('office', dispatch)).toBe('out-of-order');

  await coldWave(client, FALLS.III);
  await reach('III', 'proposed');
  expect((await now()).in_force).toMatchObject({ level: 'IV' });
  expect((await onlyFor('commander', { step: 'agree', level: 'III' })).status).toBe(200);
  expect((await onlyFor('emergency-director', { step: 'sign', level: 'III' })).status).toBe(200);
  expect(await refusedFor('office', dispatch)).toBe('taken');

  await coldWave(client, FALLS.II);
  await reach('II', 'proposed');
  // The commander's signature is the agreement too: two lines of the ledger.
  expect((await onlyFor('commander', { step: 'sign', level: 'II' })).body.entries).toHaveLength(2);
  expect((await now()).reports).toMatchObject({ every_h: 12 });

  await coldWave(client, FALLS.I);
  await reach('I', 'proposed');
  // While the forecasts make up a level no one proposes its end.
  expect(await refusedFor('office', { step: 'propose-lift', reason: '会商' })).toBe('out-of-order');
  expect((await onlyFor('commander', { step: 'sign', level: 'I' })).status).toBe(200);
  expect((await now()).in_force).toMatchObject({ level: 'I' });

  // Six townships that say nothing could make it up still: what is missing lifts nothing.
  await coldWave(client, FALLS.none);
  await sleep(2_500);
  expect(await now()).toMatchObject({ level: 'I', state: 'active' });
  await coldWave(client, FALLS.none, TWELVE);
  await reach('I', 'lift-proposed');
  expect((await now()).in_force).toMatchObject({ level: 'I' });
  expect(await onlyFor('commander', { step: 'lift' })).toMatchObject({
    body: { now: { state: 'lifted', in_force: null } },
  });
  expect(await refusedFor('commander', { step: 'lift' })).toBe('out-of-order');

  const { entries } = await get<{ entries: { step: string; level: string; role: string; evidence: unknown[] }[] }>(
    `/api/v1/cases/${(await now()).signal}`,
  );
  expect(entries.map((entry) => `${entry.step} ${entry.level} ${entry.role}`)).toEqual([
    'threshold IV threshold',
    'agree IV commander',
    'sign IV office-director',
    'report IV office',
    'report IV ecology-bureau',
    'report IV township',
    'threshold III threshold',
    'agree III commander',
    'sign III emergency-director',
    'dispatch III office',
    'threshold II threshold',
    'agree II commander',
    'sign II commander',
    'threshold I threshold',
    'agree I commander',
    'sign I commander',
    'threshold I threshold',
    'lift I commander',
  ]);
  expect(entries.every(({ evidence }) => evidence.length >= 6)).toBe(true);
  expect((await lantian('audit', '--config', child.config)).code).toBe(0);
}, 120_000);

it('a judgement: raised where no gauge shows it, above the evidence, withdrawn; its end proposed by the office', async () => {
  const gale = '140430/weather-response/gale';
  const judge = (level: string | null, at: string, reason = '桥头村房屋受损') =>
    step(child, tokens.office, at, { step: 'judge', level, reason });
  expect((await judge('V', gale)).body.error).toBe('bad-step');
  expect((await judge('IV', '140430/weather-response/tsunami')).body.error).toBe('no-such-signal');
  expect((await judge('IV', '140430/weather-response/gale', ' ')).body.error).toBe('bad-step');
  expect((await step(child, tokens.commander, gale, { step: 'judge', level: 'IV', reason: 'x' })).body.error).toBe(
    'not-your-step',
  );
  const begun = await judge('IV', gale);
  expect(begun.body.now).toMatchObject({ level: 'IV', state: 'proposed', judged: 'IV' });
  // Two hazards at once: the higher level leads.
  const leading = async () =>
    (await get<Case[]>('/api/v1/cases')).filter(({ leads }) => leads).map(({ signal }) => signal);
  expect(await leading()).toEqual([begun.body.signal]);
  const frost = await judge('III', '140430/weather-response/frost', '果园受冻');
  expect(await leading()).toEqual([frost.body.signal]);
  await judge(null, frost.body.signal!);
  expect(await leading()).toEqual([begun.body.signal]);
  const id = begun.body.signal!;
  expect((await judge('IV', id)).body.error).toBe('out-of-order');
  for (const [role, body] of [
    ['commander', { step: 'agree', level: 'IV' }],
    ['office-director', { step: 'sign', level: 'IV' }],
  ] as const)
    expect((await step(child, tokens[role], id, body)).status).toBe(200);
  expect((await judge('III', id)).body.now).toMatchObject({
    level: 'III',
    state: 'proposed',
    in_force: { level: 'IV' },
  });
  expect((await judge('IV', id)).body.now).toMatchObject({ level: 'IV', state: 'active', judged: 'IV' });
  const lift = { step: 'propose-lift', reason: '风已减弱' };
  expect((await step(child, tokens.office, id, lift)).body.now).toMatchObject({ state: 'lift-proposed' });
  expect((await judge('IV', id)).body.now).toMatchObject({ state: 'active' });
  expect((await judge(null, id)).body.now).toMatchObject({ state: 'lift-proposed', level: 'IV' });
  expect((await step(child, tokens.commander, id, { step: 'lift' })).body.now).toMatchObject({ state: 'lifted' });
  // A second life of the subject; a proposal withdrawn lapses.
  const again = await judge('II', gale);
  expect(again.body.signal).not.toBe(id);
  expect((await judge(null, again.body.signal!)).body.now).toMatchObject({ state: 'lapsed' });
}, 60_000);

it('a version that is gone, a key used again, and what is no step at all', async () => {
  const at = '140430/weather-response/fog';
  const judge = { step: 'judge', level: 'IV', reason: '能见度不足百米' };
  const first = await step(child, tokens.office, at, judge, 'fog-1');
  expect(await step(child, tokens.office, at, judge, 'fog-1')).toEqual(first);
  expect((await step(child, tokens.office, at, { ...judge, level: 'III' }, 'fog-1')).body.error).toBe('bad-request');
  const id = first.body.signal!;
  const agree = { step: 'agree', level: 'IV', version: 7 };
  expect((await step(child, tokens.commander, id, agree)).body.error).toBe('signal-moved');
  expect((await step(child, tokens.commander, id, { ...agree, version: 1 })).status).toBe(200);
  expect((await step(child, tokens.commander, id, { steps: 1 })).body).toMatchObject({ error: 'bad-request' });
  expect((await step(child, tokens.commander, '140430/rain', { step: 'lift' })).body.error).toBe('no-such-signal');
  expect((await step(child, tokens.commander, id, { step: 'agree', level: 'IV' }, 'x'.repeat(65))).body.error).toBe(
    'bad-request',
  );
  const { length } = child.rows('lantian.db', `SELECT seq FROM ledger WHERE signal = '${id}'`);
  expect(length).toBe(2);
}, 60_000);
