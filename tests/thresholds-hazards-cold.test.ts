// 沁政办发〔2021〕19号 附件6 (4) 寒潮, (5) 大风, (7) 高温, (8) 气象干旱, (9) 霜冻. Numbers copied from the plan's text.
import { describe, expect, it } from 'vitest';
import { DAY } from '../src/core/time.ts';
import { describeRows, type Row } from './support/hazard-rows.ts';
import { judge, levelOf, NOW, openShell, readingsOf, times, type Weather } from './support/hazards.ts';

const COLD = ['48 h 最低气温降幅预报 (forecast temperature min drop)', '48 h 平均风力预报 (forecast wind force)'];
/** The wind comes first, the cold the day after. */
const cold = (temperature_min_drop: number, wind_force: number): Weather => ({
  soon: { wind_force },
  after: { temperature_min_drop },
});
const coldRow = (text: string, level: string, drop: number, force: number, ...left: [string, string]): Row => ({
  text,
  has: times(6, cold(drop, force)),
  level,
  below: [
    [cold(drop - 0.1, force), left[0]],
    [cold(drop, force - 1), left[1]],
  ],
  short: 'none',
  elsewhere: [cold(drop, 2), cold(1, force), 'none'],
  unforecast: ['none', ...COLD],
  silent: [level],
});
const coldWave: Row[] = [
  coldRow('Ⅳ 未来48小时6个以上乡镇最低气温下降10℃以上并伴有5级以上大风', 'IV', 10, 5, 'none', 'none'),
  coldRow('Ⅲ 最低气温下降12℃以上并伴有5级以上大风', 'III', 12, 5, 'IV', 'none'),
  coldRow('Ⅱ 最低气温下降16℃以上并伴有6级以上大风', 'II', 16, 6, 'III', 'III'),
  coldRow('Ⅰ 最低气温下降20℃以上并伴有6级以上大风', 'I', 20, 6, 'II', 'III'),
];

const WIND = ['24 h 平均风力预报 (forecast wind force)', '24 h 阵风风力预报 (forecast gust force)'];
const galeRow = (text: string, level: string, has: Weather[], below: Row['below']): Row => ({
  text,
  has,
  level,
  below,
  short: 'none',
  unforecast: ['none', ...WIND],
  silent: [level],
});
const wind = (wind_force: number): Weather => ({ later: { wind_force } });
const gust = (gust_force: number): Weather => ({ later: { gust_force } });
const gale: Row[] = [
  galeRow('Ⅳ 未来24小时6个以上乡镇平均风力达5-6级以上', 'IV', times(6, wind(5)), [[wind(4), 'none']]),
  galeRow('Ⅳ 或者阵风9级以上', 'IV', times(6, gust(9)), [[gust(8), 'none']]),
  galeRow('Ⅳ either, in three townships each', 'IV', [...times(3, wind(5)), ...times(3, gust(9))], [[gust(8), 'none']]),
  galeRow('Ⅲ 平均风力达6-7级以上', 'III', times(6, wind(6)), [[wind(5), 'IV']]),
  galeRow('Ⅲ 或者阵风10级以上', 'III', times(6, gust(10)), [[gust(9), 'IV']]),
  galeRow('Ⅱ 平均风力达8级以上', 'II', times(6, wind(8)), [[wind(7), 'III']]),
  galeRow('Ⅱ 或者阵风11级以上', 'II', times(6, gust(11)), [[gust(10), 'III']]),
  galeRow(
    'Ⅱ either, in three townships each',
    'II',
    [...times(3, wind(8)), ...times(3, gust(11))],
    [
      [gust(10), 'III'],
      [wind(7), 'III', 1],
    ],
  ),
];

const [HOT_AHEAD, HOT_SEEN] = ['48 h 最高气温预报 (forecast temperature max)', '48 h 气温实况 (observed temperature)'];
/** The day before yesterday, and the day after tomorrow. */
const hot = (temperature: number, temperature_max: number): Weather => ({
  before: { temperature },
  after: { temperature_max },
});
const heat: Row[] = [
  {
    text: 'Ⅳ 过去48小时6个以上乡镇最高气温≥37℃，预计未来48小时上述地区仍将持续出现37℃以上',
    has: times(6, hot(37, 37)),
    level: 'IV',
    below: [
      [hot(36.9, 37), 'none'],
      [hot(37, 36.9), 'none'],
    ],
    short: 'none',
    elsewhere: [hot(37, 36), hot(36, 37), 'none'],
    unforecast: ['none', HOT_AHEAD],
    silent: ['none', HOT_SEEN],
  },
  {
    text: 'Ⅲ 且有2个乡镇最高气温≥40℃',
    has: [...times(2, hot(40, 37)), ...times(4, hot(37, 37))],
    level: 'III',
    below: [
      [hot(36.9, 37), 'none'],
      [hot(37, 36.9), 'none'],
      [hot(39.9, 37), 'IV', 2],
    ],
    short: 'none',
    elsewhere: [hot(40, 36), hot(36, 40), 'none'],
    unforecast: ['none', HOT_AHEAD],
    silent: ['none', HOT_SEEN],
  },
];

