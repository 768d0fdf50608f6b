import type { Bilingual } from '../../core/types.ts';

// A table of the report, before it is a sheet or a CSV file: headings, rows, and what is to be said under them.

/** How a number is shown. Its value is the rounded one already, so that what is copied out of a cell is what was read. */
export type Show =
  /** Decimals of a plain number. */
  | number
  /** A change in percent, a number of days, percentage points: signed. */
  | 'percent-change'
  | 'days-change'
  | 'points-change';

export interface Cell {
  readonly value: number | string | undefined;
  readonly show?: Show | undefined;
  /** #RRGGBB behind the cell. */
  readonly fill?: string | undefined;
  readonly bold?: boolean | undefined;
  /** Below its document's minimum of data, or provisional: grey and slanted. */
  readonly doubtful?: boolean | undefined;
}

export interface Column {
  readonly zh: string;
  readonly en: string;
  /** Width in letters; a Chinese character takes two. */
  readonly width?: number;
  /** #RRGGBB behind the heading. */
  readonly fill?: string | undefined;
}

export interface Table {
  /** Name of its CSV file, after the month. */
  readonly id: string;
  /** Name of its sheet. */
  readonly sheet: string;
  readonly title: Bilingual;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** Columns that stay in sight when the sheet is moved sideways. */
  readonly frozen: number;
  readonly notes: readonly Bilingual[];
}

/** What stands where there is no value: a mark that no one takes for zero. */
export const NOTHING = '—';

export const text = (value: string | undefined): Cell => ({ value });

/** A number with so many decimals; undefined: none. */
export const figure = (value: number | undefined, show: Show, doubtful = false): Cell => ({
  value,
  show,
  ...(doubtful ? { doubtful } : {}),
});
