// 断面水质: the class of a section's newest month against its target.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Catalog, Station } from '../src/core/catalog.ts';
import { DAY, HOUR } from '../src/core/time.ts';
import type { Reading, Signal } from '../src/core/types.ts';
import { seriesRank } from '../src/signals/life.ts';
import { waterSection } from '../src/thresholds/water-section.ts';
import {
  at,
  catalogOf,
  createShell,
  everyInstant,
  reading,
  type Shell,
  settingsOf,
  station,
} from './support/middle.ts';

const KIND = 'water-section';
const section = (id: string, more: Partial<Station> = {}): Station =>
  station(id, { water: everyInstant(4 * HOUR) }, { name: { zh: '交口', en: 'Jiaokou' }, target: 'III', ...more });
const catalogWith = (...stations: Station[]): Catalog => catalogOf(stations);
const { target: _, ...aimless } = section('free');
const catalog = catalogWith(section('river'), section('spare', { active: false }), aimless);

/** All required items, of class I and II: total phosphorus decides, 0.2 is the limit of III, 0.3 of IV, 0.4 of V. */
const CLEAN = { ph: 7.8, dissolved_oxygen: 9, permanganate_index: 2.4, ammonia_nitrogen: 0.2 };
const sample = (day: string, total_phosphorus: number, more: Reading['values'] = {}, id = 'river'): Reading =>
  reading('water', id, `2026-${day} 08:00`, 0, { ...CLEAN, total_phosphorus, ...more });
const without = (one: Reading, item: string): Reading => {
  const { [item]: __, ...values } = one.values;
  return { ...one, values };
};

const shellOf = (...readings: Reading[]): Shell => {
  const shell = createShell(catalog);
  shell.take(...readings);
  return shell;
};
const signalsOf = (shell: Shell): Signal[] => shell.signals.filter(({ kind }) => kind === KIND);
const last = (shell: Shell): Signal | undefined => signalsOf(shell).at(-1);
const story = (shell: Shell) => signalsOf(shell).map(({ level, state, version }) => [level, state, version]);
const JULY = '2026-07-01 00:00';
const AUGUST = '2026-08-01 00:00';

