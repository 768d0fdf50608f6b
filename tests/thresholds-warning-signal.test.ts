// 气象灾害预警信号 (中国气象局令第16号): each colour just below and exactly at, by forecasts and by gauges; what is missing; no flapping.
import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../src/core/time.ts';
import type { Reading } from '../src/core/types.ts';
import { at, catalogOf, createShell, PT1H, reading, type Shell, settingsOf, station } from './support/middle.ts';

/** A frost's season, in which every signal can be judged. */
const NOW = at('2026-10-10 20:00');
const gaugesIn = (...places: string[]) =>
  catalogOf(
    places.map((township) => station(`g-${township}`, { weather: PT1H }, { township })),
    places,
  );

type Values = Reading['values'];
/** A forecast of the north from now, or some days ahead, for so many hours. */
const ahead = (hours: number, values: Values, more: Partial<Reading> = {}, days = 0, time = NOW): Reading =>
  reading('forecast', 'north', time, 0, values, {
    from: NOW + days * DAY,
    to: NOW + days * DAY + hours * HOUR,
    ...more,
  });
/** Hourly readings of the north's gauge, the last ending now. */
const hourly = (each: readonly Values[], more: Partial<Reading> = {}): Reading[] =>
  each.map((values, i) => reading('weather', 'g-north', NOW - (each.length - 1 - i) * HOUR, HOUR, values, more));
/** Hours of which the last has `last` and the others share the rest. */
const fell = (what: string, hours: number, sum: number, last = 1): Reading[] =>
  hourly(
    Array.from({ length: hours }, (_, i) => ({
      [what]: i === hours - 1 ? last : i === 0 ? Math.round((sum - last - (hours - 2)) * 10) / 10 : 1,
    })),
  );

const judge = (readings: readonly Reading[], settings = settingsOf(), catalog = gaugesIn('north')): Shell => {
  const shell = createShell(catalog, settings);
  shell.tick(NOW - 10 * DAY);
  shell.take(...readings);
  shell.tick(NOW);
  return shell;
};
const signalOf = (shell: Shell, subject: string) => shell.signal('warning-signal', subject);
const levelOf = (shell: Shell, subject: string): string => {
  const signal = signalOf(shell, subject);
  return signal === undefined || ['lapsed', 'lifted'].includes(signal.state) ? 'none' : signal.level!;
};

type Case = [subject: string, what: string, readings: readonly Reading[], level: string];

const fallCases = (
  subject: string,
  what: 'rain' | 'snow',
  levels: readonly [number, number, string, string][],
): Case[] =>
  levels.flatMap(([hours, mm, level, below]): Case[] => [
    [subject, `${mm} mm expected in ${hours} h`, [ahead(hours, { [what]: mm })], level],
    [subject, `${mm - 0.1} mm expected in ${hours} h`, [ahead(hours, { [what]: mm - 0.1 })], below],
    [subject, `${mm} mm fell in ${hours} h and it goes on`, fell(what, hours, mm), level],
    [subject, `${mm - 0.1} mm fell in ${hours} h`, fell(what, hours, mm - 0.1), below],
    [
      subject,
      `${mm} mm fell in ${hours} h, and none in the last`,
      [...fell(what, hours, mm, 0), ahead(24, { [what]: 0 })],
      'none',
    ],
  ]);

const cold = (hours: number, drop: number, lowest: number, force: number): Reading[] => [
  ahead(hours, { temperature_min_drop: drop, temperature_min: lowest, wind_force: force }),
];
/** A day at 15 °C, then `hours` that reach the lowest, with the wind of one hour. */
const cooled = (hours: number, drop: number, lowest: number, speed: number): Reading[] =>
  hourly(
    Array.from({ length: 24 + hours }, (_, i) => ({
      temperature: i < 24 ? lowest + drop : i === 30 ? lowest : lowest + 1,
      wind_speed: i === 30 ? speed : 2,
    })),
  );
