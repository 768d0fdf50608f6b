// `lantian report` on outlets: hours of a real store, summed up by hand here.
import { beforeAll, describe, expect, test } from 'vitest';
import { DAY, HOUR } from '../src/core/time.ts';
import type { Point } from '../src/core/types.ts';
import { COUNTY, day, desk, month, tableIn } from './support/report.ts';
import type { ReadSheet } from './support/xlsx.ts';

const outlet = (id: string, zh: string, limits: object) => ({
  id,
  name: { zh, en: id },
  feeds: { emission: { period: 'PT5M' } },
  limits,
});
const PLANT = {
  id: 'plant',
  name: { zh: '焦化厂', en: 'coking plant' },
  outlets: [
    outlet('stack', '烟囱', { pm: 10, so2: 30 }),
    outlet('kiln', '窑', { pm: 20 }),
    outlet('new', '新排口', { pm: 20 }),
  ],
};

const stored = (measurement: string, id: string, time: number, fields: Point['fields']): Point => ({
  measurement,
  tags: { county: COUNTY, enterprise: 'plant', outlet: id },
  time,
  fields,
});

const RUNNING = {
  judged: true,
  exceeded: false,
  converted_pm: 8,
  limit_pm: 10,
  converted_so2: 20,
  limit_so2: 30,
  minutes_running: 60,
  received: 12,
  due: 12,
};
const ABOVE = { ...RUNNING, exceeded: true, converted_pm: 12.5, multiple_pm: 0.25 };
const FAR_ABOVE = { ...RUNNING, exceeded: true, converted_pm: 20, multiple_pm: 1 };
const FAULT = {
  judged: false,
  reason: 'marked',
  limit_pm: 10,
  limit_so2: 30,
  invalid: 'converted_pm,converted_so2',
  minutes_running: 20,
  minutes_fault: 40,
  received: 12,
  due: 12,
};
const HALF = { ...RUNNING, received: 6 };

const hours = (id: string, from: number, rows: readonly Point['fields'][]): Point[] =>
  rows.map((fields, at) => stored('emission_compliance', id, from + at * HOUR, fields));
const times = <T>(count: number, one: T): T[] => Array(count).fill(one);

const days = (id: string, first: string, count: number, pm: number, invalid?: string): Point[] =>
  times(count, 0).map((_, at) =>
    stored('emission_compliance_day', id, day(first) + at * DAY, {
      converted_pm: pm,
      count: 24,
      valid: true,
      ...(invalid ? { invalid } : {}),
    }),
  );

