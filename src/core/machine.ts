import { statfsSync } from 'node:fs';

/** Bytes: resident memory of this process, and what is free for us where a folder lies. `undefined`: the file system does not say. */
export const machineOf = (folder: string): { memory: number; diskFree: number | undefined } => {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  return { memory: process.memoryUsage.rss(), diskFree: Number.isSafeInteger(free) ? free : undefined };
};
