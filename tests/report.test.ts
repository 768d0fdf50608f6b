// `lantian report` on dustfall, water and emission, and as a command: rows in a real store, the workbook read back by a reader of its own.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeAll, describe, expect, test } from 'vitest';
import { monthName, monthStart } from '../src/core/time.ts';
import type { Point } from '../src/core/types.ts';
import { countyDustfall } from '../src/standards/dustfall-bulletin.ts';
import { COUNTY, type Desk, desk, month, row, tableIn } from './support/report.ts';
import type { ReadSheet } from './support/xlsx.ts';

const TOWNSHIPS = [{ id: 'town', name: { zh: '定昌镇', en: 'Dingchang' }, kind: 'township' }];
const named = (id: string, zh: string, more: object) => ({ id, name: { zh, en: id }, township: 'town', ...more });

/** 长治市 2021-10, published 2022-01-11: mean 1.4, highest 2.1, lowest 1.0, the mean 48.1 % below that of 2020-10. */
const CHANGZHI = {
  长子县: 1.0,
  壶关县: 1.2,
  上党区: 1.2,
  屯留区: 1.3,
  潞城区: 1.4,
  沁源县: 1.4,
  武乡县: 1.4,
  沁县: 1.5,
  平顺县: 1.5,
  襄垣县: 1.5,
  潞州区: 1.8,
  黎城县: 2.1,
};

describe('dustfall: the bulletin of Changzhi, October 2021', () => {
  let place: Desk;
  let sheets: ReadSheet[];
  const points = Object.keys(CHANGZHI).map((zh, at) =>
    named(`point-${at}`, zh, { feeds: { dustfall: { period: 'P1M' } } }),
  );

  beforeAll(async () => {
    place = desk({ 'dustfall.yaml': { stations: points } }, TOWNSHIPS);
    const october = month('2021-10');
    const values = Object.values(CHANGZHI);
    const own = values.map((dustfall, at) =>
      row('dustfall_month', `point-${at}`, october, { dustfall, count: 1, valid: true }),
    );
    await place.write([
      ...own,
      row('dustfall_month', 'county', october, { ...countyDustfall(values)!, count: 12, valid: true }),
      row('dustfall_month', 'county', month('2020-10'), { max: 3.9, mean: 2.7, min: 1.9, count: 12, valid: true }),
      row('dustfall_month', 'county', month('2021-09'), {
        max: 2.4,
        mean: 1.2,
        min: 1.3,
        count: 9,
        valid: false,
        invalid: 'mean',
      }),
      row('dustfall_month', 'point-0', month('2020-10'), {
        dustfall: 0.9,
        count: 1,
        valid: true,
        marks: 'dustfall=exposure',
      }),
      row('dustfall_month', 'point-1', month('2020-10'), { dustfall: 0, count: 1, valid: true }),
    ]);
    expect(await place.report('--month', '2021-10', '--format', 'both')).toMatchObject({ code: 0 });
    sheets = place.sheets('2021-10');
  });

  test('mean 1.4, highest 2.1, lowest 1.0; the mean 48.1 % below last year', () => {
    const { values } = tableIn(sheets, '降尘');
    const columns = ['2021年10月', '2020年10月', '同比'];
    expect(values(columns, '全县平均值')).toEqual([1.4, 2.7, -48.1]);
    expect(values(columns, '全县最大值')).toEqual([2.1, 3.9, -46.2]);
    expect(values(columns, '全县最小值')).toEqual([1, 1.9, -47.4]);
    expect(Object.keys(CHANGZHI).map((zh) => values(['2021年10月'], zh)[0])).toEqual(Object.values(CHANGZHI));
  });

  test('a rise is signed +, a change of nothing or of zero is no number', () => {
    const { cell, value } = tableIn(sheets, '降尘');
    expect(cell('同比', '长子县')).toMatchObject({ value: 11.1, format: '+0.0"%";-0.0"%";0.0"%"' });
    expect(value('同比', '黎城县')).toBe('—');
    expect(value('2020年10月', '黎城县')).toBe('—');
    expect(value('2020年10月', '壶关县')).toBe(0);
    expect(value('同比', '壶关县')).toBe('—');
  });

  test('a provisional mean is marked, and so is the change on it; what is sound is judged', () => {
    const { cell, values } = tableIn(sheets, '降尘');
    expect(cell('2021年9月', '全县平均值')).toMatchObject({ value: 1.2, italic: true, format: '0.0"*"' });
    expect(cell('环比', '全县平均值')).toMatchObject({ value: 16.7, italic: true });
    expect(cell('2021年9月', '全县最大值')).toMatchObject({ value: 2.4, italic: false, format: '0.0' });
    // The plan of autumn 2021 is in force: 7.0; the campaign's mark is 9.
    expect(values(['限值', '判定'], '全县平均值')).toEqual([7, '达标 complies']);
    expect(values(['限值', '判定'], '全县最大值')).toEqual([9, '未超过 not above']);
  });

  test('the CSV says the same, numbers plain, doubts in the last column', () => {
    const text = place.read(`lantian-${COUNTY}-2021-10-dustfall.csv`).toString();
    expect(text.startsWith('\ufeff点位 point,乡镇 township,2021年10月 2021-10')).toBe(true);
    expect(text).toContain('\r\n全县平均值 mean,,1.4,2.7,-48.1,1.2,16.7,,7.0,达标 complies,2021年9月; 环比\r\n');
    expect(text).toContain('\r\n黎城县,定昌镇,2.1,,,,,,,,\r\n');
  });

  test('titles in Chinese and English, documents under the table, headings on every page', () => {
    const { sheet } = tableIn(sheets, '降尘');
    expect(sheet.rows[0]![0]!.value).toBe('沁县2021年10月降尘　Dustfall, Qinxian County');
    const notes = sheet.rows.map((cells) => String(cells[0]?.value ?? '')).join('\n');
    for (const document of ['HJ 1221-2021', 'GB/T 8170-2008', '沁政办发〔2021〕16号 二（五）17', '2021—2022年秋冬季'])
      expect(notes).toContain(document);
    expect(sheet.xml).toContain('<pageSetUpPr fitToPage="1"/>');
    expect(sheet.xml).toMatch(/<pageSetup[^>]*fitToHeight="0"/);
  });

  test('a mean above the limit fails, a doubtful one is not judged, the highest is judged at once', async () => {
    await place.write([
      row('dustfall_month', 'county', month('2022-05'), { max: 9.1, mean: 7.1, min: 5, count: 12, valid: true }),
      row('dustfall_month', 'county', month('2022-06'), {
        max: 9.1,
        mean: 7.1,
        min: 5,
        count: 2,
        valid: false,
        invalid: 'mean',
      }),
    ]);
    for (const name of ['2022-05', '2022-06']) await place.report('--month', name);
    const [may, june] = ['2022-05', '2022-06'].map((name) =>
      tableIn(place.sheets(name), '降尘'),
    ) as never as ReturnType<typeof tableIn>[];
    expect(may!.value('判定', '全县平均值')).toBe('超标 above');
    expect(june!.value('判定', '全县平均值')).toBe('—');
    expect(june!.value('判定', '全县最大值')).toBe('须专项整治 campaign');
  });
});

