// kill -9 of commands and pipeline while people hand things in.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { HOUR } from '../src/core/time.ts';
import { begin, lantian } from './support/command.ts';
import { conservation } from './support/lantian.ts';
import { END, ended, text, tools } from './support/people.ts';
import { seeded } from './support/random.ts';
import { until } from './support/until.ts';

it('killed at any instant, an entry and a review are one event and have one effect, or were never handed in', async () => {
  const child = await ended();
  const use = tools(child);
  const random = seeded(7);
  const times = Array.from({ length: 400 }, (_, i) => text(END + (i + 1) * HOUR));
  const file = use.file('hours.csv', [
    'station,time,pm25',
    ...times.map((time, i) => `dingchang-air,${time},${i % 90}`),
  ]);
  const whole = ['enter', 'air', file, '--by', '王芳', '--config', child.config];
  const range = ['--station', 'dingchang-air', '--from', times[0]!, '--to', times[199]!, '--quantities', 'all'];
  const marking = ['review', 'invalidate', 'air', ...range, '--by', '李强', '--reason', 'x', '--config', child.config];
  for (let kill = 0; kill < 10; kill++) {
    // Every other time a pipeline runs, and is killed as well.
    if (kill % 2 > 0) await child.start();
    const command = begin(...(kill < 4 ? whole : marking));
    await sleep(400 + random() * 1600);
    await child.kill9();
    command.process.kill('SIGKILL');
    await command.said;
  }
  await child.start();
  await lantian(...whole);
  await lantian(...marking);
  const open = () => child.rows('lantian.db', "SELECT id FROM desk WHERE state IN ('asked', 'taken')").length;
  await until('all done', () => open() === 0);
  const { received, ended: ends, inFlight } = conservation(await child.metrics());
  expect([received, inFlight]).toEqual([ends, 0]);

  const handed = child.rows<{ n: number }>('lantian.db', 'SELECT count(*) AS n FROM desk')[0]!.n;
  const sources = child.rows<{ source: string }>('lantian.db', "SELECT source FROM journal WHERE source LIKE 'desk:%'");
  expect(new Set(sources.map(({ source }) => source)).size).toBe(sources.length);
  expect(sources.length).toBe(handed);
  const states = (kind: string, state: string): number =>
    child.rows('lantian.db', `SELECT id FROM desk WHERE kind = '${kind}' AND state = '${state}'`).length;
  // Handed in several times: the first is stored, the rest are duplicates; the first invalidates, the rest are refused.
  expect([states('entry', 'stored'), states('review', 'invalidated')]).toEqual([400, 200]);
  expect([states('entry', 'stored') + states('entry', 'duplicate') + 200 + states('review', 'refused')]).toEqual([
    handed,
  ]);
  const hours = await use.series('air_hour', 'dingchang-air', END, END + 400 * HOUR);
  await until(
    'the store has them',
    async () => (await use.series('air', 'dingchang-air', END, END + 401 * HOUR)).length === 400,
  );
  expect(hours.map(({ pm25 }) => pm25)).toEqual(times.slice(200).map((_, i) => (i + 200) % 90));
  const count = (table: string) => child.rows('lantian.db', `SELECT count(*) AS n FROM ${table}`);
  expect([count('archive'), count('review_mark')]).toEqual([[{ n: 400 }], [{ n: 200 }]]);
}, 120_000);
