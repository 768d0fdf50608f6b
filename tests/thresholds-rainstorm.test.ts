// 暴雨 of the county's weather plan (沁政办发〔2021〕19号, 附件6), level by level: just below, exactly at, one township short.
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../src/core/time.ts';
import type { Reading } from '../src/core/types.ts';
import { at, catalogOf, createShell, PT1H, reading, type Shell, station } from './support/middle.ts';

const NOW = at('2026-07-20 08:00');
const places = Array.from({ length: 12 }, (_, i) => `t${i + 1}`);
const catalog = catalogOf(
  places.map((township) => station(`g-${township}`, { weather: PT1H }, { township })),
  places,
);

/** 24 hours of rain that end now, as one reading. */
const fell = (place: string, rain: number, time = NOW): Reading =>
  reading('weather', `g-${place}`, time, DAY, { rain });
const expected = (place: string, rain: number, time = NOW, hours = 24): Reading =>
  reading('forecast', place, time, 0, { rain }, { from: time, to: time + hours * HOUR });

/** Values for the first townships, and what every other has. */
interface Case {
  readonly fell?: readonly number[];
  readonly expected?: readonly number[];
  /** Townships without any forecast, or without any rain. */
  readonly noForecast?: readonly string[];
  readonly noRain?: readonly string[];
}

const readingsOf = ({ fell: rain = [], expected: ahead = [], noForecast = [], noRain = [] }: Case, time = NOW) => {
  const all = places.map((id, i) => ({ id, rain: rain[i] ?? 0, ahead: ahead[i] ?? 0 }));
  return [
    ...all.filter(({ id }) => !noForecast.includes(id)).map((one) => expected(one.id, one.ahead, time)),
    ...all.filter(({ id }) => !noRain.includes(id)).map((one) => fell(one.id, one.rain, time)),
  ];
};

const judge = (one: Case): Shell => {
  const shell = createShell(catalog);
  shell.tick(NOW - HOUR);
  shell.take(...readingsOf(one));
  shell.tick(NOW);
  return shell;
};
const signalOf = (shell: Shell) => shell.signal('weather-response', 'rainstorm');
const levelOf = (shell: Shell): string => {
  const signal = signalOf(shell);
  return signal === undefined || ['lapsed', 'lifted'].includes(signal.state) ? 'none' : signal.level!;
};
const times = (count: number, value: number): number[] => Array.from({ length: count }, () => value);

