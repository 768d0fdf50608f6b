// The gateway's nodes in Node-RED's runtime: what they do when something is refused, missing or wrong.
import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import county from '../flows/nodes/county.ts';
import drop from '../flows/nodes/drop.ts';
import modbus from '../flows/nodes/modbus.ts';
import outbox from '../flows/nodes/outbox.ts';
import simulator from '../flows/nodes/simulator.ts';
import weatherLine from '../flows/nodes/weather-line.ts';
import { isoBeijing } from '../src/core/time.ts';
import { loadNode, unloadNode } from './support/node-helper.ts';
import { tempFolder } from './support/servers.ts';
import { until } from './support/until.ts';

afterEach(unloadNode);

describe('lantian-outbox', () => {
  const load = (file: string, most = 3) =>
    loadNode([county, outbox], 'lantian-outbox', { file, most, patience: 60 }, { outputs: 3, wired: 3 });
  const message = (payload: unknown) => ({ topic: 'lantian/v1/140430/air/a', payload });

  test('a full one refuses all of a batch and says so; what is acknowledged makes room', async () => {
    const node = await load(join(tempFolder('outbox'), 'outbox.db'));
    await node.send({ messages: [message('1'), message('2')], mark: 'first' });
    await node.send({ messages: [message('3'), message('4')], mark: 'second' });
    expect(node.out[1]).toMatchObject([{ mark: 'first' }]);
    expect(node.out[2]).toMatchObject([{ mark: 'second', refused: { reason: 'outbox-full' } }]);
    expect(node.out[0]).toMatchObject([
      { payload: '1', qos: 1, retain: false },
      { payload: '2', qos: 1, retain: false },
    ]);
    for (const { outbox: sending } of [...node.out[0]!]) await node.send({ outbox: sending });
    await node.send(message('5'));
    expect(node.out[0]?.at(-1)).toMatchObject({ payload: '5' });
    expect(node.out[2]).toHaveLength(1);
  });

  test('after a restart it sends what was not acknowledged, and nothing else', async () => {
    const file = join(tempFolder('outbox'), 'outbox.db');
    const before = await load(file);
    await before.send({ messages: [message('1'), message('2')] });
    await before.send({ outbox: before.out[0]![0]!['outbox'] });
    await unloadNode();
    const after = await load(file);
    await until('it sends', () => after.out[0]!.length > 0);
    expect(after.out[0]!.map(({ payload }) => payload)).toEqual(['2']);
  });

  test('what is no message for a broker is refused with words', async () => {
    const node = await load(join(tempFolder('outbox'), 'outbox.db'));
    for (const wrong of [message({ pm25: 3 }), { payload: 'x' }, { messages: [message('1'), null] }])
      await node.send(wrong as never);
    expect(node.out[2]).toHaveLength(3);
    for (const one of node.out[2]!) expect(one).toMatchObject({ refused: { reason: 'outbox-failed' } });
    expect(node.out[0]).toEqual([]);
  });
});

