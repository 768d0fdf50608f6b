// AQI, marks of quality and the county's means, from readings to series.
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../src/core/time.ts';
import type { Reading } from '../src/core/types.ts';
import { at, catalogOf, createShell, PT1H, reading, settingsOf, station } from './support/middle.ts';

const T0 = at('2026-07-20 00:00');
const OLD = at('2026-02-20 00:00');

/** Readings of the hours from `from` on, the first ending an hour later. */
const hours = (id: string, from: number, values: readonly Reading['values'][]): Reading[] =>
  values.map((one, i) => reading('air', id, from + (i + 1) * HOUR, HOUR, one));

const ALL = { pm25: 60, pm10: 120, so2: 10, no2: 40, co: 1, o3: 100 };
const oneStation = () => createShell(catalogOf([station('a', { air: PT1H })]));

describe('AQI of an hour', () => {
  it('by HJ 633-2026 for data from 2026-03-01: PM2.5 60 and PM10 120 are both 100', () => {
    const shell = oneStation();
    shell.take(...hours('a', T0, [ALL]));
    expect(shell.figure('aqi_hour', 'a', T0)).toEqual({
      aqi: 100,
      level: 2,
      primary: 'PM10;PM2.5',
      standard: 'HJ 633-2026',
      iaqi_pm25: 100,
      iaqi_pm10: 100,
      iaqi_so2: 4, // 10 / 150 · 50 = 3.3
      iaqi_no2: 20,
      iaqi_co: 10,
      iaqi_o3: 32, // 100 / 160 · 50 = 31.25
    });
  });

  it('by HJ 633-2012 before: PM2.5 60 is 82, PM10 120 is 85', () => {
    const shell = oneStation();
    shell.take(...hours('a', OLD, [ALL]));
    const figure = shell.figure('aqi_hour', 'a', OLD);
    // (60 − 35) / 40 · 50 + 50 = 81.25; (120 − 50) / 100 · 50 + 50 = 85
    expect(figure).toMatchObject({ standard: 'HJ 633-2012', aqi: 85, primary: 'PM10', iaqi_pm25: 82 });
  });

  it('the edition is that of the start: the hour that ends at 2026-03-01 00:00 is the old one', () => {
    const shell = oneStation();
    const midnight = at('2026-03-01 00:00');
    shell.take(...hours('a', midnight - HOUR, [ALL, ALL]));
    expect(shell.figure('aqi_hour', 'a', midnight - HOUR)?.['standard']).toBe('HJ 633-2012');
    expect(shell.figure('aqi_hour', 'a', midnight)?.['standard']).toBe('HJ 633-2026');
  });

  it('with an item missing has indices and no AQI of 100 or less; one that the plan does not have is not missing', () => {
    const { so2: _, ...some } = ALL;
    const plain = oneStation();
    plain.take(...hours('a', T0, [some]));
    expect(plain.figure('aqi_hour', 'a', T0)).toMatchObject({ iaqi_pm25: 100 });
    expect(plain.figure('aqi_hour', 'a', T0)).not.toHaveProperty('aqi');
    const planned = createShell(catalogOf([station('a', { air: PT1H }, { notMonitored: ['so2'] })]));
    planned.take(...hours('a', T0, [some]));
    expect(planned.figure('aqi_hour', 'a', T0)).toMatchObject({ aqi: 100, primary: 'PM10;PM2.5' });
  });

  it('takes no value that is below its minimum of data', () => {
    const shell = oneStation();
    shell.take(...hours('a', T0, [{ pm25: 200 }]));
    shell.take(reading('air', 'a', T0 + HOUR + 30 * MINUTE, 30 * MINUTE, ALL));
    shell.tick(T0 + 2 * HOUR);
    expect(shell.figure('air_hour', 'a', T0 + HOUR)).toMatchObject({ pm25: 60, valid: false });
    expect(shell.figure('aqi_hour', 'a', T0 + HOUR)).toBeUndefined();
  });
});

