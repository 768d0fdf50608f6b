// 沁政办发〔2021〕19号 附件6 (1) 暴雨, (2) 暴雪: every clause of every level, its numbers copied from the text of the plan.
import { describe } from 'vitest';
import { describeRows, type Row } from './support/hazard-rows.ts';
import { times } from './support/hazards.ts';

const [FORECAST, GAUGE] = ['24 h 降水量预报 (forecast rain)', '24 h 降水量实况 (observed rain)'];

const rainstorm: Row[] = [
  {
    text: 'Ⅳ 预计未来24小时有6个以上乡镇出现≥50毫米降雨',
    has: times(6, { soon: { rain: 30 }, later: { rain: 20 } }),
    level: 'IV',
    below: [[{ soon: { rain: 30 }, later: { rain: 19.9 } }, 'none']],
    short: 'none',
    unforecast: ['none', FORECAST],
    silent: ['IV'],
  },
  {
    text: 'Ⅳ 已有4个以上乡镇出现≥50毫米降雨，且预计仍将出现较强降雨 (25 mm)',
    has: times(4, { day: { rain: 50 }, soon: { rain: 25 } }),
    level: 'IV',
    below: [
      [{ day: { rain: 49.9 }, soon: { rain: 25 } }, 'none'],
      [{ day: { rain: 50 }, soon: { rain: 24.9 } }, 'none'],
    ],
    short: 'none',
    elsewhere: [{ day: { rain: 50 } }, { soon: { rain: 25 } }, 'none'],
    unforecast: ['none', FORECAST],
    silent: ['none', GAUGE],
  },
  {
    text: 'Ⅲ 预计未来24小时有3个以上乡镇出现≥100毫米降雨',
    has: times(3, { soon: { rain: 100 } }),
    level: 'III',
    below: [[{ soon: { rain: 99.9 } }, 'none']],
    short: 'none',
    unforecast: ['none', FORECAST],
    silent: ['III'],
  },
  {
    text: 'Ⅲ 过去24小时已有6个以上乡镇出现≥50毫米降雨，且预计上述区域仍将出现50毫米以上降雨',
    has: times(6, { day: { rain: 50 }, soon: { rain: 50 } }),
    level: 'III',
    below: [
      [{ day: { rain: 49.9 }, soon: { rain: 50 } }, 'IV'],
      [{ day: { rain: 50 }, soon: { rain: 49.9 } }, 'IV'],
    ],
    short: 'IV',
    // Six have 50 mm expected: Ⅳ.
    elsewhere: [{ day: { rain: 50 } }, { soon: { rain: 50 } }, 'IV'],
    unforecast: ['IV', FORECAST],
    silent: ['IV', GAUGE],
  },
  {
    text: 'Ⅱ 预计未来24小时有6个以上乡镇出现≥100毫米降雨',
    has: times(6, { soon: { rain: 100 } }),
    level: 'II',
    below: [[{ soon: { rain: 99.9 } }, 'III']],
    short: 'III',
    unforecast: ['III', FORECAST],
    silent: ['II'],
  },
  {
    text: 'Ⅱ 已有2个以上乡镇出现≥150毫米降雨',
    has: times(2, { day: { rain: 100 }, hour: { rain: 50 } }),
    level: 'II',
    below: [[{ day: { rain: 100 }, hour: { rain: 49.9 } }, 'none']],
    short: 'none',
    unforecast: ['II'],
    silent: ['none', GAUGE],
  },
  {
    text: 'Ⅱ 已有3个以上乡镇出现≥100毫米降雨，且预计上述区域仍将出现50毫米以上降雨',
    has: times(3, { day: { rain: 100 }, soon: { rain: 50 } }),
    level: 'II',
    below: [
      [{ day: { rain: 99.9 }, soon: { rain: 50 } }, 'none'],
      [{ day: { rain: 100 }, soon: { rain: 49.9 } }, 'none'],
    ],
    short: 'none',
    elsewhere: [{ day: { rain: 100 } }, { soon: { rain: 50 } }, 'none'],
    unforecast: ['none', FORECAST],
    silent: ['none', GAUGE],
  },
  {
    text: 'Ⅰ 过去24小时已有3个以上乡镇日降雨量≥150毫米，且预计上述区域仍将出现50毫米以上降雨',
    has: times(3, { day: { rain: 150 }, soon: { rain: 50 } }),
    level: 'I',
    // Two of 150 mm are Ⅱ.
    below: [
      [{ day: { rain: 149.9 }, soon: { rain: 50 } }, 'II'],
      [{ day: { rain: 150 }, soon: { rain: 49.9 } }, 'II'],
    ],
    short: 'II',
    elsewhere: [{ day: { rain: 150 } }, { soon: { rain: 50 } }, 'II'],
    unforecast: ['II', FORECAST],
    silent: ['II', GAUGE],
  },
];

