import { DAY, dayStart, monthName, monthStart } from '../../core/time.ts';
import type { Bilingual } from '../../core/types.ts';
import { roundHalfEven } from '../../standards/gbt8170.ts';
import { goodMeasure } from './air-figures.ts';
import type { AirPlace } from './air-places.ts';
import { type Source, stated, toldCell } from './source.ts';
import { type Cell, figure, text } from './table.ts';

// 优良天数目标: what the county still needs of the year after the month, against the target that its row of air_year has (air.good_days_target).

interface Way {
  readonly target: number;
  /** Good days still needed. */
  readonly needed: number;
  /** Days of the year after the month, or after today where it is not over. */
  readonly left: number;
  readonly doubtful: boolean;
}

const daysAfter = ({ months, now }: Source): number => {
  const january = monthStart(months.year.start, 12);
  return Math.round((january - Math.min(months.month.end, dayStart(now))) / DAY);
};

/** Undefined: there is no target, or nothing is known of the year. */
const wayOf = (source: Source, { held }: AirPlace): Way | undefined => {
  const row = stated(source, 'air_year', { ...source.months.year }, { station: 'county' });
  const target = row?.fields['target'];
  const good = held.year && goodMeasure(source.settings).of(held.year);
  if (typeof target !== 'number' || good === undefined) return undefined;
  return { target, needed: Math.max(0, target - good.value), left: daysAfter(source), doubtful: good.doubtful };
};

/** Where the figure of the year so far stands in a row. */
const YEAR_COLUMN = 7;
const COLUMNS = 11;

const row = (zh: string, en: string, unit: string, cell: Cell): Cell[] => {
  const cells = Array.from({ length: COLUMNS }, () => text(undefined));
  return cells
    .with(0, text(`${zh} ${en}`))
    .with(1, text(unit))
    .with(YEAR_COLUMN, cell);
};

/** Rows under the year so far: target, good days still needed, days left, and the share of these that must be good. */
export const targetCells = (source: Source, county: AirPlace): Cell[][] => {
  const way = wayOf(source, county);
  const told = (value: number | undefined) => value !== undefined && { value, doubtful: way?.doubtful === true };
  const share = way && way.left > 0 ? roundHalfEven((100 * way.needed) / way.left, 1) : undefined;
  return [
    row('优良天数目标', 'target of good days', '天', figure(way?.target, 0)),
    row('距目标尚需优良天数', 'good days still needed', '天', toldCell(told(way?.needed) || undefined, 0)),
    row('年内剩余天数', 'days left in the year', '天', figure(daysAfter(source), 0)),
    row('剩余天数需优良比例', 'share of them that must be good', '%', toldCell(told(share) || undefined, 1)),
  ];
};

/** Whether the target is still within reach, in words. */
export const targetNote = (source: Source, county: AirPlace): Bilingual[] => {
  const year = monthName(source.months.year.start).slice(0, 4);
  const way = wayOf(source, county);
  if (way === undefined)
    return [
      {
        zh: `${year}年优良天数目标未设置（air.good_days_target），或当年尚无数据。`,
        en: `No target of good days for ${year} is set (air.good_days_target), or there is nothing of that year yet.`,
      },
    ];
  if (way.needed === 0) return [{ zh: `${year}年优良天数目标已达到。`, en: `The target of ${year} is reached.` }];
  const within = way.needed <= way.left;
  return [
    {
      zh: `${year}年目标${way.target}天，尚需${way.needed}天，剩余${way.left}天${within ? '' : '，目标已无法达到'}。`,
      en: `Of the target of ${way.target} days in ${year}, ${way.needed} are still needed and ${way.left} days are left${within ? '' : ': out of reach'}.`,
    },
  ];
};
