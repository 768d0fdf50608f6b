// 沁政办发〔2021〕19号 附件6 (3) 强对流, (6) 沙尘暴, (10) 雾: what is forecast, or is there and may go on. Numbers copied from the plan's text.
import { describe, expect, it } from 'vitest';
import { describeRows, type Row } from './support/hazard-rows.ts';
import { judge, levelOf, times, verdictOf, type Weather } from './support/hazards.ts';

const ahead = (hours: number): string[] => [
  `${hours} h 冰雹直径预报 (forecast hail)`,
  `${hours} h 最大小时雨量预报 (forecast rain 1h max)`,
  `${hours} h 阵风风速预报 (forecast gust)`,
];
const SEEN = ['1 h 冰雹直径实况 (observed hail)', '1 h 降水量实况 (observed rain)', '1 h 阵风风速实况 (observed gust)'];
const thunder = { phenomena: ['thunderstorm'] };

const convection: Row[] = [
  {
    text: 'Ⅳ 未来24小时内6个及以上乡镇可能出现3mm以上的冰雹',
    has: times(6, { later: { hail: 3 } }),
    level: 'IV',
    below: [[{ later: { hail: 2.9 } }, 'none']],
    short: 'none',
    unforecast: ['none', ...ahead(24)],
    silent: ['IV'],
  },
  {
    text: 'Ⅳ 未来24小时内1小时降水量大于等于20毫米',
    has: times(6, { later: { rain_1h_max: 20 } }),
    level: 'IV',
    below: [
      [{ later: { rain_1h_max: 19.9 } }, 'none'],
      // An hour's rain, not the day's.
      [{ later: { rain: 20 } }, 'none'],
    ],
    short: 'none',
    unforecast: ['none', ...ahead(24)],
    silent: ['IV'],
  },
  {
    text: 'Ⅳ 未来24小时内雷电活动并伴有17m/s及以上的雷暴大风',
    has: times(6, { later: { gust: 17 }, ...thunder }),
    level: 'IV',
    below: [
      [{ later: { gust: 16.9 }, ...thunder }, 'none'],
      [{ later: { gust: 17 } }, 'none'],
    ],
    short: 'none',
    unforecast: ['none', ...ahead(24)],
    silent: ['IV'],
  },
  {
    text: 'Ⅳ 实况已达到3mm以上的冰雹并将持续',
    has: times(6, { hour: { hail: 3 } }),
    level: 'IV',
    below: [[{ hour: { hail: 2.9 } }, 'none']],
    short: 'none',
    unforecast: ['IV'],
    silent: ['none', ...SEEN],
  },
  {
    text: 'Ⅳ 下列条件之一: two townships each',
    has: [
      ...times(2, { later: { hail: 3 } }),
      ...times(2, { later: { rain_1h_max: 20 } }),
      ...times(2, { hour: { hail: 3 } }),
    ],
    level: 'IV',
    below: [[{ hour: { hail: 2.9 } }, 'none']],
    short: 'none',
    unforecast: ['IV'],
    silent: ['none', ...SEEN],
  },
  {
    text: 'Ⅲ 未来12小时内6个乡镇及以上可能出现5mm以上的冰雹',
    has: times(6, { soon: { hail: 5 } }),
    level: 'III',
    below: [
      [{ soon: { hail: 4.9 } }, 'IV'],
      [{ later: { hail: 5 } }, 'IV'],
    ],
    short: 'none',
    unforecast: ['none', ...ahead(24), ...ahead(12)],
    silent: ['III'],
  },
  {
    text: 'Ⅲ 未来12小时内1小时降水量大于等于20毫米',
    has: times(6, { soon: { rain_1h_max: 20 } }),
    level: 'III',
    below: [
      [{ soon: { rain_1h_max: 19.9 } }, 'none'],
      [{ later: { rain_1h_max: 20 } }, 'IV'],
    ],
    short: 'none',
    unforecast: ['none', ...ahead(24), ...ahead(12)],
    silent: ['III'],
  },
  {
    text: 'Ⅲ 未来12小时内雷电活动并伴有17m/s及以上的雷暴大风',
    has: times(6, { soon: { gust: 17 }, ...thunder }),
    level: 'III',
    below: [
      [{ soon: { gust: 16.9 }, ...thunder }, 'none'],
      [{ soon: { gust: 17 } }, 'none'],
      [{ later: { gust: 17 }, ...thunder }, 'IV'],
    ],
    short: 'none',
    unforecast: ['none', ...ahead(24), ...ahead(12)],
    silent: ['III'],
  },
  {
    text: 'Ⅲ 实况已达到5mm以上的冰雹并将持续',
    has: times(6, { hour: { hail: 5 } }),
    level: 'III',
    below: [[{ hour: { hail: 4.9 } }, 'IV']],
    short: 'none',
    unforecast: ['III'],
    silent: ['none', ...SEEN],
  },
  {
    text: 'Ⅲ 实况1小时降水量大于等于20毫米并将持续',
    has: times(6, { hour: { rain: 20 } }),
    level: 'III',
    below: [
      [{ hour: { rain: 19.9 } }, 'none'],
      // 20 mm in 23 h are not in one.
      [{ day: { rain: 20 } }, 'none'],
    ],
    short: 'none',
    unforecast: ['III'],
    silent: ['none', ...SEEN],
  },
  {
    text: 'Ⅲ 实况雷电活动并伴有17m/s及以上的雷暴大风并将持续',
    has: times(6, { hour: { gust: 17, lightning: 1 } }),
    level: 'III',
    below: [
      [{ hour: { gust: 16.9, lightning: 1 } }, 'none'],
      [{ hour: { gust: 17, lightning: 0 } }, 'none'],
    ],
    short: 'none',
    unforecast: ['III'],
    silent: ['none', ...SEEN],
  },
];

