// 地表水: averages first, then class; day, month and year.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR } from '../src/core/time.ts';
import type { FieldValue, Reading } from '../src/core/types.ts';
import { createMiddle, createState } from '../src/middle.ts';
import { SERIES } from '../src/store/series.ts';
import { at, catalogOf, createShell, everyInstant, reading, settingsOf, station } from './support/middle.ts';

const catalog = catalogOf([
  station('river', { water: everyInstant(4 * HOUR) }),
  station('lake', { water: everyInstant(4 * HOUR) }, { waterBody: 'lake' }),
]);
const CLEAN = { ph: 7.8, dissolved_oxygen: 9, permanganate_index: 1.5, ammonia_nitrogen: 0.1, total_phosphorus: 0.02 };
const ALL = settingsOf().water.required_items.map((item) => item as string);

const sample = (time: string, values: Reading['values'], more: Partial<Reading> = {}): Reading =>
  reading('water', more.station ?? 'river', time, 0, { ...CLEAN, ...values }, more);
const bare = (time: string, values: Reading['values'], more: Partial<Reading> = {}): Reading =>
  reading('water', 'river', time, 0, values, more);

const AFTER = '2027-01-01 00:00';
/** What the series hold of a station when the year is over. */
const run = (readings: readonly Reading[], water: object = {}) => {
  const shell = createShell(catalog, settingsOf({ water }));
  shell.take(...readings);
  shell.tick(AFTER);
  const of = (name: string, start: string, id = 'river') => shell.figure(name, id, `2026-${start} 00:00`);
  return {
    shell,
    day: (start: string) => of('water_class:day', start),
    month: (start: string, id?: string) => of('water_class:month', `${start}-01`, id),
    year: () => of('water_class:year', '01-01'),
    means: (start: string) => of('water_month', `${start}-01`),
  };
};
const missingOf = (figure: Record<string, FieldValue> | undefined): string[] => String(figure?.['missing']).split(',');

describe('a class', () => {
  it('has its fields, each in the series', () => {
    const { day } = run([sample('2026-07-02 08:00', { cod: 25, ph: 9.4, cyanide: 0.3, bod5: 6 })]);
    const figure = day('07-02')!;
    expect(figure).toMatchObject({ class: 6, defining: 'ph,cyanide', main: 'cyanide(0.5),ph,bod5(0.5)', count: 1 });
    expect(figure).toMatchObject({ valid: true });
    expect(missingOf(figure)).toHaveLength(13);
    expect(Object.keys(SERIES['water_class']!.fields)).toEqual(expect.arrayContaining(Object.keys(figure)));
  });

  it('of a month is that of its mean, never a mean or the worst of the days’ classes', () => {
    // Days of 0.02, 0.02 and 0.5 mg/L: classes I, I and 6; (0.02 + 0.02 + 0.5) / 3 = 0.18: class III.
    const days = [0.02, 0.02, 0.5].map((total_phosphorus, i) =>
      sample(`2026-07-0${i + 1} 08:00`, { total_phosphorus }),
    );
    const { day, month, means } = run(days);
    expect(['07-01', '07-02', '07-03'].map((start) => day(start)!['class'])).toEqual([1, 1, 6]);
    expect(means('07')).toMatchObject({ total_phosphorus: 0.18 });
    expect(month('07')).toMatchObject({ class: 3, defining: 'total_phosphorus', main: '', count: 3 });
  });

  it('a day of many samples weighs no more than another, nor does a month', () => {
    const many = [0, 4, 8, 12, 16, 20].map((hour) => {
      return sample(`2026-07-01 ${String(hour).padStart(2, '0')}:00`, { total_phosphorus: 0.38 });
    });
    // Of all samples alike it would be 0.3286 and class V; by days (0.38 + 0.02) / 2 = 0.2: class III.
    const { month, year } = run([...many, sample('2026-07-02 08:00', {}), sample('2026-08-01 08:00', {})], {
      year_months: 2,
    });
    expect(month('07')).toMatchObject({ class: 3 });
    // (0.2 + 0.02) / 2 = 0.11, not (0.38 + 0.02 + 0.02) / 3 = 0.14.
    expect(year()).toMatchObject({ class: 3, defining: 'total_phosphorus', count: 2 });
  });

  it('at exactly the limit of a mean that binary sums miss', () => {
    const days = [0.1, 0.2, 0.3].map((total_phosphorus, i) => sample(`2026-07-0${i + 1} 08:00`, { total_phosphorus }));
    expect(run(days).month('07')).toMatchObject({ class: 3 });
  });

  it('pH is averaged as hydrogen ions, or as the setting says', () => {
    // −lg((4 · 10⁻⁹·⁹ + 10⁻⁶) / 5) = 6.69875; (4 · 9.9 + 6) / 5 = 9.12.
    const values = [9.9, 9.9, 9.9, 9.9, 6];
    const days = values.map((ph, i) => sample(`2026-07-0${i + 1} 08:00`, { ph }));
    const hydrogen = run(days);
    expect(hydrogen.means('07')!['ph']).toBeCloseTo(6.69875, 4);
    expect(hydrogen.month('07')).toMatchObject({ class: 1 });
    const arithmetic = run(days, { ph_mean: 'arithmetic' });
    expect(arithmetic.means('07')).toMatchObject({ ph: 9.12 });
    expect(arithmetic.month('07')).toMatchObject({ class: 6, defining: 'ph' });
    // Within a day alike.
    const day = values.map((ph, i) => sample(`2026-07-01 0${i}:00`, { ph }));
    expect(run(day).means('07')!['ph']).toBeCloseTo(6.69875, 4);
  });

  it('a lake has its own limits of phosphorus', () => {
    const values = { total_phosphorus: 0.06 };
    const { month } = run([
      sample('2026-07-01 08:00', values),
      sample('2026-07-01 08:00', values, { station: 'lake' }),
    ]);
    expect([month('07')!['class'], month('07', 'lake')!['class']]).toEqual([2, 4]);
  });

  it('oxygen is judged by saturation where the temperature is known, by the setting', () => {
    const warm = [sample('2026-07-01 08:00', { dissolved_oxygen: 7, water_temperature: 30 })];
    expect(run(warm).month('07')).toMatchObject({ class: 1 });
    expect(run(warm, { do_saturation: false }).month('07')).toMatchObject({ class: 2, defining: 'dissolved_oxygen' });
    expect(run([sample('2026-07-01 08:00', { dissolved_oxygen: 7 })]).month('07')).toMatchObject({ class: 2 });
    const high = [sample('2026-07-01 08:00', { dissolved_oxygen: 7.3, water_temperature: 20 })];
    expect([run(high), run(high, { pressure: 90.5 })].map(({ month }) => month('07')!['class'])).toEqual([2, 1]);
  });

  it('values are rounded before they are judged where the setting says so; the mean stays as it is', () => {
    const one = [sample('2026-07-01 08:00', { permanganate_index: 6.04 })];
    expect(run(one).month('07')).toMatchObject({ class: 4 });
    const rounded = run(one, { rounded_first: true });
    expect(rounded.month('07')).toMatchObject({ class: 3 });
    expect(rounded.means('07')).toMatchObject({ permanganate_index: 6.04 });
  });

  it('what is not among the 21 has none', () => {
    const { month, means } = run([bare('2026-07-01 08:00', { total_nitrogen: 9, turbidity: 3 })]);
    expect(means('07')).toMatchObject({ total_nitrogen: 9, turbidity: 3 });
    expect(month('07')).toBeUndefined();
  });
});

