import { emission } from '../../sensors/feeds/emission.ts';
import { CONCENTRATIONS } from '../../src/processors/compliance-rows.ts';
import { curvesByName, placeNames, rowsByName } from '../lib/by-name.ts';
import { mapping } from '../lib/colours.ts';
import { type Language, sayIn } from '../lib/language.ts';
import { stateTimeline, table } from '../lib/panels.ts';
import { rows, where } from '../lib/query.ts';

const OUTLET = where('outlet');

const REASONS = {
  'no-limits': { zh: '未录入限值', en: 'no limits' },
  stopped: { zh: '停运', en: 'standing' },
  marked: { zh: '标记', en: 'marked' },
  'no-oxygen': { zh: '缺含氧量', en: 'no oxygen' },
  'too-few-minutes': { zh: '数据不足', en: 'too few minutes' },
} as const;

/** Each exceedance, and why hours were not judged. */
export const eventPanels = (language: Language) => {
  const say = sayIn(language);
  const columns = CONCENTRATIONS.flatMap((quantity) => {
    const label = emission.quantities[quantity]!.name[language];
    return [
      [`converted_${quantity}`, say(`${label} 折算`, `${label}, converted`)],
      [`limit_${quantity}`, say(`${label} 限值`, `${label}, limit`)],
      [`multiple_${quantity}`, say(`${label} 超标倍数`, `${label}, times above`)],
    ] as const;
  });
  return [
    rowsByName(
      table({
        title: say('超标明细', 'Exceedances'),
        description: say(
          '每个超标小时（时间为小时的开始）、折算浓度与限值（mg/m³）、超标倍数（浓度减限值，除以限值）',
          'each hour above the permit (by its start): converted concentrations and limits (mg/m³), and by how many limits they were above',
        ),
        unit: 'none',
        noData: say('所选时间内没有超标', 'nothing above the permit in the chosen time'),
        width: 16,
        queries: [
          rows(
            'A',
            `SELECT "outlet", ${columns.map(([field]) => `"${field}"`).join(', ')} FROM "emission_compliance" WHERE $timeFilter AND ${OUTLET} AND "exceeded" = true ORDER BY time DESC LIMIT 500`,
          ),
          placeNames(language),
        ],
      }),
      { Time: say('小时', 'hour'), name: say('排口', 'outlet'), ...Object.fromEntries(columns) },
      'outlet',
    ).decimals(2),
    curvesByName(
      stateTimeline({
        title: say('未判定小时的原因', 'Why hours were not judged'),
        description: say(
          '各排口未能判定的小时及原因；空白的小时已判定，或没有任何数据',
          'hours of each outlet that could not be judged, and why; a blank hour was judged, or has no data at all',
        ),
        unit: 'string',
        noData: say('所有小时都已判定，或没有数据', 'every hour was judged, or there are no data'),
        width: 8,
        queries: [
          rows(
            'A',
            `SELECT "reason" FROM "emission_compliance" WHERE $timeFilter AND ${OUTLET} AND "judged" = false GROUP BY "outlet"`,
          ),
          placeNames(language),
        ],
      }),
      'outlet',
    )
      .insertNulls(3_600_000)
      .mappings([
        mapping(
          language,
          Object.fromEntries(
            Object.entries(REASONS).map(([reason, text], index) => [
              reason,
              { text, colour: ['red', 'gray', 'blue', 'orange', 'yellow'][index]! },
            ]),
          ),
        ),
      ]),
  ];
};
