// 数据质量: each mark at its edge, what it takes out and what it never does, and that only the day's own readings decide.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../src/core/time.ts';
import type { Reading } from '../src/core/types.ts';
import { QUALITY_RULES } from '../src/processors/quality.ts';
import { at, catalogOf, createShell, PT1H, reading, settingsOf, station } from './support/middle.ts';

const T0 = at('2026-07-20 00:00');
const catalog = catalogOf([station('a', { air: PT1H }, { assessed: true })]);
type Values = Reading['values'];
type Quantity = 'pm25' | 'pm10' | 'tsp' | 'so2' | 'no2' | 'nox' | 'o3' | 'co';

/** Values of the hours from T0 on; undefined: silence. */
const shellOf = (hours: readonly (Values | undefined)[], quality: object = {}, more: Partial<Reading> = {}) => {
  const shell = createShell(catalog, settingsOf({ quality }));
  hours.forEach((values, i) => {
    if (values !== undefined) shell.take(reading('air', 'a', T0 + (i + 1) * HOUR, HOUR, values, more));
  });
  shell.tick(T0 + 5 * DAY);
  return shell;
};
const hourOf = (values: Values, quality?: object) => shellOf([values], quality).figure('air_hour', 'a', T0)!;
const marksOf = (values: Values, quality?: object) => hourOf(values, quality)['marks'];
const dayOf = (quantity: Quantity, values: readonly (number | undefined)[], quality?: object) =>
  shellOf(
    values.map((value) => (value === undefined ? undefined : { [quantity]: value })),
    quality,
  ).figure('air_day', 'a', T0)!;
/** Twenty-four hours that no two neighbours have the same. */
const steady = (low: number): number[] => Array.from({ length: 24 }, (_, i) => low + (i % 3));

describe('negative', () => {
  it.each<[Quantity, number]>([
    ['pm25', 2],
    ['pm10', 2],
    ['tsp', 2],
    ['so2', 3],
    ['no2', 2],
    ['nox', 2],
    ['o3', 2],
    ['co', 0.3],
  ])('%s: %d below zero is drift, more is not', (quantity, drift) => {
    expect(hourOf({ [quantity]: -drift })).toEqual({ [quantity]: -drift, count: 1, valid: true });
    expect(hourOf({ [quantity]: -drift - 0.01 })).toEqual({
      [quantity]: -drift - 0.01,
      marks: `${quantity}=negative`,
      count: 1,
      valid: false,
      invalid: quantity,
    });
  });

  it('by the drift of the settings', () => {
    const names = { drift_pm: 'pm25', drift_so2: 'so2', drift_no2: 'nox', drift_o3: 'o3', drift_co: 'co' };
    for (const [setting, quantity] of Object.entries(names)) {
      const of = (value: number) => marksOf({ [quantity]: value }, { [setting]: 7 });
      expect(of(-7)).toBeUndefined();
      expect(of(-7.01)).toBe(`${quantity}=negative`);
    }
  });

  it('zero is a value', () => {
    expect(hourOf({ pm25: 0, pm10: 0, so2: 0 })).toEqual({ pm25: 0, pm10: 0, so2: 0, count: 1, valid: true });
  });
});

describe('inverted', () => {
  it('PM2.5 above PM10 marks PM10; the same is no inversion', () => {
    expect(marksOf({ pm25: 80, pm10: 80 })).toBeUndefined();
    expect(hourOf({ pm25: 80.1, pm10: 80 })).toEqual({
      pm25: 80.1,
      pm10: 80,
      marks: 'pm10=inverted',
      count: 1,
      valid: true,
    });
    expect(marksOf({ pm25: 80 })).toBeUndefined();
  });
});

describe('flag', () => {
  it('names what a reading of the hour was flagged in, beside what is valid', () => {
    const half = (end: number, values: Values, flags?: Record<string, string>): Reading =>
      reading('air', 'a', T0 + end * MINUTE, 30 * MINUTE, values, flags === undefined ? {} : { flags });
    const shell = createShell(catalog);
    shell.take(half(30, { pm25: 900, so2: 5 }, { pm25: 'D', so2: 'N' }), half(60, { pm25: 20, so2: 7 }));
    expect(shell.figure('air_hour', 'a', T0)).toEqual({
      pm25: 20,
      so2: 6,
      marks: 'pm25=flag',
      count: 2,
      valid: false,
      invalid: 'pm25',
    });
  });
});

