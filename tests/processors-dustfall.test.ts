// 降尘: points, the month's highest, and when its mean counts.
import { describe, expect, it } from 'vitest';
import { DAY } from '../src/core/time.ts';
import type { Reading } from '../src/core/types.ts';
import { catalogOf, createShell, MONTH, reading, station } from './support/middle.ts';

const JUNE = '2026-06-01 00:00';
const points = ['p1', 'p2', 'p3'].map((id) => station(id, { dustfall: MONTH }));
const closed = station('old', { dustfall: MONTH }, { active: false });
const catalog = catalogOf([...points, closed]);
const june = (id: string, dustfall: number, more: Partial<Reading> = {}): Reading =>
  reading('dustfall', id, '2026-07-01 00:00', 30 * DAY, { dustfall }, more);

describe('a point', () => {
  it('is rounded to 0.1, exact ties to even, whatever the length of the month', () => {
    const shell = createShell(catalog);
    shell.take(june('p1', 9.05), june('p2', 9.15), june('p3', 9.06));
    for (const [id, dustfall] of Object.entries({ p1: 9, p2: 9.2, p3: 9.1 }))
      expect(shell.figure('dustfall_month', id, JUNE)).toEqual({ dustfall, count: 1, valid: true });
  });

  it('with two jars is their mean, and counts once', () => {
    const shell = createShell(catalog);
    const second = reading('dustfall', 'p1', '2026-07-02 09:00', 30 * DAY, { dustfall: 8.2 });
    shell.take(june('p1', 7), second, june('p2', 4));
    shell.tick('2026-07-03 00:00');
    expect(shell.figure('dustfall_month', 'p1', JUNE)).toEqual({ dustfall: 7.6, count: 2, valid: true });
    expect(shell.figure('dustfall_month', 'county', JUNE)).toMatchObject({ max: 7.6, min: 4, mean: 5.8, count: 2 });
  });

  it('whose value is flagged has none', () => {
    const shell = createShell(catalog);
    shell.take(june('p1', 12, { flags: { dustfall: 'M' } }));
    expect(shell.finals.size).toBe(0);
  });
});

describe('the county', () => {
  it('has its highest and lowest at once; its mean is provisional until all points in service reported', () => {
    const shell = createShell(catalog);
    shell.tick('2026-07-01 01:00');
    shell.take(june('p1', 6), june('p2', 9));
    const two = { max: 9, min: 6, mean: 7.5, count: 2, valid: false, invalid: 'mean' };
    expect(shell.figure('dustfall_month', 'county', JUNE)).toEqual(two);
    shell.take(june('p3', 3.3));
    expect(shell.figure('dustfall_month', 'county', JUNE)).toEqual({
      max: 9,
      min: 3.3,
      mean: 6.1,
      count: 3,
      valid: true,
    });
  });

  it('or until the 20th of the next month, 00:00 Beijing time', () => {
    const shell = createShell(catalog);
    shell.take(june('p1', 6));
    shell.tick('2026-07-19 23:59');
    expect(shell.figure('dustfall_month', 'county', JUNE)).toMatchObject({ valid: false, invalid: 'mean' });
    const { figures } = shell.tick('2026-07-20 00:00');
    expect(figures.filter(({ station: id }) => id === 'county')).toHaveLength(1);
    expect(shell.figure('dustfall_month', 'county', JUNE)).toEqual({ max: 6, min: 6, mean: 6, count: 1, valid: true });
    // Written once.
    expect(shell.tick('2026-07-20 01:00').figures).toEqual([]);
  });

  it('a clock that stood still over two 20ths settles both months', () => {
    const shell = createShell(catalog);
    shell.take(june('p1', 6), reading('dustfall', 'p1', '2026-08-01 00:00', 31 * DAY, { dustfall: 7 }));
    shell.tick('2026-07-02 00:00');
    shell.tick('2026-09-05 00:00');
    expect(shell.figure('dustfall_month', 'county', JUNE)).toMatchObject({ mean: 6, valid: true });
    expect(shell.figure('dustfall_month', 'county', '2026-07-01 00:00')).toMatchObject({ mean: 7, valid: true });
  });

  it('a point out of service does not stand in for one that has not reported', () => {
    const shell = createShell(catalog);
    shell.tick('2026-07-01 01:00');
    shell.take(june('p1', 6), june('p2', 6), june('old', 9.3));
    expect(shell.figure('dustfall_month', 'county', JUNE)).toMatchObject({ max: 9.3, count: 3, invalid: 'mean' });
  });

  it('rounds its mean once more, to even', () => {
    const shell = createShell(catalog);
    // (9.0 + 9.0 + 9.1) / 3 = 9.033…
    shell.take(june('p1', 9), june('p2', 9), june('p3', 9.1));
    expect(shell.figure('dustfall_month', 'county', JUNE)).toMatchObject({ max: 9.1, mean: 9 });
    shell.take(june('p3', 8.05));
    // (9 + 9 + 8.0) / 3 = 8.666…
    expect(shell.figure('dustfall_month', 'county', JUNE)).toMatchObject({ max: 9, mean: 8.7 });
  });

  it('is gone when no point is left', () => {
    const shell = createShell(catalog);
    shell.take(june('p1', 12));
    shell.take(june('p1', 12, { flags: { dustfall: 'D' } }));
    expect(shell.finals.size).toBe(0);
  });
});
