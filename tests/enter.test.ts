// `lantian enter` as a person runs it: what is good is entered, what is not is named.
import { beforeAll, describe, expect, it } from 'vitest';
import { enter } from '../src/cli/enter.ts';
import { DAY } from '../src/core/time.ts';
import { lantian, linesOf, tableOf } from './support/command.ts';
import type { Child } from './support/lantian.ts';
import { dateOf, END, ended, MONTH, text, tools } from './support/people.ts';
import { until } from './support/until.ts';

describe('help', () => {
  it.each([
    [['enter'], /station,start,end,gross,tare,blank,area\n/],
    [['review', 'invalidate'], /--quantities dustfall/],
    [['review', 'restore'], /--from/],
    [['review', 'list'], /--limit/],
    [['review', 'show'], /<id>/],
  ])('lantian %j --help is in both languages, with columns, an example and exit codes', async (path, words) => {
    const { code, stdout, stderr } = await lantian(...path, '--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(words);
    expect(stdout).toMatch(/\p{Script=Han}/u);
    if (!['list', 'show'].includes(path.at(-1)!)) {
      expect(stdout).toMatch(/Exit codes: 0 .*; 1 .*; 2 /);
      expect(stdout).toMatch(/Examples?:\n {2}npx lantian/);
    }
  });
});

describe('wrong usage is exit 2, and nothing is handed in', () => {
  let child: Child;
  beforeAll(async () => {
    child = await ended();
  });
  const bad = (header: string): string => tools(child).file(`${header.length}.csv`, header === '' ? [] : [header, '']);

  it('without a name', async () => {
    const { code, stderr } = await lantian('enter', 'water', 'x.csv', '--config', child.config);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/required option '--by <name>'/)]);
  });

  it.each<[string, string, () => string | undefined, object, RegExp]>([
    ['a feed that is none', 'dustfal', () => 'x.csv', {}, /did you mean "dustfall"/],
    ['a file and options', 'water', () => 'x.csv', { station: 'duanliu' }, /not both/],
    ['neither', 'water', () => undefined, {}, /give a file, or --station/],
    ['a quantity that is none', 'water', () => undefined, { value: ['amonia_nitrogen=1'] }, /"ammonia_nitrogen"/],
    ['a value without a number', 'water', () => undefined, { value: ['ph='] }, /--value ph= is not QUANTITY=NUMBER/],
    ['the name of a property', 'water', () => undefined, { value: ['constructor=1'] }, /is not QUANTITY=NUMBER/],
    ['a value twice', 'water', () => undefined, { value: ['ph=7', 'ph=8'] }, /ph is given twice/],
    ['a name of two lines', 'water', () => undefined, { value: ['ph=7'], by: 'W\nX' }, /--by needs one line/],
    ['no such file', 'water', () => 'nowhere.csv', {}, /cannot read nowhere\.csv/],
    ['an empty file', 'water', () => bad(''), {}, /no rows below its header/],
    ['a file of no rows', 'water', () => bad('station,time,ph'), {}, /no rows below its header/],
    ['no station', 'water', () => bad('time,ph'), {}, /no column station/],
    ['no time', 'dustfall', () => bad('station,dustfall'), {}, /no column time/],
    ['a column of another feed', 'water', () => bad('station,end,ph'), {}, /column "end" that water/],
    ['an unknown column', 'water', () => bad('station,time,codd'), {}, /"codd".*"cod"/],
  ])('%s', async (_, feed, file, options, words) => {
    const given = enter(feed, file(), { by: 'W', config: child.config, ...options });
    await expect(given).rejects.toMatchObject({ exit: 2, message: expect.stringMatching(words) });
    expect(child.rows('lantian.db', 'SELECT * FROM desk')).toEqual([]);
  });
});

