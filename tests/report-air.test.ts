// `lantian report` on air: months as stored, the year so far from its days, ranking, calendar. What is expected is worked out by hand.
import { beforeAll, describe, expect, test } from 'vitest';
import { DAY } from '../src/core/time.ts';
import type { Point } from '../src/core/types.ts';
import { type Desk, day, desk, month, row, tableIn } from './support/report.ts';
import type { ReadSheet } from './support/xlsx.ts';

const TOWNSHIPS = ['dingchang', 'guocun', 'xindian'].map((id, at) => ({
  id,
  name: { zh: ['定昌镇', '郭村镇', '新店镇'][at], en: id },
  kind: 'township',
}));
const station = (id: string, zh: string, township: string) => ({
  id,
  name: { zh, en: id },
  township,
  feeds: { air: { period: 'PT1H' } },
  assessed: true,
});
const STATIONS = [
  station('one', '一站', 'dingchang'),
  station('two', '二站', 'guocun'),
  station('three', '三站', 'xindian'),
  station('four', '四站', 'xindian'),
];
const countyDesk = (dust: readonly string[] = []): Desk =>
  desk({ 'air.yaml': { stations: STATIONS }, 'dust.yaml': { dust_days: dust.map((date) => ({ date })) } }, TOWNSHIPS);

const MEANS = { so2: 10, no2: 20, pm10: 70, pm25: 40, co_p95: 1.2, o3_p90: 100 };
const ofMonth = (id: string, name: string, fields: Point['fields']): Point =>
  row('air_month', id, month(name), { count: 31, valid: true, ...fields });

/** Days of a station: PM2.5 of each, the other items as they are. */
const daysOf = (id: string, first: string, pm25: readonly number[], aqi: (value: number) => number): Point[] =>
  pm25.flatMap((value, at) => {
    const time = day(first) + at * DAY;
    const index = aqi(value);
    return [
      row('air_day', id, time, { so2: 6, no2: 20, pm10: 70, pm25: value, co: 1, o3: 80, count: 24, valid: true }),
      row('aqi_day', id, time, { aqi: index, level: index > 100 ? 3 : 2, primary: 'PM2.5', standard: 'HJ 633-2012' }),
    ];
  });
const often = (value: number, times: number): number[] => Array(times).fill(value);
/** 75 µg/m³ is the border of a good day under HJ 633-2012. */
const good = (value: number): number => (value > 75 ? 120 : 80);

describe('a January: the month before and last year lie over the border of the year', () => {
  let sheets: ReadSheet[];
  const MONTHS = ['2026年1月', '2025年1月', '同比', '2025年12月', '环比'];

  beforeAll(async () => {
    const place = countyDesk();
    await place.write([
      ofMonth('county', '2026-01', {
        ...MEANS,
        pm25: 40.25,
        composite: 4.14,
        primary: 'PM2.5',
        good: 20,
        days: 30,
        good_ratio: 66.7,
        level_3: 10,
      }),
      ofMonth('county', '2025-01', {
        ...MEANS,
        pm25: 50,
        composite: 5,
        good: 26,
        days: 31,
        good_ratio: 83.9,
        level_3: 5,
        no2: 0,
      }),
      ofMonth('county', '2025-12', {
        so2: 10,
        pm10: 60,
        pm25: 30,
        good: 3,
        days: 9,
        good_ratio: 33.3,
        valid: false,
        invalid: 'pm10,composite',
        composite: 3,
      }),
    ]);
    expect(await place.report('--month', '2026-01')).toMatchObject({ code: 0 });
    sheets = place.sheets('2026-01');
  });

  test('figures rounded half to even, changes signed and of the rounded ones', () => {
    const { values, cell } = tableIn(sheets, '空气质量');
    expect(values(MONTHS, 'PM2.5 均值')).toEqual([40.2, 50, -19.6, 30, 34]);
    expect(values(MONTHS, '综合指数')).toEqual([4.14, 5, -17.2, 3, 38]);
    expect(values(MONTHS, '优良天数 good')).toEqual([20, 26, -6, 3, 17]);
    expect(values(MONTHS, '优良天数比例')).toEqual([66.7, 83.9, -17.2, 33.3, 33.4]);
    expect(values(MONTHS, '轻度污染天数')).toEqual([10, 5, 5, '—', '—']);
    expect(cell('环比', 'PM2.5 均值').format).toBe('+0.0"%";-0.0"%";0.0"%"');
    expect(cell('同比', '优良天数 good').format).toBe('+0"天";-0"天";0"天"');
  });

  test('missing is not zero: no figure, no change; of zero there is no percent', () => {
    const { values } = tableIn(sheets, '空气质量');
    expect(values(MONTHS, 'CO 第95百分位')).toEqual([1.2, 1.2, 0, '—', '—']);
    expect(values(MONTHS, 'NO2 均值')).toEqual([20, 0, '—', '—', '—']);
    expect(values(MONTHS, 'SO2 第98百分位')).toEqual(['—', '—', '—', '—', '—']);
  });

  test('what is invalid is marked, with the changes on it; so are days where too few have an AQI', () => {
    const { cell } = tableIn(sheets, '空气质量');
    expect(cell('2025年12月', 'PM10 均值')).toMatchObject({ value: 60, italic: true, format: '0.0"*"' });
    expect(cell('环比', 'PM10 均值')).toMatchObject({ value: 16.7, italic: true });
    expect(cell('2025年12月', 'PM2.5 均值').italic).toBe(false);
    expect(cell('2025年12月', '优良天数 good')).toMatchObject({ value: 3, italic: true });
    expect(cell('2026年1月', '优良天数 good').italic).toBe(false);
  });

  test('levels stand on their official colours; primary pollutant and documents by the date', () => {
    const { cell, value, sheet } = tableIn(sheets, '空气质量');
    expect(cell('指标', '优天数').fill).toBe('00E400');
    expect(cell('指标', '严重污染天数').fill).toBe('7E0023');
    expect(value('2026年1月', '首要污染物')).toBe('PM2.5');
    const notes = sheet.rows.map((cells) => String(cells[0]?.value ?? '')).join('\n');
    for (const document of ['HJ 663-2013 附录A', 'GB 3095-2012 6.4', 'HJ 633-2012', '环办〔2014〕64号'])
      expect(notes).toContain(document);
  });
});