describe('lantian-drop', () => {
  const MAPPING = 'time: t\nstation: { column: s, map: { A: guxian-air } }\nfeeds: { air: { pm25: v } }';
  const load = (folder: string) =>
    loadNode([county, drop], 'lantian-drop', { folder, mapping: '', quiet: '0.01' }, { outputs: 2, wired: 2 });
  /** Look until a file was given out, or something is wrong. */
  const look = async (node: Awaited<ReturnType<typeof load>>): Promise<void> => {
    const before = node.out[0]!.length;
    await until('a file', async () => {
      await node.send({});
      return node.out[0]!.length > before;
    });
  };

  test('a file whose messages are refused stays, and is taken again', async () => {
    const folder = tempFolder('drop');
    writeFileSync(join(folder, 'mapping.yaml'), MAPPING);
    writeFileSync(join(folder, 'a.csv'), `t,s,v\n${isoBeijing(Date.now())},A,35\n`);
    const node = await load(folder);
    await look(node);
    expect(node.out[0]).toMatchObject([{ drop: 'a.csv', messages: [{ topic: 'lantian/v1/140430/air/guxian-air' }] }]);
    await node.send({});
    expect(node.out[0], 'one at a time').toHaveLength(1);
    await node.send({ drop: 'a.csv', refused: { reason: 'outbox-full', detail: 'full' } });
    expect(node.out[1]).toMatchObject([{ payload: { reason: 'outbox-full' } }]);
    expect(existsSync(join(folder, 'a.csv'))).toBe(true);
    await look(node);
    await node.send({ drop: 'a.csv' });
    expect(readdirSync(join(folder, 'done'))).toHaveLength(2);
    await node.send({ drop: 'a.csv' });
    expect(readdirSync(join(folder, 'done')), 'an answer that comes twice').toHaveLength(2);
  });

  test('a missing mapping is told once, however often it is looked for, and files wait for it', async () => {
    const folder = tempFolder('drop');
    writeFileSync(join(folder, 'a.csv'), `t,s,v\n${isoBeijing(Date.now())},A,35\n`);
    const node = await load(folder);
    await until('the trouble', async () => {
      await node.send({});
      return node.errors.length > 0;
    });
    for (let i = 0; i < 5; i++) await node.send({});
    expect(node.errors).toHaveLength(1);
    expect(node.errors[0]).toMatch(/no mapping/);
    writeFileSync(join(folder, 'mapping.yaml'), MAPPING);
    utimesSync(join(folder, 'mapping.yaml'), new Date(), new Date());
    await look(node);
    expect(node.out[0]).toHaveLength(1);
  });

  test('without a folder it does nothing', async () => {
    const node = await load('');
    await node.send({});
    expect([node.out, node.errors]).toEqual([[[], []], []]);
    expect(existsSync('done')).toBe(false);
  });
});

test('lantian-modbus tells every mistake of its map, and without one does nothing', async () => {
  const load = (file: string) => loadNode([county, modbus], 'lantian-modbus', { file }, { outputs: 2, wired: 2 });
  const idle = await load('');
  await idle.send({});
  expect([idle.out, idle.errors]).toEqual([[[], []], []]);
  await unloadNode();
  const file = join(tempFolder('modbus'), 'map.yaml');
  writeFileSync(
    file,
    'devices:\n  - { station: a, feed: air, host: h, registers: [ { quantity: b, address: 0, type: int16 } ] }\n',
  );
  const node = await load(file);
  await node.send({});
  expect(node.errors[0]).toMatch(/no station a in the catalog[\s\S]*air has no quantity b/);
  expect(node.statuses.at(-1)?.fill).toBe('red');
});

test('lantian-weather-line goes on after a bad line, and remembers each transmitter’s counter', async () => {
  const node = await loadNode(
    [county, weatherLine],
    'lantian-weather-line',
    { station: 'dingchang-weather' },
    { outputs: 2, wired: 2 },
  );
  for (const payload of ['0R0,Ta=20.0C,Rc=1.0M\r\n', '', '\r\n', 'noise', '1R0,Ta=10.0C,Rc=50.0M'])
    await node.send({ payload });
  await new Promise((resolve) => setTimeout(resolve, 1050));
  await node.send({ payload: '1R0,Rc=51.0M' });
  await node.send({ payload: '0R0,Rc=1.2M' });
  expect(node.out[1]).toMatchObject([{ payload: { reason: 'bad-line', detail: expect.stringContaining('noise') } }]);
  expect(node.out[0]!.map(({ payload }) => (payload as { values: object }).values)).toEqual([
    { temperature: 20 },
    { temperature: 10 },
    { rain: 1 },
    { rain: 0.2 },
  ]);
  expect(node.errors).toEqual([]);
});

test('lantian-simulator refuses names, speeds and topics that are none, and stays as it was', async () => {
  const node = await loadNode(
    [county, simulator],
    'lantian-simulator',
    { scenario: 'calm', history: '1', speed: '60' },
    { outputs: 2, wired: 2 },
  );
  await node.send({ topic: 'scenario', payload: ['calm', 'sunshine'] });
  await node.send({ topic: 'speed', payload: 0 });
  await node.send({ topic: 'begin' });
  expect(node.errors).toEqual([
    expect.stringContaining('no scenario "sunshine"'),
    expect.stringContaining('above 0'),
    expect.stringContaining('unknown topic begin'),
  ]);
  expect(node.out[1]?.at(-1)).toMatchObject({ payload: { running: false, scenario: 'calm', speed: 60 } });
});
