import type { Node, NodeAPI, NodeDef } from 'node-red';
import * as levels from '../../src/standards/aqi-levels.ts';
export default (RED: NodeAPI): void => {
  function Aqi(this: Node, definition: NodeDef) {
    RED.nodes.createNode(this, definition);
    this.on('input', (message, send, done) => {
      send({ ...message, payload: Object.keys(levels).length });
      done();
    });
  }
  RED.nodes.registerType('lantian-aqi', Aqi);
};
