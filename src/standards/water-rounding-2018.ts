// 总站水字〔2018〕87号 国家地表水环境质量监测数据修约处理规则（试行）: decimals of values that are judged. The text was not at hand; the
// decimals are those of one public implementation, so rounding before judging is a setting, off until it is set.

import type { Edition } from './edition.ts';
import { roundHalfEven } from './gbt8170.ts';

export const EDITION = {
  document: '总站水字〔2018〕87号',
  title: {
    zh: '国家地表水环境质量监测数据修约处理规则（试行）',
    en: 'Rules for rounding of national surface water quality monitoring data (trial)',
  },
  from: null,
  to: null,
  doubts: ['the decimals are those of one public implementation (water.rounded_first)'],
} as const satisfies Edition;

/** Decimals to which a value is rounded before it is judged; mg/L, pH as such. */
export const DECIMALS: Readonly<Record<string, number>> = {
  ph: 0,
  dissolved_oxygen: 1,
  permanganate_index: 1,
  cod: 1,
  bod5: 1,
  ammonia_nitrogen: 2,
  total_phosphorus: 3,
  total_nitrogen: 2,
  copper: 3,
  zinc: 3,
  fluoride: 3,
  selenium: 4,
  arsenic: 4,
  mercury: 5,
  cadmium: 5,
  chromium_vi: 3,
  lead: 3,
  cyanide: 3,
  volatile_phenol: 4,
  petroleum: 2,
  anionic_surfactant: 2,
  sulfide: 3,
};

/** Rounded to a number of decimals, ties to even; what would become 0 and is not keeps its first digit. */
export const roundKeeping = (value: number, decimals: number): number => {
  const rounded = roundHalfEven(value, decimals);
  if (rounded !== 0 || value === 0) return rounded;
  return roundHalfEven(value, Math.ceil(-Math.log10(Math.abs(value)) - 1e-9));
};

/** A value as it is judged; quantities without decimals of their own as they are. */
export const roundedForClass = (quantity: string, value: number): number => {
  const decimals = DECIMALS[quantity];
  return decimals === undefined ? value : roundKeeping(value, decimals);
};
