// CAP 1.2 messages: valid by the OASIS schema, parsed back to the same signal, with references that are right after a restart.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadCatalog } from '../src/config/catalog.ts';
import type { Signal } from '../src/core/types.ts';
import { capOf } from '../src/publish/cap.ts';
import { warningOf } from '../src/publish/warning.ts';
import { buildServer } from '../src/server/server.ts';
import { deliveredOf } from '../src/signals/delivered.ts';
import { createHistory, KEPT } from '../src/signals/history.ts';
import { createRegister } from '../src/signals/register.ts';
import { settingsOf } from './support/middle.ts';
import { partsOf } from './support/parts.ts';
import { tempFolder } from './support/servers.ts';
import { begun, forecast, next, observed, step, wholeLife } from './support/warnings.ts';
import { all, type Node, parseXml, textOf, validate } from './support/xml.ts';

const SCHEMA = fileURLToPath(new URL('../../shared/data/cap-1.2.xsd', import.meta.url));
const isThere = existsSync(SCHEMA);
if (!isThere) process.stdout.write('../shared is missing: CAP messages are not validated against the OASIS schema\n');

const catalog = loadCatalog('sensors/counties', '140430');
const settings = settingsOf({ cap: { sender: 'lantian@qinxian.example' } });
const publisher = { catalog, settings, simulated: false };

const keep = (signals: readonly Signal[], file = ':memory:') => {
  const history = createHistory(new DatabaseSync(file));
  for (const signal of signals) history.put(signal);
  return history;
};
/** The messages of one signal's versions, as XML. */
const messagesOf = (signals: readonly Signal[]): string[] => {
  const versions = keep(signals).of(signals[0]!.id);
  return versions.map((_, at) => capOf(warningOf(versions.slice(0, at + 1))!, publisher));
};
const treesOf = (signals: readonly Signal[]): Node[] => messagesOf(signals).map(parseXml);
const infoOf = (alert: Node, language = 'zh-CN'): Node =>
  all(alert, 'info').find((info) => textOf(info, 'language') === language)!;

const referred = (alert: Node): string[] => (textOf(alert, 'references') ?? '').split(' ').filter((one) => one !== '');
const head = (alert: Node) => [
  textOf(alert, 'status'),
  textOf(alert, 'scope'),
  textOf(alert, 'msgType'),
  referred(alert).map((one) => one.split(',')[1]!.split('/').at(-1)),
];

/** The signal as whoever reads the message has it. */
const signalOf = (alert: Node): unknown => {
  const parameters = all(infoOf(alert), 'parameter').map((one) => [
    textOf(one, 'valueName')!.replace('lantian.', ''),
    textOf(one, 'value')!,
  ]);
  const list = (name: string) => parameters.filter(([key]) => key === name).map(([, value]) => value!);
  const plain = Object.fromEntries(parameters.filter(([key]) => key !== 'evidence' && key !== 'lacking'));
  const { version, title, basis, in_force, level, ...rest } = plain;
  return {
    ...rest,
    version: Number(version),
    level: level ?? null,
    title: JSON.parse(title),
    basis: JSON.parse(basis),
    in_force: in_force === undefined ? null : JSON.parse(in_force),
    evidence: list('evidence').map((one) => JSON.parse(one)),
    lacking: list('lacking'),
  };
};

