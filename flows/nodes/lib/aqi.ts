import { air as feed } from '../../../sensors/feeds/air.ts';
import { startOf } from '../../../src/cli/aqi.ts';
import type { Settings } from '../../../src/config/schema.ts';
import { isoUtc } from '../../../src/core/time.ts';
import { AQI_LEVELS } from '../../../src/standards/aqi-levels.ts';
import {
  AQI_ITEM_NAMES,
  AQI_ITEMS,
  type AqiPeriod,
  type AqiResult,
  aqi,
  editionAt,
  primaryText,
} from '../../../src/standards/hj633.ts';
import { cellsOf, checkNames, rowOf, timedCells } from './cells.ts';

const BESIDE = ['o3_1h', 'so2_24h'] as const;

/** An AQI as flows carry it: null where there is none (NA). */
export interface AqiWords {
  readonly time: string;
  readonly period: AqiPeriod;
  readonly aqi: number | null;
  readonly level: number | null;
  readonly name: { readonly zh: string; readonly en: string } | null;
  readonly colour: { readonly zh: string; readonly en: string; readonly hex: string } | null;
  /** 首要污染物 by quantity, and as one text. */
  readonly primary: AqiResult['primary'];
  readonly primary_text: string;
  readonly standard: string;
  readonly iaqi: AqiResult['iaqi'];
  readonly missing: AqiResult['missing'];
  readonly beyond: AqiResult['beyond'];
}

/**
 * The AQI of concentrations (µg/m³, CO mg/m³; `o3` of a day is its MDA8), by the standard in force when their period begins.
 * @param now epoch ms: the end of a period that has no time
 * @throws RangeError where a value or the time is none
 */
export const aqiOf = (payload: unknown, period: AqiPeriod, { air }: Settings, now: number): AqiWords => {
  const row = rowOf(payload);
  checkNames(row, AQI_ITEMS, [...Object.keys(feed.quantities), ...BESIDE]);
  const cell = cellsOf(row);
  const time = timedCells(row)('time') || isoUtc(now);
  const input = Object.fromEntries([...AQI_ITEMS, ...BESIDE].map((item) => [item, cell(item)]));
  const options = { pm10Blocks: air.aqi_pm10_blocks, rounds2012: air.aqi_rounds_2012 };
  const { aqi: value, level, ...found } = aqi(editionAt(startOf(time, period)), period, input, options);
  const words = AQI_LEVELS.find((one) => one.level === level);
  return {
    time,
    period,
    aqi: value ?? null,
    level: level ?? null,
    name: words?.name ?? null,
    colour: words?.colour ?? null,
    ...found,
    primary_text: primaryText(found.primary),
  };
};

/** `AQI 75 良 good PM2.5`. */
export const briefOf = ({ aqi: value, name, primary_text, missing }: AqiWords): string =>
  value === null || name === null
    ? `AQI NA 缺 missing ${missing.map((item) => AQI_ITEM_NAMES[item]).join(' ')}`
    : `AQI ${value} ${name.zh} ${name.en} ${primary_text}`.trim();