const coldCases: Case[] = (
  [
    [48, 8, 4, 5, 8, 'blue', 'none'],
    [24, 10, 4, 6, 10.8, 'yellow', 'blue'],
    [24, 12, 0, 6, 10.8, 'orange', 'yellow'],
    [24, 16, 0, 6, 10.8, 'red', 'orange'],
  ] as const
).flatMap(([hours, drop, lowest, force, speed, level, below]): Case[] => [
  ['cold-wave', `${level} expected`, cold(hours, drop, lowest, force), level],
  ['cold-wave', `${level}: a fall a little less`, cold(hours, drop - 0.1, lowest, force), below],
  ['cold-wave', `${level}: not as cold`, cold(hours, drop, lowest + 0.1, force), lowest === 0 ? 'yellow' : 'none'],
  ['cold-wave', `${level}: less wind`, cold(hours, drop, lowest, force - 1), hours === 24 ? 'blue' : 'none'],
  ['cold-wave', `${level} observed`, cooled(hours, drop, lowest, speed), level],
  ['cold-wave', `${level} observed, wind a little less`, cooled(hours, drop, lowest, speed - 0.1), 'none'],
]);

const galeCases: Case[] = (
  [
    [24, 6, 10.8, 13.9, 'blue', 'none'],
    [12, 8, 17.2, 20.8, 'yellow', 'blue'],
    [6, 10, 24.5, 28.5, 'orange', 'yellow'],
    [6, 12, 32.7, 37, 'red', 'orange'],
  ] as const
).flatMap(([hours, force, speed, gust, level, below]): Case[] => [
  ['gale', `${force} expected in ${hours} h`, [ahead(hours, { wind_force: force, gust_force: 0 })], level],
  [
    'gale',
    `${force - 1} expected in ${hours} h`,
    [ahead(hours, { wind_force: force - 1, gust_force: force - 1 })],
    below,
  ],
  ['gale', `gusts of ${force + 1} expected`, [ahead(hours, { wind_force: 0, gust_force: force + 1 })], level],
  ['gale', `${speed} m/s blew`, hourly([{ wind_speed: speed, gust: 0 }]), level],
  ['gale', `${speed - 0.1} m/s blew`, hourly([{ wind_speed: speed - 0.1, gust: 0 }]), below],
  ['gale', `gusts of ${gust} m/s`, hourly([{ wind_speed: 0, gust }]), level],
]);

const dimCases = (subject: string, during: string, levels: readonly [number, number, string, string][]): Case[] =>
  levels.flatMap(([hours, metres, level, below]): Case[] => {
    const phenomena = { phenomena: [during] };
    return [
      [subject, `${metres - 1} m expected in ${hours} h`, [ahead(hours, { visibility: metres - 1 }, phenomena)], level],
      [subject, `${metres} m expected in ${hours} h`, [ahead(hours, { visibility: metres }, phenomena)], below],
      [subject, 'of another kind', [ahead(hours, { visibility: 10 }, { phenomena: [] })], 'none'],
      [subject, `${metres - 1} m seen`, hourly([{ visibility: metres - 1 }], phenomena), level],
      [subject, `${metres} m seen`, hourly([{ visibility: metres }], phenomena), below],
      [subject, 'seen, of another kind', hourly([{ visibility: 10 }], { phenomena: [] }), 'none'],
    ];
  });

const hot = (...highest: number[]): Reading[] =>
  highest.map((value, day) => ahead(24, { temperature_max: value }, {}, day));
const frostCases: Case[] = (
  [
    [48, 0, 'blue', 'none'],
    [24, -3, 'yellow', 'blue'],
    [24, -5, 'orange', 'yellow'],
  ] as const
).flatMap(([hours, lowest, level, below]): Case[] => [
  ['frost', `${lowest} expected in ${hours} h`, [ahead(hours, { ground_temperature_min: lowest })], level],
  ['frost', `${lowest + 0.1} expected in ${hours} h`, [ahead(hours, { ground_temperature_min: lowest + 0.1 })], below],
  ['frost', `${lowest} measured`, hourly([{ ground_temperature: lowest }]), level],
  ['frost', `${lowest + 0.1} measured`, hourly([{ ground_temperature: lowest + 0.1 }]), below],
]);

