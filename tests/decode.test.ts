import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../src/core/time.ts';
import type { Reading } from '../src/core/types.ts';
import { decode, REASONS } from '../src/intake/decode.ts';
import { at, catalogOf, everyInstant, MONTH, PT1H, settingsOf, station } from './support/middle.ts';

const settings = settingsOf();
const catalog = catalogOf(
  [
    station('a', { air: PT1H }),
    station('jar', { dustfall: MONTH }),
    station('river', { water: everyInstant(4 * HOUR) }),
    station('gauge', { weather: PT1H }),
    station('stack', { emission: PT1H }),
  ],
  ['east'],
);
const received = at('2026-07-20 08:05');
const TIME = '2026-07-20T08:00:00+08:00';

type Content = Record<string, unknown> | string | Buffer;

const bytesOf = (content: Content): Buffer =>
  Buffer.isBuffer(content) ? content : Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
const decoded = (path: string, content: Content) =>
  decode({ topic: `lantian/v1/140430/${path}`, payload: bytesOf(content), received }, catalog, settings);
const understood = (path: string, content: Content): Reading => {
  const result = decoded(path, content);
  if ('reason' in result) throw new Error(`${result.reason}: ${result.detail}`);
  return result.reading;
};
const air = (more: Record<string, unknown> = {}) => ({ time: TIME, values: { pm25: 35 }, ...more });
const weighing = (more: Record<string, unknown> = {}) => ({
  time: '2026-07-01T08:00:00+08:00',
  start: '2026-06-01T08:00:00+08:00',
  end: '2026-07-01T08:00:00+08:00',
  values: { gross: 25.3, tare: 25, blank: 0.01, area: 176.7 },
  ...more,
});

