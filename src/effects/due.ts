import type { DueFigures } from '../middle/state.ts';
import type { createMemory } from './memory.ts';

/** `DueFigures` as rows, and none of them. */
type DueRows = [measurement: string, starts: [start: number, again: boolean][]][];
const NONE = '[]';

/** Figures of the county that are due, beside the journal's position; written where they changed. */
export const createDueMemory = (memory: ReturnType<typeof createMemory>) => {
  let written = NONE;
  return {
    read: (into: DueFigures): void => {
      written = memory.readText('county_due') ?? NONE;
      for (const [measurement, starts] of JSON.parse(written) as DueRows) into.set(measurement, new Map(starts));
    },
    write: (due: DueFigures): void => {
      const rows = JSON.stringify([...due].map(([measurement, starts]): DueRows[number] => [measurement, [...starts]]));
      if (rows === written) return;
      memory.write('county_due', rows);
      written = rows;
    },
  };
};