describe('levels', () => {
  const cases: [string, Case, string][] = [
    ['IV: 50 expected in 6', { expected: times(6, 50) }, 'IV'],
    ['just below in one', { expected: [...times(5, 50), 49.9] }, 'none'],
    ['one township short', { expected: times(5, 99) }, 'none'],
    ['IV: 50 fell and 25 expected in 4', { fell: times(4, 50), expected: times(4, 25) }, 'IV'],
    ['49.9 fell in one', { fell: [...times(3, 50), 49.9], expected: times(4, 25) }, 'none'],
    ['24.9 expected in one', { fell: times(4, 50), expected: [...times(3, 25), 24.9] }, 'none'],
    ['one township short', { fell: times(3, 99), expected: times(3, 49) }, 'none'],
    ['not in the same townships', { fell: [...times(4, 50)], expected: [0, 0, 0, 0, 25, 25, 25, 25] }, 'none'],
    ['three of the same and three of others', { fell: times(6, 50), expected: [0, 0, 0, ...times(5, 25)] }, 'none'],
    ['III: 100 expected in 3', { expected: times(3, 100) }, 'III'],
    ['99.9 expected in one', { expected: [100, 100, 99.9] }, 'none'],
    ['III: 50 fell and 50 expected in 6', { fell: times(6, 50), expected: times(6, 50) }, 'III'],
    ['49.9 fell in one', { fell: [...times(5, 50), 49.9], expected: times(6, 50) }, 'IV'],
    ['49.9 expected in one', { fell: times(6, 50), expected: [...times(5, 50), 49.9] }, 'IV'],
    ['six and six, five of them the same', { fell: times(6, 50), expected: [0, ...times(6, 50)] }, 'IV'],
    ['II: 100 expected in 6', { expected: times(6, 100) }, 'II'],
    ['99.9 expected in one', { expected: [...times(5, 100), 99.9] }, 'III'],
    ['II: 150 fell in 2, whatever is expected', { fell: times(2, 150) }, 'II'],
    ['149.9 fell in one', { fell: [150, 149.9] }, 'none'],
    ['II: 100 fell and 50 expected in 3', { fell: times(3, 100), expected: times(3, 50) }, 'II'],
    ['99.9 fell in one', { fell: [100, 100, 99.9], expected: times(3, 50) }, 'none'],
    ['49.9 expected in one', { fell: times(3, 100), expected: [50, 50, 49.9] }, 'none'],
    ['100 fell in three, 50 expected in another three', { fell: times(3, 100), expected: [0, 50, 50, 50] }, 'none'],
    ['I: 150 fell and 50 expected in 3', { fell: times(3, 150), expected: times(3, 50) }, 'I'],
    ['149.9 fell in one', { fell: [150, 150, 149.9], expected: times(3, 50) }, 'II'],
    ['49.9 expected in one', { fell: times(3, 150), expected: [50, 50, 49.9] }, 'II'],
    ['one township short', { fell: times(2, 300), expected: times(2, 99) }, 'II'],
    ['nothing', {}, 'none'],
  ];
  it.each(cases)('%s %j: %s', (_, one, level) => expect(levelOf(judge(one))).toBe(level));

  it('the highest that holds, as a proposal, with its evidence', () => {
    const shell = judge({ fell: [150, 151, 152], expected: times(12, 100) });
    const signal = signalOf(shell)!;
    expect(signal).toMatchObject({
      kind: 'weather-response',
      subject: 'rainstorm',
      level: 'I',
      state: 'proposed',
      title: { zh: '暴雨应急响应', en: 'Rainstorm response' },
      basis: { document: '沁政办发〔2021〕19号', clause: '附件6 (1) 暴雨' },
      lacking: [],
    });
    const from = '2026-07-19T00:00:00Z';
    const [to, ahead] = ['2026-07-20T00:00:00Z', '2026-07-21T00:00:00Z'];
    expect(signal.evidence.slice(0, 2)).toEqual([
      { station: 'g-t1', quantity: 'rain_24h', value: 150, unit: 'mm', from, to },
      { station: 't1', quantity: 'forecast_rain_24h', value: 100, unit: 'mm', from: to, to: ahead },
    ]);
    expect(signal.evidence).toHaveLength(6);
  });

  it('the evidence is of a clause that holds, not of one that nearly does', () => {
    // II holds by 150 in two; five townships of 100 are one short of the other clause.
    const { evidence, level } = signalOf(judge({ fell: [150, 150], expected: [0, 0, ...times(5, 100)] }))!;
    expect(level).toBe('II');
    expect(evidence.map(({ station: id, value }) => [id, value])).toEqual([
      ['g-t1', 150],
      ['g-t2', 150],
    ]);
  });
});

