// `lantian enter` and `lantian review` beside a pipeline that runs: it does what they ask for, and says what came of it.
import { beforeAll, describe, expect, it } from 'vitest';
import { invalidate } from '../src/cli/review.ts';
import { DAY, HOUR } from '../src/core/time.ts';
import { lantian, type Said, tableOf } from './support/command.ts';
import { type Child, conservation, lantianChild } from './support/lantian.ts';
import { dateOf, END, text, tools } from './support/people.ts';
import { until } from './support/until.ts';

describe('while a pipeline runs', () => {
  let child: Child;
  let use: ReturnType<typeof tools>;
  beforeAll(async () => {
    child = await lantianChild({ log: { level: 'error' } });
    use = tools(child);
    await child.start();
  });
  const campaign = async (): Promise<string | undefined> =>
    (await use.signals()).find(({ kind }) => kind === 'dustfall-rectification')?.state;
  const ask = (...args: string[]): Promise<Said> => lantian('review', ...args, '--config', child.config);
  const about = (action: string, ...more: string[]): Promise<Said> =>
    ask(
      action,
      'dustfall',
      ...(more.includes('--from') ? [] : ['--time', dateOf(END)]),
      '--by',
      '李强',
      '--reason',
      '鸟粪 droppings',
      ...more,
    );

  it('it takes what is entered, and a review lifts the campaign that the value had raised', async () => {
    for (const [point, value] of [
      ['dustfall-1', '9.6'],
      ['dustfall-2', '4.1'],
    ] as const) {
      const entered = await use.enter(
        'dustfall',
        '--station',
        point,
        '--time',
        dateOf(END),
        '--period',
        'P1M',
        '--value',
        `dustfall=${value}`,
      );
      expect([entered.code, tableOf(entered.stdout)[0]!['outcome']]).toEqual([0, 'stored']);
    }
    const bad = await use.enter(
      'dustfall',
      '--station',
      'dustfall-1',
      '--time',
      dateOf(END),
      '--value',
      'dustfall=9999',
    );
    expect([bad.code, bad.stderr]).toEqual([1, expect.stringMatching(/out-of-range: values\.dustfall: 9999/)]);
    expect(await campaign()).toBe('active');
    const one = ['--station', 'dustfall-1', '--quantities', 'dustfall'];
    const done = await about('invalidate', ...one);
    expect([done.code, done.stderr, tableOf(done.stdout)[0]!['outcome']]).toEqual([0, '', 'invalidated']);
    expect(await campaign()).toBe('lifted');
    await until(
      'the mark in the store',
      async () => (await use.series('dustfall', 'dustfall-1', END - DAY, END))[0]?.['flag'] === 'dustfall=RM',
    );
    expect((await use.series('dustfall', 'dustfall-1', END - DAY, END))[0]).toMatchObject({ dustfall: 9.6 });
    const twice = await about('invalidate', ...one);
    expect([twice.code, twice.stderr]).toEqual([
      1,
      expect.stringMatching(/^lantian: review-refused: .*it is invalid already/),
    ]);
    const back = await about('restore', ...one);
    expect([back.code, await campaign()]).toEqual([0, 'active']);
    const { received, ended: ends, inFlight } = conservation(await child.metrics());
    expect([received, ends, inFlight]).toEqual([2, 2, 0]);
    expect((await child.metrics()).get('lantian_reviews_total{outcome="refused"}')).toBe(1);
  });

  it('list tells who, when, what, why and what came of it, newest first; show has the value as it came', async () => {
    const { code, stdout, stderr } = await ask('list');
    expect([code, stderr]).toEqual([0, '5 / 5\n']);
    const rows = tableOf(stdout);
    expect(rows.map(({ id, what, outcome }) => [id, what, outcome])).toEqual([
      ['5', 'restore', 'restored'],
      ['4', 'invalidate', 'refused'],
      ['3', 'invalidate', 'invalidated'],
      ['2', 'entry', 'stored'],
      ['1', 'entry', 'stored'],
    ]);
    expect(rows[1]).toMatchObject({
      person: '李强',
      feed: 'dustfall',
      station: 'dustfall-1',
      quantities: 'dustfall',
      reason: '鸟粪 droppings',
      detail: expect.stringMatching(/already/),
    });
    expect(Math.abs(Date.parse(rows[0]!['asked']!) - Date.now())).toBeLessThan(60_000);
    expect(
      tableOf((await ask('list', '--kind', 'entry', '--station', 'dustfall-2')).stdout).map(({ id }) => id),
    ).toEqual(['2']);
    expect((await ask('list', '--limit', '1')).stderr).toBe('1 / 5\n');
    await about('invalidate', '--station', 'dustfall-1', '--quantities', 'all');
    const shown = JSON.parse((await ask('show', '6')).stdout);
    expect(shown).toMatchObject({
      id: 6,
      person: '李强',
      state: 'invalidated',
      payload: { action: 'invalidate', quantities: 'all' },
    });
    expect(shown.readings).toEqual([
      expect.objectContaining({ values: { dustfall: 9.6 }, invalidatedBy: expect.objectContaining({ dustfall: 6 }) }),
    ]);
    expect((await ask('show', '99')).code).toBe(2);
  });

  it('a range takes each reading in it, both ends included', async () => {
    const hours = [1, 2, 3, 4].map((n) => text(END + n * HOUR));
    const file = use.file('air.csv', [
      'station,time,pm25,pm10',
      ...hours.map((time) => `dingchang-air,${time},30,`),
      `dingchang-air,${text(END + 5 * HOUR)},,60`,
    ]);
    expect((await use.enter('air', file)).code).toBe(0);
    const range = ['air', '--station', 'dingchang-air', '--by', '李强', '--reason', 'x', '--quantities', 'pm25'];
    const first = await ask('invalidate', ...range, '--from', hours[1]!, '--to', hours[2]!);
    expect([first.code, tableOf(first.stdout).length]).toEqual([0, 2]);
    // Of those some are invalid already: the others follow, and the command says so.
    const whole = await ask('invalidate', ...range, '--from', hours[0]!, '--to', text(END + DAY));
    expect(tableOf(whole.stdout).map(({ outcome }) => outcome)).toEqual([
      'invalidated',
      'refused',
      'refused',
      'invalidated',
    ]);
    expect([whole.code, whole.stderr]).toEqual([1, expect.stringMatching(/review-refused: 2 \/ 4/)]);
  });

  it.each<[string, object, number, RegExp]>([
    ['an unknown station', { station: 'dustfall-9' }, 1, /dustfall-9 is not in the catalog/],
    ['a station of another feed', { station: 'duanliu' }, 1, /reports water, not dustfall/],
    ['a quantity that the reading has not', { quantities: 'gross' }, 1, /have none of these/],
    ['a quantity that the feed has not', { quantities: 'dustfal' }, 2, /did you mean "dustfall"/],
    ['no quantity', { quantities: ' ' }, 2, /is not all, or quantities of dustfall/],
    ['a reason of nothing', { reason: ' ' }, 2, /--reason needs one line/],
    ['nobody', { by: '' }, 2, /--by needs one line/],
    ['no time', { time: undefined }, 2, /give --time, or/],
    ['a time and a range', { to: '2026-01-01' }, 2, /give --time, or/],
    ['half a range', { time: undefined, to: '2026-01-01' }, 2, /give --time, or/],
    ['a range the wrong way', { time: undefined, from: '2026-01-02', to: '2026-01-01' }, 2, /is before --from/],
    ['a time without reading', { time: '2026-01-02' }, 1, /there is no reading/],
    ['a time that is none', { time: '2026-02-30' }, 2, /is not a time/],
  ])('%s is refused and nothing is handed in', async (_, more, exit, words) => {
    const count = () => child.rows('lantian.db', 'SELECT id FROM desk').length;
    const before = count();
    const whole = { station: 'dustfall-1', time: dateOf(END), quantities: 'all', by: '李强', reason: 'x', ...more };
    const given = invalidate('dustfall', { config: child.config, ...whole });
    await expect(given).rejects.toMatchObject({ exit, message: expect.stringMatching(words) });
    expect(count()).toBe(before);
  });
});
