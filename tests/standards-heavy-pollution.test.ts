// Levels of heavy pollution: the clauses of both editions, as data and over days in a row.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AqiClause,
  HEAVY_POLLUTION_LEVELS,
  type HeavyPollutionPlan,
  lowestMark,
  meets,
  LEVELS as PLAN_2018,
} from '../src/standards/heavy-pollution-2018.ts';
import { LEVELS as PLAN_2024 } from '../src/standards/heavy-pollution-2024.ts';

const PLANS = { '2018': PLAN_2018, '2024': PLAN_2024 };

/** The clauses in words, as the plans have them; 24 hours are a day. */
const WORDS: Record<keyof typeof PLANS, Record<keyof HeavyPollutionPlan, string[]>> = {
  '2018': {
    yellow: ['>200 for 2'],
    orange: ['>200 for 3'],
    red: ['>200 for 4 and >300 for 2', '>=500 for 1'],
  },
  '2024': {
    yellow: ['>200 for 1', '>150 for 2'],
    orange: ['>200 for 2', '>150 for 3'],
    red: ['>200 for 3 and >300 for 1'],
  },
};

const inWords = (clause: AqiClause): string =>
  clause.map(({ aqi, reached, days }) => `${reached ? '>=' : '>'}${aqi} for ${days}`).join(' and ');

const EDITIONS = Object.keys(PLANS) as (keyof typeof PLANS)[];

test.each(EDITIONS)('the clauses of %s', (edition) => {
  expect(HEAVY_POLLUTION_LEVELS).toEqual(['yellow', 'orange', 'red']);
  for (const level of HEAVY_POLLUTION_LEVELS)
    expect(PLANS[edition][level].map(inWords), level).toEqual(WORDS[edition][level]);
  expect(Object.keys(PLANS[edition]).toSorted()).toEqual(['orange', 'red', 'yellow']);
});

test('a mark is to be passed, but 500 to be reached', () => {
  expect([200, 201].map((aqi) => meets({ aqi: 200, days: 1 }, aqi))).toEqual([false, true]);
  expect([499, 500].map((aqi) => meets({ aqi: 500, reached: true, days: 1 }, aqi))).toEqual([false, true]);
  // Above 500 there is no AQI: passed, the mark could never be.
  expect(meets(PLAN_2018.red[1]![0], 500)).toBe(true);
});

test.each(EDITIONS)('the lowest marks of %s', (edition) => {
  const marks = HEAVY_POLLUTION_LEVELS.map((level) => lowestMark(PLANS[edition][level]));
  expect(marks).toEqual(edition === '2018' ? [200, 200, 200] : [150, 150, 200]);
});

/** Whether days in a row, all of which belong to one run, make up a level: plain counting, for runs without a break. */
const holds = (plan: HeavyPollutionPlan, level: keyof HeavyPollutionPlan, days: readonly number[]): boolean =>
  plan[level].some((clause) =>
    clause.every((condition) => longest(days, (aqi) => meets(condition, aqi)) >= condition.days),
  );

const longest = (days: readonly number[], counts: (aqi: number) => boolean): number => {
  let [run, most] = [0, 0];
  for (const aqi of days) {
    run = counts(aqi) ? run + 1 : 0;
    most = Math.max(most, run);
  }
  return most;
};

describe.each(EDITIONS)('over days in a row, %s', (edition) => {
  const plan = PLANS[edition];
  const aqi = fc.constantFrom(100, 150, 151, 200, 201, 300, 301, 499, 500);
  const days = fc.array(aqi, { minLength: 1, maxLength: 6 });

  test('a higher level is never reached without the lower ones, but by a day at 500', () => {
    fc.assert(
      fc.property(days, (all) => {
        if (all.includes(500)) return;
        const [yellow, orange, red] = HEAVY_POLLUTION_LEVELS.map((level) => holds(plan, level, all));
        expect([!red || orange, !orange || yellow]).toEqual([true, true]);
      }),
      { numRuns: 1000 },
    );
  });

  test('worse days never take a level away', () => {
    fc.assert(
      fc.property(days, fc.nat(5), aqi, (all, at, worse) => {
        const changed = all.map((one, i) => (i === at ? Math.max(one, worse) : one));
        for (const level of HEAVY_POLLUTION_LEVELS)
          if (holds(plan, level, all)) expect(holds(plan, level, changed)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

test('2024 warns no later than 2018, but for a day at 500 alone', () => {
  const day = fc.constantFrom(100, 151, 201, 301, 499);
  fc.assert(
    fc.property(fc.array(day, { minLength: 1, maxLength: 6 }), (days) => {
      for (const level of HEAVY_POLLUTION_LEVELS)
        if (holds(PLAN_2018, level, days)) expect(holds(PLAN_2024, level, days), `${level} ${days}`).toBe(true);
    }),
    { numRuns: 1000 },
  );
  expect([holds(PLAN_2018, 'red', [500]), holds(PLAN_2024, 'red', [500])]).toEqual([true, false]);
});
