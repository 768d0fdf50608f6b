import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { signalMarks } from './lib/annotations.ts';
import { WATCH } from './lib/colours.ts';
import { dashboard, rowsOf } from './lib/dashboard.ts';
import { type Language, sayIn } from './lib/language.ts';
import { choice, countyVariable, datasourceVariable } from './lib/variables.ts';
import { flowPanels } from './operations/flow.ts';
import { nowPanels } from './operations/now.ts';
import { stationPanels } from './operations/stations.ts';
import { storePanels } from './operations/stores.ts';

/** 运行: the pipeline itself, for whoever runs it. */
export const operations = (language: Language): Dashboard => {
  const say = sayIn(language);
  const all = dashboard(language, {
    name: 'lantian-operations',
    title: say('蓝天 运行', 'Lantian operations'),
    description: say(
      '流水线自身的状态：报文、延迟、存储、站点',
      'the pipeline itself: messages, delays, stores, stations',
    ),
    from: 'now-24h',
  })
    .withVariable(datasourceVariable(say))
    .withVariable(countyVariable(say))
    .withVariable(
      choice({
        name: 'store',
        label: say('存储', 'Store'),
        description: say('流水线写入的存储', 'stores that the pipeline writes to'),
        query: 'SHOW TAG VALUES FROM "pipeline_store" WITH KEY = "store"',
      }),
    )
    .annotation(signalMarks(say('站点离线', 'Silent stations'), 'station-silent', WATCH));
  const row = rowsOf(all);
  row(say('现在', 'Now'), nowPanels(language));
  row(say('报文', 'Messages'), flowPanels(language));
  row(say('存储', 'Stores'), storePanels(language));
  row(say('站点与信号', 'Stations and signals'), stationPanels(language));
  return all.build();
};
