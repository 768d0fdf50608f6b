import { counted } from '../lib/counted.ts';
import { type Language, sayIn } from '../lib/language.ts';
import { timeSeries } from '../lib/panels.ts';
import { series, where } from '../lib/query.ts';

const COUNTY = where('county');
/** Rows about the pipeline come this often by default (`status.every`); a finer grid would show gaps between them. */
const GRID = '5m';

/** Messages: where they end, why some are set aside, how long they take. */
export const flowPanels = (language: Language) => {
  const say = sayIn(language);
  const noData = say('无数据：流水线可能已停止', 'no data: the pipeline may have stopped');
  return [
    timeSeries({
      title: say('报文去向', 'Messages by outcome'),
      description: say(
        '每段时间里报文的结局：入库、重复、隔离；每条报文只有一个结局。收到而未处理的在“日志待处理”中',
        'where messages ended: stored, duplicate or quarantined, each exactly once. What is received and not applied yet is pending in the journal',
      ),
      unit: 'short',
      noData,
      width: 12,
      queries: counted(
        'pipeline',
        [COUNTY],
        [
          { field: 'received', name: say('收到', 'received'), by: 'sum' },
          { field: 'stored', name: say('入库', 'stored'), by: 'sum' },
          { field: 'duplicate', name: say('重复', 'duplicate'), by: 'sum' },
          { field: 'quarantined', name: say('隔离', 'quarantined'), by: 'sum' },
          { field: 'dropped', name: say('QoS 0 丢弃', 'QoS 0 dropped'), by: 'sum' },
        ],
      ),
    }).interval(GRID),
    timeSeries({
      title: say('隔离原因', 'Why messages are quarantined'),
      description: say(
        '按原因（与 npx lantian quarantine list 中的一致）。报文保留着，改正后可重试',
        'by reason, as npx lantian quarantine list names it. They are kept, and can be tried again',
      ),
      unit: 'short',
      noData: say('没有被隔离的报文', 'nothing is quarantined'),
      width: 12,
      queries: [
        series(
          'A',
          `SELECT sum(/^quarantined_/) FROM "pipeline" WHERE $timeFilter AND ${COUNTY} GROUP BY time($__interval) fill(none)`,
          '$col',
        ),
      ],
    })
      .interval(GRID)
      .withTransformation({ id: 'renameByRegex', options: { regex: '^sum_quarantined_(.*)$', renamePattern: '$1' } }),
    timeSeries({
      title: say('处理延迟', 'Delay until on disk'),
      description: say(
        '从收到报文到其全部结果落盘的毫秒数（中位数与 99%）。MQTT 不携带发送时刻，故从收到算起',
        'from a message’s receipt until all that follows of it is on disk, median and 99%. MQTT does not say when a message was sent',
      ),
      unit: 'ms',
      noData: say('这段时间没有报文', 'no message in this time'),
      width: 12,
      queries: counted(
        'pipeline',
        [COUNTY],
        [
          { field: 'latency_p50', name: say('中位数', 'median'), by: 'mean' },
          { field: 'latency_p99', name: '99%', by: 'max' },
        ],
      ),
    }).interval(GRID),
    timeSeries({
      title: say('入库延迟', 'Delay until stored'),
      description: say(
        '从收到报文到各存储确认写入的毫秒数（99%）。存储停机期间没有值，恢复后会出现一次高值',
        'from a message’s receipt until a store has confirmed it, 99%. None while a store is down; a high one when it is back',
      ),
      unit: 'ms',
      noData: say('这段时间没有报文', 'no message in this time'),
      width: 12,
      queries: counted(
        'pipeline_store',
        [COUNTY],
        [{ field: 'latency_p99', name: '$tag_store', by: 'max' }],
        ['store'],
      ),
    }).interval(GRID),
    timeSeries({
      title: say('日志与未发布信号', 'Journal and signals to publish'),
      description: say(
        '已落盘未处理的报文、待计算的统计值、待发布的信号。短时上升属正常',
        'messages not applied yet, figures to be worked out, signals to be published; a short rise is normal',
      ),
      unit: 'short',
      noData,
      width: 12,
      queries: counted(
        'pipeline',
        [COUNTY],
        [
          { field: 'journal_pending', name: say('报文', 'messages'), by: 'max' },
          { field: 'figures_due', name: say('统计值', 'figures'), by: 'max' },
          { field: 'signals_pending', name: say('信号', 'signals'), by: 'max' },
        ],
      ),
    }).interval(GRID),
    timeSeries({
      title: say('迟到与修订', 'Late and revised'),
      description: say(
        '时段已结束才到的读数，与改变了已有数值的读数；两者都会重算统计值',
        'readings of periods that were closed, and readings that changed values already there; both make figures be worked out again',
      ),
      unit: 'short',
      noData,
      width: 12,
      queries: counted(
        'pipeline',
        [COUNTY],
        [
          { field: 'late', name: say('迟到', 'late'), by: 'sum' },
          { field: 'revisions', name: say('修订', 'revised'), by: 'sum' },
        ],
      ),
    }).interval(GRID),
  ];
};
