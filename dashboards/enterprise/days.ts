import { VisibilityMode } from '@grafana/grafana-foundation-sdk/common';
import { STATUSES } from '../../src/processors/compliance-rows.ts';
import { curvesByName, placeNames, rowsByName } from '../lib/by-name.ts';
import { BAD, GOOD } from '../lib/colours.ts';
import { type Language, sayIn } from '../lib/language.ts';
import { barChart, stat, steps, timeSeries } from '../lib/panels.ts';
import { rows, series, where } from '../lib/query.ts';

const OUTLET = where('outlet');
const DAYS = `FROM "emission_compliance_day" WHERE $timeFilter AND ${OUTLET}`;

const STATES: Readonly<Record<(typeof STATUSES)[number], readonly [string, string]>> = {
  running: ['运行', 'running'],
  starting: ['启动', 'starting'],
  stopping: ['停炉', 'stopping'],
  stopped: ['停运', 'standing'],
  fault: ['故障', 'fault'],
  calibration: ['校准', 'calibration'],
};

/** Numbers of the chosen days. */
export const ratePanels = (language: Language) => {
  const say = sayIn(language);
  const small = { width: 6, height: 5 };
  return [
    stat({
      ...small,
      title: say('达标率', 'Compliance rate'),
      description: say(
        '所选各日内，未超标小时占可判定小时的比例。停运、标记与数据不足的小时不判定，不计入',
        'hours within the limits over hours that could be judged, on the chosen days. Standing, marked and incomplete hours are not judged and do not count',
      ),
      unit: 'percentunit',
      noData: say('没有可判定的小时', 'no hour could be judged'),
      queries: [
        series('A', `SELECT 1 - sum("hours_exceeded") / sum("hours_judged") ${DAYS}`, say('达标率', 'compliance')),
      ],
    })
      .decimals(2)
      .thresholds(steps([null, BAD], [1, GOOD])),
    stat({
      ...small,
      title: say('超标小时', 'Hours above the permit'),
      description: say(
        '所选各日内，任一因子折算浓度超过许可限值的小时数',
        'hours of the chosen days in which any converted concentration was above its limit',
      ),
      unit: 'none',
      noData: say('没有可判定的小时', 'no hour could be judged'),
      queries: [series('A', `SELECT sum("hours_exceeded") ${DAYS}`, say('小时', 'hours'))],
    }).thresholds(steps([null, GOOD], [1, BAD])),
    stat({
      ...small,
      title: say('数据传输率', 'Data transfer rate'),
      description: say(
        '收到的读数占应收的比例，每小时最多计为完整一小时；没有数据的小时算作未收到。整日无数据的日子没有记录，不在其中',
        'readings received over readings due, no hour counting for more than whole; an hour without any counts as not received. A day without any has no row and is not in it',
      ),
      unit: 'percentunit',
      noData: say('没有数据', 'no data'),
      queries: [series('A', `SELECT mean("transfer") ${DAYS}`, say('传输率', 'transfer'))],
    }).decimals(2),
    stat({
      ...small,
      title: say('可判定小时', 'Hours judged'),
      description: say('所选各日内可判定的小时数', 'hours of the chosen days that could be judged'),
      unit: 'none',
      noData: say('没有可判定的小时', 'no hour could be judged'),
      queries: [series('A', `SELECT sum("hours_judged") ${DAYS}`, say('小时', 'hours'))],
    }),
  ];
};

/** Day by day. */
export const dayPanels = (language: Language) => {
  const say = sayIn(language);
  return [
    ...(['transfer', 'compliance'] as const).map((rate) =>
      curvesByName(
        timeSeries({
          title:
            rate === 'transfer'
              ? say('每日数据传输率', 'Transfer rate by day')
              : say('每日达标率', 'Compliance rate by day'),
          description: say(
            '每日（北京时间，标在当日零时）各排口的比例；没有可判定小时的日子没有达标率',
            'by outlet and Beijing day, drawn at its beginning; a day without an hour that could be judged has no compliance rate',
          ),
          unit: 'percentunit',
          noData: say('没有整日的数据', 'no data of a whole day'),
          width: 8,
          queries: [rows('A', `SELECT "${rate}" ${DAYS} GROUP BY "outlet"`), placeNames(language)],
        })
          .showPoints(VisibilityMode.Always)
          .min(0)
          .max(1),
        'outlet',
      ),
    ),
    rowsByName(
      barChart({
        title: say('标记时长', 'Hours by state'),
        description: say(
          '所选各日内各排口处于每种状态的小时数。停运、故障、校准等标记的时段不用于判定',
          'hours of the chosen days that each outlet was in each state. Standing, fault and calibration are not judged',
        ),
        unit: 'h',
        noData: say('没有整日的数据', 'no data of a whole day'),
        width: 8,
        queries: [
          rows(
            'A',
            `SELECT ${STATUSES.map((status) => `sum("minutes_${status}") / 60 AS "${status}"`).join(', ')} ${DAYS} GROUP BY "outlet"`,
          ),
          placeNames(language),
        ],
      }),
      {
        name: say('排口', 'outlet'),
        ...Object.fromEntries(STATUSES.map((status) => [status, say(...STATES[status])])),
        Time: null,
      },
      'outlet',
    ).xField(say('排口', 'outlet')),
  ];
};
