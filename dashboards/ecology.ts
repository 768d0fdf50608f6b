import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { hourPanels, yearPanels } from './ecology/air.ts';
import { dustfallPanels } from './ecology/dustfall.ts';
import { emissionPanels } from './ecology/emission.ts';
import { ECOLOGY_KINDS, nowPanels } from './ecology/now.ts';
import { waterPanels } from './ecology/water.ts';
import { signalMarks } from './lib/annotations.ts';
import { BAD } from './lib/colours.ts';
import { dashboard, rowsOf } from './lib/dashboard.ts';
import { type Language, sayIn } from './lib/language.ts';
import { countyVariable, datasourceVariable, placeChoice } from './lib/variables.ts';

/** 生态环境局: air now and over the year, dustfall, water, outlets. */
export const ecology = (language: Language): Dashboard => {
  const say = sayIn(language);
  const all = dashboard(language, {
    name: 'lantian-ecology',
    title: say('蓝天 生态环境', 'Lantian ecology bureau'),
    description: say('空气质量、降尘、地表水与企业排放', 'air, dustfall, surface water and emissions'),
    from: 'now-24h',
  })
    .withVariable(datasourceVariable(say))
    .withVariable(countyVariable(say))
    .withVariable(
      placeChoice(language, {
        name: 'station',
        label: say('空气站', 'Air stations'),
        description: say('地图与小时图中显示哪些空气站', 'which air stations the map and the hours show'),
        condition: `"kind" = 'air'`,
      }),
    )
    .annotation(signalMarks(say('信号', 'Signals'), ECOLOGY_KINDS, BAD));
  const row = rowsOf(all);
  row(say('现在', 'Now'), [...nowPanels(language), ...hourPanels(language)]);
  row(say('今年空气', 'Air this year'), yearPanels(language));
  row(say('降尘', 'Dustfall'), dustfallPanels(language));
  row(say('地表水', 'Surface water'), waterPanels(language));
  row(say('企业排放', 'Emissions'), emissionPanels(language));
  return all.build();
};
