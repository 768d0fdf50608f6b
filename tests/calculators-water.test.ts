// `lantian water`: samples in, classes out.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ITEMS } from '../src/standards/water-evaluation-2011.ts';
import { begin, lantian, linesOf, type Said } from './support/command.ts';
import { tempFolder } from './support/servers.ts';

const folder = tempFolder('calculators-water');
const HEADER = 'station,time,ph,dissolved_oxygen,permanganate_index,ammonia_nitrogen,total_phosphorus,cod';
const CLEAN = '7.8,9,1.5,0.1,0.02';
const save = (name: string, content: string | Buffer): string => {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
};
let files = 0;
const tableFile = (header: string, ...rows: string[]): string => {
  return save(`t${++files}.csv`, [header, ...rows, ''].join('\n'));
};

/** Rows by the names of their columns; no cell that is looked at holds a comma. */
const rowsOf = ({ stdout }: Said): Record<string, string>[] => {
  const [header = '', ...rows] = linesOf(stdout);
  const names = header.split(',');
  return rows.map((row) => Object.fromEntries(row.split(',').map((cell, i) => [names[i], cell])));
};
const water = (file: string, ...more: string[]) => lantian('water', file, ...more);
/** What is printed for a row of items alone. */
const judge = async (values: Readonly<Record<string, string>>, ...more: string[]) => {
  const said = await water(tableFile(Object.keys(values).join(), Object.values(values).join()), ...more);
  return rowsOf(said)[0]!;
};
const configured = (text: string): string[] => ['--config', save(`c${++files}.yaml`, text)];

test('a row is its columns, class, grade, defining items, multiples, main pollutants and what is missing', async () => {
  const file = tableFile(
    `note,${HEADER},cyanide,body`,
    `"a, b",duanliu,2026-07-05,9.4,9,6.6,0.1,0.3,30,0.3,river`,
    `c,source,2026-07-05,${CLEAN},,,`,
  );
  const { code, stdout, stderr } = await water(file);
  const missing = (...known: string[]) => ITEMS.filter((item) => !known.includes(item)).join(';');
  const five = ['ph', 'dissolved_oxygen', 'permanganate_index', 'ammonia_nitrogen', 'total_phosphorus'];
  const multiples = 'permanganate_index(0.1);cod(0.5);total_phosphorus(0.5);cyanide(0.5)';
  expect(linesOf(stdout)).toEqual([
    'note,station,time,body,class,grade,defining,multiples,main,missing,remark',
    `"a, b",duanliu,2026-07-05,river,worse-than-V,重度污染 heavily polluted,ph;cyanide,${multiples},` +
      `cyanide(0.5);ph;cod(0.5),${missing(...five, 'cod', 'cyanide')},`,
    `c,source,2026-07-05,,I,优 excellent,${five.join(';')},,,${missing(...five)},`,
  ]);
  expect(code).toBe(0);
  expect(linesOf(stderr)).toEqual([
    '2026-07: 2 断面 sections, I-III 50.0 %, 河流 river (2): 重度污染 heavily polluted, 均值 by means worse-than-V, ' +
      '主要污染指标 main cyanide;cod',
  ]);
});

describe('values', () => {
  test('less than the detection limit counts as half of it, or as the setting says', async () => {
    // 0.0001 mg/L of mercury is class III, 0.00005 class I.
    expect(await judge({ mercury: '0.0001L' })).toMatchObject({ class: 'I' });
    const whole = configured('water:\n  below_detection: 1\n');
    expect(await judge({ mercury: '0.0001L' }, ...whole)).toMatchObject({ class: 'III' });
  });

  test('blank and / are not measured, which is not zero', async () => {
    const row = await judge({ cod: '30', bod5: '', copper: '/' });
    expect(row['missing']!.split(';')).toEqual(ITEMS.filter((item) => item !== 'cod'));
    expect(row).toMatchObject({ class: 'IV', defining: 'cod' });
  });

  test('nothing measured is NA, a row all the same', async () => {
    const said = await water(tableFile('ph,cod', ',/', '7,'));
    expect(rowsOf(said).map((row) => row['class'])).toEqual(['NA', 'I']);
    expect(said.code).toBe(0);
  });

  test('without required items the class is a lower bound, and remark names them', async () => {
    const { remark } = await judge({ cod: '30', ph: '7', dissolved_oxygen: '8', total_phosphorus: '0.1' });
    expect(remark).toBe('缺必测项目，类别为下限 at least this class: without permanganate_index;ammonia_nitrogen');
    const none = configured('water:\n  required_items: []\n');
    expect((await judge({ cod: '30' }, ...none))['remark']).toBe('');
  });

  test('oxygen by saturation where the temperature is there', async () => {
    const warm = { dissolved_oxygen: '7', water_temperature: '30' };
    expect(await judge(warm)).toMatchObject({ class: 'I' });
    expect(await judge(warm, ...configured('water:\n  do_saturation: false\n'))).toMatchObject({ class: 'II' });
    expect(await judge({ dissolved_oxygen: '7' })).toMatchObject({ class: 'II' });
  });

  test('rounded first by the setting', async () => {
    expect(await judge({ permanganate_index: '6.04' })).toMatchObject({ class: 'IV' });
    const rounded = configured('water:\n  rounded_first: true\n');
    expect(await judge({ permanganate_index: '6.04' }, ...rounded)).toMatchObject({ class: 'III' });
  });
});

