// 达标率: what the hours of an outlet say of its day, and those of an enterprise of its days, months and years.
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, monthName } from '../src/core/time.ts';
import type { Reading } from '../src/core/types.ts';
import { complianceOf, meanOfRows, outcomeOf, type Row } from '../src/processors/compliance-rows.ts';
import { figurePoint } from '../src/store/points.ts';
import { at, catalogOf, createShell, reading } from './support/middle.ts';
import { catalog, DAY_0, fives, LIMITS, outlet, run } from './support/outlets.ts';
import { seeded } from './support/random.ts';

describe('a day', () => {
  const hours = (pairs: readonly (readonly [number, string?])[]): Reading[] =>
    pairs.map(([nox, status], i) =>
      reading('emission', 'hourly', DAY_0 + (i + 1) * HOUR, HOUR, { nox, o2: 8 }, status ? { status } : {}),
    );
  const dayOf = (readings: readonly Reading[]) => run(readings).figure('emission_compliance_day', 'hourly', DAY_0);

  it('has its shares, its means and its hours of each state', () => {
    const row = dayOf(hours([...Array(16).fill([100]), ...Array(4).fill([200]), [0, 'stopped'], [0, 'starting']]));
    expect(row).toEqual({
      // (16 · 100 + 4 · 200) / 20
      converted_nox: 120,
      hours_judged: 20,
      hours_exceeded: 4,
      compliance: 0.8,
      transfer: 0.916666667,
      minutes_running: 1200,
      minutes_stopped: 60,
      minutes_starting: 60,
      count: 22,
      valid: true,
    });
  });

  it('needs 20 valid hours; of a day without any judged hour nothing is known', () => {
    expect(dayOf(hours(Array(19).fill([100])))).toMatchObject({ valid: false, invalid: 'converted_nox' });
    const stood = dayOf(hours(Array(24).fill([100, 'stopped'])));
    expect(stood).toMatchObject({ hours_judged: 0, hours_exceeded: 0, transfer: 1, count: 24 });
    for (const name of ['compliance', 'converted_nox']) expect(stood).not.toHaveProperty(name);
  });

  it('half of the readings of an hour is half an hour transferred', () => {
    const half = run(fives('kiln', 6, { nox: 100, o2: 8 })).figure('emission_compliance_day', 'kiln', DAY_0);
    expect(half!['transfer']).toBeCloseTo(0.5 / 24, 8);
  });
});

describe('rows together', () => {
  const row = (nox: number | undefined, more: object = {}) => ({
    ...(nox === undefined ? {} : { converted_nox: nox }),
    limit_nox: 150,
    ...(nox !== undefined && nox > 150 ? { multiple_nox: nox / 150 - 1 } : {}),
    judged: nox !== undefined,
    ...(nox === undefined ? {} : { exceeded: nox > 150 }),
    received: 12,
    due: 12,
    ...more,
  });

  it('an enterprise’s rate is that of all hours of its outlets', () => {
    const rows = [row(100), row(200), row(120), row(undefined, { received: 6 }), row(140, { received: 13 })];
    expect(complianceOf(rows, 10)).toEqual({ hours: 5, judged: 4, exceeded: 1, compliance: 0.75, transfer: 0.45 });
    const nothing = { hours: 0, judged: 0, exceeded: 0, compliance: undefined };
    expect(complianceOf([], 24)).toEqual({ ...nothing, transfer: 0 });
    expect(complianceOf([], 0)).toEqual({ ...nothing, transfer: undefined });
  });

  it('a mean of months needs its days', () => {
    const days = [
      ...Array(24).fill({ converted_nox: 100 }),
      { converted_nox: 900, invalid: 'converted_pm,converted_nox' },
    ];
    expect(meanOfRows(days, 'nox', 25)).toEqual({ value: 100, valid: false });
    expect(meanOfRows([...days, { converted_nox: 125 }], 'nox', 25)).toEqual({ value: 101, valid: true });
    expect(meanOfRows(days, 'so2', 25)).toBeUndefined();
  });

  it('say of each quantity what is known', () => {
    expect(outcomeOf(row(151), 'nox')).toBe('exceeded');
    expect(outcomeOf(row(150), 'nox')).toBe('within');
    expect(outcomeOf(row(undefined), 'nox')).toBe('absent');
    expect(outcomeOf(row(undefined, { invalid: 'converted_nox' }), 'nox')).toBe('unknown');
    expect(outcomeOf(row(100, { invalid: 'converted_nox' }), 'nox')).toBe('unknown');
    expect(outcomeOf({ converted_nox: 100 }, 'nox')).toBe('absent');
  });
});

