/** Bad rows: the first are named, all are counted. */
export interface Mistakes {
  readonly count: number;
  add(file: string, line: number, why: string): void;
  /** Say how many more there were. */
  end(): void;
}

/** `write` takes whole lines; after `named` of them the rest are only counted. */
export const createMistakes = (write: (line: string) => void, named = 20): Mistakes => {
  let count = 0;
  return {
    get count() {
      return count;
    },
    add: (file, line, why) => {
      count += 1;
      if (count <= named) write(`${file}:${line}: ${why}\n`);
    },
    end: () => {
      if (count > named) write(`... and ${count - named} more skipped\n`);
    },
  };
};
