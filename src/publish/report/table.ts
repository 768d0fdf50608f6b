import type { Bilingual } from '../../core/types.ts';

// A table of the report, before it is a sheet or a CSV file: headings, rows, and what is to be said under them.

/** What a change is counted in. */
export const UNITS = {
  percent: { zh: '%', en: '%' },
  days: { zh: '天', en: 'd' },
  hours: { zh: '小时', en: 'h' },
  points: { zh: '个百分点', en: 'percentage points' },
  sections: { zh: '个', en: 'sections' },
  times: { zh: '倍', en: 'times' },
  degrees: { zh: '°C', en: '°C' },
  /** Of what has no unit. */
  plain: { zh: '', en: '' },
} as const;

/** A change; it is shown with its sign. */
export interface Change {
  readonly unit: keyof typeof UNITS;
  readonly decimals: number;
}

/**
 * Decimals of a plain number, or what a change is counted in. A cell's value is the rounded one already, so that what is copied out of
 * it is what was read.
 */
export type Show = number | Change;

export const decimalsOf = (show: Show): number => (typeof show === 'number' ? show : show.decimals);

export interface Cell {
  readonly value: number | string | undefined;
  readonly show?: Show | undefined;
  /** #RRGGBB behind the cell. */
  readonly fill?: string | undefined;
  readonly bold?: boolean | undefined;
  /** Below its document's minimum of data, or provisional: grey, slanted, with a star; in CSV named in the last column. */
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