describe('what is not known', () => {
  it('does not raise', () => {
    expect(levelOf(judge({ expected: times(5, 50), noForecast: places.slice(5) }))).toBe('none');
    expect(levelOf(judge({ fell: [150], noRain: places.slice(1) }))).toBe('none');
  });

  it('does not keep a level from being raised that holds without it', () => {
    expect(levelOf(judge({ expected: times(6, 50), noForecast: places.slice(6), noRain: places }))).toBe('IV');
  });

  it('is named in what a signal lacks: forecasts', () => {
    const { level, lacking } = signalOf(judge({ expected: times(6, 60), noForecast: ['t11', 't12', 't10'] }))!;
    // III (100 in 3) might hold in those three.
    expect([level, lacking]).toEqual(['IV', ['24 h 降水量预报 (forecast rain): t10 t11 t12']]);
  });

  it('is not named where it could not make up a higher level', () => {
    const { level, lacking } = signalOf(judge({ expected: times(6, 60), noForecast: ['t11', 't12'] }))!;
    expect([level, lacking]).toEqual(['IV', []]);
  });

  it('is named in what a signal lacks: gauges, and all townships in one word', () => {
    const { lacking } = signalOf(judge({ expected: times(6, 60), noRain: ['t2', 't1', 't3'] }))!;
    expect(lacking).toEqual(['24 h 降水量实况 (observed rain): t1 t2 t3']);
    const all = signalOf(judge({ expected: times(6, 60), noRain: places }))!;
    expect(all.lacking).toEqual(['24 h 降水量实况 (observed rain): 全部乡镇 (all townships)']);
  });

  it('a forecast that only says "at most 80" is as good as none for a limit of 50', () => {
    const shell = createShell(catalog);
    shell.take(...readingsOf({ expected: times(6, 100) }));
    shell.tick(NOW);
    expect(levelOf(shell)).toBe('II');
    // A day of three days' sum, newer: 80 mm at most in each, 50 not ruled out.
    const later = NOW + 13 * HOUR;
    shell.take(...readingsOf({ noForecast: places }, later), ...places.map((id) => expected(id, 80, later, 72)));
    shell.tick(later);
    const { level, lacking } = signalOf(shell)!;
    expect([level, lacking]).toEqual(['IV', ['24 h 降水量预报 (forecast rain): 全部乡镇 (all townships)']]);
  });
});

describe('levels fall', () => {
  const risen = (): Shell => {
    const shell = createShell(catalog);
    shell.tick(NOW - HOUR);
    shell.take(...readingsOf({ fell: times(3, 150), expected: times(3, 50) }));
    return shell;
  };

  it('at ticks alone; they rise at readings', () => {
    const shell = risen();
    expect(levelOf(shell)).toBe('I');
    // At NOW + 1 h nothing more is expected: the readings say so, the tick acts on it.
    shell.take(...readingsOf({ fell: times(3, 150) }, NOW + HOUR));
    expect(levelOf(shell)).toBe('I');
    shell.tick(NOW + HOUR);
    expect(levelOf(shell)).toBe('II');
  });

  it('a gauge that falls silent holds the level', () => {
    const shell = risen();
    for (let n = 1; n <= 48; n++) {
      const time = NOW + n * HOUR;
      shell.take(
        ...readingsOf({ fell: n < 24 ? times(3, 150) : [], expected: times(3, 50), noRain: ['t1', 't2', 't3'] }, time),
      );
      shell.tick(time);
    }
    expect(levelOf(shell)).toBe('I');
    expect(signalOf(shell)!.lacking).toEqual(['24 h 降水量实况 (observed rain): t1 t2 t3']);
    // Two of them dry: what is left cannot be three.
    const later = NOW + 49 * HOUR;
    shell.take(...readingsOf({ expected: times(3, 50), noRain: ['t3'] }, later));
    shell.tick(later);
    expect(levelOf(shell)).toBe('none');
  });

  it('a forecast that is missing holds the level, one that is dry ends it', () => {
    const shell = createShell(catalog);
    shell.take(...readingsOf({ expected: times(6, 50) }));
    for (let n = 1; n <= 30; n++) {
      shell.take(...readingsOf({ noForecast: places }, NOW + n * HOUR));
      shell.tick(NOW + n * HOUR);
    }
    expect([levelOf(shell), signalOf(shell)!.lacking]).toEqual([
      'IV',
      ['24 h 降水量预报 (forecast rain): 全部乡镇 (all townships)'],
    ]);
    shell.take(...readingsOf({}, NOW + 31 * HOUR));
    shell.tick(NOW + 31 * HOUR);
    expect(signalOf(shell)).toMatchObject({ level: 'IV', state: 'lapsed', lacking: [] });
  });

  it('not while rain may have been heavy in an hour that is missing', () => {
    const shell = createShell(catalog);
    const hourly = (id: string, n: number, rain: number) =>
      reading('weather', `g-${id}`, NOW + n * HOUR, HOUR, { rain });
    for (let n = -23; n <= 0; n++)
      for (const id of places) shell.take(hourly(id, n, id === 't1' || id === 't2' ? 10 : 0));
    const level = (n: number): string => {
      shell.take(...places.map((id) => expected(id, 0, NOW + n * HOUR)));
      // It is dry now, but for an hour that two gauges miss.
      for (const id of places) if (n !== 1 || (id !== 't1' && id !== 't2')) shell.take(hourly(id, n, 0));
      shell.tick(NOW + n * HOUR);
      return levelOf(shell);
    };
    const levels = Array.from({ length: 25 }, (_, i) => level(i + 1));
    expect(levels).toEqual([...times(24, 0).map(() => 'II'), 'none']);
  });
});

