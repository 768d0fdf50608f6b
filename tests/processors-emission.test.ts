// emission_compliance: conversion, what counts, judgement, by numbers worked out by hand.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Settings } from '../src/config/schema.ts';
import { DAY, HOUR, MINUTE } from '../src/core/time.ts';
import type { Reading } from '../src/core/types.ts';
import { at, createShell, reading, settingsOf } from './support/middle.ts';
import { catalog, DAY_0, fives, hourOf, numbers, run } from './support/outlets.ts';

describe('conversion', () => {
  it('C = 100 at 12 % is 144.4 at 8 % and 33.3 at 18 %; without a reference oxygen it stays', () => {
    const of = (id: string) => hourOf(fives(id, 12, { nox: 100, o2: 12 }))!['converted_nox'];
    expect(of('kiln')).toBeCloseTo(1300 / 9, 8);
    expect(of('brick')).toBeCloseTo(300 / 9, 8);
    expect(of('chimney')).toBe(100);
  });

  it('a whole row', () => {
    expect(hourOf(fives('kiln', 12, { nox: 90, so2: 45, o2: 12, flow: 6e4 }, { status: 'running' }))).toEqual({
      // 90 · 13 / 9 = 130 and 45 · 13 / 9 = 65, which is 0.3 above 50
      converted_nox: 130,
      converted_so2: 65,
      limit_pm: 20,
      limit_so2: 50,
      limit_nox: 150,
      multiple_so2: 0.3,
      judged: true,
      exceeded: true,
      minutes_running: 60,
      received: 12,
      due: 12,
    });
  });

  it('each at its own oxygen and then averaged, or the means converted: 135 or 130', () => {
    // Half an hour 100 at 8 % (100), half an hour 85 at 14.5 % (85 · 13 / 6.5 = 170): mean 135.
    // Means: 92.5 at 11.25 %: 92.5 · 13 / 9.75 = 123.333…
    const readings = [
      ...fives('kiln', 6, { nox: 100, o2: 8 }),
      ...fives('kiln', 6, { nox: 85, o2: 14.5 }, { first: 7 }),
    ];
    expect(hourOf(readings)!['converted_nox']).toBe(135);
    const turned = hourOf(readings, settingsOf({ emission: { convert: 'mean' } }));
    expect(turned!['converted_nox']).toBeCloseTo(370 / 3, 8);
  });

  it('readings of different length weigh by their length, either way', () => {
    // 45 min 100 at 8 %, 15 min 60 at 18 % (60 · 13 / 3 = 260): (100 · 3 + 260) / 4 = 140.
    // Means: 90 at 10.5 %: 90 · 13 / 10.5.
    const part = (end: number, length: number, nox: number, o2: number) =>
      reading('emission', 'kiln', DAY_0 + end * MINUTE, length * MINUTE, { nox, o2 });
    const readings = [part(45, 45, 100, 8), part(60, 15, 60, 18)];
    expect(hourOf(readings)).toMatchObject({ converted_nox: 140, judged: true, exceeded: false });
    const turned = hourOf(readings, settingsOf({ emission: { convert: 'mean' } }));
    expect(turned!['converted_nox']).toBeCloseTo(1170 / 10.5, 8);
  });

  it('the setting can change the judgement', () => {
    const readings = [
      ...fives('kiln', 6, { nox: 100, o2: 8 }),
      ...fives('kiln', 6, { nox: 102, o2: 14.5 }, { first: 7 }),
    ];
    // (100 + 204) / 2 = 152; 101 · 13 / 9.75 = 134.666…
    expect(hourOf(readings)).toMatchObject({ converted_nox: 152, exceeded: true });
    expect(hourOf(readings, settingsOf({ emission: { convert: 'mean' } }))).toMatchObject({ exceeded: false });
  });
});

