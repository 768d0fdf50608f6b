import type { Node, NodeAPI } from 'node-red';
import type { Signal } from '../../src/core/types.ts';
import { shownOf } from '../../src/publish/notify/words.ts';
import { type CountyDef, knownTo, onMessage } from './lib/node.ts';

const signalsIn = (payload: unknown): readonly Signal[] => {
  const found: unknown =
    typeof payload === 'string' || Buffer.isBuffer(payload) ? JSON.parse(payload.toString()) : payload;
  const all = Array.isArray(found) ? found : [found];
  if (all.every((one) => typeof one?.id === 'string' && Array.isArray(one.evidence))) return all as Signal[];
  throw new RangeError('payload: 须为信号或信号数组 a signal, or an array of signals');
};

/** Signals in, the same with `words` out: how they stand, where, and why, as people read it. */
export default (RED: NodeAPI): void => {
  function LantianWords(this: Node, definition: CountyDef) {
    RED.nodes.createNode(this, definition);
    onMessage(this, (message) => {
      const { catalog } = knownTo(RED, definition);
      const payload = signalsIn(message.payload).map((signal) => ({ ...signal, words: shownOf(signal, catalog) }));
      return { out: [{ ...message, payload }], status: `${payload.length}` };
    });
  }
  RED.nodes.registerType('lantian-words', LantianWords);
};
