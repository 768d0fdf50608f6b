// 降尘专项整治 (沁政办发〔2021〕16号, 17): the month's highest above 9 t/(km²·30d).
import { describe, expect, it } from 'vitest';
import { DAY } from '../src/core/time.ts';
import type { Reading, Signal } from '../src/core/types.ts';
import { at, catalogOf, createShell, MONTH, reading, settingsOf, station } from './support/middle.ts';

const catalog = catalogOf(['p1', 'p2'].map((id) => station(id, { dustfall: MONTH })));
const june = (id: string, dustfall: number, more: Partial<Reading> = {}): Reading =>
  reading('dustfall', id, '2026-07-01 00:00', 30 * DAY, { dustfall }, more);
const KIND = 'dustfall-rectification';
/** The assessment of the same month is another signal (thresholds-assessment.test.ts). */
const ofKind = ({ signals }: { signals: readonly Signal[] }): Signal[] => signals.filter(({ kind }) => kind === KIND);

describe('raised', () => {
  it.each([
    [9, false],
    [9.04, false],
    [9.05, false],
    [9.050001, true],
    [9.06, true],
    [9.1, true],
  ])('by %d t/(km²·30d): %s', (dustfall, raised) => {
    const shell = createShell(catalog);
    shell.take(june('p1', dustfall));
    expect(shell.signal(KIND, '2026-06') !== undefined).toBe(raised);
  });

  it('active at once: the document orders it; with the points above it as evidence', () => {
    const shell = createShell(catalog);
    shell.tick('2026-07-01 09:00');
    const [, above] = shell.take(june('p1', 8.9), june('p2', 9.46));
    expect(above!.signals.map(({ kind }) => kind)).toEqual([KIND, 'dustfall-assessment']);
    expect(ofKind(above!)).toEqual([
      {
        id: '140430/dustfall-rectification/2026-06/2026-07-01T01:00:00Z',
        version: 1,
        county: '140430',
        kind: KIND,
        subject: '2026-06',
        level: null,
        state: 'active',
        since: '2026-07-01T01:00:00Z',
        at: '2026-07-01T01:00:00Z',
        title: { zh: '2026-06 降尘专项整治', en: 'Dustfall rectification campaign for 2026-06' },
        basis: { document: '沁政办发〔2021〕16号', clause: '二（五）17' },
        evidence: [
          {
            station: 'p2',
            quantity: 'dustfall',
            value: 9.5,
            unit: 't/(km²·30d)',
            from: '2026-05-31T16:00:00Z',
            to: '2026-06-30T16:00:00Z',
          },
        ],
        lacking: [],
      },
    ]);
  });

  it('months are those of Beijing: a reading that ends at 00:00 of the 1st is the month before', () => {
    const shell = createShell(catalog);
    shell.take(reading('dustfall', 'p1', '2026-01-01 00:00', 31 * DAY, { dustfall: 12 }));
    expect(ofKind(shell).map(({ subject }) => subject)).toEqual(['2025-12']);
  });

  it('by a jar of a month long ago too, and each month has its own', () => {
    const shell = createShell(catalog);
    shell.take(june('p1', 12), reading('dustfall', 'p1', '2026-03-01 00:00', 28 * DAY, { dustfall: 10 }));
    expect(ofKind(shell).map(({ subject, state }) => [subject, state])).toEqual([
      ['2026-06', 'active'],
      ['2026-02', 'active'],
    ]);
  });

  it('by another limit where the settings say so', () => {
    const shell = createShell(catalog, settingsOf({ dustfall: { rectification_above: 7 } }));
    shell.take(june('p1', 7));
    expect(ofKind(shell)).toEqual([]);
    shell.take(june('p2', 7.1));
    expect(ofKind(shell)).toHaveLength(1);
  });
});

describe('afterwards', () => {
  it('a revision down to 9.0 lifts it, one up raises it anew with another id', () => {
    const shell = createShell(catalog);
    shell.take(june('p1', 9.5));
    const [lifted] = shell.take(june('p1', 9.05));
    expect(ofKind(lifted!)).toMatchObject([{ state: 'lifted', version: 2 }]);
    const [again] = shell.take(june('p1', 9.6));
    expect(ofKind(again!)).toMatchObject([{ state: 'active', version: 1 }]);
    expect(new Set(ofKind(shell).map(({ id }) => id)).size).toBe(2);
  });

  it('stays while another point is above', () => {
    const shell = createShell(catalog);
    shell.take(june('p1', 9.5), june('p2', 10));
    expect(ofKind(shell.take(june('p1', 5))[0]!)).toEqual([]);
    expect(ofKind(shell.take(june('p2', 5))[0]!)).toMatchObject([{ state: 'lifted' }]);
  });

  it('stays, and says what it lacks, when nothing valid is left', () => {
    const shell = createShell(catalog);
    shell.take(june('p1', 9.5));
    const [held] = shell.take(june('p1', 9.5, { flags: { dustfall: 'M' } }));
    expect(ofKind(held!)).toMatchObject([
      { state: 'active', version: 2, lacking: [expect.stringContaining('dustfall')] },
    ]);
  });

  it('the clock alone changes nothing', () => {
    const shell = createShell(catalog);
    shell.take(june('p1', 9.5));
    for (let day = 1; day < 60; day++) shell.tick(at('2026-07-01 00:00') + day * DAY);
    expect(ofKind(shell)).toHaveLength(1);
  });
});
