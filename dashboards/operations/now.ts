import { BAD, GOOD, risingTo, WATCH } from '../lib/colours.ts';
import { type Language, sayIn } from '../lib/language.ts';
import { stat, steps } from '../lib/panels.ts';
import { series, where } from '../lib/query.ts';

const COUNTY = where('county');
const of = (what: string, name: string) =>
  series('A', `SELECT ${what} FROM "pipeline" WHERE $timeFilter AND ${COUNTY}`, name);

/** How it stands, in eight numbers. */
export const nowPanels = (language: Language) => {
  const say = sayIn(language);
  const noData = say('无：流水线没有写入', 'none: the pipeline has written nothing');
  const small = { noData, width: 3, height: 4 };
  return [
    stat({
      ...small,
      title: say('收到报文', 'Messages received'),
      description: say('所选时间内收到的报文数', 'messages received in the chosen time'),
      unit: 'short',
      queries: [of('sum("received")', say('收到', 'received'))],
    }),
    stat({
      ...small,
      title: say('隔离比例', 'Share quarantined'),
      description: say(
        '所选时间内被隔离的报文占收到的比例。多于百分之一时用 npx lantian quarantine list 看原因',
        'share of the messages that were quarantined; above one in a hundred, see why by npx lantian quarantine list',
      ),
      unit: 'percentunit',
      queries: [of('sum("quarantined") / sum("received")', say('隔离', 'quarantined'))],
    })
      .decimals(2)
      .thresholds(steps(...risingTo(0.01, 0.1))),
    stat({
      ...small,
      title: say('日志待处理', 'Journal pending'),
      description: say(
        '已落盘、尚未处理的报文。持续增长说明处理跟不上',
        'messages on disk that are not applied yet; a number that keeps growing means that the machine is too slow',
      ),
      unit: 'short',
      queries: [of('last("journal_pending")', say('待处理', 'pending'))],
    }).thresholds(steps(...risingTo(1_000, 100_000))),
    stat({
      ...small,
      title: say('各存储的等待', 'How long stores lag'),
      description: say(
        '各存储最旧的待写数据点已等多久。存储恢复后自动补写',
        'how long the oldest point has waited for each store; it is written when the store answers again',
      ),
      unit: 's',
      queries: [
        series(
          'A',
          `SELECT last("age") FROM "pipeline_store" WHERE $timeFilter AND ${COUNTY} GROUP BY "store"`,
          '$tag_store',
        ),
      ],
    }).thresholds(steps(...risingTo(60, 600))),
    stat({
      ...small,
      title: say('未连接的消息服务器', 'Brokers not connected'),
      description: say(
        '断开时报文在消息服务器或设备上等待',
        'while one is away its messages wait there or at the sensors',
      ),
      unit: 'none',
      queries: [of('last("brokers") - last("brokers_connected")', say('未连接', 'away'))],
    }).thresholds(steps([null, GOOD], [1, BAD])),
    stat({
      ...small,
      title: say('损坏', 'Damage'),
      description: say(
        '所选时间内被搁置的损坏行或文件；大于零时查看程序日志',
        'damaged rows and files set aside in the chosen time; above zero, look into the program’s log',
      ),
      unit: 'none',
      queries: [of('sum("damage")', say('损坏', 'damage'))],
    }).thresholds(steps([null, GOOD], [1, BAD])),
    stat({
      ...small,
      title: say('内存', 'Memory'),
      description: say('程序占用的内存；持续增长不正常', 'resident memory of the program; it should not keep growing'),
      unit: 'bytes',
      queries: [of('last("memory")', say('内存', 'memory'))],
    }),
    stat({
      ...small,
      title: say('磁盘剩余', 'Disk left'),
      description: say(
        '数据文件夹所在磁盘的剩余空间。用尽时不再确认报文，不会丢弃',
        'free space where the data folder lies. When it is used up messages are not acknowledged any more; none is dropped',
      ),
      unit: 'bytes',
      queries: [of('last("disk_free")', say('剩余', 'left'))],
    }).thresholds(steps([null, BAD], [2 * 2 ** 30, WATCH], [10 * 2 ** 30, GOOD])),
  ];
};
