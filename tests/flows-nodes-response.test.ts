// lantian-response in Node-RED's runtime, beside the pipeline's own rules on the same observations and forecasts.
import { afterEach, describe, expect, test } from 'vitest';
import county from '../flows/nodes/county.ts';
import { HAZARD_NAMES, type ResponseWords } from '../flows/nodes/lib/response.ts';
import response from '../flows/nodes/response.ts';
import { loadCatalog } from '../src/config/catalog.ts';
import { HOUR, isoUtc } from '../src/core/time.ts';
import { STRONG_RAIN } from '../src/standards/weather-plan-2021.ts';
import { at, catalogOf, createShell, PT1H, reading, station } from './support/middle.ts';
import { type Heard, loadNode, unloadNode } from './support/node-helper.ts';

afterEach(unloadNode);

const NOW = at('2026-07-20 08:00');
const time = isoUtc(NOW);
const places = loadCatalog('sensors/counties', '140430').townships.map(({ id }) => id);
const load = (hazard = 'rainstorm') => loadNode([county, response], 'lantian-response', { hazard });
const last = <T = ResponseWords>({ out }: Heard): T => out[0]!.at(-1)!['payload'] as T;

/** The first townships have what is listed, the others 0. */
const each = <T>(values: readonly number[], entry: (value: number) => T): Record<string, T> =>
  Object.fromEntries(places.map((id, i) => [id, entry(values[i] ?? 0)]));
const rains = (fell: readonly number[], ahead: readonly number[]) => ({
  time,
  observed: each(fell, (rain) => ({ rain })),
  forecast: each(ahead, (rain) => ({ rain, hours: 24 })),
});

/** What the pipeline proposes where gauges and forecasts say the same. */
const proposedBy = (fell: readonly number[], ahead: readonly number[]): string | null => {
  const shell = createShell(
    catalogOf(
      places.map((id) => station(`g-${id}`, { weather: PT1H }, { township: id })),
      places,
    ),
  );
  shell.tick(NOW - HOUR);
  shell.take(
    ...places.flatMap((id, i) => [
      reading('forecast', id, NOW, 0, { rain: ahead[i] ?? 0 }, { from: NOW, to: NOW + 24 * HOUR }),
      reading('weather', `g-${id}`, NOW, 24 * HOUR, { rain: fell[i] ?? 0 }),
    ]),
  );
  shell.tick(NOW);
  return shell.signal('weather-response', 'rainstorm')?.level ?? null;
};
const times = (count: number, value: number): number[] => Array.from({ length: count }, () => value);

