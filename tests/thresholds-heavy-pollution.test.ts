// 重污染天气预警, from the county's forecast of the daily AQI: the levels of both plans, and the simulated county.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generate } from '../sensors/simulator/generate.ts';
import { DAY, HOUR, isoUtc, MINUTE } from '../src/core/time.ts';
import type { Reading } from '../src/core/types.ts';
import {
  type Expected,
  issue,
  KIND,
  lacking,
  last,
  levelOf,
  MORNING,
  PLANS,
  type Plan,
  shellOf,
  signalsOf,
  TODAY,
  verdictOf,
} from './support/heavy-pollution.ts';
import { catalogOf, createShell, settingsOf } from './support/middle.ts';
import { createRig } from './support/pipeline.ts';
import { NOW, catalog as qinxian } from './support/simulated.ts';

/** What an issue raises by itself, at its readings and after the tick. */
const raisedBy = (plan: Plan, expected: readonly Expected[]) => {
  const shell = shellOf(plan);
  shell.take(...issue(MORNING, expected));
  const atReadings = levelOf(shell);
  shell.tick(MORNING + MINUTE);
  expect(levelOf(shell)).toBe(atReadings);
  return atReadings;
};

describe('the plan of 2018', () => {
  it.each<[readonly number[], string | undefined]>([
    // Yellow is 48 h above 200.
    [[199, 199, 100], undefined],
    [[200, 200, 200, 200, 100], undefined],
    [[201, 200, 201, 100], undefined],
    [[201, 100], undefined],
    [[201, 201, 100], 'yellow'],
    [[100, 100, 201, 201, 100], 'yellow'],
    [[201, 201, 200, 201, 201, 100], 'yellow'],
    // Orange is 72 h.
    [[201, 201, 201, 100], 'orange'],
    [[499, 499, 499, 100], 'orange'],
    // Red is 96 h above 200 of which 48 h above 300.
    [[201, 201, 201, 201, 100], 'orange'],
    [[300, 300, 300, 300, 100], 'orange'],
    [[301, 301, 301, 200, 100], 'orange'],
    [[301, 201, 301, 201, 100], 'orange'],
    [[301, 301, 200, 201, 201, 201, 201, 100], 'orange'],
    [[301, 301, 201, 201, 100], 'red'],
    [[201, 201, 301, 301, 100], 'red'],
    // Or a day that reaches 500.
    [[100, 499, 100], undefined],
    [[100, 500, 100], 'red'],
  ])('%j raises %s', (expected, level) => {
    expect(raisedBy('2018', expected)).toBe(level);
  });
});

describe('the plan of 2024', () => {
  it.each<[readonly number[], string | undefined]>([
    // Yellow is a day above 200, or 48 h above 150.
    [[150, 150, 150, 100], undefined],
    [[151, 150, 151, 100], undefined],
    [[200, 100], undefined],
    [[201, 100], 'yellow'],
    [[500, 100], 'yellow'],
    [[151, 151, 100], 'yellow'],
    [[150, 151, 200, 150, 100], 'yellow'],
    // Orange is 48 h above 200, or 72 h above 150.
    [[201, 150, 201, 100], 'yellow'],
    [[201, 151, 100], 'yellow'],
    [[201, 201, 100], 'orange'],
    [[151, 151, 151, 100], 'orange'],
    // Red is 72 h above 200 of which a day above 300.
    [[201, 201, 201, 100], 'orange'],
    [[300, 300, 300, 300, 100], 'orange'],
    [[301, 301, 200, 100], 'orange'],
    [[301, 200, 201, 201, 201, 100], 'orange'],
    [[201, 201, 301, 100], 'red'],
    [[301, 201, 201, 100], 'red'],
  ])('%j raises %s', (expected, level) => {
    expect(raisedBy('2024', expected)).toBe(level);
  });
});

// A second computation: days as letters, levels as patterns. a: up to 150, b: up to 200, c: up to 300, d: below 500, e: 500.
const LETTERS: readonly (readonly [string, number])[] = [
  ['a', 150],
  ['b', 200],
  ['c', 300],
  ['d', 499],
  ['e', 500],
];
const letterOf = (aqi: number): string => LETTERS.find(([, most]) => aqi <= most)![0];
const runs = (text: string, pattern: RegExp, inner: RegExp): boolean =>
  [...text.matchAll(pattern)].some(([run]) => inner.test(run));
