import { widthOf } from '../../src/cli/width.ts';

const ESCAPE = '\u001b';
const TOKENS = new RegExp(`${ESCAPE}\\[(\\d*)([A-Za-z])|\\n|[^]`, 'gu');

/** A terminal as far as the screen uses one: wrapping, cursor up, clear down. Colours are left out of what it shows. */
export class Terminal {
  readonly isTTY = true;
  columns: number;
  /** Rows so far; the cursor stands in `row`, `column`. */
  rows: string[] = [''];
  row = 0;
  column = 0;
  /** Escape sequences other than colours, as they came. */
  readonly moves: string[] = [];

  constructor(columns: number) {
    this.columns = columns;
  }

  write(text: string): void {
    for (const token of text.matchAll(TOKENS)) this.#take(token[0], token[1], token[2]);
  }

  text(): string {
    return this.rows.join('\n');
  }

  #take(token: string, count: string | undefined, letter: string | undefined): void {
    if (letter !== undefined) this.#move(token, Number(count || '1'), letter);
    else if (token === '\n') this.#newLine();
    else this.#put(token);
  }

  #put(token: string): void {
    const width = widthOf(token);
    if (this.column + width > this.columns) this.#newLine();
    this.rows[this.row] = `${this.rows[this.row] ?? ''}${token}`;
    this.column += width;
  }

  #newLine(): void {
    this.row += 1;
    this.column = 0;
    this.rows[this.row] ??= '';
  }

  #move(token: string, count: number, letter: string): void {
    if (letter === 'm') return;
    this.moves.push(token);
    if (letter === 'A') this.row = Math.max(0, this.row - count);
    if (letter === 'J') this.rows = [...this.rows.slice(0, this.row), ''];
  }
}
