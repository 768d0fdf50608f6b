import { join } from 'node:path';
import type { Node, NodeAPI } from 'node-red';
import { type CountyDef, knownTo, type Message, wordsOf } from './lib/node.ts';
import { createNotifying, type Notifying } from './lib/notifying.ts';

interface Definition extends CountyDef {
  /** File of rules; empty: LANTIAN_NOTIFY_FILE. */
  readonly file: string;
}

const TICK = 1000;

/** Signals, answers of channels and what people ask in; messages for each type of channel, problems and answers out. */
export default (RED: NodeAPI): void => {
  function LantianNotify(this: Node, definition: Definition) {
    RED.nodes.createNode(this, definition);
    let notifying: Notifying | undefined;
    const open = (): Notifying =>
      createNotifying({
        file: definition.file || process.env['LANTIAN_NOTIFY_FILE'] || '',
        state: join(RED.settings.userDir ?? '.', `lantian-notify-${this.id}.json`),
        known: () => knownTo(RED, definition),
        env: process.env,
        now: Date.now,
        send: (outputs) => this.send(outputs as Message[]),
        status: (status) => this.status(status),
        warn: (text) => this.warn(text),
      });
    try {
      notifying = open();
    } catch (thrown) {
      this.status({ fill: 'red', shape: 'ring', text: '规则有误 rules' });
      this.error(wordsOf(thrown));
    }
    const timer = setInterval(() => notifying?.tick(), TICK);
    this.on('close', () => clearInterval(timer));
    this.on('input', (message, _send, done) => {
      try {
        if (notifying === undefined) throw new Error('通知规则有误，未发送 the rules have mistakes, nothing is sent');
        notifying.take(message as Message);
        done();
      } catch (thrown) {
        done(new Error(wordsOf(thrown), { cause: thrown }));
      }
    });
  }
  RED.nodes.registerType('lantian-notify', LantianNotify);
};