describe('while no pipeline runs', () => {
  let child: Child;
  let use: ReturnType<typeof tools>;
  beforeAll(async () => {
    child = await ended();
    use = tools(child);
  });

  const HEADER = 'station,start,end,gross,tare,blank,area';
  const exposure = `${dateOf(MONTH)},${dateOf(MONTH + 30 * DAY)}`;
  const GOOD = `dustfall-1,${exposure},52.3314,52.0120,0.0012,176.7`;

  it('weighings of a file: bad rows are named by file and line, the others are entered, with who and when', async () => {
    const file = use.file('weighings.csv', [
      HEADER,
      GOOD,
      `dustfall-9,${exposure},52.3314,52.0120,0.0012,176.7`,
      `dustfall-2,${exposure.replaceAll('-', '/')} 9:00,52.1,52.0120,,176.7`,
      `dustfall-2,${exposure.replaceAll('-', '/')} 9:00,52.10,52.0120,0.0012,176.7`,
      `dustfall-3,${dateOf(END)},${dateOf(MONTH)},52.3,52.0,0.0012,176.7`,
      `dustfall-3,${exposure},52.3,0.004L,0.0012,176.7`,
      `dustfall-3,${exposure},52.3`,
      `air-1,${exposure},52.3,52.0,0.0012,176.7`,
      `dustfall-3,${dateOf(Date.now())},${dateOf(Date.now() + 30 * DAY)},52.3,52.0,0.0012,176.7`,
      '',
    ]);
    const before = Date.now();
    const { code, stdout, stderr } = await use.enter('dustfall', file);
    expect(code).toBe(1);
    const rows = tableOf(stdout);
    expect(rows.map(({ row, station, outcome }) => [row, station, outcome])).toEqual([
      [`${file}:2`, 'dustfall-1', 'stored'],
      [`${file}:5`, 'dustfall-2', 'stored'],
    ]);
    // (52.3314 - 52.0120 - 0.0012) g / (176.7 cm² · 30 d) · 30 · 10^4
    expect(rows[0]!['values']).toMatch(/gross=52.3314 tare=52.012 blank=0.0012 area=176.7 dustfall=18.007923/);
    expect(linesOf(stderr)).toEqual([
      expect.stringMatching(/:3: unknown-station: dustfall-9/),
      expect.stringMatching(/:4: bad-payload: values: a weighing needs/),
      expect.stringMatching(/:6: bad-time: start: is after/),
      expect.stringMatching(/:7: tare: .*not a number "0\.004L"/),
      expect.stringMatching(/:8: .*4 cells, the header has 7/),
      expect.stringMatching(/:9: (wrong-feed|unknown-station): air-1/),
      expect.stringMatching(/:10: future: /),
      expect.stringMatching(/stored 2, .*mistakes 7$/),
    ]);
    const [row] = child.rows<{ person: string; asked: number; state: string }>('lantian.db', 'SELECT * FROM desk');
    expect(row).toMatchObject({ person: '王芳', state: 'stored' });
    expect(row!.asked).toBeGreaterThanOrEqual(before);
    const again = await use.enter(
      'dustfall',
      use.file('again.csv', [HEADER, GOOD, GOOD.replace('52.3314', '52.3315')]),
    );
    expect(again.code).toBe(0);
    expect(tableOf(again.stdout).map(({ outcome }) => outcome)).toEqual(['duplicate', 'revised']);
  });

  it('a sample of the laboratory: what is below its detection limit counts as half of it, and is shown as it was written', async () => {
    const time = text(END + DAY + 36_000_000);
    const values = ['ammonia_nitrogen=0.31', 'cyanide=0.0040L', 'mercury=0.00004L'].flatMap((one) => ['--value', one]);
    const { code, stdout } = await use.enter('water', '--station', 'duanliu', '--time', time, ...values);
    expect(code).toBe(0);
    expect(tableOf(stdout)[0]).toMatchObject({
      outcome: 'stored',
      values: 'ammonia_nitrogen=0.31 mercury=0.00004L cyanide=0.0040L',
    });
    const ph = await use.enter('water', '--station', 'duanliu', '--time', time, '--value', 'ph=7L');
    expect([ph.code, ph.stderr]).toEqual([1, expect.stringMatching(/ph: .*not a number "7L"/)]);
    await child.start();
    const day = () => use.series('water_day', 'duanliu', END + DAY, END + 2 * DAY);
    await until('the day of the sample', async () => (await day()).length > 0);
    expect(await day()).toEqual([
      expect.objectContaining({ ammonia_nitrogen: 0.31, cyanide: 0.002, mercury: 0.00002 }),
    ]);
    const sample = { cyanide: 0.004, mercury: 0.00004, flag: 'mercury=0.00004L,cyanide=0.0040L' };
    expect(await use.series('water', 'duanliu', END + DAY, END + 2 * DAY)).toEqual([expect.objectContaining(sample)]);
    expect(await child.end('SIGTERM')).toMatchObject({ code: 0 });
  });

  it('--dry-run checks and enters nothing', async () => {
    const count = () => child.rows('lantian.db', 'SELECT id FROM desk').length;
    const before = count();
    const { code, stdout } = await use.enter('dustfall', use.file('dry.csv', [HEADER, GOOD]), '--dry-run');
    expect([code, tableOf(stdout).map(({ outcome }) => outcome), count()]).toEqual([0, ['dry-run'], before]);
  });
});
