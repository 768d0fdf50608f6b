// A province's warning signals as a file: warning_signals.file.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSettings } from '../src/config/load.ts';
import { LantianError } from '../src/core/errors.ts';
import { HOUR } from '../src/core/time.ts';
import { CMA_2007 } from '../src/standards/warning-signals-2007.ts';
import { at, catalogOf, createShell, PT1H, reading, station } from './support/middle.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lantian-signals-'));
  file = join(folder, 'province.yaml');
});
afterEach(() => rmSync(folder, { recursive: true }));

const EXAMPLE = 'warning-signals.example.yaml';
const load = (named = file) =>
  loadSettings({ file: 'lantian.example.yaml', env: { LANTIAN_WARNING_SIGNALS_FILE: named } });
const mistakes = (...lines: string[]): string[] => {
  writeFileSync(file, `${lines.join('\n')}\n`);
  try {
    load();
  } catch (thrown) {
    if (thrown instanceof LantianError) return thrown.details.map((line) => line.replaceAll(`${folder}/`, ''));
    throw thrown;
  }
  throw new Error('no mistake was found');
};
/** A file with one blue level of rain. */
const blue = (each: string): string[] =>
  mistakes(
    'document: x',
    'signals:',
    '  rainstorm:',
    '    levels:',
    '      blue:',
    '        lead: 12',
    `        each: ${each}`,
  );
const OF_RAIN = 'quantity: rain, hours: 3, of: sum';

describe('the example', () => {
  const { provincial } = loadSettings({
    file: 'lantian.example.yaml',
    env: { LANTIAN_WARNING_SIGNALS_FILE: EXAMPLE },
  }).warning_signals;

  it('takes the place of some levels and leaves the others', () => {
    const { rainstorm, gale, 'high-temperature': heat } = provincial!.signals;
    expect(rainstorm).toMatchObject({ name: { zh: '暴雨' }, document: '中国气象局令第16号; 示例文件 example' });
    expect(rainstorm!.levels.red).toBe(CMA_2007.signals['rainstorm']!.levels.red);
    expect(rainstorm!.levels.blue).not.toEqual(CMA_2007.signals['rainstorm']!.levels.blue);
    expect(Object.keys(heat!.levels).sort()).toEqual(['blue', 'orange', 'red', 'yellow']);
    expect(gale).toBe(CMA_2007.signals['gale']);
  });

  it('is judged: 20 mm in an hour are blue, one tenth less are nothing', () => {
    const now = at('2026-07-20 08:00');
    const run = (rain: number) => {
      const shell = createShell(catalogOf([station('g', { weather: PT1H }, { township: 't' })], ['t']), load(EXAMPLE));
      shell.take(reading('weather', 'g', now, HOUR, { rain }));
      return shell.signal('warning-signal', 'rainstorm');
    };
    expect(run(20)).toMatchObject({ level: 'blue', basis: { document: '中国气象局令第16号; 示例文件 example' } });
    expect(run(19.9)).toBeUndefined();
  });
});

describe('a file', () => {
  it('may bring a signal of its own, or decide one that the edition leaves to people', () => {
    const level =
      'levels: { red: { lead: 2, townships: 2, each: { when: observed, quantity: hail, hours: 1, of: highest, at_least: 20 } } }';
    writeFileSync(
      file,
      [
        'document: x',
        'signals:',
        `  hail: { ${level} }`,
        `  ice: { name: { zh: 电线积冰, en: Icing }, clause: 第1条, ${level} }`,
      ].join('\n'),
    );
    const { signals, looks } = load().warning_signals.provincial!;
    expect(signals['hail']!.unmeasured).toBeUndefined();
    expect(signals['ice']).toMatchObject({ document: 'x', clause: '第1条', levels: { red: { lead: 2 } } });
    expect(signals['ice']!.levels.red!.clauses[0]![0]!.townships).toBe(2);
    const observing = [...looks.observed.values()].flat().filter(({ subject }) => subject === 'ice');
    expect(observing.map(({ condition }) => condition.quantity)).toEqual(['hail']);
  });

  it('that is not there is a mistake', () => {
    expect(() => load(join(folder, 'none.yaml'))).toThrow(/1 mistake/);
  });

  it('tells its mistakes with their places, all at once', () => {
    expect(
      mistakes(
        'document: x',
        'signals:',
        '  ice:',
        '    levels:',
        '      violet: { lead: 3, each: { trend: developing } }',
        '      red:',
        '        lead: 0',
        '        each: { any: [{ trend: developing, quantitty: rain }] }',
      ),
    ).toEqual([
      expect.stringMatching(/^province\.yaml:5:7 signals\.ice\.levels\.violet: unknown key/),
      expect.stringMatching(/^province\.yaml:7:15 signals\.ice\.levels\.red\.lead: expected number to be >=1/),
      'province.yaml:8:44 signals.ice.levels.red.each.any[0].quantitty: unknown key, did you mean "quantity"?',
    ]);
  });

  it('tells what its form alone does not show', () => {
    expect(
      mistakes(
        'document: x',
        'signals:',
        '  ice:',
        '    levels:',
        '      red: { lead: 2, each: { trend: developing } }',
      ),
    ).toEqual([
      'province.yaml:4:5 signals.ice.clause: is missing: the edition has no such signal',
      'province.yaml:4:5 signals.ice.name: is missing: the edition has no such signal',
    ]);
  });

  const each = (text: string): string => `signals.rainstorm.levels.blue.each${text}`;
  it.each([
    ['{ }', '7:15', each(''), 'one of all, any, trend, days, when'],
    [`{ when: observed, ${OF_RAIN}, at_least: 3, any: [] }`, '7:15', each(''), 'one of all, any, trend, days, when'],
    [`{ when: observed, ${OF_RAIN} }`, '7:15', each(''), 'one limit: at_least, above, at_most, below'],
    [`{ when: observed, ${OF_RAIN}, below: 3 }`, '7:75', each('.below'), 'sum takes at_least or above'],
    [
      '{ when: observed, quantity: rain, hours: 2, of: sum, above: 1 }',
      '7:63',
      each('.of'),
      'sums are known of rain and snow, over 1, 3, 6, 12, 24 h',
    ],
    [
      '{ when: observed, quantity: wind_force, hours: 2, of: highest, above: 1 }',
      '7:43',
      each('.quantity'),
      'the weather feed has no wind_force',
    ],
    [
      '{ when: forecast, quantity: rain, hours: 2, of: fall, above: 1 }',
      '7:63',
      each('.of'),
      'fall is of what was observed',
    ],
    ['{ when: observed, quantity: gust, hours: 72, of: highest, above: 1 }', '7:56', each('.hours'), 'at most 48'],
    ['{ when: observed, quantity: gust, above: 1 }', '7:15', each('.hours'), 'is missing'],
    [
      '{ days: 3, seen: temperature, each: { trend: developing } }',
      '7:51',
      each('.each'),
      'days ask for the highest of 24 hours of a forecast',
    ],
  ])('%s', (text, place, path, message) => {
    expect(blue(text)).toContain(`province.yaml:${place} ${path}: ${message}`);
  });
});
