import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inTransaction, openDatabase } from '../src/core/sqlite.ts';
import type { Point } from '../src/core/types.ts';
import { createEmbeddedStore } from '../src/store/embedded.ts';
import { createOutbox, type Outbox } from '../src/store/outbox.ts';
import { createRefused } from '../src/store/refused.ts';
import { tempFolder } from './support/servers.ts';

const never = () => {
  throw new Error('the file is damaged');
};
const open = (file = ':memory:'): DatabaseSync => openDatabase(file, never);
const points = (from: number, count: number): Point[] =>
  Array.from({ length: count }, (_, i) => ({
    measurement: 'air',
    tags: {},
    time: from + i,
    fields: { pm25: from + i },
  }));
const times = (outbox: Outbox, store: string, atMost = 5000) => outbox.read(store, atMost)?.points.map((p) => p.time);
const rowsIn = (db: DatabaseSync) => Number(db.prepare('SELECT count(*) AS n FROM outbox').get()!['n']);
const plenty = { maxBytes: 1e9 };

test('a store reads in order, whole rows, up to a number of points, and nothing when it has all', () => {
  const db = open();
  const outbox = createOutbox(db, ['a'], plenty);
  expect(outbox.read('a', 10)).toBeUndefined();
  inTransaction(db, () => [points(0, 4), [], points(4, 4), points(8, 4)].forEach((some) => void outbox.append(some)));
  expect(times(outbox, 'a', 9)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  const batch = outbox.read('a', 1)!;
  expect(batch.points.map((p) => p.time)).toEqual([0, 1, 2, 3]);
  outbox.taken('a', batch.upTo);
  expect(times(outbox, 'a')).toEqual([4, 5, 6, 7, 8, 9, 10, 11]);
  expect(outbox.depth('a').points).toBe(8);
  outbox.taken('a', outbox.read('a', 100)!.upTo);
  expect(outbox.read('a', 100)).toBeUndefined();
  expect(outbox.depth('a')).toEqual({ points: 0, bytes: 0 });
});

test('a point whose time is no number fails no commit: the store is asked, and refuses it', async () => {
  const db = open();
  const outbox = createOutbox(db, ['a'], plenty);
  const wrong = { ...points(0, 1)[0]!, time: Number.NaN };
  inTransaction(db, () => outbox.append([wrong, ...points(5, 1)]));
  const batch = outbox.read('a', 10)!;
  expect(batch.points).toHaveLength(2);
  const store = createEmbeddedStore({ file: ':memory:' });
  const refusals = await store.write(batch.points);
  expect(refusals.map(({ words }) => words)).toEqual(['its time is not whole milliseconds']);
  expect(await store.read({ measurement: 'air', from: 0, to: 10 })).toHaveLength(1);
  inTransaction(db, () => createRefused(db, { maxRows: 10 }).add('a', 1000, refusals));
  await store.close();
});

test('a large append becomes rows that a batch can hold', () => {
  const outbox = createOutbox(open(), ['a'], plenty);
  outbox.append(points(0, 12_345));
  expect(outbox.read('a', 5000)!.points).toHaveLength(5000);
  expect(outbox.depth('a').points).toBe(12_345);
});

test('what is rolled back was never there, and what came after it is not stepped over', () => {
  const db = open();
  const outbox = createOutbox(db, ['a'], plenty);
  db.exec('BEGIN');
  outbox.append(points(0, 3));
  outbox.taken('a', outbox.read('a', 10)!.upTo); // a drain that read too early
  db.exec('ROLLBACK');
  expect(outbox.depth('a').points).toBe(0);
  inTransaction(db, () => outbox.append(points(10, 3)));
  expect(times(outbox, 'a')).toEqual([10, 11, 12]);
  inTransaction(db, () => outbox.flush());
  expect(times(createOutbox(db, ['a'], plenty), 'a')).toEqual([10, 11, 12]);
});

test('rows stay until every store has them; each goes at its own speed', () => {
  const db = open();
  const outbox = createOutbox(db, ['fast', 'slow'], plenty);
  inTransaction(db, () => [0, 10, 20].forEach((from) => void outbox.append(points(from, 10))));
  outbox.taken('fast', outbox.read('fast', 100)!.upTo);
  inTransaction(db, () => outbox.flush());
  expect([rowsIn(db), outbox.depth('fast').points, outbox.depth('slow').points]).toEqual([3, 0, 30]);
  outbox.taken('slow', outbox.read('slow', 10)!.upTo);
  inTransaction(db, () => outbox.flush());
  expect([rowsIn(db), outbox.depth('slow').points]).toEqual([2, 20]);
  outbox.taken('slow', outbox.read('slow', 100)!.upTo);
  inTransaction(db, () => outbox.flush());
  expect([rowsIn(db), outbox.depth('slow').points]).toEqual([0, 0]);
  inTransaction(db, () => outbox.append(points(30, 1)));
  expect([times(outbox, 'fast'), times(outbox, 'slow')]).toEqual([[30], [30]]);
});

test('after a crash a store gets again what was not flushed, and never less; emptied and opened again it goes on', () => {
  const file = join(tempFolder(), 'pipeline.db');
  const before = open(file);
  const outbox = createOutbox(before, ['a'], plenty);
  inTransaction(before, () => [0, 10].forEach((from) => void outbox.append(points(from, 10))));
  outbox.taken('a', outbox.read('a', 10)!.upTo);
  inTransaction(before, () => outbox.flush());
  outbox.taken('a', outbox.read('a', 10)!.upTo); // not flushed; no close either: the process is gone
  const after = open(file);
  const again = createOutbox(after, ['a'], plenty);
  expect(times(again, 'a')).toEqual(points(10, 10).map((p) => p.time));
  again.taken('a', again.read('a', 10)!.upTo);
  inTransaction(after, () => again.flush());
  expect(rowsIn(after)).toBe(0);
  const empty = createOutbox(open(file), ['a'], plenty);
  empty.append(points(50, 2));
  expect([times(empty, 'a'), empty.depth('a').points]).toEqual([[50, 51], 2]);
});

test('when it is full the oldest rows leave, counted and noted for the stores that lag, the others lose nothing', () => {
  const db = open();
  const bytes = Buffer.byteLength(JSON.stringify(points(1000, 10)));
  const outbox = createOutbox(db, ['up', 'down'], { maxBytes: 3 * bytes });
  const got: number[] = [];
  for (let from = 1000; from < 1100; from += 10) {
    inTransaction(db, () => outbox.append(points(from, 10)));
    const batch = outbox.read('up', 100)!;
    got.push(...batch.points.map((p) => p.time));
    outbox.taken('up', batch.upTo);
    inTransaction(db, () => outbox.flush());
  }
  expect(got).toEqual(points(1000, 100).map((p) => p.time));
  expect([outbox.dropped('up'), outbox.dropped('down')]).toEqual([0, 70]);
  expect(outbox.gaps('down')).toEqual([{ id: 1, points: 70, from: 1000, to: 1069 }]);
  expect(times(outbox, 'down')).toEqual(points(1070, 30).map((p) => p.time));
  expect(outbox.depth('down')).toEqual({ points: 30, bytes: 3 * bytes });
  // It comes back, takes a row, and is lost again: another gap.
  outbox.taken('down', outbox.read('down', 10)!.upTo);
  inTransaction(db, () => [1100, 1110, 1120].forEach((from) => void outbox.append(points(from, 10))));
  expect(outbox.gaps('down').map((gap) => [gap.from, gap.to])).toEqual([
    [1000, 1069],
    [1080, 1099],
  ]);
  outbox.closeGap(1);
  expect(outbox.gaps('down')).toHaveLength(1);
  expect(outbox.dropped('down')).toBe(90);
});

test('the newest row stays even when it alone is over the bound', () => {
  const outbox = createOutbox(open(), ['a'], { maxBytes: 10 });
  outbox.append(points(0, 50));
  expect(outbox.read('a', 10)!.points).toHaveLength(50);
  outbox.append(points(50, 50));
  expect([times(outbox, 'a')![0], outbox.dropped('a')]).toEqual([50, 50]);
});

test('a store that is new starts at the oldest row there; one no longer named keeps what it is owed, and is then forgotten', () => {
  const db = open();
  const first = createOutbox(db, ['a', 'b'], plenty);
  inTransaction(db, () => [0, 10, 20].forEach((from) => void first.append(points(from, 10))));
  for (const store of ['a', 'b']) first.taken(store, first.read(store, 10)!.upTo);
  inTransaction(db, () => first.flush());
  const second = createOutbox(db, ['a', 'c'], plenty);
  expect(times(second, 'c')).toEqual(points(10, 20).map((p) => p.time));
  expect([second.depth('a').points, second.depth('c').points]).toEqual([20, 20]);
  expect([second.unconfigured, second.depth('b').points]).toEqual([['b'], 20]);
  for (const store of ['a', 'c']) second.taken(store, second.read(store, 100)!.upTo);
  inTransaction(db, () => second.flush());
  expect(rowsIn(db)).toBe(2);
  const back = createOutbox(db, ['a', 'b', 'c'], plenty);
  expect(times(back, 'b')).toEqual(points(10, 20).map((p) => p.time));
  back.taken('b', back.read('b', 100)!.upTo);
  inTransaction(db, () => back.flush());
  expect(rowsIn(db)).toBe(0);
  const third = createOutbox(db, ['d'], plenty);
  expect(third.unconfigured).toEqual([]);
  third.append(points(30, 1));
  expect([times(third, 'd'), third.depth('d').points]).toEqual([[30], 1]);
});

test('without a store nothing is kept', () => {
  const db = open();
  createOutbox(db, [], plenty).append(points(0, 10));
  expect(rowsIn(db)).toBe(0);
});

// One flipped bit of a row makes a text of its bytes' number a blob.
test.each([
  'UPDATE outbox SET points = substr(points, 1, 40) WHERE id = 2',
  'UPDATE outbox SET points = CAST(points AS BLOB) WHERE id = 2',
])('a damaged row is a gap; the rows around it are delivered: %s', (damage) => {
  const db = open();
  const outbox = createOutbox(db, ['a', 'b'], plenty);
  [0, 10, 20].forEach((from) => void outbox.append(points(from, 10)));
  db.exec(damage);
  for (const store of ['a', 'b']) {
    expect(times(outbox, store)).toEqual([...points(0, 10), ...points(20, 10)].map((p) => p.time));
    expect([outbox.dropped(store), outbox.gaps(store).map((gap) => [gap.points, gap.from, gap.to])]).toEqual([
      10,
      [[10, 10, 19]],
    ]);
  }
});

// Model: each store must be handed every point exactly in order, from wherever it was last flushed, except those it was
// told it lost; whatever is appended, taken, flushed or forgotten by a crash, in any order.
const action = fc.oneof(
  fc.record({ do: fc.constant('append' as const), count: fc.integer({ min: 1, max: 30 }) }),
  fc.record({
    do: fc.constant('take' as const),
    store: fc.constantFrom('a', 'b'),
    atMost: fc.integer({ min: 1, max: 60 }),
  }),
  fc.record({ do: fc.constantFrom('flush' as const, 'crash' as const) }),
);

test('any course of appends, takes, flushes and crashes leaves no point unaccounted', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const db = open();
      const limits = { maxBytes: 6000 };
      let outbox = createOutbox(db, ['a', 'b'], limits);
      let made = 0;
      const seen = { a: new Set<number>(), b: new Set<number>() };
      const take = (store: 'a' | 'b', atMost: number) => {
        const batch = outbox.read(store, atMost);
        if (!batch) return false;
        const got = batch.points.map((p) => p.time);
        expect(got).toEqual([...got].sort((x, y) => x - y));
        for (const time of got) seen[store].add(time);
        outbox.taken(store, batch.upTo);
        return true;
      };
      for (const one of actions) {
        if (one.do === 'append') {
          inTransaction(db, () => outbox.append(points(made, one.count)));
          made += one.count;
        } else if (one.do === 'take') take(one.store, one.atMost);
        else if (one.do === 'flush') inTransaction(db, () => outbox.flush());
        else outbox = createOutbox(db, ['a', 'b'], limits);
      }
      for (const store of ['a', 'b'] as const) {
        while (take(store, 50));
        const gaps = outbox.gaps(store);
        const missing = points(0, made)
          .map((p) => p.time)
          .filter((time) => !seen[store].has(time));
        for (const time of missing) expect(gaps.some((gap) => gap.from <= time && time <= gap.to)).toBe(true);
        expect(outbox.dropped(store)).toBe(gaps.reduce((sum, gap) => sum + gap.points, 0));
        expect(outbox.depth(store)).toEqual({ points: 0, bytes: 0 });
      }
      inTransaction(db, () => outbox.flush());
      expect(rowsIn(db)).toBe(0);
    }),
    { numRuns: 200 },
  );
});

