// Each example is imported into a real Node-RED with a real broker, as the editor would, and every button is pressed.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { beforeAll, describe, expect, test } from 'vitest';
import type { FlowNode } from '../flows/compose.ts';
import { deliveredFiles } from '../flows/lint.ts';
import { type NodeRed, startNodeRed } from './support/node-red.ts';
import { type Server, startMosquitto } from './support/servers.ts';
import { until } from './support/until.ts';

const ROOT = join(import.meta.dirname, '..');
const { examples } = deliveredFiles(ROOT);
/** What debug nodes show in the sidebar is printed as well, in one line. */
const printed = (node: FlowNode): FlowNode => (node.type === 'debug' ? { ...node, console: true } : node);
const nodesOf = (file: string): FlowNode[] => (JSON.parse(readFileSync(file, 'utf8')) as FlowNode[]).map(printed);

let red: NodeRed;
let broker: Server;
let client: MqttClient;
beforeAll(async () => {
  broker = await startMosquitto();
  red = await startNodeRed({ flows: [], settings: { mqtt: { url: broker.url } } });
  client = await mqtt.connectAsync(broker.url);
});

/** What an example's buttons lead to, in the order of the file; the reading's two go to the broker and to the second output. */
const EXPECTED: Readonly<Record<string, readonly RegExp[]>> = {
  'reading.json': [/lantian\/v1\/140430\/air\/dingchang-air/, /unknown-quantity/, /unknown-station/],
  'aqi.json': [/aqi: 82.*HJ 633-2012/, /aqi: 100.*HJ 633-2026/, /aqi: null/, /pm25: 小于零 below zero/],
  'water.json': [/class: 'I'/, /class: 'IV'.*multiples: \{ cod: 0\.5, total_phosphorus: 0\.5 \}/, /ph: 15 超出/],
  'dustfall.json': [
    /dustfall: 9,.*above: false/,
    /dustfall: 9\.6,.*above: true/,
    /marks: \[ 'exposure' \]/,
    /gross: 缺/,
  ],
  'response.json': [/level: 'IV'/, /level: 'II'/, /level: null,\s*possible: 'I'/, /observed\.nowhere: unknown-station/],
  'signal.json': [/\[III\] 暴雨应急响应 建议发布/, /\[III\] 暴雨应急响应 已解除/],
};

test('every example has its expectations', () => {
  expect(examples.map((file) => basename(file))).toEqual(Object.keys(EXPECTED).sort());
});

describe.each(examples.map((file) => [basename(file), file] as const))('%s', (name, file) => {
  test('imports without a missing type, and does what its buttons say', async () => {
    const nodes = nodesOf(file);
    await red.deploy(nodes);
    expect(red.output()).not.toMatch(/missing types|Waiting for/);
    expect((await red.flows()).map(({ id }) => id)).toEqual(nodes.map(({ id }) => id));
    const buttons = nodes.filter(({ type }) => type === 'inject');
    expect(buttons).toHaveLength(EXPECTED[name]!.length);
    for (const [i, { id }] of buttons.entries()) {
      const from = red.output().length;
      const said = (): string => red.output().slice(from).replaceAll(/\s+/g, ' ');
      await red.inject(id);
      await until(`${name} ${id}`, () => EXPECTED[name]![i]!.test(said()), { within: 5000, state: said });
    }
  });
});

test('a reading’s message reaches the broker; signals come from it, once, also after a restart', async () => {
  const heard: { topic: string; qos: number; payload: { time: number; values: object } }[] = [];
  client.on('message', (topic, payload, { qos }) => heard.push({ topic, qos, payload: JSON.parse(String(payload)) }));
  await client.subscribeAsync('lantian/v1/140430/air/#', { qos: 1 });
  const [reading, signal] = ['reading.json', 'signal.json'].map((name) =>
    nodesOf(examples.find((file) => file.endsWith(name))!),
  );
  await red.deploy([...new Map([...reading!, ...signal!].map((node) => [node.id, node])).values()]);
  await until('the broker', () =>
    /Connected to broker/.test(red.output().slice(red.output().lastIndexOf('Starting flows'))),
  );
  await red.inject('example-reading-in-1');
  await until('the reading', () => heard.length === 1);
  expect(heard[0]).toMatchObject({
    topic: 'lantian/v1/140430/air/dingchang-air',
    qos: 1,
    payload: { values: { pm25: 35, pm10: 60, co: 0.6 } },
  });
  expect(Math.abs(heard[0]!.payload.time - Date.now())).toBeLessThan(60_000);

  const topic = 'lantian/v1/140430/signal/weather-response/gale';
  const about = (version: number, level: string): string =>
    JSON.stringify({
      id: 'gale-1',
      version,
      county: '140430',
      kind: 'weather-response',
      subject: 'gale',
      level,
      state: 'proposed',
      title: { zh: '大风应急响应', en: 'Gale response' },
    });
  const told = (text: string): number => red.output().split(text).length - 1;
  const publish = (text: string) => client.publishAsync(topic, text, { qos: 1, retain: true });
  await publish(about(1, 'II'));
  await until('the signal', () => told('[II] 大风应急响应') === 1);
  // Context is on disk within a second or so.
  await red.stop();
  await red.restart();
  await until('the broker again', () => red.output().includes('Connected to broker'));
  await publish(about(2, 'I'));
  await until('the next version', () => told('[I] 大风应急响应') === 1);
  // The retained first version came before it, and was known.
  expect(told('[II] 大风应急响应')).toBe(0);
  await client.endAsync();
});

test('the palette has every node with help in both languages, its icon and its examples', async () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'flows/nodes/package.json'), 'utf8')) as {
    'node-red': { nodes: object };
  };
  const sets = (await (await red.admin('nodes', { headers: { accept: 'application/json' } })).json()) as Record<
    string,
    unknown
  >[];
  const ours = sets.filter(({ module }) => module === 'node-red-contrib-lantian');
  expect(ours.map(({ name }) => name).sort()).toEqual(Object.keys(manifest['node-red'].nodes).sort());
  for (const one of ours) expect(one).toMatchObject({ enabled: true });
  expect(ours.filter(({ err }) => err !== undefined)).toEqual([]);
  for (const [language, word] of [
    ['zh-CN', '说明'],
    ['en-US', 'Details'],
  ] as const) {
    const page = await (
      await red.admin('nodes', { headers: { accept: 'text/html', 'accept-language': language } })
    ).text();
    for (const name of Object.keys(manifest['node-red'].nodes)) {
      const help = new RegExp(`data-help-name="lantian-${name}"[^]*?</script>`).exec(page)?.[0] ?? '';
      expect(help, `${name} ${language}`).toContain(`<h3>${word}</h3>`);
      const words = await (await red.admin(`locales/node-red-contrib-lantian/${name}?lng=${language}`)).json();
      expect(words, name).toHaveProperty('label');
      if (name === 'county') continue;
      const icon = await (await red.admin(`icons/node-red-contrib-lantian/${name}.svg`)).text();
      expect(icon, name).toContain(`<title>${name}</title>`);
    }
  }
  const library = (await (await red.admin('library/examples/flows/')).json()) as (string | { fn: string })[];
  expect(JSON.stringify(library)).toContain('node-red-contrib-lantian');
});
