// lantian-county, lantian-reading and lantian-signal in Node-RED's runtime.
import { cpSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import county from '../flows/nodes/county.ts';
import { REASON_WORDS } from '../flows/nodes/lib/reason-words.ts';
import reading from '../flows/nodes/reading.ts';
import signal from '../flows/nodes/signal.ts';
import { loadCatalog } from '../src/config/catalog.ts';
import { isoBeijing } from '../src/core/time.ts';
import type { Signal } from '../src/core/types.ts';
import { decode } from '../src/intake/decode.ts';
import { REASONS } from '../src/intake/reasons.ts';
import { settingsOf } from './support/middle.ts';
import { loadNode, unloadNode } from './support/node-helper.ts';
import { tempFolder } from './support/servers.ts';
import { until } from './support/until.ts';

afterEach(unloadNode);
const ROOT = join(import.meta.dirname, '..');

test('reasons have the words of docs/messages.md', () => {
  const docs = readFileSync(join(ROOT, 'docs/messages.md'), 'utf8');
  for (const reason of REASONS)
    expect(docs).toMatch(new RegExp(`^\\| \`${reason}\` \\|.*\\| ${REASON_WORDS[reason]} \\|$`, 'm'));
});

describe('lantian-reading', () => {
  const load = (properties: Record<string, unknown> = {}, wired = 2) =>
    loadNode([county, reading], 'lantian-reading', { feed: 'air', station: '', ...properties }, { outputs: 2, wired });
  const catalog = loadCatalog(join(ROOT, 'sensors/counties'), '140430');
  const settings = settingsOf();

  test('what it lets through the pipeline understands, whatever form it came in', async () => {
    const node = await load({ station: 'dingchang-air' });
    const time = Date.now();
    const forms: unknown[] = [
      { time, pm25: 35, co: 0.6, so2: null },
      { time, values: { pm25: 35, co: 0.6 } },
      { time: isoBeijing(time), period: 'PT1H', flags: { co: 'N' }, values: { pm25: 35, co: 0.6 } },
      JSON.stringify({ time, values: { pm25: 35, co: 0.6 } }),
      Buffer.from(JSON.stringify({ time, values: { pm25: 35, co: 0.6 } })),
    ];
    for (const payload of forms) {
      await node.send({ payload });
      const sent = node.out[0]!.at(-1) as { topic: string; payload: string; qos: number; retain: boolean };
      expect([sent.topic, sent.qos, sent.retain]).toEqual(['lantian/v1/140430/air/dingchang-air', 1, false]);
      const message = { topic: sent.topic, payload: Buffer.from(sent.payload), received: Date.now() };
      const decoded = decode(message, catalog, settings);
      expect(decoded).toMatchObject({ reading: { time, values: { pm25: 35, co: 0.6 } } });
    }
    expect(node.out[0]).toHaveLength(forms.length);
    expect([node.out[1], node.errors]).toEqual([[], []]);
  });

  test('without a time it is now; of a weighing the end of its exposure', async () => {
    const node = await load({ feed: '' });
    const before = Date.now();
    await node.send({ topic: 'gateway/dingchang-air', feed: 'air', payload: { pm25: 35 } });
    const { time } = JSON.parse(node.out[0]![0]!['payload'] as string) as { time: number };
    expect(time).toBeGreaterThanOrEqual(before);
    expect(time).toBeLessThanOrEqual(Date.now());
    const end = isoBeijing(Math.floor(before / 1000) * 1000);
    const start = isoBeijing(before - 30 * 86_400_000);
    const weighing = { start, end, gross: 45.6, tare: 45.1, blank: 0.001, area: 176.7 };
    await node.send({ topic: 'lantian/v1/140430/dustfall/dustfall-3', payload: weighing });
    expect(node.out[0]![1]!['topic']).toBe('lantian/v1/140430/dustfall/dustfall-3');
    expect(JSON.parse(node.out[0]![1]!['payload'] as string)).toMatchObject({ time: end, values: { gross: 45.6 } });
  });

  test('what is wrong goes to the second output with the quarantine’s reason, and the original', async () => {
    const node = await load();
    const time = Date.now();
    const cases: [string, Record<string, unknown>][] = [
      ['unknown-station', { station: 'nowhere', payload: { time, pm25: 1 } }],
      ['unknown-station', { payload: { time, pm25: 1 }, station: 'a+b' }],
      ['bad-topic', { station: 'a/b', payload: { time, pm25: 1 } }],
      ['bad-topic', { payload: { time, pm25: 1 } }],
      ['wrong-feed', { station: 'dustfall-3', payload: { time, pm25: 1 } }],
      ['unknown-quantity', { station: 'dingchang-air', payload: { time, pm2_5: 1 } }],
      ['bad-payload', { station: 'dingchang-air', payload: { time, pm25: '35' } }],
      ['bad-payload', { station: 'dingchang-air', payload: [1] }],
      ['bad-payload', { station: 'dingchang-air', payload: null }],
      ['bad-json', { station: 'dingchang-air', payload: '{' }],
      ['bad-time', { station: 'dingchang-air', payload: { time: 'now', pm25: 1 } }],
      ['future', { station: 'dingchang-air', payload: { time: time + 3_600_000, pm25: 1 } }],
      ['too-old', { station: 'dingchang-air', payload: { time: 0, pm25: 1 } }],
      ['out-of-range', { station: 'dingchang-air', payload: { time, pm25: -51 } }],
    ];
    for (const [reason, message] of cases) {
      await node.send(message);
      const wrong = node.out[1]!.at(-1)!['payload'] as Record<string, unknown>;
      expect(wrong, reason).toMatchObject({ reason, words: REASON_WORDS[reason as 'future'] });
      expect(wrong['original']).toEqual(message['payload']);
      expect(wrong['detail']).not.toBe('');
      expect(node.statuses.at(-1)?.fill).toBe('red');
    }
    expect([node.out[0], node.errors]).toEqual([[], []]);
    await node.send({ station: 'dingchang-air', payload: { time, pm25: 1 } });
    expect(node.statuses.at(-1)).toMatchObject({ fill: 'green', text: 'air dingchang-air' });
  });

  test('where nobody listens on the second output it is an error', async () => {
    const node = await load({}, 1);
    await node.send({ station: 'nowhere', payload: { pm25: 1 } });
    expect(node.errors[0]).toMatch(
      /^lantian\/v1\/140430\/air\/nowhere: unknown-station 目录中没有该站点: nowhere is not/,
    );
  });
});

describe('lantian-county', () => {
  const configured = () => {
    const folder = tempFolder('county');
    cpSync(join(ROOT, 'sensors/counties'), join(folder, 'counties'), { recursive: true });
    const config = join(folder, 'lantian.yaml');
    writeFileSync(config, JSON.stringify({ catalog: join(folder, 'counties') }));
    const file = join(folder, 'counties/140430/air.yaml');
    return { config, file, node: { id: 'county', type: 'lantian-county', name: '', config } };
  };
  const load = (node: Record<string, unknown>) =>
    loadNode(
      [county, reading],
      'lantian-reading',
      { feed: 'air', station: 'new-air' },
      { wired: 2, outputs: 2, county: node },
    );

  test('a station that is added to the catalog is known soon; a mistake keeps the catalog before', async () => {
    const { node: own, file } = configured();
    const node = await load(own);
    const known = async (): Promise<boolean> => {
      const before = node.out[0]!.length;
      await node.send({ payload: { pm25: 1 } });
      return node.out[0]!.length > before;
    };
    expect(await known()).toBe(false);
    const text = readFileSync(file, 'utf8');
    const added = `  - { id: new-air, name: { zh: 新站, en: New }, township: guocun, feeds: { air: { period: PT1H } }, example: true }\n`;
    writeFileSync(file, `${text.trimEnd()}\n${added}`);
    await until('the new station', known, { every: 200 });
    writeFileSync(file, 'stations: nonsense\n');
    // Another second, so that it is looked at again.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(await known()).toBe(true);
    writeFileSync(file, text);
    utimesSync(file, new Date(), new Date(Date.now() + 5000));
    await until('the catalog without it', async () => !(await known()), { every: 200 });
    expect(node.errors).toEqual([]);
  }, 20_000);

  test('settings with mistakes: each message is an error that names file and line, until they are put right', async () => {
    const { config, node: own } = configured();
    const good = readFileSync(config, 'utf8');
    writeFileSync(config, 'county: "140430"\nnonsense: 3\n');
    const node = await load(own);
    await node.send({ payload: { pm25: 1 } });
    expect(node.errors[0]).toContain(`${config}:2:1 nonsense`);
    writeFileSync(config, good);
    await node.send({ payload: { pm25: 1 } });
    expect(node.out[1]![0]!['payload']).toMatchObject({ reason: 'unknown-station' });
  });

  test('a node without a county says what to do', async () => {
    const node = await loadNode([county, reading], 'lantian-reading', { county: '' });
    await node.send({ payload: { pm25: 1 } });
    expect(node.errors).toEqual(['县域未选择 no county is chosen: set the county of this node']);
  });
});

describe('lantian-signal', () => {
  const since = '2026-07-20T04:00:00Z';
  const signalOf = (version: number, more: Partial<Signal> = {}): Signal => ({
    id: `140430/weather-response/rainstorm/${since}`,
    version,
    county: '140430',
    kind: 'weather-response',
    subject: 'rainstorm',
    level: 'III',
    state: 'proposed',
    since,
    at: since,
    title: { zh: '暴雨应急响应', en: 'Rainstorm response' },
    basis: { document: '沁政办发〔2021〕19号', clause: '附件6 (1) 暴雨' },
    evidence: [{ station: 'guocun-weather', quantity: 'rain_24h', value: 63.5, unit: 'mm', from: since, to: since }],
    lacking: [],
    ...more,
  });
  const load = (properties: Record<string, unknown> = {}) =>
    loadNode([county, signal], 'lantian-signal', {
      kinds: '',
      least: '',
      states: '',
      subjects: '',
      townships: '',
      ...properties,
    });
  const topic = 'lantian/v1/140430/signal/weather-response/rainstorm';

  test('a signal goes on once, with a title, in whatever form it came; its next version does too', async () => {
    const node = await load();
    await node.send({ topic, payload: signalOf(1) });
    expect(node.out[0]).toHaveLength(1);
    expect(node.out[0]![0]).toMatchObject({
      topic,
      title: '[III] 暴雨应急响应 建议发布 Rainstorm response proposed',
      payload: { version: 1, level: 'III' },
    });
    await node.send({ topic, payload: JSON.stringify(signalOf(1)) });
    await node.send({ topic, payload: Buffer.from(JSON.stringify(signalOf(1))) });
    expect(node.statuses.at(-1)?.text).toMatch(/^重复 repeated/);
    await node.send({ topic, payload: JSON.stringify(signalOf(2, { state: 'active' })) });
    await node.send({ topic, payload: signalOf(1) });
    const versions = node.out[0]!.map(({ payload }) => (payload as Signal).version);
    expect([versions, node.errors]).toEqual([[1, 2], []]);
    // Another life of the same subject begins at version 1.
    await node.send({ topic, payload: signalOf(1, { id: '140430/weather-response/rainstorm/2026-08-01T00:00:00Z' }) });
    expect(node.out[0]).toHaveLength(3);
  });

  test('kinds, states, subjects and townships choose', async () => {
    const silent = signalOf(1, {
      id: 's',
      kind: 'station-silent',
      subject: 'cecun-air',
      level: null,
      state: 'active',
      evidence: [],
    });
    const risk = signalOf(1, {
      id: 'r',
      kind: 'geological-risk',
      subject: 'nanli',
      level: 'red',
      state: 'active',
      evidence: [],
    });
    const all = [signalOf(1), silent, risk];
    const chosen = async (properties: Record<string, unknown>): Promise<string[]> => {
      const node = await load(properties);
      for (const payload of all) await node.send({ payload });
      await unloadNode();
      return node.out[0]!.map(({ payload }) => (payload as Signal).kind);
    };
    expect(await chosen({})).toEqual(['weather-response', 'station-silent', 'geological-risk']);
    expect(await chosen({ kinds: 'station-silent, geological-risk' })).toEqual(['station-silent', 'geological-risk']);
    expect(await chosen({ states: 'proposed' })).toEqual(['weather-response']);
    expect(await chosen({ subjects: 'nanli' })).toEqual(['geological-risk']);
    expect(await chosen({ townships: 'guocun' })).toEqual(['weather-response']);
    expect(await chosen({ townships: 'cecun、nanli' })).toEqual(['station-silent', 'geological-risk']);
    expect(await chosen({ least: '3' })).toEqual(['station-silent', 'geological-risk']);
    expect(await chosen({ least: '2' })).toEqual(['weather-response', 'station-silent', 'geological-risk']);
  });

  test('a level that is too low waits; once it went on, its fall and its end go on too', async () => {
    const node = await load({ least: '3' });
    const levels: [Signal['level'], Signal['state']][] = [
      ['IV', 'proposed'],
      ['III', 'proposed'],
      ['II', 'proposed'],
      ['III', 'proposed'],
      ['III', 'lifted'],
    ];
    for (const [i, [level, state]] of levels.entries()) await node.send({ payload: signalOf(i + 1, { level, state }) });
    expect(node.out[0]!.map(({ payload }) => (payload as Signal).version)).toEqual([3, 4, 5]);
    await node.send({ topic, payload: '' });
    expect(node.out[0]!.at(-1)).toMatchObject({
      topic,
      payload: { kind: 'weather-response', subject: 'rainstorm', cleared: true },
      title: 'weather-response/rainstorm 信号已清除 signal cleared',
    });
    // Of what was never told nothing is cleared.
    await node.send({ topic: topic.replace('rainstorm', 'fog'), payload: Buffer.alloc(0) });
    expect([node.out[0]!.length, node.errors]).toEqual([4, []]);
  });

  test('bad input is told with its place, and the next message is taken', async () => {
    const node = await load();
    for (const [message, words] of [
      [{ topic, payload: '{' }, /^payload: 不是 JSON/],
      [{ topic, payload: 3 }, /^payload: 不是信号/],
      [{ topic, payload: { kind: 'x' } }, /^payload: 不是信号，缺 not a signal, without id/],
      [{ topic, payload: { ...signalOf(1), version: undefined } }, /without version/],
      [{ topic: 'else', payload: '' }, /^topic: /],
    ] as const) {
      await node.send(message);
      expect(node.errors.at(-1)).toMatch(words);
    }
    expect(node.out[0]).toEqual([]);
    await node.send({ topic, payload: signalOf(1) });
    expect(node.out[0]).toHaveLength(1);
  });
});
