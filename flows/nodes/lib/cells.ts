import type { CellsOf } from '../../../src/cli/calculator.ts';
import { didYouMean } from '../../../src/config/nearest.ts';
import { isoUtc } from '../../../src/core/time.ts';

// The calculators of the command line take rows of a table; what stands in msg.payload is such a row, so that both say the same.

export type Tree = Readonly<Record<string, unknown>>;

export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);

/**
 * What a payload holds by name, `values` and what stands beside it alike.
 * @throws RangeError where it is no object
 */
export const rowOf = (payload: unknown): Tree => {
  if (!isTree(payload)) throw new RangeError('payload: 不是对象 not an object');
  const { values, ...rest } = payload;
  if (values !== undefined && !isTree(values)) throw new RangeError('values: 不是对象 not an object');
  return { ...rest, ...values };
};

const textOf = (name: string, value: unknown): string => {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  throw new RangeError(`${name}: 不是数也不是文字 neither a number nor a text`);
};

/** @throws RangeError, when a cell is asked for that holds neither a number nor a text */
export const cellsOf =
  (row: Tree): CellsOf =>
  (name) =>
    textOf(name, row[name]);

const TIMES = /^(time|start|end)$/;

/** The same, with times of epoch milliseconds as texts. */
export const timedCells = (row: Tree): CellsOf =>
  cellsOf(
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        TIMES.test(name) && Number.isInteger(value) ? isoUtc(value as number) : value,
      ]),
    ),
  );

/**
 * A row holds one of the names at least, and none that is a slip of the hand: it would be an item that is missing without anyone's knowing.
 * @throws RangeError
 */
export const checkNames = (row: Tree, names: readonly string[], beside: readonly string[] = []): void => {
  const absent = names.filter((name) => !(name in row));
  if (absent.length === names.length)
    throw new RangeError(`payload: 没有任何项目 has none of ${names.slice(0, 8).join(', ')}`);
  for (const name of Object.keys(row)) {
    const hint = names.includes(name) || beside.includes(name) ? '' : didYouMean(name, absent);
    if (hint !== '') throw new RangeError(`${name}: 不是项目 is no item${hint}`);
  }
};