describe('marks of quality', () => {
  const hourOf = (values: Reading['values'], settings = {}) => {
    const shell = createShell(catalogOf([station('a', { air: PT1H })]), settingsOf(settings));
    shell.take(...hours('a', T0, [values]));
    return shell;
  };

  it('negative within the drift is used, as 0 in the AQI; beyond it is shown and not used', () => {
    const drift = hourOf({ ...ALL, so2: -3 });
    expect(drift.figure('air_hour', 'a', T0)).toMatchObject({ so2: -3, valid: true });
    expect(drift.figure('air_hour', 'a', T0)).not.toHaveProperty('marks');
    expect(drift.figure('aqi_hour', 'a', T0)).toMatchObject({ aqi: 100, iaqi_so2: 0 });
    const beyond = hourOf({ ...ALL, so2: -3.1 });
    expect(beyond.figure('air_hour', 'a', T0)).toMatchObject({ so2: -3.1, marks: 'so2=negative', invalid: 'so2' });
    expect(beyond.figure('aqi_hour', 'a', T0)).not.toHaveProperty('iaqi_so2');
  });

  it('PM2.5 above PM10 marks PM10, and takes it out where the setting says so', () => {
    const marked = hourOf({ ...ALL, pm25: 121 });
    expect(marked.figure('air_hour', 'a', T0)).toMatchObject({ marks: 'pm10=inverted', valid: true });
    expect(marked.figure('aqi_hour', 'a', T0)).toMatchObject({ iaqi_pm10: 100 });
    const out = hourOf({ ...ALL, pm25: 121 }, { quality: { exclude: ['inverted'] } });
    expect(out.figure('air_hour', 'a', T0)).toMatchObject({ pm10: 120, marks: 'pm10=inverted', invalid: 'pm10' });
    expect(out.figure('aqi_hour', 'a', T0)).not.toHaveProperty('iaqi_pm10');
  });

  const dayOf = (pm25: readonly number[], settings = {}) => {
    const shell = createShell(catalogOf([station('a', { air: PT1H })]), settingsOf(settings));
    shell.take(
      ...hours(
        'a',
        T0,
        pm25.map((value) => ({ pm25: value })),
      ),
    );
    return shell.figure('air_day', 'a', T0);
  };
  const steady = Array.from({ length: 24 }, (_, i) => 20 + (i % 3));

  it('six equal hours are stuck, five are not, and zero never is', () => {
    expect(dayOf(steady)).not.toHaveProperty('marks');
    expect(dayOf(steady.with(5, 7).map((value, i) => (i > 5 && i < 11 ? 7 : value)))).toMatchObject({
      marks: 'pm25=stuck',
    });
    expect(dayOf(steady.map((value, i) => (i > 5 && i < 11 ? 7 : value)))).not.toHaveProperty('marks');
    expect(dayOf(steady.map((value, i) => (i < 12 ? 0 : value)))).not.toHaveProperty('marks');
  });

  it('a spike stands above both neighbours; out of the mean only where the setting says so', () => {
    const spiked = steady.with(10, 900);
    const rest = steady.reduce((sum, value) => sum + value, 0) - steady[10]!;
    expect(dayOf(spiked)).toMatchObject({ marks: 'pm25=spike', pm25: Math.round(((rest + 900) / 24) * 1e9) / 1e9 });
    const without = dayOf(spiked, { quality: { exclude: ['spike'] } });
    expect(without?.['pm25']).toBeCloseTo(rest / 23, 6);
    // A day of dust rises and stays.
    expect(dayOf(steady.map((value, i) => (i > 9 ? value + 880 : value)))).not.toHaveProperty('marks');
  });

  it('a flagged reading of an hour that has others is named', () => {
    const shell = createShell(catalogOf([station('a', { air: { period: 30 * MINUTE, interval: 30 * MINUTE } })]));
    shell.take(reading('air', 'a', T0 + 30 * MINUTE, 30 * MINUTE, { pm25: 5 }, { flags: { pm25: 'D' } }));
    shell.take(reading('air', 'a', T0 + HOUR, 30 * MINUTE, { pm25: 7 }));
    expect(shell.figure('air_hour', 'a', T0)).toMatchObject({ pm25: 7, marks: 'pm25=flag', valid: false });
  });
});

