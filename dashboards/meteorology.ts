import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { signalMarks } from './lib/annotations.ts';
import { WATCH } from './lib/colours.ts';
import { dashboard, rowsOf } from './lib/dashboard.ts';
import { type Language, sayIn } from './lib/language.ts';
import { countyVariable, datasourceVariable, placeChoice } from './lib/variables.ts';
import { forecastPanels } from './meteorology/forecast.ts';
import { gaugePanels } from './meteorology/gauges.ts';
import { levelPanels } from './meteorology/levels.ts';
import { nowPanels } from './meteorology/now.ts';
import { rainPanels } from './meteorology/rain.ts';

/** 气象局: responses and warnings, rain by township, levels over time, forecasts, gauges. */
export const meteorology = (language: Language): Dashboard => {
  const say = sayIn(language);
  const all = dashboard(language, {
    name: 'lantian-meteorology',
    title: say('蓝天 气象', 'Lantian meteorological station'),
    description: say(
      '应急响应与预警信号、各乡镇雨量、预报与实况、气象站状态',
      'responses and warning signals, rain by township, forecasts against what fell, gauges',
    ),
    from: 'now-24h',
  })
    .withVariable(datasourceVariable(say))
    .withVariable(countyVariable(say))
    .withVariable(
      placeChoice(language, {
        name: 'station',
        label: say('气象站', 'Weather stations'),
        description: say(
          '雨量与在报情况显示哪些气象站',
          'which weather stations the panels of rain and of gauges show',
        ),
        condition: `"kind" = 'weather'`,
      }),
    )
    .annotation(
      signalMarks(
        say('响应与预警', 'Responses and warnings'),
        'weather-response|warning-signal|geological-risk',
        WATCH,
      ),
    );
  const row = rowsOf(all);
  row(say('现在', 'Now'), nowPanels(language));
  row(say('雨量', 'Rain'), rainPanels(language));
  row(say('级别变化', 'Levels over time'), levelPanels(language));
  row(say('预报', 'Forecasts'), forecastPanels(language));
  row(say('气象站', 'Gauges'), gaugePanels(language));
  return all.build();
};
