// HJ 2.3-2018 环境影响评价技术导则 地表水环境. Only its saturation of dissolved oxygen is used.

import type { Edition } from './edition.ts';

export const EDITION = {
  document: 'HJ 2.3-2018',
  title: {
    zh: '环境影响评价技术导则 地表水环境',
    en: 'Technical guidelines for environmental impact assessment: surface water environment',
  },
  from: null,
  to: null,
  doubts: [
    'the saturation formula is quoted second-hand (water.do_saturation)',
    'scaling it by the pressure of the air is engineering, not the guideline’s (water.pressure)',
  ],
} as const satisfies Edition;

/** Pressure at which the formula holds, kPa. */
export const STANDARD_PRESSURE = 101.325;

/**
 * Oxygen that fresh water holds when saturated, DOf = 468 / (31.6 + T) · P / 101.325, mg/L.
 * @param celsius water temperature, °C
 * @param pressure of the air, kPa
 * @throws RangeError where the temperature is not above −31.6 °C, or the pressure not above zero
 */
export const saturatedOxygen = (celsius: number, pressure: number = STANDARD_PRESSURE): number => {
  if (!(celsius > -31.6) || !(pressure > 0))
    throw new RangeError('saturation needs a temperature above -31.6 °C and a pressure above 0 kPa');
  return (468 / (31.6 + celsius)) * (pressure / STANDARD_PRESSURE);
};
