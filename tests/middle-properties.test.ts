// What must hold of any readings in any order, with any crash: the same series in the end, and the same signals.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../src/core/time.ts';
import type { Feed, Reading } from '../src/core/types.ts';
import {
  at,
  catalogOf,
  createShell,
  everyInstant,
  type Finals,
  MONTH,
  PT1H,
  PT5M,
  reading,
  type Shell,
  station,
} from './support/middle.ts';

const T0 = at('2026-07-20 00:00');
const places = ['east', 'west', 'north'];
const catalog = catalogOf(
  [
    station('a', { air: PT1H }, { assessed: true }),
    station('spot', { air: everyInstant(20 * MINUTE) }, { assessed: true }),
    ...places.map((township) => station(`g-${township}`, { weather: PT1H }, { township })),
    station('river', { water: everyInstant(4 * HOUR) }),
    station('stack', { emission: PT5M }, { limits: { so2: 50 } }),
    station('jar1', { dustfall: MONTH }),
    station('jar2', { dustfall: MONTH }),
  ],
  places,
);

/** Stations, the quantities that are sent, and the periods. */
const SENDERS: readonly (readonly [Feed, string, readonly string[], readonly number[]])[] = [
  ['air', 'a', ['pm25', 'o3'], [HOUR, 20 * MINUTE, DAY, 2 * DAY]],
  ['air', 'spot', ['pm25', 'so2'], [0]],
  ...places.map((place) => ['weather', `g-${place}`, ['rain', 'gust', 'wind_direction'], [HOUR, 3 * HOUR, 0]] as const),
  ['water', 'river', ['cod'], [0]],
  ['emission', 'stack', ['so2'], [HOUR, 20 * MINUTE]],
  ['dustfall', 'jar1', ['dustfall'], [30 * DAY]],
  ['dustfall', 'jar2', ['dustfall'], [30 * DAY, 28 * DAY]],
  ...places.map((place) => ['forecast', place, ['rain'], [0]] as const),
];

/** Thirds of hours: close together, days apart, or as far apart as memory does not reach. */
const times = fc
  .oneof(fc.nat(90), fc.nat(90), fc.nat(30 * 72), fc.nat(120 * 72))
  .map((thirds) => T0 + thirds * 20 * MINUTE);

const readings: fc.Arbitrary<Reading> = fc
  .record({
    sender: fc.constantFrom(...SENDERS),
    time: times,
    period: fc.nat(3),
    value: fc.integer({ min: 0, max: 120 }),
    quantity: fc.nat(2),
    both: fc.boolean(),
    flagged: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  })
  .map(({ sender: [feed, id, quantities, periods], time, period, value, quantity, both, flagged }) => {
    const name = quantities[quantity % quantities.length]!;
    const amount = name === 'rain' ? value * 2 : value;
    const values = { [name]: amount, ...(both ? { [quantities[0]!]: value / 2 } : {}) };
    const window = feed === 'forecast' ? { from: time, to: time + (period % 2 === 0 ? 24 : 12) * HOUR } : {};
    const flags = flagged ? { flags: { [name]: 'M' } } : {};
    return reading(feed, id, time, periods[period % periods.length]!, values, { ...window, ...flags });
  });

/** Heavy rain, fallen and expected, in the same half day. */
const storm: fc.Arbitrary<Reading> = fc
  .record({
    place: fc.constantFrom(...places),
    hour: fc.nat(12),
    rain: fc.integer({ min: 20, max: 200 }),
    expected: fc.boolean(),
  })
  .map(({ place, hour, rain, expected }) => {
    const time = T0 + hour * HOUR;
    if (!expected) return reading('weather', `g-${place}`, time, HOUR, { rain });
    return reading('forecast', place, time, 0, { rain }, { from: time, to: time + 24 * HOUR });
  });

/** What is expected of the air of whole days, by issues of two days. */
const outlook: fc.Arbitrary<Reading> = fc
  .record({ issued: fc.nat(48), ahead: fc.nat(4), aqi: fc.integer({ min: 100, max: 500 }) })
  .map(({ issued, ahead, aqi }) => {
    const from = T0 + ahead * DAY;
    return reading('forecast', 'county', T0 + issued * HOUR, 0, { daily_aqi: aqi }, { from, to: from + DAY });
  });

