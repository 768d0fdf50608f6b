import type { Node, NodeAPI, NodeDef } from 'node-red';
import { newMessage } from './lib/message.ts';
import type { Message } from './lib/node.ts';
import { type CounterState, countRain } from './lib/rain-counter.ts';
import { BadLine, readWeatherLine } from './lib/weather-line.ts';

interface Definition extends NodeDef {
  /** Station of the catalog that the lines are of. */
  readonly station: string;
}

/**
 * A weather station's ASCII line in. Outputs: its values as readings of the feed `weather`; what is wrong with a line. Where the rain
 * counter of each address stood is kept in the node's context, over restarts.
 */
export default (RED: NodeAPI): void => {
  function LantianWeatherLine(this: Node, definition: Definition) {
    RED.nodes.createNode(this, definition);
    const { station } = definition;
    const counted = (text: string): Message[] => {
      const line = readWeatherLine(text);
      const name = `counter-${line.address}`;
      const before = this.context().get(name) as CounterState | undefined;
      const { payloads, state } = countRain(line, before, Date.now());
      this.context().set(name, state);
      return payloads.map((payload) => newMessage({ feed: 'weather', station, payload }));
    };
    this.on('input', ({ payload }, send, done) => {
      const text = String(payload);
      // A line's end may come as two characters, and leaves an empty line between two.
      if (text.trim() === '') return done();
      try {
        send([counted(text), null] as never);
        this.status({ fill: 'green', shape: 'dot', text: text.trim().slice(0, 60) });
      } catch (thrown) {
        if (!(thrown instanceof BadLine)) return done(thrown as Error);
        const problem = { reason: 'bad-line', detail: thrown.message };
        send([null, newMessage({ feed: 'weather', station, payload: problem })]);
        this.status({ fill: 'red', shape: 'ring', text: thrown.message.slice(0, 60) });
      }
      done();
    });
  }
  RED.nodes.registerType('lantian-weather-line', LantianWeatherLine);
};
