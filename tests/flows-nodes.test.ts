// Nodes of the calculators in Node-RED's runtime: they say what the command line says, and what was published.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterEach, describe, expect, test } from 'vitest';
import aqi from '../flows/nodes/aqi.ts';
import county from '../flows/nodes/county.ts';
import dustfall from '../flows/nodes/dustfall.ts';
import type { AqiWords } from '../flows/nodes/lib/aqi.ts';
import type { DustfallWords } from '../flows/nodes/lib/dustfall.ts';
import type { WaterWords } from '../flows/nodes/lib/water.ts';
import water from '../flows/nodes/water.ts';
import { RECTIFICATION_ABOVE } from '../src/standards/air-action-plan-2021.ts';
import { ITEMS } from '../src/standards/water-evaluation-2011.ts';
import { begin, linesOf } from './support/command.ts';
import { type Heard, loadNode, unloadNode } from './support/node-helper.ts';

afterEach(unloadNode);

const last = <T>({ out }: Heard): T => out[0]!.at(-1)!['payload'] as T;
const fed = async (text: string, ...args: string[]): Promise<string[]> => {
  const { process: child, said } = begin(...args);
  child.stdin!.end(text);
  return linesOf((await said).stdout).slice(1);
};

describe('lantian-aqi', () => {
  const load = (period: 'hour' | 'day') => loadNode([county, aqi], 'lantian-aqi', { period });

  test('what was published comes out as published, both editions: every fourth row', async () => {
    const rows = parse(readFileSync(join(import.meta.dirname, 'data/published-aqi.csv'), 'utf8'), {
      columns: true,
    }) as Record<string, string>[];
    const some = rows.filter((_, i) => i % 4 === 0);
    const node = await load('hour');
    let compared = 0;
    for (const { timepoint, aqi: published, primary, standard, stationcode: _, ...items } of some) {
      await node.send({ payload: { time: timepoint, ...items } });
      const words = last<AqiWords>(node);
      expect(words.standard).toBe(standard);
      if (published === '') continue;
      compared++;
      expect(String(words.aqi)).toBe(published);
      // Where two tie, only one is published.
      if (primary !== '') expect(words.primary_text.split(';')).toContain(primary!.split(';')[0]);
    }
    expect(compared).toBeGreaterThan(200);
    expect(new Set(some.map(({ standard }) => standard)).size).toBe(2);
    expect(node.errors).toEqual([]);
  });

  test('numbers, a date, values inside: level with its official name and colour', async () => {
    const node = await load('day');
    const values = { pm25: 60, pm10: 60, so2: 10, no2: 20, co: 0.5, o3: 80 };
    await node.send({ payload: { time: '2026-03-01', values }, station: 'dingchang-air' });
    expect(last(node)).toMatchObject({
      aqi: 100,
      level: 2,
      name: { zh: '良', en: 'good' },
      colour: { zh: '黄色', hex: '#FFFF00' },
      primary: ['pm25'],
      standard: 'HJ 633-2026',
    });
    expect(node.out[0]![0]!['station']).toBe('dingchang-air');
    // The day before has the older table: 50 + (60 − 35) / (75 − 35) · 50 = 81.25, rounded up.
    await node.send({ payload: { time: '2026-02-28', values } });
    expect(last<AqiWords>(node)).toMatchObject({ standard: 'HJ 633-2012', aqi: 82 });
    expect(node.statuses.at(-1)).toMatchObject({ fill: 'green', text: 'AQI 82 良 good PM2.5' });
  });

  test('missing is no error: NA where the standard has none, "/" is not missing', async () => {
    const node = await load('hour');
    const time = '2026-07-20T08:00';
    await node.send({ payload: { time, pm25: 30, pm10: 40, so2: null, no2: 20, co: 0.5, o3: 80 } });
    expect(last(node)).toMatchObject({ aqi: null, level: null, name: null, missing: ['so2'] });
    expect(node.statuses.at(-1)).toMatchObject({ fill: 'yellow', text: 'AQI NA 缺 missing SO2' });
    await node.send({ payload: { time, pm25: 30, pm10: 40, so2: '/', no2: 20, co: 0.5, o3: 80 } });
    expect(last<AqiWords>(node)).toMatchObject({ aqi: 43, missing: [] });
    expect(node.errors).toEqual([]);
  });

  test('bad input is told with its place, and the next message is taken', async () => {
    const node = await load('hour');
    const good = { time: '2026-07-20T08:00', pm25: 35, pm10: 60, so2: 10, no2: 20, co: 0.5, o3: 80 };
    const bad: [unknown, RegExp][] = [
      [{ ...good, pm25: -3 }, /^pm25: 小于零 below zero/],
      [{ ...good, pm25: 'x' }, /^pm25: /],
      [{ ...good, pm25: { value: 3 } }, /^pm25: 不是数/],
      [{ ...good, time: 'today' }, /^time: 不是时间 not a time/],
      [{ ...good, pm25: undefined, pm2_5: 35 }, /^pm2_5: 不是项目 is no item/],
      ['35', /^payload: 不是对象/],
      [{ temperature: 3 }, /^payload: 没有任何项目/],
      [{ values: 3 }, /^values: /],
    ];
    for (const [payload, words] of bad) {
      await node.send({ payload: JSON.parse(JSON.stringify(payload)) });
      expect(node.errors.at(-1)).toMatch(words);
      expect(node.statuses.at(-1)?.fill).toBe('red');
    }
    expect(node.errors).toHaveLength(bad.length);
    expect(node.out[0]).toEqual([]);
    await node.send({ payload: { ...good, nox: 30, tsp: 90 } });
    // PM10: 50 + (60 − 50) / (120 − 50) · 50 = 57.1, rounded up. What else an air station sends is no slip of the hand.
    expect(last<AqiWords>(node).aqi).toBe(58);
  });
});

