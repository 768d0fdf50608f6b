import type { Node, NodeAPI } from 'node-red';
import { aqiOf, briefOf } from './lib/aqi.ts';
import { type CountyDef, knownTo, onMessage } from './lib/node.ts';

interface Definition extends CountyDef {
  readonly period: 'hour' | 'day';
}

/** Concentrations in, AQI out. */
export default (RED: NodeAPI): void => {
  function LantianAqi(this: Node, definition: Definition) {
    RED.nodes.createNode(this, definition);
    onMessage(this, (message) => {
      const payload = aqiOf(message.payload, definition.period, knownTo(RED, definition).settings, Date.now());
      return {
        out: [{ ...message, payload }],
        status: briefOf(payload),
        fill: payload.aqi === null ? 'yellow' : 'green',
      };
    });
  }
  RED.nodes.registerType('lantian-aqi', LantianAqi);
};
