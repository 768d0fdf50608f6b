// The life of what is sent: cases by hand, then properties over random histories.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HOUR, isoUtc, MINUTE, SECOND } from '../src/core/time.ts';
import type { Signal } from '../src/core/types.ts';
import { formOf } from '../src/publish/notify/forms.ts';
import { advance } from '../src/publish/notify/life.ts';
import type { Rules } from '../src/publish/notify/rules.ts';
import { type Delivery, type State, stateAt } from '../src/publish/notify/state.ts';
import { isOver, isPressing } from '../src/publish/notify/threads.ts';
import { next, signalOf } from './support/notify.ts';
import { rulesFrom } from './support/notify-rules.ts';

const NO_WORDS = { title: '', body: '', short: '' };

// 12:00 in Beijing.
const NOON = Date.parse('2026-07-20T04:00:00Z');

const RULES: Rules = rulesFrom({
  quiet: { from: '22:00', to: '07:00' },
  resend: { every: 'PT15M' },
  retry: { first: 'PT10S', most: 'PT2M', patience: 'PT1M' },
  channels: {
    all: { type: 'wecom', url: 'http://all.example', per_minute: 1000 },
    high: { type: 'wecom', url: 'http://high.example', per_minute: 1000 },
    horn: { type: 'siren', topic: 'horn', resend: false },
  },
  routes: [{ to: ['all'] }, { levels: ['I', 'II', 'red', 'orange'], to: ['high', 'horn'] }],
});

type Unstamped = Record<string, unknown> & { type: string };

/** A notifier with a clock that is turned by hand. */
const desk = (rules = RULES, begun = NOON) => {
  let [state, now]: [State, number] = [stateAt(begun), begun];
  const take = (event: Unstamped): readonly Delivery[] => {
    const step = advance(state, { ...event, now } as never, rules);
    state = step.state;
    return step.deliveries;
  };
  const ticket = ({ id, channel, version, times }: Delivery) => ({ id, channel, version, times });
  return {
    take,
    hear: (signal: Signal, places: readonly string[] = []) => take({ type: 'signal', signal, places }),
    sent: (one: Delivery) => take({ type: 'sent', ...ticket(one) }),
    failed: (one: Delivery) => take({ type: 'failed', why: 'ECONNREFUSED', ...ticket(one) }),
    later: (ms: number) => {
      now += ms;
      return take({ type: 'tick' });
    },
    state: () => state,
  };
};

const told = (all: readonly Delivery[]): string[] =>
  all.map(({ channel, version, times }) => `${channel} ${version}.${times}`);
const at = (time: number, over: Partial<Signal> = {}): Signal => signalOf({ since: isoUtc(time), ...over });

test('a version is told once, however often it comes', () => {
  const { hear, sent } = desk();
  const signal = at(NOON);
  const [first] = hear(signal);
  expect(told([first!])).toEqual(['all 1.0']);
  expect(hear(signal)).toEqual([]);
  sent(first!);
  expect(hear(signal)).toEqual([]);
  expect(told(hear(next(signal, { lacking: ['册村镇'] })))).toEqual([]);
  expect(told(hear({ ...next(signal, { state: 'agreed' }), version: 3 }))).toEqual(['all 3.0']);
});

test('what was old when notifying began is known, not told; what follows is told', () => {
  const { hear, later } = desk();
  const old = at(NOON - 25 * HOUR, { level: 'I' });
  expect(hear(old)).toEqual([]);
  expect(later(HOUR)).toEqual([]);
  expect(told(hear(next(old, { level: 'II' })))).toEqual(['all 2.0', 'high 2.0', 'horn 2.0']);
  expect(told(hear(at(NOON - 23 * HOUR, { subject: 'gale' })))).toEqual(['all 1.0']);
});

