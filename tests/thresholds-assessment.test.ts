// 降尘考核: the month's mean of the county's points above the limit in force, apart from the campaign that its highest point orders.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Settings } from '../src/config/schema.ts';
import { DAY, isoUtc, MINUTE, monthStart } from '../src/core/time.ts';
import type { Reading, Signal } from '../src/core/types.ts';
import { at, catalogOf, createShell, MONTH, reading, type Shell, settingsOf, station } from './support/middle.ts';

const KIND = 'dustfall-assessment';
const CAMPAIGN = 'dustfall-rectification';
const POINTS = ['p1', 'p2', 'p3'];
const catalog = catalogOf([
  ...POINTS.map((id) => station(id, { dustfall: MONTH })),
  station('old', { dustfall: MONTH }, { active: false }),
]);

/** The jar of a month (YYYY-MM), hung out from its first day to its last. */
const jar = (id: string, month: string, dustfall: number, more: Partial<Reading> = {}): Reading => {
  const start = at(`${month}-01 00:00`);
  const end = monthStart(start, 1);
  return reading('dustfall', id, end, end - start, { dustfall }, more);
};
const jars = (month: string, values: readonly number[]): Reading[] =>
  values.map((value, i) => jar(POINTS[i]!, month, value));

const shellOf = (settings?: Settings): Shell => createShell(catalog, settings);
const signalsOf = ({ signals }: { signals: readonly Signal[] }, kind = KIND) =>
  signals.filter((one) => one.kind === kind);
const last = (shell: Shell): Signal | undefined => signalsOf(shell).at(-1);
/** The kinds in force of a month whose points all have reported. */
const kindsOf = (month: string, values: readonly number[], settings?: Settings): string[] => {
  const shell = shellOf(settings);
  shell.take(...jars(month, values));
  return [...shell.state().signals.values()].filter(({ state }) => state === 'active').map(({ kind }) => kind);
};

describe('the limit', () => {
  it.each([
    ['2018-07', 9, '国发〔2018〕22号'],
    ['2021-09', 9, '国发〔2018〕22号'],
    ['2021-10', 7, '2021—2022年秋冬季大气污染综合治理攻坚方案'],
    ['2022-03', 7, '2021—2022年秋冬季大气污染综合治理攻坚方案'],
    ['2022-04', 7, '山西省降尘监测结果通报'],
    ['2026-06', 7, '山西省降尘监测结果通报'],
  ])('of %s is %d: at it complies, 0.1 above does not, by %s', (month, limit, document) => {
    const [below, atIt, above] = [-0.1, 0, 0.1].map((more) => {
      const shell = shellOf();
      shell.take(...jars(month, Array(3).fill(Math.round((limit + more) * 10) / 10)));
      return last(shell);
    });
    expect([below, atIt]).toEqual([undefined, undefined]);
    expect(above).toMatchObject({
      subject: month,
      state: 'active',
      level: null,
      basis: { document, clause: '降尘量' },
    });
  });

  it('was none before July 2018', () => {
    expect(kindsOf('2018-06', [50, 50, 50])).toEqual([CAMPAIGN]);
  });

  it('is that of the setting for every month, with its document', () => {
    const settings = settingsOf({ dustfall: { assessment_limit: 8, assessment_document: '长治市〔2027〕1号' } });
    for (const month of ['2018-06', '2020-01', '2026-06']) {
      expect(kindsOf(month, [8, 8, 8], settings)).toEqual([]);
      const shell = shellOf(settings);
      shell.take(...jars(month, [8.1, 8.1, 8.1]));
      expect(last(shell)).toMatchObject({ subject: month, basis: { document: '长治市〔2027〕1号' } });
    }
    expect(() => settingsOf({ dustfall: { assessment_limit: 8 } })).toThrow(/assessment_document/);
    expect(() => settingsOf({ dustfall: { assessment_document: '…' } })).toThrow(/assessment_limit/);
  });

  it('is held against the mean as reported: each point to 0.1, then their mean, ties to even', () => {
    // 7.05 is a tie to 7.0; 7.06 is 7.1. (7.0 + 7.0 + 7.1) / 3 = 7.03…; (7.0 + 7.1 + 7.1) / 3 = 7.06…
    expect(kindsOf('2026-06', [7.05, 7.05, 7.05])).toEqual([]);
    expect(kindsOf('2026-06', [7.05, 7.05, 7.06])).toEqual([]);
    expect(kindsOf('2026-06', [7.05, 7.06, 7.06])).toEqual([KIND]);
  });
});

