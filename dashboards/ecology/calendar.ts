import { AQI_STEPS } from '../lib/colours.ts';
import { type Language, sayIn } from '../lib/language.ts';
import { coloured } from '../lib/levels.ts';
import { table } from '../lib/panels.ts';
import { rows, where } from '../lib/query.ts';
import { lately } from '../lib/spans.ts';

// Grafana has no calendar. A table of months by days is one: the row's time is written out as JSON, `{"month":"2026-07","day":"20"}`, taken
// apart into two columns, and these span the matrix. All of it is Grafana's own.

const DAYS = Array.from({ length: 31 }, (_, i) => String(i + 1).padStart(2, '0'));
const CORNER = 'month\\day';

/** AQI of each day of a year, a row for each month. */
export const calendar = (language: Language) => {
  const say = sayIn(language);
  return table({
    title: say('年历：每日 AQI', 'Calendar of daily AQI'),
    description: say(
      '近一年每个北京日的全县 AQI，一行一个月，颜色为 HJ 633 的级别色。空格是没有有效 AQI 的日子（或没有这一天），不是优',
      'AQI of the county on each Beijing day of the last year, a row a month, in the colours of HJ 633. An empty cell is a day without a valid AQI (or no day at all), not a good one',
    ),
    unit: 'none',
    noData: say('无：近一年没有有效日', 'none: no valid day in the last year'),
    width: 24,
    height: 11,
    queries: [
      rows('A', `SELECT "aqi" FROM "aqi_day" WHERE "station" = 'county' AND ${where('county')} AND ${lately('366d')}`),
    ],
  })
    .transformations([
      {
        id: 'formatTime',
        options: {
          timeField: 'Time',
          outputFormat: '[{"month":"]YYYY-MM[","day":"]DD["}]',
          useTimezone: true,
          timezone: 'Asia/Shanghai',
        },
      },
      { id: 'extractFields', options: { source: 'Time', format: 'json', keepTime: false, replace: false } },
      {
        id: 'groupingToMatrix',
        options: { columnField: 'day', rowField: 'month', valueField: 'aqi', emptyValue: 'null' },
      },
      {
        id: 'organize',
        options: {
          indexByName: Object.fromEntries([CORNER, ...DAYS].map((name, index) => [name, index])),
          renameByName: { [CORNER]: say('月份', 'month') },
        },
      },
    ])
    .overrideByRegexp('/^[0-3][0-9]$/', [...coloured(AQI_STEPS), { id: 'custom.width', value: 44 }]);
};