const drought = (index: number, trend: string): Reading[] => [
  ...hourly([{ drought_index: index }]),
  ahead(24, {}, { trend }),
];

const cases: Case[] = [
  ...fallCases('rainstorm', 'rain', [
    [12, 50, 'blue', 'none'],
    [6, 50, 'yellow', 'none'],
    [3, 50, 'orange', 'none'],
    [3, 100, 'red', 'orange'],
  ]),
  ...fallCases('snowstorm', 'snow', [
    [12, 4, 'blue', 'none'],
    [12, 6, 'yellow', 'blue'],
    [6, 10, 'orange', 'yellow'],
    [6, 15, 'red', 'orange'],
  ]),
  ...coldCases,
  ...galeCases,
  ...dimCases('sandstorm', 'sandstorm', [
    [12, 1000, 'yellow', 'none'],
    [6, 500, 'orange', 'yellow'],
    [6, 50, 'red', 'orange'],
  ]),
  ...dimCases('fog', 'fog', [
    [12, 500, 'yellow', 'none'],
    [6, 200, 'orange', 'yellow'],
    [2, 50, 'red', 'orange'],
  ]),
  ...dimCases('haze', 'haze', [
    [12, 3000, 'yellow', 'none'],
    [6, 2000, 'orange', 'yellow'],
  ]),
  ...frostCases,
  ['high-temperature', 'three days of 35', hot(35, 35, 35), 'yellow'],
  ['high-temperature', '34.9 on the second', hot(35, 34.9, 35), 'none'],
  ['high-temperature', 'two days only', hot(36, 36), 'none'],
  ['high-temperature', 'from tomorrow on', hot(30, 35, 35, 35), 'yellow'],
  ['high-temperature', '37', hot(37), 'orange'],
  ['high-temperature', '36.9', hot(36.9), 'none'],
  ['high-temperature', '40', hot(40), 'red'],
  ['high-temperature', '39.9', hot(39.9), 'orange'],
  ['drought', 'severe and developing', drought(-1.5, 'developing'), 'orange'],
  ['drought', 'less than severe', drought(-1.49, 'developing'), 'none'],
  ['drought', 'severe and easing', drought(-1.5, 'easing'), 'none'],
  ['drought', 'extreme and developing', drought(-2, 'developing'), 'red'],
  ['drought', 'less than extreme', drought(-1.99, 'developing'), 'orange'],
];

describe('colours', () => {
  it.each(cases)('%s: %s', (subject, _, readings, level) => {
    expect(levelOf(judge(readings), subject)).toBe(level);
  });

  it('every colour that stations and forecasts can decide is raised by some case', () => {
    const raised = new Set(cases.map(([subject, , , level]) => `${subject} ${level}`));
    expect([...raised].filter((one) => !one.endsWith('none'))).toHaveLength(4 + 4 + 4 + 4 + 3 + 3 + 2 + 3 + 3 + 2);
  });
});

