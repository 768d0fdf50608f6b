import type { DatabaseSync } from 'node:sqlite';

/** Small values by name, beside the journal's position. */
export const createMemory = (database: DatabaseSync) => {
  const get = database.prepare('SELECT value FROM state WHERE name = ?');
  const set = database.prepare('INSERT OR REPLACE INTO state VALUES (?, ?)');
  return {
    read: (name: string): number | undefined => {
      const value = get.get(name)?.['value'];
      return value === undefined || value === null ? undefined : Number(value);
    },
    write: (name: string, value: number | string): void => void set.run(name, value),
    readText: (name: string): string | undefined => get.get(name)?.['value']?.toString(),
  };
};