describe('raised', () => {
  it.each([
    [0.2, []],
    [0.200001, [['IV', 'active', 1]]],
    [0.3, [['IV', 'active', 1]]],
    [0.35, [['V', 'active', 1]]],
    [0.41, [['worse-than-V', 'active', 1]]],
  ])('by a mean of %d mg/L of total phosphorus, target III: %j', (value, expected) => {
    const shell = shellOf(sample('06-10', value));
    shell.tick(JULY);
    expect(story(shell)).toEqual(expected);
  });

  it.each([
    ['I', 0.02, 'II'],
    ['II', 0.1, 'III'],
    ['IV', 0.3, 'V'],
    ['V', 0.4, 'worse-than-V'],
  ] as const)('with target %s: not at %d mg/L, above it class %s', (target, limit, above) => {
    const of = (value: number) => {
      const shell = createShell(catalogWith(section('river', { target })));
      const one = { permanganate_index: 2, ammonia_nitrogen: 0.1, total_phosphorus: value };
      shell.take(sample('06-10', value, one));
      shell.tick(JULY);
      return story(shell);
    };
    expect(of(limit)).toEqual([]);
    expect(of(limit + 0.001)).toEqual([[above, 'active', 1]]);
  });

  it('when the month is over, by the mean of its days, with the items that are too bad as evidence', () => {
    const shell = shellOf(sample('06-10', 0.1), sample('06-20', 0.4), sample('06-20', 0.4, { cod: 25, ph: 9.5 }));
    shell.tick('2026-06-30 23:59');
    expect(signalsOf(shell)).toEqual([]);
    shell.tick(JULY);
    const span = { from: '2026-05-31T16:00:00Z', to: '2026-06-30T16:00:00Z' };
    const { id, title, basis, evidence, lacking } = last(shell)!;
    expect(id).toBe('140430/water-section/river/2026-06-30T16:00:00Z');
    expect(title).toEqual({ zh: '交口水质劣于目标III类', en: 'Jiaokou: water worse than its target, class III' });
    expect(basis).toEqual({
      document: 'GB 3838-2002',
      clause: '表1 基本项目标准限值；断面类别：环办〔2011〕22号 单因子评价法',
    });
    expect(evidence).toEqual([
      { station: 'river', quantity: 'cod', value: 25, unit: 'mg/L', ...span },
      { station: 'river', quantity: 'total_phosphorus', value: 0.25, unit: 'mg/L', ...span },
    ]);
    expect(lacking).toEqual([]);
  });

  it('by a lake’s own limits of phosphorus', () => {
    const shell = createShell(catalogWith(section('river', { waterBody: 'lake' })));
    shell.take(sample('06-10', 0.06));
    shell.tick(JULY);
    expect(story(shell)).toEqual([['IV', 'active', 1]]);
  });

  it('never of a section without target or out of service', () => {
    const shell = shellOf(sample('06-10', 9, {}, 'free'), sample('06-10', 9, {}, 'spare'));
    shell.tick(JULY);
    expect(shell.figure('water_class:month', 'free', '2026-06-01 00:00')).toMatchObject({ class: 6, valid: true });
    expect(signalsOf(shell)).toEqual([]);
  });

  it('by a day or a year alone it is not', () => {
    // Ten clean months and one bad day: class of the day 6, of its month III.
    const days = Array.from({ length: 28 }, (_, i) => sample(`06-${String(i + 1).padStart(2, '0')}`, 0.15));
    const shell = shellOf(...days, sample('06-29', 0.9));
    shell.tick(JULY);
    expect(shell.figure('water_class:day', 'river', '2026-06-29 00:00')).toMatchObject({ class: 6 });
    expect(shell.figure('water_class:month', 'river', '2026-06-01 00:00')).toMatchObject({ class: 3 });
    expect(signalsOf(shell)).toEqual([]);
  });

  it('its rank in the series is the highest, whatever the class', () => {
    const shell = shellOf(sample('06-10', 0.25));
    shell.tick(JULY);
    expect(seriesRank(last(shell)!, waterSection.levels)).toBe(4);
  });
});

describe('while it is up', () => {
  const up = (value = 0.35): Shell => {
    const shell = shellOf(sample('06-10', value));
    shell.tick(JULY);
    return shell;
  };
  const july = (shell: Shell, one: Reading): Signal => {
    shell.take(one);
    shell.tick(AUGUST);
    return last(shell)!;
  };

  it('a worse month and a better one change its level within the same life', () => {
    const shell = up();
    july(shell, sample('07-10', 0.9));
    shell.take(sample('08-10', 0.25));
    shell.tick('2026-09-01 00:00');
    expect(story(shell)).toEqual([
      ['V', 'active', 1],
      ['worse-than-V', 'active', 2],
      ['IV', 'active', 3],
    ]);
    expect(new Set(signalsOf(shell).map(({ id }) => id)).size).toBe(1);
    expect(last(shell)!.evidence).toMatchObject([{ value: 0.25, from: '2026-07-31T16:00:00Z' }]);
  });

  it('an equal month says nothing new', () => {
    const shell = up();
    july(shell, sample('07-10', 0.38));
    expect(story(shell)).toEqual([['V', 'active', 1]]);
  });

  it('a month of its target’s class ends it, with the items of that class as evidence', () => {
    const { state, level, evidence } = july(up(), sample('07-10', 0.2));
    expect([state, level]).toEqual(['lifted', 'V']);
    expect(evidence).toEqual([
      {
        station: 'river',
        quantity: 'total_phosphorus',
        value: 0.2,
        unit: 'mg/L',
        from: '2026-06-30T16:00:00Z',
        to: '2026-07-31T16:00:00Z',
      },
    ]);
  });

  it('the month under way does neither', () => {
    const shell = up();
    shell.take(sample('07-10', 0.1));
    shell.tick('2026-07-31 23:00');
    expect(story(shell)).toEqual([['V', 'active', 1]]);
  });

  it('a silent section holds it', () => {
    const shell = up();
    for (const month of ['08', '09', '10']) shell.tick(`2026-${month}-01 00:00`);
    expect(story(shell)).toEqual([['V', 'active', 1]]);
  });

  it('survives a crash', () => {
    const shell = up();
    shell.crash();
    expect(july(shell, sample('07-10', 0.1))).toMatchObject({ state: 'lifted', version: 2 });
  });
});

