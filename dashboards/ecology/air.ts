import { AxisPlacement, VisibilityMode } from '@grafana/grafana-foundation-sdk/common';
import { EDITION as RANKING } from '../../src/standards/ranking-2014.ts';
import { arranged, curvesByName, placeNames } from '../lib/by-name.ts';
import { AQI_STEPS } from '../lib/colours.ts';
import { cited } from '../lib/documents.ts';
import { type Language, sayIn } from '../lib/language.ts';
import { coloured, yesNo } from '../lib/levels.ts';
import { barChart, stat, stateTimeline, steps, table, timeSeries } from '../lib/panels.ts';
import { rows, series, where } from '../lib/query.ts';
import { byThresholds } from '../lib/scheme.ts';
import { lately } from '../lib/spans.ts';
import { calendar } from './calendar.ts';

const COUNTY = `"station" = 'county' AND ${where('county')}`;

/** The chosen hours: AQI of each station, concentrations of the county. */
export const hourPanels = (language: Language) => {
  const say = sayIn(language);
  return [
    curvesByName(
      stateTimeline({
        title: say('各站小时 AQI', 'Hourly AQI by station'),
        description: say(
          '所选时间内各站每小时的 AQI，颜色为 HJ 633 的级别色；空格是没有有效 AQI 的小时，不是零',
          'AQI of each station in each hour, in the colours of HJ 633; a gap is an hour without a valid AQI, not zero',
        ),
        unit: 'none',
        noData: say('所选时间内没有有效的 AQI', 'no valid AQI in this time'),
        width: 14,
        height: 12,
        queries: [
          rows(
            'A',
            `SELECT "aqi" FROM "aqi_hour" WHERE $timeFilter AND "station" != 'county' AND ${where('station')} AND ${where('county')} GROUP BY "station"`,
          ),
          placeNames(language),
        ],
      }),
    )
      .thresholds(steps(...AQI_STEPS))
      .colorScheme(byThresholds())
      .mergeValues(false)
      // A figure is of one hour: it must not be drawn on over hours that have none.
      .insertNulls(3_600_000)
      .showValue(VisibilityMode.Never),
    timeSeries({
      title: say('全县小时浓度', 'Hourly concentrations of the county'),
      description: say(
        '考核站的小时均值（HJ 663）；一氧化碳为 mg/m³，见右轴。只画有效小时：站数或分钟数不足、缺测的小时留空，不是零',
        'means of the assessed stations (HJ 663); carbon monoxide in mg/m³ on the right. Only valid hours are drawn; a gap is an hour that is missing or invalid',
      ),
      unit: 'conμgm3',
      noData: say('所选时间内没有有效小时', 'no valid hour in this time'),
      width: 24,
      queries: [
        series(
          'A',
          `SELECT "pm25" AS "PM2.5", "pm10" AS "PM10", "o3" AS "O3", "no2" AS "NO2", "so2" AS "SO2", "co" AS "CO" FROM "air_hour" WHERE $timeFilter AND ${COUNTY} AND "valid" = true`,
          '$col',
        ),
      ],
    })
      .insertNulls(3_600_000)
      .overrideByName('CO', [
        { id: 'unit', value: 'conmgm3' },
        { id: 'custom.axisPlacement', value: AxisPlacement.Right },
      ]),
  ];
};