describe('each reason has its message, and says where', () => {
  const cases: [reason: string, path: string, content: Content, words: string | RegExp][] = [
    ['too-large', 'air/a', `{"time":0,"values":{}}${' '.repeat(65_536)}`, '65558 bytes'],
    ['bad-topic', 'air/a/more', air(), 'lantian/v1/140430/air/a/more'],
    ['unknown-feed', 'noise/a', air(), 'noise'],
    ['unknown-feed', '__proto__/a', air(), '__proto__'],
    ['unknown-station', 'air/b', air(), 'b is not in the catalog'],
    ['unknown-station', 'air/__proto__', air(), '__proto__'],
    ['unknown-station', 'forecast/west', air(), 'west'],
    ['wrong-feed', 'air/jar', air(), 'jar reports dustfall, not air'],
    ['bad-json', 'air/a', '', /JSON/],
    ['bad-json', 'air/a', '{"time": 1,', /JSON/],
    ['bad-json', 'air/a', '{"time": 1 "values": {}}', /position 11/],
    ['bad-json', 'air/a', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), /utf-8/i],
    ['bad-payload', 'air/a', '[]', 'message'],
    ['bad-payload', 'air/a', 'null', 'message'],
    ['bad-payload', 'air/a', { values: { pm25: 1 } }, 'time'],
    ['bad-payload', 'air/a', { time: TIME }, 'values'],
    ['bad-payload', 'air/a', air({ values: { pm25: '35' } }), 'values.pm25'],
    ['bad-payload', 'air/a', air({ values: [35] }), 'values'],
    ['bad-payload', 'air/a', air({ flags: { pm25: 1 } }), 'flags.pm25'],
    ['bad-payload', 'air/a', air({ more: 1 }), 'more'],
    ['bad-payload', 'air/a', air({ start: TIME }), 'start'],
    ['bad-payload', 'air/a', `{"time":"${TIME}","values":{"pm25":1e400}}`, 'values.pm25'],
    ['bad-payload', 'air/a', air({ sequence: 1.5 }), 'sequence'],
    ['bad-payload', 'emission/stack', { time: TIME, values: {}, status: 'asleep' }, 'status'],
    ['bad-payload', 'dustfall/jar', { time: TIME, values: { gross: 25 } }, 'values'],
    ['unknown-quantity', 'air/a', air({ values: { pm25: 35, pm1: 3 } }), 'pm1'],
    ['unknown-quantity', 'air/a', air({ flags: { pm1: 'N' } }), 'pm1'],
    ['unknown-quantity', 'air/a', `{"time":"${TIME}","values":{"__proto__":1}}`, '__proto__'],
    ['bad-time', 'air/a', air({ time: '2026-07-20' }), 'time: "2026-07-20"'],
    ['bad-time', 'air/a', air({ time: '1784505600000' }), 'time: "1784505600000"'],
    ['bad-time', 'air/a', air({ time: 1.5 }), 'time: 1.5'],
    ['bad-time', 'air/a', air({ time: 1e300 }), 'time: 1e+300'],
    ['bad-time', 'air/a', air({ time: 8.64e15 }), 'time: 8640000000000000'],
    ['bad-time', 'air/a', air({ period: '1 hour' }), 'period: 1 hour'],
    ['bad-time', 'air/a', air({ period: 'PT0.0005S' }), 'period: PT0.0005S'],
    ['bad-time', 'air/a', air({ period: 'P999999999D' }), 'period: spans more than P400D'],
    ['bad-time', 'dustfall/jar', weighing({ start: '2024-06-01T08:00:00+08:00' }), 'start: spans'],
    ['bad-time', 'dustfall/jar', weighing({ start: '2026-08-01T08:00:00+08:00' }), 'start: is after'],
    ['bad-time', 'dustfall/jar', weighing({ start: '2026-07-01T07:59:00+08:00' }), 'start: the exposure'],
    ['bad-time', 'dustfall/jar', weighing({ end: '2026-07-02T08:00:00+08:00' }), 'end: is not'],
    ['bad-time', 'forecast/east', { time: TIME, from: TIME, to: TIME, values: {} }, 'to: is not after from'],
    ['bad-time', 'forecast/east', { time: TIME, from: TIME, to: 'soon', values: {} }, 'to: "soon"'],
    ['future', 'air/a', air({ time: received + 10 * MINUTE + 1 }), '2026-07-20T08:15:00.001+08:00'],
    ['future', 'air/a', air({ time: '9999-12-01T00:00:00Z' }), '9999'],
    ['too-old', 'air/a', air({ time: received - 400 * DAY - 1 }), '2025-06-15'],
    ['too-old', 'air/a', air({ time: 0 }), '1970-01-01'],
    ['out-of-range', 'air/a', air({ values: { pm25: -50.1 } }), 'values.pm25: -50.1 is not within -50 to 100000 µg/m³'],
    ['out-of-range', 'weather/gauge', air({ values: { wind_direction: 361 } }), 'values.wind_direction'],
    [
      'out-of-range',
      'dustfall/jar',
      weighing({ values: { gross: 9000, tare: 0, blank: 0, area: 1 } }),
      'values.dustfall',
    ],
  ];

  it.each(cases)('%s: %s %j', (reason, path, content, words) => {
    const result = decoded(path, content);
    expect(result).toMatchObject({ reason });
    expect((result as { detail: string }).detail).toMatch(
      typeof words === 'string' ? new RegExp(words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')) : words,
    );
  });

  it('another county', () => {
    const message = { topic: 'lantian/v1/110000/air/a', payload: bytesOf(air()), received };
    expect(decode(message, catalog, settings)).toEqual({
      reason: 'unknown-county',
      detail: 'county 110000 is not 140430',
    });
  });

  it('all of the list but `failed`, which is for mistakes of our own', () => {
    const seen = new Set([...cases.map(([reason]) => reason), 'unknown-county']);
    expect([...seen].sort()).toEqual(REASONS.filter((reason) => reason !== 'failed').sort());
  });
});

