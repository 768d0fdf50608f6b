import { stringify } from 'yaml';
import type { Bilingual } from '../src/core/types.ts';

// Alert rules of Grafana. They watch the pipeline alone: that it lives, that its stores keep up, that nothing is lost. Thresholds of documents are not
// here: signals are the pipeline's, whose rules know of missing data, where Grafana ends an alert when its series goes away.

/** The datasource's uid, as dashboards/provisioning/datasources has it: alert rules know no variable. */
const DATASOURCE = 'lantian';
const EXPRESSIONS = '__expr__';

interface Watch {
  /** At most 40 of a-z, 0-9 and `-`. */
  readonly uid: string;
  readonly title: Bilingual;
  readonly what: Bilingual;
  readonly query: string;
  /** Seconds before now that the query looks at. */
  readonly span: number;
  readonly when: { readonly is: 'gt' | 'lt'; readonly than: number };
  /**
   * What no rows mean. `Alerting` for the rule that watches for silence; `OK` for the others, so that a silent pipeline raises one
   * alert, not all of them.
   */
  readonly silence: 'Alerting' | 'OK';
  readonly severity: 'critical' | 'warning';
}

const MINUTE = 60;

export const WATCHES: readonly Watch[] = [
  {
    uid: 'lantian-dead',
    title: { zh: '流水线没有写入', en: 'the pipeline writes nothing' },
    what: {
      zh: '10 分钟没有 pipeline 的数据：流水线停止、时钟错误，或本存储无法写入。查看 /healthz 与程序日志',
      en: 'no row of pipeline for 10 minutes: it has stopped, its clock is wrong, or it cannot write to this store. Look at /healthz and the log',
    },
    query: 'SELECT count("received") FROM "pipeline" WHERE $timeFilter',
    span: 10 * MINUTE,
    when: { is: 'lt', than: 1 },
    silence: 'Alerting',
    severity: 'critical',
  },
  {
    uid: 'lantian-outbox-growing',
    title: { zh: '存储跟不上', en: 'a store lags' },
    what: {
      zh: '某存储的待写数据点 15 分钟内一直等待超过 10 分钟：它停机、拒绝写入或太慢。数据在磁盘上，不会丢失，直到 outbox.max_bytes',
      en: 'points have waited for a store for over 10 minutes, all through the last 15: it is down, refuses or is too slow. They are on disk and safe up to outbox.max_bytes',
    },
    query: 'SELECT min("age") FROM "pipeline_store" WHERE $timeFilter GROUP BY "store"',
    span: 15 * MINUTE,
    when: { is: 'gt', than: 10 * MINUTE },
    silence: 'OK',
    severity: 'warning',
  },
  {
    uid: 'lantian-outbox-dropped',
    title: { zh: '待写队列已满，放弃了数据点', en: 'an outbox was full: points were given up' },
    what: {
      zh: '最旧的数据点没有写入该存储；时间段记在表 outbox_gap 中，可用 npx lantian store copy 补齐',
      en: 'the oldest points will not reach that store; their times are in the table outbox_gap, and npx lantian store copy fills them in',
    },
    query: 'SELECT sum("dropped") FROM "pipeline_store" WHERE $timeFilter GROUP BY "store"',
    span: 15 * MINUTE,
    when: { is: 'gt', than: 0 },
    silence: 'OK',
    severity: 'critical',
  },
  {
    uid: 'lantian-journal-growing',
    title: { zh: '处理跟不上', en: 'the journal grows' },
    what: {
      zh: '15 分钟内日志中待处理的报文一直多于 1000：机器太慢，或磁盘已满',
      en: 'over 1000 messages have waited in the journal all through the last 15 minutes: the machine is too slow, or its disk is full',
    },
    query: 'SELECT min("journal_pending") FROM "pipeline" WHERE $timeFilter',
    span: 15 * MINUTE,
    when: { is: 'gt', than: 1000 },
    silence: 'OK',
    severity: 'warning',
  },
  {
    uid: 'lantian-quarantine-rate',
    title: { zh: '被隔离的报文太多', en: 'many messages are quarantined' },
    what: {
      zh: '一小时内十分之一以上的报文被隔离。用 npx lantian quarantine list 看原因，改正后 retry',
      en: 'over a tenth of an hour’s messages are quarantined. See why by npx lantian quarantine list, mend it, then retry',
    },
    query: 'SELECT sum("quarantined") / sum("received") FROM "pipeline" WHERE $timeFilter',
    span: 60 * MINUTE,
    when: { is: 'gt', than: 0.1 },
    silence: 'OK',
    severity: 'warning',
  },
  {
    uid: 'lantian-store-refused',
    title: { zh: '存储拒收数据点', en: 'a store refuses points' },
    what: {
      zh: '该存储永远不接受这些数据点，它们与服务器的说明在表 store_refused 中',
      en: 'it will never take these points; they are in the table store_refused with the server’s words',
    },
    query: 'SELECT sum("refused") FROM "pipeline_store" WHERE $timeFilter GROUP BY "store"',
    span: 15 * MINUTE,
    when: { is: 'gt', than: 0 },
    silence: 'OK',
    severity: 'warning',
  },
  {
    uid: 'lantian-broker-away',
    title: { zh: '消息服务器断开', en: 'a broker is away' },
    what: {
      zh: '15 分钟内一直有消息服务器未连接；报文在那里或设备上等待',
      en: 'a broker has not been connected all through the last 15 minutes; messages wait there or at the sensors',
    },
    query: 'SELECT min("brokers") - max("brokers_connected") FROM "pipeline" WHERE $timeFilter',
    span: 15 * MINUTE,
    when: { is: 'gt', than: 0 },
    silence: 'OK',
    severity: 'critical',
  },
  {
    uid: 'lantian-disk-left',
    title: { zh: '磁盘将满', en: 'the disk is nearly full' },
    what: {
      zh: '数据文件夹所在磁盘剩余不足 2 GiB；用尽时不再确认报文',
      en: 'less than 2 GiB are left where the data folder lies; when it is full messages are not acknowledged any more',
    },
    query: 'SELECT last("disk_free") FROM "pipeline" WHERE $timeFilter',
    span: 15 * MINUTE,
    when: { is: 'lt', than: 2 * 2 ** 30 },
    silence: 'OK',
    severity: 'critical',
  },
];

