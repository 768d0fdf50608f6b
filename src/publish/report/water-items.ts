import { water } from '../../../sensors/feeds/water.ts';
import { conditionsOf } from '../../processors/water.ts';
import { roundHalfEven } from '../../standards/gbt8170.ts';
import { CLASS_NUMERALS, evaluateSection, ITEMS, type ItemResult } from '../../standards/water-evaluation-2011.ts';
import { DECIMALS, roundKeeping } from '../../standards/water-rounding-2018.ts';
import { type Measure, periodCells, periodColumns, withoutYear } from './compare.ts';
import { type Held, heldMonths, isInvalid, type Source, type Stated, titleOf, told } from './source.ts';
import { type Cell, figure, type Table, text } from './table.ts';
import type { Section } from './water-class.ts';
import { waterNotes } from './water-notes.ts';

// 监测项目: the month's mean of each item of each section, with the class and the multiple that it alone makes.

/** As many as the rounding rules give a value that is judged; pH, which they round to whole numbers, has one here. */
const decimalsOf = (item: string): number => Math.max(1, DECIMALS[item] ?? 1);

const placesIn = (value: number): number => (value.toFixed(9).replace(/0+$/, '').split('.')[1] ?? '').length;

/** What has no zero of its own has no percent. */
const CHANGES: Readonly<Record<string, 'degrees' | 'plain'>> = { water_temperature: 'degrees', ph: 'plain' };

/** A value too small for the decimals keeps its first digit. */
const measureOf = (item: string, held: Held<Stated>): Measure<Stated> => {
  const round = (value: number): number => roundKeeping(value, decimalsOf(item));
  const values = Object.values(held).flatMap((row) => told(row, item, round) ?? []);
  const { name, unit } = water.quantities[item]!;
  return {
    zh: name.zh,
    en: name.en,
    unit: unit === '1' ? '' : unit,
    decimals: Math.max(decimalsOf(item), ...values.map(({ value }) => placesIn(value))),
    change: CHANGES[item] ?? 'percent',
    of: (row) => told(row, item, round),
  };
};

/** Items that may be judged, as the month's class was. */
const resultsOf = (row: Stated | undefined, { station }: Section, { settings }: Source): readonly ItemResult[] => {
  if (row === undefined) return [];
  const values = ['water_temperature', ...ITEMS].flatMap((item) => {
    const one = isInvalid(row, item) ? undefined : told(row, item);
    return one === undefined ? [] : [[item, one.value] as const];
  });
  return evaluateSection(Object.fromEntries(values), conditionsOf({ station, settings }))?.items ?? [];
};

const judgedCells = (result: ItemResult | undefined, row: Stated | undefined): Cell[] => {
  if (result === undefined) return [text(undefined), text(undefined)];
  const { multiple } = result;
  const doubtful = row?.provisional === true;
  const times = multiple === undefined ? undefined : roundHalfEven(multiple, 2);
  return [{ value: CLASS_NUMERALS[result.class - 1], doubtful }, figure(times, 2, doubtful)];
};

const sectionRows = (source: Source, section: Section): Cell[][] => {
  const held = heldMonths(source, 'water_month', { station: section.station.id });
  const results = resultsOf(held.month, section, source);
  const measured = Object.keys(water.quantities).filter((item) => Object.values(held).some((row) => told(row, item)));
  return measured.map((item) => [
    text(section.station.name.zh),
    ...withoutYear(periodCells(measureOf(item, held), held)),
    ...judgedCells(
      results.find((one) => one.item === item),
      held.month,
    ),
  ]);
};

export const itemsTable = (source: Source, sections: readonly Section[]): Table => ({
  id: 'water-items',
  sheet: '水质项目',
  title: titleOf(source, '地表水监测项目月均值', 'Surface water, monthly means of items'),
  columns: [
    { zh: '断面（点位）', en: 'section', width: 18 },
    ...withoutYear(periodColumns(source.months)),
    { zh: '单项类别', en: 'class of the item', width: 10 },
    { zh: '超Ⅲ类倍数', en: 'times over class III', width: 11 },
  ],
  rows: sections.flatMap((section) => sectionRows(source, section)),
  frozen: 2,
  notes: waterNotes(source),
});