describe('lantian-water', () => {
  test('the same as the command line, item by item and by mixed samples', async () => {
    const samples = [
      { ph: 7.8, dissolved_oxygen: 9, permanganate_index: 1.5, ammonia_nitrogen: 0.1, total_phosphorus: 0.02 },
      { ph: 9.4, dissolved_oxygen: 9, permanganate_index: 6.6, total_phosphorus: 0.3, cod: 30, cyanide: 0.3 },
      { cod: 40.4, ammonia_nitrogen: 2.5, body: 'lake' },
      { total_phosphorus: 0.05, body: 'lake' },
      { cyanide: '0.004L', dissolved_oxygen: 2.9 },
      ...ITEMS.map((item) => ({ [item]: 6.5 })),
    ] as Record<string, number | string>[];
    const names = [...ITEMS, 'body'];
    const table = [names, ...samples.map((one) => names.map((name) => one[name] ?? ''))].map((row) => row.join());
    const printed = await fed(`${table.join('\n')}\n`, 'water', '-');
    expect(printed).toHaveLength(samples.length);
    const node = await loadNode([county, water], 'lantian-water', { body: '' });
    for (const [i, sample] of samples.entries()) {
      await node.send({ payload: sample });
      const found = last<WaterWords>(node);
      const [name, grade, defining] = (parse(printed[i]!) as string[][])[0]!.slice(-7);
      expect([found.class, `${found.grade?.zh} ${found.grade?.en}`, found.defining.join(';')], printed[i]).toEqual([
        name,
        grade,
        defining,
      ]);
    }
    expect(node.errors).toEqual([]);
  });

  test('multiples over class III; a section’s body is the catalog’s; nothing measured has no class', async () => {
    const node = await loadNode([county, water], 'lantian-water', { body: '' });
    await node.send({ payload: { values: { cod: 30, total_phosphorus: 0.3 } } });
    expect(last(node)).toMatchObject({ class: 'IV', multiples: { cod: 0.5, total_phosphorus: 0.5 }, body: 'river' });
    await node.send({ payload: { ph: null, cod: '' } });
    expect(last(node)).toMatchObject({ class: null, rank: null, defining: [] });
    expect(node.statuses.at(-1)).toMatchObject({ fill: 'yellow', text: '无评价项目 nothing was measured' });
  });

  test('bad input is told with its place', async () => {
    const node = await loadNode([county, water], 'lantian-water', { body: 'river' });
    for (const [payload, words] of [
      [{ cod: 'much' }, /^cod: 不是数/],
      [{ ph: 15 }, /^ph: 15 超出/],
      [{ codd: 20, ph: 7 }, /^codd: 不是项目/],
      [{ cod: 20, body: 'sea' }, /^body: sea 不是/],
    ] as const) {
      await node.send({ payload });
      expect(node.errors.at(-1)).toMatch(words);
    }
    expect(node.out[0]).toEqual([]);
  });
});

describe('lantian-dustfall', () => {
  const start = '2026-06-01';
  const jar = { start, end: '2026-07-01', tare: 40, blank: 0, area: 100 };

  test('the same as the command line; the line is crossed above it, not at it', async () => {
    const node = await loadNode([county, dustfall], 'lantian-dustfall');
    const weighings = [
      { start, end: '2026-07-01', gross: 45.6789, tare: 45.1234, blank: 0.0012, area: 176.7 },
      { ...jar, gross: 40.09 },
      { ...jar, gross: 40.0905 },
      { ...jar, gross: 40.091 },
      { ...jar, gross: 40.09, end: '2026-06-20' },
      { ...jar, gross: 40.001 },
    ];
    const names = ['start', 'end', 'gross', 'tare', 'blank', 'area'] as const;
    const rows = weighings.map((one) => names.map((name) => one[name]).join());
    const printed = await fed(`${[names.join(), ...rows].join('\n')}\n`, 'dustfall', '-');
    for (const [i, payload] of weighings.entries()) {
      await node.send({ payload });
      const { dustfall: value, days, remark } = last<DustfallWords>(node);
      expect(`${rows[i]},${value.toFixed(1)},${days.toFixed(1)},${remark}`).toBe(printed[i]);
    }
    const found = node.out[0]!.map(({ payload }) => payload as DustfallWords);
    expect(found.map(({ dustfall: value, above }) => [value, above])).toEqual([
      [31.4, true],
      [9, false],
      [9, false],
      [9.1, true],
      [14.2, true],
      [0.1, false],
    ]);
    expect(found.map(({ marks }) => marks)).toEqual([[], [], [], [], ['exposure'], ['below-detection']]);
    expect(found[0]).toMatchObject({ line: RECTIFICATION_ABOVE, month: '2026-06' });
    expect(found[0]!.basis.document).toBe('沁政办发〔2021〕16号');
  });

  test('times in milliseconds are the same instants; a weight that is missing is told', async () => {
    const node = await loadNode([county, dustfall], 'lantian-dustfall');
    const times = { start: Date.parse('2026-06-01T00:00+08:00'), end: Date.parse('2026-07-01T00:00+08:00') };
    await node.send({ payload: { ...jar, ...times, gross: 40.09 } });
    expect(last(node)).toMatchObject({ dustfall: 9, days: 30 });
    for (const [payload, words] of [
      [{ ...jar }, /^gross: 缺 missing/],
      [{ ...jar, gross: 40.1, area: 0 }, /^area: 0 超出/],
      [{ ...jar, gross: 40.1, end: start }, /^end: 采样不足/],
    ] as const) {
      await node.send({ payload });
      expect(node.errors.at(-1)).toMatch(words);
    }
    expect(node.out[0]).toHaveLength(1);
  });
});
