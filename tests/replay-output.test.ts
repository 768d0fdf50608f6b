import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFigureBook } from '../src/cli/replay/figures.ts';
import { createTextFile } from '../src/cli/replay/output.ts';
import { createProgress } from '../src/cli/replay/progress.ts';
import { inEventOrder, runReplay } from '../src/cli/replay/run.ts';
import { type ReplayAround, replayWith } from '../src/cli/replay.ts';
import type { Feed, Figure, Reading } from '../src/core/types.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lantian-output-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const AT = Date.parse('2026-07-01T00:00:00Z');
const HOUR = 3_600_000;
const figure = (given: Partial<Figure>): Figure => ({
  measurement: 'air_hour',
  station: 'b',
  start: AT,
  end: AT + HOUR,
  fields: {},
  ...given,
});

const rowsOf = (...figures: Figure[]): string[] => {
  const book = createFigureBook();
  for (const one of figures) book.add(one);
  const file = createTextFile(join(folder, 'figures.csv'));
  const lines = book.write(file);
  file.commit();
  const rows = readFileSync(join(folder, 'figures.csv'), 'utf8').trimEnd().split('\n');
  expect(rows.shift()).toBe('measurement,time,station,field,value,valid');
  expect(rows).toHaveLength(lines);
  return rows;
};

describe('figures.csv', () => {
  it('is sorted by measurement, time, station and field, without `valid`, with `count`', () => {
    const later = figure({ start: AT + HOUR, fields: { pm25: 1 } });
    const other = figure({ measurement: 'air_day', fields: { pm25: 2 } });
    const first = figure({ fields: { pm25: 3.5, co: 0.1, count: 1, valid: true } });
    expect(rowsOf(later, first, figure({ station: 'a', fields: { o3: 4 } }), other)).toEqual([
      'air_day,2026-07-01T00:00:00Z,b,pm25,2,true',
      'air_hour,2026-07-01T00:00:00Z,a,o3,4,true',
      'air_hour,2026-07-01T00:00:00Z,b,co,0.1,true',
      'air_hour,2026-07-01T00:00:00Z,b,count,1,true',
      'air_hour,2026-07-01T00:00:00Z,b,pm25,3.5,true',
      'air_hour,2026-07-01T01:00:00Z,b,pm25,1,true',
    ]);
  });

  it('keeps the last edition, without the fields that are gone', () => {
    const first = figure({ fields: { pm25: 1, co: 1, so2: 7 }, invalid: ['so2', 'co'] });
    const second = figure({ fields: { pm25: 2 }, invalid: ['pm25'], gone: ['co'] });
    expect(rowsOf(first, second)).toEqual([
      'air_hour,2026-07-01T00:00:00Z,b,pm25,2,false',
      'air_hour,2026-07-01T00:00:00Z,b,so2,7,false',
    ]);
  });

  it('a field that an edition makes valid again is valid', () => {
    expect(rowsOf(figure({ fields: { co: 1 }, invalid: ['co'] }), figure({ fields: { co: 2 } }))).toEqual([
      'air_hour,2026-07-01T00:00:00Z,b,co,2,true',
    ]);
  });

  it('marks only the quantities that are invalid', () => {
    const rows = rowsOf(figure({ fields: { pm25: 1, co: 2, valid: false }, invalid: ['co'] }));
    expect(rows.map((row) => row.split(',').slice(3).join())).toEqual(['co,2,false', 'pm25,1,true']);
  });

  it('labels rolling rain by the end of its window', () => {
    expect(rowsOf(figure({ measurement: 'rain_rolling', fields: { h24: 1 } }))).toEqual([
      'rain_rolling,2026-07-01T01:00:00Z,b,h24,1,true',
    ]);
  });

  it('tells figures with other tags apart by their field, and quotes texts that need it', () => {
    const year = figure({
      measurement: 'water_class',
      tags: { period: 'year' },
      fields: { class: 3, missing: 'a,"b"' },
    });
    const month = figure({ measurement: 'water_class', tags: { period: 'month' }, fields: { class: 2, missing: '' } });
    const other = figure({ ...month, station: 'c' });
    expect(rowsOf(other, year, month)).toEqual([
      'water_class,2026-07-01T00:00:00Z,b,class:month,2,true',
      'water_class,2026-07-01T00:00:00Z,b,class:year,3,true',
      'water_class,2026-07-01T00:00:00Z,b,missing:month,,true',
      'water_class,2026-07-01T00:00:00Z,b,missing:year,"a,""b""",true',
      'water_class,2026-07-01T00:00:00Z,c,class:month,2,true',
      'water_class,2026-07-01T00:00:00Z,c,missing:month,,true',
    ]);
  });
});

