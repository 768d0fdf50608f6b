// Our nodes in Node-RED's runtime, by its own test helper: what one makes of a message, and what it says of it.
import { createRequire } from 'node:module';
import type { Node, NodeAPI } from 'node-red';
import helper from 'node-red-node-test-helper';

type Register = (RED: NodeAPI) => void;
type Message = Record<string, unknown>;

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
  { outputs = 1, county = COUNTY as Message, wired = outputs } = {},
): Promise<Heard> => {
  helper.init(createRequire(import.meta.url).resolve('node-red'));
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
  await helper.load([...registers] as never, flow as never);
  const heard: Omit<Heard, 'send' | 'node'> = { out: ends.map(() => []), errors: [], statuses: [], completed: [] };
  const on = (id: string, take: (message: Message) => void): void => {
    (helper.getNode(id) as unknown as NodeJS.EventEmitter).on('input', take);
  };
  for (const [i, id] of ends.entries()) on(id, (message) => heard.out[i]!.push(message));
  on('caught', ({ error }) => heard.errors.push((error as { message: string }).message));
  on('said', ({ status }) => heard.statuses.push(status as { text: string }));
  on('done', (message) => heard.completed.push(message));
  const node = helper.getNode('node') as unknown as Node;
  const settled = () => new Promise<void>((resolve) => setTimeout(resolve, 15));
  return {
    ...heard,
    node,
    send: async (message) => {
      node.receive(message as never);
      await settled();
    },
  };
};

/** End the flow of a test. */
export const unloadNode = async (): Promise<void> => {
  await helper.unload();
};
