import { BigValueGraphMode } from '@grafana/grafana-foundation-sdk/common';
import { EDITION as WARNING_SIGNALS } from '../../src/standards/warning-signals-2007.ts';
import { EDITION as WEATHER_PLAN } from '../../src/standards/weather-plan-2021.ts';
import { arranged } from '../lib/by-name.ts';
import { cited } from '../lib/documents.ts';
import { type Language, type Say, sayIn } from '../lib/language.ts';
import { coloured, hazardNames, levelWords, signalStates } from '../lib/levels.ts';
import { stat, table } from '../lib/panels.ts';
import { rows, series, where } from '../lib/query.ts';
import { lately } from '../lib/spans.ts';

/** Signals of a kind that have not ended, as the last change has them. */
const inForce = (kind: string): string =>
  `SELECT "level", "state", "title", "rank" FROM (SELECT last("rank") AS "rank", "level", "state", "title" FROM "signal" WHERE "kind" = '${kind}' AND ${where('county')} AND ${lately('400d')} GROUP BY "subject") WHERE "rank" > 0 GROUP BY "subject"`;

/** The newest state of each weather station that has ever reported, as a source of rows. */
const states = `FROM (SELECT last("online") AS "online" FROM "station_status" WHERE "feed" = 'weather' AND ${where('county')} AND ${lately('1h')} GROUP BY "station")`;

const headings = (say: Say) => ({
  subject: say('种类', 'hazard'),
  level: say('级别', 'level'),
  state: say('状态', 'state'),
  Time: say('变化时间', 'changed'),
  title: null,
  rank: null,
});

/** What is proposed or in force now, and how many gauges are silent. */
export const nowPanels = (language: Language) => {
  const say = sayIn(language);
  const plan = cited(WEATHER_PLAN, language);
  const measures = cited(WARNING_SIGNALS, language);
  const words = (panel: ReturnType<typeof table>) =>
    panel
      .withTransformation(arranged(headings(say)))
      .overrideByName(say('种类', 'hazard'), [{ id: 'mappings', value: [hazardNames(language)] }])
      .overrideByName(say('级别', 'level'), coloured(undefined, levelWords(language)))
      .overrideByName(say('状态', 'state'), coloured(undefined, signalStates(language)));
  return [
    words(
      table({
        title: say('应急响应', 'Weather responses'),
        description: say(
          `${plan}附件6 的应急响应中建议、已同意或生效的：级别是阈值说的，状态是人做到哪一步。一个都没有时为空`,
          `responses of ${plan}, annex 6, that are proposed, agreed or in force: the level is what the thresholds say, the state how far people are. Empty when there is none`,
        ),
        unit: 'string',
        noData: say('无：没有建议或生效的响应', 'none proposed or in force'),
        width: 10,
        height: 6,
        queries: [rows('A', inForce('weather-response'))],
      }),
    ),
    words(
      table({
        title: say('预警信号建议', 'Warning signals proposed'),
        description: say(
          `${measures}的预警信号中，实况与预报达到标准、建议发布或已发布的。是否发布由气象台决定`,
          `signals of ${measures} whose standard is reached by what was measured or forecast: proposed or issued. The observatory decides`,
        ),
        unit: 'string',
        noData: say('无：没有建议或生效的预警信号', 'none proposed or in force'),
        width: 10,
        height: 6,
        queries: [rows('A', inForce('warning-signal'))],
      }),
    ),
    stat({
      title: say('在报气象站', 'Gauges that report'),
      description: say(
        '最近一次检查中在报的气象站数与目录中在用的站数。三个周期（至少15分钟）没有有效数据为不在报：其雨量未知，不是零',
        'weather stations that report, of those in service, at the last look. One from which nothing valid came for three periods, at least 15 minutes, does not: its rain is unknown, not zero',
      ),
      unit: 'none',
      noData: say('无状态记录', 'no record of states'),
      width: 4,
      height: 6,
      queries: [
        series('A', `SELECT count("online") AS "stations" ${states} WHERE "online" = true`, say('在报', 'report')),
        series(
          'B',
          `SELECT count("name") AS "stations" FROM (SELECT last("name") AS "name" FROM "place" WHERE "kind" = 'weather' AND "active" = true AND time > now() - 2d AND ${where('county')} GROUP BY "station")`,
          say('应报', 'of'),
        ),
      ],
    }).graphMode(BigValueGraphMode.None),
  ];
};
