// Warning signals of CMA order 16 against a table copied by hand from the reference, and against the reference itself where it is at hand.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { type Condition, leavesOf } from '../src/standards/conditions.ts';
import { COLOURS, type Colour } from '../src/standards/warning-signals.ts';
import { CMA_2007 } from '../src/standards/warning-signals-2007.ts';

/** A limit as people write it: quantity over hours, and the number. */
const written = (one: Condition): string => {
  const [op, limit] = (
    [
      ['>=', one.atLeast],
      ['>', one.above],
      ['<=', one.atMost],
      ['<', one.below],
    ] as const
  ).find(([, value]) => value !== undefined)!;
  const what = one.of === 'fall' ? `${one.quantity} fall` : one.quantity;
  return `${one.when === 'forecast' ? 'F' : 'O'} ${one.hours}h ${what}${one.during ? ` in ${one.during}` : ''} ${op} ${limit}`;
};
const limitsOf = (subject: string, colour: Colour): string[] =>
  (CMA_2007.signals[subject]!.levels[colour]?.clauses ?? []).flatMap((clause) =>
    clause.flatMap(({ each }) => leavesOf(each).map((one) => ('trend' in one ? 'trend' : written(one)))),
  );

// Signal, colour, hours ahead, limits; `O 1h wind_speed >= 10.8` is force 6 as gauges measure it.
const TABLE: [subject: string, colour: Colour, lead: number, limits: string[]][] = [
  ['rainstorm', 'blue', 12, ['F 12h rain >= 50', 'O 12h rain >= 50', 'O 1h rain > 0', 'F 12h rain > 0']],
  ['rainstorm', 'yellow', 6, ['F 6h rain >= 50', 'O 6h rain >= 50', 'O 1h rain > 0', 'F 6h rain > 0']],
  ['rainstorm', 'orange', 3, ['F 3h rain >= 50', 'O 3h rain >= 50', 'O 1h rain > 0', 'F 3h rain > 0']],
  ['rainstorm', 'red', 3, ['F 3h rain >= 100', 'O 3h rain >= 100', 'O 1h rain > 0', 'F 3h rain > 0']],
  ['snowstorm', 'blue', 12, ['F 12h snow >= 4', 'O 12h snow >= 4', 'O 1h snow > 0', 'F 12h snow > 0']],
  ['snowstorm', 'yellow', 12, ['F 12h snow >= 6', 'O 12h snow >= 6', 'O 1h snow > 0', 'F 12h snow > 0']],
  ['snowstorm', 'orange', 6, ['F 6h snow >= 10', 'O 6h snow >= 10', 'O 1h snow > 0', 'F 6h snow > 0']],
  ['snowstorm', 'red', 6, ['F 6h snow >= 15', 'O 6h snow >= 15', 'O 1h snow > 0', 'F 6h snow > 0']],
  ...(
    [
      ['blue', 48, 8, 4, 5, 8],
      ['yellow', 24, 10, 4, 6, 10.8],
      ['orange', 24, 12, 0, 6, 10.8],
      ['red', 24, 16, 0, 6, 10.8],
    ] as const
  ).map(([colour, h, drop, lowest, force, speed]): (typeof TABLE)[number] => [
    'cold-wave',
    colour,
    h,
    [
      `F ${h}h temperature_min_drop >= ${drop}`,
      `F ${h}h temperature_min <= ${lowest}`,
      `F ${h}h wind_force >= ${force}`,
      `O ${h}h temperature fall >= ${drop}`,
      `O ${h}h temperature <= ${lowest}`,
      `O ${h}h wind_speed >= ${speed}`,
    ],
  ]),
  [
    'gale',
    'blue',
    24,
    ['F 24h wind_force >= 6', 'F 24h gust_force >= 7', 'O 1h wind_speed >= 10.8', 'O 1h gust >= 13.9'],
  ],
  [
    'gale',
    'yellow',
    12,
    ['F 12h wind_force >= 8', 'F 12h gust_force >= 9', 'O 1h wind_speed >= 17.2', 'O 1h gust >= 20.8'],
  ],
  [
    'gale',
    'orange',
    6,
    ['F 6h wind_force >= 10', 'F 6h gust_force >= 11', 'O 1h wind_speed >= 24.5', 'O 1h gust >= 28.5'],
  ],
  ['gale', 'red', 6, ['F 6h wind_force >= 12', 'F 6h gust_force >= 13', 'O 1h wind_speed >= 32.7', 'O 1h gust >= 37']],
  ...(
    [
      ['sandstorm', 'yellow', 12, 1000],
      ['sandstorm', 'orange', 6, 500],
      ['sandstorm', 'red', 6, 50],
      ['fog', 'yellow', 12, 500],
      ['fog', 'orange', 6, 200],
      ['fog', 'red', 2, 50],
      ['haze', 'yellow', 12, 3000],
      ['haze', 'orange', 6, 2000],
    ] as const
  ).map(([subject, colour, h, metres]): (typeof TABLE)[number] => [
    subject,
    colour,
    h,
    [`F ${h}h visibility in ${subject} < ${metres}`, `O 1h visibility in ${subject} < ${metres}`],
  ]),
  ['high-temperature', 'yellow', 72, ['F 24h temperature_max >= 35', 'O 24h temperature >= 35']],
  ['high-temperature', 'orange', 24, ['F 24h temperature_max >= 37']],
  ['high-temperature', 'red', 24, ['F 24h temperature_max >= 40']],
  ['drought', 'orange', 168, ['O 48h drought_index <= -1.5', 'trend']],
  ['drought', 'red', 168, ['O 48h drought_index <= -2', 'trend']],
  ['frost', 'blue', 48, ['F 48h ground_temperature_min <= 0', 'O 1h ground_temperature <= 0']],
  ['frost', 'yellow', 24, ['F 24h ground_temperature_min <= -3', 'O 1h ground_temperature <= -3']],
  ['frost', 'orange', 24, ['F 24h ground_temperature_min <= -5', 'O 1h ground_temperature <= -5']],
  ['typhoon', 'blue', 24, []],
  ['typhoon', 'yellow', 24, []],
  ['typhoon', 'orange', 12, []],
  ['typhoon', 'red', 6, []],
  ['lightning', 'yellow', 6, []],
  ['lightning', 'orange', 2, []],
  ['lightning', 'red', 2, []],
  ['hail', 'orange', 6, []],
  ['hail', 'red', 2, []],
  ['road-icing', 'yellow', 12, []],
  ['road-icing', 'orange', 6, []],
  ['road-icing', 'red', 2, []],
];

