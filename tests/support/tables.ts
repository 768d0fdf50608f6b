/** Rows of the Markdown tables whose heading row begins with `first`, as trimmed cells. */
export const rowsOf = (markdown: string, first: string): string[][] =>
  markdown
    .split(`| ${first} |`)
    .slice(1)
    .flatMap((after) =>
      after
        .split('\n\n')[0]!
        .split('\n')
        .slice(2)
        .filter((line) => line.startsWith('|'))
        .map((line) =>
          line
            .split('|')
            .slice(1, -1)
            .map((cell) => cell.trim()),
        ),
    );
