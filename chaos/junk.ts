// Random and mutated messages, grown from the form of each feed, by fast-check.
import fc from 'fast-check';
import { feeds } from '../sensors/feeds/index.ts';
import type { Feed } from '../src/core/types.ts';

export interface Junk {
  readonly topic: string;
  readonly payload: Buffer;
}

const WORDS = [
  '__proto__',
  'constructor',
  'toString',
  '',
  ' ',
  '\u0000',
  '\ud800',
  '站',
  '🜁',
  '..',
  '%00',
  '$',
  '#',
  '+',
  '/',
  '0',
  'null',
];
const NUMBERS = [0, -0, 1e-320, 1e308, -1e308, 2 ** 53, -1, 0.1, 9.05, 1.5, 1e21];
const TIMES: readonly unknown[] = [
  0,
  -1,
  1.5,
  8.64e15,
  9e15,
  '',
  'soon',
  '2026-02-30T00:00:00Z',
  '2026-07-20',
  '9999-12-31T23:59:59Z',
  '0000-01-01T00:00:00Z',
  '2026-07-20T24:00:00+08:00',
  '2026-07-20T08:00:60+08:00',
  '2026-07-20T08:00:00+25:00',
  null,
  [],
  {},
];
const PERIODS: readonly unknown[] = [
  'PT1H',
  'P1M',
  'PT0S',
  'P400D',
  'P401D',
  'P999999999999D',
  'PT',
  'P',
  'PT0.0005S',
  '1 hour',
  -1,
  null,
];

const scalar = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, ...NUMBERS, ...WORDS),
  fc.double({ noNaN: true }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
);
const anything = fc.oneof({ weight: 4, arbitrary: scalar }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) });

/** Values of a feed at, within and beyond the ends of their ranges. */
const valuesOf = (feed: Feed) => {
  const { quantities } = feeds[feed];
  const names = Object.keys(quantities);
  const value = (name: string) => {
    const { least, most } = quantities[name]!;
    const width = most - least;
    return fc.oneof(
      { weight: 12, arbitrary: fc.double({ min: least, max: most, noNaN: true }) },
      { weight: 3, arbitrary: fc.constantFrom<unknown>(least, most, null) },
      { weight: 1, arbitrary: fc.oneof(fc.constantFrom<unknown>(least - width, most + width), anything) },
    );
  };
  const pair = fc.constantFrom(...names).chain((name) => fc.tuple(fc.constant(name), value(name)));
  const stray = fc.tuple(fc.constantFrom(...WORDS, 'pm1', 'PM25'), anything);
  return fc
    .array(fc.oneof({ weight: 20, arbitrary: pair }, { weight: 1, arbitrary: stray }), { maxLength: 6 })
    .map((pairs) => Object.fromEntries(pairs));
};

/** Fields beside time and values that each feed has of its own, and what they may hold. */
const OWN: Readonly<Record<Feed, readonly string[]>> = {
  air: [],
  dustfall: ['start', 'end'],
  weather: ['phenomena'],
  forecast: ['phenomena', 'trend'],
  water: [],
  emission: ['status'],
};
const SHARED = ['period', 'flags', 'sequence'];
const STRAY = ['from', 'to', 'unit', ...WORDS];