const identity = ({ feed, station: id, time, start, from, to }: Reading): string =>
  [feed, id, time, start, from, to].join('/');

/** Many readings around a few stations, so that they meet. */
const sets = fc.uniqueArray(readings, { minLength: 1, maxLength: 60, selector: identity });

const sorted = (finals: Finals) => Object.fromEntries([...finals].sort(([a], [b]) => (a < b ? -1 : 1)));

/** The clock passes the last reading hour by hour, then far beyond it. */
const finish = (shell: Shell): Shell => {
  const last = T0 + 120 * DAY;
  for (const days of [0.5, 1, 2, 60]) shell.tick(last + days * DAY);
  return shell;
};

describe('any order of a set of readings', () => {
  it('gives the same series', () => {
    const permuted = sets.chain((set) =>
      fc.tuple(fc.constant(set), fc.shuffledSubarray(set, { minLength: set.length })),
    );
    fc.assert(
      fc.property(permuted, ([set, order]) => {
        const inTime = createShell(catalog);
        inTime.take(...set.toSorted((a, b) => a.time - b.time));
        const shuffled = createShell(catalog);
        shuffled.take(...order);
        expect(sorted(finish(shuffled).finals)).toEqual(sorted(finish(inTime).finals));
      }),
      { numRuns: 150 },
    );
  });

  it('with every reading twice', () => {
    fc.assert(
      fc.property(sets, (set) => {
        const once = createShell(catalog);
        once.take(...set);
        const twice = createShell(catalog);
        for (const one of set) twice.take(one, ...(one === set[0] ? [] : [set[0]!]), one);
        expect(sorted(finish(twice).finals)).toEqual(sorted(finish(once).finals));
        expect(twice.signals).toEqual(once.signals);
      }),
      { numRuns: 80 },
    );
  });
});

type Event = { readonly reading: Reading } | { readonly move: number };

/** Readings near the clock, revisions among them, and the clock moving on. */
const near: fc.Arbitrary<Event[]> = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: readings.map((one) => ({ reading: one })) },
      { weight: 3, arbitrary: storm.map((one) => ({ reading: one })) },
      { weight: 2, arbitrary: outlook.map((one) => ({ reading: one })) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(MINUTE, 20 * MINUTE, HOUR, 5 * HOUR, 40 * DAY).map((move) => ({ move })),
      },
    ),
    { minLength: 5, maxLength: 80 },
  )
  .chain((events) =>
    fc.array(fc.nat(events.length - 1), { maxLength: 15 }).map((again) => [
      ...events,
      ...again.flatMap((i): Event[] => {
        const event = events[i]!;
        if ('move' in event) return [event];
        const { reading: one } = event;
        const [first, ...rest] = Object.entries(one.values);
        const fewer = rest.length > 0 ? Object.fromEntries(rest) : { [first![0]]: first![1] + 1 };
        return [{ reading: { ...one, values: fewer } }];
      }),
    ]),
  );

/** Hours of an outlet, most of them begun and not ended, some days old, revised at times, while the clock goes far ahead of them. */
const behind: fc.Arbitrary<Event[]> = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc
        .record({
          hour: fc.oneof(
            { weight: 3, arbitrary: fc.nat(5) },
            { weight: 1, arbitrary: fc.integer({ min: -90, max: 0 }) },
          ),
          minutes: fc.constantFrom(20, 50, 50, 60),
          so2: fc.constantFrom(0, 51),
        })
        .map(({ hour, minutes, so2 }) => ({
          reading: reading('emission', 'stack', T0 + hour * HOUR + minutes * MINUTE, minutes * MINUTE, { so2 }),
        })),
    },
    { weight: 1, arbitrary: fc.constantFrom(MINUTE, HOUR, 2 * DAY).map((move) => ({ move })) },
  ),
  { minLength: 3, maxLength: 15 },
);

const play = (events: readonly Event[], upset: (shell: Shell, i: number) => void): Shell => {
  const shell = createShell(catalog);
  let clock = T0;
  events.forEach((event, i) => {
    upset(shell, i);
    if ('reading' in event) shell.take(event.reading);
    else {
      clock += event.move;
      shell.tick(clock);
    }
  });
  for (const days of [1, 2, 60]) shell.tick(clock + days * DAY);
  return shell;
};

