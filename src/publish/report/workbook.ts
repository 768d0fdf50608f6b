import type { CellObject, Row, Sheet } from 'write-excel-file/node';
import writeXlsxFile from 'write-excel-file/node';
import { onPaper } from './print.ts';
import { type Cell, type Column, NOTHING, type Show, type Table, UNITS } from './table.ts';

// Tables as the sheets of one xlsx workbook: a title, headings in Chinese with the English below them, the rows, the notes.

const FONT = '宋体';
const FONT_SIZE = 10;
const HEADING_FILL = '#D9E1F2';
const GREY = '#7F7F7F';
const BORDER = { borderStyle: 'thin', borderColor: '#BFBFBF' } as const;
/** Rows above the table's own: title, headings, headings in English. */
const HEADINGS = 3;
const WIDTH = 10;

/** What stands behind a doubtful figure, on paper and for those who see no grey. */
const STAR = '*';

/** Excel's number format of a cell: the value under it stays a plain number. */
const formatOf = (show: Show, doubtful: boolean): string => {
  const star = doubtful ? `"${STAR}"` : '';
  const decimals = typeof show === 'number' ? show : show.decimals;
  const digits = decimals === 0 ? '0' : `0.${'0'.repeat(decimals)}`;
  if (typeof show === 'number') return digits + star;
  const one = `${digits}"${UNITS[show.unit].zh}"${star}`;
  return `+${one};-${one};${one}`;
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
  const doubtful = cell.doubtful === true;
  if (typeof value === 'number')
    return { ...styleOf(cell), type: Number, value, format: formatOf(show, doubtful), align: 'right' };
  const words = doubtful && value !== NOTHING ? value + STAR : value;
  return { ...styleOf(cell), type: String, value: words, align: value === NOTHING ? 'center' : 'left', wrap: true };
};

const letters = (text: string): number => [...text].reduce((sum, one) => sum + (one > '\u00ff' ? 2 : 1), 0);

const LINE = 14;

/** Room for the words of a row that do not fit their columns: not every program makes it by itself. */
const withHeight = (cells: CellObject[], columns: readonly Column[]): CellObject[] => {
  const lines = cells.map(({ value, fontSize = FONT_SIZE }, at) =>
    typeof value === 'string' ? Math.ceil((letters(value) * fontSize) / FONT_SIZE / (columns[at]?.width ?? WIDTH)) : 1,
  );
  const most = Math.max(1, ...lines);
  return most === 1 ? cells : cells.map((cell, at) => (at === 0 ? { ...cell, height: LINE * most } : cell));
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

/** As far as a screen shows without moving sideways. */
const NOTE_WIDTH = 120;

/** Columns that a note goes over, and how wide they are together. */
const roomOf = ({ columns }: Table): { readonly columns: number; readonly width: number } => {
  let [count, width] = [0, 0];
  for (const column of columns) {
    if (width >= NOTE_WIDTH) break;
    count += 1;
    width += column.width ?? WIDTH;
  }
  return { columns: count, width };
};

/** Rows that stretch over several columns do not grow by themselves: room for as many lines as the text needs. */
const note = (value: string, table: Table): Row => {
  const room = roomOf(table);
  const height = LINE * Math.ceil((letters(value) * 0.95) / room.width);
  return across(value, room.columns, { fontSize: 9, height });
};

const sheetOf = (table: Table): Sheet<never> => ({
  sheet: table.sheet,
  data: [
    across(`${table.title.zh}　${table.title.en}`, roomOf(table).columns, {
      fontWeight: 'bold',
      fontSize: 14,
      height: 26,
    }),
    withHeight(table.columns.map(headingOf('zh')), table.columns),
    withHeight(table.columns.map(headingOf('en')), table.columns),
    ...table.rows.map((row) => withHeight(row.map(cellOf), table.columns)),
    ...table.notes.flatMap(({ zh, en }) => [note(zh, table), note(en, table)]),
  ],
  columns: table.columns.map(({ width = WIDTH }) => ({ width })),
  stickyRowsCount: HEADINGS,
  ...(table.frozen > 0 ? { stickyColumnsCount: table.frozen } : {}),
  orientation: 'landscape',
});

/** The tables as one xlsx file. */
export const workbookOf = (tables: readonly Table[]): Promise<Buffer> =>
  writeXlsxFile(tables.map(sheetOf), {
    fontFamily: FONT,
    fontSize: FONT_SIZE,
    features: [
      onPaper(
        tables.map(({ sheet }) => sheet),
        HEADINGS,
      ),
    ],
  }).toBuffer();
