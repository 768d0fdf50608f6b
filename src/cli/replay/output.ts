import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { LantianError, reasonOf } from '../../core/errors.ts';
import { makeFolder } from '../../core/folder.ts';

/** A text file that appears under its name only when it is whole. */
export interface TextFile {
  write(text: string): void;
  /** Make it durable and give it its name. */
  commit(): void;
  /** Drop what was written; harmless after `commit`. */
  discard(): void;
}

const CHUNK = 1 << 20;

const writeAll = (descriptor: number, text: string): void => {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
};

const open = (path: string, temporary: string): number => {
  try {
    makeFolder(dirname(path));
    return openSync(temporary, 'w');
  } catch (thrown) {
    throw new LantianError('data-unwritable', `cannot write ${path}: ${reasonOf(thrown)}`, { cause: thrown });
  }
};

/** @throws LantianError data-unwritable */
export const createTextFile = (path: string): TextFile => {
  const temporary = `${path}.${process.pid}.part`;
  let descriptor: number | undefined = open(path, temporary);
  let pending = '';
  const flush = (): void => {
    if (descriptor !== undefined) writeAll(descriptor, pending);
    pending = '';
  };
  const close = (): void => {
    if (descriptor !== undefined) closeSync(descriptor);
    descriptor = undefined;
  };
  return {
    write: (text) => {
      pending += text;
      if (pending.length >= CHUNK) flush();
    },
    commit: () => {
      flush();
      if (descriptor !== undefined) fsyncSync(descriptor);
      close();
      renameSync(temporary, path);
    },
    discard: () => {
      close();
      rmSync(temporary, { force: true });
    },
  };
};
