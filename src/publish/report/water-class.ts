import { water } from '../../../sensors/feeds/water.ts';
import type { Station } from '../../core/catalog.ts';
import { monthName } from '../../core/time.ts';
import { CLASS_NAMES, type WaterClass } from '../../standards/gb3838-2002.ts';
import { CLASS_COLOURS, CLASS_NUMERALS } from '../../standards/water-evaluation-2011.ts';
import type { Months } from './months.ts';
import { type Held, heldMonths, isInvalid, placesOf, type Source, type Stated, stated } from './source.ts';
import { type Cell, text } from './table.ts';

// Sections of water and their classes. A class below its minimum of data is shown and not judged.

const TARGETS: readonly string[] = CLASS_NAMES.slice(0, 5);

export interface Section {
  readonly station: Station;
  readonly held: Held<Stated>;
}

export const classOf = (row: Stated | undefined): WaterClass | undefined =>
  row?.fields['class'] as WaterClass | undefined;

export const isDoubtful = (row: Stated | undefined): boolean =>
  row !== undefined && (row.provisional || isInvalid(row, 'class'));

/** The class where it may be judged. */
export const soundClass = (row: Stated | undefined): WaterClass | undefined =>
  isDoubtful(row) ? undefined : classOf(row);

export const classCell = (row: Stated | undefined): Cell => {
  const one = classOf(row);
  if (one === undefined) return text(undefined);
  return { value: CLASS_NUMERALS[one - 1], fill: CLASS_COLOURS[one - 1], doubtful: isDoubtful(row) };
};

/** 1 to 5; undefined: the section has none. */
export const targetOf = ({ target }: Station): number | undefined =>
  target === undefined ? undefined : TARGETS.indexOf(target) + 1;

/** A year's class is of its monthly means: it is given with December. */
export const isWholeYear = ({ months }: Source): boolean => monthName(months.month.start).endsWith('-12');

const heldClasses = (source: Source, station: string): Held<Stated> => {
  const { year, yearBefore } = source.months;
  const whole = (span: Months['year']) =>
    isWholeYear(source) ? stated(source, 'water_class', span, { station, period: 'year' }) : undefined;
  return {
    ...heldMonths(source, 'water_class', { station, period: 'month' }),
    year: whole(year),
    yearBefore: whole(yearBefore),
  };
};

export const sectionsOf = (source: Source): Section[] => {
  const { month } = source.months;
  const hasAny = ({ id }: Station) => !!stated(source, 'water_class', month, { station: id, period: 'month' });
  return placesOf(source, 'water', hasAny).map((station) => ({ station, held: heldClasses(source, station.id) }));
};

/** How an item is written in Chinese. */
export const itemName = (item: string): string => water.quantities[item]?.name.zh ?? item;
