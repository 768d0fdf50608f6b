import { FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import { emission } from '../../sensors/feeds/emission.ts';
import { CONCENTRATIONS } from '../../src/processors/compliance-rows.ts';
import { BAD } from '../lib/colours.ts';
import { type Language, sayIn } from '../lib/language.ts';
import { own, timeSeries } from '../lib/panels.ts';
import { series, where } from '../lib/query.ts';

const OUTLET = where('outlet');

/**
 * A curve of hours; an hour without a row is a gap. Where a bucket holds several hours it is the highest that is drawn: their mean could be within the
 * permit though one of them was above it.
 */
const curve = (refId: string, field: string, name: string) =>
  series(
    refId,
    `SELECT max("${field}") FROM "emission_compliance" WHERE $timeFilter AND ${OUTLET} GROUP BY time($__interval) fill(null)`,
    name,
  );

/** Converted concentrations of the outlet of the row against its permit, one panel each. */
export const hourPanels = (language: Language) => {
  const say = sayIn(language);
  const limit = say('限值', 'limit');
  return CONCENTRATIONS.map((quantity) => {
    const { name, unit } = emission.quantities[quantity]!;
    return timeSeries({
      title: say(`${name.zh} 折算浓度`, `${name.en}, converted`),
      description: say(
        '小时均值（折算到基准含氧量）与排污许可限值；时间跨度大、一点含多个小时时取其最高值。恰等于限值为达标。分钟数不足的小时也画出，但不用于判定',
        'hourly means at the reference oxygen, and the limit of the permit; where a dot stands for several hours, the highest of them. Exactly at it is within. An hour with too few minutes is drawn too, and not judged',
      ),
      unit: own(unit),
      noData: say('没有数据：停运、未监测或传输中断', 'no data: standing, not measured, or not transmitted'),
      width: 8,
      queries: [
        curve('A', `converted_${quantity}`, say('折算浓度', 'converted')),
        curve('B', `limit_${quantity}`, limit),
      ],
    })
      .interval('1h')
      .overrideByName(limit, [
        { id: 'color', value: { mode: FieldColorModeId.Fixed, fixedColor: BAD } },
        { id: 'custom.lineStyle', value: { fill: 'dash', dash: [10, 10] } },
        { id: 'custom.fillOpacity', value: 0 },
        { id: 'custom.showPoints', value: 'never' },
      ]);
  });
};
