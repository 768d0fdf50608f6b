import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Bilingual } from '../../src/core/types.ts';
import { CMA_2007, EDITION as WARNING_SIGNALS } from '../../src/standards/warning-signals-2007.ts';
import { HAZARDS, EDITION as WEATHER_PLAN } from '../../src/standards/weather-plan-2021.ts';
import { cited } from '../lib/documents.ts';
import { type Language, pick, sayIn } from '../lib/language.ts';
import { responseLevels, warningLevels } from '../lib/levels.ts';
import { stateTimeline } from '../lib/panels.ts';
import { series, where } from '../lib/query.ts';
import { since } from '../lib/spans.ts';

const changes = (kind: string): string =>
  `SELECT "rank" FROM "signal" WHERE "kind" = '${kind}' AND ${where('county')} AND ${since('30d')} GROUP BY "subject"`;

/** Rows are called by what a hazard or signal is called, not by its id. */
const called = <P extends { overrideByName(name: string, properties: DynamicConfigValue[]): P }>(
  panel: P,
  named: Readonly<Record<string, { readonly name: Bilingual }>>,
  language: Language,
): P =>
  Object.entries(named).reduce(
    (one, [id, { name }]) => one.overrideByName(id, [{ id: 'displayName', value: pick(name, language) }]),
    panel,
  );

/** Levels over time: responses by hazard, warning signals by kind. */
export const levelPanels = (language: Language) => {
  const say = sayIn(language);
  const plan = cited(WEATHER_PLAN, language);
  const measures = cited(WARNING_SIGNALS, language);
  const span = say('取自所选时间及此前30日的变化', 'from the changes of this time and of the 30 days before it');
  return [
    called(
      stateTimeline({
        title: say('各灾种响应级别', 'Response level by hazard'),
        description: say(
          `${plan}附件6 各灾种的级别随时间的变化，含建议与生效；${span}。没有行的灾种没有变化过`,
          `levels of each hazard of ${plan}, annex 6, over time, proposed or in force, ${span}. A hazard without a row has not changed`,
        ),
        unit: 'none',
        noData: say('无：没有过响应建议', 'none: nothing was proposed'),
        width: 12,
        height: 7,
        queries: [series('A', changes('weather-response'), '$tag_subject')],
      }),
      HAZARDS,
      language,
    ).mappings([responseLevels(language)]),
    called(
      stateTimeline({
        title: say('各预警信号级别', 'Warning signals by kind'),
        description: say(
          `${measures}各预警信号建议的颜色随时间的变化；${span}。没有行的信号没有变化过`,
          `colours of the signals of ${measures} over time, ${span}. A signal without a row has not changed`,
        ),
        unit: 'none',
        noData: say('无：没有过预警信号建议', 'none: nothing was proposed'),
        width: 12,
        height: 7,
        queries: [series('A', changes('warning-signal'), '$tag_subject')],
      }),
      CMA_2007.signals,
      language,
    ).mappings([warningLevels(language)]),
  ];
};
