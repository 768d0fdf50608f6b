import { HOUR } from '../../src/core/time.ts';

export const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

/** Round to the resolution of the instrument. */
export const rounded = (value: number, decimals: number): number => Number(value.toFixed(decimals)) + 0;

/** 1 at an hour of the Beijing day, -1 twelve hours away. */
export const daily = (time: number, peakHour: number): number =>
  Math.cos((2 * Math.PI * ((((time + 8 * HOUR) / HOUR) % 24) - peakHour)) / 24);

/** 1 at an hour of the Beijing day, falling to 0 within `width` hours either side. */
export const peak = (time: number, hour: number, width: number): number => {
  const away = Math.abs(((((time / HOUR + 8 - hour) % 24) + 36) % 24) - 12);
  return away >= width ? 0 : (1 + Math.cos((Math.PI * away) / width)) / 2;
};
