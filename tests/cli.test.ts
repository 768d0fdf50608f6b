// The commands as a user runs them: processes of their own, told by what they print and how they end.
import { execFile, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connectAsync } from 'mqtt';
import { beforeAll, describe, expect, test } from 'vitest';
import { HOUR, isoBeijing, MINUTE } from '../src/core/time.ts';
import { type Child, lantianChild } from './support/lantian.ts';
import { tempFolder } from './support/servers.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Only what the test sets: no settings of whoever runs the tests. */
const environment = (more: Record<string, string>): NodeJS.ProcessEnv => {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('LANTIAN_') && name !== 'FORCE_COLOR');
  return { ...Object.fromEntries(own), NO_COLOR: '1', ...more };
};

const lantian = (args: readonly string[], env: Record<string, string> = {}): Promise<Said> =>
  new Promise((resolve) => {
    const whole = ['bin/lantian.mjs', ...args];
    const options = { cwd: ROOT, env: environment(env), timeout: 50_000, maxBuffer: 64 * 1024 ** 2 };
    execFile(process.execPath, whole, options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
    });
  });

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');

/** A copy of the county's catalog that a test may change: its `counties` folder. */
const catalogCopy = (): string => {
  const folder = join(tempFolder('catalog'), 'counties');
  cpSync(join(ROOT, 'sensors/counties'), folder, { recursive: true });
  return folder;
};