describe('what is understood', () => {
  it('a time without offset is Beijing time; epoch milliseconds are taken', () => {
    const expected = { feed: 'air', station: 'a', time: at('2026-07-20 08:00'), start: at('2026-07-20 07:00') };
    for (const time of [
      TIME,
      '2026-07-20T08:00:00',
      '2026-07-20 08:00',
      '2026-07-20T00:00:00Z',
      at('2026-07-20 08:00'),
    ])
      expect(understood('air/a', air({ time }))).toEqual({ ...expected, values: { pm25: 35 } });
  });

  it('at the edge of the future and of age', () => {
    expect(understood('air/a', air({ time: received + 10 * MINUTE })).time).toBe(received + 10 * MINUTE);
    expect(understood('air/a', air({ time: received - 400 * DAY })).time).toBe(received - 400 * DAY);
  });

  it('the period of the message, else the catalog’s', () => {
    const startOf = (path: string, more: object) => understood(path, air({ values: {}, ...more })).start;
    expect(startOf('air/a', { period: 'PT5M' })).toBe(at('2026-07-20 07:55'));
    expect(startOf('air/a', { period: 'PT0S' })).toBe(at('2026-07-20 08:00'));
    expect(startOf('water/river', {})).toBe(at('2026-07-20 08:00'));
    expect(startOf('air/a', { period: 'P400D' })).toBe(at('2026-07-20 08:00') - 400 * DAY);
  });

  it.each([
    ['2026-07-01 00:00', '2026-06-01 00:00', 'on the 1st: the month before'],
    ['2026-03-01 00:00', '2026-02-01 00:00', 'a short month'],
    ['2026-01-01 08:00', '2025-12-01 08:00', 'over the year'],
    ['2026-06-30 00:00', '2026-05-30 00:00', 'the same day of the month before'],
    ['2026-03-31 00:00', '2026-03-01 00:00', 'there is no 31 February'],
  ])('P1M that ends %s begins %s: %s', (time, start) => {
    const message = { time: at(time), period: 'P1M', values: { dustfall: 5 } };
    expect(understood('dustfall/jar', message).start).toBe(at(start));
    const { period: _, ...standard } = message;
    expect(understood('dustfall/jar', standard).start).toBe(at(start));
  });

  it('a byte order mark is no part of the message; 64 KiB are', () => {
    expect(understood('air/a', `\u{feff}${JSON.stringify(air())}`).values).toEqual({ pm25: 35 });
    const text = JSON.stringify(air());
    expect(understood('air/a', text + ' '.repeat(65_536 - text.length)).values).toEqual({ pm25: 35 });
  });

  it('null is not measured; both ends of a range are in it; -0 is 0', () => {
    const { values } = understood('air/a', air({ values: { pm25: -50, pm10: 100_000, so2: null, co: -0 } }));
    expect(values).toEqual({ pm25: -50, pm10: 100_000, co: 0 });
    expect(Object.is(values['co'], 0)).toBe(true);
  });

  it('values and flags stand in the order of the feed, whatever the message’s', () => {
    const flags = { o3: 'M', so2: 'N', pm25: 'D' };
    const { values, flags: kept } = understood('air/a', air({ values: { o3: 3, pm25: 1, so2: 2 }, flags }));
    expect([Object.keys(values), Object.keys(kept!)]).toEqual(Array(2).fill(['pm25', 'so2', 'o3']));
  });

  it('flags, status, phenomena, trend and sequence stay with it', () => {
    const flagged = understood('air/a', air({ flags: { pm25: 'M' }, sequence: 17 }));
    expect(flagged).toMatchObject({ flags: { pm25: 'M' }, sequence: 17 });
    expect(understood('air/a', air({ flags: {} }))).not.toHaveProperty('flags');
    expect(understood('emission/stack', { time: TIME, values: { pm: 1 }, status: 'fault' }).status).toBe('fault');
    const from = '2026-07-20T08:00:00+08:00';
    const forecast = { time: TIME, from, to: '2026-07-21T08:00:00+08:00', values: { rain: 50 }, trend: 'easing' };
    expect(understood('forecast/east', { ...forecast, phenomena: ['fog'] })).toEqual({
      feed: 'forecast',
      station: 'east',
      time: at('2026-07-20 08:00'),
      start: at('2026-07-20 08:00'),
      from: at('2026-07-20 08:00'),
      to: at('2026-07-21 08:00'),
      values: { rain: 50 },
      trend: 'easing',
      phenomena: ['fog'],
    });
    expect(understood('forecast/county', { ...forecast, values: { daily_aqi: 180 } }).station).toBe('county');
  });
});