it('the series names the outlet, and no station', () => {
  const figure = { measurement: 'emission_compliance', station: 'kiln', start: 0, end: HOUR, fields: { judged: true } };
  const tags = { county: '140430', enterprise: 'works', outlet: 'kiln' };
  expect(figurePoint(figure, catalog).tags).toEqual(tags);
  expect(figurePoint({ ...figure, measurement: 'emission_compliance_day' }, catalog).tags).toEqual(tags);
  const measured = figurePoint({ ...figure, measurement: 'emission_hour' }, catalog).tags;
  expect(measured).toEqual({ county: '140430', station: 'kiln', enterprise: 'works' });
});

// A second computation, from the readings and in whole numbers: concentrations in mg/m³, oxygen in tenths of a percent.
describe('an enterprise of three outlets over the turn of a year', () => {
  const QUARTER = 15 * MINUTE;
  const every15 = { period: QUARTER, interval: QUARTER };
  const OUTLETS = [
    { id: 'kiln', reference: 80, exempt: ['starting', 'stopping', 'stopped'] },
    { id: 'strict', reference: 180, exempt: ['stopped'] },
    { id: 'chimney', reference: undefined, exempt: ['starting', 'stopping', 'stopped'] },
  ] as const;
  const works = catalogOf(
    OUTLETS.map(({ id, reference, exempt }) =>
      outlet(
        id,
        {
          limits: LIMITS,
          exemptStatuses: exempt,
          ...(reference === undefined ? {} : { referenceOxygen: reference / 10 }),
        },
        every15,
      ),
    ),
  );
  const [FIRST, DAYS] = [at('2025-12-28 00:00'), 8];
  const HOURS = Array.from({ length: DAYS * 24 }, (_, i) => FIRST + i * HOUR);

  const random = seeded(11);
  const oneOf = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)]!;
  const rarely = (share: number): boolean => random() < share;
  const STATUSES = ['starting', 'stopping', 'stopped', 'fault', 'calibration'];
  const readingOf = (id: string, time: number): Reading => {
    const o2 = rarely(0.04) ? oneOf([19.4, 19.5, 20.9]) : oneOf([8, 8, 12, 17.9]);
    // 150 is the limit itself.
    const nox = oneOf([150, 150, 150, 90, 90, 60, 130, 151]);
    const values = { nox, ...(rarely(0.5) ? { so2: oneOf([20, 30, 50]) } : {}), ...(rarely(0.03) ? {} : { o2 }) };
    const flags = rarely(0.04) ? { flags: { [oneOf(['nox', 'so2', 'o2'])]: 'D' } } : {};
    const status = rarely(0.08) ? { status: oneOf(STATUSES) } : {};
    return reading('emission', id, time, QUARTER, values, { ...flags, ...status });
  };
  const readings = OUTLETS.flatMap(({ id }) =>
    HOURS.flatMap((start) =>
      rarely(0.05) ? [] : [1, 2, 3, 4].flatMap((n) => (rarely(0.04) ? [] : [readingOf(id, start + n * QUARTER)])),
    ),
  );
  const shell = createShell(works);
  shell.take(...readings);
  shell.tick(FIRST + (DAYS + 3) * DAY);

  const valid = ({ values, flags }: Reading, name: string): number | undefined =>
    flags?.[name] === undefined ? values[name] : undefined;

  /** Numerators and denominators of the converted values of an hour's readings that count. */
  const fractions = (name: string, own: readonly Reading[], { reference, exempt }: (typeof OUTLETS)[number]) =>
    own.flatMap((one): [bigint, bigint][] => {
      const [value, oxygen] = [valid(one, name), valid(one, 'o2')];
      const out = ['fault', 'calibration', ...exempt].includes(one.status ?? 'running');
      if (out || value === undefined) return [];
      if (reference === undefined) return [[BigInt(value), 1n]];
      if (oxygen === undefined || oxygen >= 19.5) return [];
      return [[BigInt(value * (210 - reference)), BigInt(210 - Math.round(oxygen * 10))]];
    });
  const sumOf = (all: readonly [bigint, bigint][]): [bigint, bigint] =>
    all.reduce(([n, d], [m, e]) => [n * e + m * d, d * e], [0n, 1n]);

  const outcome = (name: 'pm' | 'so2' | 'nox', own: readonly Reading[], place: (typeof OUTLETS)[number]) => {
    if (own.every(({ values }) => values[name] === undefined)) return 'absent';
    const parts = fractions(name, own, place);
    if (parts.length < 3) return 'unknown';
    const [n, d] = sumOf(parts);
    return n > BigInt(LIMITS[name] * parts.length) * d ? 'above' : 'within';
  };

  interface Hour {
    readonly place: (typeof OUTLETS)[number];
    readonly start: number;
    readonly own: readonly Reading[];
    readonly judged: boolean;
    readonly exceeded: boolean;
  }
  const hours: Hour[] = OUTLETS.flatMap((place) =>
    HOURS.map((start) => {
      const own = readings.filter((one) => one.station === place.id && one.start >= start && one.time <= start + HOUR);
      const outcomes = (['pm', 'so2', 'nox'] as const).map((name) => outcome(name, own, place));
      const exceeded = outcomes.includes('above');
      return {
        place,
        start,
        own,
        exceeded,
        judged: exceeded || (outcomes.includes('within') && !outcomes.includes('unknown')),
      };
    }),
  );
  const expectedOf = (chosen: readonly Hour[]) => {
    const [judged, exceeded] = (['judged', 'exceeded'] as const).map(
      (what) => chosen.filter((hour) => hour[what]).length,
    );
    return {
      hours: chosen.filter(({ own }) => own.length > 0).length,
      judged,
      exceeded,
      compliance: expect.closeTo((judged! - exceeded!) / judged!, 8),
      transfer: expect.closeTo(chosen.reduce((sum, { own }) => sum + own.length, 0) / 4 / chosen.length, 8),
    };
  };

  const rowsOf = (id: string, from: number, to: number): Row[] =>
    HOURS.filter((start) => start >= from && start < to).flatMap((start): Row[] =>
      [shell.figure('emission_compliance', id, start) ?? []].flat(),
    );

  it('has hours of every kind, and hours that came to exactly 45 minutes', () => {
    expect(hours.filter(({ exceeded }) => exceeded).length).toBeGreaterThan(30);
    expect(hours.filter(({ judged, exceeded }) => judged && !exceeded).length).toBeGreaterThan(30);
    expect(hours.filter(({ own, judged }) => own.length > 0 && !judged).length).toBeGreaterThan(30);
    expect(hours.filter(({ own }) => own.length === 0).length).toBeGreaterThan(10);
    const three = hours.filter(({ own, place }) => fractions('nox', own, place).length === 3);
    expect(three.some(({ judged }) => judged)).toBe(true);
    const atLimit = hours.filter(({ own, place }) => {
      const parts = fractions('nox', own, place);
      const [n, d] = sumOf(parts);
      return parts.length > 2 && n === BigInt(LIMITS.nox * parts.length) * d;
    });
    expect(atLimit.some(({ judged, exceeded }) => judged && !exceeded)).toBe(true);
  });

  it('hour by hour', () => {
    for (const { place, start, own, judged, exceeded } of hours) {
      const row = shell.figure('emission_compliance', place.id, start);
      if (own.length === 0) expect(row).toBeUndefined();
      else expect(row, `${place.id} ${start}`).toMatchObject({ judged, received: own.length, due: 4 });
      expect(row?.['exceeded']).toBe(judged ? exceeded : undefined);
    }
  });

  it('day by day, each outlet with its mean', () => {
    let poor = 0;
    for (const place of OUTLETS)
      for (let day = FIRST; day < FIRST + DAYS * DAY; day += DAY) {
        const own = hours.filter((hour) => hour.place === place && hour.start >= day && hour.start < day + DAY);
        const { hours: count, judged, exceeded, compliance, transfer } = expectedOf(own);
        const means = own.flatMap((hour) => {
          const parts = fractions('nox', hour.own, place);
          const [n, d] = sumOf(parts);
          return parts.length < 3 ? [] : [Number(n) / Number(d) / parts.length];
        });
        const row = shell.figure('emission_compliance_day', place.id, day)!;
        expect(row).toMatchObject({ count, hours_judged: judged, hours_exceeded: exceeded, compliance, transfer });
        expect(row['converted_nox']).toBeCloseTo(means.reduce((sum, value) => sum + value, 0) / means.length, 6);
        expect(String(row['invalid'] ?? '').includes('converted_nox')).toBe(means.length < 20);
        if (means.length < 20) poor++;
      }
    expect(poor).toBeGreaterThan(0);
    expect(poor).toBeLessThan(OUTLETS.length * DAYS);
  });

  it('as a whole by day, month and year', () => {
    const years = (time: number): string => monthName(time).slice(0, 4);
    const days = (time: number): string => String(Math.floor((time - FIRST) / DAY));
    const periods = new Set<string>();
    for (const nameOf of [days, monthName, years])
      for (const [name, chosen] of Map.groupBy(hours, ({ start }) => nameOf(start))) {
        const starts = chosen.map(({ start }) => start);
        const [from, to] = [Math.min(...starts), Math.max(...starts) + HOUR];
        const rows = OUTLETS.flatMap(({ id }) => rowsOf(id, from, to));
        expect(complianceOf(rows, chosen.length), name).toEqual(expectedOf(chosen));
        periods.add(name);
      }
    expect([...periods].filter((name) => name.length > 1)).toEqual(['2025-12', '2026-01', '2025', '2026']);
  });
});