describe('required items', () => {
  it.each(ALL)('without %s the class is shown and invalid', (item) => {
    const { [item]: _, ...values } = { ...CLEAN, total_phosphorus: 0.02, cod: 25 } as Record<string, number>;
    const { month } = run([bare('2026-07-01 08:00', values)]);
    expect(month('07')).toMatchObject({ class: 4, valid: false, invalid: 'class' });
    expect(missingOf(month('07'))).toContain(item);
  });

  it('may come on different days of the month', () => {
    const { ph, ...others } = CLEAN;
    const { day, month } = run([bare('2026-07-01 08:00', { ph }), bare('2026-07-20 08:00', others)]);
    expect([day('07-01')!['valid'], day('07-20')!['valid'], month('07')!['valid']]).toEqual([false, false, true]);
  });

  it('flagged is not measured', () => {
    const { month } = run([sample('2026-07-01 08:00', {}, { flags: { ph: 'D' } })]);
    expect(month('07')).toMatchObject({ valid: false });
    expect(missingOf(month('07'))).toContain('ph');
  });

  it('below its minimum of data an item is not judged and stands in missing', () => {
    const days = [1, 2].map((day) => sample(`2026-07-0${day} 08:00`, {}));
    const { month, means } = run([...days, bare('2026-07-03 08:00', { cod: 99 })], { month_days: 2 });
    expect(means('07')).toMatchObject({ cod: 99, invalid: 'cod' });
    expect(month('07')).toMatchObject({ class: 1, valid: true, count: 3 });
    expect(missingOf(month('07'))).toContain('cod');
  });

  it('are a setting', () => {
    const one = [bare('2026-07-01 08:00', { cod: 10 })];
    expect(run(one, { required_items: ['cod'] }).month('07')).toMatchObject({ class: 1, valid: true });
    expect(run(one, { required_items: [] }).month('07')).toMatchObject({ class: 1, valid: true });
  });
});