test('low levels wait for the morning, as they then are; high ones do not', () => {
  const { hear, later, sent, take } = desk(RULES, NOON + 11 * HOUR);
  const low = at(NOON + 11 * HOUR);
  expect(hear(low)).toEqual([]);
  expect(hear(next(low, { level: 'III' }))).toEqual([]);
  const gone = at(NOON + 11 * HOUR, { subject: 'fog' });
  hear(gone);
  expect(hear(next(gone, { state: 'lapsed' }))).toEqual([]);
  const gale = at(NOON + 11 * HOUR, { subject: 'gale', level: 'II' });
  const urgent = hear(gale);
  expect(told(urgent)).toEqual(['all 1.0', 'high 1.0', 'horn 1.0']);
  for (const one of urgent) sent(one);
  for (const one of take({ type: 'acknowledged', id: gale.id, by: '王芳' })) sent(one);
  expect(later(8 * HOUR - SECOND).filter(({ signal }) => signal.subject !== 'gale')).toEqual([]);
  const morning = later(SECOND).filter(({ signal }) => signal.subject !== 'gale');
  expect(morning.map(({ signal }) => [signal.subject, signal.level, signal.version])).toEqual([
    ['rainstorm', 'III', 2],
  ]);
  for (const one of morning) sent(one);
});

describe('reminders', () => {
  const high = at(NOON, { level: 'II' });

  test('come while nobody acknowledges, where the channel takes them', () => {
    const { hear, sent, later } = desk();
    for (const one of hear(high)) sent(one);
    expect(later(15 * MINUTE - 1)).toEqual([]);
    const again = later(1);
    expect(told(again)).toEqual(['all 1.1', 'high 1.1']);
    for (const one of again) sent(one);
    expect(told(later(15 * MINUTE))).toEqual(['all 1.2', 'high 1.2']);
  });

  test('end when someone acknowledges; a siren is told to be still', () => {
    const { hear, sent, later, take, state } = desk();
    for (const one of hear(high)) sent(one);
    expect(told(take({ type: 'acknowledged', id: high.id, by: '王芳' }))).toEqual(['horn 1.1']);
    expect(later(HOUR)).toEqual([]);
    expect(state().watches[high.id]?.acknowledged?.by).toBe('王芳');
    // A higher level is another matter.
    expect(told(hear(next(high, { level: 'I' })))).toEqual(['all 2.0', 'high 2.0']);
  });

  test('of two that press, the end of one does not still the siren; a lower level stills it at night too', () => {
    const { hear, sent, take, later } = desk(RULES, NOON + 12 * HOUR);
    const gale = at(NOON + 12 * HOUR, { level: 'I', subject: 'gale' });
    const siren = (all: readonly Delivery[]) =>
      all
        .filter(({ channel }) => channel === 'horn')
        .map((one) => {
          sent(one);
          return (formOf(one, RULES.channels['horn']!, NO_WORDS, 0) as { payload: { siren: string } }).payload.siren;
        });
    const rain = { ...high, since: isoUtc(NOON + 12 * HOUR), at: isoUtc(NOON + 12 * HOUR) };
    expect(siren(hear(rain))).toEqual(['on']);
    expect(siren(hear(gale))).toEqual(['on']);
    expect(siren(take({ type: 'acknowledged', id: rain.id, by: '王芳' }))).toEqual(['on']);
    expect(siren(hear(next(gale, { level: 'III' })))).toEqual(['off']);
    expect(siren(later(12 * HOUR))).toEqual([]);
  });

  test.each([
    ['agreed', { state: 'agreed' }],
    ['signed', { state: 'active', in_force: { level: 'II', since: isoUtc(NOON) } }],
    ['lifted', { state: 'lifted' }],
  ] as const)('end when it is %s', (_, over) => {
    const { hear, sent, later } = desk();
    for (const one of hear(high)) sent(one);
    for (const one of hear(next(high, over))) sent(one);
    expect(later(HOUR)).toEqual([]);
  });

  test('end when the topic is cleared, or has another signal', () => {
    for (const event of [
      { type: 'cleared', kind: high.kind, subject: high.subject },
      { type: 'signal', signal: at(NOON + HOUR), places: [] },
    ]) {
      const { hear, sent, later, take } = desk();
      for (const one of hear(high)) sent(one);
      for (const one of take(event)) sent(one);
      expect(later(HOUR)).toEqual([]);
    }
  });

  test('are not for a class of water that is called II', () => {
    const { hear, sent, later } = desk();
    const section = at(NOON, { kind: 'water-section', subject: 's', level: 'II', state: 'active' });
    const first = hear(section);
    expect(told(first)).toEqual(['all 1.0']);
    for (const one of first) sent(one);
    expect(later(HOUR)).toEqual([]);
  });
});

