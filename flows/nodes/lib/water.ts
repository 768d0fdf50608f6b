import { water as feed } from '../../../sensors/feeds/water.ts';
import { bodyIn, READ, remarkOf, valuesIn } from '../../../src/cli/water.ts';
import type { Settings } from '../../../src/config/schema.ts';
import { conditionsFor } from '../../../src/processors/water.ts';
import { type ClassName, classNameOf, type WaterBody } from '../../../src/standards/gb3838-2002.ts';
import {
  type Evaluation,
  evaluateSection,
  type Grade,
  gradeOf,
  ITEMS,
  type ItemResult,
} from '../../../src/standards/water-evaluation-2011.ts';
import { cellsOf, checkNames, rowOf } from './cells.ts';

const BESIDE = ['body', 'station', 'time'];

/** A class as flows carry it. */
export interface WaterWords {
  readonly body: WaterBody;
  /** null: none of the 21 items was measured. */
  readonly class: ClassName | null;
  /** 1 (I) to 6 (worse than V). */
  readonly rank: number | null;
  readonly grade: Grade | null;
  readonly defining: readonly string[];
  /** 超标倍数 over class III, of the items that exceed it. */
  readonly multiples: Readonly<Record<string, number>>;
  readonly main: readonly string[];
  readonly items: readonly ItemResult[];
  readonly missing: readonly string[];
  /** That a required item is missing, so that the class is a lower bound; empty: none is. */
  readonly remark: string;
}

const multiplesOf = (items: readonly ItemResult[]): Record<string, number> =>
  Object.fromEntries(items.flatMap(({ item, multiple }) => (multiple === undefined ? [] : [[item, multiple]])));

const wordsOf = (found: Evaluation, body: WaterBody, settings: Settings): WaterWords => ({
  body,
  class: classNameOf(found.class),
  rank: found.class,
  grade: gradeOf(found.class),
  defining: found.defining,
  multiples: multiplesOf(found.items),
  main: found.main.map(({ item }) => item),
  items: found.items,
  missing: found.missing,
  remark: remarkOf(found, settings),
});

const nothing = (body: WaterBody): WaterWords => ({
  body,
  class: null,
  rank: null,
  grade: null,
  defining: [],
  multiples: {},
  main: [],
  items: [],
  missing: ITEMS,
  remark: '无评价项目 nothing was measured',
});

/**
 * The class of one sample or of a period's means (mg/L, pH as such; a text like `0.004L` is less than the detection limit).
 * @param body what the water is of, unless the payload's `body` says
 * @throws RangeError where a value is none, or impossible
 */
export const waterOf = (payload: unknown, body: WaterBody, settings: Settings): WaterWords => {
  const row = rowOf(payload);
  checkNames(row, READ, [...Object.keys(feed.quantities), ...BESIDE]);
  const cell = cellsOf(row);
  const of = bodyIn(cell('body'), body);
  const found = evaluateSection(valuesIn(cell, settings), conditionsFor(of, settings));
  return found === undefined ? nothing(of) : wordsOf(found, of, settings);
};

/** `III 良好 good: permanganate_index`. */
export const briefOf = ({ class: name, grade, defining, remark }: WaterWords): string =>
  name === null || grade === null ? remark : `${name} ${grade.zh} ${grade.en}: ${defining.join(' ')}`;