describe('a January of an enterprise', () => {
  let sheets: ReadSheet[];
  const MONTHS = ['2026年1月', '2025年1月', '同比', '2025年12月', '环比'];
  const whole = (id: string, name: string, count: number, rows: readonly Point['fields'][]): Point[] =>
    hours(id, month(name), [...rows, ...times(count - rows.length, RUNNING)]);

  beforeAll(async () => {
    const place = desk({ 'enterprises.yaml': { enterprises: [PLANT] } }, [
      { id: 'town', name: { zh: '镇', en: 'town' }, kind: 'township' },
    ]);
    await place.write([
      // 744 hours: 6 above on the first day, 30 in fault, 8 of half their readings; the last 100 never came.
      ...whole('stack', '2026-01', 644, [...times(5, ABOVE), FAR_ABOVE, ...times(30, FAULT), ...times(8, HALF)]),
      ...whole('stack', '2025-12', 744, times(3, ABOVE)),
      ...whole('stack', '2025-01', 744, []),
      ...whole('stack', '2024-12', 1, []),
      ...whole('kiln', '2026-01', 744, []),
      ...whole('kiln', '2025-12', 744, []),
      ...days('stack', '2026-01-01', 25, 8.125),
      ...days('stack', '2026-01-26', 3, 99, 'converted_pm'),
      ...days('stack', '2025-12-01', 24, 10),
      ...days('stack', '2025-01-01', 30, 6.5),
    ]);
    expect(await place.report('--month', '2026-01')).toMatchObject({ code: 0 });
    sheets = place.sheets('2026-01');
  });

  test('compliance, hours above, transfer of an outlet', () => {
    const { values } = tableIn(sheets, '排放达标');
    // 644 − 30 judged, 608 within; December 741 of 744; last January all.
    expect(values(MONTHS, '焦化厂', '烟囱', '达标率')).toEqual([99.02, 100, -0.98, 99.6, -0.58]);
    expect(values(MONTHS, '焦化厂', '烟囱', '判定小时')).toEqual([614, 744, -130, 744, -130]);
    expect(values(MONTHS, '焦化厂', '烟囱', '超标小时')).toEqual([6, 0, 6, 3, 3]);
    // 640 whole hours of 744: hours that never came are due.
    expect(values(MONTHS, '焦化厂', '烟囱', '数据传输率')).toEqual([86.02, 100, -13.98, 100, -13.98]);
  });

  test('hours in each state; none of a state is zero where hours came', () => {
    const { values } = tableIn(sheets, '排放达标');
    expect(values(MONTHS, '焦化厂', '烟囱', '故障')).toEqual([20, 0, 20, 0, 20]);
    expect(values(MONTHS, '焦化厂', '烟囱', '运行')).toEqual([624, 744, -120, 744, -120]);
    expect(values(MONTHS, '焦化厂', '烟囱', '停运')).toEqual([0, 0, 0, 0, 0]);
  });

  test('an outlet that the store has later: nothing before, and nothing of one that never was', () => {
    const { values } = tableIn(sheets, '排放达标');
    expect(values(MONTHS, '焦化厂', '窑', '达标率')).toEqual([100, '—', '—', 100, 0]);
    expect(values(MONTHS, '焦化厂', '窑', '数据传输率')).toEqual([100, '—', '—', 100, 0]);
    for (const figure of ['达标率', '超标小时', '数据传输率', '故障'])
      expect(values(MONTHS, '焦化厂', '新排口', figure)).toEqual(times(5, '—'));
  });

  test('an enterprise is all its outlets together, doubtful where one has nothing', () => {
    const { values, cell } = tableIn(sheets, '排放达标');
    // (608 + 744) of (614 + 744); (640 + 744) of twice 744.
    expect(values(MONTHS, '焦化厂', '全厂', '达标率')).toEqual([99.56, 100, -0.44, 99.8, -0.24]);
    expect(values(['2026年1月'], '焦化厂', '全厂', '数据传输率')).toEqual([93.01]);
    expect(cell('2026年1月', '焦化厂', '全厂', '达标率').italic).toBe(true);
    expect(cell('2026年1月', '焦化厂', '烟囱', '达标率').italic).toBe(false);
    expect(values(['2026年1月', '2025年1月'], '焦化厂', '全厂', '达标率')).toEqual([99.56, 100]);
  });

  test('the year so far of a January is January', () => {
    const { values } = tableIn(sheets, '排放达标');
    expect(values(['2026年1月累计', '2025年1月累计', '累计同比'], '焦化厂', '烟囱', '超标小时')).toEqual([6, 0, 6]);
  });

  test('each pollutant: mean of the valid days, hours above, highest multiple', () => {
    const { rows, headings } = tableIn(sheets, '排放浓度');
    const of = (item: string, figure: string) => {
      const found = rows.find(
        (cells) =>
          cells[1]!.value === '烟囱' &&
          String(cells[2]!.value).startsWith(item) &&
          String(cells[4]!.value).startsWith(figure),
      )!;
      return MONTHS.map((heading) => found[headings.indexOf(heading)]!);
    };
    const valued = (item: string, figure: string) => of(item, figure).map(({ value }) => value);
    // 8.125 is rounded to even.
    expect(valued('颗粒物', '折算浓度均值')).toEqual([8.12, 6.5, 24.9, 10, -18.8]);
    expect(valued('颗粒物', '超标小时')).toEqual([6, 0, 6, 3, 3]);
    expect(valued('颗粒物', '最大超标倍数')).toEqual([1, '—', '—', 0.25, 0.75]);
    expect(valued('二氧化硫', '超标小时')).toEqual([0, 0, 0, 0, 0]);
    expect(valued('二氧化硫', '折算浓度均值')).toEqual(times(5, '—'));
    // 25 valid days are enough, 24 are not.
    const [now, , , december] = of('颗粒物', '折算浓度均值');
    expect([now!.italic, december!.italic]).toEqual([false, true]);
  });

  test('each day: red below 100 %, nothing where nothing was judged', () => {
    const { cell, value, rows } = tableIn(sheets, '逐日达标率');
    expect(rows).toHaveLength(31);
    // 6 of the first day's 24 hours are above, 18 are in fault: none of the judged is within.
    expect(cell('焦化厂 烟囱', '2026-01-01')).toMatchObject({ value: 0, fill: 'FFC7CE' });
    // The enterprise: 24 of the kiln's beside them.
    expect(cell('焦化厂', '2026-01-01')).toMatchObject({ value: 80, fill: 'FFC7CE' });
    expect(cell('焦化厂 烟囱', '2026-01-02')).toMatchObject({ value: 100, fill: undefined });
    expect(value('焦化厂 烟囱', '2026-01-31')).toBe('—');
    expect(value('焦化厂 新排口', '2026-01-02')).toBe('—');
  });
});
