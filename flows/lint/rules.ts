import type { FlowNode } from '../compose.ts';
import { secretsIn } from './secrets.ts';
import { variablesIn } from './variables.ts';

// What a delivered flow may not do. A rule gets the nodes of one file, each file being importable alone, and gives what is wrong.

export interface Context {
  readonly types: ReadonlySet<string>;
  /** Environment variables that docs/flows.md describes. */
  readonly variables: ReadonlySet<string>;
}

export interface Problem {
  readonly id: string;
  readonly words: string;
}

type Rule = (nodes: readonly FlowNode[], context: Context) => Problem[];

const MOST_LINES = 20;

const problem = ({ id, name, label }: FlowNode, words: string): Problem => {
  const called = [name, label].find((one) => typeof one === 'string' && one !== '');
  return { id: called === undefined ? id : `${id} (${called})`, words };
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const byId = (nodes: readonly FlowNode[]): ReadonlyMap<string, FlowNode> => new Map(nodes.map((one) => [one.id, one]));

/** A rule that looks at each node by itself. */
const eachNode =
  (wordsOf: (node: FlowNode, context: Context) => readonly string[]): Rule =>
  (nodes, context) =>
    nodes.flatMap((node) => wordsOf(node, context).map((words) => problem(node, words)));

/** Node-RED takes a node whose id is its own type for one that refers to itself, and never starts it. */
const ids: Rule = (nodes) => [
  ...nodes
    .filter(({ id }, i) => nodes.findIndex((one) => one.id === id) < i)
    .map((node) => problem(node, 'its id stands twice')),
  ...nodes.filter(({ id, type }) => id === type).map((node) => problem(node, 'its id is its type')),
];

const types = eachNode(({ type }, context) =>
  context.types.has(type) || type.startsWith('subflow:') ? [] : [`no installed package has the type ${type}`],
);

const functions = eachNode((node) =>
  node.type !== 'function'
    ? []
    : ['func', 'initialize', 'finalize']
        .map((part) => [part, textOf(node[part]).split('\n').length] as const)
        .filter(([, lines]) => lines > MOST_LINES)
        .map(([part, lines]) => `${part} has ${lines} lines, more than ${MOST_LINES}: put it into src/ or a node`),
);

const secrets = eachNode((node) =>
  secretsIn(node).map((where) => `${where}: a secret; credentials come from the environment`),
);

const variables = eachNode((node, context) =>
  variablesIn(node)
    .filter((name) => !context.variables.has(name))
    .map((name) => `the variable ${name} is not described in docs/flows.md`),
);

const tabs = eachNode((node) =>
  node.type !== 'tab'
    ? []
    : [
        ...(textOf(node['label']) === '' ? ['a tab without a label'] : []),
        ...(textOf(node['info']).length < 20 ? ['a tab without a description (info)'] : []),
      ],
);

const disabled = eachNode((node) => (node['disabled'] === true || node['d'] === true ? ['it is disabled'] : []));

/** Types whose label says what they do on their own. */
const NAMELESS =
  /^(tab|subflow|comment|junction|debug|json|csv|xml|yaml|http response|global-config|ui-.*|.*-config|unknown)$/;

const names = eachNode((node) =>
  NAMELESS.test(node.type) || !('x' in node || node.type === 'group') || textOf(node['name']) !== ''
    ? []
    : [`${node.type} without a name`],
);

const quality = eachNode((node) =>
  (node.type === 'mqtt in' || node.type === 'mqtt out') && String(node['qos']) !== '1'
    ? [`QoS is ${JSON.stringify(node['qos'] ?? '')}, not 1`]
    : [],
);

const wires: Rule = (nodes) => {
  const known = byId(nodes);
  const wordsOf = (node: FlowNode, target: unknown): string[] => {
    const end = known.get(String(target));
    if (end === undefined) return [`a wire ends at ${target}, which is not in the file`];
    return end['z'] === node['z'] ? [] : [`a wire ends at ${target} on another tab`];
  };
  return nodes.flatMap((node) =>
    listOf(node['wires'])
      .flatMap(listOf)
      .flatMap((target) => wordsOf(node, target).map((words) => problem(node, words))),
  );
};

/** Which config nodes a node names, by property; what stands there of other types is an address or a word. */
const REFERENCES: readonly (readonly [types: RegExp, property: string])[] = [
  [/^mqtt (in|out)$/, 'broker'],
  [/^lantian-/, 'county'],
  [/^serial /, 'serial'],
  [/^ui-/, 'group'],
  [/^ui-/, 'page'],
  [/^ui-/, 'ui'],
  [/^ui-/, 'theme'],
];

const references: Rule = (nodes) => {
  const known = byId(nodes);
  return nodes.flatMap((node) =>
    REFERENCES.filter(([of, property]) => of.test(node.type) && textOf(node[property]) !== '')
      .filter(([, property]) => !known.has(textOf(node[property])))
      .map(([, property]) => problem(node, `${property} ${node[property]} is not in the file`)),
  );
};

const places: Rule = (nodes) => {
  const placed = nodes.filter((node) => textOf(node['z']) !== '' && node.type !== 'group' && 'wires' in node);
  const near = (a: FlowNode, b: FlowNode): boolean =>
    a['z'] === b['z'] &&
    Math.abs(Number(a['x']) - Number(b['x'])) < 60 &&
    Math.abs(Number(a['y']) - Number(b['y'])) < 20;
  return placed.flatMap((node, i) => {
    if (!Number.isFinite(node['x']) || !Number.isFinite(node['y'])) return [problem(node, 'it has no place (x, y)')];
    const other = placed.slice(0, i).find((one) => near(one, node));
    return other === undefined ? [] : [problem(node, `it lies on ${other.id}`)];
  });
};

const links: Rule = (nodes) => {
  const known = byId(nodes);
  const linksOf = (node: FlowNode): string[] => listOf(node['links']).map(String);
  const calls = nodes.filter(({ type }) => type === 'link call');
  const wordsOf = (node: FlowNode): string[] => {
    const { type } = node;
    if (type === 'link out' && node['mode'] === 'return') return [];
    const named = linksOf(node).map((id) => [id, known.get(id)] as const);
    const other = type === 'link in' ? 'link out' : 'link in';
    const called =
      type === 'link in' && calls.some((call) => linksOf(call).includes(node.id) || call['linkType'] === 'dynamic');
    if (named.length === 0 && !called && node['linkType'] !== 'dynamic') return [`${type} without a partner`];
    return named.flatMap(([id, end]) => {
      if (end?.type !== other) return [`${id} is no ${other} of the file`];
      return type === 'link call' || linksOf(end).includes(node.id) ? [] : [`${id} does not link back`];
    });
  };
  return nodes
    .filter(({ type }) => /^link (in|out|call)$/.test(type))
    .flatMap((node) => wordsOf(node).map((words) => problem(node, words)));
};

export const RULES: Readonly<Record<string, Rule>> = {
  ids,
  types,
  functions,
  secrets,
  variables,
  tabs,
  disabled,
  names,
  quality,
  wires,
  references,
  places,
  links,
};