describe('required items that are missing', () => {
  const poor = (day: string, value: number): Reading => without(sample(day, value), 'ammonia_nitrogen');
  const NAMED = '氨氮 (Ammonia nitrogen): 2026-07 无有效月均值 (no valid mean of the month)';

  it('a bad class of the others raises, and lacking names the missing ones', () => {
    const shell = shellOf(poor('07-10', 0.25));
    shell.tick(AUGUST);
    expect(last(shell)).toMatchObject({ level: 'IV', state: 'active', lacking: [NAMED] });
  });

  it('worse than V nothing is lacking: it cannot get worse', () => {
    const shell = shellOf(poor('07-10', 0.9));
    shell.tick(AUGUST);
    expect(last(shell)).toMatchObject({ level: 'worse-than-V', lacking: [] });
  });

  it('a good class of the others raises nothing, and what it lacks is told beside', () => {
    const shell = shellOf(poor('07-10', 0.1));
    shell.tick(AUGUST);
    expect(signalsOf(shell)).toEqual([]);
    expect(shell.state().verdicts.get(`${KIND}/river`)!.verdict).toMatchObject({ least: 0, most: 6, lacking: [NAMED] });
  });

  it('nor does it lift or lower one, and its evidence stays', () => {
    const shell = shellOf(sample('06-10', 0.35), poor('07-10', 0.1));
    shell.tick(AUGUST);
    expect(last(shell)).toMatchObject({ level: 'V', state: 'active', version: 2, lacking: [NAMED] });
    expect(last(shell)!.evidence).toMatchObject([{ value: 0.35, from: '2026-05-31T16:00:00Z' }]);
    shell.take(poor('08-10', 0.25));
    shell.tick('2026-09-01 00:00');
    expect(last(shell)).toMatchObject({ level: 'V', state: 'active' });
    expect(last(shell)!.evidence).toMatchObject([{ value: 0.35 }]);
    // The laboratory's value comes late: the month is whole, and decides.
    shell.take(sample('08-20', 0.1));
    expect(last(shell)).toMatchObject({ state: 'lifted', lacking: [] });
  });

  it('it raises a level that is up', () => {
    const shell = shellOf(sample('06-10', 0.25), poor('07-10', 0.35));
    shell.tick(AUGUST);
    expect(story(shell)).toEqual([
      ['IV', 'active', 1],
      ['V', 'active', 2],
    ]);
  });

  it('which are required is a setting', () => {
    const shell = createShell(catalog, settingsOf({ water: { required_items: ['total_phosphorus'] } }));
    shell.take(sample('06-10', 0.35), poor('07-10', 0.1));
    shell.tick(AUGUST);
    expect(story(shell).at(-1)).toEqual(['V', 'lifted', 2]);
  });
});

