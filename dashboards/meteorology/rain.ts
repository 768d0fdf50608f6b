import {
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
} from '@grafana/grafana-foundation-sdk/common';
import { EDITION as WARNING_SIGNALS } from '../../src/standards/warning-signals-2007.ts';
import { EDITION as WEATHER_PLAN } from '../../src/standards/weather-plan-2021.ts';
import { curvesByName, placeNames, placesByName, rowsByName, townshipOf } from '../lib/by-name.ts';
import { cited } from '../lib/documents.ts';
import { type Language, sayIn } from '../lib/language.ts';
import { coloured, planRain, warningRain } from '../lib/levels.ts';
import { geomap, steps, table, timeSeries } from '../lib/panels.ts';
import { rows, where } from '../lib/query.ts';
import { byThresholds } from '../lib/scheme.ts';
import { lately } from '../lib/spans.ts';

const MM = 'lengthmm';
const HERE = `${where('station')} AND ${where('county')}`;

/** Rain by township: the last 1 to 24 hours, where, and how it came. */
export const rainPanels = (language: Language) => {
  const say = sayIn(language);
  const plan = cited(WEATHER_PLAN, language);
  const measures = cited(WARNING_SIGNALS, language);
  const fallen = (hours: number): string => say(`${hours} 小时`, `${hours} h`);
  const whole = say('24 小时完整', '24 h complete');
  const none = say('无：两小时内没有雨量', 'none: no rain figures within two hours');
  return [
    rowsByName(
      table({
        title: say('各乡镇雨量', 'Rain by township'),
        description: say(
          `最近整点前 1、3、6、12、24 小时各站已知的雨量。缺一段时它是下限：完整值列为空，雨可能更大，不会更小。3、6、12 小时的颜色是预警信号标准（${measures}），24 小时是 ${plan} 附件6 所列雨量，取其可达的最高级别`,
          `rain known to have fallen in the 1, 3, 6, 12 and 24 hours to the last whole hour. With a gap it is a lower bound, and the complete figure is absent: it can have been more, not less. Colours of 3, 6 and 12 h are those of the warning signals (${measures}), of 24 h the amounts of ${plan}, annex 6, by the highest level that they count for`,
        ),
        unit: MM,
        noData: none,
        width: 14,
        height: 12,
        queries: [
          rows(
            'A',
            `SELECT "h1_min", "h3_min", "h6_min", "h12_min", "h24_min", "h24" FROM "rain_rolling" WHERE ${HERE} AND ${lately('2h')} GROUP BY "station" ORDER BY time DESC LIMIT 1`,
          ),
          placeNames(language, townshipOf(language)),
        ],
      }),
      {
        township: say('乡镇', 'township'),
        name: say('站', 'station'),
        h1_min: fallen(1),
        h3_min: fallen(3),
        h6_min: fallen(6),
        h12_min: fallen(12),
        h24_min: fallen(24),
        h24: whole,
        Time: say('截至', 'to'),
      },
    )
      .decimals(1)
      .overrideByName(fallen(3), coloured(warningRain(3)))
      .overrideByName(fallen(6), coloured(warningRain(6)))
      .overrideByName(fallen(12), coloured(warningRain(12)))
      .overrideByName(fallen(24), coloured(planRain('observed'))),
    placesByName(
      geomap(
        {
          title: say('24 小时雨量分布', 'Rain of 24 h on the map'),
          description: say(
            `各站最近整点前24小时已知的雨量，颜色按 ${plan} 附件6 所列雨量。没有雨量的站不画，不等于没有雨`,
            `rain known to have fallen in 24 hours, by the amounts of ${plan}, annex 6. A station without figures is not drawn, which does not mean no rain`,
          ),
          unit: MM,
          noData: none,
          width: 10,
          height: 12,
          queries: [
            rows(
              'A',
              `SELECT last("h24_min") AS "rain" FROM "rain_rolling" WHERE ${HERE} AND ${lately('2h')} GROUP BY "station"`,
            ),
            placeNames(language, { longitude: 'longitude', latitude: 'latitude' }),
          ],
        },
        'rain',
      ),
    )
      .decimals(1)
      .thresholds(steps([null, 'light-blue'], ...planRain('observed').slice(1)))
      .colorScheme(byThresholds()),
    curvesByName(
      timeSeries({
        title: say('24 小时滑动雨量', 'Rolling rain of 24 h'),
        description: say(
          `各站每个整点前24小时已知的雨量（有缺测时为下限），横线是 ${plan} 附件6 所列的 24 小时雨量。断线处没有数据，不是零`,
          `rain known to have fallen in the 24 hours to each whole hour (a lower bound where there is a gap); lines are the amounts of 24 h of ${plan}, annex 6. A break is no data, not zero`,
        ),
        unit: MM,
        noData: say('所选时间内没有雨量', 'no rain figures in this time'),
        width: 12,
        height: 9,
        queries: [
          rows('A', `SELECT "h24_min" FROM "rain_rolling" WHERE $timeFilter AND ${HERE} GROUP BY "station"`),
          placeNames(language),
        ],
      }),
    )
      .min(0)
      .insertNulls(3_600_000)
      .thresholds(steps(...planRain('observed')))
      .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Line)),
    curvesByName(
      timeSeries({
        title: say('小时雨量', 'Rain by hour'),
        description: say(
          '各站每小时雨量，标在该小时开始；只有每分钟都测到的小时才有雨量，其余留空，不是零',
          'rain of each hour, at its start; only hours of which every minute was measured have it, others stay empty, which is not zero',
        ),
        unit: MM,
        noData: say('所选时间内没有雨量', 'no rain figures in this time'),
        width: 12,
        height: 9,
        queries: [
          rows('A', `SELECT "rain" FROM "weather_hour" WHERE $timeFilter AND ${HERE} GROUP BY "station"`),
          placeNames(language),
        ],
      }),
    )
      .min(0)
      .drawStyle(GraphDrawStyle.Bars)
      .fillOpacity(60),
  ];
};