describe('the life of a response', () => {
  test('is Alert, Update and Cancel, with references; what is not signed is a draft', () => {
    expect(treesOf(wholeLife()).map(head)).toEqual([
      ['Draft', 'Restricted', 'Alert', []],
      ['Draft', 'Restricted', 'Update', ['1']],
      ['Actual', 'Public', 'Alert', []],
      ['Draft', 'Restricted', 'Update', ['3']],
      ['Actual', 'Public', 'Update', ['3']],
      ['Draft', 'Restricted', 'Cancel', ['5']],
      ['Actual', 'Public', 'Cancel', ['3', '5']],
    ]);
  });

  test('of a proposal that lapsed is drafts alone', () => {
    const lapsed = [begun, next(begun, 1, { lacking: [] }), next(next(begun, 1, {}), 2, { state: 'lapsed' })];
    expect(treesOf(lapsed).map(head)).toEqual([
      ['Draft', 'Restricted', 'Alert', []],
      ['Draft', 'Restricted', 'Update', ['1']],
      ['Draft', 'Restricted', 'Cancel', ['2']],
    ]);
  });

  test('that was agreed and never signed ends as a draft too', () => {
    const agreed = step(begun, 'agreed', 1);
    const ending = next(agreed, 2, { state: 'lift-proposed' });
    const trees = treesOf([begun, agreed, ending, step(ending, 'lifted', 3)]);
    expect(trees.map((alert) => textOf(alert, 'status'))).toEqual(['Draft', 'Draft', 'Draft', 'Draft']);
  });

  test('refers to messages by sender, identifier and sent, exactly as they have them', () => {
    const trees = treesOf(wholeLife());
    const known = trees.map((alert) => ['sender', 'identifier', 'sent'].map((name) => textOf(alert, name)).join());
    const references = trees.flatMap(referred);
    expect(references.length).toBeGreaterThan(5);
    expect(references.filter((one) => !known.includes(one))).toEqual([]);
    expect(new Set(known).size).toBe(7);
  });

  test('speaks of the level in force, and of its end by the level that ended', () => {
    const severities = treesOf(wholeLife()).map((alert) => textOf(infoOf(alert), 'severity'));
    expect(severities).toEqual(['Moderate', 'Moderate', 'Moderate', 'Severe', 'Severe', 'Severe', 'Severe']);
    // III stays in force while II is proposed: what ends is III.
    const [, , signed] = wholeLife();
    const higher = next(signed!, 3, { level: 'II', state: 'proposed' });
    const ending = next(higher, 4, { state: 'lift-proposed' });
    const ended = treesOf([...wholeLife().slice(0, 3), higher, ending, step(ending, 'lifted', 5)]).at(-1)!;
    expect([textOf(ended, 'status'), textOf(infoOf(ended), 'severity')]).toEqual(['Actual', 'Moderate']);
    expect(textOf(infoOf(ended), 'headline')).toBe('解除暴雨应急响应（Ⅲ级）');
  });

  test('is the same after a restart, byte for byte', () => {
    const file = join(tempFolder(), 'lantian.db');
    const life = wholeLife();
    const before = new DatabaseSync(file);
    const register = createRegister(before, []);
    for (const signal of life.slice(0, 4)) register.put(signal);
    before.close();
    const after = createRegister(new DatabaseSync(file), []);
    for (const signal of life.slice(4)) after.put(signal);
    const versions = after.history.of(begun.id);
    const messages = versions.map((_, at) => capOf(warningOf(versions.slice(0, at + 1))!, publisher));
    expect(messages).toEqual(messagesOf(life));
  });
});

