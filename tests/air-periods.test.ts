import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../src/core/time.ts';
import type { FieldValue, Figure } from '../src/core/types.ts';
import { createAirPeriods } from '../src/effects/air-periods.ts';
import { at, catalogOf, PT1H, reading, settingsOf, station, writeInto } from './support/middle.ts';
import { createRig, messageOf } from './support/pipeline.ts';

// Months and years of air, from figures of days as the pipeline writes them; then through the pipeline itself.

const ITEMS = { so2: 12, no2: 30, pm10: 70, pm25: 35, co: 1, o3: 120 };
const dayAt = (date: string): number => at(`${date} 00:00`);

const airDay = (id: string, date: string, fields: Record<string, number>, invalid: string[] = []): Figure => ({
  measurement: 'air_day',
  station: id,
  start: dayAt(date),
  end: dayAt(date) + DAY,
  fields,
  invalid,
});
const aqiDay = (id: string, date: string, aqi: number, level: number): Figure => ({
  ...airDay(id, date, { aqi, level }),
  measurement: 'aqi_day',
});

const dates = (month: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${month}-${String(i + 1).padStart(2, '0')}`);

const bench = (given: object = {}, dust: string[] = []) => {
  const database = new DatabaseSync(':memory:');
  const periods = createAirPeriods(database);
  const finals = new Map<string, Record<string, FieldValue>>();
  const catalog = { ...catalogOf([]), dustDays: new Set(dust) };
  const settings = settingsOf(given);
  return {
    periods,
    database,
    take: (...figures: Figure[]) => figures.forEach(periods.take),
    settle: (now = catalog) => {
      const written = periods.settle(now, settings);
      writeInto(finals, written);
      return written;
    },
    catalog,
    month: (id: string, month: string) => finals.get(`air_month/${id}/${new Date(dayAt(`${month}-01`)).toISOString()}`),
    year: (id: string, year: string) => finals.get(`air_year/${id}/${new Date(dayAt(`${year}-01-01`)).toISOString()}`),
  };
};

describe('a month', () => {
  it('has means, percentiles, indices and good days, worked out by hand', () => {
    const { take, settle, month } = bench();
    for (const [i, date] of dates('2026-01', 31).entries()) {
      take(
        airDay('a', date, { ...ITEMS, pm25: i + 1, o3: 100 + i }),
        aqiDay('a', date, i < 20 ? 60 : 120, i < 20 ? 2 : 3),
      );
    }
    settle();
    expect(month('a', '2026-01')).toEqual({
      so2: 12,
      so2_p98: 12,
      no2: 30,
      no2_p98: 30,
      pm10: 70,
      pm10_p95: 70,
      pm25: 16,
      // k = 1 + 30 · 0.95 = 29.5
      pm25_p95: 29.5,
      co_p95: 1,
      // k = 1 + 30 · 0.9 = 28
      o3_p90: 127,
      single_so2: 0.2,
      single_no2: 0.75,
      single_pm10: 1,
      single_pm25: 0.457,
      single_co: 0.25,
      single_o3: 0.794,
      composite: 3.45,
      primary: 'PM10',
      good: 20,
      days: 31,
      good_ratio: 64.5,
      level_1: 0,
      level_2: 20,
      level_3: 11,
      level_4: 0,
      level_5: 0,
      level_6: 0,
      count: 31,
      valid: true,
    });
  });

  it.each([
    ['2026-01', 27, true],
    ['2026-01', 26, false],
    ['2026-02', 25, true],
    ['2026-02', 24, false],
  ])('%s with %i days: valid is %s', (name, count, valid) => {
    const { take, settle, month } = bench();
    for (const date of dates(name, count)) take(airDay('a', date, ITEMS));
    settle();
    expect(month('a', name)).toMatchObject({ count, valid });
    expect(String(month('a', name)!['invalid'] ?? '').includes('composite')).toBe(!valid);
  });

  it('takes its minima from the settings: days of a month, of a February, of a year', () => {
    const { take, settle, month, year } = bench({ air: { month_days: 2, month_days_february: 3, year_days: 25 } });
    const taken = (count: number) => (month: number) => (month === 2 ? 3 : month === 12 ? count : 2);
    const months = Array.from({ length: 12 }, (_, i) => i + 1);
    const fill = (count: number) => {
      for (const one of months)
        for (const date of dates(`2025-${String(one).padStart(2, '0')}`, taken(count)(one)))
          take(airDay('a', date, ITEMS));
      settle();
      return [month('a', '2025-02'), month('a', '2025-12'), year('a', '2025')].map((figure) => figure!['valid']);
    };
    expect(fill(1)).toEqual([true, false, false]);
    expect(fill(2)).toEqual([true, true, true]);
  });

  it('leaves out what is invalid in a day, and names the item that is short', () => {
    const { take, settle, month } = bench();
    for (const [i, date] of dates('2026-01', 30).entries())
      take(airDay('a', date, i < 5 ? { ...ITEMS, pm25: 999 } : ITEMS, i < 5 ? ['pm25'] : []));
    settle();
    expect(month('a', '2026-01')).toMatchObject({
      pm25: 35,
      invalid: 'pm25,pm25_p95,single_pm25,composite',
      valid: false,
    });
  });

  it('is written again only when something of it changed, and unset when its days vanish', () => {
    const { take, settle, month, periods } = bench();
    take(airDay('a', '2026-01-01', ITEMS));
    expect(settle().map(({ measurement }) => measurement)).toEqual(['air_month', 'air_year']);
    take(airDay('a', '2026-01-01', ITEMS));
    expect(periods.due()).toBe(1);
    expect(settle()).toEqual([]);
    expect(periods.due()).toBe(0);
    take({ ...airDay('a', '2026-01-01', {}), gone: Object.keys(ITEMS) });
    settle();
    expect(month('a', '2026-01')).toBeUndefined();
    expect(periods.latest()).toEqual([]);
  });

  it('does not hang on the order of days, nor on how often they are settled', () => {
    const days = dates('2026-01', 31).map((date, i) => airDay('a', date, { ...ITEMS, pm25: (i * 37) % 91 }));
    const whole = bench();
    whole.take(...days);
    whole.settle();
    fc.assert(
      fc.property(fc.shuffledSubarray(days, { minLength: 31 }), fc.integer({ min: 1, max: 31 }), (order, every) => {
        const other = bench();
        for (const [i, day] of order.entries()) {
          other.take(day);
          if (i % every === 0) other.settle();
        }
        other.settle();
        expect(other.month('a', '2026-01')).toEqual(whole.month('a', '2026-01'));
        expect(other.year('a', '2026')).toEqual(whole.year('a', '2026'));
      }),
      { numRuns: 20 },
    );
  });
});

describe('dust days', () => {
  it('figures stand with and without them; a change of the list works old months out again', () => {
    const { take, settle, month, year, catalog } = bench({}, ['2026-03-02']);
    for (const date of dates('2026-03', 31)) {
      const dusty = date.endsWith('-02') || date.endsWith('-03');
      take(
        airDay('a', date, dusty ? { ...ITEMS, pm10: 999 } : ITEMS),
        aqiDay('a', date, dusty ? 500 : 60, dusty ? 6 : 2),
      );
    }
    settle();
    const fields = month('a', '2026-03')!;
    expect(fields['pm10']).toBeCloseTo((29 * 70 + 2 * 999) / 31, 6);
    expect(fields['pm10_no_dust']).toBeCloseTo((29 * 70 + 999) / 30, 6);
    expect(fields).toMatchObject({ dust_days: 1, good: 29, days: 31, good_no_dust: 29, days_no_dust: 30, level_6: 2 });
    expect(year('a', '2026')).toMatchObject({ dust_days: 1 });

    settle({ ...catalog, dustDays: new Set(['2026-03-02', '2026-03-03']) });
    expect(month('a', '2026-03')).toMatchObject({ dust_days: 2, pm10_no_dust: 70, days_no_dust: 29, good_no_dust: 29 });
    settle({ ...catalog, dustDays: new Set<string>() });
    expect(Object.keys(month('a', '2026-03')!).filter((name) => name.includes('dust'))).toEqual([]);
    expect(year('a', '2026')).not.toHaveProperty('dust_days');
  });
});

describe('the year so far', () => {
  it('counts good days towards the county’s target, of the days that are left', () => {
    const { take, settle, year } = bench({ air: { good_days_target: 290 } });
    for (const id of ['a', 'county'])
      for (const [i, date] of [...dates('2026-01', 31), ...dates('2026-02', 28)].entries())
        take(airDay(id, date, ITEMS), aqiDay(id, date, i % 4 === 0 ? 130 : 80, i % 4 === 0 ? 3 : 2));
    settle();
    // 59 days, 15 of them not good; 2026 has 365.
    expect(year('county', '2026')).toMatchObject({ good: 44, days: 59, target: 290, needed: 246, days_left: 306 });
    expect(year('county', '2026')).toMatchObject({ valid: false, count: 59 });
    expect(year('a', '2026')).not.toHaveProperty('target');
  });

  it.each([
    [41, true],
    [42, false],
  ])('without %i of its days is valid: %s (324 days)', (without, valid) => {
    const { take, settle, year } = bench();
    let missing = without;
    for (let m = 1; m <= 12; m++) {
      const count = new Date(Date.UTC(2025, m, 0)).getUTCDate();
      // No month goes below its own minimum.
      const left = Math.min(count - (m === 2 ? 25 : 27), missing);
      missing -= left;
      for (const date of dates(`2025-${String(m).padStart(2, '0')}`, count - left)) take(airDay('a', date, ITEMS));
    }
    settle();
    expect(year('a', '2025')!['valid']).toBe(valid);
  });
});

describe('days that are forgotten', () => {
  it('go by whole years, and leave those years as they were written', () => {
    const { take, settle, month, year, periods, catalog } = bench();
    for (const date of [...dates('2024-11', 30), ...dates('2025-01', 31)]) take(airDay('a', date, ITEMS));
    settle();
    const before = [month('a', '2024-11'), year('a', '2024')];
    expect(periods.forget(Number.NEGATIVE_INFINITY, 100)).toBe(0);
    expect(periods.forget(dayAt('2024-11-20'), 100)).toBe(0);
    settle({ ...catalog, dustDays: new Set(['2024-11-05']) });
    expect(month('a', '2024-11')).toMatchObject({ dust_days: 1, count: 30 });
    settle();
    expect([month('a', '2024-11'), year('a', '2024')]).toEqual(before);

    // In pieces: what is half forgotten is not worked out either.
    expect(periods.forget(dayAt('2025-06-01'), 20)).toBe(20);
    expect(settle({ ...catalog, dustDays: new Set(['2024-11-25']) })).toEqual([]);
    expect(periods.forget(dayAt('2025-06-01'), 20)).toBe(10);
    expect([month('a', '2024-11'), year('a', '2024')]).toEqual(before);
    expect(month('a', '2025-01')).toMatchObject({ count: 31 });
  });
});

describe('damage', () => {
  it('a day or a month that cannot be read is as if it were not there; the rest goes on, and a new edition mends it', () => {
    const { take, settle, month, database } = bench();
    for (const date of dates('2026-01', 31)) take(airDay('a', date, ITEMS));
    settle();
    database.exec("UPDATE air_day SET day = '{oops' WHERE start = (SELECT min(start) FROM air_day)");
    database.exec("UPDATE air_period SET fields = 'x'");
    take(airDay('a', '2026-01-31', { ...ITEMS, pm25: 66 }), airDay('b', '2026-01-02', ITEMS));
    settle();
    expect(month('a', '2026-01')).toMatchObject({ count: 30, pm25: 36.033333333 });
    expect(month('b', '2026-01')).toMatchObject({ count: 1 });
    take(airDay('a', '2026-01-01', ITEMS));
    settle();
    expect(month('a', '2026-01')).toMatchObject({ count: 31, pm25: 36 });
  });
});

describe('through the pipeline', () => {
  const catalog = catalogOf([station('a', { air: PT1H }, { assessed: true }), station('b', { air: PT1H })]);
  const hours = (id: string, date: string, pm25: number) =>
    Array.from({ length: 24 }, (_, i) =>
      messageOf(reading('air', id, dayAt(date) + (i + 1) * HOUR, HOUR, { ...ITEMS, pm25 })),
    );
  const monthIn = (rows: Record<string, Record<string, FieldValue>>, id: string) =>
    rows[`air_month county 140430 station ${id} 2026-06-30T16:00:00Z`];

  it('a tick that fails takes nothing away: the next one works out what was due', () => {
    const now = dayAt('2026-07-03') + HOUR;
    const rig = createRig(catalog, { now: () => now });
    rig.send(...hours('a', '2026-07-01', 30));
    // No such month can be worked out.
    rig.database.exec("INSERT INTO air_due VALUES ('a', 9000000000000000)");
    rig.tick(now);
    rig.pipeline.drain();
    expect(rig.pipeline.counts().damage).toBe(1);
    rig.database.exec('DELETE FROM air_due WHERE start = 9000000000000000');
    rig.tick(now + HOUR);
    rig.pipeline.drain();
    const rows = rig.series();
    expect(Object.keys(rows).filter((key) => /^air_hour county 140430 station county/.test(key))).toHaveLength(24);
    expect(monthIn(rows, 'county')).toMatchObject({ pm25: 30, count: 1 });
  });

  it('days that end, come late or change reach month and year of station and county; a crash loses none', () => {
    const now = dayAt('2026-07-04') + HOUR;
    const rig = createRig(catalog, { now: () => now });
    rig.send(...hours('a', '2026-07-01', 30), ...hours('a', '2026-07-02', 50));
    rig.tick(now);
    rig.pipeline.drain();
    expect(monthIn(rig.series(), 'a')).toMatchObject({ pm25: 40, count: 2, valid: false });
    expect(monthIn(rig.series(), 'county')).toMatchObject({ pm25: 40, count: 2 });
    expect(rig.pipeline.counts().figuresDue).toBe(0);

    // Journalled and applied, but no tick before the end of the process.
    rig.send(...hours('a', '2026-07-03', 100), ...hours('b', '2026-07-03', 7));
    rig.pipeline.drain();
    expect(rig.pipeline.counts().figuresDue).toBeGreaterThan(0);
    rig.pipeline.stop();
    const again = createRig(catalog, { database: rig.database, now: () => now });
    again.tick(now + HOUR);
    again.pipeline.drain();
    expect(monthIn(again.series(), 'a')).toMatchObject({ pm25: 60, count: 3 });
    expect(monthIn(again.series(), 'b')).toMatchObject({ pm25: 7, count: 1 });
    expect(monthIn(again.series(), 'county')).toMatchObject({ pm25: 60, count: 3 });
    expect(again.series()['air_year county 140430 station a 2025-12-31T16:00:00Z']).toMatchObject({ pm25: 60 });
  });
});
