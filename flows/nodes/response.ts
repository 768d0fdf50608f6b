import type { Node, NodeAPI } from 'node-red';
import { type CountyDef, knownTo, type Message, type Outcome, onMessage } from './lib/node.ts';
import { HAZARD_NAMES, type ResponseWords, responsesOf } from './lib/response.ts';

interface Definition extends CountyDef {
  /** Empty: all, as a list. */
  readonly hazard: string;
}

const briefOf = (all: readonly ResponseWords[]): string => {
  const up = all.filter(({ level }) => level !== null);
  return up.length === 0 ? '无 none' : up.map(({ level, title }) => `${level} ${title.zh} ${title.en}`).join('; ');
};

const outcomeOf = (message: Message, time: string, all: readonly ResponseWords[], one: boolean): Outcome => {
  const payload = one ? { time, ...all[0] } : all.map((response) => ({ time, ...response }));
  const fill = all.some(({ lacking }) => lacking.length > 0) ? 'yellow' : 'green';
  return { out: [{ ...message, payload }], status: briefOf(all), fill };
};

/** Figures and forecasts of townships in, the level of the county's weather plan out. */
export default (RED: NodeAPI): void => {
  function LantianResponse(this: Node, definition: Definition) {
    RED.nodes.createNode(this, definition);
    const { hazard } = definition;
    onMessage(this, (message) => {
      const hazards = hazard === '' ? HAZARD_NAMES : [hazard];
      if (!hazards.every((one) => HAZARD_NAMES.includes(one)))
        throw new RangeError(`hazard: ${hazard} 不是 is none of ${HAZARD_NAMES.join(' ')}`);
      const { time, responses } = responsesOf(message.payload, hazards, knownTo(RED, definition), Date.now());
      return outcomeOf(message, time, responses, hazard !== '');
    });
  }
  RED.nodes.registerType('lantian-response', LantianResponse);
};