describe('oxygen', () => {
  it('missing with a reference oxygen: unknown, neither zero nor as measured', () => {
    const row = hourOf(fives('kiln', 12, { nox: 1000 }));
    expect(row).toMatchObject({ judged: false, reason: 'no-oxygen', invalid: 'converted_nox' });
    expect(row).not.toHaveProperty('converted_nox');
    expect(row).not.toHaveProperty('exceeded');
  });

  it('flagged is missing; nine that have it are enough, eight are not', () => {
    const of = (count: number) =>
      hourOf([
        ...fives('kiln', count, { nox: 90, o2: 12 }),
        ...fives('kiln', 12 - count, { nox: 9000, o2: 20 }, { first: count + 1, flags: { o2: 'D' } }),
      ]);
    expect(of(9)).toMatchObject({ converted_nox: 130, judged: true, exceeded: false });
    expect(of(8)).toMatchObject({ converted_nox: 130, judged: false, reason: 'no-oxygen', invalid: 'converted_nox' });
  });

  it('missing without a reference oxygen does not matter', () => {
    expect(hourOf(fives('chimney', 12, { nox: 151 }))).toMatchObject({ converted_nox: 151, exceeded: true });
  });

  it('near that of air the plant stands, and nothing is judged, whatever its status says', () => {
    for (const status of [undefined, 'running']) {
      const row = hourOf(fives('kiln', 12, { nox: 300, o2: 20.9 }, status === undefined ? {} : { status }));
      expect(row).toMatchObject({ judged: false, reason: 'stopped', minutes_stopped: 60 });
      expect(row).not.toHaveProperty('converted_nox');
    }
    // Air drawn by a hood is no sign that a plant without conversion stands.
    expect(hourOf(fives('chimney', 12, { nox: 151, o2: 20.9 }))).toMatchObject({ judged: true, exceeded: true });
  });

  it('19.5 % stands, 19.4 % does not; a setting', () => {
    const of = (o2: number, settings?: Settings) => hourOf(fives('kiln', 12, { nox: 100, o2 }), settings);
    expect(of(19.5)).toMatchObject({ judged: false, reason: 'stopped' });
    expect(of(19.4)).toMatchObject({ judged: true, exceeded: true, converted_nox: 812.5 });
    expect(of(19.5, settingsOf({ emission: { oxygen_stopped: 20 } }))).toMatchObject({ judged: true });
    expect(of(21, settingsOf({ emission: { oxygen_stopped: 20.99 } }))).toMatchObject({ reason: 'stopped' });
    expect(() => settingsOf({ emission: { oxygen_stopped: 21 } })).toThrow();
  });

  it('moments at the oxygen of air are left out of either mean', () => {
    const readings = [
      ...fives('kiln', 9, { nox: 90, o2: 12 }),
      ...fives('kiln', 3, { nox: 5, o2: 20.9 }, { first: 10 }),
    ];
    const expected = { converted_nox: 130, judged: true, minutes_running: 45, minutes_stopped: 15 };
    for (const convert of ['reading', 'mean'])
      expect(hourOf(readings, settingsOf({ emission: { convert } }))).toMatchObject(expected);
  });
});

describe('the limit', () => {
  it.each([
    [149.999999, false],
    [150, false],
    [150.000001, true],
  ])('%d mg/m³ of 150: %s', (nox, exceeded) => {
    expect(hourOf(fives('chimney', 12, { nox }))).toMatchObject({ judged: true, exceeded });
  });

  it('exactly at it after conversion too', () => {
    // 150 · (21 − o2) / 13 converts back to 150, whatever binary fractions are in between.
    for (const o2 of [3.1, 9.7, 11.3, 12.6, 17.9]) {
      const row = hourOf(fives('kiln', 12, { nox: (150 * (21 - o2)) / 13, o2 }));
      expect(row).toMatchObject({ converted_nox: 150, exceeded: false });
      expect(row).not.toHaveProperty('multiple_nox');
    }
  });

  it('an outlet without limits has converted values and is not judged', () => {
    const row = hourOf(fives('free', 12, { nox: 90, o2: 12 }));
    expect(row).toEqual({
      converted_nox: 130,
      judged: false,
      reason: 'no-limits',
      minutes_running: 60,
      received: 12,
      due: 12,
    });
  });

  it('one quantity above is certain; that none is, only when all that is measured is known', () => {
    const flagged = { flags: { pm: 'D' } };
    const of = (nox: number) => hourOf(fives('chimney', 12, { nox, pm: 1 }, flagged));
    expect(of(151)).toMatchObject({ judged: true, exceeded: true, invalid: 'converted_pm' });
    expect(of(149)).toMatchObject({ judged: false, reason: 'too-few-minutes', invalid: 'converted_pm' });
    expect(of(149)).not.toHaveProperty('exceeded');
    // Not measured at all is no obstacle.
    expect(hourOf(fives('chimney', 12, { nox: 149 }))).toMatchObject({ judged: true, exceeded: false });
  });
});

