// `lantian aqi` as a user runs it, told by what it prints and how it ends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { begin, lantian, linesOf, type Said } from './support/command.ts';
import { tempFolder } from './support/servers.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const folder = tempFolder('calculators');
let files = 0;
const fileOf = (lines: readonly string[], ending = '.csv'): string => {
  const file = join(folder, `${files++}${ending}`);
  const text = lines.map((line) => `${line}\n`).join('');
  writeFileSync(file, ending.endsWith('.gz') ? gzipSync(text) : text);
  return file;
};
/** With the text on stdin. */
const fed = (text: string, ...args: string[]): Promise<Said> => {
  const { process: child, said } = begin(...args);
  child.stdin!.end(text);
  return said;
};

const AQI_HEADER = 'time,pm25,pm10,so2,no2,co,o3';
const AQI_PRINTED = 'time,aqi,level,primary,standard';
const CLEAN = '20,40,10,20,0.5,80';
/** What is printed for rows, the header apart. */
const aqiOf = async (period: 'hourly' | 'daily', rows: readonly string[]): Promise<string[]> => {
  const { code, stdout, stderr } = await lantian('aqi', period, fileOf([AQI_HEADER, ...rows]));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const [header, ...lines] = linesOf(stdout);
  expect(header).toBe(AQI_PRINTED);
  return lines;
};