describe('a year', () => {
  const months = (count: number, first = 1): Reading[] =>
    Array.from({ length: count }, (_, i) => sample(`2026-${String(first + i).padStart(2, '0')}-15 08:00`, {}));

  it('needs eight months of an item', () => {
    const eight = run([...months(8), bare('2026-03-20 08:00', { cod: 99 })]);
    expect(eight.year()).toMatchObject({ class: 1, valid: true, count: 8 });
    expect(missingOf(eight.year())).toContain('cod');
    expect(run(months(7)).year()).toBeUndefined();
  });

  it('is written when it is over, and not before', () => {
    const shell = createShell(catalog);
    shell.take(...months(12));
    shell.tick('2026-12-31 23:00');
    expect(shell.figure('water_class:year', 'river', '2026-01-01 00:00')).toBeUndefined();
    shell.tick(AFTER);
    expect(shell.figure('water_class:year', 'river', '2026-01-01 00:00')).toMatchObject({ class: 1, count: 12 });
  });

  it('of which memory holds only a part is not made of that part', () => {
    const middle = createMiddle({ catalog, settings: settingsOf(), judge: 'reading', autoSign: false, status: false });
    const readings = [...months(12), sample('2027-07-15 08:00', {})];
    const yearsFrom = (from: string) => {
      const state = createState();
      middle.provide(
        state,
        'water',
        'river',
        at(from),
        readings.filter(({ time }) => time > at(from)),
      );
      return middle.lastFigures(state).filter(({ tags }) => tags?.['period'] === 'year');
    };
    expect(yearsFrom('2025-12-31 23:00')).toMatchObject([{ fields: { class: 1, count: 12 } }]);
    expect(yearsFrom('2026-02-01 00:00')).toEqual([]);
  });

  it('days and months of Beijing time: 00:00 begins the next', () => {
    const { day, month } = run([sample('2026-07-31 23:59', { cod: 25 }), sample('2026-08-01 00:00', {})]);
    expect([day('07-31')!['class'], day('08-01')!['class']]).toEqual([4, 1]);
    expect([month('07')!['class'], month('08')!['class']]).toEqual([4, 1]);
  });
});

describe('late readings', () => {
  it('revise their day, month and year', () => {
    const shell = createShell(catalog, settingsOf({ water: { year_months: 1 } }));
    shell.take(sample('2026-07-01 08:00', {}), sample('2027-02-01 08:00', {}));
    const [late] = shell.take(sample('2026-07-20 08:00', { total_phosphorus: 0.5 }));
    const named = late!.figures.map(({ measurement, tags }) => `${measurement} ${tags?.['period'] ?? ''}`.trim());
    expect(named).toEqual(['water_day', 'water_month', 'water_class day', 'water_class month', 'water_class year']);
    // (0.02 + 0.5) / 2 = 0.26
    for (const [period, start] of Object.entries({ month: '07', year: '01' }))
      expect(shell.figure(`water_class:${period}`, 'river', `2026-${start}-01 00:00`)).toMatchObject({ class: 4 });
  });

  it('an item that is taken away is unset, and so is the class of nothing', () => {
    const shell = createShell(catalog);
    shell.take(bare('2026-07-01 08:00', { cod: 25 }));
    shell.tick('2026-08-01 00:00');
    shell.take(bare('2026-07-01 08:00', {}));
    shell.tick('2026-08-02 00:00');
    expect([...shell.finals.keys()].filter((key) => key.startsWith('water'))).toEqual([]);
  });
});

it('any order of readings gives the same figures, and a crash before each', () => {
  const one = fc.record({
    day: fc.oneof(fc.nat(400), fc.nat(1000)),
    hour: fc.nat(5),
    item: fc.constantFrom(...ALL, 'cod', 'water_temperature'),
    value: fc.integer({ min: 0, max: 120 }).map((n) => n / 10),
  });
  const set = fc.uniqueArray(one, { minLength: 2, maxLength: 30, selector: ({ day, hour }) => `${day} ${hour}` });
  const play = (readings: readonly Reading[], crash: boolean) => {
    const shell = createShell(catalog, settingsOf({ water: { year_months: 1 } }));
    for (const next of readings) {
      if (crash) shell.crash();
      shell.take(next);
    }
    shell.tick('2029-01-01 00:00');
    return Object.fromEntries([...shell.finals].filter(([key]) => key.startsWith('water')).sort());
  };
  const shuffled = set.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
  const START = bare('2026-01-01 00:00', {}).time;
  const toReading = ({ day, hour, item, value }: { day: number; hour: number; item: string; value: number }) => {
    const time = START + day * 24 * HOUR + hour * 4 * HOUR;
    return reading('water', 'river', time, 0, { [item]: Math.min(value, item === 'ph' ? 14 : 12) });
  };
  fc.assert(
    fc.property(shuffled, fc.boolean(), ([all, order], crash) => {
      const inTime = all.map(toReading).sort((a, b) => a.time - b.time);
      expect(play(order.map(toReading), crash)).toEqual(play(inTime, false));
    }),
    { numRuns: 60 },
  );
});
