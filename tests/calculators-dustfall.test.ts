// `lantian dustfall` as a user runs it: weighings in, t/(km²·30d) out, and the county's months beside it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { begin, lantian, linesOf, type Said } from './support/command.ts';
import { seeded } from './support/random.ts';
import { tempFolder } from './support/servers.ts';

const folder = tempFolder('calculators');
const HEADER = 'point,start,end,gross,tare,blank,area';
const fed = (lines: readonly string[], ...more: string[]): Promise<Said> => {
  const { process: child, said } = begin('dustfall', '-', ...more);
  child.stdin!.end(lines.join('\n'));
  return said;
};
const rowsOf = ({ stdout }: Said): string[][] =>
  linesOf(stdout)
    .slice(1)
    .map((line) => line.split(','));

describe('a weighing', () => {
  it('becomes dustfall with its days and remarks; the columns stay, also those that are not ours', async () => {
    const said = await fed([
      'note,start,end,gross,tare,blank,area',
      // (45.6789 − 45.1234 − 0.0012) / (176.7 · 30) · 30 · 10⁴ = 31.37
      '"dry, windy",2026-06-01,2026-07-01,45.6789,45.1234,0.0012,176.7',
      // To 0.1 d: two hours are 0.1. 0.0905 / (100 · 30.1) · 3 · 10⁵ = 9.0199
      ',2026-06-01T08:00,2026-07-01T10:00,40.0905,40,0,100',
      // Without offset it is Beijing time.
      ',2026-06-01T00:00Z,2026-07-01T08:00,40.0915,40,0,100',
    ]);
    expect({ code: said.code, header: linesOf(said.stdout)[0] }).toEqual({
      code: 0,
      header: 'note,start,end,gross,tare,blank,area,dustfall,days,remark',
    });
    expect(linesOf(said.stdout).slice(1)).toEqual([
      '"dry, windy",2026-06-01,2026-07-01,45.6789,45.1234,0.0012,176.7,31.4,30.0,',
      ',2026-06-01T08:00,2026-07-01T10:00,40.0905,40,0,100,9.0,30.1,',
      ',2026-06-01T00:00Z,2026-07-01T08:00,40.0915,40,0,100,9.2,30.0,',
    ]);
  });

  it('as the method says, by a second computation in whole numbers, ties to even', async () => {
    const random = seeded(7);
    const cases = Array.from({ length: 300 }, (_, i) => {
      // Tenths of milligrams; days in tenths; tenths of cm². Every third is made to be a tie: 100 cm² and 30 d.
      const tie = i % 3 === 0;
      const weight = tie ? BigInt(5 + 10 * Math.floor(random() * 200)) : BigInt(Math.floor(random() * 9000));
      const days = tie ? 300n : BigInt(280 + Math.floor(random() * 41));
      const area = tie ? 1000n : BigInt(1500 + Math.floor(random() * 500));
      // weight · 10⁻⁴ / (area · days / 100) · 30 · 10⁴, in tenths.
      const [n, d] = [weight * 100n * 30n * 10n, area * days];
      const floor = n / d;
      const twice = 2n * (n - floor * d);
      const tenths = twice > d || (twice === d && floor % 2n === 1n) ? floor + 1n : floor;
      const start = Date.UTC(2026, 5, 1);
      const end = start + Number(days) * 8_640_000;
      const iso = (time: number): string => new Date(time).toISOString().slice(0, 19);
      const gross = (50 + Number(weight) / 1e4).toFixed(4);
      return {
        row: `,${iso(start)},${iso(end)},${gross},50,0,${Number(area) / 10}`,
        expected: (Number(tenths) / 10).toFixed(1),
        days: (Number(days) / 10).toFixed(1),
      };
    });
    const said = await fed([HEADER, ...cases.map(({ row }) => row)]);
    expect(said.code).toBe(0);
    expect(rowsOf(said).map((cells) => cells.slice(7, 9))).toEqual(cases.map(({ expected, days }) => [expected, days]));
  });

  it('of another exposure than 28 to 32 d, or below 0.3, is remarked and given all the same', async () => {
    const row = (end: string, gross: number): string => `,2026-06-01,${end},${gross},40,0,100`;
    const said = await fed([
      HEADER,
      row('2026-06-29', 40.05),
      row('2026-06-28T21:00', 40.05),
      row('2026-07-03', 40.05),
      row('2026-07-03T03:00', 40.05),
      row('2026-07-01', 40.003),
      row('2026-07-01', 40.002),
      row('2026-08-15', 40.001),
    ]);
    expect(said.code).toBe(0);
    const exposure = '采样天数不在 28–32 d 内 exposure outside 28–32 d';
    const detection = '低于检出限 0.3 below the detection limit';
    expect(rowsOf(said).map((cells) => cells.slice(7))).toEqual([
      ['5.4', '28.0', ''],
      ['5.4', '27.9', exposure],
      ['4.7', '32.0', ''],
      ['4.7', '32.1', exposure],
      ['0.3', '30.0', ''],
      ['0.2', '30.0', detection],
      ['0.0', '75.0', `${exposure}; ${detection}; 超过 45 d，不计入任何月份 above 45 d: of no month`],
    ]);
  });

  it('by the exposure of the settings', async () => {
    const config = join(folder, 'lantian.yaml');
    writeFileSync(config, 'dustfall:\n  exposure_least: 30\n  exposure_most: 30\n');
    const said = await fed([HEADER, ',2026-06-01,2026-07-02,40.05,40,0,100'], '--config', config);
    expect(rowsOf(said)[0]!.at(-1)).toMatch(/30–30 d/);
  });

  it('that cannot be is named by its line and skipped; the others are done, and exit is 1', async () => {
    const good = 'p,2026-06-01,2026-07-01,40.05,40,0,100';
    const bad = [
      [good.replace('40.05', ''), /gross: 缺 missing/],
      [good.replace('40.05', 'heavy'), /gross: .*"heavy"/],
      [good.replace(',100', ',0'), /area: 0 .*1 to/],
      [good.replace('2026-07-01', '2026-05-01'), /end: .*0\.1 d/],
      [good.replace('2026-07-01', '2026-06-01T01:00'), /end: .*0\.1 d/],
      [good.replace('2026-07-01', '2026-06-31'), /end: .*2026-06-31/],
      [good.replace('2026-06-01', 'June'), /start: .*"June"/],
      // A crucible that lost more than a blank can explain.
      [good.replace('40.05', '39.8'), /dustfall: -20 /],
      ['p,2026-06-01', /列数不符 2 cells, .* 7/],
    ] as const;
    const said = await fed([HEADER, good, ...bad.map(([row]) => row), good]);
    expect(said.code).toBe(1);
    expect(rowsOf(said).map((cells) => cells[7])).toEqual(['5.0', '5.0']);
    const [month, ...lines] = linesOf(said.stderr).reverse();
    expect(month).toMatch(/^2026-06 /);
    expect(lines.reverse()).toEqual(
      bad.map(([, words], i) => expect.stringMatching(RegExp(`^-:${i + 3}: ${words.source}`))),
    );
  });
});