describe('the year so far', () => {
  const dust = ['2026-02-10'];
  let sheets: ReadSheet[];
  const YEAR = ['2026年1—2月累计', '2025年1—2月累计', '累计同比'];

  beforeAll(async () => {
    const place = countyDesk(dust);
    await place.write([
      // 2026: 31 days of 40 and 28 of 90; the dust day of 10 February among them. 2025: January alone, 50.
      ...daysOf('county', '2026-01-01', [...often(40, 31), ...often(90, 28), ...often(500, 10)], good),
      ...daysOf('county', '2025-01-01', often(50, 31), good),
      ofMonth('county', '2026-02', {
        ...MEANS,
        pm10: 80,
        pm10_no_dust: 60,
        composite: 5,
        composite_no_dust: 4.5,
        good: 14,
        days: 28,
        good_ratio: 50,
        dust_days: 1,
        good_no_dust: 14,
        days_no_dust: 27,
      }),
      ofMonth('county', '2026-01', { ...MEANS, pm10: 75, composite: 4, good: 31, days: 31, good_ratio: 100 }),
      row('air_year', 'county', month('2026-01'), {
        count: 69,
        valid: false,
        good: 999,
        days: 999,
        target: 300,
        needed: 1,
        days_left: 1,
      }),
    ]);
    await place.report('--month', '2026-02');
    sheets = place.sheets('2026-02');
  });

  test('ends with the month, on both sides, whatever came later', () => {
    const { values, cell } = tableIn(sheets, '空气质量');
    // (31 · 40 + 28 · 90) / 59 = 63.73
    expect(values(YEAR, 'PM2.5 均值')).toEqual([63.7, 50, 27.4]);
    expect(values(YEAR, '优良天数 good')).toEqual([31, 31, 0]);
    expect(values(YEAR, '优良天数比例')).toEqual([52.5, 100, -47.5]);
    // February 2025 has no day: its two months are below the minimum of data.
    expect(cell('2025年1—2月累计', 'PM2.5 均值').italic).toBe(true);
    expect(cell('2026年1—2月累计', 'PM2.5 均值').italic).toBe(false);
    expect(cell('2025年1—2月累计', '优良天数 good').italic).toBe(true);
  });

  test('good days against the target: needed, days left, the share of them', () => {
    const { value, sheet } = tableIn(sheets, '空气质量');
    expect(value('2026年1—2月累计', '优良天数目标')).toBe(300);
    expect(value('2026年1—2月累计', '距目标')).toBe(269);
    expect(value('2026年1—2月累计', '年内剩余天数')).toBe(306);
    // 269 / 306
    expect(value('2026年1—2月累计', '剩余天数需优良比例')).toBe(87.9);
    const notes = sheet.rows.map((cells) => String(cells[0]?.value ?? ''));
    expect(notes).toContain('2026年目标300天，尚需269天，剩余306天。');
  });

  test('with and without dust days; a period without any is the same without them', () => {
    const { values } = tableIn(sheets, '空气质量');
    const columns = ['2026年2月', '2026年1月', '环比'];
    expect(values(columns, 'PM10 均值 mean')).toEqual([80, 75, 6.7]);
    expect(values(columns, 'PM10 均值（剔除沙尘）')).toEqual([60, 75, -20]);
    expect(values(columns, '综合指数（剔除沙尘）')).toEqual([4.5, 4, 12.5]);
    expect(values(columns, '优良天数比例（剔除沙尘）')).toEqual([51.9, 100, -48.1]);
    expect(values(columns, '沙尘天数')).toEqual([1, '—', '—']);
  });
});