describe('a township with two gauges', () => {
  const two = catalogOf(
    [...places, 't1'].map((township, i) =>
      station(i === 12 ? 'second' : `g-${township}`, { weather: PT1H }, { township }),
    ),
    places,
  );
  const run = (...readings: Reading[]): Shell => {
    const shell = createShell(two);
    shell.take(...readings);
    shell.tick(NOW);
    return shell;
  };
  const second = (rain: number, more: Partial<Reading> = {}): Reading =>
    reading('weather', 'second', NOW, DAY, { rain }, more);

  it('counts by the worst valid value', () => {
    expect(levelOf(run(fell('t1', 3), second(150), fell('t2', 150)))).toBe('II');
    expect(levelOf(run(fell('t1', 150), second(3), fell('t2', 150)))).toBe('II');
    expect(levelOf(run(fell('t1', 3), second(150, { flags: { rain: 'D' } }), fell('t2', 150)))).toBe('none');
  });

  it('counts once', () => {
    expect(levelOf(run(fell('t1', 150), second(150)))).toBe('none');
  });

  it('is known while one of them reports', () => {
    const shell = run(...readingsOf({ fell: [150, 150] }));
    expect(levelOf(shell)).toBe('II');
    shell.take(...readingsOf({}, NOW + HOUR));
    shell.tick(NOW + HOUR);
    expect(levelOf(shell)).toBe('none');
  });
});

it('messages that measure something else do not hide the rain', () => {
  const shell = createShell(catalog);
  shell.take(...readingsOf({ fell: times(2, 150) }));
  shell.take(...places.map((id) => reading('weather', `g-${id}`, NOW + HOUR / 4, 0, { temperature: 20 })));
  shell.tick(NOW + HOUR / 2);
  expect(signalOf(shell)).toMatchObject({ level: 'II', lacking: [] });
  // In 24 hours the next reading of this kind is due; until then these stand.
  expect(shell.signals).toHaveLength(1);
});

it('a station out of service, or of no township, does not count', () => {
  const shell = createShell(
    catalogOf(
      [
        station('a', { weather: PT1H }, { township: 't1', active: false }),
        station('b', { weather: PT1H }),
        station('c', { weather: PT1H }, { township: 't2' }),
      ],
      ['t1', 't2'],
    ),
  );
  for (const id of ['a', 'b', 'c']) shell.take(reading('weather', id, NOW, DAY, { rain: 200 }));
  shell.tick(NOW);
  expect(levelOf(shell)).toBe('none');
});

describe('ticks that run behind the clock', () => {
  const quiet = { from: NOW - HOUR, to: NOW + 23 * HOUR };

  it('do not take back what a forecast issued since has raised', () => {
    const shell = createShell(catalog);
    shell.tick(NOW - HOUR);
    for (const place of places) shell.take(reading('forecast', place, NOW - HOUR, 0, { rain: 0 }, quiet));
    for (const place of places) shell.take(fell(place, 0));
    shell.tick(NOW - 3 * MINUTE);
    for (const place of places) shell.take(expected(place, 120));
    for (const behind of [2, 1, 0]) shell.tick(NOW - behind * MINUTE);
    const changes = shell.signals.filter(({ kind }) => kind === 'weather-response');
    expect(new Set(changes.map(({ id }) => id)).size).toBe(1);
    expect(changes.every(({ state }) => state === 'proposed')).toBe(true);
    expect(levelOf(shell)).toBe('II');
  });
});