describe('the months of the county', () => {
  const row = (point: string, start: string, end: string, value: number): string =>
    `${point},${start},${end},${(40 + value / 100).toFixed(4)},40,0,100`;

  it('highest, mean and lowest of the points, on stderr; the jars of one point are averaged', async () => {
    const said = await fed([
      HEADER,
      row('b', '2026-07-01', '2026-07-31', 3),
      row('a', '2026-06-01', '2026-07-01', 9.1),
      row('a', '2026-06-01', '2026-07-01', 8.3),
      row('b', '2026-06-01', '2026-07-01', 2),
      row('', '2026-06-01', '2026-07-01', 4),
      row('', '2026-06-01', '2026-07-01', 6),
    ]);
    expect(linesOf(said.stderr)).toEqual([
      // (8.7 + 2 + 4 + 6) / 4 = 5.175; a row without a point is one of its own.
      '2026-06 全县 county: 最大 max 8.7, 平均 mean 5.2, 最小 min 2.0 t/(km²·30d), 4 点 points',
      '2026-07 全县 county: 最大 max 3.0, 平均 mean 3.0, 最小 min 3.0 t/(km²·30d), 1 点 points',
    ]);
  });

  it('Changzhi’s October 2021 as published: 2.1, 1.4 and 1.0 of its twelve counties', async () => {
    const counties = [1.0, 1.2, 1.2, 1.3, 1.4, 1.4, 1.4, 1.5, 1.5, 1.5, 1.8, 2.1];
    const said = await fed([HEADER, ...counties.map((value, i) => row(`c${i}`, '2021-10-01', '2021-10-31', value))]);
    expect(linesOf(said.stderr)).toEqual([
      '2021-10 全县 county: 最大 max 2.1, 平均 mean 1.4, 最小 min 1.0 t/(km²·30d), 12 点 points',
    ]);
  });

  it('an exposure is of the month that holds its middle, Beijing time; one of more than 45 days of none', async () => {
    const said = await fed([
      HEADER,
      // Its middle is 2026-06-30T23:59 and 2026-07-01T00:01.
      row('a', '2026-06-15T23:58', '2026-07-16T00:00', 5),
      row('b', '2026-06-16T00:02', '2026-07-16T00:00', 7),
      row('c', '2026-06-01', '2026-07-16', 8),
      row('d', '2026-06-01', '2026-07-16T00:01', 90),
    ]);
    expect(said.code).toBe(0);
    expect(linesOf(said.stderr).map((line) => line.replace(/ 全县.*max ([\d.]+),.* (\d+) 点.*/, ' $1 $2'))).toEqual([
      '2026-06 5.3 2',
      '2026-07 7.0 1',
    ]);
  });
});

describe('usage', () => {
  it('a column that is missing is exit 2', async () => {
    const { code, stdout, stderr } = await fed(['start,end,gross,tare', '2026-06-01,2026-07-01,1,1']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(linesOf(stderr)).toEqual([expect.stringMatching(/columns-missing: - .*no column blank, area/)]);
  });

  it('--help says what the columns are and what is printed', async () => {
    const { code, stdout, stderr } = await lantian('dustfall', '--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const words of [
      'Usage: lantian dustfall',
      'start,end,gross,tare,blank,area',
      'HJ 1221-2021',
      'remark',
      '集尘缸',
    ])
      expect(stdout).toContain(words);
  });
});