describe('stuck', () => {
  const stuck = (from: number, count: number, value: number): number[] =>
    steady(20).map((other, i) => (i >= from && i < from + count ? value : other));

  it('six hours of the very same value, five are not; anywhere in the day', () => {
    for (const from of [0, 7, 18]) {
      expect(dayOf('pm25', stuck(from, 6, 33))['marks']).toBe('pm25=stuck');
      expect(dayOf('pm25', stuck(from, 5, 33))['marks']).toBeUndefined();
    }
    expect(dayOf('pm25', stuck(0, 24, 33))['marks']).toBe('pm25=stuck');
  });

  it('zero never is, one beside it is', () => {
    expect(dayOf('o3', stuck(2, 12, 0))['marks']).toBeUndefined();
    expect(dayOf('o3', stuck(2, 12, 0.1))['marks']).toBe('o3=stuck');
  });

  it('an hour that is missing breaks the run', () => {
    const gap = stuck(4, 11, 33).map((value, i) => (i === 9 ? undefined : value));
    expect(dayOf('pm25', gap)['marks']).toBeUndefined();
  });

  it('only within the day: three hours on either side of midnight are not', () => {
    const days = [...stuck(21, 3, 33), ...stuck(0, 3, 33)];
    const shell = shellOf(days.map((pm25) => ({ pm25 })));
    for (const day of [T0, T0 + DAY]) expect(shell.figure('air_day', 'a', day)).not.toHaveProperty('marks');
  });

  it('by the hours of the settings, and out of the mean where it is excluded', () => {
    const values = stuck(4, 3, 90);
    expect(dayOf('pm25', values, { stuck_hours: 3 })['marks']).toBe('pm25=stuck');
    expect(dayOf('pm25', values, { stuck_hours: 4 })['marks']).toBeUndefined();
    const rest = values.filter((value) => value !== 90);
    const out = dayOf('pm25', values, { stuck_hours: 3, exclude: ['stuck'] });
    expect(out['pm25']).toBeCloseTo(rest.reduce((sum, value) => sum + value, 0) / 21, 8);
    expect(out).toMatchObject({ marks: 'pm25=stuck', count: 24, valid: true });
    // Five are out: 19 hours are left of 20.
    const five = dayOf('pm25', stuck(4, 5, 90), { stuck_hours: 5, exclude: ['stuck'] });
    expect(five).toMatchObject({ valid: false, invalid: 'pm25' });
  });
});

describe('spike', () => {
  const spiked = (quantity: Quantity, base: number, value: number, quality?: object) =>
    dayOf(quantity, Array(24).fill(base).with(10, value), { stuck_hours: 25, ...quality });

  it.each<[Quantity, number, number, string | undefined]>([
    // More than five times the neighbours: 5 · 100 is not.
    ['pm25', 100, 500, undefined],
    ['pm25', 100, 500.1, 'pm25=spike'],
    ['so2', 50, 250, undefined],
    ['so2', 50, 250.1, 'so2=spike'],
    // And by more than so much: 300 of particles, 150 of gases, 5 mg/m³ of CO.
    ['pm10', 20, 320, undefined],
    ['pm10', 20, 320.1, 'pm10=spike'],
    ['no2', 20, 170, undefined],
    ['no2', 20, 170.1, 'no2=spike'],
    ['co', 0.5, 5.5, undefined],
    ['co', 0.5, 5.6, 'co=spike'],
  ])('%s of %d with an hour of %d: %s', (quantity, base, value, marks) => {
    expect(spiked(quantity, base, value)['marks']).toBe(marks);
  });

  it('by its greater neighbour', () => {
    const day = (before: number, after: number) =>
      dayOf('pm25', steady(20).with(9, before).with(10, 900).with(11, after))['marks'];
    expect(day(20, 179)).toBe('pm25=spike');
    expect(day(20, 181)).toBeUndefined();
    expect(day(181, 20)).toBeUndefined();
  });

  it('neither without a neighbour nor across midnight', () => {
    const alone = steady(20).map((value, i) => (i === 10 ? 900 : i === 11 ? undefined : value));
    expect(dayOf('pm25', alone)['marks']).toBeUndefined();
    for (const edge of [0, 23]) {
      const days = [...steady(20), ...steady(20), ...steady(20)].with(24 + edge, 900);
      const shell = shellOf(days.map((pm25) => ({ pm25 })));
      expect(shell.figure('air_day', 'a', T0 + DAY)).not.toHaveProperty('marks');
    }
  });

  it('by the numbers of the settings', () => {
    const settings = { spike_ratio: 2, spike_pm: 10, spike_gas: 20, spike_co: 1 };
    for (const [quantity, base, least] of [
      ['pm25', 15, 30],
      ['pm25', 5, 15],
      ['o3', 5, 25],
      ['co', 0.5, 1.5],
    ] as const) {
      expect(spiked(quantity, base, least, settings)['marks']).toBeUndefined();
      expect(spiked(quantity, base, least + 0.1, settings)['marks']).toBe(`${quantity}=spike`);
    }
  });
});

