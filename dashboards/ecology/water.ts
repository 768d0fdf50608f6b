import { VisibilityMode } from '@grafana/grafana-foundation-sdk/common';
import { EDITION as EVALUATION } from '../../src/standards/water-evaluation-2011.ts';
import { curvesByName, placeNames, rowsByName } from '../lib/by-name.ts';
import { cited } from '../lib/documents.ts';
import { type Language, sayIn } from '../lib/language.ts';
import { coloured, waterClasses } from '../lib/levels.ts';
import { stateTimeline, table } from '../lib/panels.ts';
import { rows, where } from '../lib/query.ts';
import { lately } from '../lib/spans.ts';

/** Sections: the month's class beside its target, and the class of each day. */
export const waterPanels = (language: Language) => {
  const say = sayIn(language);
  const evaluation = cited(EVALUATION, language);
  const [target, grade, defining, main] = [
    say('目标', 'target'),
    say('月类别', 'class of the month'),
    say('定类指标', 'defining items'),
    say('超Ⅲ类指标（倍数）', 'items over Ⅲ (multiple)'),
  ];
  return [
    rowsByName(
      table({
        title: say('断面月类别与目标', 'Sections: class of the month, and target'),
        description: say(
          `各断面最近一个整月的水质类别（GB 3838-2002，${evaluation}：先平均后定类）与目录中的目标类别。“有效”为否时必测项目不全，类别只是下限，不判定；当月尚无类别`,
          `class of each section in its last whole month (GB 3838-2002, ${evaluation}: averages first) beside the catalog’s target. Where it is not valid, required items are missing: the class is a lower bound and not judged. The month under way has none`,
        ),
        unit: 'none',
        noData: say('无：还没有整月', 'none: no whole month yet'),
        width: 12,
        height: 8,
        queries: [
          rows(
            'A',
            `SELECT "class", "defining", "main", "valid" FROM "water_class" WHERE "period" = 'month' AND ${where('county')} AND ${lately('70d')} GROUP BY "station" ORDER BY time DESC LIMIT 1`,
          ),
          placeNames(language, { target: 'target' }),
        ],
      }),
      {
        name: say('断面', 'section'),
        target,
        class: grade,
        defining,
        main,
        valid: say('有效', 'valid'),
        Time: say('月份', 'month'),
      },
    )
      .overrideByName(target, [{ id: 'mappings', value: [waterClasses(language)] }])
      .overrideByName(grade, coloured(undefined, waterClasses(language)))
      .overrideByName(say('月份', 'month'), [{ id: 'unit', value: 'time:YYYY-MM' }]),
    curvesByName(
      stateTimeline({
        title: say('断面每日类别', 'Class of each day'),
        description: say(
          `近40日各断面每日均值的水质类别（GB 3838-2002）。空格是没有数据的日子；日类别供了解变化，考核以月类别为准`,
          'class of the daily means of each section over 40 days (GB 3838-2002). A gap is a day without data. The month’s class is what counts; days show how it comes about',
        ),
        unit: 'none',
        noData: say('无：近40日没有水质数据', 'none: no water data in 40 days'),
        width: 12,
        height: 8,
        queries: [
          rows(
            'A',
            `SELECT "class" FROM "water_class" WHERE "period" = 'day' AND ${where('county')} AND ${lately('40d')} GROUP BY "station"`,
          ),
          placeNames(language),
        ],
      }),
    )
      .timeFrom('40d')
      .mappings([waterClasses(language)])
      .mergeValues(false)
      .insertNulls(86_400_000)
      .showValue(VisibilityMode.Never),
  ];
};
