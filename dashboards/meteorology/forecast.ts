import { GraphDrawStyle } from '@grafana/grafana-foundation-sdk/common';
import { EDITION as WEATHER_PLAN } from '../../src/standards/weather-plan-2021.ts';
import { placeNames, rowsByName } from '../lib/by-name.ts';
import { cited } from '../lib/documents.ts';
import { type Language, sayIn } from '../lib/language.ts';
import { coloured, planRain } from '../lib/levels.ts';
import { table, timeSeries } from '../lib/panels.ts';
import { rows, series, where } from '../lib/query.ts';
import { lately } from '../lib/spans.ts';

// A weather day begins at 20:00 in Beijing, 12:00 UTC; so do the buckets, and a bucket's time is its start, as a figure's is. A forecast for
// 24 hours that was issued in the first hour of the day is held against the day.
const DAYS = 'time(1d, 12h)';

/** What is forecast, and what was forecast against what fell. */
export const forecastPanels = (language: Language) => {
  const say = sayIn(language);
  const plan = cited(WEATHER_PLAN, language);
  const ahead = say('24 小时雨量', 'rain of 24 h');
  return [
    rowsByName(
      table({
        title: say('各乡镇最新预报（24 小时）', 'Newest forecast for 24 h by township'),
        description: say(
          `各乡镇12小时内最新一次 24 小时预报。雨量的颜色按 ${plan}附件6 中仅凭预报即可达到的级别。没有行的乡镇缺预报：依赖预报的级别不升不降`,
          `the newest forecast for 24 h issued within 12 hours. Colours of rain are those of the levels of ${plan}, annex 6, that a forecast alone can make up. A township without a row has no forecast: levels that need one neither rise nor fall`,
        ),
        unit: 'none',
        noData: say('无：12小时内没有预报', 'none: no forecast within 12 hours'),
        width: 14,
        height: 10,
        queries: [
          rows(
            'A',
            `SELECT "rain", "rain_1h_max", "temperature_max", "temperature_min", "wind_force", "gust_force", "visibility" FROM "forecast" WHERE "window" = 'PT24H' AND "station" != 'county' AND ${where('county')} AND ${lately('12h')} GROUP BY "station" ORDER BY time DESC LIMIT 1`,
          ),
          placeNames(language),
        ],
      }),
      {
        name: say('乡镇', 'township'),
        rain: ahead,
        rain_1h_max: say('最大小时雨量', 'heaviest hour'),
        temperature_max: say('最高气温', 'highest temperature'),
        temperature_min: say('最低气温', 'lowest temperature'),
        wind_force: say('风力（级）', 'wind (Beaufort)'),
        gust_force: say('阵风（级）', 'gusts (Beaufort)'),
        visibility: say('能见度', 'visibility'),
        Time: say('发布时间', 'issued'),
      },
    )
      .overrideByName(ahead, [{ id: 'unit', value: 'lengthmm' }, ...coloured(planRain('forecast'))])
      .overrideByName(say('最大小时雨量', 'heaviest hour'), [{ id: 'unit', value: 'lengthmm' }])
      .overrideByRegexp(say('/气温$/', '/temperature$/'), [{ id: 'unit', value: 'celsius' }])
      .overrideByName(say('能见度', 'visibility'), [{ id: 'unit', value: 'lengthm' }]),
    timeSeries({
      title: say('预报与实况：日雨量', 'Forecast against what fell, by day'),
      description: say(
        '近30个气象日（20时起，标在开始时）：该日20时后第一次发布的 24 小时预报雨量，与该日实测雨量，均为有值乡镇的平均。只算每分钟都测到的站；还没过完的日子只有预报。日界设为08时的县不适用',
        'the last 30 weather days (from 20:00, at their start): rain of the first forecast for 24 h issued in the day, and rain that fell in it, each the mean of the townships that have it. Only gauges of which every minute was measured; a day not over has its forecast alone. Not for a county whose days begin at 08:00',
      ),
      unit: 'lengthmm',
      noData: say('无：近30日没有预报也没有完整的日雨量', 'none: neither forecasts nor whole days in 30 days'),
      width: 10,
      height: 10,
      queries: [
        series(
          'A',
          `SELECT mean("rain") AS "rain" FROM (SELECT first("rain") AS "rain" FROM "forecast" WHERE "window" = 'PT24H' AND "station" != 'county' AND ${where('county')} AND ${lately('30d')} GROUP BY ${DAYS}, "station" fill(none)) WHERE ${lately('31d')} GROUP BY ${DAYS} fill(null)`,
          say('预报', 'forecast'),
        ),
        series(
          'B',
          `SELECT mean("rain") AS "rain" FROM "weather_day" WHERE ${where('county')} AND ${lately('30d')} GROUP BY ${DAYS} fill(null)`,
          say('实况', 'fell'),
        ),
      ],
    })
      .timeFrom('30d')
      .drawStyle(GraphDrawStyle.Bars)
      .fillOpacity(50)
      .min(0),
  ];
};
