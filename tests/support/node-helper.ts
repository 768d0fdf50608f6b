// Our nodes in Node-RED's runtime, by its own test helper: what one makes of a message, and what it says of it.
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Node, NodeAPI } from 'node-red';
import { until } from './until.ts';

type Register = (RED: NodeAPI) => void;
type Message = Record<string, unknown>;

/** What is used of the helper, which brings no types. */
interface Helper {
  init(runtime: string): void;
  load(registers: readonly Register[], flow: readonly Message[]): Promise<void>;
  unload(): Promise<void>;
  getNode(id: string): Node;
}
const require = createRequire(import.meta.url);
const helper = require('node-red-node-test-helper') as Helper;

export interface Heard {
  /** What came out on each output. */
  readonly out: readonly Message[][];
  /** Words that Catch nodes got. */
  readonly errors: string[];
  /** Statuses, oldest first. */
  readonly statuses: { fill?: string; text?: string }[];
  /** Messages that were dealt with to the end, without an error. */
  readonly completed: Message[];
  send(message: Message): Promise<void>;
  readonly node: Node;
}

const COUNTY = { id: 'county', type: 'lantian-county', name: '', config: '' };

/** A node under test with a Catch, a Complete and a Status node beside it, and what it sent. */
export const loadNode = async (
  registers: readonly Register[],
  type: string,
  properties: Message = {},
  { outputs = 1, wired = 1, county = COUNTY as Message }: { outputs?: number; wired?: number; county?: Message } = {},
): Promise<Heard> => {
  helper.init(require.resolve('node-red'));
  const ends = Array.from({ length: outputs }, (_, i) => `end-${i}`);
  const flow = [
    { id: 'tab', type: 'tab', label: 'test' },
    county,
    { id: 'node', type, z: 'tab', county: 'county', ...properties, wires: ends.slice(0, wired).map((id) => [id]) },
    ...ends.map((id) => ({ id, type: 'helper', z: 'tab', wires: [] })),
    { id: 'catch', type: 'catch', z: 'tab', scope: ['node'], wires: [['caught']] },
    { id: 'status', type: 'status', z: 'tab', scope: ['node'], wires: [['said']] },
    { id: 'complete', type: 'complete', z: 'tab', scope: ['node'], wires: [['done']] },
    ...['caught', 'said', 'done'].map((id) => ({ id, type: 'helper', z: 'tab', wires: [] })),
  ];
  // A node without a place is a config node to Node-RED, and those hear nothing.
  const placed = flow.map((one): Message => ('z' in one ? { ...one, x: 100, y: 100 } : one));
  await helper.load(registers, placed);
  const heard: Omit<Heard, 'send' | 'node'> = { out: ends.map(() => []), errors: [], statuses: [], completed: [] };
  const on = (id: string, take: (message: Message) => void): void => {
    helper.getNode(id).on('input', (message) => take(message as unknown as Message));
  };
  for (const [i, id] of ends.entries()) on(id, (message) => heard.out[i]!.push(message));
  on('caught', ({ error }) => heard.errors.push((error as { message: string }).message.replace(/^Error: /, '')));
  on('said', ({ status }) => heard.statuses.push(status as { text: string }));
  on('done', (message) => heard.completed.push(message));
  const node = helper.getNode('node');
  const dealtWith = (): number => heard.errors.length + heard.completed.length;
  return {
    ...heard,
    node,
    send: async (message) => {
      const before = dealtWith();
      node.receive(message as never);
      await until('an end of the message', () => dealtWith() > before, { every: 2 });
      // What it sent is on its way at the same time.
      await sleep(2);
    },
  };
};

/** End the flow of a test. */
export const unloadNode = async (): Promise<void> => {
  await helper.unload();
};
