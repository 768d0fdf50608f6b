// What stands in a data folder that a simulated county has fed: simulator.json, with the instant that the scenarios are about.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DAY } from '../../src/core/time.ts';

/** How long a storm that was begun is told on; then another one is. */
const STORY = 4 * DAY;

const storyFile = (folder: string): string => join(folder, 'simulator.json');

/** Whether a data folder holds what a simulated county sent. */
export const isSimulated = (folder: string): boolean => existsSync(storyFile(folder));

/** The instant that the scenarios are about: kept with the data, so that a later start tells the same story on. */
export const storyTime = (folder: string, now: number): number => {
  const file = storyFile(folder);
  const told = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { about: number }).about : undefined;
  if (told !== undefined && now - told < STORY) return told;
  writeFileSync(file, JSON.stringify({ about: now }));
  return now;
};