describe('rainstorm', () => {
  const cases: [string, number[], number[]][] = [
    ['nothing', [], []],
    ['50 expected in six', [], times(6, 50)],
    ['one just below', [], [...times(5, 50), 49.9]],
    ['50 fell and the word of the plan expected in four', times(4, 50), times(4, STRONG_RAIN)],
    ['less than that word in one', times(4, 50), [...times(3, STRONG_RAIN), STRONG_RAIN - 0.1]],
    ['100 expected in three', [], times(3, 100)],
    ['50 fell and 50 expected in six', times(6, 50), times(6, 50)],
    ['100 expected in six', [], times(6, 100)],
    ['150 fell in two', times(2, 150), []],
    ['150 fell in three and 50 expected', times(3, 150), times(3, 50)],
  ];

  test('the levels are those that the pipeline proposes', async () => {
    const node = await load();
    const found: (string | null)[] = [];
    for (const [what, fell, ahead] of cases) {
      await node.send({ payload: rains(fell, ahead) });
      const { level, possible, lacking } = last(node);
      expect([level, possible, lacking], what).toEqual([proposedBy(fell, ahead), level, []]);
      found.push(level);
    }
    expect(found).toEqual([null, 'IV', null, 'IV', null, 'III', 'III', 'II', 'II', 'I']);
    expect(node.errors).toEqual([]);
  });

  test('a level has its clause and evidence, by township', async () => {
    const node = await load();
    await node.send({ payload: rains(times(2, 150), []), note: 'kept' });
    expect(last(node)).toMatchObject({
      time,
      hazard: 'rainstorm',
      title: { zh: '暴雨应急响应' },
      basis: { document: '沁政办发〔2021〕19号', clause: '附件6 (1) 暴雨' },
    });
    const { evidence } = last(node);
    expect(evidence.map(({ station: id, quantity, value }) => [id, quantity, value])).toEqual([
      [places[0], 'rain_24h', 150],
      [places[1], 'rain_24h', 150],
    ]);
    expect(node.out[0]![0]!['note']).toBe('kept');
    expect(node.statuses.at(-1)).toMatchObject({ fill: 'green', text: 'II 暴雨应急响应 Rainstorm response' });
  });

  test('missing is not zero: what a township that is not given could decide is open, and named', async () => {
    const node = await load();
    const payload = rains([], [...times(5, 50), 0]);
    delete payload.forecast[places[5]!];
    await node.send({ payload });
    expect(last(node)).toMatchObject({ level: null, possible: 'IV' });
    expect(last(node).lacking.join()).toContain('24 h 降水量预报 (forecast rain)');
    expect(node.statuses.at(-1)).toMatchObject({ fill: 'yellow' });
    await node.send({ payload: { time } });
    expect(last(node)).toMatchObject({ level: null, possible: 'I' });
  });

  test('several readings of a township are added up; a message leaves nothing behind for the next', async () => {
    const node = await load();
    const hours = (rain: number) =>
      Array.from({ length: 24 }, (_, i) => ({ time: isoUtc(NOW - i * HOUR), period: 'PT1H', values: { rain } }));
    const payload = { ...rains([], []), observed: each(times(2, 6.25), (rain) => hours(rain)) };
    await node.send({ payload });
    expect(last(node).level).toBe('II');
    await node.send({ payload: rains([], []) });
    expect(last(node).level).toBe(null);
  });
});

test('other hazards: heat needs its 48 hours, fog its phenomenon; all are one list', async () => {
  const node = await load('');
  const payload = {
    time,
    observed: each(times(12, 38), (temperature) => [
      { temperature, period: 'PT48H' },
      { visibility: 400, period: 'PT1H', phenomena: ['fog'] },
      { rain: 0 },
    ]),
    forecast: each(times(12, 37), (temperature_max) => [
      { temperature_max, hours: 48 },
      { rain: 0, snow: 0, wind_force: 3, gust_force: 4, visibility: 20000 },
    ]),
  };
  await node.send({ payload });
  const all = last<ResponseWords[]>(node);
  expect(all.map(({ hazard }) => hazard)).toEqual(HAZARD_NAMES);
  const level = Object.fromEntries(all.map((one) => [one.hazard, one.level]));
  expect(level).toMatchObject({ 'high-temperature': 'IV', fog: 'IV', rainstorm: null, gale: null, sandstorm: null });
});

test('bad input is told with its place, and the next message is taken', async () => {
  const node = await load();
  const place = places[0]!;
  const bad: [unknown, RegExp][] = [
    [7, /^payload: 不是对象/],
    [{ time: 'soon' }, /^time: 不是时间/],
    [{ time, observed: [] }, /^observed: 不是对象/],
    [{ time, observed: { atlantis: { rain: 3 } } }, /^observed\.atlantis: unknown-station/],
    [{ time, observed: { [place]: { rain: -3 } } }, new RegExp(`^observed\\.${place}: out-of-range: values.rain`)],
    [{ time, observed: { [place]: { visibility: 300 } } }, /period: 缺 missing/],
    [{ time, forecast: { [place]: { rain: 3, hours: 0 } } }, /hours: 不是正数/],
    [{ time, forecast: { [place]: { rian: 3 } } }, /unknown-quantity/],
    [{ time, forecast: { [place]: [3] } }, /不是对象/],
  ];
  for (const [payload, words] of bad) {
    await node.send({ payload });
    expect(node.errors.at(-1)).toMatch(words);
    expect(node.statuses.at(-1)?.fill).toBe('red');
  }
  expect(node.out[0]).toEqual([]);
  await node.send({ payload: rains([], times(6, 50)) });
  expect(last(node).level).toBe('IV');
});
