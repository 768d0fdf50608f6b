import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { clock } from './clock.ts';

/** How often the database is asked, ms. */
const LOOK = 4;

/**
 * Watch a running pipeline's database from outside, as it is on disk: when is a number of messages journalled, applied and
 * committed, with their figures in the outbox?
 */
export const watchPosition = (data: string) => {
  const file = join(data, 'lantian.db');
  if (!existsSync(file)) throw new Error(`there is no ${file}`);
  const database = new DatabaseSync(file, { readOnly: true });
  const position = database.prepare("SELECT value FROM state WHERE name = 'position'");
  const messages = database.prepare('SELECT count(*) AS n FROM journal WHERE seq <= ? AND kind = 0');
  /** Ticks of the clock stand in the journal too: the position counts them, this does not. */
  const applied = (total: number): boolean => {
    const at = Number(position.get()?.['value'] ?? 0);
    return at >= total && Number(messages.get(at)?.['n']) >= total;
  };
  return {
    /** Resolves with the time at which `total` messages since the start were covered. */
    covers: async (total: number): Promise<number> => {
      while (!applied(total)) await sleep(LOOK);
      return clock();
    },
    end: () => database.close(),
  };
};