describe('minutes', () => {
  const minutely = (count: number): Reading[] =>
    numbers(count).map((n) => reading('emission', 'minute', DAY_0 + n * MINUTE, MINUTE, { nox: 200, o2: 8 }));

  it('45 make an hour, 44 do not', () => {
    expect(hourOf(minutely(45))).toMatchObject({ judged: true, exceeded: true, received: 45, due: 60 });
    const poor = hourOf(minutely(44));
    expect(poor).toMatchObject({ converted_nox: 200, invalid: 'converted_nox', judged: false });
    expect(poor).toMatchObject({ reason: 'too-few-minutes', received: 44, minutes_running: 44 });
    expect(poor).not.toHaveProperty('multiple_nox');
  });

  it('of instants too', () => {
    const spots = (count: number) =>
      numbers(count).map((n) => reading('emission', 'spot', DAY_0 + (n - 1) * 5 * MINUTE, 0, { nox: 200 }));
    expect(hourOf(spots(9))).toMatchObject({ judged: true, minutes_running: 45 });
    expect(hourOf(spots(8))).toMatchObject({ judged: false, minutes_running: 40 });
  });

  it('and of whole hours', () => {
    const hour = reading('emission', 'hourly', DAY_0 + HOUR, HOUR, { nox: 90, o2: 12 });
    expect(hourOf([hour])).toMatchObject({ converted_nox: 130, judged: true, received: 1, due: 1 });
  });
});

describe('states', () => {
  const high = { nox: 900, o2: 8 };
  const low = { nox: 100, o2: 8 };

  it.each(['starting', 'stopping', 'stopped', 'fault', 'calibration'])('%s counts for nothing', (status) => {
    const mixed = (count: number) => [
      ...fives('kiln', count, low, { status: 'running' }),
      ...fives('kiln', 12 - count, high, { status, first: count + 1 }),
    ];
    expect(hourOf(mixed(9))).toMatchObject({
      converted_nox: 100,
      judged: true,
      exceeded: false,
      minutes_running: 45,
      [`minutes_${status}`]: 15,
    });
    const reason = status === 'stopped' ? 'stopped' : 'marked';
    expect(hourOf(mixed(8))).toMatchObject({ converted_nox: 100, judged: false, reason });
    expect(hourOf(mixed(0))).toEqual({
      limit_pm: 20,
      limit_so2: 50,
      limit_nox: 150,
      judged: false,
      reason,
      [`minutes_${status}`]: 60,
      received: 12,
      due: 12,
      invalid: 'converted_nox',
    });
  });

  it('each state has its minutes; the reason is what took most', () => {
    const row = hourOf([
      ...fives('kiln', 2, high, { status: 'stopped' }),
      ...fives('kiln', 4, high, { status: 'starting', first: 3 }),
      ...fives('kiln', 1, high, { status: 'calibration', first: 7 }),
      ...fives('kiln', 4, low, { first: 8 }),
    ]);
    expect(row).toMatchObject({
      minutes_stopped: 10,
      minutes_starting: 20,
      minutes_calibration: 5,
      minutes_running: 20,
      reason: 'marked',
      received: 11,
    });
    for (const name of ['minutes_fault', 'minutes_stopping']) expect(row).not.toHaveProperty(name);
  });

  it('a quantity that the outlet is to measure and of which nothing comes is unknown, not within', () => {
    expect(hourOf(fives('watched', 12, { so2: 10, nox: 20 }))).toMatchObject({ judged: true, exceeded: false });
    const half = hourOf(fives('watched', 12, { so2: 10 }));
    expect(half).toMatchObject({ judged: false, reason: 'too-few-minutes', invalid: 'converted_nox' });
    expect(hourOf(fives('watched', 12, { so2: 51 }))).toMatchObject({ judged: true, exceeded: true });
  });

  it('a state that took no more than there is to spare is not the reason', () => {
    const row = hourOf([...fives('kiln', 8, low), ...fives('kiln', 3, low, { status: 'fault', first: 9 })]);
    expect(row).toMatchObject({ judged: false, reason: 'too-few-minutes', minutes_fault: 15 });
  });

  it('where the marking rules do not hold, starting and stopping are judged', () => {
    // The rules bind four trades; for others a local decision is a setting or the catalog's.
    const starting = fives('brick', 12, high, { status: 'starting' });
    expect(hourOf(starting)).toMatchObject({ judged: true, exceeded: true, minutes_starting: 60 });
    const settings = settingsOf({ emission: { exempt_statuses: ['starting', 'stopped'] } });
    expect(hourOf(starting, settings)).toMatchObject({ judged: false, reason: 'marked' });
    // The catalog's decision for an outlet goes before the setting.
    const strict = (status: string) => hourOf(fives('strict', 12, high, { status }));
    expect(strict('starting')).toMatchObject({ judged: true, exceeded: true });
    expect(strict('stopped')).toMatchObject({ judged: false, reason: 'stopped' });
    // Fault and calibration are no data under any rule.
    expect(strict('fault')).toMatchObject({ judged: false, reason: 'marked' });
    expect(() => settingsOf({ emission: { exempt_statuses: ['fault'] } })).toThrow();
  });

  it('nor did they before 2023', () => {
    const old = (status: string) => {
      const readings = fives('kiln', 12, high, { status }).map((one) => {
        const earlier = at('2022-12-31 23:00') - DAY_0;
        return { ...one, time: one.time + earlier, start: one.start + earlier };
      });
      return run(readings).figure('emission_compliance', 'kiln', '2022-12-31 23:00');
    };
    expect(old('starting')).toMatchObject({ judged: true, exceeded: true });
    expect(old('stopped')).toMatchObject({ judged: false, reason: 'stopped' });
  });
});

