import { dustfall as feed } from '../../sensors/feeds/dustfall.ts';
import { loadSettings } from '../config/load.ts';
import type { Settings } from '../config/schema.ts';
import { DAY, monthName, parseTime } from '../core/time.ts';
import { countyDustfall } from '../standards/dustfall-bulletin.ts';
import {
  DETECTION_LIMIT,
  type DustfallMark,
  dustfallMarks,
  dustfallOf,
  exposureDays,
  roundDustfall,
  type Weighing,
} from '../standards/hj1221.ts';
import { type Calculation, type CellsOf, calculate, needColumns, numberIn, within } from './calculator.ts';

const COLUMNS = ['start', 'end', 'gross', 'tare', 'blank', 'area'] as const;
const PRINTED = ['dustfall', 'days', 'remark'] as const;

const weightIn = (cell: CellsOf, name: 'gross' | 'tare' | 'blank' | 'area'): number => {
  if (cell(name) === '') throw new RangeError(`${name}: 缺 missing`);
  return numberIn(feed.quantities, name, cell(name));
};

/** A date alone is its 00:00. */
const timeIn = (cell: CellsOf, name: 'start' | 'end'): number => {
  const text = cell(name);
  const time = parseTime(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00` : text);
  if (time === undefined) throw new RangeError(`${name}: 不是时间 not a time "${text}"`);
  return time;
};

/** @throws RangeError */
export const weighingIn = (cell: CellsOf): Weighing => {
  const [start, end] = [timeIn(cell, 'start'), timeIn(cell, 'end')];
  if (!(exposureDays(start, end) > 0)) throw new RangeError('end: 采样不足 0.1 d the exposure is shorter than 0.1 d');
  const [gross, tare] = [weightIn(cell, 'gross'), weightIn(cell, 'tare')];
  return { gross, tare, blank: weightIn(cell, 'blank'), area: weightIn(cell, 'area'), start, end };
};

type Exposure = Settings['dustfall'];

export const remarkOf = (mark: DustfallMark, { exposure_least, exposure_most }: Exposure): string =>
  mark === 'exposure'
    ? `采样天数不在 ${exposure_least}–${exposure_most} d 内 exposure outside ${exposure_least}–${exposure_most} d`
    : `低于检出限 ${DETECTION_LIMIT} below the detection limit`;

/** Values by month and point; a row without a point is one of its own. */
type Months = Map<string, Map<string, number[]>>;

const keep = (months: Months, point: string, { start, end }: Weighing, value: number): void => {
  const month = monthName((start + end) / 2);
  const points = months.get(month) ?? new Map<string, number[]>();
  months.set(month, points);
  const name = point === '' ? `#${points.size}` : `.${point}`;
  points.set(name, [...(points.get(name) ?? []), value]);
};

/** A line for a month's points, as the bureaus' bulletins have it. */
const summaryOf = (month: string, points: ReadonlyMap<string, readonly number[]>): string => {
  const means = [...points.values()].map((jars) => jars.reduce((sum, value) => sum + value, 0) / jars.length);
  const { max, mean, min } = countyDustfall(means)!;
  const figures = [`最大 max ${max.toFixed(1)}`, `平均 mean ${mean.toFixed(1)}`, `最小 min ${min.toFixed(1)}`];
  return `${month} 全县 county: ${figures.join(', ')} t/(km²·30d), ${points.size} 点 points\n`;
};

const calculationOf = (header: readonly string[], exposure: Exposure, months: Months): Calculation => {
  const given = header.filter((name) => !PRINTED.includes(name as 'days'));
  const range = { least: exposure.exposure_least, most: exposure.exposure_most };
  return {
    prints: [...given, ...PRINTED],
    each: (cell) => {
      const weighing = weighingIn(cell);
      const value = within(feed.quantities, 'dustfall', dustfallOf(weighing));
      const days = exposureDays(weighing.start, weighing.end);
      const remarks = dustfallMarks(value, days, range).map((mark) => remarkOf(mark, exposure));
      if (weighing.end - weighing.start <= exposure.exposure_longest * DAY)
        keep(months, cell('point'), weighing, value);
      else
        remarks.push(
          `超过 ${exposure.exposure_longest} d，不计入任何月份 above ${exposure.exposure_longest} d: of no month`,
        );
      return [...given.map(cell), roundDustfall(value).toFixed(1), days.toFixed(1), remarks.join('; ')];
    },
  };
};

/**
 * `lantian dustfall FILE`: weighings in, t/(km²·30d) out; the county's months on stderr.
 * @returns exit code 0, or 1 when rows were skipped
 * @throws LantianError config-invalid, file-unreadable, columns-missing
 */
export const dustfallCommand = async (file: string, { config }: { config?: string }): Promise<number> => {
  const { dustfall } = loadSettings({ file: config, env: process.env });
  const months: Months = new Map();
  const begin = (header: readonly string[]): Calculation => {
    needColumns(file, header, COLUMNS);
    return calculationOf(header, dustfall, months);
  };
  const exit = await calculate(file, begin);
  for (const [month, points] of [...months].sort()) process.stderr.write(summaryOf(month, points));
  return exit;
};