test('who was told of a level is told of its end, and who was not is not', () => {
  const { hear, sent } = desk();
  const high = at(NOON, { level: 'II' });
  for (const one of hear(high)) sent(one);
  const low = hear(next(high, { level: 'IV' }));
  expect(told(low)).toEqual(['all 2.0', 'high 2.0', 'horn 2.0']);
});

test('a channel that fails is tried with growing pauses, one message at a time, and hears how things stand then', () => {
  const { hear, failed, later, state, sent } = desk();
  const [a, b] = [at(NOON), at(NOON, { subject: 'gale' })];
  const [first] = hear(a);
  failed(first!);
  expect(hear(b)).toEqual([]);
  const pauses = [10, 20, 40, 80, 120, 120].map((s) => s * SECOND);
  for (const pause of pauses) {
    expect(later(pause - 1)).toEqual([]);
    const tried = later(1);
    expect(tried).toHaveLength(1);
    failed(tried[0]!);
  }
  hear(next(a, { level: 'III' }));
  const [probe] = later(2 * MINUTE);
  const rest = sent(probe!);
  expect([probe!, ...rest].map(({ signal }) => [signal.subject, signal.version]).sort()).toEqual([
    ['gale', 1],
    ['rainstorm', 2],
  ]);
  expect(state().channels['all']).toMatchObject({ failures: 0, failed: 7, sent: 1 });
});

test('no answer is a failure; one that comes late still counts', () => {
  const { hear, later, sent, state } = desk();
  const [first] = hear(at(NOON));
  expect(later(MINUTE)).toEqual([]);
  expect(state().channels['all']).toMatchObject({ failures: 1, error: 'no answer' });
  sent(first!);
  expect(later(HOUR)).toEqual([]);
});

test('what was under way when the process died is sent once more, as unsure', () => {
  const { hear, take, sent, later } = desk();
  hear(at(NOON));
  const [again, ...more] = take({ type: 'started' });
  expect([again?.unsure, again?.times, more]).toEqual([true, 0, []]);
  sent(again!);
  expect([...take({ type: 'started' }), ...later(HOUR)]).toEqual([]);
});

test('a minute begins no more messages than a channel takes', () => {
  const rules = {
    ...RULES,
    channels: { ...RULES.channels, all: { ...RULES.channels['all']!, per_minute: 3 } },
  } as Rules;
  const { hear, later, sent } = desk(rules);
  const begun = Array.from({ length: 7 }, (_, n) => hear(at(NOON, { subject: `s${n}` })));
  for (const one of begun.flat()) sent(one);
  const counts = begun.map(({ length }) => length);
  expect(counts).toEqual([1, 1, 1, 0, 0, 0, 0]);
  expect(later(30 * SECOND)).toEqual([]);
  expect(later(30 * SECOND).length).toBe(3);
});

// Histories: signals that go on at random, channels that fail, do not answer or die with the process.
const subject = fc.constantFrom('rainstorm', 'gale', 'fog');
const happening = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('signal' as const),
      subject,
      level: fc.constantFrom('IV', 'III', 'II', 'I'),
      state: fc.constantFrom('proposed', 'agreed', 'active', 'lift-proposed', 'lifted', 'lapsed'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('again' as const), subject }) },
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant('answer' as const),
      which: fc.nat(50),
      how: fc.constantFrom('sent', 'sent', 'failed'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 10 * HOUR }) }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('died' as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('acknowledged' as const), subject }) },
);

