// Dustfall rectification (沁政办发〔2021〕16号, 17) through the pipeline: raised by the month's highest point, taken on by the ecology bureau step
// by step, closed on the month after, ended by a revision.
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { DAY, isoUtc, MINUTE, monthStart } from '../src/core/time.ts';
import type { Signal } from '../src/core/types.ts';
import { createLedger } from '../src/signals/ledger.ts';
import { ROLES, type Role } from '../src/signals/roles.ts';
import { at, catalogOf, MONTH, settingsOf, station } from './support/middle.ts';
import { createRig } from './support/pipeline.ts';

const catalog = catalogOf(['p1', 'p2', 'p3'].map((id) => station(id, { dustfall: MONTH })));
const KEY = 'dustfall-rectification/2026-06';
const JUNE = at('2026-07-01 00:00');
const JULY = at('2026-08-01 00:00');
const BUREAU: Role = 'ecology-bureau';

const bureauOf = (database = new DatabaseSync(':memory:'), begin = JUNE + DAY) => {
  let now = begin;
  const rig = createRig(catalog, { database, settings: settingsOf({ intake: { max_age: 'P400D' } }), now: () => now });
  const tick = (): void => {
    now += MINUTE;
    rig.tick(now);
    rig.pipeline.drain();
  };
  const signal = (): Signal => rig.pipeline.state().signals.get(KEY)!;
  return {
    rig,
    signal,
    tick,
    now: (): number => now,
    /** Jars of the month that ends then, by point; `marks` makes their values invalid. */
    weigh: (end: number, values: Readonly<Record<string, number>>, marks?: object): void => {
      now = Math.max(now + MINUTE, end + DAY);
      const period = `P${(end - monthStart(end, -1)) / DAY}D`;
      for (const [id, dustfall] of Object.entries(values)) {
        const payload = JSON.stringify({ time: isoUtc(end), period, values: { dustfall }, ...marks });
        rig.send({ topic: `lantian/v1/140430/dustfall/${id}`, payload, received: now });
      }
      tick();
    },
    /** What came of a step: `done`, or why it is refused. */
    take: async (step: string, role: Role = BUREAU, more: object = { reason: `关于 ${step}` }): Promise<string> => {
      now += MINUTE;
      const person = { name: '王芳', role, ...(['township', 'enterprise'].includes(role) ? { unit: 'p1' } : {}) };
      const asked = rig.pipeline.decide({ person, signal: signal().id, step, ...more });
      rig.pipeline.drain();
      const { state, detail } = await asked;
      return state === 'done' ? 'done' : (JSON.parse(detail) as { refused: string }).refused;
    },
    entries: () => createLedger(database).of(signal().id),
  };
};

type Bureau = ReturnType<typeof bureauOf>;

const closed = async (): Promise<Bureau> => {
  const bureau = bureauOf();
  bureau.weigh(JUNE, { p1: 12 });
  for (const step of ['bulletin', 'campaign']) expect(await bureau.take(step)).toBe('done');
  bureau.weigh(JULY, { p1: 8 });
  expect(await bureau.take('close')).toBe('done');
  return bureau;
};

/** Every role but the bureau's is turned away from every step, and nothing changes. */
const onlyTheBureau = async (bureau: Bureau): Promise<void> => {
  const before = [bureau.signal(), bureau.entries()];
  for (const role of Object.keys(ROLES) as Role[])
    for (const step of role === BUREAU ? [] : ['bulletin', 'campaign', 'close'])
      expect([role, step, await bureau.take(step, role)]).toEqual([role, step, 'not-your-step']);
  expect([bureau.signal(), bureau.entries()]).toEqual(before);
};

describe('raised', () => {
  it.each([
    [9, false],
    [9.04, false],
    [9.1, true],
  ])('by a highest point of %d: %s', (highest, raised) => {
    const bureau = bureauOf();
    bureau.weigh(JUNE, { p1: 4, p2: highest, p3: 5 });
    expect(bureau.signal() !== undefined).toBe(raised);
    if (!raised) return;
    expect(bureau.signal()).toMatchObject({ state: 'active', evidence: [{ station: 'p2', value: highest }] });
    expect(bureau.signal().stage).toBeUndefined();
    expect(bureau.entries()).toMatchObject([{ step: 'threshold', role: 'threshold', state: 'active', version: 1 }]);
  });
});

