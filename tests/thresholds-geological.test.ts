// 地质灾害气象风险: effective antecedent rain worked by hand; off until a curve is set; hazard points; the plan's seasons.
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { Settings } from '../src/config/schema.ts';
import { settingsSchema } from '../src/config/schema.ts';
import type { Catalog, HazardPoint } from '../src/core/catalog.ts';
import { DAY, HOUR, isoUtc } from '../src/core/time.ts';
import type { Figure, Reading } from '../src/core/types.ts';
import { createRainDays } from '../src/effects/rain-days.ts';
import { factsOf } from '../src/publish/warning.ts';
import { effectiveRainOf } from '../src/standards/effective-rain.ts';
import { seasonOf } from '../src/standards/geological-plan-2021.ts';
import { at, catalogOf, createShell, PT1H, reading, type Shell, settingsOf, station } from './support/middle.ts';
import { createRig, messageOf } from './support/pipeline.ts';

/** A weather day begins. */
const START = at('2026-07-20 20:00');

const point = (no: number, size: HazardPoint['size'], township = 'hill'): HazardPoint => ({
  no,
  name: `point ${no}`,
  township,
  type: no % 2 === 0 ? 'landslide' : 'rockfall',
  size,
});
const catalog: Catalog = {
  ...catalogOf(
    [
      station('g', { weather: PT1H }, { township: 'hill' }),
      station('h', { weather: PT1H }, { township: 'hill' }),
      station('p', { weather: PT1H }, { township: 'plain' }),
    ],
    ['hill', 'plain'],
  ),
  hazardPoints: [
    point(9, 'small'),
    point(4, 'medium'),
    point(2, 'small'),
    point(7, 'large'),
    point(3, 'medium'),
    point(5, 'large', 'plain'),
  ],
};

const SIGNED = { signed_by: '沁县自然资源局', document: '某号' };
const CURVE = [
  { level: 'blue', effective_rain: 40 },
  { level: 'yellow', effective_rain: 60, rain_1h: 10 },
  { level: 'red', effective_rain: 90 },
  { level: 'red', rain_24h: 150 },
];
const withCurve = (more: object = {}): Settings =>
  settingsOf({ geological: { k: 0.5, days: 3, curve: CURVE, ...SIGNED, ...more } });

/** A day's rain of a gauge as one reading; `back` days before the day under way. */
const day = (id: string, back: number, rain: number): Reading =>
  reading('weather', id, START - (back - 1) * DAY, DAY, { rain });
const hour = (id: string, n: number, rain: number): Reading => reading('weather', id, START + n * HOUR, HOUR, { rain });
const dry = (id: string): Reading[] => [4, 3, 2, 1].map((back) => day(id, back, 0));

const play = (readings: readonly Reading[], settings = withCurve(), now = START + HOUR): Shell => {
  const shell = createShell(catalog, settings);
  shell.take(...readings.toSorted((a, b) => a.time - b.time));
  shell.tick(now);
  return shell;
};
const signalOf = (shell: Shell, township = 'hill') => shell.signal('geological-risk', township);
const verdictOf = (shell: Shell, township = 'hill') =>
  shell.state().verdicts.get(`geological-risk/${township}`)?.verdict;
const levelNow = (shell: Shell): string => ['none', 'blue', 'yellow', 'orange', 'red'][verdictOf(shell)!.least]!;

describe('effective rain', () => {
  it('is what fell today and K^i of what fell i days before', () => {
    // 10 + 0.5 × 20 + 0.25 × 40 + 0.125 × 80
    expect(effectiveRainOf(10, [20, 40, 80], 0.5)).toBe(40);
    expect(effectiveRainOf(0, [], 0.85)).toBe(0);
  });

  const before = [day('g', 4, 1000), day('g', 3, 80), day('g', 2, 40), day('g', 1, 20)];

  it('is judged exactly at the curve, by days of figures and hours of readings', () => {
    const shell = play([...before, hour('g', 1, 10)]);
    expect(levelNow(shell)).toBe('blue');
    expect(verdictOf(shell)!.evidence(1)[0]).toEqual({
      station: 'g',
      quantity: 'effective_rain',
      value: 40,
      unit: 'mm',
      from: isoUtc(START - 3 * DAY),
      to: isoUtc(START + HOUR),
    });
    expect(levelNow(play([...before, hour('g', 1, 9.9)]))).toBe('none');
  });

  it('of a township is that of its worst gauge', () => {
    const shell = play([...before, hour('g', 1, 10), ...dry('h'), hour('h', 1, 0)]);
    expect([levelNow(shell), verdictOf(shell)!.lacking.filter((one) => one.includes('有效'))]).toEqual(['blue', []]);
    // Twenty here and thirty there do not add up.
    expect(levelNow(play([...dry('g'), hour('g', 1, 20), ...dry('h'), hour('h', 1, 30)]))).toBe('none');
  });

  it('may leave the day under way out', () => {
    const run = (geological: object): string => levelNow(play([...before, hour('g', 1, 99)], withCurve(geological)));
    const at30 = { today: false, curve: [{ level: 'blue', effective_rain: 30 }] };
    const above = { today: false, curve: [{ level: 'blue', effective_rain: 30.1 }] };
    expect([run(at30), run(above), run({})]).toEqual(['blue', 'none', 'red']);
  });

  it('has the default share and days that public systems use', () => {
    expect(settingsOf().geological).toMatchObject({ k: 0.85, days: 15, today: true, curve: [] });
  });

  it('follows a late reading into its day', () => {
    const shell = play([...dry('g'), hour('g', 1, 30)]);
    expect(signalOf(shell)).toBeUndefined();
    shell.take(day('g', 1, 20));
    expect(
      shell
        .state()
        .rainDays.get('g')!
        .get(START - DAY),
    ).toEqual({ least: 20, known: true });
    shell.tick(START + HOUR);
    expect(signalOf(shell)).toMatchObject({ level: 'blue' });
  });
});

