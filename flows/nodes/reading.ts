import type { Node, NodeAPI } from 'node-red';
import { type CountyDef, knownTo, type Message, type Outcome, onMessage } from './lib/node.ts';
import { namedIn, readingOf, type Wrong } from './lib/reading.ts';

interface Definition extends CountyDef {
  /** Empty: msg.feed, else the topic's. */
  readonly feed: string;
  /** Empty: msg.station, else the topic's. */
  readonly station: string;
}

const textOf = (...given: unknown[]): string =>
  given.find((one): one is string => typeof one === 'string' && one !== '') ?? '';

const wrongOf = (message: Message, wrong: Wrong): Outcome => {
  const { topic, ...payload } = wrong;
  return { out: [null, { ...message, topic, payload }], status: `${wrong.reason} ${wrong.words}`, fill: 'red' };
};

/** A measurement in, a message for the broker out; on the second output what is wrong with it. */
export default (RED: NodeAPI): void => {
  function LantianReading(this: Node, definition: Definition) {
    RED.nodes.createNode(this, definition);
    const wired = (definition as { wires?: readonly (readonly string[])[] }).wires ?? [];
    onMessage(this, (message) => {
      const named = namedIn(message.topic);
      const feed = textOf(definition.feed, message['feed'], named.feed);
      const station = textOf(definition.station, message['station'], named.station);
      const found = readingOf({ feed, station, payload: message.payload }, knownTo(RED, definition), Date.now());
      if (!('reason' in found))
        return { out: [{ ...message, ...found, qos: 1, retain: false }, null], status: `${feed} ${station}` };
      // Nobody listens on the second output: it must not vanish.
      if (!wired[1]?.length) throw new Error(`${found.topic}: ${found.reason} ${found.words}: ${found.detail}`);
      return wrongOf(message, found);
    });
  }
  RED.nodes.registerType('lantian-reading', LantianReading);
};
