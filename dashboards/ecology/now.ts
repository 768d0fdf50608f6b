import { BigValueColorMode, BigValueGraphMode } from '@grafana/grafana-foundation-sdk/common';
import { EDITION as ACTION_PLAN } from '../../src/standards/air-action-plan-2021.ts';
import { arranged, placeNames, placesByName } from '../lib/by-name.ts';
import { AQI_STEPS } from '../lib/colours.ts';
import { cited } from '../lib/documents.ts';
import { type Language, sayIn } from '../lib/language.ts';
import { coloured, levelWords, signalStates } from '../lib/levels.ts';
import { geomap, stat, steps, table } from '../lib/panels.ts';
import { rows, series, where } from '../lib/query.ts';
import { byThresholds } from '../lib/scheme.ts';
import { lately } from '../lib/spans.ts';

/** Kinds of signals that are the ecology bureau's. */
export const ECOLOGY_KINDS = 'dustfall-rectification|dustfall-assessment|heavy-pollution|water-section|emission';

const COUNTY = `"station" = 'county' AND ${where('county')}`;

/** What is the matter now: the county's AQI, what makes it, what is in force, and where. */
export const nowPanels = (language: Language) => {
  const say = sayIn(language);
  const action = cited(ACTION_PLAN, language);
  const noAqi = say('无：三小时内没有有效的 AQI', 'none: no valid AQI within three hours');
  return [
    stat({
      title: say('全县 AQI 现在', 'AQI of the county now'),
      description: say(
        '最近一小时的全县 AQI（考核站均值，按数据日期适用的 HJ 633），颜色为标准规定。数据不足的小时没有 AQI，不以零代替；三小时内都没有时不显示',
        'AQI of the last hour, from the mean of the assessed stations, by the edition of HJ 633 of that date, in its colours. An hour with too little data has none: it is not zero; after three hours without one nothing is shown',
      ),
      unit: 'none',
      noData: noAqi,
      width: 4,
      height: 6,
      queries: [series('A', `SELECT last("aqi") AS "aqi" FROM "aqi_hour" WHERE ${COUNTY} AND ${lately('3h')}`, 'AQI')],
    })
      .thresholds(steps(...AQI_STEPS))
      .colorMode(BigValueColorMode.Background)
      .graphMode(BigValueGraphMode.None),
    stat(
      {
        title: say('首要污染物 现在', 'Primary pollutant now'),
        description: say(
          '最近一小时的首要污染物（HJ 633）；AQI 不大于 50 时没有首要污染物，并列时用分号隔开',
          'primary pollutants of the last hour (HJ 633); at an AQI of 50 and below there is none, tied ones are joined by a semicolon',
        ),
        unit: 'string',
        noData: say('无：AQI ≤ 50，或没有有效的 AQI', 'none: AQI ≤ 50, or no valid AQI'),
        width: 4,
        height: 6,
        queries: [
          rows(
            'A',
            `SELECT "aqi", "primary" FROM "aqi_hour" WHERE ${COUNTY} AND ${lately('3h')} ORDER BY time DESC LIMIT 1`,
          ),
        ],
      },
      { fields: '/^primary$/' },
    ).graphMode(BigValueGraphMode.None),
    stat({
      title: say('昨日 AQI', 'AQI of the last day'),
      description: say(
        '最近一个北京日的全县 AQI（HJ 633，日评价）。一日有效数据不足时没有 AQI，也不计入优良天数',
        'AQI of the county on the last whole Beijing day (HJ 633). A day with too little valid data has none, and counts as no good day',
      ),
      unit: 'none',
      noData: say('无：当日数据不足', 'none: too little data that day'),
      width: 4,
      height: 6,
      queries: [series('A', `SELECT last("aqi") AS "aqi" FROM "aqi_day" WHERE ${COUNTY} AND ${lately('2d')}`, 'AQI')],
    })
      .thresholds(steps(...AQI_STEPS))
      .colorMode(BigValueColorMode.Background)
      .graphMode(BigValueGraphMode.None),
    table({
      title: say('生效的预警与超标', 'Signals in force'),
      description: say(
        `生态环境类信号中尚未结束的：降尘整治与考核（${action}）、重污染天气、断面水质、排口超标。一个都没有时为空`,
        `signals of the ecology bureau that have not ended: dustfall (${action}), heavy pollution, water sections, outlets. Empty when there is none`,
      ),
      unit: 'string',
      noData: say('无：没有生效的信号', 'none in force'),
      width: 12,
      height: 6,
      queries: [
        rows(
          'A',
          `SELECT "title", "subject", "level", "state" FROM (SELECT last("rank") AS "rank", "title", "level", "state" FROM "signal" WHERE "kind" =~ /^(${ECOLOGY_KINDS})$/ AND ${where('county')} AND ${lately('400d')} GROUP BY "kind", "subject") WHERE "rank" > 0`,
        ),
      ],
    })
      .withTransformation(
        arranged({
          title: say('信号', 'signal'),
          subject: say('对象', 'subject'),
          level: say('级别', 'level'),
          state: say('状态', 'state'),
          Time: say('变化时间', 'changed'),
        }),
      )
      .overrideByName(say('级别', 'level'), coloured(undefined, levelWords(language)))
      .overrideByName(say('状态', 'state'), coloured(undefined, signalStates(language))),
    placesByName(
      geomap(
        {
          title: say('各站 AQI 现在', 'AQI by station now'),
          description: say(
            '各空气站三小时内最近一个有效小时的 AQI，颜色为 HJ 633 的级别色。没有有效 AQI 的站不画，不等于空气好',
            'AQI of each station in its last valid hour of the last three, in the colours of HJ 633. A station without a valid AQI is not drawn, which does not mean clean air',
          ),
          unit: 'none',
          noData: noAqi,
          width: 10,
          height: 12,
          queries: [
            rows(
              'A',
              `SELECT last("aqi") AS "aqi" FROM "aqi_hour" WHERE "station" != 'county' AND ${where('station')} AND ${where('county')} AND ${lately('3h')} GROUP BY "station"`,
            ),
            placeNames(language, { longitude: 'longitude', latitude: 'latitude' }),
          ],
        },
        'aqi',
      ),
    )
      .thresholds(steps(...AQI_STEPS))
      .colorScheme(byThresholds()),
  ];
};
