// station-silent: nothing valid for three periods, at least 15 minutes.
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../src/core/time.ts';
import type { Reading } from '../src/core/types.ts';
import { createMiddle, createState } from '../src/middle.ts';
import {
  at,
  catalogOf,
  createShell,
  everyInstant,
  PT1H,
  PT5M,
  reading,
  type Shell,
  settingsOf,
  station,
} from './support/middle.ts';

const T0 = at('2026-07-20 08:00');
const minute = everyInstant(MINUTE);
const of = (id: string, time: number, more: Partial<Reading> = {}): Reading =>
  reading('air', id, time, 0, { pm25: 1 }, more);
const statesOf = (shell: Shell, id: string): string[] =>
  shell.signals.filter(({ subject }) => subject === id).map(({ state }) => state);

describe('raised', () => {
  it.each([
    ['every 5 minutes', PT5M, 15],
    ['every minute: at least 15 minutes', minute, 15],
    ['every 20 minutes', everyInstant(20 * MINUTE), 60],
    ['every hour', PT1H, 180],
    ['every 4 hours', everyInstant(4 * HOUR), 720],
  ])('%s after %j: %d min', (_, schedule, wait) => {
    const shell = createShell(catalogOf([station('a', { air: schedule })]));
    shell.tick(T0);
    shell.take(of('a', T0));
    shell.tick(T0 + (wait - 1) * MINUTE);
    expect(shell.signals).toEqual([]);
    shell.tick(T0 + wait * MINUTE);
    expect(shell.signals).toMatchObject([
      {
        kind: 'station-silent',
        subject: 'a',
        state: 'active',
        level: null,
        evidence: [{ station: 'a', quantity: 'silence', value: wait, unit: 'min' }],
      },
    ]);
  });

  it('by its most frequent feed', () => {
    const shell = createShell(catalogOf([station('a', { air: PT5M, weather: PT1H })]));
    shell.take(of('a', T0));
    shell.tick(T0 + 15 * MINUTE);
    expect(statesOf(shell, 'a')).toEqual(['active']);
  });

  it('for a station never heard of since the clock began, and for none that is out of service', () => {
    const shell = createShell(catalogOf([station('a', { air: PT5M }), station('b', { air: PT5M }, { active: false })]));
    shell.tick(T0);
    shell.tick(T0 + 14 * MINUTE);
    expect(shell.signals).toEqual([]);
    shell.tick(T0 + 15 * MINUTE);
    expect(shell.signals.map(({ subject }) => subject)).toEqual(['a']);
  });

  it('by readings that hold nothing valid', () => {
    const shell = createShell(catalogOf([station('a', { emission: PT5M })]));
    const stack = (n: number, more: Partial<Reading>): Reading =>
      reading('emission', 'a', T0 + n * 5 * MINUTE, 5 * MINUTE, { so2: 1 }, more);
    shell.take(stack(0, {}));
    shell.take(stack(1, { flags: { so2: 'D' } }), stack(2, { status: 'fault' }), stack(3, { values: {} }));
    shell.tick(T0 + 15 * MINUTE);
    expect(statesOf(shell, 'a')).toEqual(['active']);
    shell.take(stack(4, { status: 'calibration' }));
    shell.tick(T0 + 20 * MINUTE);
    expect(statesOf(shell, 'a')).toEqual(['active']);
    shell.take(stack(5, { status: 'stopped' }));
    expect(statesOf(shell, 'a')).toEqual(['active', 'lifted']);
  });

  it('by a revision that takes the last valid reading away', () => {
    const shell = createShell(catalogOf([station('a', { air: PT5M })]));
    shell.take(of('a', T0), of('a', T0 + 10 * MINUTE));
    shell.tick(T0 + 15 * MINUTE);
    expect(shell.signals).toEqual([]);
    shell.take(of('a', T0 + 10 * MINUTE, { flags: { pm25: 'M' } }));
    shell.tick(T0 + 16 * MINUTE);
    expect(statesOf(shell, 'a')).toEqual(['active']);
  });
});

