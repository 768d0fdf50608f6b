import type { Cell, Table } from './table.ts';

// A table as CSV: one row of headings in both languages, then the rows. Empty where there is nothing.

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const numberOf = (value: number, show: Cell['show']): string =>
  value.toFixed(typeof show === 'number' ? show : show === 'days-change' ? 0 : 1);

const cellOf = ({ value, show = 0 }: Cell): string =>
  typeof value === 'number' ? numberOf(value, show) : quoted(value ?? '');

/** With a byte order mark: Excel takes a CSV without one for GBK. */
export const csvOf = ({ columns, rows }: Table): string => {
  const heading = columns.map(({ zh, en }) => quoted(`${zh} ${en}`)).join(',');
  return `\ufeff${[heading, ...rows.map((row) => row.map(cellOf).join(','))].join('\r\n')}\r\n`;
};