const keyOf = ({ id, channel, version, times }: Delivery): string => JSON.stringify([id, channel, version, times]);

test('over any history: never twice without a failure between, reminders only while pressing, and in the end everyone knows', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (history) => {
      const one = desk();
      const signals = new Map<string, Signal>();
      const out = new Map<string, Delivery>();
      /** Delivered and neither failed, timed out nor interrupted since. */
      const standing = new Set<string>();
      const heardBy = new Map<string, number>();
      const note = (deliveries: readonly Delivery[]): void => {
        // What failed or was given up is no more under way.
        for (const [key, { id, channel, version, times }] of out) {
          const { sending } = one.state().watches[id]?.threads[channel] ?? {};
          if (sending?.version === version && sending.times === times && !deliveries.some((d) => keyOf(d) === key))
            continue;
          out.delete(key);
          standing.delete(key);
        }
        for (const delivery of deliveries) {
          const key = keyOf(delivery);
          expect(standing.has(key), key).toBe(false);
          if (delivery.times > 0 && delivery.channel !== 'horn')
            expect(isPressing(one.state().watches[delivery.id]!), 'a reminder').toBe(true);
          standing.add(key);
          out.set(key, delivery);
        }
      };
      const answer = (delivery: Delivery, how: string): void => {
        const key = keyOf(delivery);
        out.delete(key);
        if (how === 'sent') heardBy.set(`${delivery.id} ${delivery.channel}`, delivery.version);
        else standing.delete(key);
        note(how === 'sent' ? one.sent(delivery) : one.failed(delivery));
      };
      for (const event of history) {
        if (event.type === 'signal') {
          const before = signals.get(event.subject);
          const over = { level: event.level, state: event.state } as Partial<Signal>;
          const signal = before ? next(before, over) : at(NOON, { subject: event.subject, ...over });
          signals.set(event.subject, signal);
          note(one.hear(signal));
        } else if (event.type === 'again') {
          const signal = signals.get(event.subject);
          if (signal) note(one.hear(signal));
        } else if (event.type === 'answer') {
          const waiting = [...out.values()];
          if (waiting.length > 0) answer(waiting[event.which % waiting.length]!, event.how);
        } else if (event.type === 'wait') note(one.later(event.ms));
        else if (event.type === 'died') note(one.take({ type: 'started' }));
        else {
          const signal = signals.get(event.subject);
          if (signal) note(one.take({ type: 'acknowledged', id: signal.id, by: '王芳' }));
        }
      }
      // All is well from now on: someone acknowledges, channels answer, the night passes.
      for (const signal of signals.values()) note(one.take({ type: 'acknowledged', id: signal.id, by: '王芳' }));
      for (let round = 0; round < 200; round++) {
        note(one.later(10 * MINUTE));
        for (const delivery of [...out.values()]) answer(delivery, 'sent');
      }
      for (const watch of Object.values(one.state().watches))
        for (const [name, thread] of Object.entries(watch.threads)) {
          expect([name, thread.tell, thread.sending]).toEqual([name, 0, undefined]);
          // Whoever was ever told knows the newest news; and all know of what is up.
          const known = heardBy.get(`${watch.signal.id} ${name}`);
          if (thread.told > 0) expect(known).toBe(thread.told);
          if (!isOver(watch)) expect(thread.told, `${name} of what is up`).toBeGreaterThan(0);
          const { level, state } = watch.signal;
          const last = [...signals.values()].find(({ id }) => id === watch.signal.id)!;
          expect([level, state]).toEqual([last.level, last.state]);
        }
    }),
    { numRuns: 500 },
  );
});
