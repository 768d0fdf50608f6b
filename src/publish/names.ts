import { feeds } from '../../sensors/feeds/index.ts';
import type { Bilingual } from '../core/types.ts';

// What quantities of evidence are called.

const SIZES: Readonly<Record<string, Bilingual>> = {
  large: { zh: '大型', en: 'large' },
  medium: { zh: '中型', en: 'medium' },
  small: { zh: '小型', en: 'small' },
};
const TYPES: Readonly<Record<string, Bilingual>> = {
  rockfall: { zh: '崩塌', en: 'rockfall' },
  landslide: { zh: '滑坡', en: 'landslide' },
};

/** `hazard_point_medium_rockfall`: a point of the plan against geological hazards, its number the value. */
const pointName = (quantity: string): Bilingual | undefined => {
  const [, size, type] = /^hazard_point_([a-z]+)_([a-z]+)$/.exec(quantity) ?? [];
  const [large, kind] = [SIZES[size ?? ''], TYPES[type ?? '']];
  return (
    large && kind && { zh: `${large.zh}${kind.zh}隐患点序号`, en: `Hazard point (${large.en} ${kind.en}), number` }
  );
};

export const isHazardPoint = (quantity: string): boolean => pointName(quantity) !== undefined;

const OWN: Readonly<Record<string, Bilingual>> = {
  effective_rain: { zh: '前期有效降雨', en: 'Effective antecedent rain' },
  temperature_fall: { zh: '最低气温降幅', en: 'Fall of the lowest temperature' },
  dustfall_mean: { zh: '降尘量全县平均', en: 'Mean dustfall of the county' },
  dustfall_max: { zh: '降尘量最高', en: 'Highest dustfall' },
  dustfall_min: { zh: '降尘量最低', en: 'Lowest dustfall' },
  forecast_daily_aqi: { zh: '日 AQI', en: 'Daily AQI' },
  reports_late: { zh: '逾期未报单位', en: 'Units whose reports are late' },
  silence: { zh: '无有效数据', en: 'Without valid data' },
  minutes_stopped: { zh: '停运', en: 'Stopped' },
};

/** What an outlet emits, as it is held against its permit. */
const converted = (quantity: string): Bilingual | undefined => {
  const name = feeds.emission.quantities[/^converted_(.+)$/.exec(quantity)?.[1] ?? '']?.name;
  return name && { zh: `折算${name.zh}`, en: `${name.en}, converted` };
};

/** `forecast_rain_24h` is Rain in the window; a quantity that no feed has stays as it is written. */
export const quantityName = (quantity: string): Bilingual => {
  const [, ahead, name = quantity] = /^(forecast_)?(.+?)_\d+h$/.exec(quantity) ?? [];
  const order = ahead === undefined ? ['weather', 'forecast', 'dustfall', 'water'] : ['forecast'];
  const known = order.flatMap((feed) => feeds[feed as 'weather'].quantities[name]?.name ?? [])[0];
  return (
    known ?? OWN[quantity] ?? OWN[name] ?? converted(quantity) ?? pointName(quantity) ?? { zh: quantity, en: quantity }
  );
};
