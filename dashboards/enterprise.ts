import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { dayPanels, ratePanels } from './enterprise/days.ts';
import { eventPanels } from './enterprise/events.ts';
import { hourPanels } from './enterprise/hours.ts';
import { signalMarks } from './lib/annotations.ts';
import { BAD } from './lib/colours.ts';
import { dashboard, rowsOf } from './lib/dashboard.ts';
import { type Language, sayIn } from './lib/language.ts';
import { countyVariable, datasourceVariable, placeChoice } from './lib/variables.ts';

/**
 * 企业: an enterprise's own outlets. What it may see is its datasource's business: the enterprise's own database or bucket holds its rows
 * alone, and is asked with credentials of its own.
 */
export const enterprise = (language: Language): Dashboard => {
  const say = sayIn(language);
  const all = dashboard(language, {
    name: 'lantian-enterprise',
    title: say('蓝天 企业排放', 'Lantian enterprise emissions'),
    description: say(
      '本企业排口：折算浓度、达标率、超标与数据传输率',
      'own outlets: converted concentrations, compliance, exceedances, data transfer',
    ),
    from: 'now-7d',
    refresh: '5m',
  })
    .withVariable(datasourceVariable(say))
    .withVariable(countyVariable(say))
    .withVariable(
      placeChoice(language, {
        name: 'outlet',
        label: say('排口', 'Outlet'),
        description: say('本企业的排口', 'the enterprise’s outlets'),
        condition: `"kind" = 'outlet'`,
      }),
    )
    .annotation(signalMarks(say('超标信号', 'Emission signals'), 'emission', BAD));
  const row = rowsOf(all);
  row(say('所选各日', 'The chosen days'), ratePanels(language));
  row('$' + '{outlet:text}', hourPanels(language), 'outlet');
  row(say('超标与未判定', 'Above the permit, and not judged'), eventPanels(language));
  row(say('逐日', 'By day'), dayPanels(language));
  return all.build();
};