it('a crash does not change since when a station is silent', () => {
  const run = (upset: (shell: Shell) => void) => {
    const shell = createShell(catalogOf([station('a', { air: PT5M })]));
    const invalid = (days: number): Reading => of('a', T0 + days * DAY, { flags: { pm25: 'D' } });
    shell.tick(T0 - HOUR);
    // The valid one comes late, and is then three days behind: memory may hold it still, and need not.
    shell.take(invalid(2.4), of('a', T0), invalid(3.1));
    upset(shell);
    shell.tick(T0 + 3.1 * DAY);
    return shell.signals;
  };
  const undisturbed = run(() => {});
  expect(undisturbed).toMatchObject([{ state: 'active', evidence: [{ value: 3.1 * 24 * 60 + 60 }] }]);
  expect(run((shell) => shell.crash())).toEqual(undisturbed);
});

describe('not raised', () => {
  const silent = (): Shell => {
    const shell = createShell(catalogOf([station('a', { air: PT5M })]));
    shell.take(of('a', T0));
    return shell;
  };

  it('while a backlog is read', () => {
    const shell = silent();
    for (let n = 1; n < 100; n++) shell.tick(T0 + n * HOUR, { settled: false });
    expect(shell.signals).toEqual([]);
    shell.tick(T0 + 100 * HOUR);
    expect(statesOf(shell, 'a')).toEqual(['active']);
  });

  it('before we have listened for one of its intervals ourselves', () => {
    const shell = silent();
    const listeningSince = T0 + DAY;
    shell.tick(T0 + DAY, { listeningSince });
    shell.tick(T0 + DAY + 4 * MINUTE, { listeningSince });
    expect(shell.signals).toEqual([]);
    shell.tick(T0 + DAY + 5 * MINUTE, { listeningSince });
    expect(statesOf(shell, 'a')).toEqual(['active']);
  });

  it('but raised although our link breaks every 14 minutes', () => {
    const shell = silent();
    for (let n = 0; n < 10; n++)
      shell.tick(T0 + n * 14 * MINUTE + 10 * MINUTE, { listeningSince: T0 + n * 14 * MINUTE });
    expect(statesOf(shell, 'a')).toEqual(['active']);
  });

  it('and not lifted by our own outage', () => {
    const shell = silent();
    shell.tick(T0 + HOUR);
    shell.tick(T0 + DAY, { settled: false, listeningSince: T0 + DAY });
    shell.tick(T0 + DAY + MINUTE, { listeningSince: T0 + DAY });
    expect(statesOf(shell, 'a')).toEqual(['active']);
  });
});

describe('lifted', () => {
  const silent = (): Shell => {
    const shell = createShell(catalogOf([station('a', { air: PT5M })]));
    shell.take(of('a', T0));
    shell.tick(T0 + HOUR);
    return shell;
  };

  it('by a valid reading, at once', () => {
    const shell = silent();
    shell.take(of('a', T0 + HOUR));
    expect(shell.signal('station-silent', 'a')).toMatchObject({ state: 'lifted', version: 2, lacking: [] });
  });

  it('not by one that is itself too old', () => {
    const shell = silent();
    shell.take(of('a', T0 + 40 * MINUTE));
    expect(statesOf(shell, 'a')).toEqual(['active']);
    shell.take(of('a', T0 + 46 * MINUTE));
    expect(statesOf(shell, 'a')).toEqual(['active', 'lifted']);
  });

  it('not by another station’s', () => {
    const shell = createShell(catalogOf([station('a', { air: PT5M }), station('b', { air: PT5M })]));
    shell.tick(T0);
    shell.tick(T0 + HOUR);
    shell.take(of('b', T0 + HOUR));
    expect([statesOf(shell, 'a'), statesOf(shell, 'b')]).toEqual([['active'], ['active', 'lifted']]);
  });

  it('when the station leaves the catalog or its service', () => {
    const before = silent();
    const signals = [...before.state().signals.values()];
    for (const left of [catalogOf([]), catalogOf([station('a', { air: PT5M }, { active: false })])]) {
      const state = createState(signals);
      const options = {
        catalog: left,
        settings: settingsOf(),
        judge: 'reading',
        autoSign: false,
        status: false,
      } as const;
      const middle = createMiddle(options);
      const { signals: changes } = middle.tick(state, T0 + 2 * HOUR, { settled: true, listeningSince: T0 });
      expect(changes).toMatchObject([{ subject: 'a', state: 'lifted', version: 2 }]);
    }
  });

  it('and raised again with another id', () => {
    const shell = silent();
    shell.take(of('a', T0 + HOUR));
    shell.tick(T0 + 2 * HOUR);
    expect(statesOf(shell, 'a')).toEqual(['active', 'lifted', 'active']);
    expect(new Set(shell.signals.map(({ id }) => id)).size).toBe(2);
  });
});