describe('a signal', () => {
  it('is a proposal, with the hours ahead of each colour and the townships that meet it', () => {
    const south = reading('forecast', 'south', NOW, 0, { rain: 51 }, { from: NOW, to: NOW + 6 * HOUR });
    const dry = reading('forecast', 'east', NOW, 0, { rain: 0 }, { from: NOW, to: NOW + 12 * HOUR });
    const shell = judge([ahead(6, { rain: 50 }), south, dry], settingsOf(), gaugesIn('north', 'east', 'south'));
    const signal = signalOf(shell, 'rainstorm')!;
    expect(signal).toMatchObject({
      level: 'yellow',
      state: 'proposed',
      in_force: null,
      title: { zh: '暴雨预警信号', en: 'Rainstorm warning signal' },
      basis: { document: '中国气象局令第16号', clause: '附件 二、暴雨预警信号 (蓝 12 h, 黄 6 h, 橙 3 h, 红 3 h)' },
    });
    expect(signal.evidence.map(({ station: id, quantity, value }) => [id, quantity, value])).toEqual([
      ['north', 'forecast_rain_6h', 50],
      ['south', 'forecast_rain_6h', 51],
    ]);
  });

  it('of three days has each day in its evidence', () => {
    const { evidence } = signalOf(judge(hot(30, 36, 35, 37)), 'high-temperature')!;
    expect(evidence.map(({ value, from }) => [value, Date.parse(from)])).toEqual([
      [36, NOW + DAY],
      [35, NOW + 2 * DAY],
      [37, NOW + 3 * DAY],
    ]);
  });

  it('of three days counts what the day under way has had', () => {
    const noon = NOW + 16 * HOUR;
    const rest = reading('forecast', 'north', noon, 0, { temperature_max: 33 }, { from: noon, to: NOW + DAY });
    const later = (day: number): Reading => ({
      ...ahead(24, { temperature_max: 35 }, {}, day),
      time: noon,
      start: noon,
    });
    const run = (highest: number): string => {
      const shell = judge([]);
      shell.take(rest, later(1), later(2));
      for (let n = 1; n <= 16; n++)
        shell.take(reading('weather', 'g-north', NOW + n * HOUR, HOUR, { temperature: n === 15 ? highest : 20 }));
      shell.tick(noon);
      return levelOf(shell, 'high-temperature');
    };
    expect([run(34.9), run(35)]).toEqual(['none', 'yellow']);
  });

  it('of frost is proposed only while frost harms farming', () => {
    const settings = settingsOf({ response: { frost_seasons: ['04-01/05-31'] } });
    expect(levelOf(judge([ahead(24, { ground_temperature_min: -5 })], settings), 'frost')).toBe('none');
  });

  it('that the gauges show is raised only where it is taken to go on', () => {
    const settings = settingsOf({ response: { going_on: false } });
    expect(levelOf(judge(hourly([{ wind_speed: 30, gust: 30 }]), settings), 'gale')).toBe('none');
    // More rain that is expected says so by itself.
    const rain = fell('rain', 3, 50, 0);
    expect(levelOf(judge([...rain, ahead(3, { rain: 0 })], settings), 'rainstorm')).toBe('none');
    expect(levelOf(judge([...rain, ahead(3, { rain: 0.1 })], settings), 'rainstorm')).toBe('orange');
  });
});

describe('what people decide', () => {
  const named = { typhoon: 'red', lightning: 'red', hail: 'red', 'road-icing': 'red' };

  it.each(Object.keys(named))('%s raises nothing and says what is not measured', (subject) => {
    const storm = { phenomena: ['thunderstorm'] };
    const shell = judge([
      ...hourly([{ lightning: 900, hail: 60, wind_speed: 40, ground_temperature: -20, rain: 5 }], storm),
      ahead(24, { hail: 60, wind_force: 12, ground_temperature_min: -20 }, storm),
    ]);
    expect(signalOf(shell, subject)).toBeUndefined();
    const { verdict, rule } = shell.state().verdicts.get(`warning-signal/${subject}`)!;
    expect([verdict.least, rule.levels[verdict.most - 1]]).toEqual([0, 'red']);
    expect(verdict.lacking).toEqual([expect.stringMatching(/^不监测：.+ \(not measured: .+\)$/)]);
  });
});

