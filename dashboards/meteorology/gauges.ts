import { VisibilityMode } from '@grafana/grafana-foundation-sdk/common';
import { curvesByName, placeNames, rowsByName, townshipOf } from '../lib/by-name.ts';
import { BAD, GOOD, mapping } from '../lib/colours.ts';
import { type Language, sayIn } from '../lib/language.ts';
import { stateTimeline, table } from '../lib/panels.ts';
import { rows, where } from '../lib/query.ts';
import { lately } from '../lib/spans.ts';

const WEATHER = `"feed" = 'weather' AND ${where('county')}`;

/** Gauges: who is silent now and since when, and who was. */
export const gaugePanels = (language: Language) => {
  const say = sayIn(language);
  const age = say('无数据已', 'silent for');
  return [
    rowsByName(
      table({
        title: say('现在无数据的气象站', 'Gauges that are silent now'),
        description: say(
          '连续三个周期（至少15分钟）没有有效数据的气象站，所在乡镇与时长；从未报过的站不在其中。全部在报时为空；它们的雨量未知，不是零',
          'weather stations from which nothing valid came for three periods, at least 15 minutes, their townships and for how long; one that has never reported is not among them. Empty when all report; their rain is unknown, not zero',
        ),
        unit: 'none',
        noData: say('无：全部气象站在报', 'none: all report'),
        width: 8,
        height: 8,
        queries: [
          rows(
            'A',
            `SELECT "age" FROM (SELECT last("online") AS "online", "age" FROM "station_status" WHERE ${WEATHER} AND ${lately('1h')} GROUP BY "station") WHERE "online" = false GROUP BY "station"`,
          ),
          placeNames(language, townshipOf(language)),
        ],
      }),
      { township: say('乡镇', 'township'), name: say('站', 'station'), age, Time: say('检查时间', 'looked at') },
    ).overrideByName(age, [{ id: 'unit', value: 's' }]),
    curvesByName(
      stateTimeline({
        title: say('各气象站在报情况', 'Gauges over time'),
        description: say(
          '所选时间内各气象站是否在报（三个周期、至少15分钟内有有效数据）。空格是管道没有运行的时间',
          'whether each weather station reported (something valid within three periods, at least 15 minutes). A gap is time in which the pipeline did not run',
        ),
        unit: 'bool',
        noData: say('所选时间内没有状态记录', 'no record of states in this time'),
        width: 16,
        height: 8,
        queries: [
          rows(
            'A',
            `SELECT "online" FROM "station_status" WHERE $timeFilter AND ${WEATHER} AND ${where('station')} GROUP BY "station"`,
          ),
          placeNames(language),
        ],
      }),
    )
      .mappings([
        mapping(language, {
          true: { text: { zh: '在报', en: 'reports' }, colour: GOOD },
          false: { text: { zh: '无数据', en: 'silent' }, colour: BAD },
        }),
      ])
      .insertNulls(3_600_000)
      .showValue(VisibilityMode.Never),
  ];
};
