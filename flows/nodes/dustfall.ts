import type { Node, NodeAPI } from 'node-red';
import { briefOf, dustfallWords } from './lib/dustfall.ts';
import { type CountyDef, knownTo, onMessage } from './lib/node.ts';

/** A weighing in, dustfall out. */
export default (RED: NodeAPI): void => {
  function LantianDustfall(this: Node, definition: CountyDef) {
    RED.nodes.createNode(this, definition);
    onMessage(this, (message) => {
      const payload = dustfallWords(message.payload, knownTo(RED, definition).settings);
      const fill = payload.above || payload.marks.length > 0 ? 'yellow' : 'green';
      return { out: [{ ...message, payload }], status: briefOf(payload), fill };
    });
  }
  RED.nodes.registerType('lantian-dustfall', LantianDustfall);
};