describe('files appear whole', () => {
  it('only at commit, over what was there', () => {
    const path = join(folder, 'deep', 'out.txt');
    const file = createTextFile(path);
    file.write('x'.repeat(3_000_000));
    expect(readdirSync(join(folder, 'deep'))).not.toContain('out.txt');
    file.write('é');
    file.commit();
    expect(readFileSync(path, 'utf8')).toBe(`${'x'.repeat(3_000_000)}é`);
    expect(readdirSync(join(folder, 'deep'))).toEqual(['out.txt']);
  });

  it('leaves what was there when the work is given up', () => {
    const path = join(folder, 'out.txt');
    writeFileSync(path, 'old');
    const file = createTextFile(path);
    file.write('new');
    file.discard();
    expect([readFileSync(path, 'utf8'), readdirSync(folder)]).toEqual(['old', ['out.txt']]);
  });

  it('says where it cannot write', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => createTextFile(join(folder, 'file', 'out.txt'))).toThrow(
      expect.objectContaining({ code: 'data-unwritable' }),
    );
  });
});

describe('order of events', () => {
  const reading = (feed: Feed, station: string, time: number): Reading => ({
    feed,
    station,
    time,
    start: time,
    values: {},
  });

  it('forecasts of an instant, its readings in file order, one tick', () => {
    const given = [
      reading('air', 'x', 2),
      reading('weather', 'b', 1),
      reading('weather', 'a', 1),
      reading('forecast', 'f', 1),
      reading('air', 'w', 2),
    ];
    const seen: string[] = [];
    const none = { figures: [], signals: [] };
    const done: number[] = [];
    runReplay(
      inEventOrder(given),
      {
        reading: ({ station, time }) => {
          seen.push(`${station}${time}`);
          return none;
        },
        tick: (time) => {
          seen.push(`tick${time}`);
          return none;
        },
        end: () => {
          seen.push('end');
          return none;
        },
      },
      () => {},
      (count) => done.push(count),
    );
    expect(seen).toEqual(['f1', 'b1', 'a1', 'tick1', 'x2', 'w2', 'tick2', 'end']);
    expect(done).toEqual([3, 5]);
  });
});

describe('progress', () => {
  const run = (isTTY: boolean): string => {
    let text = '';
    let now = 0;
    const progress = createProgress('rows', 10_000, { isTTY, write: (more) => (text += more) }, () => now);
    for (now = 0; now <= 1000; now += 100) progress.show(now * 5);
    progress.end();
    return text;
  };

  it('tells rows, rate and time left on a terminal, a few times a second', () => {
    const lines = run(true).split('\r').filter(Boolean);
    expect(lines).toHaveLength(6);
    expect(lines[4]).toContain('rows 5,000 of 10,000, 5,000/s, 1 s left');
  });

  it('is silent elsewhere', () => expect(run(false)).toBe(''));
});

