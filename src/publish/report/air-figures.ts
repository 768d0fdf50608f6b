import type { Settings } from '../../config/schema.ts';
import { monthName, monthStart } from '../../core/time.ts';
import type { Span } from '../../core/types.ts';
import { AQI_LEVELS } from '../../standards/aqi-levels.ts';
import { roundHalfEven } from '../../standards/gbt8170.ts';
import { AQI_ITEM_NAMES } from '../../standards/hj633.ts';
import { roundStatistic } from '../../standards/hj663.ts';
import { PERCENTILES } from '../../standards/hj663-periods.ts';
import { RANKED_ITEMS } from '../../standards/ranking-2014.ts';
import type { Measure } from './compare.ts';
import { type Stated, type Told, told } from './source.ts';

// Figures of air that the tables give, from rows of air_month and from the year so far.

type Item = (typeof RANKED_ITEMS)[number];
type AirMeasure = Measure<Stated>;

const NO_DUST = '_no_dust';
/** Days with an AQI, dust or not, beside those without. */
const ALL_DAYS = 'all_days';
const isGas = (item: Item): boolean => item === 'co' || item === 'o3';

const statistic = (item: Item, name: string, zh: string, en: string, { air }: Settings): AirMeasure => ({
  zh,
  en,
  unit: item === 'co' ? 'mg/m³' : 'µg/m³',
  decimals: item === 'co' ? air.rounding.statistic_co : air.rounding.statistic,
  change: 'percent',
  of: (row) => told(row, name, (value) => roundStatistic(item, value, 'statistic', air.rounding)),
});

const percentileOf = (item: Item, settings: Settings): AirMeasure => {
  const percent = PERCENTILES[item];
  const [zh, en] = item === 'o3' ? ['O3 日最大8小时', 'MDA8, '] : [AQI_ITEM_NAMES[item], ''];
  const words = [`${zh} 第${percent}百分位`, `${en}${percent}th percentile`] as const;
  return statistic(item, `${item}_p${percent}`, ...words, settings);
};

const meanMeasure = (item: Item, settings: Settings): AirMeasure =>
  statistic(item, item, `${AQI_ITEM_NAMES[item]} 均值`, 'mean', settings);

/** What the composite index takes of each item: means, of CO and O3 the percentile. */
export const mainMeasures = (settings: Settings): AirMeasure[] =>
  RANKED_ITEMS.map((item) => (isGas(item) ? percentileOf(item, settings) : meanMeasure(item, settings)));

/** The other percentiles. */
export const percentileMeasures = (settings: Settings): AirMeasure[] =>
  RANKED_ITEMS.filter((item) => !isGas(item)).map((item) => percentileOf(item, settings));

export const compositeMeasure = ({ air }: Settings): AirMeasure => ({
  zh: '综合指数',
  en: 'composite index',
  unit: '',
  decimals: air.rounding.composite_index,
  change: 'percent',
  of: (row) => told(row, 'composite'),
});

export const singleMeasures = ({ air }: Settings): AirMeasure[] =>
  RANKED_ITEMS.map((item) => ({
    zh: `${AQI_ITEM_NAMES[item]} 单项指数`,
    en: 'single index',
    unit: '',
    decimals: air.rounding.single_index,
    change: 'percent',
    of: (row) => told(row, `single_${item}`),
  }));

/** Days that a period needs: GB 3095 Table 4 says so of its items, here it holds for the days that have an AQI as well. */
const daysLeast = ({ start, end }: Span, { air }: Settings): number => {
  let days = 0;
  for (let month = start; month < end; month = monthStart(month, 1))
    days += monthName(month).endsWith('-02') ? air.month_days_february : air.month_days;
  return days;
};

/** Days are counted of those that have an AQI: none where there is none, doubtful where there are too few. */
const daysTold = (row: Stated, name: string, settings: Settings): Told | undefined => {
  const days = Number(row.fields[ALL_DAYS] ?? row.fields['days'] ?? 0);
  const one = days === 0 ? undefined : told(row, name);
  return one && { ...one, doubtful: one.doubtful || days < daysLeast(row.span, settings) };
};

const dayMeasure = (name: string, zh: string, en: string, settings: Settings): AirMeasure => ({
  zh,
  en,
  unit: '天',
  decimals: 0,
  change: 'days',
  of: (row) => daysTold(row, name, settings),
});

export const goodMeasure = (settings: Settings) => dayMeasure('good', '优良天数', 'good days', settings);
export const daysMeasure = (settings: Settings) => dayMeasure('days', '有AQI天数', 'days with an AQI', settings);
export const dustMeasure = (settings: Settings) => dayMeasure('dust_days', '沙尘天数', 'dust days', settings);

export const ratioMeasure = (settings: Settings): AirMeasure => ({
  zh: '优良天数比例',
  en: 'share of good days',
  unit: '%',
  decimals: settings.air.rounding.rate,
  change: 'points',
  of: (row) => daysTold(row, 'good_ratio', settings),
});

export const levelMeasures = (settings: Settings): AirMeasure[] =>
  AQI_LEVELS.map(({ level, name, colour }) => ({
    ...dayMeasure(`level_${level}`, `${name.zh}天数`, `days, ${name.en}`, settings),
    fill: colour.hex,
  }));

/** Where a period has no dust day, its figure without dust is the figure. */
const withoutDust = (row: Stated): Stated => {
  if (row.fields['dust_days'] === undefined) return row;
  const own = Object.entries(row.fields).filter(([name]) => name.endsWith(NO_DUST));
  const invalid = String(row.fields['invalid'] ?? '').replaceAll(NO_DUST, '');
  const fields = Object.fromEntries(own.map(([name, value]) => [name.slice(0, -NO_DUST.length), value]));
  return { ...row, fields: { ...fields, invalid, [ALL_DAYS]: row.fields['days'] ?? 0 } };
};

const ratioWithoutDust =
  (settings: Settings) =>
  (row: Stated): Told | undefined => {
    const [good, days] = ['good', 'days'].map((name) => daysTold(row, name, settings));
    if (good === undefined || days === undefined || days.value === 0) return undefined;
    return { ...good, value: roundHalfEven((100 * good.value) / days.value, settings.air.rounding.rate) };
  };

const dustless = (measure: AirMeasure, of = measure.of): AirMeasure => ({
  ...measure,
  zh: `${measure.zh}（剔除沙尘）`,
  en: `${measure.en}, without dust days`,
  of: (row) => of(withoutDust(row)),
});

/** What dust raises: particles, the index, the days; each without the dust days. */
export const dustlessMeasures = (settings: Settings): AirMeasure[] => [
  dustless(meanMeasure('pm10', settings)),
  dustless(meanMeasure('pm25', settings)),
  dustless(compositeMeasure(settings)),
  dustless(goodMeasure(settings)),
  dustless(ratioMeasure(settings), ratioWithoutDust(settings)),
];