const [DIM_24, DIM_12] = ['24 h 最低能见度预报 (forecast visibility)', '12 h 最低能见度预报 (forecast visibility)'];
const DIM = '1 h 能见度实况 (observed visibility)';
/** Visibility of the next 12 hours, of those up to 24, of the last hour. */
const soon = (phenomenon: string, visibility: number): Weather => ({ soon: { visibility }, phenomena: [phenomenon] });
const later = (phenomenon: string, visibility: number): Weather => ({ later: { visibility }, phenomena: [phenomenon] });
const now = (phenomenon: string, visibility: number): Weather => ({ hour: { visibility }, phenomena: [phenomenon] });

const sandstorm: Row[] = [
  {
    text: 'Ⅳ 预计未来24小时6个以上乡镇将出现能见度小于1000米的沙尘暴',
    has: times(6, later('sandstorm', 999)),
    level: 'IV',
    below: [
      [later('sandstorm', 1000), 'none'],
      [later('fog', 999), 'none'],
    ],
    short: 'none',
    unforecast: ['none', DIM_24],
    silent: ['IV'],
  },
  {
    text: 'Ⅳ 或者已经出现并可能持续',
    has: times(6, now('sandstorm', 999)),
    level: 'IV',
    below: [
      [now('sandstorm', 1000), 'none'],
      [now('haze', 999), 'none'],
    ],
    short: 'none',
    unforecast: ['IV'],
    silent: ['none', DIM],
  },
  {
    text: 'Ⅲ 预计未来12小时6个以上乡镇将出现能见度小于500米的强沙尘暴',
    has: times(6, soon('sandstorm', 499)),
    level: 'III',
    below: [
      [soon('sandstorm', 500), 'IV'],
      [later('sandstorm', 499), 'IV'],
    ],
    short: 'none',
    unforecast: ['none', DIM_24, DIM_12],
    silent: ['III'],
  },
  {
    text: 'Ⅲ 或者已经出现并可能持续',
    has: times(6, now('sandstorm', 499)),
    level: 'III',
    below: [[now('sandstorm', 500), 'IV']],
    short: 'none',
    unforecast: ['III'],
    silent: ['none', DIM],
  },
];