describe('ranking, township and calendar', () => {
  let sheets: ReadSheet[];

  beforeAll(async () => {
    const place = countyDesk();
    const own = (id: string, composite: number, before: number, more: Point['fields'] = {}) => [
      ofMonth(id, '2025-10', { ...MEANS, composite, primary: 'O3;PM10', good: 31, days: 31, good_ratio: 100, ...more }),
      ofMonth(id, '2025-09', { ...MEANS, composite: before, good: 30, days: 30, good_ratio: 100 }),
    ];
    await place.write([
      ...own('one', 4.5, 3),
      ...own('two', 3.1, 4),
      ...own('three', 3.1, 4.5),
      ...own('four', 1, 5, { valid: false, invalid: 'composite' }),
      // 新店镇: of two stations the mean of each day: 31 days of 60, where one has 30 and the other 90.
      ...daysOf('three', '2025-10-01', often(30, 31), good),
      ...daysOf('four', '2025-10-01', often(90, 31), good),
      row('aqi_day', 'county', day('2025-10-01'), { aqi: 42, level: 1, standard: 'HJ 633-2012' }),
      row('aqi_day', 'county', day('2025-10-31'), {
        aqi: 151,
        level: 4,
        primary: 'PM10;PM2.5',
        standard: 'HJ 633-2012',
      }),
      row('aqi_day', 'county', day('2025-11-01'), { aqi: 300, level: 5, primary: 'PM10', standard: 'HJ 633-2012' }),
      row('aqi_day', 'county', day('2025-10-02'), { iaqi_pm10: 20, standard: 'HJ 633-2012' }),
    ]);
    await place.report('--month', '2025-10');
    sheets = place.sheets('2025-10');
  });

  test('the lowest index first, equal ones share a rank, what is invalid has none and comes last', () => {
    const { rows, headings } = tableIn(sheets, '空气站点排名');
    const of = (heading: string) => rows.map((cells) => cells[headings.indexOf(heading)]!.value);
    expect(of('站点')).toEqual(['二站', '三站', '一站', '四站']);
    expect(of('名次')).toEqual([1, 1, 3, '—']);
    expect(of('上月名次')).toEqual([2, 3, 1, 4]);
    expect(of('上年同月名次')).toEqual(['—', '—', '—', '—']);
    expect(of('综合指数')).toEqual([3.1, 3.1, 4.5, 1]);
    expect(of('综合指数 环比')).toEqual([-22.5, -31.1, 50, -80]);
    expect(of('首要污染物')[0]).toBe('O3;PM10');
    expect(rows[3]![headings.indexOf('综合指数')]!.italic).toBe(true);
  });

  test('a township of several stations is worked out from the means of their days', () => {
    const { rows, headings } = tableIn(sheets, '乡镇空气排名');
    const at = headings.indexOf('乡镇（示范区）');
    expect(rows.map((cells) => cells[at]!.value)).toEqual(['郭村镇', '新店镇', '定昌镇']);
    // 6/60 + 20/40 + 70/70 + 60/35 + 1/4 + 80/160 = 4.064
    const own = rows[1]!.map(({ value }) => value);
    expect([own[0], own[headings.indexOf('综合指数')]]).toEqual([2, 4.06]);
    // AQI of 60 µg/m³ is below 100 on all 31 days, although one station has none of them good.
    expect(own[headings.indexOf('优良天数（天）')]).toBe(31);
  });

  test('the calendar has the days of the month and the colours of the levels', () => {
    const { rows, cell, values } = tableIn(sheets, 'AQI日历');
    expect(rows.length).toBe(31);
    expect(cell('全县 AQI', '2025-10-01')).toMatchObject({ value: 42, fill: '00E400' });
    expect(values(['全县 AQI', '级别', '首要污染物'], '2025-10-31')).toEqual([
      151,
      '中度污染 moderate pollution',
      'PM10;PM2.5',
    ]);
    expect(cell('全县 AQI', '2025-10-31').fill).toBe('FF0000');
    // A day whose AQI is not available is no zero.
    expect(values(['全县 AQI', '级别', '首要污染物'], '2025-10-02')).toEqual(['—', '—', '—']);
    expect(cell('四站', '2025-10-09')).toMatchObject({ value: 120, fill: 'FF7E00' });
    expect(values(['一站'], '2025-10-09')).toEqual(['—']);
  });

  test('stations have a row for each figure', () => {
    const { values } = tableIn(sheets, '空气站点');
    expect(values(['乡镇', '2025年10月', '2025年9月', '环比'], '二站', '郭村镇', '综合指数')).toEqual([
      '郭村镇',
      3.1,
      4,
      -22.5,
    ]);
  });
});