describe('the curve', () => {
  it('without one there is no verdict', () => {
    const shell = play([day('g', 1, 500), hour('g', 1, 90)], settingsOf());
    expect([signalOf(shell), verdictOf(shell)]).toEqual([undefined, undefined]);
  });

  it.each([
    ['all of an entry holds', [60 - 10, 10], 'yellow'],
    ['effective rain alone', [60.9 - 9.9, 9.9], 'blue'],
    ['the highest that holds', [80, 10], 'red'],
    ['of one level, either entry', [150 - 0.5, 0.5], 'red'],
  ])('%s: %j', (_, [first, second], level) => {
    const shell = play([...dry('g'), hour('g', 1, first!), hour('g', 2, second!)], withCurve(), START + 2 * HOUR);
    expect(signalOf(shell)).toMatchObject({ level });
  });

  it('an entry of a day’s rain needs no days before', () => {
    const settings = withCurve({ curve: [{ level: 'orange', rain_24h: 100 }] });
    expect(signalOf(play([day('g', 1, 100)], settings, START))).toMatchObject({ level: 'orange', lacking: [] });
    expect(signalOf(play([day('g', 1, 99.9)], settings, START))).toBeUndefined();
  });

  it('stands with who signed it off and the document, and names some rain', () => {
    const problems = (geological: object): string[] =>
      settingsSchema
        .safeParse({ geological })
        .error!.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    const signed = 'a curve stands with who signed it off and the document';
    expect(problems({ curve: CURVE })).toEqual([`geological.signed_by: ${signed}`, `geological.document: ${signed}`]);
    expect(problems({ curve: [{ level: 'blue' }], ...SIGNED })).toEqual([
      'geological.curve.0: names no rain: effective_rain, rain_1h or rain_24h',
    ]);
  });

  it('that is taken back ends its signals', () => {
    const raised = play([...dry('g'), hour('g', 1, 45)]);
    const shell = createShell(catalog, settingsOf());
    shell.state().signals.set('geological-risk/hill', signalOf(raised)!);
    shell.tick(START + 3 * HOUR);
    expect(signalOf(shell)).toMatchObject({ level: 'blue', state: 'lifted' });
  });
});

describe('a signal', () => {
  const shell = play([...dry('g'), hour('g', 1, 45)]);

  it('lists the hazard points of its township, larger first', () => {
    const points = signalOf(shell)!.evidence.filter(({ quantity }) => quantity.startsWith('hazard_point'));
    expect(points.map(({ station: name, quantity, value }) => [name, quantity, value])).toEqual([
      ['point 7', 'hazard_point_large_rockfall', 7],
      ['point 3', 'hazard_point_medium_rockfall', 3],
      ['point 4', 'hazard_point_medium_landslide', 4],
      ['point 2', 'hazard_point_small_landslide', 2],
      ['point 9', 'hazard_point_small_rockfall', 9],
    ]);
  });

  it('says its evidence in words', () => {
    const facts = factsOf(signalOf(shell)!, catalog).map(
      (one) => `${one.place.zh} ${one.quantity.zh} ${one.value}${one.unit}`,
    );
    expect(facts.slice(0, 3)).toEqual([
      'hill 前期有效降雨 45mm',
      'point 7 大型崩塌隐患点序号 7',
      'point 3 中型崩塌隐患点序号 3',
    ]);
  });

  it('names who signed the curve, the document and the season', () => {
    expect(signalOf(shell)).toMatchObject({
      title: {
        zh: 'hill地质灾害气象风险（夏秋季汛期，隐患点 5 处）',
        en: 'hill: geological risk (flood season, hazard points: 5)',
      },
      basis: { document: '某号', clause: '沁县自然资源局; 沁政办发〔2021〕18号 一（二）夏秋季汛期 5-10月' },
    });
  });

  it.each([
    [[3, 4], '春季融雪期'],
    [[5, 6, 7, 8, 9, 10], '夏秋季汛期'],
    [[11, 12, 1, 2], '冬季冰雪期'],
  ])('months %j are %s', (months, name) => {
    for (const month of months) expect(seasonOf(month).name.zh).toBe(name);
  });
});

