// The life of a signal: states, versions, ids, and what a change carries.
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR } from '../src/core/time.ts';
import type { Signal } from '../src/core/types.ts';
import { deliveredOf } from '../src/signals/delivered.ts';
import { advance, inState, isEnded, nextRank, rankOf, seriesRank, signAtOnce } from '../src/signals/life.ts';
import { createRegister, topicOf } from '../src/signals/register.ts';
import type { Rule, Verdict } from '../src/thresholds/rule.ts';
import { at } from './support/middle.ts';

const T0 = at('2026-07-20 08:00');
const base = { basis: { document: 'D', clause: '1' }, falls: 'at-tick', feeds: [], evaluate: () => [] } as const;
const signed: Rule = { ...base, kind: 'weather-response', levels: ['IV', 'III', 'II', 'I'], signed: true };
const plain: Rule = { ...base, kind: 'station-silent', levels: [], signed: false };

const says = (least: number, most = least, lacking: string[] = [], value = 1): Verdict => ({
  subject: 'rainstorm',
  least,
  most,
  title: { zh: '暴雨', en: 'Rain' },
  evidence: (rank) => [{ station: 's', quantity: 'q', value: value * rank, unit: 'mm', from: 'a', to: 'b' }],
  lacking,
});

/** Verdicts one after the other, an hour apart from T0 on. */
const live = (rule: Rule, verdicts: readonly Verdict[], begun?: Signal): Signal[] => {
  const changes: Signal[] = [];
  let signal = begun;
  verdicts.forEach((verdict, i) => {
    const next = advance(signal, rule, verdict, { county: '140430', at: T0 + i * HOUR, mayFall: true });
    if (next === undefined) return;
    signal = next;
    changes.push(next);
  });
  return changes;
};
const told = (signals: readonly Signal[]) => signals.map(({ level, state, version }) => [level, state, version]);

describe('a kind that no one signs', () => {
  it('is active, then lifted', () => {
    expect(told(live(plain, [says(0), says(1), says(1), says(0), says(0)]))).toEqual([
      [null, 'active', 1],
      [null, 'lifted', 2],
    ]);
  });

  it('holds while it is not known', () => {
    expect(told(live(plain, [says(1), says(0, 1), says(0, 1), says(0)]))).toEqual([
      [null, 'active', 1],
      [null, 'lifted', 2],
    ]);
  });
});