describe('the mean and the highest point are two things', () => {
  it.each<[readonly number[], readonly string[]]>([
    [[7, 7, 7], []],
    [[9, 6, 6], []],
    [[9.1, 1, 1], [CAMPAIGN]],
    [[8, 8, 8], [KIND]],
    [
      [9, 9, 9.1],
      [CAMPAIGN, KIND],
    ],
  ])('%j raises %j', (values, kinds) => {
    expect(kindsOf('2026-06', values)).toEqual(kinds);
  });

  it('by any values: a second computation in tenths', () => {
    const tenths = fc.array(fc.integer({ min: 0, max: 140 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(tenths, (values) => {
        const sum = values.reduce((total, value) => total + value, 0);
        // The mean of three tenths is never a tie: above 7.0 means 7.05 and more, 3 · 70.5 tenths.
        const expected = [...(Math.max(...values) > 90 ? [CAMPAIGN] : []), ...(sum > 211.5 ? [KIND] : [])];
        expect(
          kindsOf(
            '2026-06',
            values.map((value) => value / 10),
          ),
        ).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('a point out of service that reports counts, as in the bulletin', () => {
    const shell = shellOf();
    shell.take(...jars('2026-06', [7, 7, 7]), jar('old', '2026-06', 7.4));
    expect(last(shell)).toMatchObject({ state: 'active' });
  });

  it('a whole signal: the mean decides, the highest and the lowest stand beside it', () => {
    const shell = shellOf();
    shell.take(...jars('2026-06', [6.5, 8.26, 9]));
    const [from, to] = [isoUtc(at('2026-06-01 00:00')), isoUtc(at('2026-07-01 00:00'))];
    expect(signalsOf(shell)).toEqual([
      {
        id: `140430/${KIND}/2026-06/${to}`,
        version: 1,
        county: '140430',
        kind: KIND,
        subject: '2026-06',
        level: null,
        state: 'active',
        since: to,
        at: to,
        title: { zh: '2026-06 降尘量考核超标', en: 'Dustfall of 2026-06 above its assessment limit' },
        basis: { document: '山西省降尘监测结果通报', clause: '降尘量' },
        evidence: Object.entries({ mean: 7.9, max: 9, min: 6.5 }).map(([name, value]) => ({
          station: 'county',
          quantity: `dustfall_${name}`,
          value,
          unit: 't/(km²·30d)',
          from,
          to,
        })),
        lacking: [],
      },
    ]);
  });
});

describe('a provisional mean', () => {
  const some = (): Shell => {
    const shell = shellOf();
    shell.tick('2026-07-01 01:00');
    shell.take(jar('p1', '2026-06', 20), jar('p2', '2026-06', 20));
    return shell;
  };

  it('raises nothing, whatever it is; the highest point does at once', () => {
    const shell = some();
    expect(signalsOf(shell)).toEqual([]);
    expect(signalsOf(shell, CAMPAIGN)).toHaveLength(1);
    shell.tick('2026-07-19 23:59');
    expect(signalsOf(shell)).toEqual([]);
  });

  it('counts when the last point in service has reported', () => {
    const shell = some();
    shell.take(jar('old', '2026-06', 20));
    expect(signalsOf(shell)).toEqual([]);
    shell.take(jar('p3', '2026-06', 1));
    expect(last(shell)).toMatchObject({ state: 'active', lacking: [] });
  });

  it('or from the 20th of the next month, 00:00, by a tick of the clock', () => {
    const shell = some();
    shell.tick('2026-07-20 00:00');
    expect(last(shell)).toMatchObject({ state: 'active', at: isoUtc(at('2026-07-20 00:00')) });
    for (let day = 0; day < 60; day++) shell.tick(at('2026-07-20 00:01') + day * DAY);
    expect(signalsOf(shell)).toHaveLength(1);
  });

  it('or from the day of the setting', () => {
    const shell = shellOf(settingsOf({ dustfall: { mean_final_day: 5 } }));
    shell.take(jar('p1', '2026-06', 20));
    shell.tick(at('2026-07-05 00:00') - MINUTE);
    expect(signalsOf(shell)).toEqual([]);
    shell.tick('2026-07-05 00:00');
    expect(signalsOf(shell)).toHaveLength(1);
  });

  it('of a month without any point is none, and nothing is raised', () => {
    const shell = shellOf();
    shell.tick('2026-07-01 00:00');
    shell.tick('2026-09-01 00:00');
    expect(signalsOf(shell)).toEqual([]);
  });

  it('does not lift: a point that is taken back leaves it open, and is named', () => {
    const shell = shellOf();
    shell.tick('2026-07-01 01:00');
    shell.take(...jars('2026-06', [20, 1, 1]));
    expect(last(shell)).toMatchObject({ version: 1, state: 'active' });
    shell.take(jar('p1', '2026-06', 20, { flags: { dustfall: 'M' } }));
    expect(last(shell)).toMatchObject({ version: 2, state: 'active', lacking: ['降尘量 (dustfall): p1'] });
    shell.tick('2026-07-19 23:00');
    expect(signalsOf(shell)).toHaveLength(2);
    // On the 20th what is there decides: (1 + 1) / 2.
    shell.tick('2026-07-20 00:00');
    expect(last(shell)).toMatchObject({ version: 3, state: 'lifted', lacking: [] });
    expect(last(shell)!.evidence[0]).toMatchObject({ quantity: 'dustfall_mean', value: 1 });
  });

  it('nor does a month of which nothing valid is left', () => {
    const shell = shellOf();
    shell.take(...jars('2026-06', [20, 20, 20]));
    shell.tick('2026-08-01 00:00');
    for (const id of POINTS) shell.take(jar(id, '2026-06', 20, { flags: { dustfall: 'D' } }));
    expect(last(shell)).toMatchObject({ state: 'active', lacking: ['降尘量 (dustfall): 全部点位 (all points)'] });
  });
});

describe('afterwards', () => {
  it('a revision to the limit lifts it, one above raises it anew', () => {
    const shell = shellOf();
    shell.take(...jars('2026-06', [8, 7, 7]));
    expect(last(shell)).toMatchObject({ state: 'active' });
    shell.take(jar('p1', '2026-06', 7));
    expect(last(shell)).toMatchObject({ version: 2, state: 'lifted' });
    shell.take(jar('p1', '2026-06', 7.3));
    expect(last(shell)).toMatchObject({ version: 1, state: 'active' });
    expect(new Set(signalsOf(shell).map(({ id }) => id)).size).toBe(2);
  });

  it('it is no one’s to sign: another month neither lifts nor changes it', () => {
    const shell = shellOf();
    shell.take(...jars('2026-06', [8, 8, 8]), ...jars('2026-07', [1, 1, 1]));
    expect(signalsOf(shell)).toMatchObject([{ subject: '2026-06', state: 'active' }]);
  });

  it('a point that comes after the 20th changes what was decided', () => {
    const shell = shellOf();
    shell.take(jar('p1', '2026-06', 8));
    shell.tick('2026-07-20 00:00');
    expect(last(shell)).toMatchObject({ state: 'active' });
    shell.take(jar('p2', '2026-06', 6));
    expect(last(shell)).toMatchObject({ state: 'lifted' });
  });
});