describe("the county's figures", () => {
  const four = ['a', 'b', 'c', 'd'].map((id) => station(id, { air: PT1H }, { assessed: true }));
  const catalog = catalogOf([...four, station('township', { air: PT1H })]);
  const values = (pm25: number) => ({ ...ALL, pm25, pm10: 150 });

  it('are means of the assessed stations, written at the tick after the period', () => {
    const shell = createShell(catalog);
    shell.take(...['a', 'b', 'c', 'd'].flatMap((id, i) => hours(id, T0, [values(20 + i * 20)])));
    shell.take(...hours('township', T0, [values(500)]));
    expect(shell.figure('air_hour', 'county', T0)).toBeUndefined();
    shell.tick(T0 + HOUR);
    // (20 + 40 + 60 + 80) / 4 = 50 µg/m³: (50 − 35) / 25 · 50 + 50 = 80; PM10 150: (150 − 120) / 130 · 50 + 100 = 111.5
    expect(shell.figure('air_hour', 'county', T0)).toMatchObject({ pm25: 50, count: 4, valid: true });
    expect(shell.figure('aqi_hour', 'county', T0)).toMatchObject({ iaqi_pm25: 80, aqi: 112, primary: 'PM10' });
  });

  it('need three of four stations; a late one completes them at the next tick', () => {
    const shell = createShell(catalog);
    shell.take(...hours('a', T0, [values(20)]), ...hours('b', T0, [values(40)]));
    shell.tick(T0 + HOUR);
    expect(shell.figure('air_hour', 'county', T0)).toMatchObject({ pm25: 30, count: 2, valid: false });
    expect(shell.figure('aqi_hour', 'county', T0)).toBeUndefined();
    shell.take(...hours('c', T0, [values(60)]));
    shell.tick(T0 + HOUR + MINUTE);
    expect(shell.figure('air_hour', 'county', T0)).toMatchObject({ pm25: 40, count: 3, valid: true });
    expect(shell.figure('aqi_hour', 'county', T0)).toMatchObject({ iaqi_pm25: 60 });
  });

  it('need half of three stations', () => {
    const shell = createShell(catalogOf(four.slice(0, 3)));
    shell.take(...hours('a', T0, [values(20)]));
    shell.tick(T0 + HOUR);
    expect(shell.figure('air_hour', 'county', T0)).toMatchObject({ valid: false });
    shell.take(...hours('b', T0, [values(40)]));
    shell.tick(T0 + HOUR + MINUTE);
    expect(shell.figure('air_hour', 'county', T0)).toMatchObject({ pm25: 30, valid: true });
  });

  it('a revision that takes a quantity away unsets it', () => {
    const shell = createShell(catalogOf(four.slice(0, 1)));
    const [first] = hours('a', T0, [ALL]);
    shell.take(first!);
    shell.tick(T0 + HOUR);
    expect(shell.figure('aqi_hour', 'county', T0)).toMatchObject({ aqi: 100 });
    shell.take({ ...first!, values: { pm25: 60 } });
    shell.tick(T0 + HOUR + MINUTE);
    expect(shell.figure('air_hour', 'county', T0)).toEqual({ pm25: 60, count: 1, valid: true });
    expect(shell.figure('aqi_hour', 'county', T0)).toEqual({ iaqi_pm25: 100, standard: 'HJ 633-2026' });
  });

  it('of a day half a year ago are revised too, from what every station sent then, also after a crash', () => {
    const days = (id: string, value: number) =>
      hours(
        id,
        OLD,
        Array.from({ length: 24 }, () => values(value)),
      );
    const late = reading('air', 'd', OLD + 12 * HOUR, HOUR, values(164));
    const shell = createShell(catalog);
    shell.take(...['a', 'b', 'c'].flatMap((id, i) => days(id, 20 + i * 20)));
    shell.take(...days('d', 80).filter(({ time }) => time !== late.time));
    shell.tick(OLD + 2 * DAY);
    for (const id of ['a', 'b', 'c', 'd']) shell.take(...hours(id, T0, [values(10)]));
    shell.tick(T0 + HOUR);
    shell.take(late);
    shell.crash();
    shell.tick(T0 + 2 * HOUR);
    expect(shell.asked.filter(({ into }) => into === 'loan').length).toBeGreaterThan(3);
    // d: (23 · 80 + 164) / 24 = 83.5; (20 + 40 + 60 + 83.5) / 4
    expect(shell.figure('air_day', 'county', OLD)).toMatchObject({ pm25: 50.875, count: 4, valid: true });
    expect(shell.figure('air_hour', 'county', OLD + 11 * HOUR)).toMatchObject({ pm25: 71 });
  });
});
