import type { Settings } from '../../config/schema.ts';
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
  const words =
    item === 'o3' ? { zh: 'O3 日最大8小时', en: 'O3 MDA8' } : { zh: AQI_ITEM_NAMES[item], en: AQI_ITEM_NAMES[item] };
  return statistic(
    item,
    `${item}_p${percent}`,
    `${words.zh} 第${percent}百分位`,
    `${words.en}, ${percent}th percentile`,
    settings,
  );
};

const meanMeasure = (item: Item, settings: Settings): AirMeasure =>
  statistic(item, item, AQI_ITEM_NAMES[item], `${AQI_ITEM_NAMES[item]} mean`, settings);

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
    en: `${AQI_ITEM_NAMES[item]} single index`,
    unit: '',
    decimals: air.rounding.single_index,
    change: 'percent',
    of: (row) => told(row, `single_${item}`),
  }));

/**
 * Days are counted of those that have an AQI: none where there is none, doubtful where the period lacks so many that an item is below
 * its minimum.
 */
const daysTold = (row: Stated, name: string): Told | undefined => {
  const one = row.fields['days'] === 0 ? undefined : told(row, name);
  return one && { ...one, doubtful: one.doubtful || row.fields['valid'] === false };
};

const dayMeasure = (name: string, zh: string, en: string): AirMeasure => ({
  zh,
  en,
  unit: '天',
  decimals: 0,
  change: 'days',
  of: (row) => daysTold(row, name),
});

export const goodMeasure = dayMeasure('good', '优良天数', 'good days');
export const daysMeasure = dayMeasure('days', '有AQI天数', 'days with an AQI');

export const ratioMeasure = ({ air }: Settings): AirMeasure => ({
  zh: '优良天数比例',
  en: 'share of good days',
  unit: '%',
  decimals: air.rounding.rate,
  change: 'points',
  of: (row) => daysTold(row, 'good_ratio'),
});

export const levelMeasures: readonly (AirMeasure & { readonly fill: string })[] = AQI_LEVELS.map(
  ({ level, name, colour }) => ({
    ...dayMeasure(`level_${level}`, `${name.zh}天数`, `days, ${name.en}`),
    fill: colour.hex,
  }),
);

/** Where a period has no dust day, its figure without dust is the figure. */
const withoutDust = (row: Stated): Stated => {
  if (row.fields['dust_days'] === undefined) return row;
  const own = Object.entries(row.fields).filter(([name]) => name.endsWith(NO_DUST));
  const invalid = String(row.fields['invalid'] ?? '').replaceAll(NO_DUST, '');
  const fields = Object.fromEntries(own.map(([name, value]) => [name.slice(0, -NO_DUST.length), value]));
  return { ...row, fields: { ...fields, invalid, valid: row.fields['valid'] ?? true } };
};

const ratioWithoutDust =
  ({ air }: Settings) =>
  (row: Stated): Told | undefined => {
    const [good, days] = [daysTold(row, 'good'), daysTold(row, 'days')];
    if (good === undefined || days === undefined || days.value === 0) return undefined;
    return { ...good, value: roundHalfEven((100 * good.value) / days.value, air.rounding.rate) };
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
  dustless(goodMeasure),
  dustless(ratioMeasure(settings), ratioWithoutDust(settings)),
];

export const dustMeasure = dayMeasure('dust_days', '沙尘天数', 'dust days');