const RANKS: Readonly<Record<Plan, (text: string) => number>> = {
  2018: (text) => {
    if (text.includes('e') || runs(text, /[cde]{4,}/g, /[de]{2}/)) return 3;
    return /[cde]{3}/.test(text) ? 2 : Number(/[cde]{2}/.test(text));
  },
  2024: (text) => {
    if (runs(text, /[cde]{3,}/g, /[de]/)) return 3;
    return /[cde]{2}|[bcde]{3}/.test(text) ? 2 : Number(/[cde]|[bcde]{2}/.test(text));
  },
};

describe('any forecast', () => {
  // At the marks more often than between them; the last day is clean, so that nothing goes on after it.
  const aqi = fc.oneof(fc.constantFrom(150, 151, 200, 201, 300, 301, 499, 500), fc.integer({ min: 0, max: 500 }));
  const days = fc.array(fc.option(aqi, { nil: undefined }), { minLength: 2, maxLength: 8 });

  it.each(PLANS)('%s: certain is what the least of the unknown days gives, possible what the most gives', (plan) => {
    fc.assert(
      fc.property(days, (expected) => {
        const shell = shellOf(plan);
        shell.take(...issue(MORNING, [...expected, 80]));
        shell.tick(MORNING);
        const text = (unknown: string): string =>
          expected.map((one) => (one === undefined ? unknown : letterOf(one))).join('');
        const { least, most, lacking: lacks } = verdictOf(shell);
        expect({ least, most }).toEqual({ least: RANKS[plan](text('a')), most: RANKS[plan](text('e')) });
        expect(lacks.length > 0).toBe(most > least);
        const levels = ['yellow', 'orange', 'red'] as const;
        expect(levelOf(shell)).toBe(levels[least - 1]);
      }),
      { numRuns: 400 },
    );
  });

  it.each(PLANS)('%s: its messages in any order end in the same level', (plan) => {
    const order = fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 });
    fc.assert(
      fc.property(fc.array(aqi, { minLength: 5, maxLength: 5 }), order, (expected, shuffled) => {
        const messages = issue(MORNING, expected);
        const [one, other] = [shellOf(plan), shellOf(plan)];
        one.take(...messages);
        other.take(...shuffled.map((i) => messages[i]!));
        expect(levelOf(other)).toBe(levelOf(one));
      }),
      { numRuns: 100 },
    );
  });
});

it('what is not known raises nothing: neither a gap, nor a run that may go on', () => {
  expect(raisedBy('2018', [201, undefined, 201, 100])).toBeUndefined();
  expect(raisedBy('2018', [100, 100, 201])).toBeUndefined();
  expect(raisedBy('2024', [151, undefined, 151, 100])).toBeUndefined();
});

describe('what is said', () => {
  it('a whole signal, by the document of the plan', () => {
    const shell = shellOf('2024');
    shell.take(...issue(MORNING, [100, 160, 201, 100]));
    expect(signalsOf(shell)).toEqual([
      {
        id: `140430/heavy-pollution/pm/${isoUtc(MORNING)}`,
        version: 1,
        county: '140430',
        kind: KIND,
        subject: 'pm',
        level: 'yellow',
        state: 'active',
        since: isoUtc(MORNING),
        at: isoUtc(MORNING),
        level_since: isoUtc(MORNING),
        title: { zh: '重污染天气预警', en: 'Heavy pollution warning' },
        basis: { document: '环大气〔2024〕6号', clause: '预警分级' },
        evidence: [160, 201].map((value, i) => ({
          station: 'county',
          quantity: 'forecast_daily_aqi',
          value,
          unit: '1',
          from: isoUtc(TODAY + (1 + i) * DAY),
          to: isoUtc(TODAY + (2 + i) * DAY),
        })),
        // What the run that the issue has begun so far needs for red: the days after it are not in yet.
        lacking: lacking(3, 4),
      },
    ]);
    shell.tick(MORNING);
    expect(last(shell)).toMatchObject({ version: 2, level: 'yellow', lacking: [] });
    const older = shellOf('2018');
    older.take(...issue(MORNING, [201, 201, 100]));
    expect(last(older)!.basis.document).toBe('环办大气函〔2018〕875号');
  });
});