describe('late readings', () => {
  it('a revision of the month lifts it, and one to the worse raises it', () => {
    const shell = shellOf(sample('06-10', 0.35));
    shell.tick(JULY);
    shell.take(sample('06-10', 0.15));
    shell.tick('2026-07-02 00:00');
    shell.take(sample('06-10', 0.25));
    shell.tick('2026-07-03 00:00');
    expect(story(shell)).toEqual([
      ['V', 'active', 1],
      ['V', 'lifted', 2],
      ['IV', 'active', 1],
    ]);
  });

  it('an older month does not speak against a newer one', () => {
    const shell = shellOf(sample('05-10', 0.1), sample('06-10', 0.1), sample('07-10', 0.1));
    shell.take(sample('05-10', 0.9));
    expect(shell.figure('water_class:month', 'river', '2026-05-01 00:00')).toMatchObject({ class: 6 });
    expect(signalsOf(shell)).toEqual([]);
  });

  it('when all that is known is taken back it stays, and lacking says so', () => {
    const shell = shellOf(sample('06-10', 0.35));
    shell.tick(JULY);
    shell.take({ ...sample('06-10', 0.35), values: {} });
    shell.tick('2026-07-02 00:00');
    expect(last(shell)).toMatchObject({
      state: 'active',
      lacking: ['水质类别 (class): 近一年无已评价的月份 (no month of the last year has a class)'],
    });
  });

  it('a month before what memory holds for certain decides nothing, even where it is still there', () => {
    const of = (...days: string[]) => {
      const shell = createShell(catalog);
      const [first, ...rest] = days.map((day) => ({ ...sample('01-01', 0.1), time: at(`${day} 08:00`) }));
      shell.take({ ...sample('01-01', 0.9), time: first!.time, start: first!.time });
      shell.take(...rest.map((one) => without({ ...one, start: one.time }, 'ph')));
      shell.tick('2026-09-01 00:00');
      return shell.state().verdicts.get(`${KIND}/river`)!.verdict.least;
    };
    expect(of('2025-08-10', '2026-08-10')).toBe(6);
    expect(of('2025-05-10', '2026-08-10')).toBe(0);
    // Memory forgets by and by: May is there, and would not be after a start.
    expect(of('2025-05-10', '2026-04-25', '2026-08-02')).toBe(0);
  });
});

describe('the catalog changes', () => {
  const signal = (): Signal => {
    const shell = shellOf(sample('06-10', 0.25));
    shell.tick(JULY);
    return last(shell)!;
  };
  /** What a pipeline changes that starts again with the signal up, the same archive, and another catalog. */
  const restarted = (...stations: Station[]): Signal[] => {
    const shell = createShell(catalogWith(...stations));
    if (stations.length > 0) shell.take(sample('06-10', 0.25));
    shell.tick(JULY);
    const before = signalsOf(shell).length;
    shell.state().signals.set(`${KIND}/river`, signal());
    shell.tick('2026-07-01 00:01');
    return signalsOf(shell).slice(before);
  };
  const { target: __, ...bare } = section('river');

  it.each([
    ['without its target', [bare]],
    ['out of service', [section('river', { active: false })]],
    ['that is gone', []],
  ])('a section %s has no signal', (_, stations) => {
    const title = { zh: 'river 已不再判定', en: 'river is no longer judged' };
    expect(restarted(...stations)).toMatchObject([{ state: 'lifted', level: 'IV', title }]);
  });

  it('a target that the class meets ends it at the next tick; a stricter one leaves it', () => {
    expect(restarted(section('river', { target: 'IV' }))).toMatchObject([{ level: 'IV', state: 'lifted' }]);
    expect(restarted(section('river', { target: 'II' }))).toEqual([]);
  });
});

it('a crash at any moment changes nothing', () => {
  const event = fc.record({
    day: fc.oneof(fc.nat(150), fc.nat(900)),
    value: fc.constantFrom(0.1, 0.25, 0.35, 0.9),
    poor: fc.boolean(),
    tick: fc.boolean(),
  });
  const seen = new Set<string>();
  const play = (events: readonly (typeof event extends fc.Arbitrary<infer T> ? T : never)[], crash: boolean) => {
    const shell = createShell(catalog);
    for (const { day, value, poor, tick } of events) {
      if (crash) shell.crash();
      const one = { ...sample('01-01', value), time: at('2026-01-01 08:00') + day * DAY };
      const whole = { ...one, start: one.time };
      if (tick) shell.tick(whole.time);
      else shell.take(poor ? without(whole, 'ph') : whole);
    }
    return shell.signals.filter(({ kind }) => kind === KIND);
  };
  fc.assert(
    fc.property(fc.array(event, { minLength: 5, maxLength: 40 }), (events) => {
      const plain = play(events, false);
      for (const { state, level } of plain) seen.add(`${state} ${level}`);
      expect(play(events, true)).toEqual(plain);
    }),
    { numRuns: 150 },
  );
  expect(seen).toContain('lifted worse-than-V');
});
