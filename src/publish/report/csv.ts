import { type Cell, decimalsOf, type Table } from './table.ts';

// A table as CSV: one row of headings in both languages, then the rows. Empty where there is nothing. A number stays a number: which
// of a row's are doubtful stands in the last column.

const DOUBTFUL = '存疑 doubtful';

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const cellOf = ({ value, show = 0 }: Cell): string =>
  typeof value === 'number' ? value.toFixed(decimalsOf(show)) : quoted(value ?? '');

/** With a byte order mark: Excel takes a CSV without one for GBK. */
export const csvOf = ({ columns, rows }: Table): string => {
  const headings = columns.map(({ zh, en }) => `${zh} ${en}`);
  const doubtsOf = (row: readonly Cell[]): string =>
    row.flatMap(({ doubtful }, at) => (doubtful ? (columns[at]?.zh ?? []) : [])).join('; ');
  const lines = rows.map((row) => [...row.map(cellOf), quoted(doubtsOf(row))].join(','));
  return `\ufeff${[[...headings, DOUBTFUL].map(quoted).join(','), ...lines].join('\r\n')}\r\n`;
};
