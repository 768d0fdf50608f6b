import { loadSettings } from '../config/load.ts';
import { DAY, HOUR, parseTime } from '../core/time.ts';
import {
  AQI_ITEM_NAMES,
  AQI_ITEMS,
  type AqiOptions,
  type AqiPeriod,
  aqi,
  editionAt,
  primaryText,
} from '../standards/hj633.ts';
import { type Calculation, type CellsOf, calculate, needColumns } from './calculator.ts';

const COLUMNS = ['time', 'pm25', 'pm10', 'so2', 'no2', 'co', 'o3'] as const;

/**
 * The start of the period that a label names: hours and days are labelled by their end, a bare date is the day itself.
 * @throws RangeError
 */
export const startOf = (label: string, period: AqiPeriod): number => {
  const date = period === 'day' && /^\d{4}-\d{2}-\d{2}$/.test(label);
  const time = parseTime(date ? `${label}T00:00` : label);
  if (time === undefined) throw new RangeError(`time: 不是时间 not a time "${label}"`);
  return date ? time : time - (period === 'hour' ? HOUR : DAY);
};

const concentrationsOf = (cell: CellsOf) => Object.fromEntries(AQI_ITEMS.map((item) => [item, cell(item)]));

const calculationOf = (period: AqiPeriod, options: AqiOptions): Calculation => ({
  prints: ['time', 'aqi', 'level', 'primary', 'standard'],
  each: (cell, note) => {
    const time = cell('time');
    const result = aqi(editionAt(startOf(time, period)), period, concentrationsOf(cell), options);
    if (result.beyond.length > 0)
      note(
        `${result.beyond.map((item) => AQI_ITEM_NAMES[item]).join(', ')} 800 以上无分指数，未计入 above 800 has no IAQI under ${result.standard}`,
      );
    const { aqi: value = 'NA', level = 'NA' } = result;
    return [time, value, level, value === 'NA' ? 'NA' : primaryText(result.primary), result.standard];
  },
});

/**
 * `lantian aqi hourly|daily FILE`.
 * @returns exit code 0, or 1 when rows were skipped
 * @throws LantianError config-invalid, file-unreadable, columns-missing
 */
export const aqiCommand = (
  kind: 'hourly' | 'daily',
  file: string,
  { config }: { config?: string },
): Promise<number> => {
  const { air } = loadSettings({ file: config, env: process.env });
  const options = { pm10Blocks: air.aqi_pm10_blocks, rounds2012: air.aqi_rounds_2012 };
  const period = kind === 'hourly' ? 'hour' : 'day';
  const begin = (header: readonly string[]): Calculation => {
    needColumns(file, header, COLUMNS);
    return calculationOf(period, options);
  };
  return calculate(file, begin);
};