describe('what is not known', () => {
  const two = gaugesIn('north', 'south');

  it('a forecast that is missing raises nothing, and is named', () => {
    const shell = judge([], settingsOf(), gaugesIn('north'));
    expect(signalOf(shell, 'high-temperature')).toBeUndefined();
    const { verdict } = shell.state().verdicts.get('warning-signal/high-temperature')!;
    expect([verdict.least, verdict.most]).toEqual([0, 4]);
    expect(verdict.lacking).toEqual([
      '72 h 最高气温预报 (forecast temperature max): 全部乡镇 (all townships)',
      '24 h 最高气温预报 (forecast temperature max): 全部乡镇 (all townships)',
    ]);
  });

  it('does not keep a level from being raised that another township makes up', () => {
    const shell = judge([ahead(24, { temperature_max: 40 })], settingsOf(), two);
    expect([levelOf(shell, 'high-temperature'), signalOf(shell, 'high-temperature')!.lacking]).toEqual(['red', []]);
  });

  it('a fall counts from a day that is known whole: hours that are missing may have been as cold', () => {
    const whole = cooled(24, 16, 0, 10.8);
    const without = (at: number) => whole.filter((_, i) => i !== at && i !== at + 1);
    expect([whole, without(5), without(40)].map((readings) => levelOf(judge(readings), 'cold-wave'))).toEqual([
      'red',
      'none',
      'red',
    ]);
  });

  it('a gauge that falls silent holds the level and says so; one that is calm again ends it', () => {
    const shell = judge(hourly([{ wind_speed: 20, gust: 0 }]));
    const calm = (time: number): Reading => ({
      ...ahead(24, { wind_force: 2, gust_force: 3 }),
      ...{ time, start: time, from: time, to: time + DAY },
    });
    for (let n = 1; n <= 6; n++) {
      shell.take(calm(NOW + n * HOUR));
      shell.tick(NOW + n * HOUR);
    }
    expect(signalOf(shell, 'gale')).toMatchObject({
      level: 'yellow',
      state: 'proposed',
      lacking: [
        '1 h 风速实况 (observed wind speed): 全部乡镇 (all townships)',
        '1 h 阵风风速实况 (observed gust): 全部乡镇 (all townships)',
      ],
    });
    shell.take(reading('weather', 'g-north', NOW + 7 * HOUR, HOUR, { wind_speed: 5, gust: 8 }), calm(NOW + 7 * HOUR));
    shell.tick(NOW + 7 * HOUR);
    expect(signalOf(shell, 'gale')).toMatchObject({ level: 'yellow', state: 'lapsed' });
  });
});

describe('a value that trembles at the line', () => {
  /** Levels and states of the gale that a change went to, one speed an hour. */
  const path = (speeds: readonly number[], response = {}): string[] => {
    const shell = judge([], settingsOf({ response }));
    speeds.forEach((speed, n) => {
      const time = NOW + (n + 1) * HOUR;
      const still = { from: time, to: time + DAY };
      shell.take(reading('weather', 'g-north', time, HOUR, { wind_speed: speed, gust: 0 }));
      shell.take(reading('forecast', 'north', time, 0, { wind_force: 0, gust_force: 0 }, still));
      shell.tick(time);
    });
    const steps = shell.signals.filter(({ subject }) => subject === 'gale').map((one) => `${one.level} ${one.state}`);
    return steps.filter((step, i) => step !== steps[i - 1]);
  };
  const trembling = [10.9, 10.7, 10.8, 9.8, 10.9, 9.8];

  it('does not flap: within a tenth of the limit the level stays', () => {
    expect(path(trembling)).toEqual(['blue proposed']);
    expect(path(trembling, { reset_share: 0 }).length).toBeGreaterThan(3);
  });

  it('ends once it is below that', () => {
    expect(path([...trembling, 9.7, 9.8, 9.7])).toEqual(['blue proposed', 'blue lapsed']);
  });

  it('is held for an hour at least', () => {
    expect(path([10.8, 0], { hold: 'PT2H' })).toEqual(['blue proposed']);
    expect(path([10.8, 0, 0], { hold: 'PT2H' })).toEqual(['blue proposed', 'blue lapsed']);
  });
});
