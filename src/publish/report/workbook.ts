import type { CellObject, Row, Sheet } from 'write-excel-file/node';
import writeXlsxFile from 'write-excel-file/node';
import { type Cell, type Column, NOTHING, type Show, type Table } from './table.ts';

// Tables as the sheets of one xlsx workbook: a title, headings in Chinese with the English below them, the rows, the notes.

const FONT = '宋体';
const HEADING_FILL = '#D9E1F2';
const GREY = '#7F7F7F';
const BORDER = { borderStyle: 'thin', borderColor: '#BFBFBF' } as const;
/** Rows above the table's own: title, headings, headings in English. */
const HEADINGS = 3;
const WIDTH = 10;

/** Excel's number format of a cell. */
const formatOf = (show: Show): string => {
  if (show === 'percent-change') return '+0.0"%";-0.0"%";0.0"%"';
  if (show === 'days-change') return '+0"天";-0"天";0"天"';
  if (show === 'points-change') return '+0.0"个百分点";-0.0"个百分点";0.0"个百分点"';
  return show === 0 ? '0' : `0.${'0'.repeat(show)}`;
};

/** Black, or white where the ground is too dark for it (ITU-R BT.601 luma). */
const inkOn = (fill: string): string => {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(fill.slice(at, at + 2), 16)) as [
    number,
    number,
    number,
  ];
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128 ? '#FFFFFF' : '#000000';
};

const ground = (fill: string | undefined) =>
  fill === undefined ? {} : { backgroundColor: fill, textColor: inkOn(fill) };

const styleOf = ({ fill, bold, doubtful }: Cell): CellObject => ({
  ...BORDER,
  alignVertical: 'center',
  ...(doubtful ? { textColor: GREY, fontStyle: 'italic' as const } : {}),
  ...ground(fill),
  ...(bold ? { fontWeight: 'bold' as const } : {}),
});

const cellOf = (cell: Cell): CellObject => {
  const { value = NOTHING, show = 0 } = cell;
  if (typeof value === 'number')
    return { ...styleOf(cell), type: Number, value, format: formatOf(show), align: 'right' };
  return { ...styleOf(cell), type: String, value, align: value === NOTHING ? 'center' : 'left', wrap: true };
};

const headingOf =
  (language: 'zh' | 'en') =>
  (column: Column): CellObject => ({
    ...BORDER,
    type: String,
    value: column[language],
    align: 'center',
    alignVertical: 'center',
    wrap: true,
    ...ground(column.fill ?? HEADING_FILL),
    ...(language === 'zh' ? { fontWeight: 'bold' } : { fontSize: 8 }),
  });

const across = (value: string, columns: number, style: CellObject = {}): Row => [
  { type: String, value, columnSpan: columns, wrap: true, alignVertical: 'center', ...style },
  ...Array<null>(columns - 1).fill(null),
];

const letters = (text: string): number => [...text].reduce((sum, one) => sum + (one > '\u00ff' ? 2 : 1), 0);

/** Rows that stretch over the whole table do not grow by themselves: room for as many lines as the text needs. */
const note = (value: string, table: Table): Row => {
  const width = table.columns.reduce((sum, column) => sum + (column.width ?? WIDTH), 0);
  const height = 15 * Math.ceil((letters(value) * 1.1) / width);
  return across(value, table.columns.length, { fontSize: 9, height });
};

const sheetOf = (table: Table): Sheet<never> => ({
  sheet: table.sheet,
  data: [
    across(`${table.title.zh}　${table.title.en}`, table.columns.length, {
      fontWeight: 'bold',
      fontSize: 14,
      height: 26,
    }),
    table.columns.map(headingOf('zh')),
    table.columns.map(headingOf('en')),
    ...table.rows.map((row) => row.map(cellOf)),
    ...table.notes.flatMap(({ zh, en }) => [note(zh, table), note(en, table)]),
  ],
  columns: table.columns.map(({ width = WIDTH }) => ({ width })),
  stickyRowsCount: HEADINGS,
  ...(table.frozen > 0 ? { stickyColumnsCount: table.frozen } : {}),
  orientation: 'landscape',
});

/** The tables as one xlsx file. */
export const workbookOf = (tables: readonly Table[]): Promise<Buffer> =>
  writeXlsxFile(tables.map(sheetOf), { fontFamily: FONT, fontSize: 10 }).toBuffer();
