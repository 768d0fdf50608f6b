import { BAD, GOOD, mapping } from '../lib/colours.ts';
import { counted } from '../lib/counted.ts';
import { type Language, sayIn } from '../lib/language.ts';
import { stateTimeline, timeSeries } from '../lib/panels.ts';
import { series, where } from '../lib/query.ts';

const IN = [where('county'), where('store')];
const GRID = '5m';

/** Each store by itself: what waits for it, for how long, what it refused. */
export const storePanels = (language: Language) => {
  const say = sayIn(language);
  const noData = say('无数据：流水线可能已停止', 'no data: the pipeline may have stopped');
  return [
    timeSeries({
      title: say('待写数据点', 'Points that wait'),
      description: say(
        '磁盘上等待写入各存储的数据点。存储停机时增长，恢复后回落；超过 outbox.max_bytes 时最旧的被放弃',
        'points on disk that wait for each store: they grow while it is down and go when it is back. Beyond outbox.max_bytes the oldest are given up',
      ),
      unit: 'short',
      noData,
      width: 12,
      queries: counted('pipeline_store', IN, [{ field: 'outbox_points', name: '$tag_store', by: 'max' }], ['store']),
    }).interval(GRID),
    timeSeries({
      title: say('等待时间', 'How long the oldest waits'),
      description: say('各存储最旧的待写数据点已等多久', 'how long the oldest point has waited for each store'),
      unit: 's',
      noData,
      width: 12,
      queries: counted('pipeline_store', IN, [{ field: 'age', name: '$tag_store', by: 'max' }], ['store']),
    }).interval(GRID),
    timeSeries({
      title: say('拒收、失败与放弃', 'Refused, failed, given up'),
      description: say(
        '拒收：存储永远不接受的数据点，连同其说明保存在表 store_refused；失败：将重试的批次；放弃：待写队列已满',
        'refused: points that a store will never take, kept with its words in the table store_refused; failed: batches that are sent again; given up: its outbox was full',
      ),
      unit: 'short',
      noData,
      width: 12,
      queries: counted(
        'pipeline_store',
        IN,
        [
          { field: 'refused', name: say('拒收 $tag_store', 'refused $tag_store'), by: 'sum' },
          { field: 'failures', name: say('失败 $tag_store', 'failed $tag_store'), by: 'sum' },
          { field: 'dropped', name: say('放弃 $tag_store', 'given up $tag_store'), by: 'sum' },
        ],
        ['store'],
      ),
    }).interval(GRID),
    stateTimeline({
      title: say('存储是否可用', 'Whether stores answer'),
      description: say(
        '最近一次写入是否成功。某存储停机期间，它自己的这一行在恢复后补上',
        'whether the last attempt succeeded. What a store itself missed while it was down is filled in when it is back',
      ),
      unit: 'bool',
      noData,
      width: 12,
      queries: [
        series(
          'A',
          `SELECT "connected" FROM "pipeline_store" WHERE $timeFilter AND ${IN.join(' AND ')} GROUP BY "store"`,
          '$tag_store',
        ),
      ],
    }).mappings([
      mapping(language, {
        true: { text: { zh: '可用', en: 'answers' }, colour: GOOD },
        false: { text: { zh: '不可用', en: 'away' }, colour: BAD },
      }),
    ]),
  ];
};
