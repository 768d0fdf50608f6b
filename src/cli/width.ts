// How wide text is on a terminal: Chinese characters take two columns, marks that combine take none.

const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1faff],
  [0x20000, 0x3fffd],
];

const ESCAPE = '\u001b';
// A colour (ESC [ ... m), or one character.
const PIECE = new RegExp(`${ESCAPE}\\[[0-9;]*m|[^]`, 'gu');
const COMBINING = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const CONTROL = /\p{Cc}/gu;

const pieceWidth = (piece: string): number => {
  if (piece.startsWith(ESCAPE) || COMBINING.test(piece)) return 0;
  const code = piece.codePointAt(0) ?? 0;
  return WIDE.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
};

const pieces = (text: string): string[] => text.match(PIECE) ?? [];

/** Columns that a text takes; colours take none. */
export const widthOf = (text: string): number => pieces(text).reduce((sum, piece) => sum + pieceWidth(piece), 0);

/** The text filled up with blanks to a number of columns. */
export const padTo = (text: string, columns: number): string => text + ' '.repeat(Math.max(0, columns - widthOf(text)));

/** The text cut to a number of columns, its end marked …; colours stay, so that they also end. */
export const cutTo = (text: string, columns: number): string => {
  if (widthOf(text) <= columns) return text;
  let room = columns - 1;
  let cut = false;
  let kept = '';
  for (const piece of pieces(text)) {
    const width = pieceWidth(piece);
    if (!cut && width > room) {
      kept += columns > 0 ? '…' : '';
      cut = true;
    }
    if (!cut) room -= width;
    if (!cut || piece.startsWith(ESCAPE)) kept += piece;
  }
  return kept;
};

/** Text from outside without control characters: it cannot move the cursor or colour the terminal. */
export const plain = (text: string): string => text.replace(CONTROL, '�');
