import { emission } from '../../../sensors/feeds/emission.ts';
import { DAY, monthName } from '../../core/time.ts';
import { CONCENTRATIONS, validMean } from '../../processors/compliance-rows.ts';
import { roundHalfEven } from '../../standards/gbt8170.ts';
import { daysLeast, EDITION as MONTHS_OF } from '../../standards/hj76-2017.ts';
import { meanOf } from '../../standards/hj663.ts';
import { type Measure, periodCells, periodColumns } from './compare.ts';
import { emissionNotes } from './emission.ts';
import type { ItemHours, Summary } from './emission-hours.ts';
import type { EmissionPlace } from './emission-places.ts';
import type { Months } from './months.ts';
import { type Held, rowsOf, type Source, type Told, titleOf } from './source.ts';
import { type Cell, figure, type Table, text } from './table.ts';

// 排放浓度: what an outlet sent of each quantity, as converted: mean of the valid days, hours above the limit, highest multiple.

const { quantities } = emission;

/** What a period has of one quantity. */
interface ItemPeriod {
  readonly mean: Told | undefined;
  readonly hours: ItemHours | undefined;
  readonly doubtful: boolean;
}

type Periods = keyof Months;

const MEAN: Measure<ItemPeriod> = {
  zh: '折算浓度均值',
  en: 'mean as converted',
  unit: 'mg/m³',
  decimals: 2,
  change: 'percent',
  of: ({ mean }) => mean,
};

const EXCEEDED: Measure<ItemPeriod> = {
  zh: '超标小时',
  en: 'hours above the limit',
  unit: '小时',
  decimals: 0,
  change: 'hours',
  of: ({ hours, doubtful }) => hours && { value: hours.exceeded, doubtful },
};

const MULTIPLE: Measure<ItemPeriod> = {
  zh: '最大超标倍数',
  en: 'highest multiple',
  unit: '倍',
  decimals: 2,
  change: 'times',
  of: ({ hours, doubtful }) =>
    hours?.most === undefined ? undefined : { value: roundHalfEven(hours.most, 2), doubtful },
};

/** Days that the mean of a period needs: of each of its months. */
const enoughDays = (days: readonly number[], period: Periods, { months, settings }: Source): boolean => {
  const least = { other: settings.emission.month_days, february: settings.emission.month_days_february };
  const { start, end } = months[period];
  const names = [...new Set(Array.from({ length: (end - start) / DAY }, (_, at) => monthName(start + at * DAY)))];
  const counts = Map.groupBy(days, monthName);
  return names.every((name) => (counts.get(name)?.length ?? 0) >= daysLeast(Number(name.slice(5)), least));
};

const meanTold = (source: Source, outlet: string, quantity: string, period: Periods): Told | undefined => {
  const span = source.months[period];
  const days = rowsOf(source, 'emission_compliance_day', span, { outlet }).flatMap(({ time, fields }) => {
    const value = validMean(fields, quantity);
    return value === undefined ? [] : [{ time, value }];
  });
  const mean = meanOf(days.map(({ value }) => value));
  if (mean === undefined) return undefined;
  const times = days.map(({ time }) => time);
  return { value: roundHalfEven(mean, 2), doubtful: span.end > source.now || !enoughDays(times, period, source) };
};

const heldItem = (source: Source, outlet: string, quantity: string, held: Held<Summary>): Held<ItemPeriod> => {
  const periods = (Object.keys(source.months) as Periods[]).map((period) => {
    const mean = meanTold(source, outlet, quantity, period);
    const summary = held[period];
    const hours = summary?.judged === 0 ? undefined : summary?.items.get(quantity);
    return [period, { mean, hours, doubtful: summary?.doubtful ?? false }];
  });
  return Object.fromEntries(periods) as Held<ItemPeriod>;
};

const hasAny = (held: Held<ItemPeriod>): boolean =>
  Object.values(held).some((one) => one?.mean !== undefined || one?.hours !== undefined);

const outletRows = (source: Source, { enterprise, outlet, held }: EmissionPlace): Cell[][] => {
  if (outlet === undefined) return [];
  return CONCENTRATIONS.flatMap((quantity) => {
    const own = heldItem(source, outlet.id, quantity, held);
    const limit = own.month?.hours?.limit ?? outlet.limits?.[quantity];
    if (!hasAny(own) && limit === undefined) return [];
    const names = [enterprise.name.zh, outlet.name.zh, quantities[quantity]!.name.zh].map(text);
    return [MEAN, EXCEEDED, MULTIPLE].map((measure) => [...names, figure(limit, 0), ...periodCells(measure, own)]);
  });
};

export const emissionItemsTable = (source: Source, places: readonly EmissionPlace[]): Table => ({
  id: 'emission-items',
  sheet: '排放浓度',
  title: titleOf(source, '固定污染源排放浓度与超标', 'Concentrations and exceedances of outlets'),
  columns: [
    { zh: '企业', en: 'enterprise', width: 36 },
    { zh: '排口', en: 'outlet', width: 18 },
    { zh: '污染物', en: 'pollutant', width: 22 },
    { zh: '限值（mg/m³）', en: 'limit', width: 13 },
    ...periodColumns(source.months),
  ],
  rows: places.flatMap((place) => outletRows(source, place)),
  frozen: 3,
  notes: [
    {
      zh: `月均值：有效日折算均值的平均，每月至少${source.settings.emission.month_days}个有效日、二月${source.settings.emission.month_days_february}个（${MONTHS_OF.document}，转引）；超标倍数：(C−L)/L。`,
      en: `Means: of the valid days as converted, ${source.settings.emission.month_days} of a month, ${source.settings.emission.month_days_february} of February (${MONTHS_OF.document}, second-hand); multiple: (C − L) / L.`,
    },
    ...emissionNotes(source),
  ],
});