describe('a message', () => {
  const [alert] = treesOf(wholeLife().slice(0, 3)).slice(-1) as [Node];

  test('has both languages, the townships by name and the code of the county', () => {
    const [zh, en] = [infoOf(alert), infoOf(alert, 'en')];
    expect([textOf(zh, 'headline'), textOf(en, 'headline')]).toEqual([
      '启动暴雨应急响应（Ⅲ级）',
      'Rainstorm response (level III): in force',
    ]);
    expect(all(zh, 'area').map((area) => textOf(area, 'areaDesc'))).toEqual(['沁县：定昌镇、郭村镇']);
    expect(all(en, 'area').map((area) => textOf(area, 'areaDesc'))).toEqual([
      'Qinxian County: Dingchang Town, Guocun Town',
    ]);
    const [code] = all(all(zh, 'area')[0]!, 'geocode');
    expect([textOf(code!, 'valueName'), textOf(code!, 'value')]).toEqual(['GB/T 2260', '140430']);
    expect(textOf(zh, 'category')).toBe('Met');
  });

  test('says why, with document, clause and evidence, and what to do', () => {
    const description = textOf(infoOf(alert), 'description')!;
    for (const words of [
      '沁政办发〔2021〕19号 附件6 (1) 暴雨',
      '定昌镇 实况 降水量 104.2 mm',
      '郭村镇 预报 降水量 60 mm',
      '07-19 08:00 – 07-20 08:00',
      '故县镇',
    ])
      expect(description).toContain(words);
    expect(textOf(infoOf(alert), 'instruction')).toContain('公路部门：危险路段设警示牌');
    expect(textOf(infoOf(alert, 'en'), 'instruction')).toContain('Highways: Put up warning signs on dangerous roads');
  });

  test('has times of Beijing with their offset and no fraction, in order', () => {
    const odd = { ...begun, at: '2026-07-20T00:00:00.123Z' };
    for (const evidence of [[observed, forecast], [forecast], []]) {
      const [tree] = treesOf([{ ...odd, evidence }]);
      const times = ['effective', 'onset', 'expires'].map((name) => textOf(infoOf(tree!), name)!);
      for (const time of [textOf(tree!, 'sent')!, ...times])
        expect(time).toMatch(/^2026-07-\d\dT\d\d:\d\d:\d\d\+08:00$/);
      expect(times.toSorted()).toEqual(times);
      expect(times[1]! < times[2]!).toBe(true);
    }
    const [ahead] = treesOf([{ ...begun, evidence: [forecast] }]);
    expect(textOf(infoOf(ahead!), 'onset')).toBe('2026-07-20T09:00:00+08:00');
    expect(textOf(infoOf(ahead!), 'expires')).toBe('2026-07-21T09:00:00+08:00');
    expect(textOf(infoOf(alert), 'expires')).toBe('2026-07-21T10:00:00+08:00');
  });

  test.each([
    ['I', [forecast], 'Extreme', 'Expected', 'Likely'],
    ['II', [forecast], 'Severe', 'Expected', 'Likely'],
    ['III', [forecast], 'Moderate', 'Future', 'Likely'],
    ['IV', [forecast], 'Minor', 'Future', 'Likely'],
    ['IV', [forecast, observed], 'Minor', 'Immediate', 'Observed'],
    ['I', [], 'Extreme', 'Expected', 'Unknown'],
    ['red', [forecast], 'Extreme', 'Expected', 'Likely'],
    ['orange', [observed], 'Severe', 'Immediate', 'Observed'],
    ['yellow', [forecast], 'Moderate', 'Future', 'Likely'],
    ['blue', [forecast], 'Minor', 'Future', 'Likely'],
  ])('%s with %j', (level, evidence, ...expected) => {
    const kind = 'IV III II I'.includes(level) ? 'weather-response' : 'warning-signal';
    const [tree] = treesOf([{ ...begun, kind, level, evidence }]);
    expect(['severity', 'urgency', 'certainty'].map((name) => textOf(infoOf(tree!), name))).toEqual(expected);
  });

  test('of an end is past, and all clear', () => {
    const info = infoOf(treesOf(wholeLife()).at(-1)!);
    expect([textOf(info, 'urgency'), textOf(info, 'responseType')]).toEqual(['Past', 'AllClear']);
    expect(textOf(info, 'instruction')).toBeUndefined();
  });

  test('of heavy pollution and of geological risk is a draft: no one signs them here', () => {
    const { in_force: _, ...plain } = begun;
    const pollution = { ...plain, kind: 'heavy-pollution', subject: 'pm', level: 'orange', state: 'active' } as const;
    const risk = { ...plain, kind: 'geological-risk', subject: 'guxian', level: 'red', state: 'active' } as const;
    const [first, second] = [pollution, risk].map((signal) => treesOf([{ ...signal, evidence: [] }])[0]!);
    expect(all(infoOf(first!), 'category').map(({ text }) => text)).toEqual(['Env', 'Health']);
    expect(textOf(infoOf(second!), 'category')).toBe('Geo');
    expect(all(infoOf(second!), 'area').map((area) => textOf(area, 'areaDesc'))).toEqual(['沁县：故县镇']);
    for (const tree of [first!, second!]) expect(textOf(tree, 'status')).toBe('Draft');
  });
});

test('what a simulated county sent is a test, and stays inside', () => {
  const versions = keep(wholeLife()).of(begun.id);
  const trees = [3, 4].map((upTo) =>
    parseXml(capOf(warningOf(versions.slice(0, upTo))!, { ...publisher, simulated: true })),
  );
  expect(trees.map((alert) => [textOf(alert, 'status'), textOf(alert, 'scope')])).toEqual([
    ['Test', 'Restricted'],
    ['Draft', 'Restricted'],
  ]);
  expect(textOf(trees[0]!, 'restriction')).toContain('Simulated');
});

