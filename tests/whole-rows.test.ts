// Rows whose text was spoilt on disk, in pages that SQLite finds whole: they are set aside and told, and the rest goes on.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { openWhole } from '../src/core/salvage.ts';
import { isDamage } from '../src/core/sqlite.ts';
import { HOUR } from '../src/core/time.ts';
import { setRowsAside } from '../src/effects/whole-rows.ts';
import { conservation, lantianChild } from './support/lantian.ts';
import { at, catalogOf, MONTH, PT1H, reading, station } from './support/middle.ts';
import { createRig, messageOf } from './support/pipeline.ts';
import { tempFolder } from './support/servers.ts';

const T0 = at('2026-07-20 00:00');
const catalog = catalogOf([station('a', { air: PT1H }), station('jar', { dustfall: MONTH })]);
const AGAIN = { now: () => T0 + 100 * HOUR };

/** A database with ten hours of air and a signal. */
const lived = (): string => {
  const file = join(tempFolder('whole-rows'), 'lantian.db');
  const database = openWhole(file, () => {});
  const { pipeline, send, tick } = createRig(catalog, { database, ...AGAIN });
  for (let n = 1; n <= 10; n++) send(messageOf(reading('air', 'a', T0 + n * HOUR, HOUR, { pm25: n })));
  send(messageOf(reading('dustfall', 'jar', at('2026-07-01 00:00'), 30 * 24 * HOUR, { dustfall: 12 })));
  tick(T0 + 11 * HOUR);
  pipeline.drain();
  expect(pipeline.register.all().map(({ kind }) => kind)).toContain('dustfall-rectification');
  pipeline.stop();
  database.close();
  return file;
};

const spoil = (file: string, sql: string): void => {
  const database = new DatabaseSync(file);
  expect(database.prepare(sql).run().changes).toBeGreaterThan(0);
  database.close();
};

const reopened = (file: string) => {
  const told: string[] = [];
  const database = openWhole(
    file,
    (aside) => expect.fail(`set aside: ${aside}`),
    (whole) => setRowsAside(whole, (table, rows) => told.push(`${table} ${rows}`)),
  );
  onTestFinished(() => database.close());
  return { database, told };
};

test('nothing is set aside of what is whole', () => {
  const { told, database } = reopened(lived());
  expect(told).toEqual([]);
  expect(database.prepare("SELECT name FROM sqlite_schema WHERE name LIKE '%damaged'").all()).toEqual([]);
});

test.each([
  ['archive 1', `UPDATE archive SET body = replace(body, ':3}', ':3e}') WHERE time = ${T0 + 3 * HOUR}`],
  ['archive 1', `UPDATE archive SET body = replace(body, 'values', 'vblues') WHERE time = ${T0 + 3 * HOUR}`],
  ['signal 1', `UPDATE signal SET body = substr(body, 2) WHERE kind = 'dustfall-rectification'`],
  [
    'signal 1',
    `UPDATE signal SET body = replace(body, '"evidence"', '"evidencd"') WHERE kind = 'dustfall-rectification'`,
  ],
  [
    'signal 1',
    `UPDATE signal SET body = replace(body, 'dustfall-rect', 'dustfall-sect') WHERE kind = 'dustfall-rectification'`,
  ],
  ['state 1', `INSERT OR REPLACE INTO state VALUES ('county_due', '[["air_hour"')`],
])('%s: %s', (what, sql) => {
  const file = lived();
  spoil(file, sql);
  const { database, told } = reopened(file);
  expect(told).toEqual([what]);
  const rig = createRig(catalog, { database, ...AGAIN });
  rig.send(messageOf(reading('air', 'a', T0 + 12 * HOUR, HOUR, { pm25: 5 })));
  rig.pipeline.drain();
  rig.pipeline.stop();
  expect(rig.acknowledged).toHaveLength(1);
  const kept = database.prepare(`SELECT count(*) AS n FROM ${what.split(' ')[0]}_damaged`).get();
  expect(kept).toEqual({ n: 1 });
  expect(reopened(file).told).toEqual([]);
});

test('met while running it is damage, which the next start mends', () => {
  const file = lived();
  spoil(file, `UPDATE archive SET body = '{' WHERE time = ${T0 + 3 * HOUR}`);
  const database = new DatabaseSync(file);
  onTestFinished(() => database.close());
  let thrown: unknown;
  try {
    createRig(catalog, { database, ...AGAIN });
  } catch (met) {
    thrown = met;
  }
  expect(isDamage(thrown)).toBe(true);
});

test('the program starts, says it, counts it, and takes what comes', async () => {
  const child = await lantianChild({ log: { level: 'error' } });
  await child.start();
  await child.end('SIGTERM');
  spoil(
    join(child.folder, 'data', 'lantian.db'),
    `INSERT INTO signal VALUES ('dustfall-rectification', '2026-07', '{"id":', 0)`,
  );
  await child.start();
  const metrics = await child.metrics();
  expect(metrics.get('lantian_damage_total')).toBe(1);
  expect(child.stderr()).toContain('1 rows of signal cannot be read');
  expect(conservation(metrics)).toMatchObject({ inFlight: 0 });
});
