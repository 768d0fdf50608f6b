// The lint of flows: the delivered ones pass, and each thing that one may not do is found.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FlowNode } from '../flows/compose.ts';
import { RULES } from '../flows/lint/rules.ts';
import { contextOf, deliveredFiles, documentedVariables, lintFiles, lintNodes, lintTogether } from '../flows/lint.ts';
import { tempFolder } from './support/servers.ts';

const ROOT = join(import.meta.dirname, '..');
const context = contextOf(ROOT);

interface Manifest {
  readonly 'node-red': { readonly nodes: Readonly<Record<string, string>> };
}

describe('what is delivered', () => {
  const { flows, examples } = deliveredFiles(ROOT);

  test('flows and examples have nothing wrong', () => {
    expect(flows.length).toBeGreaterThan(0);
    expect(lintFiles([...flows, ...examples], context)).toEqual([]);
  });

  test('each node but the config node stands in an example or in a delivered flow', () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'flows/nodes/package.json'), 'utf8')) as Manifest;
    const names = Object.keys(manifest['node-red'].nodes).filter((name) => name !== 'county');
    expect(names.length).toBeGreaterThan(5);
    const shown = [...flows, ...examples].flatMap((file) => JSON.parse(readFileSync(file, 'utf8')) as FlowNode[]);
    for (const name of names)
      expect(
        shown.some(({ type }) => type === `lantian-${name}`),
        name,
      ).toBe(true);
  });

  test('every variable of docs/flows.md is used by the flows, the nodes or what starts them', () => {
    const files = readdirSync(join(ROOT, 'flows'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|cjs|json)$/.test(entry.name))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
    const unused = [...documentedVariables(readFileSync(join(ROOT, 'docs/flows.md'), 'utf8'))].filter(
      (name) => !files.some((text) => text.includes(name)),
    );
    expect(unused).toEqual([]);
  });
});

/** As a flow names a variable of the environment. */
const filled = (name: string): string => `\${${name}}`;

/** A good flow, to be spoilt. */
const tab: FlowNode = { id: 'a', type: 'tab', label: 'A', info: 'Twenty characters and more.', disabled: false };
const broker: FlowNode = { id: 'broker', type: 'mqtt-broker', name: 'B', broker: filled('LANTIAN_MQTT_URL') };
const mqttIn: FlowNode = {
  id: 'in',
  type: 'mqtt in',
  z: 'a',
  name: 'In',
  qos: '1',
  broker: 'broker',
  x: 100,
  y: 100,
  wires: [['do']],
};
const work: FlowNode = {
  id: 'do',
  type: 'function',
  z: 'a',
  name: 'Do',
  func: 'return msg;',
  x: 300,
  y: 100,
  wires: [['out']],
};
const mqttOut: FlowNode = {
  id: 'out',
  type: 'mqtt out',
  z: 'a',
  name: 'Out',
  qos: '1',
  broker: 'broker',
  x: 500,
  y: 100,
  wires: [],
};
const good = [tab, broker, mqttIn, work, mqttOut];
/** The good flow with one node in another form. */
const spoilt = (node: FlowNode, ...more: FlowNode[]): FlowNode[] => [
  ...good.map((one) => (one.id === node.id ? node : one)),
  ...more,
];
const wordsOf = (nodes: readonly FlowNode[]): string[] =>
  lintNodes(nodes, context).map(({ id, words }) => `${id}: ${words}`);
const link = (id: string, type: string, more: Record<string, unknown>, y: number): FlowNode => ({
  id,
  type,
  z: 'a',
  name: id,
  x: 700,
  y,
  wires: [],
  ...more,
});

test('the good flow is good', () => {
  expect(wordsOf(good)).toEqual([]);
});