describe('中国气象局令第16号', () => {
  it.each(TABLE)('%s %s: %i h ahead', (subject, colour, lead, limits) => {
    expect(CMA_2007.signals[subject]!.levels[colour]!.lead).toBe(lead);
    expect(limitsOf(subject, colour)).toEqual(limits);
  });

  test('14 signals with 44 levels, and no other', () => {
    const levels = Object.entries(CMA_2007.signals).flatMap(([subject, { levels: all }]) =>
      Object.keys(all).map((colour) => `${subject} ${colour}`),
    );
    expect(levels.toSorted()).toEqual(TABLE.map(([subject, colour]) => `${subject} ${colour}`).toSorted());
    expect([Object.keys(CMA_2007.signals).length, levels.length]).toEqual([14, 44]);
  });

  test('one township is enough, and days are three', () => {
    const counts = Object.values(CMA_2007.signals).flatMap(({ levels }) =>
      Object.values(levels).flatMap(({ clauses }) => clauses.flat()),
    );
    expect(new Set(counts.map(({ townships }) => townships))).toEqual(new Set([1]));
    expect(counts.flatMap(({ each }) => ('days' in each ? [each.days] : []))).toEqual([3]);
  });

  test('what has no clauses says what is not measured, and only that', () => {
    for (const [subject, { levels, unmeasured }] of Object.entries(CMA_2007.signals)) {
      const decided = Object.values(levels).some(({ clauses }) => clauses.length > 0);
      expect([subject, unmeasured === undefined]).toEqual([subject, decided]);
    }
  });
});

interface Reference {
  readonly signals: {
    readonly order16_index: number;
    readonly name_zh: string;
    readonly levels: { readonly colour: Colour; readonly lead_hours_max: number; readonly conditions: unknown }[];
  }[];
}
const FILE = new URL('../../shared/reference/warning-signals.json', import.meta.url);
const isThere = existsSync(FILE);
if (!isThere) process.stdout.write('../shared is missing: the signals are not compared with the reference\n');

describe.skipIf(!isThere)('the reference', () => {
  const reference = isThere ? (JSON.parse(readFileSync(FILE, 'utf8')) as Reference) : { signals: [] };

  test('has the same signals in the same order, with the same colours and hours ahead', () => {
    const ours = Object.values(CMA_2007.signals).map(({ name, levels }) => [
      name.zh,
      Object.fromEntries(COLOURS.flatMap((colour) => (levels[colour] ? [[colour, levels[colour].lead]] : []))),
    ]);
    const theirs = reference.signals.map(({ name_zh, levels }) => [
      name_zh,
      Object.fromEntries(levels.map(({ colour, lead_hours_max }) => [colour, lead_hours_max])),
    ]);
    expect(ours).toEqual(theirs);
  });

  test('names every number that a forecast is held against, and no other', () => {
    const numbersIn = (value: unknown): number[] =>
      Object.entries(value ?? {}).flatMap(([key, one]) =>
        key === 'value' && typeof one === 'number'
          ? [one]
          : typeof one === 'object' && key !== 'observed_band'
            ? numbersIn(one)
            : [],
      );
    const subjects = Object.keys(CMA_2007.signals);
    reference.signals.forEach(({ levels }, i) => {
      for (const { colour, conditions } of levels) {
        const clauses = CMA_2007.signals[subjects[i]!]!.levels[colour]!.clauses;
        const leaves = clauses.flatMap((clause) => clause.flatMap(({ each }) => leavesOf(each)));
        const limits = leaves.flatMap((one) =>
          'trend' in one || one.when === 'observed' || one.above !== undefined
            ? []
            : Number(one.atLeast ?? one.atMost ?? one.below),
        );
        if (limits.length > 0)
          expect(new Set(limits), `${subjects[i]} ${colour}`).toEqual(new Set(numbersIn(conditions)));
      }
    });
  });
});
