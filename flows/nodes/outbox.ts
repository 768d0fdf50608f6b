import { resolve } from 'node:path';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { reasonOf } from '../../src/core/errors.ts';
import { openDatabase } from '../../src/core/sqlite.ts';
import { newMessage } from './lib/message.ts';
import type { Message } from './lib/node.ts';
import { createOutbox, OutboxFull, type Outgoing } from './lib/outbox.ts';
import { createSender, type Sending, type Waiting } from './lib/sender.ts';

interface Definition extends NodeDef {
  /** Empty: lantian-outbox.db among Node-RED's files. */
  readonly file: string;
  /** Messages that may wait. */
  readonly most: string;
  /** How long an acknowledgement is waited for, s. */
  readonly patience: string;
}

/** Messages under way to the broker, at most. */
const WINDOW = 100;
const TICK = 1000;

/** What a message wants published: `messages`, or itself. */
const outgoingOf = (message: Message): Outgoing[] => {
  const given = Array.isArray(message['messages']) ? (message['messages'] as Outgoing[]) : [message as Outgoing];
  return given.map(({ topic, payload }) => {
    if (typeof topic !== 'string' || topic === '' || typeof payload !== 'string')
      throw new Error('缺主题或内容不是文本 a message for the outbox needs a topic and a text as its payload');
    return { topic, payload };
  });
};

/**
 * Keeps messages on disk until the broker has acknowledged them. Outputs: to be published; kept (the message as it came); not kept.
 * What a Complete node tells of `mqtt out` comes back in and is the acknowledgement.
 */
export default (RED: NodeAPI): void => {
  function LantianOutbox(this: Node, definition: Definition) {
    RED.nodes.createNode(this, definition);
    const folder = RED.settings.userDir ?? '.';
    const file = resolve(folder, definition.file || 'lantian-outbox.db');
    const damaged = (aside: string, why: string): void =>
      this.error(`待发库损坏，已移到 ${aside} the outbox is damaged and was set aside: ${why}`);
    const outbox = createOutbox(openDatabase(file, damaged), Number(definition.most) || 100_000);
    const send = ({ topic, payload }: Waiting, sending: Sending): void =>
      this.send([newMessage({ topic, payload, qos: 1, retain: false, outbox: sending }), null, null]);
    const patience = (Number(definition.patience) || 5) * 1000;
    const sender = createSender({ queue: outbox, send, window: WINDOW, patience, now: Date.now });
    const show = (): void => {
      const text = `待发 waiting ${outbox.size}`;
      this.status({ fill: sender.silent ? 'red' : outbox.size > WINDOW ? 'yellow' : 'green', shape: 'dot', text });
    };
    const keep = (message: Message): (Message | null)[] => {
      try {
        outbox.put(outgoingOf(message));
        return [null, message, null];
      } catch (thrown) {
        const reason = thrown instanceof OutboxFull ? 'outbox-full' : 'outbox-failed';
        return [null, null, { ...message, refused: { reason, detail: reasonOf(thrown) } }];
      }
    };
    this.on('input', (given, output, done) => {
      const message = given as Message;
      if (message['outbox'] === undefined) output(keep(message));
      else sender.acknowledged(message['outbox'] as Sending);
      sender.more();
      done();
    });
    const timer = setInterval(() => {
      sender.tick();
      sender.more();
      show();
    }, TICK);
    this.on('close', () => {
      clearInterval(timer);
      outbox.close();
    });
  }
  RED.nodes.registerType('lantian-outbox', LantianOutbox);
};
