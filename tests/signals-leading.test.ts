// 沁政办发〔2021〕19号 3.4: two hazards at once, 按照标准较高级别灾种启动应急响应.
import { expect, it } from 'vitest';
import type { Signal } from '../src/core/types.ts';
import { leadingOf } from '../src/signals/leading.ts';
import { judge, times } from './support/hazards.ts';
import { begun, step } from './support/warnings.ts';

const of = (subject: string, given: Partial<Signal> = {}): Signal => ({ ...begun, subject, ...given });
const names = (...signals: Signal[]): string | undefined => leadingOf(signals)?.subject;

it('of two hazards at once the higher level leads, each with its own signal', () => {
  // The rain of six townships is Ⅳ, the gale of the same six Ⅱ.
  const shell = judge(times(6, { soon: { rain: 50, wind_force: 8 } }));
  const up = [...shell.state().signals.values()].filter(({ kind }) => kind === 'weather-response');
  expect(up.map(({ subject, level }) => [subject, level]).sort()).toEqual([
    ['gale', 'II'],
    ['rainstorm', 'IV'],
  ]);
  expect(leadingOf([...shell.state().signals.values()])).toMatchObject({ subject: 'gale', level: 'II' });
});

it('the levels are ordered Ⅳ Ⅲ Ⅱ Ⅰ', () => {
  for (const [lower, higher] of [
    ['IV', 'III'],
    ['III', 'II'],
    ['II', 'I'],
  ] as const)
    for (const order of [0, 1]) {
      const both = [of('gale', { level: lower }), of('fog', { level: higher })];
      expect(names(...(order === 0 ? both : both.toReversed()))).toBe('fog');
    }
});

it('what has ended, and other kinds, do not lead', () => {
  const red = of('rainstorm', { kind: 'warning-signal', level: 'red' });
  expect(names(red, of('fog', { level: 'I', state: 'lapsed' }), of('gale', { level: 'IV' }))).toBe('gale');
  expect(leadingOf([red, of('fog', { state: 'lifted' })])).toBeUndefined();
  expect(leadingOf([])).toBeUndefined();
});

it('what is signed counts while less is proposed, and while its end is', () => {
  const signed = step(step(of('fog', { level: 'II' }), 'agreed', 1), 'active', 2);
  expect(names({ ...signed, level: 'IV', state: 'proposed' }, of('gale', { level: 'III' }))).toBe('fog');
  expect(names({ ...signed, level: 'I', state: 'lift-proposed' }, of('gale', { level: 'I' }))).toBe('gale');
  expect(names({ ...signed, state: 'lift-proposed' }, of('gale', { level: 'III' }))).toBe('fog');
});

it('agreed and never signed, about to be lifted: nothing of it is in force', () => {
  expect(leadingOf([of('fog', { state: 'lift-proposed', in_force: null })])).toBeUndefined();
});

it('of equal levels the one that began first, then by name', () => {
  const later = of('fog', { since: '2026-07-20T01:00:00Z' });
  expect(names(later, of('gale'))).toBe('gale');
  expect(names(of('gale'), of('fog'))).toBe('fog');
  expect(names(of('fog'), of('gale'))).toBe('fog');
});