/** What may stand in a field: right more often than not. */
const fieldOf = (name: string, times: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => {
  const right: Record<string, fc.Arbitrary<unknown>> = {
    period: fc.constantFrom('PT1H', 'PT5M', 'PT20M', 'P1D', ...PERIODS),
    flags: fc.dictionary(fc.constantFrom('pm25', 'rain', 'cod', 'so2'), fc.constantFrom('N', 'M', 'HSp'), {
      maxKeys: 2,
    }),
    sequence: fc.nat(),
    start: times,
    end: times,
    phenomena: fc.array(fc.constantFrom('fog', 'haze', 'sandstorm', 'rain'), { maxLength: 3 }),
    trend: fc.constantFrom('developing', 'easing', 'up'),
    status: fc.constantFrom('running', 'stopped', 'fault', 'asleep'),
  };
  return fc.oneof(
    { weight: 4, arbitrary: Object.hasOwn(right, name) ? right[name]! : times },
    { weight: 1, arbitrary: anything },
  );
};

/** A message's content: right in most, wrong in some of its parts. */
const contentOf = (feed: Feed, times: fc.Arbitrary<unknown>) => {
  const time = fc.oneof({ weight: 12, arbitrary: times }, { weight: 1, arbitrary: fc.constantFrom(...TIMES) });
  const values = fc.oneof({ weight: 12, arbitrary: valuesOf(feed) }, { weight: 1, arbitrary: anything });
  const names = [...SHARED, ...OWN[feed], ...SHARED, ...OWN[feed], fc.constantFrom(...STRAY)];
  const name = fc.oneof(...names.map((one) => (typeof one === 'string' ? fc.constant(one) : one)));
  const extra = name.chain((key) => fc.tuple(fc.constant(key), fieldOf(key, times)));
  const extras = fc.array(extra, { maxLength: 2 }).map((pairs) => Object.fromEntries(pairs));
  const window = feed === 'forecast' ? { from: time, to: time } : {};
  return fc.tuple(fc.record({ time, values, ...window }), extras).map(([base, more]) => ({ ...base, ...more }));
};

type Change = (bytes: Buffer) => Buffer;

const at = (bytes: Buffer, place: number): number => Math.floor(place * Math.max(1, bytes.length));

/** What lines, radios and programs do to bytes. */
const change: fc.Arbitrary<Change> = fc
  .record({
    kind: fc.nat(7),
    place: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    byte: fc.nat(255),
    length: fc.nat(40),
  })
  .map(({ kind, place, byte, length }): Change => {
    const kinds: readonly Change[] = [
      (bytes) => bytes.subarray(0, at(bytes, place)),
      (bytes) =>
        Buffer.concat([bytes.subarray(0, at(bytes, place)), Buffer.from([byte]), bytes.subarray(at(bytes, place))]),
      (bytes) => Buffer.concat([bytes.subarray(0, at(bytes, place)), bytes.subarray(at(bytes, place) + length)]),
      (bytes) => Buffer.concat([bytes, bytes]),
      (bytes) => {
        const other = Buffer.from(bytes);
        if (other.length > 0) other[at(bytes, place)] = byte;
        return other;
      },
      (bytes) => Buffer.from(bytes.toString('utf8').replace(/\d+/, '9'.repeat(length + 1))),
      (bytes) => Buffer.from(bytes.toString('utf8').replaceAll('"', length % 2 === 0 ? "'" : '')),
      () => Buffer.from('['.repeat(length * 1700) + '{"time":'.repeat(length)),
    ];
    return kinds[kind]!;
  });

const PARTS = ['lantian', 'v1', '140430'] as const;

/** Topics that are right but for a part, or not at all. */
const topicOf = (feed: Feed, stations: readonly string[]) => {
  const right = fc.constantFrom(...stations).map((station) => [...PARTS, feed, station]);
  const other = fc.oneof(
    fc.constantFrom(...WORDS, ...Object.keys(feeds)),
    fc.string({ unit: 'grapheme', maxLength: 30 }),
  );
  const oneOff = fc.tuple(right, fc.nat(4), other).map(([parts, i, word]) => parts.with(i, word));
  const more = fc.tuple(right, fc.array(other, { maxLength: 3 })).map(([parts, rest]) => [...parts, ...rest]);
  const long = fc.nat(60_000).map((length) => [...PARTS, feed, 'x'.repeat(length)]);
  return fc
    .oneof(
      { weight: 400, arbitrary: right },
      { weight: 60, arbitrary: oneOff },
      { weight: 20, arbitrary: more },
      { weight: 10, arbitrary: fc.array(other, { maxLength: 6 }) },
      { weight: 1, arbitrary: long },
    )
    .map((parts) => parts.join('/'));
};

const LARGE = 70_000;

/**
 * Messages of every feed, most of them broken somewhere.
 * @param stations ids by feed
 * @param times what a right time is
 */
export const junkOf = (
  stations: Readonly<Record<Feed, readonly string[]>>,
  times: fc.Arbitrary<number>,
): fc.Arbitrary<Junk> => {
  const ofFeed = (feed: Feed) => {
    const text = contentOf(feed, times).map((content) => Buffer.from(JSON.stringify(content)));
    const mutated = fc
      .tuple(text, fc.array(change, { minLength: 1, maxLength: 3 }))
      .map(([bytes, changes]) => changes.reduce<Buffer>((so, next) => next(so), bytes).subarray(0, LARGE));
    const noise = fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes));
    const payload = fc.oneof(
      { weight: 5, arbitrary: text },
      { weight: 4, arbitrary: mutated },
      { weight: 1, arbitrary: noise },
    );
    return fc.record({ topic: topicOf(feed, stations[feed]), payload });
  };
  return fc.oneof(...(Object.keys(feeds) as Feed[]).map(ofFeed));
};