test('refused points are kept with the words, the oldest leave', () => {
  const db = open();
  const refused = createRefused(db, { maxRows: 3 });
  const add = (at: number, from: number, words: string): void =>
    inTransaction(db, () =>
      refused.add(
        'influx',
        at,
        points(from, 2).map((point) => ({ point, words })),
      ),
    );
  add(1000, 0, 'no');
  add(2000, 2, '"不"');
  expect(refused.list(10).map((one) => [one.store, one.at, one.point, one.words])).toEqual([
    ['influx', 2000, points(3, 1)[0], '"不"'],
    ['influx', 2000, points(2, 1)[0], '"不"'],
    ['influx', 1000, points(1, 1)[0], 'no'],
  ]);
});

test('a store that joins later starts at the oldest row there, and is kept like the others from then on', () => {
  const db = open();
  const outbox = createOutbox(db, ['a'], plenty);
  inTransaction(db, () => outbox.append(points(0, 10)));
  outbox.join('b');
  outbox.join('b');
  expect(times(outbox, 'b')).toEqual(points(0, 10).map((p) => p.time));
  outbox.taken('a', outbox.read('a', 100)!.upTo);
  inTransaction(db, () => outbox.flush());
  expect([rowsIn(db), outbox.depth('b').points]).toEqual([1, 10]);
  outbox.taken('b', outbox.read('b', 100)!.upTo);
  inTransaction(db, () => outbox.flush());
  expect(rowsIn(db)).toBe(0);
  expect(createOutbox(db, ['a', 'b'], plenty).unconfigured).toEqual([]);
});