describe('the command', () => {
  const MAPPING = 'tests/data/made-gauges.yaml';
  const around = (): ReplayAround & { out: string[]; err: string[] } => {
    const [out, err]: [string[], string[]] = [[], []];
    return {
      out,
      err,
      env: {},
      stdout: { write: (text) => out.push(text) },
      stderr: { write: (text) => err.push(text) },
    };
  };
  const put = (text: string): string => {
    const file = join(folder, 'in.csv');
    writeFileSync(file, text);
    return file;
  };

  it('ends with 1 when rows were skipped, with all others done', async () => {
    const here = around();
    const file = put('time,gauge,rain\n2026-07-01 02:00,G01,1\n2026-07-01 01:00,G01,2\n2026-07-01 02:00,G99,1\n');
    expect(await replayWith([file], { mapping: [MAPPING], out: join(folder, 'out') }, here)).toBe(1);
    expect(here.err).toEqual([
      `${file}:4: unknown station "G99"\n`,
      expect.stringMatching(/^回测 back-test 2026-07-01 01:00 – 2026-07-01 02:00.*no level was reached\n$/),
    ]);
    expect(here.out.join('')).toMatch(/^rows +3\nskipped +1\nreadings +2\n/);
    const rows = readFileSync(join(folder, 'out', 'figures.csv'), 'utf8').split('\n');
    expect(rows.filter((row) => row.startsWith('weather_hour') && row.includes(',rain,'))).toEqual([
      'weather_hour,2026-06-30T16:00:00Z,dingchang-weather,rain,2,true',
      'weather_hour,2026-06-30T17:00:00Z,dingchang-weather,rain,1,true',
    ]);
    expect(readdirSync(join(folder, 'out')).sort()).toEqual(['backtest.csv', 'figures.csv', 'signals.jsonl']);
  });

  it('is reached from the command line', () => {
    const run = (...args: string[]) =>
      spawnSync(process.execPath, ['src/cli.ts', 'replay', ...args], { encoding: 'utf8' });
    const file = put('time,gauge,rain\n2026-07-01 01:00,G01,2\n');
    const out = join(folder, 'out');
    const done = run(file, '--mapping', MAPPING, '--out', out, '--auto-sign');
    expect([done.stderr.split('\n').length, done.status]).toEqual([2, 0]);
    expect(done.stderr).toMatch(/^回测 back-test .*no level was reached\n$/);
    expect(done.stdout).toMatch(/^rows +1\nreadings +1\n/);
    expect(readdirSync(out)).toHaveLength(3);
    const failed = run('none.csv', '--mapping', MAPPING, '--out', out);
    expect([failed.stdout, failed.status]).toEqual(['', 2]);
    expect(failed.stderr).toContain('cannot read none.csv');
  });

  it('gives the same files for the same input', async () => {
    const files = ['tests/data/made-gauges.csv', 'tests/data/made-gauges-forecast.csv'];
    const mapping = [MAPPING, 'tests/data/made-gauges-forecast.yaml'];
    for (const out of ['a', 'b']) await replayWith(files, { mapping, out: join(folder, out) }, around());
    for (const name of ['figures.csv', 'signals.jsonl', 'backtest.csv'])
      expect(readFileSync(join(folder, 'a', name)).equals(readFileSync(join(folder, 'b', name)))).toBe(true);
  });

  it.each([
    ['no file', [], [MAPPING], 'usage'],
    ['two mappings for three files', ['a', 'b', 'c'], [MAPPING, MAPPING], 'usage'],
    ['a mapping that is not there', ['a'], ['none.yaml'], 'mapping-invalid'],
    ['a file that is not there', ['none.csv'], [MAPPING], 'file-unreadable'],
  ])('%s', async (_, files, mapping, code) => {
    await expect(replayWith(files, { mapping, out: folder }, around())).rejects.toMatchObject({ code, exit: 2 });
  });

  it('leaves an earlier result alone when it fails', async () => {
    mkdirSync(join(folder, 'out'));
    writeFileSync(join(folder, 'out', 'figures.csv'), 'old');
    await expect(
      replayWith(['none.csv'], { mapping: [MAPPING], out: join(folder, 'out') }, around()),
    ).rejects.toThrow();
    expect(readFileSync(join(folder, 'out', 'figures.csv'), 'utf8')).toBe('old');
  });
});