const both = ({ zh, en }: Bilingual): string => `${zh} · ${en}`;

/** A the query, B its last value by store, C whether that is beyond the line: the condition. */
const dataOf = ({ query, span, when }: Watch) => {
  const expression = (refId: string, model: object) => ({
    refId,
    relativeTimeRange: { from: span, to: 0 },
    datasourceUid: EXPRESSIONS,
    model: { refId, datasource: { type: EXPRESSIONS, uid: EXPRESSIONS }, ...model },
  });
  return [
    {
      refId: 'A',
      relativeTimeRange: { from: span, to: 0 },
      datasourceUid: DATASOURCE,
      model: {
        refId: 'A',
        query,
        rawQuery: true,
        resultFormat: 'time_series',
        intervalMs: 60_000,
        maxDataPoints: 1000,
      },
    },
    expression('B', { type: 'reduce', expression: 'A', reducer: 'last' }),
    expression('C', {
      type: 'threshold',
      expression: 'B',
      conditions: [{ evaluator: { type: when.is, params: [when.than] } }],
    }),
  ];
};

/** Which store it is about; a label that is not there would read `[no value]`. */
const ofStore = ({ query }: Watch): string => (query.includes('GROUP BY "store"') ? ': {{ .Labels.store }}' : '');

const ruleOf = (watch: Watch) => ({
  uid: watch.uid,
  title: both(watch.title),
  condition: 'C',
  data: dataOf(watch),
  noDataState: watch.silence,
  // The store does not answer Grafana: an alert of its own, called DatasourceError.
  execErrState: 'Error',
  // The spans of the queries say how long it must hold.
  for: '0s',
  // Go's fields below, not `$labels`: provisioning takes a dollar for a variable of the environment.
  annotations: { summary: `${both(watch.title)}${ofStore(watch)}`, description: both(watch.what) },
  labels: { product: 'lantian', severity: watch.severity },
});

/** provisioning/alerting/rules.yaml */
export const alertRules = (): string =>
  `# 由 npm run dashboards 生成 made by npm run dashboards\n${stringify(
    {
      apiVersion: 1,
      groups: [
        {
          orgId: 1,
          name: 'lantian',
          folder: '蓝天报警 Lantian alerts',
          interval: '1m',
          rules: WATCHES.map(ruleOf),
        },
      ],
    },
    { lineWidth: 0 },
  )}`;