describe('aqi', () => {
  it('every row that was published comes out as published, both editions', async () => {
    const [header = '', ...rows] = readFileSync(join(ROOT, 'tests/data/published-aqi.csv'), 'utf8').trim().split('\n');
    const names = header.split(',');
    const published = rows.map((row) =>
      Object.fromEntries(row.split(',').map((cell, i) => [names[i]!, cell])),
    ) as Record<'aqi' | 'primary' | 'standard' | 'timepoint', string>[];
    // Its own header, but for the name of the time; what stands beside the columns is passed over.
    const file = fileOf([header.replace('timepoint', 'time'), ...rows]);
    const { code, stdout, stderr } = await lantian('aqi', 'hourly', file);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = linesOf(stdout).slice(1);
    expect(lines).toHaveLength(published.length);
    let [compared, tied] = [0, 0];
    lines.forEach((line, i) => {
      const { aqi, primary, standard, timepoint } = published[i]!;
      const [time, index, level, first, edition] = line.split(',');
      expect([time, edition]).toEqual([timepoint, standard]);
      if (aqi === '') return;
      compared++;
      if (primary.includes(';')) tied++;
      const levelOf = [50, 100, 150, 200, 300, 500].findIndex((most) => Number(aqi) <= most) + 1;
      expect([index, level, first], line).toEqual([aqi, String(levelOf), primary]);
    });
    expect([compared, tied]).toEqual([926, 4]);
  });

  it('the hour is labelled by its END, and its start chooses the edition', async () => {
    const rows = ['2026-02-28T23:00', '2026-03-01T00:00', '2026-03-01T00:00:01', '2026-03-01T01:00'];
    const utc = ['2026-02-28T16:00:00Z', '2026-02-28T17:00:00Z', '2026-02-28T18:00:00+01:00'];
    const lines = await aqiOf(
      'hourly',
      [...rows, ...utc].map((time) => `${time},60,${CLEAN.slice(3)}`),
    );
    const old = { aqi: '82', standard: 'HJ 633-2012' };
    const new_ = { aqi: '100', standard: 'HJ 633-2026' };
    expect(
      lines.map((line) => {
        const [time, aqi, , , standard] = line.split(',');
        return { time, aqi, standard };
      }),
    ).toEqual(
      [
        [rows[0], old],
        [rows[1], old],
        // Its hour begins at 23:00:01.
        [rows[2], old],
        [rows[3], new_],
        [utc[0], old],
        [utc[1], new_],
        [utc[2], new_],
      ].map(([time, rest]) => ({ time, ...(rest as object) })),
    );
  });

  it('a day by its date, or by the END of its 24 hours', async () => {
    const times = ['2026-02-28', '2026-03-01', '2026-03-01T00:00', '2026-03-02 00:00', '2026-02-28T16:00Z'];
    const lines = await aqiOf(
      'daily',
      times.map((time) => `${time},60,${CLEAN.slice(3)}`),
    );
    expect(lines).toEqual([
      '2026-02-28,82,2,PM2.5,HJ 633-2012',
      '2026-03-01,100,2,PM2.5,HJ 633-2026',
      '2026-03-01T00:00,82,2,PM2.5,HJ 633-2012',
      '2026-03-02 00:00,100,2,PM2.5,HJ 633-2026',
      '2026-02-28T16:00Z,82,2,PM2.5,HJ 633-2012',
    ]);
  });

  it('a day takes the 24 h columns and the MDA8, an hour the 1 h ones', async () => {
    const row = '2026-05-02,20,40,150,40,4,160';
    // SO2 150 is 100 in a day, 50 in an hour; CO 4 is 100 and 40; O3 160 is 100 and 50; NO2 40 is 50 and 20.
    expect(await aqiOf('daily', [row])).toEqual(['2026-05-02,100,2,SO2;CO;O3,HJ 633-2026']);
    expect(await aqiOf('hourly', [row.replace('2026-05-02', '2026-05-02T08:00')])).toEqual([
      '2026-05-02T08:00,50,1,,HJ 633-2026',
    ]);
  });

  it('what is missing, what is not monitored, and ties: a line for each row', async () => {
    const [before, after] = ['2026-01-01T08:00', '2026-05-01T08:00'];
    expect(
      await aqiOf('hourly', [
        `${after},,40,10,20,0.5,80`,
        `${after},/,40,10,20,0.5,80`,
        `${after},,130,10,20,0.5,80`,
        `${after},20,,10,20,0.5,80`,
        `${after},,,,,,`,
        `${after},/,/,/,/,/,/`,
        `${before},,40,10,20,0.5,80`,
        `${before},,,,,,`,
        `${after},60,120,10,20,0.5,80`,
        `${after},0,0,0,0,0,0`,
        `${before},0,0,0,0,0,0`,
      ]),
    ).toEqual([
      // HJ 633-2026 has no AQI of 100 or less with an item missing, but for PM10; one above stands.
      `${after},NA,NA,NA,HJ 633-2026`,
      `${after},40,1,,HJ 633-2026`,
      // (130 − 120) / 130 · 50 + 100 = 103.8
      `${after},104,3,PM10,HJ 633-2026`,
      `${after},29,1,,HJ 633-2026`,
      `${after},NA,NA,NA,HJ 633-2026`,
      `${after},NA,NA,NA,HJ 633-2026`,
      // HJ 633-2012 takes what is there.
      `${before},40,1,,HJ 633-2012`,
      `${before},NA,NA,NA,HJ 633-2012`,
      `${after},100,2,PM10;PM2.5,HJ 633-2026`,
      // The scale of 2026 begins at 1.
      `${after},1,1,,HJ 633-2026`,
      `${before},0,1,,HJ 633-2012`,
    ]);
  });

  it('a bad row is named by its line and skipped, the others are done, and exit is 1', async () => {
    const time = '2026-05-01T08:00';
    const good = `${time},${CLEAN}`;
    const rows = [
      good,
      '',
      `${time},x,40,10,20,0.5,80`,
      `noon,${CLEAN}`,
      `${time},20,40`,
      `${time},${CLEAN},1`,
      `${time},-1,40,10,20,0.5,80`,
      `${time},20,40,10,20,0.5,1e`,
      `2026-02-30T08:00,${CLEAN}`,
      `"${time},${CLEAN}`,
      `"${time}",${CLEAN}`,
    ];
    const file = fileOf([AQI_HEADER, ...rows]);
    const { code, stdout, stderr } = await lantian('aqi', 'hourly', file);
    expect(code).toBe(1);
    const done = `${time},40,1,,HJ 633-2026`;
    expect(linesOf(stdout)).toEqual([AQI_PRINTED, done, done]);
    const said = linesOf(stderr);
    // The blank line counts as a line, and is no row.
    expect(said.map((line) => line.slice(0, file.length + 4).replace(/: ?$/, ''))).toEqual(
      [4, 5, 6, 7, 8, 9, 10, 11].map((line) => expect.stringMatching(new RegExp(`^${file}:${line}`))),
    );
    const words = [/pm25/, /time.*noon/, /3 cells.*7/, /8 cells.*7/, /pm25.*-1/, /o3/, /time.*2026-02-30/, /CSV/];
    said.forEach((line, i) => {
      expect(line).toMatch(words[i]!);
      expect(line).toMatch(/\p{Script=Han}/u);
    });
  });

  it('every bad row is named, however many there are', async () => {
    const rows = Array.from({ length: 500 }, (_, i) => (i % 5 === 0 ? `2026-05-01T08:00,${CLEAN}` : 'bad'));
    const { code, stdout, stderr } = await lantian('aqi', 'hourly', fileOf([AQI_HEADER, ...rows]));
    expect(code).toBe(1);
    expect(linesOf(stdout)).toHaveLength(101);
    expect(linesOf(stderr).map((line) => Number(/:(\d+): /.exec(line)![1]))).toEqual(
      rows.flatMap((row, i) => (row === 'bad' ? i + 2 : [])),
    );
  });

  it('columns may stand in any order, with others, quoted, after a byte order mark, with line ends of Windows', async () => {
    const text = `\uFEFF"o3",note,co,no2,so2,pm10,pm25,time\r\n80,"a, b",0.5,20,10,40,20,2026-05-01T08:00\r\n`;
    const { code, stdout, stderr } = await fed(text, 'aqi', 'hourly', '-');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(linesOf(stdout)).toEqual([AQI_PRINTED, '2026-05-01T08:00,40,1,,HJ 633-2026']);
  });

  it.each([
    [
      'a column that is missing',
      `${AQI_HEADER.replace(',co', '')}\n`,
      /columns-missing: - .*no column co; needed: time,/,
    ],
    ['several', 'time,pm25\n', /no column pm10, so2, no2, co, o3/],
    ['a column that stands twice', `${AQI_HEADER},co\n`, /column co more than once/],
    ['an empty file', '', /file-unreadable: - .*is empty/],
  ])('%s is exit 2, and nothing on stdout', async (_, text, words) => {
    const { code, stdout, stderr } = await fed(text, 'aqi', 'daily', '-');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(linesOf(stderr)).toEqual([expect.stringMatching(words)]);
  });

  it.each([
    [['aqi', 'hourly', 'nowhere.csv'], /cannot read nowhere\.csv/],
    [['aqi', 'hourly', 'nowhere.csv.gz'], /cannot read/],
    [['aqi', 'weekly', 'x.csv'], /weekly.*hourly, daily/],
    [['aqi', 'hourly'], /missing required argument 'file'/],
    [['dustfall'], /missing required argument 'file'/],
    [['aqi', 'hourly', 'x.csv', '--config', 'nowhere.yaml'], /no file nowhere\.yaml/],
  ])('%j is exit 2', async (args, words) => {
    const { code, stdout, stderr } = await lantian(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(words);
  });

  it('a packed file is unpacked, one that is none is told', async () => {
    const lines = [AQI_HEADER, `2026-05-01T08:00,${CLEAN}`];
    const { code, stdout } = await lantian('aqi', 'hourly', fileOf(lines, '.csv.gz'));
    expect(code).toBe(0);
    expect(linesOf(stdout)).toHaveLength(2);
    const plain = join(folder, 'plain.csv.gz');
    writeFileSync(plain, lines.join('\n'));
    const failed = await lantian('aqi', 'hourly', plain);
    expect({ code: failed.code, stdout: failed.stdout }).toEqual({ code: 2, stdout: '' });
    expect(failed.stderr).toMatch(/file-unreadable: cannot read .*plain\.csv\.gz/);
  });

  it('a row is answered before the next is there', async () => {
    const { process: child, said } = begin('aqi', 'hourly', '-');
    let seen = '';
    child.stdout!.on('data', (text) => {
      seen += text;
    });
    child.stdin!.write(`${AQI_HEADER}\n2026-05-01T08:00,${CLEAN}\n`);
    while (linesOf(seen).length < 2) await once(child.stdout!, 'data');
    expect(linesOf(seen)).toEqual([AQI_PRINTED, '2026-05-01T08:00,40,1,,HJ 633-2026']);
    child.stdin!.end(`2026-05-01T09:00,${CLEAN}`);
    const { code, stdout } = await said;
    expect(code).toBe(0);
    expect(linesOf(stdout)).toHaveLength(3);
  });

  it('a reader that has seen enough ends it without a word', async () => {
    const file = fileOf([AQI_HEADER, ...Array(100_000).fill(`2026-05-01T08:00,${CLEAN}`)]);
    const shell = `"${process.execPath}" --disable-warning=ExperimentalWarning src/cli.ts aqi hourly "${file}" | head -3; echo "\${PIPESTATUS[0]}"`;
    const child = spawn('bash', ['-c', shell], { cwd: ROOT, env: { ...process.env, NO_COLOR: '1' } });
    let [out, err] = ['', ''];
    child.stdout.on('data', (text) => {
      out += text;
    });
    child.stderr.on('data', (text) => {
      err += text;
    });
    await once(child, 'close');
    const row = '2026-05-01T08:00,40,1,,HJ 633-2026';
    expect({ lines: linesOf(out), err }).toEqual({ lines: [AQI_PRINTED, row, row, '0'], err: '' });
  });

  it('settings decide what the documents leave open', async () => {
    const config = join(folder, 'lantian.yaml');
    writeFileSync(config, 'air:\n  aqi_pm10_blocks: true\n  aqi_rounds_2012: true\n');
    const rows = ['2026-05-01T08:00,20,,10,20,0.5,80', '2026-01-01T08:00,35.4,40,10,20,0.5,80'];
    const file = fileOf([AQI_HEADER, ...rows]);
    const { stdout } = await lantian('aqi', 'hourly', file, '--config', config);
    // 35.4 as it is has 51, rounded to 35 it has 50.
    expect(linesOf(stdout).slice(1)).toEqual([
      '2026-05-01T08:00,NA,NA,NA,HJ 633-2026',
      '2026-01-01T08:00,50,1,,HJ 633-2012',
    ]);
    expect(linesOf((await lantian('aqi', 'hourly', file)).stdout).slice(1)).toEqual([
      '2026-05-01T08:00,29,1,,HJ 633-2026',
      '2026-01-01T08:00,51,2,PM2.5,HJ 633-2012',
    ]);
  });

  it('--help says what the columns, the times and the editions are', async () => {
    const { code, stdout, stderr } = await lantian('aqi', '--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const words of [
      'Usage: lantian aqi',
      AQI_HEADER,
      AQI_PRINTED,
      'END of the hour',
      'MDA8',
      'HJ 633-2026',
      '缺测',
    ])
      expect(stdout).toContain(words);
  });

  it('above 800 µg/m³ of ozone HJ 633-2012 has no index, which is said', async () => {
    const file = fileOf([AQI_HEADER, '2026-01-01,20,40,10,20,0.5,801', '2026-05-01,20,40,10,20,0.5,801']);
    const { code, stdout, stderr } = await lantian('aqi', 'daily', file);
    expect(code).toBe(0);
    expect(linesOf(stdout).slice(1)).toEqual(['2026-01-01,40,1,,HJ 633-2012', '2026-05-01,300,5,O3,HJ 633-2026']);
    expect(linesOf(stderr)).toEqual([expect.stringMatching(new RegExp(`^${file}:2: O3 .*800`))]);
  });
});
