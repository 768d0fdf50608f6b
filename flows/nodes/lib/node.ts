import type { Node, NodeAPI, NodeDef, NodeMessageInFlow, NodeStatus } from 'node-red';
import { LantianError, reasonOf } from '../../../src/core/errors.ts';
import type { Known } from './county.ts';

// What all nodes share: a message in, messages out, the status under the node, and `done` on every path.

/** A message as flows carry it; what it holds is anyone's. */
export type Message = NodeMessageInFlow & Record<string, unknown>;

/** What a node makes of a message. */
export interface Outcome {
  /** One a wire, in order; null: nothing on that wire. */
  readonly out: readonly (Message | null)[];
  /** A few words under the node. */
  readonly status: string;
  /** Red: what came was understood as wrong, and went where wrong things go. */
  readonly fill?: 'green' | 'yellow' | 'red' | 'grey';
}

/** What nodes that know their county are set up with. */
export interface CountyDef extends NodeDef {
  readonly county: string;
}

export type CountyNode = Node & {
  /** @throws LantianError */
  known(): Known;
};

/** The text of anything thrown, with every mistake of a file. */
export const wordsOf = (thrown: unknown): string =>
  [reasonOf(thrown), ...(thrown instanceof LantianError ? thrown.details : [])].join('\n');

/**
 * What the county node of a node knows.
 * @throws Error where none was chosen, or the one that was chosen could not read its files
 */
export const knownTo = (RED: NodeAPI, { county }: CountyDef): Known => {
  const node = RED.nodes.getNode(county) as CountyNode | null;
  if (!node) throw new Error('县域未选择 no county is chosen: set the county of this node');
  return node.known();
};

const brief = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);

/** Status is for a glance: the first line, shortened. */
const statusOf = (text: string, fill: NonNullable<Outcome['fill']>): NodeStatus => ({
  fill,
  shape: fill === 'red' ? 'ring' : 'dot',
  text: brief(text.split('\n')[0] ?? ''),
});

/** Take a node's messages. What `work` throws is told to Catch nodes by `done`, and the node goes on with the next. */
export const onMessage = (node: Node, work: (message: Message) => Outcome): void => {
  node.on('input', (message, send, done) => {
    try {
      const { out, status, fill = 'green' } = work(message as Message);
      node.status(statusOf(status, fill));
      if (out.some((one) => one !== null)) send(out as (Message | null)[]);
      done();
    } catch (thrown) {
      const words = wordsOf(thrown);
      node.status(statusOf(words, 'red'));
      done(new Error(words, { cause: thrown }));
    }
  });
};