describe('what is not known', () => {
  it('a day without figures raises nothing, holds, and is named', () => {
    const shell = play([day('g', 3, 0), day('g', 1, 10), hour('g', 1, 1)]);
    expect(signalOf(shell)).toBeUndefined();
    expect(verdictOf(shell)).toMatchObject({ least: 0, most: 4 });
    expect(verdictOf(shell)!.lacking).toContain(
      '有效降雨，缺 07-19 (effective rain, days missing): 全部乡镇 (all townships)',
    );
  });

  it('what is known to have fallen is enough to raise', () => {
    const shell = play([hour('g', -3, 70), hour('g', 1, 5)]);
    expect(levelNow(shell)).toBe('blue');
    expect(verdictOf(shell)!.lacking[0]).toContain('有效降雨，缺 07-18 07-19 07-20 (effective rain');
  });

  it('a gauge that falls silent holds the level; rain that is long gone ends it', () => {
    const shell = play([...dry('g'), hour('g', 1, 45)]);
    for (let n = 26; n <= 100; n += 24) shell.tick(START + n * HOUR);
    expect(signalOf(shell)).toMatchObject({ level: 'blue', state: 'active' });
    // Of the day of the 45 mm the rest is not known, so that it must be over three days ago.
    for (const back of [-1, -2, -3]) shell.take(day('g', back, 0));
    shell.tick(START + 4 * DAY);
    expect(signalOf(shell)!.state).toBe('active');
    shell.take(day('g', -4, 0));
    shell.tick(START + 5 * DAY);
    expect(signalOf(shell)).toMatchObject({ level: 'blue', state: 'lifted' });
  });

  it('a township without a gauge says so', () => {
    const none = { ...catalog, stations: new Map([...catalog.stations].filter(([id]) => id !== 'p')) };
    const shell = createShell(none, withCurve());
    shell.tick(START);
    expect(verdictOf(shell, 'plain')!.lacking[0]).toBe(
      '有效降雨，无雨量站 (effective rain, no gauge): 全部乡镇 (all townships)',
    );
  });
});

describe('days of rain', () => {
  const figure = (start: number, fields: Figure['fields']): Figure => ({
    measurement: 'weather_day',
    station: 'g',
    start,
    end: start + DAY,
    fields,
  });

  it('are kept on disk: the last edition of each, and go with what an edition takes back', () => {
    const kept = createRainDays(new DatabaseSync(':memory:'));
    for (const rain of [3, 5]) kept.take(figure(START, { rain }));
    kept.take(figure(START + DAY, { rain_min: 2 }));
    kept.take({ ...figure(START, { rain: 99 }), measurement: 'weather_hour' });
    expect([...kept.before(START, 1).get('g')!]).toEqual([
      [START, { least: 5, known: true }],
      [START + DAY, { least: 2, known: false }],
    ]);
    kept.take(figure(START, {}));
    expect([...kept.before(START, 1).get('g')!.keys()]).toEqual([START + DAY]);
    expect([kept.forget(START + 2 * DAY, 10), kept.before(START, 1).size]).toEqual([1, 0]);
  });

  it('are there again after a restart, beyond what memory holds of readings', () => {
    const settings = withCurve({ days: 6, curve: [{ level: 'blue', effective_rain: 5 }] });
    const first = createRig(catalog, { settings });
    // Six days ago 320 mm fell: 0.5^6 of it is 5.
    first.send(...[7, 6, 5, 4, 3, 2, 1].map((back) => messageOf(day('g', back, back === 6 ? 320 : 0))));
    first.send(messageOf(hour('g', 1, 0)));
    first.pipeline.drain();
    const second = createRig(catalog, { settings, database: first.database });
    expect(second.pipeline.state().rainDays).toEqual(first.pipeline.state().rainDays);
    second.tick(START + HOUR);
    second.pipeline.drain();
    const { verdict } = second.pipeline.state().verdicts.get('geological-risk/hill')!;
    expect([verdict.least, verdict.most, verdict.evidence(1)[0]!.value]).toEqual([1, 1, 5]);
  });
});
