import { join } from 'node:path';
import type { Node, NodeAPI } from 'node-red';
import { type CountyDef, knownTo, type Message, wordsOf } from './lib/node.ts';
import { createNotifying, type Notifying } from './lib/notifying.ts';

interface Definition extends CountyDef {
  /** File of rules; empty: LANTIAN_NOTIFY_FILE. */
  readonly file: string;
}

const TICK = 1000;

/** Whoever asks by HTTP is answered also where the rules cannot be used. */
const unready = (message: Message, thrown: unknown): (Message | null)[] => {
  const payload = { error: 'undecided', message: wordsOf(thrown), message_zh: `通知未就绪：${wordsOf(thrown)}` };
  return [...Array(7).fill(null), { ...message, statusCode: 503, payload, headers: {} }];
};

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
    const ready = (): Notifying => {
      try {
        notifying ??= open();
        return notifying;
      } catch (thrown) {
        this.status({ fill: 'red', shape: 'ring', text: '规则有误 rules' });
        throw thrown;
      }
    };
    try {
      ready();
    } catch (thrown) {
      this.error(wordsOf(thrown));
    }
    const timer = setInterval(() => notifying?.tick(), TICK);
    this.on('close', () => clearInterval(timer));
    this.on('input', (message, _send, done) => {
      try {
        ready().take(message as Message);
        done();
      } catch (thrown) {
        if ('res' in message) this.send(unready(message as Message, thrown) as Message[]);
        done(new Error(wordsOf(thrown), { cause: thrown }));
      }
    });
  }
  RED.nodes.registerType('lantian-notify', LantianNotify);
};