describe('parsed back', () => {
  test('every version of a life is the same signal', () => {
    const life = [...wholeLife(), { ...begun, judged: 'II', level_since: begun.since }];
    for (const signal of life) expect(signalOf(treesOf([signal])[0]!)).toEqual(signal);
  });

  test('whatever its texts and values hold', () => {
    const text = fc.string({ unit: fc.constantFrom('&', '<', '>', '"', "'", ']]>', '雨', '🌧', ' ', 'a', '%', '\t') });
    const word = fc.tuple(text, fc.constant('x')).map((parts) => parts.join(''));
    const strange = fc.record({
      title: fc.record({ zh: word, en: word }),
      lacking: fc.array(word, { maxLength: 3 }),
      evidence: fc.array(
        fc.record({
          station: fc.constantFrom('dingchang-weather', 'guocun', 'gone'),
          quantity: fc.constantFrom('rain_24h', 'forecast_rain_24h', 'nothing'),
          value: fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }).map((value) => value + 0),
          unit: word,
          from: fc.constant('2026-07-20T00:00:00Z'),
          to: fc.constant('2026-07-20T12:00:00.001Z'),
        }),
        { maxLength: 3 },
      ),
    });
    fc.assert(
      fc.property(strange, (given) => {
        const signal = { ...begun, ...given };
        const [xml] = messagesOf([signal]);
        expect(signalOf(parseXml(xml!))).toEqual(signal);
        if (isThere) validate(xml!, SCHEMA);
      }),
      { numRuns: 40 },
    );
  });

  test('what XML has no way to write is left out', () => {
    const [tree] = treesOf([{ ...begun, lacking: ['a\u0000b\u0007c\ud800d'] }]);
    expect((signalOf(tree!) as Signal).lacking).toEqual(['abcd']);
  });
});

describe.skipIf(!isThere)('held against the OASIS schema', () => {
  test('every message of a life is valid', () => {
    const messages = messagesOf(wholeLife());
    expect(messages).toHaveLength(7);
    for (const xml of messages) expect(() => validate(xml, SCHEMA)).not.toThrow();
  });

  test('a time in Z is found out, and so is an element out of order', () => {
    const [xml] = messagesOf([begun]);
    expect(() => validate(xml!.replace(/(<sent>[^+]*)\+08:00/, '$1Z'), SCHEMA)).toThrow(/sent/);
    expect(() => validate(xml!.replace(/<event>.*<\/event>\n/, ''), SCHEMA)).toThrow(/event/);
  });
});

describe('versions that are kept', () => {
  test('are bounded, and what was signed goes last', () => {
    const [, , signed] = wholeLife();
    const history = keep(wholeLife().slice(0, 3));
    for (let version = 4; version < 4 + 2 * KEPT; version++)
      history.put({
        ...signed!,
        version,
        lacking: [`${version}`],
        at: new Date(Date.parse(signed!.at) + version).toISOString(),
      });
    const kept = history.of(begun.id);
    expect(kept).toHaveLength(KEPT + 1);
    expect(kept[0]).toMatchObject({ signs: true, signal: { version: 3 } });
    history.clear(signed!);
    expect([history.of(begun.id), history.newest(9)]).toEqual([[], []]);
  });

  test('are of warnings alone', () => {
    expect(keep([{ ...begun, kind: 'station-silent' }]).of(begun.id)).toEqual([]);
  });
});

describe('measures', () => {
  test('go with a signal until it has ended, those in force beside those proposed', () => {
    const delivered = wholeLife().map(deliveredOf);
    expect(delivered.map(({ measures }) => measures?.length)).toEqual([20, 20, 20, 20, 20, 20, undefined]);
    expect(delivered.map(({ measures_in_force }) => measures_in_force?.length)[3]).toBe(20);
    expect(delivered.filter((one) => one.measures_in_force !== undefined)).toHaveLength(1);
    expect(deliveredOf({ ...begun, subject: 'frost' })).toMatchObject({
      measures: [],
      measures_note: { zh: expect.stringContaining('附件5') },
    });
    expect(deliveredOf({ ...begun, kind: 'station-silent' })).not.toHaveProperty('measures');
  });
});

describe('over HTTP', () => {
  const get = async (url: string) => {
    const app = await buildServer(partsOf({ history: keep(wholeLife()), settings }));
    const answer = await app.inject({ url });
    await app.close();
    return answer;
  };

  test('the newest version, or the one that is named', async () => {
    const newest = await get(`/api/v1/cap/${begun.id}.xml`);
    expect([newest.statusCode, newest.headers['content-type']]).toEqual([200, 'application/cap+xml; charset=utf-8']);
    expect(newest.payload).toBe(messagesOf(wholeLife())[6]);
    for (const path of [`${begun.id}/3.xml`, `${encodeURIComponent(begun.id)}%2F3.xml`])
      expect((await get(`/api/v1/cap/${path}`)).payload).toBe(messagesOf(wholeLife())[2]);
  });

  test.each([begun.id, `${begun.id}/9.xml`, `${begun.id}/0.xml`, 'none.xml', '.xml'])('%s is none', async (path) => {
    const answer = await get(`/api/v1/cap/${path}`);
    expect([answer.statusCode, answer.json().error]).toEqual([404, 'no-such-signal']);
  });
});
