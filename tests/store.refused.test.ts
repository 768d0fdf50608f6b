import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { lantianChild } from './support/lantian.ts';
import { until } from './support/until.ts';

const REFUSED = 'lantian_store_refused_total{store="embedded"}';
const WAITING = 'lantian_outbox_points{store="embedded"}';

test('points that the embedded store will never take are kept in the database with its words, and the others go on', async () => {
  const child = await lantianChild();
  await child.start();
  const places = (): number =>
    child.rows<{ n: number }>('series.db', "SELECT count(*) AS n FROM series WHERE measurement = 'place'")[0]!.n;
  await until('the places are written', () => places() > 0);
  const all = places();
  await child.end('SIGTERM');
  const series = new DatabaseSync(join(child.folder, 'data', 'series.db'));
  series.exec("UPDATE field SET type = 'int' WHERE measurement = 'place' AND name = 'name'");
  series.close();
  await child.start();
  await until('all places are refused', async () => ((await child.metrics()).get(REFUSED) ?? 0) >= all);
  await until('nothing waits', async () => (await child.metrics()).get(WAITING) === 0);
  const kept = child.rows<{ n: number; words: string }>(
    'lantian.db',
    'SELECT count(*) AS n, max(words) AS words FROM store_refused',
  )[0]!;
  expect(kept.words).toBe('field type conflict: name of place is int, not string');
  // Where an hour begins meanwhile they are written once more.
  expect(kept.n).toBeGreaterThanOrEqual(all);
});
