// 沁政办发〔2021〕19号 附件6 (11): 已经启动…响应但仍可能持续发展的: one step up. The other grounds of (11) are people's (people-response.test.ts).
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../src/core/time.ts';
import type { Signal, SignalState } from '../src/core/types.ts';
import { inState } from '../src/signals/life.ts';
import {
  cold,
  dim,
  FOUR,
  forecastsOf,
  judge,
  levelOf,
  NOW,
  PLACES,
  pathOf,
  readingsOf,
  signalOf,
  times,
  type Weather,
  wind,
} from './support/hazards.ts';
import type { Shell } from './support/middle.ts';

const hoursOn = (hours: number): number => NOW + hours * HOUR;

/** People take these steps at that hour. */
const take = (shell: Shell, hazard: string, hours: number, ...states: SignalState[]): void => {
  for (const state of states) {
    const next: Signal = inState(signalOf(shell, hazard)!, state, new Date(hoursOn(hours)).toISOString());
    shell.state().signals.set(`weather-response/${hazard}`, next);
    shell.signals.push(next);
  }
};

/** New forecasts at so many hours from NOW, and the clock's tick. */
const issue = (shell: Shell, weathers: readonly Weather[], hours: number): void => {
  for (const [i, place] of PLACES.entries()) shell.take(...forecastsOf(place, weathers[i] ?? {}, hoursOn(hours)));
  shell.tick(hoursOn(hours));
};

/** It is calm: so say gauges and forecasts. */
const calm = (shell: Shell, hours: number): void => {
  shell.take(...readingsOf([], hoursOn(hours)));
  shell.tick(hoursOn(hours));
};

/** A response that was signed at NOW. */
const signed = (hazard: string, weathers: readonly Weather[], given: object = {}): Shell => {
  const shell = judge(weathers, given);
  take(shell, hazard, 0, 'agreed', 'active');
  return shell;
};

/** ... and went up a step at 12 h. */
const stepped = (hazard: string, weathers: readonly Weather[]): Shell => {
  const shell = signed(hazard, weathers);
  for (const hours of [6, 12]) issue(shell, weathers, hours);
  expect([levelOf(shell, hazard), signalOf(shell, hazard)!.state]).toEqual(['III', 'proposed']);
  return shell;
};

describe.each(FOUR)('%s', (hazard, clause, weathers) => {
  it('Ⅳ in force for 12 h that forecasts still make up: Ⅲ is proposed, not before', () => {
    const shell = signed(hazard, weathers);
    for (const hours of [6, 11]) issue(shell, weathers, hours);
    shell.tick(hoursOn(12) - MINUTE);
    expect(signalOf(shell, hazard)).toMatchObject({ level: 'IV', state: 'active', basis: { clause } });
    issue(shell, weathers, 12);
    const up = signalOf(shell, hazard)!;
    expect(up).toMatchObject({ level: 'III', state: 'proposed', in_force: { level: 'IV' } });
    expect(up.basis.clause).toBe(`${clause}; 附件6 (11)`);
    // It stands on what makes up Ⅳ.
    expect(new Set(up.evidence.map(({ station }) => station.replace('g-', ''))).size).toBe(weathers.length);
  });

  it('one step, for as long as it goes on; then it falls', () => {
    const shell = stepped(hazard, weathers);
    take(shell, hazard, 12, 'agreed', 'active');
    for (const hours of [18, 24, 30]) issue(shell, weathers, hours);
    expect(signalOf(shell, hazard)).toMatchObject({ level: 'III', state: 'active' });
    calm(shell, 31);
    expect(signalOf(shell, hazard)).toMatchObject({ level: 'III', state: 'lift-proposed', in_force: { level: 'III' } });
  });

  it('without a forecast it is held, and says what is lacking', () => {
    const shell = stepped(hazard, weathers);
    // The last issue is older than 12 h.
    for (const hours of [25, 30]) shell.tick(hoursOn(hours));
    const held = signalOf(shell, hazard)!;
    expect(held).toMatchObject({ level: 'III', state: 'proposed', basis: { clause: `${clause}; 附件6 (11)` } });
    expect(held.lacking.join()).toMatch(/forecast/);
    // And once they are there again it goes on as before.
    issue(shell, weathers, 31);
    expect(signalOf(shell, hazard)).toMatchObject({ level: 'III', basis: { clause: `${clause}; 附件6 (11)` } });
  });
});

