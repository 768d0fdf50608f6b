import { closeSync, openSync, readSync, statSync, truncateSync, writeSync } from 'node:fs';

/** Turn over bits of so many bytes of a file, at places that `random` gives. */
export const flipBytes = (file: string, count: number, random: () => number): void => {
  const { size } = statSync(file);
  const handle = openSync(file, 'r+');
  const byte = Buffer.alloc(1);
  for (let i = 0; i < count; i++) {
    const at = Math.floor(random() * size);
    readSync(handle, byte, 0, 1, at);
    byte[0] = byte[0]! ^ (1 + Math.floor(random() * 255));
    writeSync(handle, byte, 0, 1, at);
  }
  closeSync(handle);
};

/** Cut a file off somewhere; how many bytes are left. */
export const truncate = (file: string, random: () => number): number => {
  const left = Math.floor(statSync(file).size * random());
  truncateSync(file, left);
  return left;
};