describe('marking never deletes', () => {
  // Everything at once: drift beyond its limit, an inversion, a stuck run and a spike.
  const wild = steady(30).map((value, i) => ({
    pm25: i >= 6 && i < 13 ? 44 : value,
    pm10: i === 3 ? 20 : i === 15 ? 900 : value + 30,
    so2: i === 20 ? -9 : 8 + (i % 4),
  }));
  const marks = 'pm10=inverted+spike,pm25=stuck,so2=negative';
  const everything = QUALITY_RULES.filter((rule) => rule !== 'flag');

  it.each([[[]], [['negative']], [everything]])('with %j excluded every hour keeps its values', (exclude) => {
    const shell = shellOf(wild, { exclude });
    wild.forEach((values, i) => {
      expect(shell.figure('air_hour', 'a', T0 + i * HOUR)).toMatchObject(values);
    });
    expect(shell.figure('air_day', 'a', T0)).toMatchObject({ marks, count: 24 });
    expect(shell.archive.range('air', 'a', T0, T0 + DAY).map(({ values }) => values)).toEqual(wild);
  });

  it('what is excluded is out of days, AQI and the county; what is not is in', () => {
    const meanOf = (name: 'pm25' | 'pm10' | 'so2', out: readonly number[]) => {
      const kept = wild.filter((_, i) => !out.includes(i)).map((values) => values[name]);
      return kept.reduce((sum, value) => sum + value, 0) / kept.length;
    };
    const stuck = [6, 7, 8, 9, 10, 11, 12];
    for (const [exclude, pm25, pm10, so2] of [
      [[], [], [], []],
      [['negative'], [], [], [20]],
      [['inverted', 'spike'], [], [3, 15], []],
      [everything, stuck, [3, 15], [20]],
    ] as const) {
      const shell = shellOf(wild, { exclude });
      for (const place of ['a', 'county']) {
        const day = shell.figure('air_day', place, T0)!;
        expect(day['pm10']).toBeCloseTo(meanOf('pm10', pm10), 8);
        expect(day['so2']).toBeCloseTo(meanOf('so2', so2), 8);
        // Seven stuck hours leave 17: shown at the station, and no part of the county's.
        if (place === 'a' || pm25.length === 0) expect(day['pm25']).toBeCloseTo(meanOf('pm25', pm25), 8);
        else expect(day).not.toHaveProperty('pm25');
      }
      const inverted = shell.figure('aqi_hour', 'a', T0 + 3 * HOUR)!;
      expect('iaqi_pm10' in inverted).toBe(!(exclude as readonly string[]).includes('inverted'));
      const negative = shell.figure('aqi_hour', 'a', T0 + 20 * HOUR)!;
      expect('iaqi_so2' in negative).toBe(!(exclude as readonly string[]).includes('negative'));
      expect('iaqi_pm25' in shell.figure('aqi_day', 'a', T0)!).toBe(pm25.length === 0);
    }
  });

  it('flags are always out, and no setting', () => {
    expect(() => settingsOf({ quality: { exclude: ['flag'] } })).toThrow();
  });
});

describe('the readings of a day in any order', () => {
  const value = fc.oneof(fc.constantFrom(-4, -2, 0, 33, 900), fc.integer({ min: 0, max: 60 }));
  const hour = fc.record({ pm25: value, pm10: value, so2: value }, { requiredKeys: [] });
  const day = fc.array(hour, { minLength: 30, maxLength: 30 });
  const order = fc.shuffledSubarray(
    Array.from({ length: 30 }, (_, i) => i),
    { minLength: 30 },
  );
  const exclude = fc.subarray(QUALITY_RULES.filter((rule) => rule !== 'flag'));

  it('give the same marks and the same figures, whatever is excluded', () => {
    let marked = 0;
    fc.assert(
      fc.property(day, order, exclude, (values, shuffled, rules) => {
        const readings = values.map((one, i) => reading('air', 'a', T0 + (i + 1) * HOUR, HOUR, one));
        const finalsOf = (chosen: readonly Reading[]) => {
          const shell = createShell(catalog, settingsOf({ quality: { exclude: rules, stuck_hours: 3 } }));
          shell.take(...chosen);
          shell.tick(T0 + 5 * DAY);
          return Object.fromEntries([...shell.finals].sort());
        };
        const inOrder = finalsOf(readings);
        expect(finalsOf(shuffled.map((i) => readings[i]!))).toEqual(inOrder);
        if (Object.values(inOrder).some((fields) => 'marks' in fields)) marked++;
      }),
      { numRuns: 100 },
    );
    expect(marked).toBeGreaterThan(50);
  });
});