const same = (a: Shell, b: Shell): void => {
  expect(sorted(a.finals)).toEqual(sorted(b.finals));
  expect(a.signals).toEqual(b.signals);
};

const sameWhateverCrashes = (events: readonly Event[]): void =>
  same(
    play(events, (shell) => shell.crash()),
    play(events, () => {}),
  );

describe('memory is a cache of the archive', () => {
  it('a crash at any moment changes neither series nor signals', () => {
    fc.assert(
      fc.property(near, fc.array(fc.nat(95), { maxLength: 6 }), (events, crashes) => {
        const upset = play(events, (shell, i) => crashes.includes(i) && shell.crash());
        same(
          upset,
          play(events, () => {}),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('a crash before every event', () => {
    fc.assert(
      fc.property(near, (events) => {
        sameWhateverCrashes(events);
      }),
      { numRuns: 60 },
    );
  });

  it('a crash before every event, of an outlet that is behind the clock', () => {
    fc.assert(
      fc.property(behind, (events) => sameWhateverCrashes(events)),
      { numRuns: 300 },
    );
  });

  const stack = (time: string, minutes: number, so2: number, more: Partial<Reading> = {}): Event => ({
    reading: reading('emission', 'stack', `2026-07-${time}`, minutes * MINUTE, { so2 }, more),
  });

  it('a figure that is written again unchanged after a crash judges nothing that would not have been judged', () => {
    // The second hour is over by the clock, but not by the outlet; its reading closes the first, which the clock had closed before.
    const hours = [stack('20 09:40', 60, 51), { move: 40 * DAY }, stack('20 10:20', 20, 0, { flags: { so2: 'M' } })];
    sameWhateverCrashes(hours);
    const { signals } = play(hours, () => {});
    const { lacking, at: judged } = signals.findLast(({ kind }) => kind === 'emission')!;
    expect([lacking, Date.parse(judged)]).toEqual([[expect.stringContaining('so2')], T0 + 40 * DAY]);
  });

  it('a reading older than what is kept judges nothing, though memory may still reach back to it', () => {
    const revised = [stack('20 10:50', 50, 0), { move: 2 * DAY }, stack('20 10:50', 50, 51)];
    sameWhateverCrashes([stack('20 00:00', 60, 0), ...revised, stack('17 06:00', 60, 0)]);
  });

  it('dropping any windows at any moment changes neither', () => {
    const drops = fc.array(fc.tuple(fc.nat(95), fc.nat(20)), { maxLength: 30 });
    fc.assert(
      fc.property(near, drops, (events, dropped) => {
        const upset = play(events, (shell, i) => {
          const which = dropped.filter(([when]) => when === i).map(([, n]) => [...shell.state().windows.keys()][n]);
          shell.drop((key) => which.includes(key));
        });
        same(
          upset,
          play(events, () => {}),
        );
      }),
      { numRuns: 150 },
    );
  });
});

it('the readings above do raise signals and write every kind of figure', () => {
  const sample = fc.sample(near, { numRuns: 30, seed: 1 });
  const kinds = new Set<string>();
  const measurements = new Set<string>();
  for (const events of sample) {
    const played = play(events, () => {});
    for (const { kind } of played.signals) kinds.add(kind);
    for (const key of played.finals.keys()) measurements.add(key.split('/')[0]!);
  }
  expect([...kinds].sort()).toEqual([
    'dustfall-assessment',
    'dustfall-rectification',
    'emission',
    'heavy-pollution',
    'station-silent',
    'warning-signal',
    'weather-response',
  ]);
  expect([...measurements].sort()).toEqual([
    'air_day',
    'air_hour',
    'aqi_day',
    'aqi_hour',
    'dustfall_month',
    'emission_compliance',
    'emission_compliance_day',
    'emission_day',
    'emission_hour',
    'rain_rolling',
    'water_class:day',
    'water_class:month',
    'water_day',
    'water_month',
    'weather_day',
    'weather_hour',
  ]);
});