describe('what does not speak of the county’s days', () => {
  const high = (more: Partial<Reading>): Reading => ({ ...issue(MORNING, [500])[0]!, ...more });

  it.each([
    ['a township’s forecast', high({ station: 'dingchang' })],
    ['a window that is no Beijing day', high({ from: TODAY + HOUR, to: TODAY + DAY + HOUR })],
    ['a window of two days', high({ to: TODAY + 2 * DAY })],
    ['a day that is over', high({ from: TODAY - DAY, to: TODAY })],
    ['a day too far ahead', high({ from: TODAY + 15 * DAY, to: TODAY + 16 * DAY })],
    ['a value that is flagged', high({ flags: { daily_aqi: 'D' } })],
    ['a message without an AQI', high({ values: { rain: 3 } })],
  ])('%s', (_, message) => {
    for (const plan of PLANS) {
      const shell = createShell(catalogOf([], ['dingchang']), settingsOf({ heavy_pollution: { plan } }));
      shell.take(message);
      shell.tick(MORNING);
      expect(signalsOf(shell)).toEqual([]);
    }
  });
});

describe('dust', () => {
  it('is no heavy pollution, breaks a run, and does not keep a level', () => {
    expect(raisedBy('2018', ['dust', 'dust', 'dust', 100])).toBeUndefined();
    expect(raisedBy('2024', ['dust', 100])).toBeUndefined();
    expect(raisedBy('2018', [201, 'dust', 201, 100])).toBeUndefined();
    expect(raisedBy('2024', [201, 'dust', 201, 100])).toBe('yellow');
    const shell = shellOf('2024');
    shell.take(...issue(MORNING, [201, 100, 100]), ...issue(MORNING + HOUR, ['dust', 'dust', 'dust']));
    shell.tick(MORNING + HOUR);
    expect(last(shell)).toMatchObject({ state: 'lifted' });
  });

  it('haze and fog are no dust', () => {
    const shell = shellOf('2024');
    shell.take({ ...issue(MORNING, [201])[0]!, phenomena: ['haze', 'fog'] });
    expect(levelOf(shell)).toBe('yellow');
  });
});

describe('the simulated county', () => {
  const county = '/forecast/county';
  const range = { from: NOW - 5 * DAY, to: NOW + 6 * DAY, seed: 1, now: NOW };
  const messages = [...generate(qinxian, KIND, range)].filter(({ topic }) => topic.endsWith(county));
  const MARKS: Readonly<Record<Plan, number>> = { 2018: 200, 2024: 150 };

  const played = (plan: Plan) => {
    const rig = createRig(qinxian, { now: () => NOW, settings: settingsOf({ heavy_pollution: { plan } }) });
    let clock = range.from;
    for (const message of messages) {
      for (; clock + 2 * MINUTE <= message.time; clock += 30 * MINUTE) rig.tick(clock);
      rig.send({ ...message, received: message.time });
    }
    rig.pipeline.drain();
    return Object.entries(rig.series()).flatMap(([key, { level, state }]) =>
      key.startsWith(`signal county 140430 kind ${KIND} subject pm `)
        ? [{ at: Date.parse(key.split(' ').at(-1)!), level, state }]
        : [],
    );
  };

  /** Levels by issue, from the messages alone: each rises with the first issue whose days make it up. */
  const risesOf = (plan: Plan) => {
    const issues = Map.groupBy(messages, ({ payload }) => Date.parse(JSON.parse(payload).time));
    let highest = 0;
    return [...issues].flatMap(([time, days]) => {
      const text = days.map(({ payload }) => letterOf(JSON.parse(payload).values.daily_aqi)).join('');
      const rank = RANKS[plan](text);
      if (rank <= highest) return [];
      highest = rank;
      return [{ at: time, level: ['yellow', 'orange', 'red'][rank - 1] }];
    });
  };

  it.each(PLANS)('raises it end to end by the plan of %s, and ends it when the days are over', (plan) => {
    const changes = played(plan);
    const rises = changes.filter(({ state, level }, i) => state === 'active' && level !== changes[i - 1]?.level);
    expect(rises.map(({ at: time, level }) => ({ at: time, level }))).toEqual(risesOf(plan));
    expect(rises.length).toBeGreaterThan(1);
    // It ends at the end of the last day above the lowest mark: the next two are forecast below it by then.
    const polluted = messages
      .map(({ payload }) => JSON.parse(payload))
      .filter(({ values }) => values.daily_aqi > MARKS[plan]);
    const end = Math.max(...polluted.map(({ to }) => Date.parse(to)));
    expect(changes.filter(({ state }) => state === 'lifted').map(({ at: time }) => time)).toEqual([end]);
  });
});