describe('a kind that people sign', () => {
  it('is proposed; one that ends before anyone agreed is lapsed', () => {
    expect(told(live(signed, [says(2), says(3), says(1), says(0)]))).toEqual([
      ['III', 'proposed', 1],
      ['II', 'proposed', 2],
      ['IV', 'proposed', 3],
      ['IV', 'lapsed', 4],
    ]);
  });

  it('once agreed it never lifts itself, it proposes to; another level is not agreed with it', () => {
    const begun = inState(live(signed, [says(2)])[0]!, 'agreed');
    expect(told(live(signed, [says(2), says(0), says(0), says(0)], begun))).toEqual([['III', 'lift-proposed', 3]]);
    expect(told(live(signed, [says(3)], begun))).toEqual([['II', 'proposed', 3]]);
    expect(told(live(signed, [says(1), says(0)], begun))).toEqual([
      ['IV', 'proposed', 3],
      ['IV', 'lapsed', 4],
    ]);
  });

  it('once active another level is proposed while the signed one stays in force; it never lifts itself', () => {
    const begun = inState(live(signed, [says(2)])[0]!, 'active');
    const changes = live(signed, [says(2), says(3), says(2), says(1), says(0), says(0)], begun);
    expect(told(changes)).toEqual([
      ['II', 'proposed', 3],
      ['III', 'active', 4],
      ['IV', 'proposed', 5],
      ['IV', 'lift-proposed', 6],
    ]);
    expect(new Set(changes.map(({ in_force }) => in_force?.level))).toEqual(new Set(['III']));
    expect(inState(changes.at(-1)!, 'lifted').in_force).toBeNull();
  });

  it('a level that a person judged right is held beyond what the data show, until its end', () => {
    const begun = { ...inState(live(signed, [says(2)])[0]!, 'active'), judged: 'II' };
    const changes = live(signed, [says(2), says(1), says(0)], begun);
    expect(told(changes)).toEqual([['II', 'proposed', 3]]);
    expect(inState(changes[0]!, 'lifted')).not.toHaveProperty('judged');
  });

  it('is kept by its reset condition, and for as long as a level is held at least', () => {
    expect(told(live(signed, [says(2), { ...says(0), keeps: 2 }, { ...says(0), keeps: 1 }, says(0)]))).toEqual([
      ['III', 'proposed', 1],
      ['IV', 'proposed', 2],
      ['IV', 'lapsed', 3],
    ]);
    const [begun] = live(signed, [says(2)]);
    const at = (hours: number) => ({ county: '140430', at: T0 + hours * HOUR, mayFall: true, held: 2 * HOUR });
    expect(advance(begun, signed, says(0), at(1.9))).toBeUndefined();
    expect(advance(begun, signed, says(0), at(2))).toMatchObject({ state: 'lapsed' });
    // What is lacking changes meanwhile: the hold counts from the level, not from the last version.
    const lacking = advance(begun, signed, says(0, 3, ['rain']), at(1))!;
    expect(advance(lacking, signed, says(0), at(2))).toMatchObject({ state: 'lapsed' });
  });

  it('whose end is proposed comes back by a level that is certain, not by one that is not ruled out', () => {
    const begun = inState(live(signed, [says(2)])[0]!, 'active');
    expect(told(live(signed, [says(0), says(0, 4), says(0, 2), says(3)], begun))).toEqual([
      ['III', 'lift-proposed', 3],
      ['II', 'proposed', 4],
    ]);
  });

  it('at once, for a replay that asks what would have been', () => {
    const [proposed] = live(signed, [says(2)]);
    const steps = signAtOnce(proposed!);
    expect(told(steps)).toEqual([
      ['III', 'agreed', 2],
      ['III', 'active', 3],
    ]);
    const [ended] = live(signed, [says(0)], steps.at(-1));
    expect(told([ended!, ...signAtOnce(ended!)])).toEqual([
      ['III', 'lift-proposed', 4],
      ['III', 'lifted', 5],
    ]);
    expect(signAtOnce(live(plain, [says(1)])[0]!)).toEqual([]);
    expect(signAtOnce(live(signed, [says(2), says(0)])[1]!)).toEqual([]);
  });
});

describe('levels', () => {
  it('rise to what is certain, fall to what is not ruled out, else stay', () => {
    fc.assert(
      fc.property(fc.nat(4), fc.nat(4), fc.nat(4), fc.boolean(), (current, a, b, mayFall) => {
        const [least, most] = [Math.min(a, b), Math.max(a, b)];
        const rank = nextRank(current, says(least, most), mayFall);
        expect(rank).toBeGreaterThanOrEqual(least);
        if (rank > current) expect(rank).toBe(least);
        if (rank < current) expect([mayFall, rank]).toEqual([true, most]);
        if (!mayFall) expect(rank).toBeGreaterThanOrEqual(current);
      }),
    );
  });

  it('do not fall where they may not', () => {
    const [begun] = live(signed, [says(3)]);
    const dry = advance(begun, signed, says(0), { county: '140430', at: T0, mayFall: false });
    expect(dry).toBeUndefined();
  });
});

describe('a new version', () => {
  it('comes with level, state or what is lacking; not with evidence alone', () => {
    const changes = live(signed, [
      says(2),
      says(2, 2, [], 5),
      says(2, 3, ['x']),
      says(2, 3, ['x'], 7),
      says(2, 3, ['x', 'y']),
      says(2),
      says(3),
    ]);
    expect(changes.map(({ version, lacking }) => [version, lacking])).toEqual([
      [1, []],
      [2, ['x']],
      [3, ['x', 'y']],
      [4, []],
      [5, []],
    ]);
    expect(changes.at(-1)!.evidence).toMatchObject([{ value: 3 }]);
    expect(changes.map(({ at: when }) => (Date.parse(when) - T0) / HOUR)).toEqual([0, 2, 4, 5, 6]);
    expect(new Set(changes.map(({ id }) => id))).toEqual(
      new Set(['140430/weather-response/rainstorm/2026-07-20T00:00:00Z']),
    );
    expect(new Set(changes.map(({ since }) => since))).toEqual(new Set(['2026-07-20T00:00:00Z']));
  });

  it('is never of an earlier time than the one before', () => {
    const [begun] = live(signed, [says(2)]);
    const next = advance(begun, signed, says(3), { county: '140430', at: T0 - HOUR, mayFall: true })!;
    expect(next.at).toBe(begun!.at);
  });

  it('keeps the level last held when it ends, with what ended it as evidence', () => {
    const ended = live(signed, [says(3), says(0)]).at(-1)!;
    expect(ended).toMatchObject({ level: 'II', state: 'lapsed', evidence: [{ value: 0 }], lacking: [] });
  });
});