const [SNOW_AHEAD, SNOW_FELL] = [
  '24 h 降雪量（折算成水）预报 (forecast snow)',
  '24 h 降雪量（折算成水）实况 (observed snow)',
];

const snowstorm: Row[] = [
  {
    text: 'Ⅳ 预计未来24小时有8个以上乡镇出现≥5毫米降雪',
    has: times(8, { soon: { snow: 3 }, later: { snow: 2 } }),
    level: 'IV',
    below: [[{ soon: { snow: 3 }, later: { snow: 1.9 } }, 'none']],
    short: 'none',
    unforecast: ['none', SNOW_AHEAD],
    silent: ['IV'],
  },
  {
    text: 'Ⅳ 已有6个以上乡镇出现≥5毫米降雪，且预计上述区域降雪仍将持续',
    has: times(6, { day: { snow: 5 }, soon: { snow: 0.1 } }),
    level: 'IV',
    below: [
      [{ day: { snow: 4.9 }, soon: { snow: 0.1 } }, 'none'],
      [{ day: { snow: 5 }, soon: { snow: 0 } }, 'none'],
    ],
    short: 'none',
    elsewhere: [{ day: { snow: 5 } }, { soon: { snow: 0.1 } }, 'none'],
    unforecast: ['none', SNOW_AHEAD],
    silent: ['none', SNOW_FELL],
  },
  {
    text: 'Ⅲ 预计未来24小时有8个以上乡镇出现≥10毫米降雪',
    has: times(8, { soon: { snow: 10 } }),
    level: 'III',
    below: [[{ soon: { snow: 9.9 } }, 'IV']],
    short: 'none',
    unforecast: ['none', SNOW_AHEAD],
    silent: ['III'],
  },
  {
    text: 'Ⅲ 过去24小时已有6个以上乡镇出现≥10毫米降雪，且预计上述区域仍将出现5毫米以上降雪',
    has: times(6, { day: { snow: 10 }, soon: { snow: 5 } }),
    level: 'III',
    below: [
      [{ day: { snow: 9.9 }, soon: { snow: 5 } }, 'IV'],
      [{ day: { snow: 10 }, soon: { snow: 4.9 } }, 'IV'],
    ],
    short: 'none',
    elsewhere: [{ day: { snow: 10 } }, { soon: { snow: 5 } }, 'none'],
    unforecast: ['none', SNOW_AHEAD],
    silent: ['none', SNOW_FELL],
  },
  {
    text: 'Ⅱ 预计未来24小时有6个以上乡镇出现≥20毫米降雪',
    has: times(6, { soon: { snow: 20 } }),
    level: 'II',
    below: [[{ soon: { snow: 19.9 } }, 'none']],
    short: 'none',
    unforecast: ['none', SNOW_AHEAD],
    silent: ['II'],
  },
  {
    text: 'Ⅱ 过去24小时已有4个以上县 (read as 乡镇) 出现≥15毫米降雪，且预计上述区域仍将出现5毫米以上降雪',
    has: times(4, { day: { snow: 15 }, soon: { snow: 5 } }),
    level: 'II',
    below: [
      [{ day: { snow: 14.9 }, soon: { snow: 5 } }, 'none'],
      [{ day: { snow: 15 }, soon: { snow: 4.9 } }, 'none'],
    ],
    short: 'none',
    elsewhere: [{ day: { snow: 15 } }, { soon: { snow: 5 } }, 'none'],
    unforecast: ['none', SNOW_AHEAD],
    silent: ['none', SNOW_FELL],
  },
  {
    text: 'Ⅰ 过去24小时已有6个以上乡镇日降雪量≥20毫米，且预计上述区域仍将出现10毫米以上降雪',
    has: times(6, { day: { snow: 20 }, soon: { snow: 10 } }),
    level: 'I',
    below: [
      [{ day: { snow: 19.9 }, soon: { snow: 10 } }, 'II'],
      [{ day: { snow: 20 }, soon: { snow: 9.9 } }, 'II'],
    ],
    // Five are four and more of 15 mm.
    short: 'II',
    elsewhere: [{ day: { snow: 20 } }, { soon: { snow: 10 } }, 'none'],
    unforecast: ['II', SNOW_AHEAD],
    silent: ['II', SNOW_FELL],
  },
];

describe('暴雨 rainstorm', () => describeRows('rainstorm', '附件6 (1) 暴雨', rainstorm));
describe('暴雪 snowstorm', () => describeRows('snowstorm', '附件6 (2) 暴雪', snowstorm));
