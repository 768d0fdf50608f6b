import { curvesByName, placeNames, rowsByName, townshipOf } from '../lib/by-name.ts';
import { BAD, GOOD, mapping } from '../lib/colours.ts';
import { counted } from '../lib/counted.ts';
import { type Language, sayIn } from '../lib/language.ts';
import { stateTimeline, table, timeSeries } from '../lib/panels.ts';
import { rows, where } from '../lib/query.ts';

const COUNTY = where('county');

const online = (language: Language) =>
  mapping(language, {
    true: { text: { zh: '在线', en: 'online' }, colour: GOOD },
    false: { text: { zh: '离线', en: 'silent' }, colour: BAD },
  });

/** Who reports, since when not, and which signals changed. */
export const stationPanels = (language: Language) => {
  const say = sayIn(language);
  const none = say('没有站点报告过', 'no station has reported');
  return [
    rowsByName(
      table({
        title: say('各站点最后一次数据', 'Each station’s last data'),
        description: say(
          '最后一条读数距今的秒数与是否在线（连续三个周期且至少 15 分钟没有有效数据为离线，并有信号）。从未报告过的站点不在表中',
          'how old its newest reading is, and whether it is online (silent: nothing valid for three periods and at least 15 minutes, which raises a signal). One that never reported is not here',
        ),
        unit: 's',
        noData: none,
        width: 12,
        height: 12,
        queries: [
          rows(
            'A',
            `SELECT "age", "online", "feed" FROM (SELECT last("age") AS "age", "online" FROM "station_status" WHERE $timeFilter AND ${COUNTY} GROUP BY "station", "feed") GROUP BY "station"`,
          ),
          placeNames(language, townshipOf(language)),
        ],
      }),
      {
        name: say('站点', 'station'),
        township: say('乡镇', 'township'),
        feed: say('类别', 'feed'),
        age: say('距今', 'age'),
        online: say('状态', 'state'),
        Time: null,
      },
    ).mappings([online(language)]),
    curvesByName(
      stateTimeline({
        title: say('站点在线情况', 'Stations online'),
        description: say('每个站点何时在线、何时离线', 'when each station was online and when it was silent'),
        unit: 'bool',
        noData: none,
        width: 12,
        height: 12,
        queries: [
          rows('A', `SELECT "online" FROM "station_status" WHERE $timeFilter AND ${COUNTY} GROUP BY "station"`),
          placeNames(language),
        ],
      }),
    ).mappings([online(language)]),
    table({
      title: say('信号变化', 'Changes of signals'),
      description: say(
        '所选时间内信号的每次变化，新的在上。待签的事项由负责人在控制台或接口上处理',
        'each change of a signal in the chosen time, the newest first. What is to be signed is done in the console or by the HTTP interface',
      ),
      unit: 'string',
      noData: say('没有信号变化', 'no signal has changed'),
      width: 12,
      queries: [
        rows(
          'A',
          `SELECT "title", "state", "level", "kind", "subject" FROM "signal" WHERE $timeFilter AND ${COUNTY} ORDER BY time DESC LIMIT 200`,
        ),
      ],
    }),
    timeSeries({
      title: say('发布的信号', 'Signals published'),
      description: say('发布到 MQTT 的信号变化', 'changes of signals published on MQTT'),
      unit: 'short',
      noData: say('无数据：流水线可能已停止', 'no data: the pipeline may have stopped'),
      width: 6,
      queries: counted(
        'pipeline',
        [COUNTY],
        [{ field: 'signals_published', name: say('已发布', 'published'), by: 'sum' }],
      ),
    }).interval('5m'),
    timeSeries({
      title: say('内存与磁盘', 'Memory and disk'),
      description: say(
        '程序内存，与数据文件夹所在磁盘的剩余空间',
        'memory of the program, and free space where the data folder lies',
      ),
      unit: 'bytes',
      noData: say('无数据：流水线可能已停止', 'no data: the pipeline may have stopped'),
      width: 6,
      queries: counted(
        'pipeline',
        [COUNTY],
        [
          { field: 'memory', name: say('内存', 'memory'), by: 'max' },
          { field: 'disk_free', name: say('磁盘剩余', 'disk left'), by: 'last' },
        ],
      ),
    }).interval('5m'),
  ];
};
