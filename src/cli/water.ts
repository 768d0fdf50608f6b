import { detectionLimit, water as feed } from '../../sensors/feeds/water.ts';
import { loadSettings } from '../config/load.ts';
import { didYouMean } from '../config/nearest.ts';
import type { Settings } from '../config/schema.ts';
import { LantianError } from '../core/errors.ts';
import { conditionsFor, withMultiple } from '../processors/water.ts';
import { classNameOf, type WaterBody } from '../standards/gb3838-2002.ts';
import {
  type Evaluation,
  evaluateSection,
  gradeOf,
  ITEMS,
  type WaterValues,
} from '../standards/water-evaluation-2011.ts';
import { belowDetection } from '../standards/water-statistics-2020.ts';
import { type Calculation, type CellsOf, calculate, numberIn, within } from './calculator.ts';
import { createSections, type Sections } from './water-sections.ts';

const PRINTED = ['class', 'grade', 'defining', 'multiples', 'main', 'missing', 'remark'] as const;
/** Water temperature has no class; it tells what saturation is. */
export const READ = ['water_temperature', ...ITEMS] as const;
const BODIES: readonly WaterBody[] = ['river', 'lake'];

interface Conditions {
  readonly settings: Settings;
  /** What rows are of that do not say. */
  readonly body: WaterBody;
}

const valueIn = (name: string, text: string, { water }: Settings): number | undefined => {
  if (text === '' || text === '/') return undefined;
  const limit = detectionLimit(name, text);
  if (limit === undefined) return numberIn(feed.quantities, name, text);
  return belowDetection(within(feed.quantities, name, limit), water.below_detection);
};

/** @throws RangeError */
export const valuesIn = (cell: CellsOf, settings: Settings): WaterValues =>
  Object.fromEntries(READ.map((name) => [name, valueIn(name, cell(name), settings)]));

/** @throws RangeError */
export const bodyIn = (text: string, otherwise: WaterBody): WaterBody => {
  const body = text === '' ? otherwise : BODIES.find((one) => one === text);
  if (body === undefined) throw new RangeError(`body: ${text} 不是 is not ${BODIES.join(', ')}`);
  return body;
};

/** A class without what is required may be worse in truth. */
export const remarkOf = ({ missing }: Evaluation, { water }: Settings): string => {
  const lacks = water.required_items.filter((item) => missing.includes(item));
  return lacks.length === 0 ? '' : `缺必测项目，类别为下限 at least this class: without ${lacks.join(';')}`;
};

const cellsOf = (found: Evaluation, settings: Settings): string[] => {
  const { zh, en } = gradeOf(found.class);
  const over = found.items.filter(({ multiple }) => multiple !== undefined);
  const lists = [found.defining, over.map(withMultiple), found.main.map(withMultiple), found.missing];
  return [classNameOf(found.class), `${zh} ${en}`, ...lists.map((list) => list.join(';')), remarkOf(found, settings)];
};

const NOTHING = ['NA', 'NA', '', '', '', ITEMS.join(';'), '无评价项目 nothing was measured'];

const calculationOf = (header: readonly string[], { settings, body }: Conditions, sections: Sections): Calculation => {
  const own: readonly string[] = [...READ, ...PRINTED];
  const given = header.filter((name) => !own.includes(name));
  return {
    prints: [...given, ...PRINTED],
    each: (cell) => {
      const values = valuesIn(cell, settings);
      const conditions = conditionsFor(bodyIn(cell('body'), body), settings);
      const found = evaluateSection(values, conditions);
      if (found !== undefined) sections.keep(cell, values, conditions.body);
      return [...given.map(cell), ...(found === undefined ? NOTHING : cellsOf(found, settings))];
    },
  };
};

/** A column whose name is nearly an item's would be an item that is missing without anyone's knowing. */
const hintsOf = (header: readonly string[]): string[] => {
  const absent = READ.filter((name) => !header.includes(name));
  const known = [...Object.keys(feed.quantities), ...PRINTED, 'station', 'time', 'body'];
  return header
    .filter((name) => name !== '' && !known.includes(name))
    .map((name) => [name, didYouMean(name, absent)] as const)
    .filter(([, hint]) => hint !== '')
    .map(([name, hint]) => `列 ${name} 不是项目，原样输出 column ${name} is no item and is handed through${hint}\n`);
};

/** @throws LantianError columns-missing */
const checkHeader = (file: string, header: readonly string[]): void => {
  if (!ITEMS.some((item) => header.includes(item)))
    throw new LantianError('columns-missing', `${file} 没有评价项目 has no column of an item: ${ITEMS.join(',')}`);
  for (const hint of hintsOf(header)) process.stderr.write(`${file}: ${hint}`);
};

/**
 * `lantian water FILE`: items of a sample or a mean in, class out; the sections of each month on stderr.
 * @returns exit code 0, or 1 when rows were skipped
 * @throws LantianError config-invalid, file-unreadable, columns-missing
 */
export const waterCommand = async (
  file: string,
  { config, lake }: { config?: string; lake?: boolean },
): Promise<number> => {
  const settings = loadSettings({ file: config, env: process.env });
  const sections = createSections(settings);
  const exit = await calculate(file, (header) => {
    checkHeader(file, header);
    return calculationOf(header, { settings, body: lake ? 'lake' : 'river' }, sections);
  });
  for (const line of sections.summary()) process.stderr.write(`${line}\n`);
  return exit;
};