describe('ids', () => {
  it('are unique, even of several lives within one instant', () => {
    let signal: Signal | undefined;
    const ids: string[] = [];
    for (const rank of [1, 0, 1, 0, 1, 0]) {
      signal = advance(signal, plain, says(rank), { county: '140430', at: T0, mayFall: true })!;
      if (rank === 1) ids.push(signal.id);
    }
    expect(new Set(ids).size).toBe(3);
    expect(ids.map((id) => id.split('/').at(-1))).toEqual([
      '2026-07-20T00:00:00Z',
      '2026-07-20T00:00:00.001Z',
      '2026-07-20T00:00:00.002Z',
    ]);
  });
});

it('ranks: 4 for I and for kinds without levels, 0 for what ended', () => {
  const of = (rank: number) => live(signed, [says(rank)])[0]!;
  expect([1, 2, 3, 4].map((rank) => seriesRank(of(rank), signed.levels))).toEqual([1, 2, 3, 4]);
  expect([4, 3, 2, 1].map((rank) => of(rank).level)).toEqual(['I', 'II', 'III', 'IV']);
  const [begun, lifted] = live(plain, [says(1), says(0)]);
  expect([seriesRank(begun!, []), seriesRank(lifted!, []), rankOf(lifted, []), rankOf(undefined, [])]).toEqual([
    4, 0, 0, 0,
  ]);
  expect([isEnded(begun!), isEnded(lifted!)]).toEqual([false, true]);
});

describe('the register', () => {
  const open = (brokers = ['one', 'two']) => createRegister(new DatabaseSync(':memory:'), brokers);
  const [begun, changed] = live(signed, [says(2), says(3)]) as [Signal, Signal];

  it('keeps the last change, and a message for each broker, in order', () => {
    const register = open();
    register.put(begun);
    register.put(changed);
    expect(register.all()).toEqual([changed]);
    expect(register.outgoing('one', 9).map(({ payload }) => JSON.parse(payload))).toEqual(
      [begun, changed].map(deliveredOf),
    );
    for (const { id, topic } of register.outgoing('one', 9)) {
      expect(topic).toBe('lantian/v1/140430/signal/weather-response/rainstorm');
      register.sent('one', id);
    }
    expect([register.outgoing('one', 9), register.pending()]).toEqual([[], 2]);
  });

  it('puts two changes of one instant 1 ms apart in the series', () => {
    const register = open();
    const same = { ...changed, at: begun.at };
    expect([register.put(begun), register.put(same), register.put(same)]).toEqual([T0, T0 + 1, T0 + 2]);
  });

  it('clears a topic by an empty message', () => {
    const register = open(['one']);
    register.put(begun);
    register.clear(begun);
    expect(register.all()).toEqual([]);
    expect(register.outgoing('one', 9).map(({ payload, topic }) => [payload === '', topic])).toEqual([
      [false, topicOf(begun)],
      [true, topicOf(begun)],
    ]);
  });

  it('repeats what a broker has lost, once, and not what is on its way', () => {
    const register = open(['one']);
    register.put(begun);
    register.repeat('one');
    expect(register.outgoing('one', 9)).toHaveLength(1);
    register.sent('one', register.outgoing('one', 9)[0]!.id);
    register.repeat('one');
    expect(register.outgoing('one', 9).map(({ payload }) => JSON.parse(payload))).toEqual([deliveredOf(begun)]);
  });

  it('keeps what it owes to a broker that the settings do not name just now', () => {
    const database = new DatabaseSync(':memory:');
    createRegister(database, ['one', 'two']).put(begun);
    const later = createRegister(database, ['two']);
    later.put({ ...begun, version: 2 });
    const versions = (broker: string) => later.outgoing(broker, 9).map(({ payload }) => JSON.parse(payload).version);
    expect([versions('one'), versions('two')]).toEqual([[1], [1, 2]]);
  });
});
