import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard } from './lib/dashboard.ts';
import { type Language, sayIn } from './lib/language.ts';
import { timeSeries } from './lib/panels.ts';
import { series, where } from './lib/query.ts';
import { countyVariable, datasourceVariable } from './lib/variables.ts';

/** 运行: the pipeline itself, for whoever runs it. */
export const operations = (language: Language): Dashboard => {
  const say = sayIn(language);
  const noData = say('无数据：管道可能已停止', 'no data: the pipeline may have stopped');
  return dashboard(language, {
    name: 'lantian-operations',
    title: say('蓝天 运行', 'Lantian operations'),
    description: say('管道自身的状态', 'the state of the pipeline itself'),
    from: 'now-24h',
  })
    .withVariable(datasourceVariable(say))
    .withVariable(countyVariable(say))
    .withPanel(
      timeSeries({
        title: say('报文去向', 'Messages by outcome'),
        description: say(
          '每段时间里报文的结局：入库、重复、隔离。每条报文只有一个结局',
          'where messages ended: stored, duplicate, quarantined; each ends exactly once',
        ),
        unit: 'short',
        noData,
        width: 24,
        queries: [
          series(
            'A',
            `SELECT sum("stored") AS "stored", sum("duplicate") AS "duplicate", sum("quarantined") AS "quarantined" FROM "pipeline" WHERE $timeFilter AND ${where('county')} GROUP BY time($__interval) fill(null)`,
            '$col',
          ),
        ],
      }).interval('5m'),
    )
    .build();
};