describe('help', () => {
  const COMMANDS = ['run', 'check', 'simulate', 'replay', 'report', 'quarantine'];

  test('lantian --help names every command, and each has its own', async () => {
    const { code, stdout } = await lantian(['--help']);
    expect(code).toBe(0);
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    const paths = [...COMMANDS.map((name) => [name]), ...['list', 'show', 'retry'].map((name) => ['quarantine', name])];
    const answers = await Promise.all(paths.map((path) => lantian([...path, '--help'])));
    answers.forEach(({ code, stdout, stderr }, i) => {
      expect(code).toBe(0);
      expect(stderr).toBe('');
      expect(stdout).toContain(`Usage: lantian ${paths[i]!.join(' ')}`);
      // In both languages.
      expect(stdout).toMatch(/\p{Script=Han}/u);
    });
  });

  test.each(['src/cli.ts', 'flows/run.ts', 'flows/lint.ts'])('%s --help is quiet for a reader that is gone', (file) => {
    const quiet = '--disable-warning=ExperimentalWarning';
    // The pause lets the reader go first.
    const shell = `(sleep 0.2; "${process.execPath}" ${quiet} ${file} --help; echo "code $?" >&2) | true`;
    expect(spawnSync('bash', ['-c', shell], { encoding: 'utf8' }).stderr).toBe('code 0\n');
  });

  test('--version is that of package.json', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(await lantian(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('wrong usage is one clear line and exit 2', () => {
  const data = tempFolder('cli');
  const WRONG: [string[], RegExp][] = [
    [['nonsense'], /unknown command 'nonsense'/],
    [['run', '--nonsense'], /unknown option '--nonsense'/],
    [['run', 'extra'], /too many arguments/],
    [['run', '--simulator', 'nonsense'], /no scenario "nonsense": there are calm, rainstorm/],
    [['run', '--config', 'nowhere.yaml'], /there is no file nowhere\.yaml/],
    [['simulate', '--speed', 'quick'], /--speed quick: not a number above 0/],
    [['simulate', '--from', 'noon'], /--from noon: not a duration such as PT72H or a time/],
    [['simulate', '--scenario', 'drought'], /no scenario "drought"/],
    [['replay', 'file.csv'], /required option '-o, --out <folder>'/],
    [['replay', 'file.csv', '--out', join(data, 'out')], /1 files? need.*--mapping/],
    [
      ['replay', 'nowhere.csv', '-m', 'sensors/mappings/prsa.yaml', '-o', join(data, 'out')],
      /cannot read nowhere\.csv/,
    ],
    [['quarantine', 'show'], /missing required argument 'id'/],
    [['quarantine', 'show', 'seven'], /seven is not the number of a message/],
    [['quarantine', 'show', '1'], /nothing has run with this data folder yet/],
    [['quarantine', 'list', '--reason', 'ugly'], /--reason ugly is none of .*bad-json/],
    [['quarantine', 'list', '--limit', 'all'], /--limit all is not a whole number/],
    [['quarantine', 'retry'], /say which: a number, --reason, --station, or --all/],
  ];

  test.each(WRONG)('lantian %j', async (args, words) => {
    const { code, stdout, stderr } = await lantian(args, { LANTIAN_DATA_FOLDER: join(data, 'data') });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    const [first, ...rest] = linesOf(stderr);
    expect(first).toMatch(words);
    // Nothing but the hint at --help.
    expect(rest.filter((line) => !line.includes('--help'))).toEqual([]);
  });

  test('none of them has made a file', () => {
    expect(existsSync(join(data, 'data'))).toBe(false);
    expect(existsSync(join(data, 'out'))).toBe(false);
  });
});

describe('check', () => {
  test('a good catalog is one line on stdout', async () => {
    const { code, stdout, stderr } = await lantian(['check']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(linesOf(stdout)).toHaveLength(1);
    expect(stdout).toMatch(/沁县 140430.*hazard points 80/);
  });

  test('addresses that cannot be are told with line and column', async () => {
    const config = join(tempFolder('check'), 'lantian.yaml');
    writeFileSync(config, 'mqtt:\n  url: mqtt://\ninflux:\n  url: http://127.0.0.1:99999\n');
    const { code, stderr } = await lantian(['check', '--config', config]);
    expect(code).toBe(2);
    expect(linesOf(stderr).slice(0, -1)).toEqual([
      `${config}:2:8 mqtt.url: not an MQTT address such as mqtt://host:1883`,
      `${config}:4:8 influx.url: not an address such as http://host:8086`,
    ]);
  });

  test('mistakes of settings and catalog come at once, each with file, line and column', async () => {
    const counties = catalogCopy();
    const file = join(counties, '140430', 'air.yaml');
    const lines = readFileSync(file, 'utf8').split('\n');
    const township = lines.findIndex((line) => line.includes('township: dingchang'));
    lines[township] = '    township: dingchan';
    const period = lines.findIndex((line, i) => i > township + 4 && line.includes('PT1H'));
    lines[period] = lines[period]!.replace('PT1H', 'hourly');
    writeFileSync(file, lines.join('\n'));
    const config = join(counties, 'lantian.yaml');
    writeFileSync(config, `catalog: ${counties}\nmqtt:\n  url: nowhere\n  prot: 1883\n`);
    const { code, stdout, stderr } = await lantian(['check', '--config', config]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const found = linesOf(stderr);
    expect(found).toHaveLength(5);
    expect(found[0]).toMatch(/lantian\.yaml:3:8 mqtt\.url: not an MQTT address/);
    expect(found[1]).toMatch(/lantian\.yaml:4:3 mqtt\.prot: .*port/);
    expect(found[2]).toContain(`${file}:${township + 1}:15 stations[0].township: unknown township dingchan`);
    expect(found[3]).toMatch(
      new RegExp(`^${file}:${period + 1}:\\d+ stations\\[1\\]\\.feeds\\.air\\.period: not an ISO 8601 duration`),
    );
    expect(found[4]).toMatch(/4 处错误 \/ 4 mistakes/);
  });
});

test('simulate --dry-run prints messages as JSON lines and needs no broker', async () => {
  const span = ['--from', '2026-07-20T08:00:00+08:00', '--until', '2026-07-20T10:00:00+08:00'];
  const { code, stdout, stderr } = await lantian(['simulate', '--dry-run', ...span], {
    LANTIAN_MQTT_URL: 'mqtt://127.0.0.1:1',
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const messages = linesOf(stdout).map((line) => JSON.parse(line) as { topic: string; payload: string });
  // Each of the twelve gauges reports every five minutes.
  const gauges = messages.filter(({ topic }) => topic.startsWith('lantian/v1/140430/weather/'));
  expect(gauges).toHaveLength(12 * 24);
  expect(JSON.parse(gauges[0]!.payload).values).toHaveProperty('rain');
});

describe('replay', () => {
  const folder = tempFolder('replay');
  const gauge = (rows: readonly string[]): string => {
    const file = join(folder, `gauge-${rows.length}.csv`);
    writeFileSync(file, ['time,gauge,rain', ...rows, ''].join('\n'));
    return file;
  };
  const HOURS = [1, 2, 3].map((hour) => `2026-07-01T0${hour}:00:00+08:00,G01,${hour}.5`);
  const mapping = ['--mapping', 'tests/data/made-gauges.yaml'];

  test('a small file becomes figures and an empty list of signals', async () => {
    const out = join(folder, 'good');
    const { code } = await lantian(['replay', gauge(HOURS), ...mapping, '--out', out]);
    expect(code).toBe(0);
    const figures = linesOf(readFileSync(join(out, 'figures.csv'), 'utf8'));
    expect(figures[0]).toBe('measurement,time,station,field,value,valid');
    // 1.5 + 2.5 + 3.5 mm up to 03:00, the series' only whole window of 3 h.
    const rolling = figures.filter((line) => line.startsWith('rain_rolling,') && line.includes(',h3,'));
    expect(rolling.map((line) => line.split(',').slice(1, 5))).toEqual([
      ['2026-06-30T19:00:00Z', 'dingchang-weather', 'h3', '7.5'],
    ]);
    expect(existsSync(join(out, 'signals.jsonl'))).toBe(true);
  });

  test('a row that is wrong is named with its line; the rest is done, and exit is 1', async () => {
    const out = join(folder, 'bad');
    const file = gauge([HOURS[0]!, '2026-07-01T02:00:00+08:00,G01,wet', HOURS[2]!, HOURS[2]!.replace('03:', '04:')]);
    const { code, stderr } = await lantian(['replay', file, ...mapping, '--out', out]);
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`${file}:3\\b.*wet`));
    expect(readFileSync(join(out, 'figures.csv'), 'utf8')).toContain('dingchang-weather');
  });
});

describe('quarantine', () => {
  /** The end of an hour that is long over, so that its figures are written at once. */
  const end = Math.floor(Date.now() / HOUR) * HOUR - 2 * HOUR;

  /** A station's hour of twelve readings, and one more that closes it; 1 mm each. */
  const hourOf = (station: string) =>
    Array.from({ length: 13 }, (_, i) => ({
      topic: `lantian/v1/140430/weather/${station}`,
      payload: JSON.stringify({ time: isoBeijing(end - HOUR + (i + 1) * 5 * MINUTE), values: { rain: 1 } }),
    }));

  const addStation = (counties: string, id: string): void =>
    appendFileSync(
      join(counties, '140430', 'weather.yaml'),
      `  - { id: ${id}, name: { zh: 新站, en: New station }, township: zone, feeds: { weather: { period: PT5M } } }\n`,
    );

  const until = async (holds: () => Promise<boolean>, what: string): Promise<void> => {
    for (const deadline = Date.now() + 20_000; !(await holds()); await sleep(50))
      if (Date.now() > deadline) throw new Error(`in 20 s there was not: ${what}`);
  };

  const publish = async (child: Child, messages: readonly { topic: string; payload: string }[]): Promise<void> => {
    const client = await connectAsync(`mqtt://127.0.0.1:${child.mqttPort}`);
    for (const { topic, payload } of messages) await client.publishAsync(topic, payload, { qos: 1 });
    await client.endAsync();
  };

  const rainOf = async (child: Child, station: string): Promise<number | undefined> => {
    const span = `from=${end - HOUR}&to=${end}`;
    const answer = await fetch(`${child.http}/api/v1/series/weather_hour?station=${station}&${span}`);
    const { rows } = (await answer.json()) as { rows?: { fields: { rain?: number } }[] };
    return rows?.[0]?.fields.rain;
  };

  const setUp = async (): Promise<{ child: Child; counties: string; ask: (...args: string[]) => Promise<Said> }> => {
    const counties = catalogCopy();
    const child = await lantianChild({ catalog: counties as never });
    await child.start();
    return { child, counties, ask: (...args) => lantian(['quarantine', ...args, '--config', child.config]) };
  };

  describe('while the pipeline runs', () => {
    let child: Child;
    let counties: string;
    let ask: (...args: string[]) => Promise<Said>;
    beforeAll(async () => {
      ({ child, counties, ask } = await setUp());
      const broken = { topic: 'lantian/v1/140430/air/dingchang-air', payload: '{"time": 12, broken' };
      await publish(child, [broken, ...hourOf('late-gauge')]);
    });

    test('list tells reason and topic of each, and of those that were asked for', async () => {
      const all = await ask('list');
      expect(all.code).toBe(0);
      const rows = linesOf(all.stdout).map((line) => line.split('\t'));
      expect(rows[0]).toEqual(['id', 'received', 'reason', 'state', 'topic', 'detail']);
      expect(rows.slice(1).map((row) => row[2])).toEqual(['bad-json', ...Array(13).fill('unknown-station')]);
      expect(linesOf((await ask('list', '--station', 'late-gauge', '--limit', '5')).stdout)).toHaveLength(6);
      expect(linesOf((await ask('list', '--reason', 'bad-json')).stdout)).toHaveLength(2);
    });

    test('show gives the payload as it came', async () => {
      const { code, stdout } = await ask('show', '1');
      expect(code).toBe(0);
      expect(linesOf(stdout).at(-1)).toBe('{"time": 12, broken');
      expect(stdout).toContain('"reason": "bad-json"');
      const missing = await ask('show', '999');
      expect(missing.code).toBe(2);
      expect(linesOf(missing.stderr)).toEqual(['lantian: usage: 隔离区没有 no message 999 in the quarantine']);
      expect(await ask('retry', '999')).toMatchObject({ code: 2, stdout: '', stderr: missing.stderr });
    });

    test('retried without a change, a message is quarantined again, and exit is 1', async () => {
      const { code, stdout } = await ask('retry', '1');
      expect(code).toBe(1);
      expect(stdout).toMatch(/retried 1, .*quarantined again 1/);
    });

    test('the station is added to the catalog: retried, its figures are there', async () => {
      addStation(counties, 'late-gauge');
      const known = async () => (await fetch(`${child.http}/api/v1/stations/late-gauge`)).ok;
      await until(known, 'the station in the running pipeline');
      const { code, stdout } = await ask('retry', '--station', 'late-gauge');
      expect(code).toBe(0);
      expect(stdout).toMatch(/retried 13, .*quarantined again 0/);
      await until(async () => (await rainOf(child, 'late-gauge')) === 12, 'the hour of 12 mm');
      expect((await ask('retry', '--station', 'late-gauge')).stdout).toMatch(/retried 0/);
    });
  });

  test('while others come in, those that came back are counted exactly', async () => {
    const { child, ask } = await setUp();
    const broken = { topic: 'lantian/v1/140430/air/dingchang-air', payload: '{' };
    await publish(child, [broken, broken, ...hourOf('late-gauge')]);
    await until(async () => child.rows('lantian.db', 'SELECT 1 FROM quarantine').length === 15, 'all of them');
    let flooding = true;
    const flood = (async () => {
      while (flooding) await publish(child, Array(50).fill(broken));
    })();
    const { code, stdout } = await ask('retry', '--station', 'late-gauge');
    flooding = false;
    await flood;
    expect(code).toBe(1);
    expect(stdout).toMatch(/retried 13, .*quarantined again 13$/m);
  });

  test('where nothing can be committed the retry ends, says so, and leaves them asked for', async () => {
    const { child, ask } = await setUp();
    await publish(child, hourOf('late-gauge'));
    expect(await child.end('SIGTERM')).toEqual({ code: 0, signal: null });
    const database = new DatabaseSync(join(child.folder, 'data', 'lantian.db'));
    database.exec("CREATE TRIGGER no_room BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'no room'); END");
    const { code, stdout, stderr } = await ask('retry', '--all');
    expect(code).toBe(1);
    expect(stdout).toMatch(/retried 0, .*quarantined again 0/);
    expect(stderr).toContain('no room');
    expect(linesOf(stderr).at(-1)).toMatch(/^lantian: 13 .*not tried: nothing could be committed/);
    database.exec('DROP TRIGGER no_room');
    database.close();
    await child.start();
    await until(
      async () => child.rows('lantian.db', "SELECT 1 FROM quarantine WHERE state = 'retried'").length === 13,
      'what was asked for, done by the next run',
    );
  });

  test.each([['list'], ['show', '1'], ['retry', '--all']])(
    'a damaged file is told by %s and left alone',
    async (...args) => {
      const folder = tempFolder('damaged');
      const data = join(folder, 'data');
      mkdirSync(data);
      for (const name of ['lantian.db', 'series.db'])
        writeFileSync(join(data, name), 'no database, but long '.repeat(999));
      const before = readFileSync(join(data, 'lantian.db'));
      const { code, stdout, stderr } = await lantian(['quarantine', ...args], { LANTIAN_DATA_FOLDER: data });
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(linesOf(stderr)).toEqual([
        expect.stringMatching(/^lantian: data-damaged: .*lantian\.db: .*left as it is/),
      ]);
      expect(readFileSync(join(data, 'lantian.db'))).toEqual(before);
      expect(readdirSync(data).filter((name) => name.includes('.damaged'))).toEqual([]);
    },
  );

  test('a retry leaves a damaged store alone', async () => {
    const { child, ask } = await setUp();
    await publish(child, hourOf('late-gauge'));
    expect(await child.end('SIGTERM')).toEqual({ code: 0, signal: null });
    const data = join(child.folder, 'data');
    writeFileSync(join(data, 'series.db'), 'no database, but long '.repeat(999));
    expect((await ask('retry', '--all')).stdout).toMatch(/retried 13, .*quarantined again 13/);
    expect(readdirSync(data).filter((name) => name.includes('.damaged'))).toEqual([]);
  });

  test('with no pipeline running the retry does the work itself; the next run hands the figures on', async () => {
    const { child, counties, ask } = await setUp();
    await publish(child, hourOf('late-gauge'));
    expect(await child.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(linesOf((await ask('list')).stdout)).toHaveLength(14);
    const again = await ask('retry', '--all');
    expect(again.code).toBe(1);
    expect(again.stdout).toMatch(/retried 13, .*quarantined again 13/);
    addStation(counties, 'late-gauge');
    const { code, stdout } = await ask('retry', '--all');
    expect(code).toBe(0);
    expect(stdout).toMatch(/retried 13, .*quarantined again 0/);
    await child.start();
    await until(async () => (await rainOf(child, 'late-gauge')) === 12, 'the hour of 12 mm');
  });
});
