import { describe, expect, it } from 'vitest';
import { backTestCsv, createBackTest } from '../src/cli/replay/back-test.ts';
import { backTestTable } from '../src/cli/replay/back-test-table.ts';
import type { Signal, SignalState } from '../src/core/types.ts';

const BEGIN = Date.parse('2026-07-01T00:00:00Z');
const HOUR = 3_600_000;
const at = (hour: number): number => BEGIN + hour * HOUR;

const LEVELS: Readonly<Record<string, readonly string[]>> = { 'weather-response': ['IV', 'III', 'II', 'I'] };

/** One change: hour, level, state. */
type Change = readonly [hour: number, level: string | null, state: SignalState];

const signalOf = (kind: string, subject: string, [hour, level, state]: Change): Signal => ({
  id: 'x',
  version: 1,
  county: '140430',
  kind,
  subject,
  level,
  state,
  since: new Date(BEGIN).toISOString(),
  at: new Date(at(hour)).toISOString(),
  title: { zh: `${subject}的信号`, en: `Signal of ${subject}` },
  basis: { document: 'd', clause: 'c' },
  evidence: [],
  lacking: [],
});

const tested = (...subjects: readonly (readonly [kind: string, subject: string, ...Change[]])[]) => {
  const test = createBackTest((kind) => LEVELS[kind] ?? []);
  for (const [kind, subject, ...changes] of subjects)
    for (const change of changes) test.add(signalOf(kind, subject, change));
  return test;
};

const RAIN = ['weather-response', 'rainstorm'] as const;

/** Rows of one subject without its names. */
const rowsOf = (...changes: Change[]) =>
  tested([...RAIN, ...changes])
    .rows(at(100))
    .map(({ level, times, hours, longest, first, last }) => [
      level,
      times,
      hours,
      longest,
      (first - BEGIN) / HOUR,
      (last - BEGIN) / HOUR,
    ]);

describe('times and hours of a level', () => {
  it('from the change that reaches it to the one that leaves it, up or down; signing is no change', () => {
    const rows = rowsOf(
      [10, 'IV', 'proposed'],
      [11, 'IV', 'agreed'],
      [12, 'IV', 'active'],
      [14, 'II', 'proposed'],
      [15, 'II', 'active'],
      [20, 'IV', 'proposed'],
      [23, 'IV', 'lift-proposed'],
      [30, 'IV', 'lifted'],
    );
    expect(rows).toEqual([
      ['II', 1, 6, 6, 14, 20],
      ['IV', 2, 7, 4, 10, 23],
    ]);
  });

  it('a lapsed proposal counts, and the next is another time', () => {
    const rows = rowsOf([1, 'III', 'proposed'], [3.5, 'III', 'lapsed'], [8, 'III', 'proposed'], [9, 'III', 'lapsed']);
    expect(rows).toEqual([['III', 2, 3.5, 2.5, 1, 9]]);
  });

  it('one that comes back from the proposal of its end is another time', () => {
    expect(rowsOf([1, 'I', 'active'], [2, 'I', 'lift-proposed'], [5, 'I', 'active'], [6, 'I', 'lifted'])).toEqual([
      ['I', 2, 2, 1, 1, 6],
    ]);
  });

  it('one that is still up is up to the end of the file', () => {
    expect(rowsOf([90, 'III', 'proposed'])).toEqual([['III', 1, 10, 10, 90, 100]]);
  });

  it('an end without a level before it, and no change at all, are nothing', () => {
    expect(rowsOf([1, 'III', 'lapsed'])).toEqual([]);
    expect(rowsOf()).toEqual([]);
  });

  it('hours are rounded to hundredths', () => {
    expect(rowsOf([1, 'III', 'proposed'], [1 + 1 / 3, 'III', 'lapsed'])[0]?.slice(2, 4)).toEqual([0.33, 0.33]);
  });
});

const SILENT = ['station-silent', 'dingchang-air', [5, null, 'active'], [7, null, 'lifted']] as const;
const STORM = [...RAIN, [2, 'IV', 'proposed'], [4, 'I', 'proposed'], [5, 'I', 'lapsed']] as const;

describe('backtest.csv', () => {
  it('by kind and subject, the highest level first, times in UTC', () => {
    expect(backTestCsv(tested(STORM, SILENT).rows(at(100)))).toBe(
      [
        'kind,subject,level,times,hours,longest_h,first,last',
        'station-silent,dingchang-air,,1,2,2,2026-07-01T05:00:00Z,2026-07-01T07:00:00Z',
        'weather-response,rainstorm,I,1,1,1,2026-07-01T04:00:00Z,2026-07-01T05:00:00Z',
        'weather-response,rainstorm,IV,1,2,2,2026-07-01T02:00:00Z,2026-07-01T04:00:00Z',
        '',
      ].join('\n'),
    );
  });
});

describe('the table', () => {
  it('names each subject once, with the highest level, in Beijing time', () => {
    expect(backTestTable(tested(STORM, SILENT).rows(at(100)), [at(0), at(100)]).split('\n')).toEqual([
      '回测 back-test 2026-07-01 08:00 – 2026-07-05 12:00，北京时间 Beijing time',
      '  级别 level  次数 times  小时 hours  最长 longest  首次 first        末次 last',
      'station-silent/dingchang-air dingchang-air的信号 Signal of dingchang-air',
      '  -           1           2           2             2026-07-01 13:00  2026-07-01 15:00',
      'weather-response/rainstorm rainstorm的信号 Signal of rainstorm · 最高 highest I',
      '  I           1           1           1             2026-07-01 12:00  2026-07-01 13:00',
      '  IV          1           2           2             2026-07-01 10:00  2026-07-01 12:00',
      '',
    ]);
  });

  it('says so where no level was reached, and of an empty file', () => {
    expect(backTestTable([], [at(0), at(1)])).toMatch(/2026-07-01 09:00.*: 没有达到任何级别 no level was reached\n$/);
    expect(backTestTable([], undefined)).toBe('回测 back-test: 没有达到任何级别 no level was reached\n');
  });
});
