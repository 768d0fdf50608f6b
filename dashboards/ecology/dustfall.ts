import {
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
} from '@grafana/grafana-foundation-sdk/common';
import { EDITION as ACTION_PLAN, RECTIFICATION_ABOVE } from '../../src/standards/air-action-plan-2021.ts';
import { arranged, curvesByName, placeNames } from '../lib/by-name.ts';
import { BAD } from '../lib/colours.ts';
import { cited } from '../lib/documents.ts';
import { type Language, sayIn } from '../lib/language.ts';
import { coloured, signalStates } from '../lib/levels.ts';
import { own, steps, table, timeSeries } from '../lib/panels.ts';
import { rows, where } from '../lib/query.ts';
import { lately } from '../lib/spans.ts';

const UNIT = own(' t/(km²·30d)');

/** Dustfall of points and months against the line of the action plan, the county's months, and what was ordered. */
export const dustfallPanels = (language: Language) => {
  const say = sayIn(language);
  const action = cited(ACTION_PLAN, language);
  const line = `${RECTIFICATION_ABOVE} t/(km²·30d)`;
  const none = say('无：还没有降尘结果', 'none: no dustfall yet');
  return [
    curvesByName(
      timeSeries({
        title: say('各点位月降尘量', 'Dustfall by point and month'),
        description: say(
          `各降尘点各月的降尘量（HJ 1221-2021），标在该月第一天；横线是 ${line}，当月最高值超过（不含等于）即开展专项整治（${action}）。没有柱子的点该月没有结果，不是零`,
          `dustfall of each point (HJ 1221-2021), at the first of its month; the line is ${line}: a month whose highest is above it, not at it, orders a campaign (${action}). A point without a bar has no result for that month, which is not zero`,
        ),
        unit: UNIT,
        noData: none,
        width: 12,
        height: 9,
        queries: [
          rows(
            'A',
            `SELECT "dustfall" FROM "dustfall_month" WHERE "station" != 'county' AND ${where('county')} AND ${lately('400d')} GROUP BY "station"`,
          ),
          placeNames(language),
        ],
      }),
    )
      .timeFrom('400d')
      .drawStyle(GraphDrawStyle.Bars)
      .fillOpacity(60)
      .min(0)
      .thresholds(steps([null, 'transparent'], [RECTIFICATION_ABOVE, BAD]))
      .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Line)),
    table({
      title: say('全县月降尘量', 'Dustfall of the county'),
      description: say(
        `全县各月最高、平均、最低降尘量和参与的点位数。平均值在全部在用点位报来之前（最迟次月20日）无效，只供参考；最高值当即与 ${line} 比较（${action}）`,
        `highest, mean and lowest of each month, and the points in it. The mean is invalid until every point in service has reported (the 20th of the next month at the latest); the highest is held against ${line} at once (${action})`,
      ),
      unit: UNIT,
      noData: none,
      width: 6,
      height: 9,
      queries: [
        rows(
          'A',
          `SELECT "max", "mean", "min", "count", "valid" FROM "dustfall_month" WHERE "station" = 'county' AND ${where('county')} AND ${lately('400d')} ORDER BY time DESC`,
        ),
      ],
    })
      .withTransformation(
        arranged({
          Time: say('月份', 'month'),
          max: say('最高', 'highest'),
          mean: say('平均', 'mean'),
          min: say('最低', 'lowest'),
          count: say('点位数', 'points'),
          valid: say('平均有效', 'mean valid'),
        }),
      )
      .overrideByName(say('月份', 'month'), [{ id: 'unit', value: 'time:YYYY-MM' }])
      .overrideByName(say('点位数', 'points'), [{ id: 'unit', value: 'none' }])
      // Steps include their number; results are rounded to 0.1, so that what is above the line begins just above it.
      .overrideByName(
        say('最高', 'highest'),
        coloured([
          [null, 'transparent'],
          [RECTIFICATION_ABOVE + 0.05, BAD],
        ]),
      ),
    table({
      title: say('降尘专项整治', 'Rectification campaigns'),
      description: say(
        `每个月的专项整治信号（${action}）现在的状态：生效、已结束。由文件下令，由人结束，或因修订降到限值及以下而解除`,
        `the state of each month’s campaign (${action}): active, or ended. The document orders it, a person ends it, or a revision to the line or below lifts it`,
      ),
      unit: 'string',
      noData: say('无：近400日没有专项整治', 'none in the last 400 days'),
      width: 6,
      height: 9,
      queries: [
        rows(
          'A',
          `SELECT last("state") AS "state", "version" FROM "signal" WHERE "kind" = 'dustfall-rectification' AND ${where('county')} AND ${lately('400d')} GROUP BY "subject"`,
        ),
      ],
    })
      .withTransformation(
        arranged({
          subject: say('月份', 'month'),
          state: say('状态', 'state'),
          Time: say('变化时间', 'changed'),
          version: null,
        }),
      )
      .overrideByName(say('状态', 'state'), coloured(undefined, signalStates(language))),
  ];
};