describe('late', () => {
  it('readings make a row again, and its day', () => {
    const shell = createShell(catalog);
    shell.take(...fives('kiln', 8, { nox: 200, o2: 8 }), ...fives('kiln', 12, { nox: 100, o2: 8 }, { first: 13 }));
    shell.tick(DAY_0 + 2 * DAY);
    expect(shell.figure('emission_compliance', 'kiln', DAY_0)).toMatchObject({ judged: false, received: 8 });
    expect(shell.figure('emission_compliance_day', 'kiln', DAY_0)).toMatchObject({ hours_judged: 1, compliance: 1 });
    shell.take(...fives('kiln', 1, { nox: 200, o2: 8 }, { first: 9 }));
    const row = shell.figure('emission_compliance', 'kiln', DAY_0);
    expect(row).toMatchObject({ judged: true, exceeded: true, received: 9 });
    expect(row).not.toHaveProperty('reason');
    // The station itself has not passed the day's end: the next tick writes it again.
    shell.tick(DAY_0 + 2 * DAY + MINUTE);
    expect(shell.figure('emission_compliance_day', 'kiln', DAY_0)).toMatchObject({ hours_judged: 2, compliance: 0.5 });
    // A revision takes it back.
    shell.take(...fives('kiln', 12, { nox: 30, o2: 8 }));
    expect(shell.figure('emission_compliance', 'kiln', DAY_0)).toMatchObject({ exceeded: false, converted_nox: 30 });
    expect(shell.figure('emission_compliance', 'kiln', DAY_0)).not.toHaveProperty('multiple_nox');
  });

  it('readings in any order give the same rows', () => {
    const states = fc.constantFrom(undefined, 'running', 'starting', 'stopped', 'fault');
    const one = fc.record({
      nox: fc.integer({ min: 50, max: 250 }),
      o2: fc.constantFrom(8, 12, 18, 20.9),
      status: states,
    });
    const three = fc.array(one, { minLength: 36, maxLength: 36 });
    const readingsOf = (values: readonly { nox: number; o2: number; status: string | undefined }[]) =>
      values.flatMap(({ nox, o2, status }, i) =>
        fives('kiln', 1, { nox, o2 }, { first: i + 1, ...(status === undefined ? {} : { status }) }),
      );
    const orders = fc.shuffledSubarray(numbers(36), { minLength: 36 });
    fc.assert(
      fc.property(three, orders, (values, order) => {
        const readings = readingsOf(values);
        const shuffled = order.map((n) => readings[n - 1]!);
        expect(run(shuffled).finals).toEqual(run(readings).finals);
      }),
      { numRuns: 30 },
    );
  });
});