describe('surface water', () => {
  const section = (id: string, zh: string, target?: string) =>
    named(id, zh, { feeds: { water: { period: 'PT4H' } }, water_body: 'river', ...(target ? { target } : {}) });
  const ofClass = (station: string, name: string, class_: number, more: Point['fields'] = {}) =>
    row(
      'water_class',
      station,
      month(name),
      { class: class_, defining: 'ammonia_nitrogen', missing: 'cod,bod5', count: 30, valid: true, ...more },
      { period: 'month' },
    );
  let sheets: ReadSheet[];

  beforeAll(async () => {
    const place = desk(
      {
        'water.yaml': {
          stations: [section('a', '甲断面', 'III'), section('b', '乙断面', 'II'), section('c', '丙断面')],
        },
      },
      TOWNSHIPS,
    );
    await place.write([
      ofClass('a', '2025-12', 4, { main: 'total_phosphorus(0.5),cod(0.2)' }),
      ofClass('a', '2024-12', 6),
      ofClass('a', '2025-11', 3),
      ofClass('b', '2025-12', 2),
      ofClass('b', '2025-11', 2),
      ofClass('c', '2025-12', 1, { valid: false, invalid: 'class' }),
      row(
        'water_class',
        'a',
        month('2025-01'),
        { class: 3, defining: 'cod', missing: '', count: 12, valid: true },
        { period: 'year' },
      ),
      row('water_month', 'a', month('2025-12'), {
        ammonia_nitrogen: 1.234,
        total_phosphorus: 0.0003,
        ph: 8.04,
        water_temperature: 4.26,
        count: 30,
        valid: true,
      }),
      row('water_month', 'a', month('2025-11'), {
        ammonia_nitrogen: 0.5,
        water_temperature: 9.3,
        count: 30,
        valid: true,
      }),
    ]);
    expect(await place.report('--month', '2025-12')).toMatchObject({ code: 0 });
    sheets = place.sheets('2025-12');
  });

  test('classes with their change, the target, items in Chinese; the year’s class with December', () => {
    const { values, value, cell } = tableIn(sheets, '水质断面');
    expect(values(['目标', '2025年12月类别', '2024年12月类别', '同比', '2025年11月类别', '环比'], '甲断面')).toEqual([
      'Ⅲ',
      'Ⅳ',
      '劣Ⅴ',
      '好转2类 better',
      'Ⅲ',
      '变差1类 worse',
    ]);
    expect(
      values(['水质状况', '目标判定', '定类指标', '主要污染指标（超Ⅲ类倍数）', '全年类别', '上年类别'], '甲断面'),
    ).toEqual(['轻度污染 lightly polluted', '未达标 missed', '氨氮', '总磷(0.5)、化学需氧量(0.2)', 'Ⅲ', '—']);
    expect(value('目标判定', '乙断面')).toBe('达标 reached');
    expect(value('环比', '乙断面')).toBe('持平 same');
    expect(value('2024年12月类别', '乙断面')).toBe('—');
    expect(cell('2025年12月类别', '丙断面')).toMatchObject({ value: 'Ⅰ*', italic: true });
  });

  test('shares of the sections whose class counts', () => {
    const { values } = tableIn(sheets, '水质汇总');
    const columns = ['2025年12月', '2024年12月', '同比', '2025年11月', '环比'];
    expect(values(columns, 'Ⅰ～Ⅲ类')).toEqual([50, 0, 50, 100, -50]);
    expect(values(columns, '参评断面')).toEqual([2, 1, 1, 2, 0]);
    expect(values(columns, '劣Ⅴ类')).toEqual([0, 100, -100, 0, 0]);
    expect(values(columns, '断面达标率')).toEqual([50, 0, 50, 100, -50]);
  });

  test('items: rounded for show, class and multiple over III of each', () => {
    const { values } = tableIn(sheets, '水质项目');
    const columns = ['2025年12月', '2024年12月', '同比', '2025年11月', '环比', '单项类别', '超Ⅲ类倍数'];
    expect(values(columns, '甲断面', '氨氮')).toEqual([1.23, '—', '—', 0.5, 146, 'Ⅳ', 0.23]);
    expect(values(columns, '甲断面', '总磷')).toEqual([0.0003, '—', '—', '—', '—', 'Ⅰ', '—']);
    expect(values(columns, '甲断面', '水温')).toEqual([4.3, '—', '—', 9.3, -5, '—', '—']);
  });
});

