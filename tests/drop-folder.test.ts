// The drop folder: when a file is taken, what its rows become, and where it goes.
import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readDropFile, readDropMapping } from '../flows/nodes/lib/drop-file.ts';
import { createDropFolder, reportOf } from '../flows/nodes/lib/drop-folder.ts';
import { HOUR, isoBeijing } from '../src/core/time.ts';
import { settingsOf } from './support/middle.ts';
import { tempFolder } from './support/servers.ts';
import { catalog, NOW } from './support/simulated.ts';

const known = { catalog, settings: settingsOf() };

const mappingOf = (yaml: string) => {
  const file = join(tempFolder('mapping'), 'mapping.yaml');
  writeFileSync(file, yaml);
  return readDropMapping(file, known);
};

const AIR = mappingOf(
  'time: t\nstation: { column: s, map: { A: guxian-air } }\nperiod: PT1H\nfeeds: { air: { pm25: pm25, co: { column: co, unit: ug/m3 } } }',
);

const read = (text: string | Buffer, name = 'a.csv', most = 1000) => {
  const file = join(tempFolder('csv'), name);
  writeFileSync(file, text);
  return readDropFile(file, { mapping: AIR, known, now: NOW, most });
};

const folderOf = () => {
  const folder = tempFolder('drop');
  let now = NOW;
  return { folder, place: createDropFolder(folder, 5000, () => now), pass: (time: number) => (now += time) };
};

test('a file is taken once it has been left alone, and one that changes is waited for', () => {
  const { folder, place, pass } = folderOf();
  writeFileSync(join(folder, 'b.csv'), 'x\n');
  writeFileSync(join(folder, '.hidden.csv'), 'x\n');
  writeFileSync(join(folder, 'mapping.yaml'), 'x\n');
  writeFileSync(join(folder, 'c.csv.part'), 'x\n');
  mkdirSync(join(folder, 'd.csv'));
  expect(place.next()).toBeUndefined();
  pass(4000);
  appendFileSync(join(folder, 'b.csv'), 'y\n');
  expect(place.next()).toBeUndefined();
  pass(4999);
  expect(place.next()).toBeUndefined();
  pass(1);
  expect(place.next()).toBe('b.csv');
});

test('one that does not end with a line may be half of a file, and is given a minute', () => {
  const { folder, place, pass } = folderOf();
  writeFileSync(join(folder, 'b.csv'), 'x\n1');
  place.next();
  pass(59_000);
  expect(place.next()).toBeUndefined();
  pass(1000);
  expect(place.next()).toBe('b.csv');
});

test('a file is moved with its report, and a name may come again', () => {
  const { folder, place, pass } = folderOf();
  for (const text of ['first\n', 'second\n']) {
    writeFileSync(join(folder, 'b.csv'), text);
    place.settle('b.csv', 'done', `report of ${text}`);
    pass(1000);
  }
  const names = readdirSync(join(folder, 'done')).sort();
  expect(names).toHaveLength(4);
  expect(names.map((name) => readFileSync(join(folder, 'done', name), 'utf8'))).toEqual([
    'first\n',
    'report of first\n',
    'second\n',
    'report of second\n',
  ]);
  expect(place.next()).toBeUndefined();
});

test('one that was written to after it was given out stays, and is given out again', () => {
  const { folder, place, pass } = folderOf();
  writeFileSync(join(folder, 'b.csv'), 'x\n');
  place.next();
  pass(5000);
  expect(place.next()).toBe('b.csv');
  appendFileSync(join(folder, 'b.csv'), 'y\n');
  expect(place.settle('b.csv', 'done', 'of x alone')).toBeUndefined();
  expect(readdirSync(join(folder, 'done'))).toEqual([]);
  place.next();
  pass(5000);
  expect(place.next()).toBe('b.csv');
  expect(place.settle('b.csv', 'done', 'of both')).toBeDefined();
});

test('one that cannot be moved is told, and not given out again until it is another', () => {
  const { folder, place, pass } = folderOf();
  // A name that leaves no room for a time before it.
  const name = `${'监'.repeat(82)}.csv`;
  writeFileSync(join(folder, name), 'x\n');
  place.next();
  pass(5000);
  expect(place.next()).toBe(name);
  expect(() => place.settle(name, 'done', 'report')).toThrow(/ENAMETOOLONG/);
  pass(5000);
  expect(place.next()).toBeUndefined();
  appendFileSync(join(folder, name), 'y\n');
  place.next();
  pass(5000);
  expect(place.next()).toBe(name);
});

test('rows become messages in their order; bad ones are told by line with the words of the pipeline', async () => {
  const at = (hours: number) => isoBeijing(NOW - hours * HOUR);
  const found = await read(
    `t,s,pm25,co\n${at(3)},A,35,600\n${at(2)},B,1,1\n${at(-5)},A,1,1\n${at(1)},A,,x\nnever,A,1,1\n${at(0)},A,36,\n`,
  );
  expect(found.rows).toBe(6);
  expect(found.messages.map(({ topic, payload }) => [topic, JSON.parse(payload)])).toEqual([
    ['lantian/v1/140430/air/guxian-air', { time: at(3), period: 'PT1H', values: { pm25: 35, co: 0.6 } }],
    ['lantian/v1/140430/air/guxian-air', { time: at(0), period: 'PT1H', values: { pm25: 36 } }],
  ]);
  expect(found.bad.map(({ line }) => line)).toEqual([3, 4, 5, 6]);
  expect(found.bad.map(({ why }) => why).join('\n')).toMatch(
    /unknown station "B"\nfuture .*\nco is not a number: "x"\nnot a time: "never"/,
  );
  expect(reportOf('a.csv', found)).toMatch(
    /^a\.csv: 6 行 rows, 2 条.* 4 处有误 wrong\n第 3 行 line 3: unknown station "B"\n/,
  );
});

test('a compressed file is read; one that is cut off, empty, too long or of other columns is refused whole', async () => {
  const text = `t,s,pm25,co\n${isoBeijing(NOW)},A,35,600\n`;
  expect((await read(gzipSync(text), 'a.csv.gz')).messages).toHaveLength(1);
  await expect(read(gzipSync(text).subarray(0, 30), 'a.csv.gz')).rejects.toMatchObject({ code: 'file-unreadable' });
  await expect(read('')).rejects.toThrow(/empty/);
  await expect(read(text.repeat(3), 'a.csv', 4)).rejects.toThrow(/more than 4 rows/);
  await expect(read('t,s\n')).rejects.toMatchObject({ code: 'mapping-invalid' });
});

test('the mapping is that of a replay, told with every mistake; forecasts of the file’s future are for a replay alone', () => {
  expect(() => readDropMapping('/nowhere/mapping.yaml', known)).toThrow(/no mapping/);
  const wrong = 'time: t\nstation: { column: s, map: { A: nowhere } }\nfeeds: { air: { pm3: a } }';
  expect(() => mappingOf(wrong)).toThrow(expect.objectContaining({ code: 'mapping-invalid' }));
  const replay =
    'time: t\nperiod: PT1H\nstation: { column: s, map: { A: guxian-weather } }\nfeeds: { weather: { rain: r } }\nforecast: { fromNext: PT24H, every: PT1H }';
  expect(() => mappingOf(replay)).toThrow(
    expect.objectContaining({ details: [expect.stringMatching(/replay alone/)] }),
  );
});
