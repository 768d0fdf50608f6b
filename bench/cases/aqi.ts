import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { AQI_ITEMS, aqi as aqiOf, STEPS } from '../../src/standards/hj633.ts';
import { HJ633_2026 } from '../../src/standards/hj633-2026.ts';
import { caseOf } from '../case.ts';
import { clock } from '../clock.ts';
import { compared, type Measured } from '../numbers.ts';
import { profiled } from '../profiling.ts';
import { julyFile } from '../prsa.ts';

type Hour = Record<(typeof AQI_ITEMS)[number], number>;

/** Measured hours with all six items, over and over until there are so many. */
const hoursOf = (many: number): Hour[] => {
  const [head, ...lines] = gunzipSync(readFileSync(julyFile())).toString().trimEnd().split('\n');
  const names = head!.split(',');
  const at = AQI_ITEMS.map((item) => names.indexOf(item));
  const whole = lines.map((line) => line.split(',')).filter((cells) => at.every((index) => cells[index] !== ''));
  // The file has CO in µg/m³.
  const hours = whole.map((cells) => {
    const [so2, no2, pm10, pm25, co, o3] = at.map((index) => Number(cells[index])) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    return { so2, no2, pm10, pm25, co: co / 1000, o3 };
  });
  return Array.from({ length: many }, (_, i) => hours[i % hours.length]!);
};

const { columns } = HJ633_2026;
/** The hour's columns, in the order of AQI_ITEMS. */
const TABLE = [
  columns.so2_1h,
  columns.no2_1h,
  columns.pm10_24h,
  columns.pm25_24h,
  columns.co_1h,
  columns.o3_1h,
] as const;

/** The table in doubles and nothing else: no rounding, no missing values, no primary pollutants. */
const bareAqi = (hour: Hour): number => {
  let highest = 0;
  for (let item = 0; item < AQI_ITEMS.length; item++) {
    const [column, value] = [TABLE[item]!, hour[AQI_ITEMS[item]!]];
    let i = 1;
    while (i < column.length - 1 && value > column[i]!) i++;
    const [low, high] = [column[i - 1]!, column[i]!];
    const index = Math.ceil(STEPS[i - 1]! + ((STEPS[i]! - STEPS[i - 1]!) * (value - low)) / (high - low));
    if (index > highest) highest = index;
  }
  return highest;
};

/** Hours a second, and their sum, so that nothing is left out as unused. */
const paced = (hours: readonly Hour[], work: (hour: Hour) => number): Measured & { sum: number } => {
  const began = clock();
  let sum = 0;
  for (const hour of hours) sum += work(hour);
  return { figure: (hours.length * 1000) / (clock() - began), sum };
};

const ours = (hour: Hour): number => aqiOf(HJ633_2026, 'hour', hour).aqi ?? 0;

/** Both must say the same of every hour, but for what HJ 633-2026 rounds first: a loop that did other work would be no measure. */
const checkAlike = (hours: readonly Hour[]): void => {
  const apart = hours.find((hour) => Math.abs(ours(hour) - bareAqi(hour)) > 1);
  if (apart) throw new Error(`the loop over the table says another AQI of ${JSON.stringify(apart)}`);
};

/** AQI, level, primary pollutants and what is missing, of one hour. */
export const aqi = caseOf({
  name: 'aqi',
  about: { zh: '一小时的 AQI（HJ 633-2026，精确取整）', en: 'AQI of an hour, HJ 633-2026, in exact arithmetic' },
  beside: { zh: '只查表的循环', en: 'a loop over the table with nothing else' },
  sizes: { full: { hours: 1_000_000, rounds: 7 }, quick: { hours: 200_000, rounds: 5 } },
  run: async ({ hours: many, rounds }, { profile, say }) => {
    const hours = hoursOf(many);
    checkAlike(hours);
    const turns = Array.from({ length: rounds }, () => ({ beside: paced(hours, bareAqi), ours: paced(hours, ours) }));
    await profiled(profile, 'aqi', async () => paced(hours, ours));
    say(`${rounds} × ${many.toLocaleString('en-US')} h`);
    const about = { name: 'hour', what: { zh: '小时/秒', en: 'hours a second' }, unit: '/s' };
    return [compared(about, turns, { of: 'ratio', least: 0.5 })];
  },
});