const lines = (count: number): string => Array.from({ length: count }, () => 'x();').join('\n');
const BAD: Record<keyof typeof RULES, [what: string, nodes: FlowNode[], words: RegExp][]> = {
  ids: [
    ['one twice', [...good, { ...broker }], /broker \(B\): its id stands twice/],
    ['the type’s word', [...good, { id: 'lantian-county', type: 'lantian-county' }], /its id is its type/],
  ],
  types: [
    [
      'a type that nothing brings',
      spoilt({ ...work, type: 'influxdb out' }),
      /do \(Do\): no installed package has the type influxdb out/,
    ],
  ],
  functions: [
    ['21 lines', spoilt({ ...work, func: lines(21) }), /func has 21 lines/],
    ['21 lines at the start', spoilt({ ...work, initialize: lines(21) }), /initialize has 21 lines/],
  ],
  secrets: [
    ['a password', spoilt({ ...broker, password: 'hunter2' }), /password: a secret/],
    ['credentials', spoilt({ ...broker, credentials: { user: 'x' } }), /credentials: a secret/],
    ['a user', spoilt({ ...broker, user: 'lantian' }), /user: a secret/],
    ['a user in an address', spoilt({ ...broker, broker: 'mqtt://me:pw@host' }), /broker: a secret/],
    ['a user alone in an address', spoilt({ ...broker, broker: 'mqtts://me@host' }), /broker: a secret/],
    ['a token in code', spoilt({ ...work, func: 'msg.headers = { token: "abc123" };' }), /func: a secret/],
    ['a bearer in a rule', spoilt({ ...work, rules: [{ to: 'Bearer abcdefgh12345678' }] }), /rules\.0\.to: a secret/],
    ['a key', spoilt({ ...work, apiKey: 'k' }), /apiKey: a secret/],
    ['a robot’s address', spoilt({ ...work, url: 'https://r.example/send?access_token=abcdef' }), /url: a secret/],
    [
      'another robot’s address',
      spoilt({ ...work, url: 'https://f.example/open-apis/bot/v2/hook/1b2c' }),
      /url: a secret/,
    ],
    [
      'a header',
      spoilt({ ...work, headers: [{ keyValue: 'X-Api-Key', valueType: 'other', valueValue: 'k1' }] }),
      /headers\.0\.valueValue: a secret/,
    ],
    [
      'a header by a rule',
      spoilt({ ...work, rules: [{ p: 'headers.authorization', to: 'abc', tot: 'str' }] }),
      /rules\.0\.to: a secret/,
    ],
    [
      'a variable of the tab',
      spoilt({ ...tab, env: [{ name: 'API_TOKEN', value: 'abc', type: 'str' }] }),
      /env\.0\.value: a secret/,
    ],
  ],
  variables: [
    [
      'in a property',
      spoilt({ ...broker, broker: filled('LANTIAN_MADE_UP') }),
      /variable LANTIAN_MADE_UP is not described/,
    ],
    ['in code', spoilt({ ...work, func: "return env.get('LANTIAN_MADE_UP');" }), /LANTIAN_MADE_UP/],
    ['in a typed input', spoilt({ ...work, rules: [{ to: 'LANTIAN_MADE_UP', tot: 'env' }] }), /LANTIAN_MADE_UP/],
    ['in a typed property', spoilt({ ...work, property: 'LANTIAN_MADE_UP', propertyType: 'env' }), /LANTIAN_MADE_UP/],
  ],
  tabs: [
    ['no description', spoilt({ ...tab, info: '' }), /tab without a description/],
    ['no label', spoilt({ ...tab, label: '' }), /tab without a label/],
  ],
  disabled: [
    ['a tab', spoilt({ ...tab, disabled: true }), /it is disabled/],
    ['a node', spoilt({ ...work, d: true }), /it is disabled/],
  ],
  names: [['none', spoilt({ ...work, name: '' }), /do: function without a name/]],
  quality: [
    ['QoS 0 in', spoilt({ ...mqttIn, qos: '0' }), /QoS is "0", not 1/],
    ['no QoS out', spoilt({ ...mqttOut, qos: '' }), /QoS is "", not 1/],
  ],
  wires: [
    ['to nothing', spoilt({ ...work, wires: [['gone']] }), /a wire ends at gone, which is not in the file/],
    ['to another tab', spoilt({ ...mqttOut, z: 'other' }), /a wire ends at out on another tab/],
    ['to a config node', spoilt({ ...work, wires: [['broker']] }), /a wire ends at broker on another tab/],
  ],
  references: [['a broker that is not there', spoilt({ ...mqttIn, broker: 'gone' }), /broker gone is not in the file/]],
  places: [
    ['one on another', spoilt({ ...mqttOut, x: 310, y: 105 }), /out \(Out\): it lies on do/],
    ['none', spoilt({ ...mqttOut, x: undefined }), /it has no place/],
  ],
  links: [
    ['alone', spoilt(work, link('l', 'link in', { links: [] }, 100)), /link in without a partner/],
    ['to nothing', spoilt(work, link('l', 'link out', { links: ['gone'] }, 100)), /gone is no link in of the file/],
    [
      'one way',
      spoilt(
        work,
        link('l', 'link out', { links: ['m'] }, 100),
        link('m', 'link in', { links: ['n'] }, 200),
        link('n', 'link out', { links: ['m'] }, 300),
      ),
      /m does not link back/,
    ],
    ['a call to nothing', spoilt(work, link('l', 'link call', { links: ['gone'] }, 100)), /gone is no link in/],
  ],
};

test('each rule is tried', () => {
  expect(Object.keys(BAD)).toEqual(Object.keys(RULES));
});

describe.each(Object.entries(BAD))('%s', (_, cases) => {
  test.each(cases)('%s', (_what, nodes, words) => {
    const found = wordsOf(nodes);
    expect(found.length).toBeGreaterThan(0);
    for (const line of found) expect(line).toMatch(words);
  });
});

test('what is allowed: names from the environment, links in pairs, calls and their return, own variables of a tab', () => {
  const links = [
    link('l', 'link out', { links: ['b'], mode: 'link' }, 100),
    link('b', 'link in', { links: ['l'] }, 200),
    link('c', 'link call', { links: ['d'] }, 300),
    link('d', 'link in', { links: [] }, 400),
    link('e', 'link out', { links: [], mode: 'return' }, 500),
  ];
  expect(wordsOf([...good, ...links])).toEqual([]);
  const flows = spoilt(
    { ...broker, user: filled('LANTIAN_MQTT_USERNAME'), password: '' },
    {
      ...work,
      id: 'more',
      env: [{ name: 'OWN', value: '3' }],
      func: `return env.get('OWN') + \`\${ANYTHING}\`;\n${lines(19)}`,
      y: 300,
      wires: [],
    },
  );
  expect(wordsOf(flows)).toEqual([]);
});

test('a node that is another in another file', () => {
  const other = { ...broker, keepalive: '60' };
  const files = [
    { file: 'a.json', nodes: good },
    { file: 'b.json', nodes: [{ ...broker }, tab] },
  ];
  expect(lintTogether(files)).toEqual([]);
  expect(lintTogether([...files, { file: 'c.json', nodes: [other] }])).toEqual([
    'c.json: broker: is another node in a.json',
  ]);
});

test('a file that is none is told by its name', () => {
  const file = join(tempFolder('lint'), 'bad.json');
  writeFileSync(file, '{}');
  expect(() => lintFiles([file], context)).toThrow(`${file}: 不是节点列表 is no list of nodes`);
  expect(() => lintFiles(['nowhere.json'], context)).toThrow('nowhere.json: ENOENT');
});
