import type { Node, NodeAPI } from 'node-red';
import { type CountyDef, knownTo, type Outcome, onMessage } from './lib/node.ts';
import { type Arrived, arrivedIn, type Memory, type Taken, take, titleOf, type Wanted } from './lib/signal.ts';

interface Definition extends CountyDef {
  readonly kinds: string;
  readonly least: string;
  readonly states: string;
  readonly subjects: string;
  readonly townships: string;
}

const MEMORY = 'heard';

const listIn = (text: string | undefined): string[] => (text ?? '').split(/[\s,;，；、]+/).filter((one) => one !== '');

const wantedOf = (definition: Definition): Wanted => ({
  kinds: listIn(definition.kinds),
  least: Number(definition.least) || 0,
  states: listIn(definition.states),
  subjects: listIn(definition.subjects),
  townships: listIn(definition.townships),
});

const WHY = { repeated: '重复 repeated', other: '非所选 not chosen', below: '级别不够 below the level' } as const;

const outcomeOf = (
  message: Parameters<Parameters<typeof onMessage>[1]>[0],
  arrived: Arrived,
  taken: Taken,
): Outcome => {
  const title = titleOf(arrived);
  if (!taken.goes) return { out: [null], status: `${WHY[taken.because ?? 'other']}: ${title}`, fill: 'grey' };
  const { topic } = arrived;
  const payload = 'signal' in arrived ? arrived.signal : arrived;
  return { out: [{ ...message, topic, payload, title }], status: title };
};

/** Signals in, those that are wanted and new out. */
export default (RED: NodeAPI): void => {
  function LantianSignal(this: Node, definition: Definition) {
    RED.nodes.createNode(this, definition);
    const wanted = wantedOf(definition);
    onMessage(this, (message) => {
      const arrived = arrivedIn(message.topic, message.payload);
      const memory = (this.context().get(MEMORY) ?? {}) as Memory;
      const taken = take(arrived, wanted, memory, knownTo(RED, definition).catalog);
      this.context().set(MEMORY, taken.memory);
      return outcomeOf(message, arrived, taken);
    });
  }
  RED.nodes.registerType('lantian-signal', LantianSignal);
};