describe('levels that the tables lack', () => {
  it.each([
    ['gale', times(6, wind(8)), 'II', 'I'],
    ['gale', times(6, wind(6)), 'III', 'II'],
    ['drought', times(6, { hour: { drought_index: -2 }, trend: 'developing' }), 'II', 'I'],
    ['fog', [...times(2, dim('fog', 199)), ...times(4, dim('fog', 499))], 'III', 'II'],
    ['cold-wave', times(6, cold(20, 6)), 'I', 'I'],
  ])('%s %j: from %s to %s', (hazard, weathers, from, to) => {
    const shell = signed(hazard, weathers);
    expect(levelOf(shell, hazard)).toBe(from);
    for (const hours of [6, 12, 24]) issue(shell, weathers, hours);
    expect(levelOf(shell, hazard)).toBe(to);
  });
});

describe('no step', () => {
  it('while nobody signed', () => {
    const shell = judge(times(6, wind(5)));
    for (const hours of [6, 12, 18, 24]) issue(shell, times(6, wind(5)), hours);
    expect(signalOf(shell, 'gale')).toMatchObject({ level: 'IV', state: 'proposed' });
  });

  it('where what was seen makes up the level and no forecast says that it goes on', () => {
    const fell = times(2, { day: { rain: 150 } });
    const shell = signed('rainstorm', fell);
    for (const hours of [6, 12, 18]) issue(shell, fell, hours);
    expect(signalOf(shell, 'rainstorm')).toMatchObject({ level: 'II', state: 'active' });
  });

  it('before the time that a setting says', () => {
    const shell = signed('gale', times(6, wind(5)), { response: { develops_after: 'PT18H' } });
    for (const hours of [6, 12, 17]) issue(shell, times(6, wind(5)), hours);
    expect(levelOf(shell, 'gale')).toBe('IV');
    issue(shell, times(6, wind(5)), 18);
    expect(levelOf(shell, 'gale')).toBe('III');
  });

  it('of the next response because the last one went up', () => {
    const weathers = times(6, cold(10, 5));
    const shell = stepped('cold-wave', weathers);
    calm(shell, 24);
    take(shell, 'cold-wave', 25, 'lifted');
    issue(shell, weathers, 60);
    expect(signalOf(shell, 'cold-wave')).toMatchObject({
      level: 'IV',
      state: 'proposed',
      basis: { clause: '附件6 (4) 寒潮' },
    });
  });
});

it('a value that trembles at the line of the level below neither takes the step back nor repeats it', () => {
  const shell = stepped('cold-wave', times(6, cold(10, 5)));
  for (let n = 1; n <= 12; n++) issue(shell, times(6, cold(n % 2 === 0 ? 10 : 9.7, 5)), 12 + 2 * n);
  expect(signalOf(shell, 'cold-wave')).toMatchObject({ level: 'III', basis: { clause: '附件6 (4) 寒潮; 附件6 (11)' } });
  expect(pathOf(shell, 'cold-wave')).toEqual(['IV', 'III']);
});

it('what no longer makes up Ⅳ by more than the reset ends', () => {
  const shell = stepped('cold-wave', times(6, cold(10, 5)));
  issue(shell, times(6, cold(9.4, 5)), 14);
  expect(signalOf(shell, 'cold-wave')).toMatchObject({ level: 'III', state: 'lift-proposed' });
});

it('what is still Ⅳ, but by what was seen alone, goes back to Ⅳ', () => {
  const shell = stepped('fog', times(6, dim('fog', 499)));
  const seen: Weather = { hour: { visibility: 499 }, phenomena: ['fog'] };
  shell.take(...readingsOf(times(6, seen), hoursOn(14)));
  shell.tick(hoursOn(14));
  expect(signalOf(shell, 'fog')).toMatchObject({ level: 'IV', state: 'active', basis: { clause: '附件6 (10) 雾' } });
});
