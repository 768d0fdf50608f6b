import type { Node, NodeAPI } from 'node-red';
import type { WaterBody } from '../../src/standards/gb3838-2002.ts';
import type { Known } from './lib/county.ts';
import { type CountyDef, knownTo, type Message, onMessage } from './lib/node.ts';
import { briefOf, waterOf } from './lib/water.ts';

interface Definition extends CountyDef {
  /** Empty: the section's in the catalog, else a river. */
  readonly body: WaterBody | '';
}

const bodyOf = ({ body }: Definition, { station }: Message, { catalog }: Known): WaterBody =>
  body || (typeof station === 'string' ? catalog.stations.get(station)?.waterBody : undefined) || 'river';

/** Items of a water sample in, class out. */
export default (RED: NodeAPI): void => {
  function LantianWater(this: Node, definition: Definition) {
    RED.nodes.createNode(this, definition);
    onMessage(this, (message) => {
      const known = knownTo(RED, definition);
      const payload = waterOf(message.payload, bodyOf(definition, message, known), known.settings);
      return { out: [{ ...message, payload }], status: briefOf(payload), fill: payload.remark ? 'yellow' : 'green' };
    });
  }
  RED.nodes.registerType('lantian-water', LantianWater);
};