describe('the bureau', () => {
  it('takes bulletin, campaign and close, in this order, each once, with a reason, and no one else does', async () => {
    const bureau = bureauOf();
    bureau.weigh(JUNE, { p1: 12, p2: 9 });
    const only = async (expected: Readonly<Record<string, string>>): Promise<void> => {
      for (const [step, answer] of Object.entries(expected))
        expect([step, await bureau.take(step)]).toEqual([step, answer]);
      await onlyTheBureau(bureau);
    };
    await only({ campaign: 'out-of-order', close: 'out-of-order', sign: 'bad-step', lift: 'bad-step' });
    expect(await bureau.take('bulletin', BUREAU, {})).toBe('bad-step');
    expect(await bureau.take('bulletin', BUREAU, { reason: ' ' })).toBe('bad-step');
    await only({ bulletin: 'done' });
    expect(bureau.signal()).toMatchObject({ stage: 'bulletin', state: 'active', version: 2 });
    await only({ bulletin: 'out-of-order', close: 'out-of-order', campaign: 'done' });
    expect(bureau.signal()).toMatchObject({ stage: 'campaign', state: 'active', version: 3 });
    // The month after has no figures yet.
    await only({ bulletin: 'out-of-order', campaign: 'out-of-order', close: 'out-of-order' });
    // Nor has it a valid one here.
    bureau.weigh(JULY, { p1: 7 }, { flags: { dustfall: 'M' } });
    expect(await bureau.take('close')).toBe('out-of-order');
    bureau.weigh(JULY, { p2: 6, p3: 8.4 });
    await onlyTheBureau(bureau);
    expect(await bureau.take('close')).toBe('done');
    expect(bureau.signal()).toMatchObject({ stage: 'closed', state: 'lifted', version: 4 });
    await only({ bulletin: 'out-of-order', campaign: 'out-of-order', close: 'out-of-order' });
    const entries = bureau.entries();
    expect(entries.map(({ step, role, state, version }) => [step, role, state, version])).toEqual([
      ['threshold', 'threshold', 'active', 1],
      ['bulletin', BUREAU, 'active', 2],
      ['campaign', BUREAU, 'active', 3],
      ['close', BUREAU, 'lifted', 4],
    ]);
    expect(entries.map(({ reason }) => reason)).toEqual(['', '关于 bulletin', '关于 campaign', '关于 close']);
    // What it stood on: June's point above the line, and at the end July's highest.
    for (const { evidence } of entries.slice(0, 3))
      expect(evidence.map((one) => [one.station, one.value])).toEqual([['p1', 12]]);
    const span = { from: isoUtc(JUNE), to: isoUtc(JULY) };
    expect(entries[3]!.evidence).toEqual([
      { station: 'p3', quantity: 'dustfall', value: 8.4, unit: 't/(km²·30d)', ...span },
    ]);
    expect(createLedger(bureau.rig.database).audit().broken).toBeUndefined();
  });

  it('goes on where it was after a restart', async () => {
    const before = bureauOf();
    before.weigh(JUNE, { p1: 12 });
    expect(await before.take('bulletin')).toBe('done');
    before.weigh(JULY, { p1: 9.3 });
    const bureau = bureauOf(before.rig.database, before.now());
    expect(bureau.signal()).toEqual(before.signal());
    expect(await bureau.take('bulletin')).toBe('out-of-order');
    expect(await bureau.take('campaign')).toBe('done');
    // July may be above the line as well: it has its own campaign.
    expect(await bureau.take('close')).toBe('done');
    expect(bureau.entries().at(-1)!.evidence).toMatchObject([{ station: 'p1', value: 9.3 }]);
    expect(bureau.rig.pipeline.state().signals.get('dustfall-rectification/2026-07')).toMatchObject({
      state: 'active',
    });
  });
});

describe('a revision of the month', () => {
  it.each([
    ['before the bulletin', []],
    ['after it', ['bulletin']],
    ['during the campaign', ['bulletin', 'campaign']],
  ])('to 9.0, %s: it ends by itself, with no step left to take', async (_when, steps) => {
    const bureau = bureauOf();
    bureau.weigh(JUNE, { p1: 12, p2: 6 });
    for (const step of steps) expect(await bureau.take(step)).toBe('done');
    bureau.weigh(JUNE, { p1: 9.0 });
    expect(bureau.signal()).toMatchObject({ state: 'lifted', version: steps.length + 2 });
    expect(bureau.entries().at(-1)).toMatchObject({ step: 'threshold', state: 'lifted' });
    expect(bureau.entries().at(-1)!.evidence).toMatchObject([{ station: 'p1', value: 9 }]);
    for (const step of ['bulletin', 'campaign', 'close']) expect(await bureau.take(step)).toBe('out-of-order');
  });

  it('that raises it again begins anew: with another id, and without a bulletin', async () => {
    const bureau = bureauOf();
    bureau.weigh(JUNE, { p1: 12 });
    expect(await bureau.take('bulletin')).toBe('done');
    const { id } = bureau.signal();
    bureau.weigh(JUNE, { p1: 8 });
    bureau.weigh(JUNE, { p1: 11 });
    expect(bureau.signal()).toMatchObject({ state: 'active', version: 1 });
    expect(bureau.signal().id).not.toBe(id);
    expect(bureau.signal().stage).toBeUndefined();
    expect(await bureau.take('bulletin')).toBe('done');
  });

  it('that stays above the line leaves the campaign where it is', async () => {
    const bureau = bureauOf();
    bureau.weigh(JUNE, { p1: 12 });
    for (const step of ['bulletin', 'campaign']) expect(await bureau.take(step)).toBe('done');
    bureau.weigh(JUNE, { p1: 9.1 });
    expect(bureau.signal()).toMatchObject({ stage: 'campaign', state: 'active' });
  });

  it.each([
    ['up', [14]],
    ['down', [8]],
    ['down and up again', [8, 15]],
  ])('%s, once it is closed, changes nothing while it is retained, also after a restart', async (_how, values) => {
    const bureau = await closed();
    const [signal, entries] = [bureau.signal(), bureau.entries()];
    for (const value of values) bureau.weigh(JUNE, { p1: value, p2: value + 1 });
    expect([bureau.signal(), bureau.entries()]).toEqual([signal, entries]);
    const again = bureauOf(bureau.rig.database, bureau.now());
    for (const value of values) again.weigh(JUNE, { p1: value + 1 });
    again.tick();
    expect([again.signal(), again.entries()]).toEqual([signal, entries]);
  });
});