const [TREND, DRY] = ['趋势预报 (forecast trend)', '48 h 气象干旱综合指数 MCI实况 (observed drought index)'];
const dry = (drought_index: number, trend = 'developing'): Weather => ({ hour: { drought_index }, trend });
const dryRow = (text: string, level: string, index: number, below: string): Row => ({
  text,
  has: times(6, dry(index)),
  level,
  below: [
    [dry(index + 0.01), below],
    [dry(index, 'easing'), 'none'],
  ],
  short: 'none',
  elsewhere: [dry(index, 'easing'), dry(0), 'none'],
  unforecast: ['none', TREND],
  silent: ['none', DRY],
});
/** Ⅰ prints the words of Ⅱ, and Ⅲ those of Ⅳ: rule (11) reaches them (thresholds-hazards-rule11.test.ts). Grades: GB/T 20481. */
const drought: Row[] = [
  dryRow('Ⅳ 6个以上乡镇已达到重旱 (MCI ≤ −1.5)，预计将进一步发展', 'IV', -1.5, 'none'),
  dryRow('Ⅱ 6个以上乡镇已达到特旱 (MCI ≤ −2)，预计将进一步发展', 'II', -2, 'IV'),
];

const frosty = (ground_temperature_min: number): Weather => ({ later: { ground_temperature_min } });
const frostRow = (text: string, level: string, degrees: number, below: string): Row => ({
  text,
  has: times(6, frosty(degrees)),
  level,
  below: [[frosty(degrees + 0.1), below]],
  short: 'none',
  unforecast: ['none', '24 h 地面最低温度预报 (forecast ground temperature min)'],
  silent: [level],
});
const frost: Row[] = [
  frostRow('Ⅳ 未来24小时6个乡镇地面最低温度将下降到0℃以下', 'IV', 0, 'none'),
  frostRow('Ⅲ 地面最低温度将下降到-3℃以下', 'III', -3, 'IV'),
  frostRow('Ⅱ 地面最低温度将下降到-5℃以下', 'II', -5, 'III'),
];

describe('寒潮 cold wave', () => describeRows('cold-wave', '附件6 (4) 寒潮', coldWave));
describe('大风 gale', () => describeRows('gale', '附件6 (5) 大风', gale));
describe('高温 high temperature', () => describeRows('high-temperature', '附件6 (7) 高温', heat));
describe('气象干旱 drought', () => describeRows('drought', '附件6 (8) 气象干旱', drought));
describe('霜冻 frost', () => describeRows('frost', '附件6 (9) 霜冻', frost));

it('上述地区 of Ⅲ: the two townships of 40 ℃ too must stay hot', () => {
  expect(levelOf(judge([...times(2, hot(40, 36)), ...times(6, hot(37, 37))]), 'high-temperature')).toBe('IV');
  expect(levelOf(judge([...times(2, hot(40, 37)), ...times(6, hot(37, 37))]), 'high-temperature')).toBe('III');
});

describe('frost harms farming from April to May and from September to October, unless a setting says otherwise', () => {
  const levelAfter = (days: number, given: object = {}): string => {
    const shell = openShell(given);
    const time = NOW + days * DAY;
    shell.tick(time - DAY);
    shell.take(...readingsOf(times(6, frosty(-9)), time));
    shell.tick(time);
    return levelOf(shell, 'frost');
  };
  // NOW is the 20th of May.
  it.each([
    [11, 'II'],
    [12, 'none'],
    [103, 'none'],
    [104, 'II'],
    [164, 'II'],
    [165, 'none'],
  ])('%d days on: %s', (days, level) => expect(levelAfter(days)).toBe(level));

  it('other dates', () => {
    const settings = { response: { frost_seasons: ['06-01/06-02'] } };
    expect([11, 12, 13, 14].map((days) => levelAfter(days, settings))).toEqual(['none', 'II', 'II', 'none']);
  });
});