describe('a weighing (HJ 1221)', () => {
  it('becomes t/(km²·30d): (25.3 − 25 − 0.01) / (176.7 × 30.0) × 30 × 10⁴ = 16.4120…', () => {
    // 0.29 g on 176.7 cm² in 30 days: 0.29 / 176.7 × 10⁴ = 16.41199…
    const { values } = understood('dustfall/jar', weighing());
    expect(values['dustfall']).toBeCloseTo(16.412, 3);
    expect(values).toMatchObject({ gross: 25.3, tare: 25, blank: 0.01, area: 176.7 });
  });

  it('counts days to 0.1 d: 29 d 13 h is 29.5 d', () => {
    // 0.295 / (100 × 29.5) × 30 × 10⁴ = 30
    const start = '2026-06-01T19:00:00+08:00';
    const values = { gross: 10.295, tare: 10, blank: 0, area: 100 };
    expect(understood('dustfall/jar', weighing({ start, values })).values['dustfall']).toBeCloseTo(30, 9);
  });

  it('of a doubtful weight is as doubtful', () => {
    expect(understood('dustfall/jar', weighing({ flags: { tare: 'M' } })).flags).toEqual({ tare: 'M', dustfall: 'M' });
    expect(understood('dustfall/jar', weighing({ flags: { tare: 'N' } })).flags).toEqual({ tare: 'N' });
  });
});

describe('nothing stops it', () => {
  it('nesting as deep as a message can hold', () => {
    expect(decoded('air/a', '['.repeat(65_536))).toMatchObject({ reason: 'bad-json' });
    const deep = `${'['.repeat(32_768)}${']'.repeat(32_768)}`;
    expect(decoded('air/a', deep)).toMatchObject({ reason: 'bad-payload' });
    const inside = `{"time":0,"values":{"pm25":${'['.repeat(30_000)}${']'.repeat(30_000)}}}`;
    expect(decoded('air/a', inside)).toMatchObject({
      reason: 'bad-payload',
      detail: expect.stringContaining('values.pm25'),
    });
  });

  it('keys of the prototype change nothing', () => {
    const text = `{"time":"${TIME}","values":{"pm25":1},"__proto__":{"polluted":1}}`;
    expect(decoded('air/a', text)).toMatchObject({ reason: 'bad-payload' });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('it never throws and never fails, whatever the bytes and the topic', () => {
    const paths = fc.constantFrom(
      'air/a',
      'dustfall/jar',
      'water/river',
      'weather/gauge',
      'emission/stack',
      'forecast/east',
    );
    const wild = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc.json().map((text) => Buffer.from(text)),
    );
    const anything = fc.oneof(
      fc.constant(TIME),
      fc.integer(),
      fc.double(),
      fc.string(),
      fc.constant(null),
      fc.constant(received),
    );
    const near = fc
      .record(
        {
          time: anything,
          period: fc.oneof(fc.constantFrom('PT1H', 'P1M', 'P9999D', 'PT0S'), fc.string()),
          values: fc.dictionary(
            fc.constantFrom('pm25', 'rain', 'dustfall', 'gross', 'tare', 'blank', 'area', 'x'),
            fc.oneof(fc.double(), fc.constant(null)),
          ),
          flags: fc.dictionary(fc.constantFrom('pm25', 'rain', 'gross', 'x'), fc.string()),
          start: anything,
          end: anything,
          from: anything,
          to: anything,
        },
        { requiredKeys: ['time', 'values'] },
      )
      .map((message) => Buffer.from(JSON.stringify(message)));
    fc.assert(
      fc.property(fc.oneof(paths, fc.string()), fc.oneof(wild, near), (path, payload) => {
        const result = decoded(path, payload);
        if (!('reason' in result)) return expect(Number.isInteger(result.reading.start)).toBe(true);
        expect(REASONS).toContain(result.reason);
        expect(result.reason).not.toBe('failed');
        expect(result.detail.length).toBeGreaterThan(0);
      }),
      { numRuns: 2000 },
    );
  });
});
