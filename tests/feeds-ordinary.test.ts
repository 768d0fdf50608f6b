// The quick look at a message against the form that Zod has of it: whatever a sender makes of JSON, both must say the same.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { feeds } from '../sensors/feeds/index.ts';
import { FEEDS } from '../src/core/types.ts';

const TIME = '2026-07-20T08:00:00+08:00';
const NAMES = ['', '__proto__', 'constructor', 'toString', 'pm25', 'rain', 'time', 'values', 'flags', 'start', 'more'];

const numbers = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(-0));
const texts = fc.oneof(
  fc.string(),
  fc.constantFrom('N', 'M', 'HSp', 'x'.repeat(16), 'x'.repeat(17), '霾'.repeat(16), TIME),
);
const anything = fc.oneof(
  numbers,
  texts,
  fc.constant(null),
  fc.boolean(),
  fc.array(numbers, { maxLength: 2 }),
  fc.jsonValue(),
);

const membersOf = (feed: (typeof FEEDS)[number]) => {
  const names = Object.keys(feeds[feed].quantities);
  const values = fc.dictionary(fc.constantFrom(...names), fc.oneof(numbers, numbers, fc.constant(null)));
  const flags = fc.dictionary(fc.constantFrom(...names), texts);
  const moments = fc.oneof(texts, numbers);
  return {
    time: moments,
    values,
    period: fc.constantFrom('PT1H', 'P1M', ''),
    flags,
    sequence: fc.oneof(fc.integer(), fc.constantFrom(2 ** 53, 2 ** 53 - 1, 1.5, -0)),
    from: moments,
    to: moments,
    start: moments,
    end: moments,
    phenomena: fc.array(fc.constantFrom('fog', 'haze', 'sandstorm', 'frogs'), { maxLength: 3 }),
    trend: fc.constantFrom('developing', 'easing', 'steady'),
    status: fc.constantFrom('running', 'fault', 'asleep'),
  };
};

/** A message of a feed's own members, whole; about half of them are as they should be. */
const messagesOf = (feed: (typeof FEEDS)[number]) => {
  const { time, values, period, flags, sequence, ...others } = membersOf(feed);
  const own = {
    weather: ['phenomena'],
    emission: ['status'],
    dustfall: ['start', 'end'],
    forecast: ['from', 'to', 'phenomena', 'trend'],
  };
  const extras = Object.entries(others).filter(([name]) => (own as Record<string, string[]>)[feed]?.includes(name));
  const requiredKeys = ['time', 'values', ...(feed === 'forecast' ? ['from', 'to'] : [])] as ('time' | 'values')[];
  return fc.record({ time, values, period, flags, sequence, ...Object.fromEntries(extras) }, { requiredKeys });
};

/** Another value, another key, or one too few, at the top or one below. */
const spoilt = (message: Record<string, unknown>, at: number, name: string, value: unknown): unknown => {
  const keys = Object.keys(message);
  const key = keys[at % keys.length]!;
  const inner = message[key];
  if (at % 5 === 0) return Object.fromEntries(Object.entries(message).filter(([one]) => one !== key));
  if (at % 5 === 1)
    return JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(value)},${JSON.stringify(message).slice(1)}`);
  if (at % 5 === 2 || typeof inner !== 'object' || inner === null) return { ...message, [key]: value };
  return { ...message, [key]: { ...inner, [name]: value } };
};

describe.each(FEEDS)('an ordinary message of %s', (feed) => {
  const { payload, isOrdinary } = feeds[feed];

  const same = (content: unknown): boolean => {
    const parsed = payload.safeParse(content);
    expect(isOrdinary(content), JSON.stringify(content)).toBe(parsed.success);
    if (parsed.success) expect(content).toEqual(parsed.data);
    return parsed.success;
  };

  it('is one of the feed’s form, and the other way round', () => {
    let right = 0;
    fc.assert(
      fc.property(messagesOf(feed), (message) => {
        if (same(JSON.parse(JSON.stringify(message)))) right++;
      }),
      { numRuns: 2000 },
    );
    // Of messages that are all wrong, or all right, nothing would be learnt.
    expect(right).toBeGreaterThan(100);
    expect(right).toBeLessThan(1900);
  });

  it('whatever is done to it', () => {
    fc.assert(
      fc.property(messagesOf(feed), fc.nat(), fc.constantFrom(...NAMES), anything, (message, at, name, value) => {
        same(JSON.parse(JSON.stringify(spoilt(message, at, name, value)) ?? 'null'));
      }),
      { numRuns: 2000 },
    );
  });

  it('and of anything that JSON is', () => {
    fc.assert(fc.property(fc.jsonValue(), (content) => void same(content)));
    same(JSON.parse(`{"time":0,"values":{"__proto__":1}}`));
    same(JSON.parse(`{"time":0,"values":{},"__proto__":{"values":{}}}`));
    same(JSON.parse(`{"time":0,"values":{"${Object.keys(feeds[feed].quantities)[0]}":1e400}}`));
  });
});
