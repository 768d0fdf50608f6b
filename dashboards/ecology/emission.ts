import { VisibilityMode } from '@grafana/grafana-foundation-sdk/common';
import { curvesByName, placeNames, rowsByName } from '../lib/by-name.ts';
import { BAD, GOOD, mapping } from '../lib/colours.ts';
import { type Language, sayIn } from '../lib/language.ts';
import { stateTimeline, table } from '../lib/panels.ts';
import { rows, where } from '../lib/query.ts';

const ENTERPRISE = { zh: 'enterprise_name', en: 'enterprise_name_en' } as const;

/** Outlets: which hours were above the permit, and by how much. */
export const emissionPanels = (language: Language) => {
  const say = sayIn(language);
  return [
    curvesByName(
      stateTimeline({
        title: say('排口小时达标情况', 'Outlets by hour'),
        description: say(
          '所选时间内各排口每小时折算浓度是否超过排污许可限值。空格是不判定的小时：停运、标记、分钟数不足或没有数据，不等于达标',
          'whether each hour’s converted concentrations were above the permit. A gap is an hour that is not judged: standing, marked, too few minutes or no data, which is not compliance',
        ),
        unit: 'bool',
        noData: say('所选时间内没有可判定的小时', 'no hour that could be judged in this time'),
        width: 12,
        queries: [
          rows(
            'A',
            `SELECT "exceeded" FROM "emission_compliance" WHERE $timeFilter AND "judged" = true AND ${where('county')} GROUP BY "outlet"`,
          ),
          placeNames(language),
        ],
      }),
      'outlet',
    )
      .mappings([
        mapping(language, {
          true: { text: { zh: '超标', en: 'above' }, colour: BAD },
          false: { text: { zh: '达标', en: 'within' }, colour: GOOD },
        }),
      ])
      .mergeValues(false)
      .insertNulls(3_600_000)
      .showValue(VisibilityMode.Never),
    rowsByName(
      table({
        title: say('超标小时', 'Hours above the permit'),
        description: say(
          '所选时间内超过许可限值的每个小时：折算浓度、限值与超标倍数（(C − L) / L）。没有超标的因子留空',
          'each hour above the permit in this time: converted concentrations, limits, and by how many times (C − L) / L. An item within its limit has no multiple',
        ),
        unit: 'none',
        noData: say('所选时间内没有超标小时', 'no hour above the permit in this time'),
        width: 12,
        queries: [
          rows(
            'A',
            `SELECT "converted_pm", "limit_pm", "multiple_pm", "converted_so2", "limit_so2", "multiple_so2", "converted_nox", "limit_nox", "multiple_nox" FROM "emission_compliance" WHERE $timeFilter AND "exceeded" = true AND ${where('county')} GROUP BY "outlet" ORDER BY time DESC`,
          ),
          placeNames(language, { enterprise: ENTERPRISE[language] }),
        ],
      }),
      {
        Time: say('时间', 'hour'),
        enterprise: say('企业', 'enterprise'),
        name: say('排口', 'outlet'),
        ...Object.fromEntries(
          [
            ['pm', say('颗粒物', 'PM')],
            ['so2', 'SO2'],
            ['nox', 'NOx'],
          ].flatMap(([item, name]) => [
            [`converted_${item}`, `${name} mg/m³`],
            [`limit_${item}`, `${name} ${say('限值', 'limit')}`],
            [`multiple_${item}`, `${name} ${say('倍数', 'multiple')}`],
          ]),
        ),
      },
      'outlet',
    ).decimals(2),
  ];
};