/** The year: good days against the target, the calendar, months, what pollutes. */
export const yearPanels = (language: Language) => {
  const say = sayIn(language);
  const ranking = cited(RANKING, language);
  return [
    stat(
      {
        title: say('今年优良天数与目标', 'Good days this year, and the target'),
        description: say(
          '今年至今 AQI 不大于 100 的天数、有 AQI 的天数、优良率、目标、尚需天数、剩余天数，以及今年至今的综合指数（数据量达标前只供参考）。目标是设置 air.good_days_target，未设置时目标三项为空',
          'days of this year with an AQI of 100 or less, days that have an AQI, their share, the target, good days still needed, days left, and the composite index so far (for information only until the year has enough data). The target is the setting air.good_days_target; what depends on it is absent without it',
        ),
        unit: 'none',
        noData: say('无：今年还没有有效日', 'none: no valid day this year'),
        width: 14,
        height: 5,
        queries: [
          rows(
            'A',
            `SELECT "good", "target", "needed", "days_left", "days", "good_ratio", "composite" FROM "air_year" WHERE ${COUNTY} AND ${lately('366d')} ORDER BY time DESC LIMIT 1`,
          ),
        ],
      },
      { fields: '/^(?!Time$)/' },
    )
      .overrideByName('good', [{ id: 'displayName', value: say('优良天数', 'good days') }])
      .overrideByName('target', [{ id: 'displayName', value: say('目标', 'target') }])
      .overrideByName('needed', [{ id: 'displayName', value: say('尚需', 'still needed') }])
      .overrideByName('days_left', [{ id: 'displayName', value: say('剩余天数', 'days left') }])
      .overrideByName('days', [{ id: 'displayName', value: say('有效天数', 'days with AQI') }])
      .overrideByName('good_ratio', [
        { id: 'displayName', value: say('优良率', 'share') },
        { id: 'unit', value: 'percent' },
        { id: 'decimals', value: 1 },
      ])
      .overrideByName('composite', [
        { id: 'displayName', value: say('综合指数', 'composite index') },
        { id: 'decimals', value: 2 },
      ]),
    barChart({
      title: say('近一年首要污染物天数', 'Days by primary pollutant, last year'),
      description: say(
        '近 366 日中各首要污染物（HJ 633，日评价）的天数；并列时为一组。AQI 不大于 50 的日子没有首要污染物，不在其中',
        'days of the last 366 by their primary pollutants (HJ 633); tied ones are a group of their own. Days with an AQI of 50 or less have none and are not among them',
      ),
      unit: 'none',
      noData: say('无：近一年没有 AQI 大于 50 的日子', 'none: no day with an AQI above 50'),
      width: 10,
      height: 5,
      queries: [
        rows('A', `SELECT "primary", "aqi" FROM "aqi_day" WHERE ${COUNTY} AND "aqi" > 50 AND ${lately('366d')}`),
      ],
    })
      .withTransformation({
        id: 'groupBy',
        options: {
          fields: {
            primary: { operation: 'groupby', aggregations: [] },
            aqi: { operation: 'aggregate', aggregations: ['count'] },
          },
        },
      })
      .xField('primary')
      .overrideByRegexp('/count/', [{ id: 'displayName', value: say('天数', 'days') }]),
    calendar(language),
    table({
      title: say('各月空气质量', 'Air by month'),
      description: say(
        `全县各月的综合指数（${ranking}，六项齐全才有）、单项指数最高的污染物、优良天数与优良率、各项均值与百分位。有效列为“否”的月份数据量未达 GB 3095 要求（当月一直如此），只供参考`,
        `composite index of each month (${ranking}; only with all six items), the items with the highest single index, good days and their share, means and percentiles. A month that is not valid has less data than GB 3095 asks (so has the month under way): for information only`,
      ),
      unit: 'none',
      noData: say('无：还没有月统计', 'none: no month yet'),
      width: 24,
      height: 8,
      queries: [
        rows(
          'A',
          `SELECT "composite", "primary", "good", "days", "good_ratio", "pm25", "pm10", "o3_p90", "no2", "so2", "co_p95", "valid" FROM "air_month" WHERE ${COUNTY} AND ${lately('400d')} ORDER BY time DESC`,
        ),
      ],
    })
      .decimals(1)
      .withTransformation(
        arranged({
          Time: say('月份', 'month'),
          composite: say('综合指数', 'composite index'),
          primary: say('首要污染物', 'primary'),
          good: say('优良天数', 'good days'),
          days: say('有效天数', 'days with AQI'),
          good_ratio: say('优良率 %', 'share %'),
          pm25: 'PM2.5 µg/m³',
          pm10: 'PM10 µg/m³',
          o3_p90: 'O3 P90 µg/m³',
          no2: 'NO2 µg/m³',
          so2: 'SO2 µg/m³',
          co_p95: 'CO P95 mg/m³',
          valid: say('数据量达标', 'valid'),
        }),
      )
      .overrideByName(say('月份', 'month'), [{ id: 'unit', value: 'time:YYYY-MM' }])
      .overrideByName(say('综合指数', 'composite index'), [{ id: 'decimals', value: 2 }])
      .overrideByRegexp(say('/天数$/', '/days/'), [{ id: 'decimals', value: 0 }])
      .overrideByName(say('数据量达标', 'valid'), coloured(undefined, yesNo(language))),
  ];
};