const fog: Row[] = [
  {
    text: 'Ⅳ 预计未来24小时6个以上乡镇将出现能见度小于1000米的雾，且有成片 (2) 的能见度小于500米的雾',
    has: [...times(2, later('fog', 499)), ...times(4, later('fog', 999))],
    level: 'IV',
    below: [
      [later('fog', 1000), 'none'],
      [later('haze', 999), 'none'],
      [later('fog', 500), 'none', 2],
    ],
    short: 'none',
    unforecast: ['none', DIM_24],
    silent: ['IV'],
  },
  {
    text: 'Ⅳ 或者已经出现并可能持续',
    has: [...times(2, now('fog', 499)), ...times(4, now('fog', 999))],
    level: 'IV',
    below: [
      [now('fog', 1000), 'none'],
      [now('fog', 500), 'none', 1],
    ],
    short: 'none',
    unforecast: ['IV'],
    silent: ['none', DIM],
  },
  {
    text: 'Ⅲ 预计未来24小时6个以上乡镇将出现能见度小于500米的雾，且有成片 (2) 的能见度小于200米的雾',
    has: [...times(2, later('fog', 199)), ...times(4, later('fog', 499))],
    level: 'III',
    below: [
      [later('fog', 500), 'IV'],
      [later('fog', 200), 'IV', 2],
    ],
    short: 'none',
    unforecast: ['none', DIM_24],
    silent: ['III'],
  },
  {
    text: 'Ⅲ 或者已经出现并可能持续',
    has: [...times(2, now('fog', 199)), ...times(4, now('fog', 499))],
    level: 'III',
    below: [
      [now('fog', 500), 'IV'],
      [now('fog', 200), 'IV', 2],
    ],
    short: 'none',
    unforecast: ['III'],
    silent: ['none', DIM],
  },
];

describe('强对流 severe convection', () => describeRows('severe-convection', '附件6 (3) 强对流', convection));
describe('沙尘暴 sandstorm', () => describeRows('sandstorm', '附件6 (6) 沙尘暴', sandstorm));
describe('雾 fog', () => describeRows('fog', '附件6 (10) 雾', fog));

it('a township counts once, however many of the conditions it meets', () => {
  const all: Weather = { soon: { hail: 9, rain_1h_max: 40 }, hour: { hail: 9, rain: 40 } };
  expect(levelOf(judge(times(5, all)), 'severe-convection')).toBe('none');
});

describe('what goes on: response.going_on', () => {
  const onlyForecasts = { response: { going_on: false } };
  it.each([
    ['severe-convection', times(6, { hour: { hail: 9, rain: 40 } }), times(6, { soon: { hail: 9 } })],
    ['sandstorm', times(6, now('sandstorm', 99)), times(6, soon('sandstorm', 99))],
    ['fog', times(6, now('fog', 99)), times(6, soon('fog', 99))],
  ])('%s: what the gauges show raises nothing where it is off', (hazard, seen, forecast) => {
    expect(levelOf(judge(seen), hazard)).toBe('III');
    expect(levelOf(judge(seen, onlyForecasts), hazard)).toBe('none');
    expect(levelOf(judge(forecast, onlyForecasts), hazard)).toBe('III');
  });
});

it('成片 is a setting: of three townships', () => {
  const two = [...times(2, later('fog', 499)), ...times(4, later('fog', 999))];
  const patch = { response: { fog_patch: 3 } };
  expect(levelOf(judge(two, patch), 'fog')).toBe('none');
  expect(levelOf(judge([later('fog', 499), ...two], patch), 'fog')).toBe('IV');
});

it('a phenomenon that no message tells of is not known: visibility by itself raises nothing, and says so', () => {
  const shell = judge(times(6, { silent: true, later: { visibility: 300 } }));
  expect(levelOf(shell, 'fog')).toBe('none');
  expect(verdictOf(shell, 'fog')).toMatchObject({ least: 0, most: 2, lacking: [`${DIM}: t1 t2 t3 t4 t5 t6`] });
});
