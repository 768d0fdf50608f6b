import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { LantianError, reasonOf } from '../core/errors.ts';

/** A line that is not blank, and its number in the file. */
export interface TextLine {
  readonly line: number;
  readonly text: string;
}

/** Nothing that is a table has longer lines: a file without line ends is not taken into memory whole. */
const LONGEST = 1024 ** 2;

const open = (file: string, stdin: NodeJS.ReadableStream): NodeJS.ReadableStream => {
  if (file === '-') return stdin;
  const bytes = createReadStream(file);
  if (!file.endsWith('.gz')) return bytes;
  const text = createGunzip();
  bytes.on('error', (error) => text.destroy(error));
  return bytes.pipe(text);
};

/** Texts that end where a line does, each with the line ends it holds; the last may have none. */
async function* wholeLines(stream: NodeJS.ReadableStream): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    const text = rest + String(chunk);
    const end = text.lastIndexOf('\n') + 1;
    rest = text.slice(end);
    if (rest.length > LONGEST) throw new Error(`a line of more than ${LONGEST} characters`);
    if (end > 0) yield text.slice(0, end);
  }
  yield rest;
}

/**
 * The lines of a text file, blank ones left out; `-` is stdin, a name that ends in .gz is unpacked.
 * @throws LantianError file-unreadable
 */
export async function* textLinesOf(file: string, stdin: NodeJS.ReadableStream): AsyncGenerator<TextLine> {
  let line = 0;
  try {
    for await (const text of wholeLines(open(file, stdin)))
      for (const one of text.replace(/\n$/, '').split('\n')) {
        line += 1;
        const plain = line === 1 ? one.replace(/^\uFEFF/, '') : one;
        if (plain.trim() !== '') yield { line, text: plain };
      }
  } catch (thrown) {
    throw new LantianError('file-unreadable', `cannot read ${file}: ${reasonOf(thrown)}`, { cause: thrown });
  }
}
