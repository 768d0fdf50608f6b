// kill -9 between any two steps of a response, and in the midst of each: none is lost, none is taken twice.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Role } from '../src/signals/roles.ts';
import { lantian } from './support/command.ts';
import { type Child, lantianChild } from './support/lantian.ts';
import { seeded } from './support/random.ts';
import { type Answer, clientOf, coldWave, FALLS, step, type Tokens, TWELVE, tokensOf } from './support/steps.ts';
import { until } from './support/until.ts';

type Planned = readonly [role: Role, body: object];

/** What is forecast, the level it leads to, and what people then do. */
const LIFE: readonly (readonly [fall: keyof typeof FALLS, state: string, steps: readonly Planned[]])[] = [
  [
    'IV',
    'proposed',
    [
      ['commander', { step: 'agree', level: 'IV' }],
      ['office-director', { step: 'sign', level: 'IV' }],
      ['township', { step: 'report', reason: '无灾情' }],
    ],
  ],
  [
    'III',
    'proposed',
    [
      ['commander', { step: 'agree', level: 'III' }],
      ['emergency-director', { step: 'sign', level: 'III' }],
    ],
  ],
  ['II', 'proposed', [['commander', { step: 'sign', level: 'II' }]]],
  ['I', 'proposed', [['commander', { step: 'sign', level: 'I' }]]],
  ['none', 'lift-proposed', [['commander', { step: 'lift' }]]],
];

interface Stored {
  readonly id: string;
  readonly state: string;
  readonly level: string;
  readonly version: number;
}

const signalOf = (child: Child): Stored | undefined =>
  child
    .rows<{ body: string }>(
      'lantian.db',
      "SELECT body FROM signal WHERE kind = 'weather-response' AND subject = 'cold-wave'",
    )
    .map(({ body }) => JSON.parse(body) as Stored)[0];

const reach = async (child: Child, fall: keyof typeof FALLS, state: string): Promise<string> => {
  const level = fall === 'none' ? 'I' : fall;
  const client = await clientOf(child);
  await coldWave(client, FALLS[fall], TWELVE);
  await client.endAsync();
  const there = (): boolean => signalOf(child)?.state === state && signalOf(child)?.level === level;
  await until(`${level} ${state}`, there, { state: () => signalOf(child) });
  return signalOf(child)!.id;
};

/** Hand a step in, kill the process at some instant, start it and hand the step in again under its key. */
const killedIn = async (
  child: Child,
  tokens: Tokens,
  id: string,
  [role, body]: Planned,
  key: string,
  after: number,
): Promise<Answer> => {
  const first = step(child, tokens[role], id, body, key).catch(() => undefined);
  await sleep(after);
  await child.kill9();
  const before = await first;
  await child.start();
  const answer = await step(child, tokens[role], id, body, key);
  // What was answered before the process died is what is answered after it.
  if (before !== undefined) expect(answer.body.entries).toEqual(before.body.entries);
  return answer;
};

it('each step is taken once, whenever the process dies', async () => {
  const child = await lantianChild({ intake: { tick: 'PT1S', grace: 'PT0S' }, response: { hold: 'PT0S' } });
  await child.start();
  const tokens = await tokensOf(child);
  const random = seeded(11);
  const taken: string[] = [];
  for (const [fall, state, steps] of LIFE) {
    const id = await reach(child, fall, state);
    taken.push('threshold');
    await child.kill9();
    await child.start();
    for (const [i, planned] of steps.entries()) {
      const answer = await killedIn(child, tokens, id, planned, `${fall}-${i}`, random() * 40);
      expect(answer).toMatchObject({ status: 200 });
      const { step: name, level } = planned[1] as { step: string; level?: string };
      if (name === 'sign' && (level === 'II' || level === 'I')) taken.push('agree');
      taken.push(name);
    }
  }
  expect(signalOf(child)!.state).toBe('lifted');
  const ledger = child.rows<{ step: string }>('lantian.db', 'SELECT step FROM ledger ORDER BY seq');
  expect(ledger.map((entry) => entry.step)).toEqual(taken);
  // Every version of the signal was written once, and goes out in its order.
  const versions = child.rows<{ version: number }>(
    'lantian.db',
    "SELECT version FROM signal_version WHERE kind = 'weather-response' AND subject = 'cold-wave' ORDER BY version",
  );
  expect(versions.map(({ version }) => version)).toEqual(versions.map((_, i) => i + 1));
  const desk = child.rows<{ state: string }>('lantian.db', "SELECT state FROM desk WHERE kind = 'decision'");
  expect(new Set(desk.map((row) => row.state))).toEqual(new Set(['done']));
  expect(desk.length).toBe(LIFE.flatMap(([, , steps]) => steps).length);
  expect(await lantian('audit', '--config', child.config)).toMatchObject({ code: 0 });
}, 180_000);