test('lakes by the option, or row by row', async () => {
  const rows = ['0.06,', '0.06,lake', '0.06,river'];
  const of = async (...more: string[]) =>
    rowsOf(await water(tableFile('total_phosphorus,body', ...rows), ...more)).map((row) => row['class']);
  expect(await of()).toEqual(['II', 'IV', 'II']);
  expect(await of('--lake')).toEqual(['IV', 'IV', 'II']);
});

test('a bad row is named by file and line and skipped; the others are done', async () => {
  const file = tableFile(
    'ph,cod,body',
    '7,wet,',
    '7,10,',
    '15,10,',
    '7L,10,',
    '7,10,pond',
    '7,10',
    '',
    '7,-2,',
    '8,40,',
  );
  const said = await water(file);
  expect(rowsOf(said).map((row) => row['class'])).toEqual(['I', 'V']);
  expect(said.code).toBe(1);
  expect(linesOf(said.stderr)).toEqual([
    `${file}:2: cod: 不是数 not a number "wet"`,
    `${file}:4: ph: 15 超出 is not within 0 to 14 1`,
    `${file}:5: ph: 不是数 not a number "7L"`,
    `${file}:6: body: pond 不是 is not river, lake`,
    `${file}:7: 列数不符 2 cells, the header has 3`,
    `${file}:9: cod: -2 超出 is not within -1 to 100000 mg/L`,
  ]);
});

describe('sections of a month', () => {
  test('samples of one are averaged first, months are apart, lakes are in the share alone', async () => {
    const row = (station: string, time: string, phosphorus: string, body = '') =>
      `${station},${time},7.8,9,1.5,0.1,${phosphorus},,${body}`;
    const file = tableFile(
      `${HEADER},body`,
      // Classes of a: I and 6, of its mean (0.02 + 0.5) / 2 = 0.26 IV; of b III.
      row('a', '2026-07-05', '0.02'),
      row('a', '2026/7/25 8:00', '0.5'),
      row('b', '2026-07-06T08:00', '0.2'),
      row('z', '2026-07-06', '0.06', 'lake'),
      row('a', '2026-08-05', '0.02'),
      row('b', '2026-08-06', '0.02'),
      row('a', '2026-09-06', '0.02'),
    );
    expect(linesOf((await water(file)).stderr)).toEqual([
      // By means (0.26 + 0.2) / 2 = 0.23.
      '2026-07: 3 断面 sections, I-III 33.3 %, 河流 river (2): 轻度污染 lightly polluted, 均值 by means IV, 主要污染指标 main total_phosphorus',
      '2026-08: 2 断面 sections, I-III 100.0 %, 河流 river (2): 优 excellent, 均值 by means I',
    ]);
  });

  test('five and more are judged by shares, without a time all together', async () => {
    const rows = ['10', '10', '10', '25', '99', ''].map((cod, i) => `s${i},${cod}`);
    expect(linesOf((await water(tableFile('station,cod', ...rows))).stderr)).toEqual([
      '全部 all: 5 断面 sections, I-III 60.0 %, 河流 river (5): 中度污染 moderately polluted, 主要污染指标 main cod',
    ]);
  });

  test('nothing is said where no column names them', async () => {
    expect((await water(tableFile('time,cod', '2026-07-05,10', '2026-07-05,20'))).stderr).toBe('');
  });
});

describe('files', () => {
  const SAMPLE = 'cod\n30\n';

  test('from stdin, gzipped, with a mark of byte order and Windows lines', async () => {
    const { process: child, said } = begin('water', '-');
    child.stdin!.end(SAMPLE);
    const answers = [
      said,
      water(save('z.csv.gz', gzipSync(SAMPLE))),
      water(save('bom.csv', `\uFEFF${SAMPLE.replaceAll('\n', '\r\n')}`)),
    ];
    for (const answer of await Promise.all(answers)) expect(rowsOf(answer)).toMatchObject([{ class: 'IV' }]);
  });

  test.each([
    [
      'no item among its columns',
      'station,total_nitrogen\na,1\n',
      /^lantian: columns-missing: .*没有评价项目 has no column/,
    ],
    ['a column that stands twice', 'cod,cod\n1,2\n', /^lantian: columns-missing: .*重列 has column cod more than once/],
    ['nothing in it', '', /^lantian: file-unreadable: .*是空的 is empty/],
  ])('%s: exit 2, nothing on stdout', async (_, content, words) => {
    const { code, stdout, stderr } = await water(save(`bad${++files}.csv`, content));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(words);
  });

  test('a column that is nearly an item is told', async () => {
    const file = tableFile('cod,total_phosphorous,pH,remarks', '10,9,7,x');
    const { code, stderr } = await water(file);
    expect(code).toBe(0);
    expect(linesOf(stderr)).toEqual(
      [
        ['total_phosphorous', 'total_phosphorus'],
        ['pH', 'ph'],
      ].map(
        ([name, item]) =>
          `${file}: 列 ${name} 不是项目，原样输出 column ${name} is no item and is handed through, did you mean "${item}"?`,
      ),
    );
  });

  test('--help tells columns and output in both languages', async () => {
    const { code, stdout } = await lantian('water', '--help');
    expect(code).toBe(0);
    for (const word of ['Usage: lantian water', '--lake', '列 Columns', '超Ⅲ类倍数', 'worse-than-V'])
      expect(stdout).toContain(word);
  });
});