describe('the command', () => {
  const point = named('p', '点', { feeds: { dustfall: { period: 'P1M' } } });
  const empty = (): Desk => desk({ 'dustfall.yaml': { stations: [point] } }, TOWNSHIPS);
  const some = (name: string, station = 'p'): Point =>
    row('dustfall_month', station, month(name), { dustfall: 3, count: 1, valid: true });

  test('the last whole month by default; one that is not over is provisional, and said to be', async () => {
    const place = empty();
    const [now, last] = [monthName(Date.now()), monthName(monthStart(Date.now(), -1))];
    await place.write([some(now), some(last)]);
    const done = await place.report();
    expect(done.stdout).toBe(`${join(place.folder, 'out', `lantian-${COUNTY}-${last}.xlsx`)}\n`);
    const { stderr } = await place.report('--month', now);
    expect(stderr).toContain(`${now} is not over: every figure of it is provisional`);
    const [year, number] = now.split('-');
    const cell = tableIn(place.sheets(now), '降尘').cell(`${year}年${Number(number)}月`, '点');
    expect(cell).toMatchObject({ value: 3, italic: true });
  });

  test.each([
    [['--month', '2026-13'], /usage: --month 2026-13: .*not a month such as/],
    [['--month', '2999-01'], /usage: --month 2999-01: .*has not begun/],
    [['--format', 'pdf'], /Allowed choices are xlsx, csv, both/],
    [['--month', '2021-10'], /file-unreadable: there is no .*series\.db/],
  ])('%j: one clear line and exit 2', async (args, words) => {
    const { code, stdout, stderr } = await empty().report(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(words);
  });

  test('a folder that cannot be written is told, and nothing half written is left', async () => {
    const place = empty();
    await place.write([some('2021-10')]);
    writeFileSync(join(place.folder, 'file'), '');
    const { code, stderr } = await place.report('--month', '2021-10', '--out', join(place.folder, 'file', 'out'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/data-unwritable: cannot make .*file.out/);
  });

  test('a month without data: every feed is named, no cell holds a number but what is no figure', async () => {
    const place = empty();
    await place.write([some('2021-10')]);
    const { code, stderr } = await place.report('--month', '2019-02');
    expect(code).toBe(0);
    for (const feed of ['air', 'dustfall', 'water', 'emission'])
      expect(stderr).toContain(`nothing of ${feed} in 2019-02`);
    const numbers = place
      .sheets('2019-02')
      .flatMap(({ name, rows }) =>
        rows.flatMap((cells) =>
          cells.filter(({ value }) => typeof value === 'number').map(({ value }) => [name, value]),
        ),
      );
    // Days left in the year; the limits that February 2019 is held against.
    expect(numbers).toEqual([
      ['空气质量', 306],
      ['降尘', 9],
      ['降尘', 9],
    ]);
  });

  test('docs/report.md and --help name every table with its sheet, no more and no fewer', async () => {
    const place = empty();
    await place.write([some('2021-10')]);
    const { stdout } = await place.report('--month', '2021-10', '--format', 'both');
    const sheets = place.sheets('2021-10').map(({ name }) => name);
    const tables = [...stdout.matchAll(/2021-10-(.*)\.csv$/gm)].map((found) => found[1]!);
    const document = readFileSync(join(import.meta.dirname, '../docs/report.md'), 'utf8');
    const listed = [...document.matchAll(/^\| `([a-z-]+)` \| (\S+) \|/gm)].map(([, id, sheet]) => [id, sheet]);
    expect(listed).toEqual(tables.map((id, at) => [id, sheets[at]]));
    const help = (await place.report('--help')).stdout;
    const told = /工作表 Sheets: ([\s\S]*?)\n文件/.exec(help)![1]!.split(/,\s+/);
    expect(told).toEqual(tables.map((id, at) => `${sheets[at]} ${id}`));
  });

  test('a place that the catalog does not have is left out, and named', async () => {
    const place = empty();
    await place.write([some('2021-10'), some('2021-10', 'gone')]);
    const { stderr } = await place.report('--month', '2021-10');
    expect(stderr).toContain('dustfall: left out, the catalog does not have gone');
  });

  test('what a simulated county sent says so in every title', async () => {
    const place = empty();
    await place.write([some('2021-10')]);
    writeFileSync(join(place.folder, 'data', 'simulator.json'), '{"about":0}');
    await place.report('--month', '2021-10');
    const titles = place.sheets('2021-10').map(({ rows }) => String(rows[0]![0]!.value));
    expect(titles.length).toBeGreaterThan(8);
    expect(titles.filter((title) => !title.startsWith('【模拟数据】'))).toEqual([]);
  });

  test('while a pipeline is in the middle of writing it reads what was committed', async () => {
    const place = empty();
    await place.write([some('2021-10')]);
    const writer = new DatabaseSync(place.store);
    writer.exec('BEGIN IMMEDIATE; UPDATE point SET fields = \'{"dustfall":99}\'');
    try {
      expect(await place.report('--month', '2021-10')).toMatchObject({ code: 0 });
    } finally {
      writer.close();
    }
    expect(tableIn(place.sheets('2021-10'), '降尘').value('2021年10月', '点')).toBe(3);
  });

  test('a row that cannot be read is named and left out, exit 1', async () => {
    const place = empty();
    await place.write([some('2021-10'), some('2021-09')]);
    const writer = new DatabaseSync(place.store);
    writer.prepare("UPDATE point SET fields = '{broken' WHERE time = ?").run(month('2021-10'));
    writer.close();
    const { code, stderr } = await place.report('--month', '2021-10');
    expect(code).toBe(1);
    expect(stderr).toMatch(/cannot be read, left out: dustfall_month .*"p"/);
    expect(tableIn(place.sheets('2021-10'), '降尘').values(['2021年10月', '2021年9月'], '点')).toEqual(['—', 3]);
  });
});
